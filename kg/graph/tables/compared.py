"""Links, promises, questions and answers in their order: put into the tables, and looked up there in stretches."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from sqlite3 import Connection
from typing import Any, TypeVar

from kg.graph.records import Basis, Key, LinkType, Outcome, Status, Stretch
from kg.graph.tables.findings import ExchangeRow, LinkRow, PromiseRow
from kg.graph.tables.tables import Tables
from kg.model import Stance, Taking

_NEVER = "9999-12-31"  # of a promise without a date: it comes last
Row = TypeVar("Row")
Condition = tuple[str, list[Any]]  # in SQL, each with what it is given; those given None alone do not count

# as `ledger.promises.status` has it
STATUS = (
    "CASE WHEN asked THEN 'asked' WHEN outcome IS NOT NULL AND (decided IS NULL OR decided <= ?) THEN outcome"
    f" WHEN due < ? AND due <> '{_NEVER}' THEN 'due' ELSE 'open' END = ?"
)


def put_link(connection: Connection, link: str, found: tuple[LinkRow, frozenset[str]] | None) -> None:
    """Put a link, by its id, in the place of what it was."""
    _forget(connection, "link", link)
    if found is not None:
        row, about = found
        values = (row.id, _backwards(row.said), row.type, row.later, row.earlier, row.said or "", _packed(row))
        connection.execute("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        _put_about(connection, "link", link, about)


def put_promise(connection: Connection, promise: str, found: tuple[PromiseRow, frozenset[str]] | None) -> None:
    """Put a promise, by its id, in the place of what it was."""
    _forget(connection, "promise", promise)
    if found is not None:
        row, about = found
        outcome = None if row.outcome is None else row.outcome.lower()
        due, asked = row.due_by or _NEVER, row.commitment is Stance.REPORTS
        values = (row.id, due, row.promised_on or "", asked, outcome, row.decided_on, row.statement, _packed(row))
        connection.execute("INSERT INTO promise VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        _put_about(connection, "promise", promise, about)


def put_exchange(connection: Connection, exchange: str, row: ExchangeRow | None) -> None:
    """Put a question and its answer, by its id, in the place of what it was."""
    connection.execute("DELETE FROM exchange WHERE id = ?", (exchange,))
    if row is not None:
        values = (row.id, row.document, row.start, row.outcome, row.answerer, _packed(row))
        connection.execute("INSERT INTO exchange VALUES (?, ?, ?, ?, ?, ?)", values)


def resting_on(connection: Connection, statement: str) -> list[str]:
    """Return the short names of the links and promises that say of a statement, by its id, when it was said and whom it is about."""
    sql = "SELECT 'link/' || id FROM link WHERE later = ? UNION ALL SELECT 'promise/' || id FROM promise WHERE statement = ?"
    return [short for (short,) in connection.execute(sql, (statement, statement))]


def _forget(connection: Connection, kind: str, finding: str) -> None:
    if connection.execute(f"DELETE FROM {kind} WHERE id = ?", (finding,)).rowcount:
        connection.execute("DELETE FROM about WHERE finding = ? AND kind = ?", (finding, kind))


def _put_about(connection: Connection, kind: str, finding: str, about: Iterable[str]) -> None:
    connection.executemany("INSERT INTO about VALUES (?, ?, ?)", [(entity, kind, finding) for entity in about])


def _packed(row: Any) -> str:
    return json.dumps([getattr(row, field.name) for field in fields(row)], ensure_ascii=False)


def _backwards(iso: str | None) -> str:
    """Return a key by which later days come first, and none last.

    >>> _backwards("2021-09-24") < _backwards("2021-09-23") < _backwards(None)
    True
    """
    return "z" if iso is None else "".join(str(9 - int(char)) if char.isdigit() else char for char in iso)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found, looked up. Lists begin with an empty key; dates are days, ISO 8601; entities go by their names."""

    tables: Callable[[], Tables]

    def links(
        self, after: Key, limit: int, *, type: LinkType | None, about: str | None, since: str | None, until: str | None
    ) -> Stretch[LinkRow]:
        """Return links, the newest first, then by id."""
        conditions: list[Condition] = [("type = ?", [type]), ("said >= ?", [since]), ("said <> '' AND said <= ?", [until])]
        return self._stretch(_Listed("link", "place, id", about), conditions, after, limit, _link)

    def promises(
        self,
        after: Key,
        limit: int,
        *,
        as_of: str,
        status: Status | None,
        about: str | None,
        due_since: str | None,
        due_until: str | None,
    ) -> Stretch[PromiseRow]:
        """Return promises made until a day, those due first before the others, then by id; what has no date comes last."""
        dated = f"due <> '{_NEVER}'"
        conditions: list[Condition] = [
            ("promised <= ?", [as_of]),
            (f"{dated} AND due >= ?", [due_since]),
            (f"{dated} AND due <= ?", [due_until]),
            (STATUS, [None if status is None else as_of, None if status is None else as_of, status]),
        ]
        return self._stretch(_Listed("promise", "due, id", about), conditions, after, limit, _promise)

    def exchanges(
        self, after: Key, limit: int, *, outcome: Taking | None, answerer: str | None, document: str | None
    ) -> Stretch[ExchangeRow]:
        """Return questions with their answers, document by document in the order of the text."""
        conditions: list[Condition] = [("outcome = ?", [outcome]), ("answerer = ?", [answerer]), ("document = ?", [document])]
        return self._stretch(_Listed("exchange", "document, start", None), conditions, after, limit, _exchange)

    def bearing(self, statements: Sequence[str]) -> list[LinkRow]:
        """Return the links from and to some statements, by their ids, the newest first."""
        given = json.dumps([*statements])
        sql = (
            "WITH one AS (SELECT value FROM json_each(?)) SELECT row FROM link WHERE id IN"
            " (SELECT id FROM one JOIN link ON later = value UNION SELECT id FROM one JOIN link ON earlier = value) ORDER BY place, id"
        )
        return [_link(json.loads(row)) for (row,) in self.tables().rows(sql, given)]

    def counts(self) -> tuple[dict[LinkType, int], int, int]:
        """Return how many links there are of each type, most first, how many promises, and how many questions."""
        links = self.tables().rows("SELECT type, COUNT(*) AS n FROM link GROUP BY type ORDER BY n DESC, type")
        promises, exchanges = (self.tables().value(f"SELECT COUNT(*) FROM {table}") for table in ("promise", "exchange"))
        return {LinkType(kind): n for kind, n in links}, promises, exchanges

    def _stretch(
        self, listed: "_Listed", conditions: list[Condition], after: Key, limit: int, made: Callable[[list[Any]], Row]
    ) -> Stretch[Row]:
        """Return the rows after a key that meet the conditions."""
        where, given = ["TRUE"], [*listed.given]
        for condition, values in conditions:
            if any(value is not None for value in values):
                where.append(condition)
                given += values
        if after:
            where.append(f"({listed.order}) > (?, ?)")
            given += after
        sql = f"SELECT row, {listed.order} FROM {listed.source} WHERE {' AND '.join(where)} ORDER BY {listed.order} LIMIT ?"
        rows = self.tables().rows(sql, *given, limit + 1)
        items = [made(json.loads(row)) for row, *_ in rows[:limit]]
        if len(rows) > limit:
            return Stretch(items, tuple(rows[limit - 1][1:]))
        return Stretch(items, None, None if after else len(items))


@dataclass(frozen=True, slots=True)
class _Listed:
    """A table, the columns of its order, and an entity that what is listed is about or by."""

    table: str
    order: str
    about: str | None

    @property
    def source(self) -> str:
        if self.about is None:
            return self.table
        return f"about CROSS JOIN {self.table} ON about.entity = ? AND about.kind = '{self.table}' AND {self.table}.id = about.finding"

    @property
    def given(self) -> list[Any]:
        return [] if self.about is None else [self.about]


def _link(values: list[Any]) -> LinkRow:
    identifier, kind, later, earlier, basis, *rest = values
    return LinkRow(identifier, LinkType(kind), later, earlier, Basis(basis), *rest)


def _promise(values: list[Any]) -> PromiseRow:
    row = PromiseRow(*values)
    outcome = None if row.outcome is None else Outcome(row.outcome)
    return replace(row, commitment=Stance(row.commitment), progress=tuple(row.progress), outcome=outcome)


def _exchange(values: list[Any]) -> ExchangeRow:
    row = ExchangeRow(*values)
    return replace(row, outcome=Taking(row.outcome), premises=tuple(row.premises), replies=tuple(row.replies))
