"""What names are to a search: how they are compared, why one is found, and those of the lexicon.

Beside what documents call an entity (`tables.named`) stand the names that the lexicon has for it, so that `harmonyos` finds 鸿蒙 also where
no document says HarmonyOS. Nothing here asks the store.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from kg.folding import fold


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
ORDER: Mapping[Reason, int] = {reason: rank for rank, reason in enumerate(Reason)}


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
        return ORDER[self.reason], len(self.name), self.entity


class Lexical:
    """The names that the lexicon has for entities, whichever of these a store knows. Made once, never changed."""

    def __init__(self, rows: Iterable[Mapping[str, str]] = ()) -> None:
        """Take rows of the lexicon's table of names."""
        going_by: dict[str, set[str]] = {}  # what is one thing to the lexicon, by its canonical name: the names an entity may go by
        known: dict[str, set[str]] = {}  # and all names for it
        for row in rows:
            going_by.setdefault(row["canonical"], {row["canonical"]}).add(row["name"])
            known.setdefault(row["canonical"], set()).update(text for text in (row["name"], row["en"], row["canonical"]) if text)
        entities: dict[str, set[str]] = {}
        for canonical, texts in known.items():
            for text in texts:
                entities.setdefault(text, set()).update(going_by[canonical])
        self._entities = entities  # by text
        self._texts = sorted(entities)
        self._exact: dict[str, list[str]] = {}
        for text in self._texts:
            self._exact.setdefault(compared(text), []).append(text)
        self._lines = "\n" + "".join(f"{compared(text)}\n" for text in self._texts)

    def called(self, sought: str) -> list[Name]:
        """Return the names that are compared alike, each of every entity that it may be one of."""
        return [name for text in self._exact.get(sought, ()) for name in self._names(text)]

    def holding(self, sought: str) -> Iterator[Name]:
        """Yield the names that hold a text."""
        line, position = 0, 0  # the number of the line that begins behind `position`
        while (hit := self._lines.find(sought, position + 1)) != -1:
            line += self._lines.count("\n", position + 1, hit)
            yield from self._names(self._texts[line])
            position = self._lines.find("\n", hit)
            line += 1

    def of(self, entities: Collection[str]) -> list[Name]:
        """Return all names of some entities."""
        return [name for text in self._texts for name in self._names(text) if name.entity in entities]

    @cached_property
    def entities(self) -> list[str]:
        """The names of all entities that the lexicon has names for."""
        return sorted({entity for entities in self._entities.values() for entity in entities})

    def _names(self, text: str) -> Iterator[Name]:
        return (Name(entity, text, Reason.LEXICON) for entity in sorted(self._entities[text]))


def compared(text: str) -> str:
    """Return words as they are compared: simplified, half-width, small letters, one line.

    >>> compared("發布了ＡＩ\\n芯片")
    '发布了ai 芯片'
    """
    return " ".join(fold(text).casefold().split())
