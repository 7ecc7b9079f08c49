"""Documents in their order: the newest first, then by name and id."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any, NamedTuple

from kg.graph.records import Key
from kg.graph.tables.tables import Tables
from kg.graph.wanted import Wanted

_KEY = "place, name, document.id"
_WINDOWS = (4, 16, 64, 256)  # documents that are read together: few for a first page, more where little is found
_BEHIND = 2**53  # all offsets; what every JSON reader keeps exactly
_WIDE = (*_WINDOWS, 1024)  # where nothing of them is read but what the tables hold


class Place(NamedTuple):
    """A document's place among all."""

    key: Key
    id: str

    @property
    def end(self) -> Key:
        """What comes after the keys of all its statements, as one of them."""
        return (*self.key, _BEHIND, _BEHIND, "")


@dataclass(frozen=True, slots=True)
class Order:
    """Documents in their order, looked up."""

    tables: Callable[[], Tables]

    def windows(self, wanted: Wanted, after: Key, among: Collection[str] | None = None, *, wide: bool = False) -> Iterator[list[Place]]:
        """Yield documents in groups that grow: what they say may be wanted, and they are among some, by id, where these are given.

        `after` is the key of a document, which comes first, or begins with it; all for an empty key.
        """
        begin, strict = _begin(wanted, after), False
        for size in _sizes(_WIDE if wide else _WINDOWS):
            source, given = _among(among)
            where, dates = _condition(wanted)
            sql = f"SELECT {_KEY} FROM {source} WHERE {where} AND ({_KEY}) {'>' if strict else '>='} (?, ?, ?) ORDER BY {_KEY} LIMIT ?"
            window = [Place(key, key[2]) for key in self.tables().rows(sql, *given, *dates, *begin, size)]
            if window:
                yield window
            if len(window) < size:
                return
            begin, strict = window[-1].key, True

    def chosen(self, wanted: Wanted, after: Key, documents: str, given: Sequence[Any]) -> Iterator[list[Place]]:
        """Yield the same of the documents, not too many, whose ids a query returns."""
        where, dates = _condition(wanted)
        source = f"(SELECT DISTINCT document AS one FROM ({documents})) CROSS JOIN document ON document.id = one"
        sql = f"SELECT {_KEY} FROM {source} WHERE {where} AND ({_KEY}) >= (?, ?, ?) ORDER BY {_KEY}"
        places = iter([Place(key, key[2]) for key in self.tables().rows(sql, *given, *dates, *_begin(wanted, after))])
        for size in _sizes(_WIDE):
            window = [*islice(places, size)]
            if not window:
                return
            yield window

    def count(self, wanted: Wanted, among: Collection[str] | None = None) -> int:
        """Return how many documents there are of which what they say may be wanted."""
        source, given = _among(among)
        where, dates = _condition(wanted)
        return int(self.tables().value(f"SELECT COUNT(*) FROM {source} WHERE {where}", *given, *dates))


def _begin(wanted: Wanted, after: Key) -> Key:
    """Return where a list begins: behind its key, and behind what is newer than is wanted."""
    return max((-(10**9) if wanted.until is None else -wanted.until.toordinal(), "", ""), after[:3])


def _sizes(windows: Sequence[int]) -> Iterator[int]:
    return chain(windows, repeat(windows[-1]))


def _among(among: Collection[str] | None) -> tuple[str, list[str]]:
    """Return where documents are looked up, and what that is given: all, or some few by id."""
    if among is None:
        return "document", []
    return "(SELECT value FROM json_each(?)) AS one CROSS JOIN document ON document.id = one.value", [json.dumps([*among])]


def _condition(wanted: Wanted) -> tuple[str, list[str | int]]:
    """Return the condition on a document, and what it is given."""
    given: list[str | int] = []
    conditions = ["TRUE"]
    for column, sign, value in (
        ("id", "=", wanted.document),
        ("last", ">=", None if wanted.since is None else wanted.since.toordinal()),
        ("first", "<=", None if wanted.until is None else wanted.until.toordinal()),
    ):
        if value is not None:
            conditions.append(f"document.{column} {sign} ?")
            given.append(value)
    return " AND ".join(conditions), given
