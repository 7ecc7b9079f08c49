"""Words anywhere in quotes, by an index of three characters each (SQLite's trigrams): Chinese writes no blanks between words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kg.graph.tables.tables import Tables

_LENGTH: Final = 3  # characters that the index holds together
_BEGINNINGS: Final = 500  # trigrams that begin with a shorter word: where there are more, it narrows nothing down
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Words:
    """The index of quotes, as they are compared (`names.compared`)."""

    tables: Callable[[], Tables]

    def matching(self, words: Sequence[str]) -> str | None:
        """Return what finds in the index the statements whose quotes hold all words, None where it finds nothing sooner than to read all.

        Words that are too short to narrow anything down are passed over, so that there may be others among those found.
        """
        terms = [term for word in words if (term := self._term(word)) is not None]
        return " AND ".join(terms) if terms else None

    def _term(self, word: str) -> str | None:
        """Return what finds a word, None where nothing finds it any sooner than to read all."""
        if "\0" in word:  # which ends a query of SQLite's
            return None
        if len(word) >= _LENGTH:
            return _phrase(word)
        sql = "SELECT term FROM trigram WHERE term >= ? AND term < ? LIMIT ?"
        beginning = [term for (term,) in self.tables().rows(sql, word, word + _LAST, _BEGINNINGS + 1)]
        if len(beginning) > _BEGINNINGS:
            return None
        return f"({' OR '.join(map(_phrase, beginning))})" if beginning else _phrase(word + _LAST * _LENGTH)


def padded(quote: str) -> str:
    """Return a quote as it is indexed: every character begins three.

    >>> padded("造车")
    '造车  '
    """
    return quote + " " * (_LENGTH - 1)


def _phrase(word: str) -> str:
    quoted = word.replace('"', '""')
    return f'"{quoted}"'
