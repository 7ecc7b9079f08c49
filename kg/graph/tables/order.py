"""Documents in their order: the newest first, then by name and id."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import NamedTuple

from kg.graph.records import Key
from kg.graph.tables.tables import Tables
from kg.graph.wanted import Wanted

_WINDOWS = (4, 16, 64, 256)  # documents that are read together: few for a first page, more where little is found


class Place(NamedTuple):
    """A document's place among all."""

    key: Key
    id: str


@dataclass(frozen=True, slots=True)
class Order:
    """Documents in their order, looked up."""

    tables: Callable[[], Tables]

    def windows(self, wanted: Wanted, after: Key, among: Collection[str] | None = None) -> Iterator[list[Place]]:
        """Yield documents in groups that grow: what they say may be wanted, and they are among some, by id, where these are given.

        `after` is the key of a document, which comes first, or begins with it; all for an empty key.
        """
        begin, strict = (after[:3], False) if after else ((-(10**9), "", ""), False)
        for size in chain(_WINDOWS, repeat(_WINDOWS[-1])):
            condition, given = _condition(wanted, among)
            sign = ">" if strict else ">="
            sql = f"SELECT place, name, id {condition} AND (place, name, id) {sign} (?, ?, ?) ORDER BY place, name, id LIMIT ?"
            window = [Place(key, key[2]) for key in self.tables().rows(sql, *given, *begin, size)]
            if window:
                yield window
            if len(window) < size:
                return
            begin, strict = window[-1].key, True

    def count(self, wanted: Wanted, among: Collection[str] | None = None) -> int:
        """Return how many documents there are of which what they say may be wanted."""
        condition, given = _condition(wanted, among)
        return int(self.tables().value(f"SELECT COUNT(*) {condition}", *given))


def _condition(wanted: Wanted, among: Collection[str] | None) -> tuple[str, list[str | int]]:
    """Return the end of a query, and what it is given."""
    given: list[str | int] = []
    tables = "document"
    if among is not None:  # few: each is looked up
        tables = "(SELECT value FROM json_each(?)) AS one CROSS JOIN document ON document.id = one.value"
        given.append(json.dumps([*among]))
    conditions = ["TRUE"]
    for column, sign, value in (
        ("id", "=", wanted.document),
        ("last", ">=", None if wanted.since is None else wanted.since.toordinal()),
        ("first", "<=", None if wanted.until is None else wanted.until.toordinal()),
    ):
        if value is not None:
            conditions.append(f"document.{column} {sign} ?")
            given.append(value)
    return f"FROM {tables} WHERE {' AND '.join(conditions)}", given
