"""A relation looked at in its clause, what was told before it, and whoever may play a part in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.extraction.statements.arguments.facts import Facts
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.spans import Span
from kg.extraction.statements.context import ClauseContext, Context
from kg.model import Predicate, Stance


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may play a part: its names (several are joint), where it stands, and why it is thought of."""

    names: tuple[Named, ...]
    clause: int
    origins: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """A statement before: in which clause, of which relation, about whom and what, and how sure (0 to 3) the subject is."""

    clause: int
    predicate: Predicate
    subjects: tuple[Named, ...]
    objects: tuple[Named, ...]
    sure: int


@dataclass(frozen=True, slots=True)
class Past:
    """The statements before, latest last."""

    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parts of a relation are looked for.

    `anchor` is where the relation's cue stands; the leanings are how much each word looks like a subject or an object;
    `markers` are the words before a doer, `cues` where the relation's cues stand, and `word` the last of them.
    """

    context: Context
    facts: Facts
    clause: ClauseContext
    predicate: Predicate
    stance: Stance
    spans: Sequence[Span]
    anchor: int
    leanings: Sequence[float]
    object_leanings: Sequence[float]
    pronouns: Mapping[str, str]
    markers: frozenset[str]
    cues: Sequence[tuple[int, int]]
    word: str


def remember(past: Past, place: Place, parts: tuple[Candidate, Candidate], sure: int = 3) -> None:
    """Note whom and what a statement was about, for those after it."""
    whom, what = parts
    past.told.append(Told(place.clause.number, place.predicate, whom.names, what.names, sure))


def gather_candidates(place: Place, proposals: Iterable[tuple[tuple[Named, ...], str, int]]) -> list[Candidate]:
    """Return each proposal once, with everything that speaks for it; pronouns are left out, nobody is the last."""
    found: dict[tuple[str, ...], Candidate] = {}
    for names, origin, clause in proposals:
        key = tuple(name.name for name in names)
        if key in found:
            found[key].origins.append(origin)
        elif key and all(key) and not any(name in place.pronouns for name in key):
            found[key] = Candidate(names, clause, [origin])
    found[()] = Candidate((), place.clause.number, ["nobody"])
    return list(found.values())


def words_of(clause: ClauseContext, name: Named) -> list[int]:
    """Return the numbers of the words of a clause that a name consists of."""
    return [number for number, token in enumerate(clause.tokens) if token.start < name.end and name.start < token.end]


def pronoun(clause: ClauseContext, pronouns: Mapping[str, str]) -> str:
    """Return what kind of thing the first pronoun of what is said refers to, `-` without one."""
    for token in clause.tokens:
        if token.start >= clause.attribution.content and (refers := pronouns.get(token.text)):
            return refers
    return "-"
