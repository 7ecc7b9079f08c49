"""Pairs of entities that may be one: of one spelling, one alias, or one the short form of the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.extraction.aliases import short_forms
from kg.folding import fold
from kg.graph.records import EntityRecord
from kg.judgements import Judgements
from kg.lexicon import Lexicon
from kg.model import Kind

_ORGANISED = frozenset((Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT, Kind.STATE))
_MADE = frozenset((Kind.PRODUCT, Kind.TECHNOLOGY, Kind.CONCEPT))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entities, the one more spoken of first, and why they may be one."""

    first: str
    second: str
    reason: str


def proposals(entities: Sequence[EntityRecord], judged: Judgements, lexicon: Lexicon | None = None) -> list[Proposal]:
    """Return the pairs that may be one entity, those most spoken of first; none that was judged different."""
    lexicon = lexicon or Lexicon()
    order = {entity.name: (-entity.statements, entity.name) for entity in entities}
    kinds = {entity.name: entity.kind for entity in entities}
    reasons: dict[tuple[str, str], str] = {}
    for names, reason in _alike(entities, lexicon):
        for pair in combinations(sorted(names, key=order.__getitem__), 2):
            if _compatible(kinds[pair[0]], kinds[pair[1]]) and not judged.differ(*pair):
                reasons.setdefault(pair, reason)
    found = [Proposal(*pair, reason) for pair, reason in reasons.items()]
    return sorted(found, key=lambda pair: (order[pair.first], order[pair.second]))


def _alike(entities: Iterable[EntityRecord], lexicon: Lexicon) -> Iterator[tuple[set[str], str]]:
    """Yield sets of entities that share something, with what it is."""
    spelt: dict[str, set[str]] = defaultdict(set)
    called: dict[str, set[str]] = defaultdict(set)
    english = {row["canonical"]: row["en"] for row in lexicon.table("names") if row["en"]}
    for entity in entities:
        spelt[_spelling(entity.name)].add(entity.name)
        for alias in {entity.name, *entity.aliases, english.get(entity.name, entity.name)}:
            called[_spelling(alias)].add(entity.name)
    yield from ((names, "one spelling") for names in spelt.values() if len(names) > 1)
    yield from ((names, f"both are called {form}") for form, names in called.items() if len(names) > 1)
    for entity in entities:
        if entity.kind in _ORGANISED:
            for form in short_forms(fold(entity.name), lexicon):
                for other in spelt.get(_spelling(form), ()):
                    yield {entity.name, other}, f"{other} is short for {entity.name}"


def _spelling(name: str) -> str:
    """Return a name without what writers vary: script, width, capitals, blanks and marks.

    >>> _spelling("檀嶼電訊") == _spelling("檀屿电讯"), _spelling("Harmony-OS") == _spelling("HarmonyOS")
    (True, True)
    """
    return "".join(char for char in fold(name).casefold() if char.isalnum())


def _compatible(first: Kind, second: Kind) -> bool:
    return first is second or {first, second} <= _ORGANISED or {first, second} <= _MADE
