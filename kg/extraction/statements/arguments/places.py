"""A relation looked at in its clause, and whoever may play a part in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.spans import Span
from kg.extraction.statements.arguments.survey import Survey
from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.linear import Scores
from kg.model import Predicate, Stance


class Candidate(NamedTuple):
    """Something that may play a part: its names (several are joint), where it stands, and why it is thought of."""

    names: tuple[Named, ...]
    clause: int
    origins: list[str]


@dataclass(frozen=True, slots=True)
class GrammarWords:
    """Words that say who does it: those before a doer, those before what is never one, and those that make another one the doer.

    `receipts` are those of the last by which the first gets what the other one gives (获得), `begins` and `ends` words that no name
    begins or ends with, `pairs` those for the two named last.
    """

    markers: frozenset[str]
    prepositions: frozenset[str]
    shifts: frozenset[str]
    receipts: frozenset[str]
    begins: frozenset[str]
    ends: frozenset[str]
    pairs: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where the parts of a relation are looked for.

    `anchor` is where the relation's cue stands; the leanings are how much each word looks like a subject or an object;
    `cues` where the relation's cues stand, and `word` the last of them.
    """

    survey: Survey
    clause: ClauseContext
    predicate: Predicate
    stance: Stance
    spans: Sequence[Span]
    anchor: int
    leanings: Scores
    object_leanings: Scores
    pronouns: Mapping[str, str]
    grammar: GrammarWords
    cues: Sequence[tuple[int, int]]
    word: str


def pronoun(clause: ClauseContext, pronouns: Mapping[str, str]) -> str:
    """Return what kind of thing the first pronoun of what is said refers to, `-` without one."""
    for token in clause.tokens:
        if token.start >= clause.attribution.content and (refers := pronouns.get(token.text)):
            return refers
    return "-"
