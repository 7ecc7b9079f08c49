"""How well a name fits a name: by what it was found, how much of it, and what a score is made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import log10

from rapidfuzz import fuzz

from api.reconciliation.messages import Feature
from kg.folding import fold
from kg.graph.names import Reason
from kg.lexicon import Lexicon
from kg.pinyin import spelling, squeezed


class Basis(StrEnum):
    """What beside a search finds an entity: names that are not sought as they stand."""

    SHORT_FORM = "short_form"
    SHORTENED = "shortened"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Weight:
    """The score of a match of the whole name is `least` and `more`; of a part of it, as much of `more` as the part is."""

    least: float
    more: float
    meaning: str


WEIGHTS: dict[Reason | Basis, Weight] = {
    Reason.NAME: Weight(100, 0, "the name sought is the entity's own"),
    Reason.ALIAS: Weight(96, 0, "a document calls the entity so"),
    Reason.LEXICON: Weight(92, 0, "the lexicon has this name for the entity"),
    Basis.SHORT_FORM: Weight(88, 0, "the same without the legal form (有限公司 and the like) and the place in brackets"),
    Reason.PINYIN: Weight(80, 0, "a name is spelled so in pinyin"),
    Reason.PREFIX: Weight(45, 40, "a name begins with what is sought"),
    Basis.SHORTENED: Weight(40, 40, "what is sought begins with a name"),
    Basis.SIMILAR: Weight(0, 75, "a name differs in few characters"),
    Reason.INITIALS: Weight(55, 0, "the syllables of a name begin so"),
    Reason.PINYIN_PREFIX: Weight(35, 30, "the spelling of a name begins so"),
    Reason.INNER: Weight(25, 40, "a name holds what is sought"),
}
_SPELLED = frozenset({Reason.PINYIN, Reason.PINYIN_PREFIX, Reason.INITIALS})
CERTAIN = frozenset({Reason.NAME, Reason.ALIAS, Reason.LEXICON, Basis.SHORT_FORM})
OTHER_FEATURES = {
    "similarity": "how alike the two names are, from 0 to 1",
    "coverage": "how much of the longer name the shorter is, from 0 to 1",
    "popularity": "the decimal logarithm of one more than the statements that speak of the entity; the score leaves it out",
    "unique": "no other entity was found as well as this",
    "type": "the entity is of a type that was asked for; one that is not has 0.6 of its score",
    "property": "the entity has one of the values that were asked for; all such properties together make 30 in 100 of the score",
}
_WRONG_TYPE = 0.6
_PROPERTIES = 0.3


@dataclass(frozen=True, slots=True)
class Fit:
    """A name of an entity that what is sought fits, and why."""

    entity: str
    name: str
    basis: Reason | Basis
    similarity: float
    coverage: float

    @property
    def score(self) -> float:
        """How well, from 0 to 100."""
        weight = WEIGHTS[self.basis]
        part = self.similarity if self.basis is Basis.SIMILAR else self.coverage
        return weight.least + weight.more * part

    @property
    def features(self) -> list[Feature]:
        """What the score is made of."""
        return [
            Feature(id=self.basis.value, value=True),
            Feature(id="similarity", value=round(self.similarity, 3)),
            Feature(id="coverage", value=round(self.coverage, 3)),
        ]


def fit(sought: str, entity: str, name: str, basis: Reason | Basis) -> Fit:
    """Return how what is sought fits a name that was found for it.

    >>> [fit(sought, "安屿科技", "安屿科技", Basis.SHORTENED).score for sought in ("安屿科技有限公司", "安屿科技云")]
    [88.0, 72.0]
    """
    ours, theirs = compared(sought), compared(name)
    if basis in _SPELLED and (spelled := spelling(name)):
        ours, theirs = squeezed(ours), spelled.initials if basis is Reason.INITIALS else spelled.whole
    if basis not in CERTAIN and not short_forms(sought).isdisjoint(short_forms(name)):
        basis = Basis.SHORT_FORM
    coverage = min(len(ours), len(theirs)) / max(len(ours), len(theirs), 1)
    return Fit(entity, name, basis, fuzz.ratio(ours, theirs) / 100, coverage)


def total(name: float | None, types: bool | None, properties: Sequence[bool]) -> float:
    """Return the score from 0 to 100: of the name, of the properties asked for, and lowered where the type is another.

    >>> total(100, None, []), total(100, None, [True, False]), total(None, False, [True])
    (100, 85.0, 60.0)
    """
    held = 100 * sum(properties) / len(properties) if properties else None
    score = held or 0.0
    if name is not None:
        score = name if held is None else name * (1 - _PROPERTIES) + held * _PROPERTIES
    return score * _WRONG_TYPE if types is False else score


def popularity(statements: int) -> float:
    """Return the feature of an entity that so many statements speak of.

    >>> popularity(99)
    2.0
    """
    return round(log10(1 + statements), 3)


def compared(name: str) -> str:
    """Return a name as it is compared: simplified, half-width, small letters."""
    return " ".join(fold(name).casefold().split())


def short_forms(name: str) -> frozenset[str]:
    """Return a name, without places in brackets, with and without what may be its legal form.

    >>> sorted(short_forms("安嶼集团（上海）有限公司")), sorted(short_forms("公司"))
    (['安屿', '安屿集团', '安屿集团有限'], ['公司'])
    """
    bare = _BRACKETS.sub("", compared(name))
    forms = {bare.removesuffix(ending) for ending in _endings() if len(bare) > len(ending) + 1 and bare.endswith(ending)}
    return frozenset(forms or {bare})


def beginnings(name: str) -> Iterable[str]:
    """Yield what a name begins with, the longest first: whole words in letters, else at least two characters.

    >>> list(beginnings("华为技术")), list(beginnings("Huawei Technologies Co"))
    (['华为技', '华为'], ['Huawei Technologies', 'Huawei'])
    """
    for end in range(len(name) - 1, 1, -1):
        beginning = name[:end].rstrip()
        if len(beginning) == end and not (name[end - 1 : end + 1].isascii() and name[end - 1 : end + 1].isalnum()):
            yield beginning


_BRACKETS = re.compile(r"\([^()]{1,12}\)")


@cache
def _endings() -> frozenset[str]:
    rows = Lexicon().table("org_suffixes")
    return frozenset(row["suffix"].casefold() for row in rows if row["kind"] == "company" and row["form"] in {"formal", "legal"})
