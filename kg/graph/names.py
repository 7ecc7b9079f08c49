"""All names of all entities, to be searched: as written, by pinyin and its initials, by beginning and by inner part, with the reason.

Beside what documents call an entity stand the names that the lexicon has for it, so that `harmonyos` finds 鸿蒙 also where no document
says HarmonyOS. Nothing here asks the store: an index is made of its labels, and of new ones after each change.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from kg.folding import fold
from kg.pinyin import spelling, squeezed


class Reason(StrEnum):
    """Why a search found an entity; an earlier one ranks higher."""

    NAME = "name"  # its canonical name is the text
    ALIAS = "alias"  # a document calls it so
    LEXICON = "lexicon"  # the lexicon has this name for it
    PINYIN = "pinyin"  # a name is spelled so
    INITIALS = "initials"  # the syllables of a name begin so
    PREFIX = "prefix"  # a name begins with the text
    PINYIN_PREFIX = "pinyin_prefix"  # the spelling of a name begins with it
    INNER = "inner"  # a name holds the text


_WEIGHTS: Mapping[Reason, float] = {
    Reason.NAME: 1.0,
    Reason.ALIAS: 0.95,
    Reason.LEXICON: 0.9,
    Reason.PINYIN: 0.8,
    Reason.INITIALS: 0.7,
    Reason.PREFIX: 0.6,
    Reason.PINYIN_PREFIX: 0.5,
    Reason.INNER: 0.3,
}
_ORDER = {reason: rank for rank, reason in enumerate(Reason)}
_SHORTEST_PINYIN = 2  # letters: one letter begins too many spellings to say anything


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one entity, which goes by `entity`, and where the name is from: NAME, ALIAS or LEXICON."""

    entity: str
    text: str
    origin: Reason


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that was found: by which of its names, why, and how well, from 0 to 1."""

    entity: str
    name: str
    reason: Reason

    @property
    def score(self) -> float:
        """How well the text fits; a match of the whole name, and of the reason above, is worth more."""
        return _WEIGHTS[self.reason]

    @property
    def rank(self) -> tuple[int, int, str]:
        """Sort by reason, then short names first, then by the entity's name."""
        return _ORDER[self.reason], len(self.name), self.entity


@dataclass(frozen=True)
class Names:
    """An index of names; made once for a state of the store, never changed."""

    names: Sequence[Name]
    _exact: dict[str, list[Name]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the names by how they are compared."""
        for name in self.names:
            self._exact.setdefault(compared(name.text), []).append(name)

    @classmethod
    def of(cls, labels: Iterable[tuple[str, str]], lexicon: Iterable[Mapping[str, str]] = ()) -> "Names":
        """Return the index of labels, pairs of an entity and one of its names, with the lexicon's other names for these entities."""
        names = {(entity, text): Name(entity, text, Reason.NAME if text == entity else Reason.ALIAS) for entity, text in labels}
        canonical: dict[str, set[str]] = {}
        known: dict[str, set[str]] = {}
        for row in lexicon:
            canonical.setdefault(row["name"], set()).add(row["canonical"])
            known.setdefault(row["canonical"], set()).update(text for text in (row["name"], row["en"], row["canonical"]) if text)
        for entity in {entity for entity, _ in names}:
            for meant in {entity, *canonical.get(entity, ())}:
                for text in known.get(meant, ()):
                    names.setdefault((entity, text), Name(entity, text, Reason.LEXICON))
        return cls(sorted(names.values(), key=lambda name: (name.entity, name.text)))

    @cached_property
    def entities(self) -> list[str]:
        """The names that entities go by, sorted by code point."""
        return sorted({name.entity for name in self.names})

    def called(self, text: str, *, lexicon: bool = True) -> list[str]:
        """Return the entities that go by a name, in whatever capitals, width or script.

        Those that only the lexicon calls so are returned where no document calls any so.

        >>> Names.of([("鸿蒙", "鸿蒙"), ("鸿蒙", "HarmonyOS")]).called("ＨarmonyOS")
        ['鸿蒙']
        """
        found = self._exact.get(compared(text), [])
        own = sorted({name.entity for name in found if name.origin is not Reason.LEXICON})
        return own or (sorted({name.entity for name in found}) if lexicon else [])

    def search(self, text: str) -> list[Match]:
        """Return the entities that a text may mean, each once by its best match, best first.

        >>> [(match.entity, match.reason.value) for match in Names.of([("鸿蒙", "鸿蒙"), ("华为云", "华为云")]).search("hm")]
        [('鸿蒙', 'initials')]
        """
        sought = compared(text)
        if not sought:
            return []
        best: dict[str, Match] = {}
        for match in self._matches(sought):
            if match.entity not in best or match.rank < best[match.entity].rank:
                best[match.entity] = match
        return sorted(best.values(), key=lambda match: match.rank)

    def _matches(self, sought: str) -> Iterator[Match]:
        for name in self._exact.get(sought, ()):
            yield Match(name.entity, name.text, name.origin)
        for name in _inside(self._keys, self._by_key, sought):
            yield Match(name.entity, name.text, Reason.PREFIX if compared(name.text).startswith(sought) else Reason.INNER)
        letters = squeezed(sought)
        if len(letters) < _SHORTEST_PINYIN or not letters.isascii():
            return
        for spelled, name in _beginning(self._spelled, letters):
            yield Match(name.entity, name.text, Reason.PINYIN if spelled == letters else Reason.PINYIN_PREFIX)
        for spelled, name in _beginning(self._initials, letters):
            if spelled == letters:
                yield Match(name.entity, name.text, Reason.INITIALS)

    @cached_property
    def _by_key(self) -> list[Name]:
        return [name for names in self._exact.values() for name in names]

    @cached_property
    def _keys(self) -> str:
        """All names one a line, in the order of `_by_key`."""
        return "\n" + "\n".join(compared(name.text) for name in self._by_key) + "\n"

    @cached_property
    def _spelled(self) -> list[tuple[str, Name]]:
        spelled = ((spelling(name.text), name) for name in self._by_key)
        return sorted(((one.whole, name) for one, name in spelled if one), key=_spelled_then_named)

    @cached_property
    def _initials(self) -> list[tuple[str, Name]]:
        spelled = ((spelling(name.text), name) for name in self._by_key)
        return sorted(((one.initials, name) for one, name in spelled if one), key=_spelled_then_named)


def compared(text: str) -> str:
    """Return words as they are compared: simplified, half-width, small letters, one line.

    >>> compared("發布了ＡＩ\\n芯片")
    '发布了ai 芯片'
    """
    return " ".join(fold(text).casefold().split())


def _spelled_then_named(pair: tuple[str, Name]) -> tuple[str, str, str]:
    return pair[0], pair[1].entity, pair[1].text


def _beginning(spelled: Sequence[tuple[str, Name]], letters: str) -> Iterator[tuple[str, Name]]:
    """Yield the pairs of a sorted sequence whose first part begins with the letters."""
    for number in range(bisect_left(spelled, letters, key=lambda pair: pair[0]), len(spelled)):
        if not spelled[number][0].startswith(letters):
            return
        yield spelled[number]


def _inside(lines: str, names: Sequence[Name], sought: str) -> Iterator[Name]:
    """Yield the names whose line holds the text; `lines` begins and ends with a newline, and has one line a name."""
    line, position = 0, 0  # the number of the line that begins behind `position`
    while (hit := lines.find(sought, position + 1)) != -1:
        line += lines.count("\n", position + 1, hit)
        yield names[line]
        position = lines.find("\n", hit)
        line += 1
