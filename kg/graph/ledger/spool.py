"""What is compared and what is found, kept in a file meanwhile, so that no more than what has a key in common is in memory at a time.

The file is a temporary one of SQLite's: it has no name, so that nothing of it is left however the process ends. It lies in the folder that
`TMPDIR` names, else in /var/tmp or /tmp, and so does what is sorted.
"""

import json
import sqlite3
from collections import namedtuple
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Final, Self

from kg.errors import StoreError
from kg.graph.iris import Iris
from kg.graph.ledger.entries import Answered, Entry, Pair
from kg.graph.ledger.keys import Key, Keys
from kg.graph.ledger.rows import EXCHANGE, KEYS, STATEMENT, Records
from kg.graph.literals import Triple

_MEMORY: Final = 32_000  # KiB of pages that are kept, and again so many that are sorted at once
_Statement: Any = namedtuple("_Statement", (*STATEMENT, *KEYS))  # type: ignore[misc]  # its fields are those of the table
_Exchange: Any = namedtuple("_Exchange", (*EXCHANGE,))  # type: ignore[misc]
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
# columns have no types, so that every value comes back as it was; `place` is a document's number, by which they come in
_SCHEMA: Final = (
    "CREATE TABLE document (place INTEGER PRIMARY KEY, id)",
    f"CREATE TABLE statement (place, {', '.join(_Statement._fields)})",
    "CREATE INDEX statement_place ON statement (place)",
    f"CREATE TABLE exchange (place, {', '.join(_Exchange._fields)})",
    "CREATE INDEX exchange_place ON exchange (place)",
    "CREATE TABLE denied (document, rumour, denial, PRIMARY KEY (document, rumour, denial)) WITHOUT ROWID",
    "CREATE TABLE line (text, found)",
)


class Spool:
    """A temporary file of statements and of lines. StoreError where there is no room for it."""

    def __init__(self, connection: sqlite3.Connection, iris: Iris) -> None:
        """Take over a connection; `Spool.temporary` makes it."""
        self._connection = connection
        self._records = Records(iris)
        for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_MEMORY}"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")  # which has no end: nobody else reads it
        for statement in _SCHEMA:
            connection.execute(statement)

    @classmethod
    @contextmanager
    def temporary(cls, iris: Iris) -> Iterator[Self]:
        """Lend a spool that is gone afterwards."""
        try:
            connection = sqlite3.connect("", isolation_level=None)
            try:
                yield cls(connection, iris)
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise StoreError(
                f"statements cannot be compared ({error}); free some space for temporary files, or name another folder for them in TMPDIR"
            ) from error

    def add(self, document: str, entries: Iterable[Entry], exchanges: Iterable[Answered], keys: Keys) -> None:
        """Put in what a document states, by its id, and its exchanges in the order of the text."""
        place = self._connection.execute("INSERT INTO document VALUES (NULL, ?)", (document,)).lastrowid
        statements = ((place, *self._records.statement(one), _packed(keys.claim(one)), _packed(keys.related(one))) for one in entries)
        self._put("statement", 1 + len(_Statement._fields), statements)
        self._put("exchange", 1 + len(_Exchange._fields), ((place, *self._records.exchange(one)) for one in exchanges))

    def deny(self, denied: Iterable[tuple[str, Pair]]) -> None:
        """Put in rumours and denials of documents, by their ids."""
        self._connection.executemany("INSERT OR IGNORE INTO denied VALUES (?, ?, ?)", ((document, *pair) for document, pair in denied))

    def found(self, triples: Iterable[Triple]) -> None:
        """Put in triples of the ledger as it is to be, as often as they are found."""
        self._put_lines(triples, found=True)

    def known(self, triples: Iterable[Triple]) -> None:
        """Put in triples of the ledger as it was."""
        self._put_lines(triples, found=False)

    def by_claim(self) -> Iterator[tuple[Key, list[Entry]]]:
        """Yield each claim with its statements in the order of time."""
        found = self._connection.execute(f"SELECT {_columns(_Statement)} FROM statement ORDER BY claim")
        rows: Iterator[Any] = map(_Statement._make, found)
        for claim, group in groupby(rows, lambda row: str(row.claim)):
            yield tuple(json.loads(claim)), self._records.entries(group)

    def by_document(self) -> Iterator[tuple[list[Entry], list[Answered], list[Pair]]]:
        """Yield of each document its statements in the order of time, its exchanges, and the rumours that it denies."""
        for place, document in self._connection.execute("SELECT place, id FROM document"):
            statements = self._connection.execute(f"SELECT {_columns(_Statement)} FROM statement WHERE place = ?", (place,))
            exchanges = self._connection.execute(f"SELECT {_columns(_Exchange)} FROM exchange WHERE place = ? ORDER BY rowid", (place,))
            denied = self._connection.execute("SELECT rumour, denial FROM denied WHERE document = ?", (document,)).fetchall()
            yield (
                self._records.entries(map(_Statement._make, statements)),
                [self._records.answered(_Exchange._make(row)) for row in exchanges],
                denied,
            )

    def by_relation(self) -> Iterator[list[str]]:
        """Yield the ids of propositions that say nearly the same."""
        rows = self._connection.execute("SELECT DISTINCT related, proposition FROM statement WHERE related IS NOT NULL ORDER BY related")
        for _, group in groupby(rows, lambda row: str(row[0])):
            yield [proposition for _, proposition in group]

    def changes(self) -> Iterator[tuple[str, bool]]:
        """Yield the lines of N-Triples that make the ledger another, sorted, each with whether it comes or goes."""
        rows = self._connection.execute("SELECT text, MAX(found) FROM line GROUP BY text HAVING MIN(found) = MAX(found) ORDER BY text")
        return ((text, bool(found)) for text, found in rows)

    def _put(self, table: str, width: int, rows: Iterable[tuple[object, ...]]) -> None:
        self._connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", rows)

    def _put_lines(self, triples: Iterable[Triple], *, found: bool) -> None:
        self._put("line", 2, ((f"{subject} {predicate} {obj} .", found) for subject, predicate, obj in triples))


def _columns(row: Any) -> str:
    return ", ".join(row._fields)


def _packed(key: Sequence[str] | None) -> str | None:
    return None if key is None else _ENCODER.encode(key)
