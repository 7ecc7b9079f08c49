"""Nodes read again: their rows put in the place of earlier ones, and what is counted of them brought up to date."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from kg.errors import KgError
from kg.graph.access import Node
from kg.graph.tables.compared import put_exchange, put_link, put_promise, resting_on
from kg.graph.tables.findings import ByNode, Findings
from kg.graph.tables.named import put_names
from kg.graph.tables.rows import Nodes, StatementRow
from kg.graph.tables.words import padded

Found = TypeVar("Found")

_STATEMENT: Final = f"INSERT OR IGNORE INTO statement VALUES (NULL, ?{', ?' * len(StatementRow._fields)})"


@dataclass(slots=True)
class Changes:
    """Changes of the tables in one transaction; `finish` ends them."""

    connection: sqlite3.Connection
    nodes: Nodes
    _counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    _spoken_of: Counter[int] = field(default_factory=Counter)  # by entity: how many more statements
    _entities: dict[str, int] = field(default_factory=dict)
    _changed: set[str] = field(default_factory=set)  # statements
    _words: list[tuple[int, str]] = field(default_factory=list)
    _mentions: list[tuple[int, str, int]] = field(default_factory=list)
    _findings: Findings = field(init=False)

    def __post_init__(self) -> None:
        """Read findings node by node."""
        self._findings = Findings(self.nodes.access, ByNode(self.nodes.access))

    def read(self, nodes: Iterable[str]) -> None:
        """Read nodes, by their short names, and put what the graph says of them now in the place of what it said before."""
        self._read(nodes)
        self._read(short for statement in sorted(self._changed) for short in resting_on(self.connection, statement))

    def _read(self, nodes: Iterable[str]) -> None:
        readers: dict[str, Callable[[str], None]] = {
            "document": self._document,
            "entity": self._entity,
            "statement": self._statement,
            "proposition": self._proposition,
            "link": self._link,
            "promise": self._promise,
            "exchange": self._exchange,
        }
        for short in nodes:
            reader = readers.get(short.partition("/")[0])
            if reader is not None:
                reader(short)
            elif ":" in short.partition("/")[0]:  # of somebody else's, who may call anything a statement
                for reader in (self._document, self._entity, self._statement, self._proposition):
                    reader(short)

    def finish(self) -> None:
        """Write what was put together and counted."""
        self._index()
        self.connection.executemany(
            "INSERT INTO counted VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            [(what, key, n) for (what, key), n in self._counted.items() if n],
        )
        spoken = [(n, entity) for entity, n in self._spoken_of.items() if n]
        self.connection.executemany("UPDATE entity SET statements = statements + ? WHERE n = ?", spoken)
        touched = [(entity,) for entity in self._entities.values()]
        self.connection.executemany("DELETE FROM entity WHERE n = ? AND statements = 0 AND kinds IS NULL", touched)

    def _document(self, short: str) -> None:
        node = self.nodes.node(short)
        key = self.nodes.name(short)
        self._typed("document", short, self.nodes.is_a("Document", node))
        known, row = self._row("SELECT * FROM document WHERE id = ?", key), self._well_formed(self.nodes.document, short)
        if known != row:
            self.connection.execute("DELETE FROM document WHERE id = ?", (key,))
            if row is not None:
                self.connection.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?)", row)

    def _proposition(self, short: str) -> None:
        self._typed("proposition", short, self.nodes.is_a("Proposition", self.nodes.node(short)))

    def _link(self, short: str) -> None:
        put_link(self.connection, self.nodes.name(short), self._well_formed(self._findings.link, short))

    def _promise(self, short: str) -> None:
        put_promise(self.connection, self.nodes.name(short), self._well_formed(self._findings.promise, short))

    def _exchange(self, short: str) -> None:
        put_exchange(self.connection, self.nodes.name(short), self._well_formed(self._findings.exchange, short))

    def _typed(self, what: str, short: str, there: bool) -> None:
        sql = "INSERT OR IGNORE INTO typed VALUES (?)" if there else "DELETE FROM typed WHERE node = ?"
        changed = self.connection.execute(sql, (short,)).rowcount
        self._counted[what, ""] += changed if there else -changed

    def _entity(self, short: str) -> None:
        node = self.nodes.node(short)
        kinds, key = self.nodes.entity(node), self.nodes.access.iris.key(node.value)
        if key is not None and node == self.nodes.access.iris.entity(key):
            put_names(self.connection, key, self.nodes.names(node))
        known = self._row("SELECT kinds FROM entity WHERE node = ? AND kinds IS NOT NULL", short)
        before = None if known is None else frozenset(known[0].split())
        if before == kinds:
            return
        for there, change in ((before, -1), (kinds, 1)):
            if there is not None:
                self._counted["entity", ""] += change
                self._counted.update({("kind", kind): change for kind in there})
        number = self._number(short)
        self.connection.execute("UPDATE entity SET kinds = ? WHERE n = ?", (None if kinds is None else " ".join(sorted(kinds)), number))

    def _statement(self, short: str) -> None:
        found = self.nodes.statement(self.nodes.node(short))
        row, entities = (None, frozenset[str]()) if found is None else found
        numbers = {self._number(entity) for entity in entities}
        if row is not None and self._put_down(short, row, numbers):
            self._changed.add(self.nodes.name(short))
            return
        known = self._row(f"SELECT n, {', '.join(StatementRow._fields)} FROM statement WHERE node = ?", short)
        if known is not None:
            self._index()
            number, before = known[0], StatementRow(bool(known[1]), *known[2:])
            mentions = {entity for (entity,) in self.connection.execute("SELECT entity FROM mention WHERE statement = ?", (number,))}
            if before == row and mentions == numbers:
                return
            self._forget(number, before, mentions)
            self._changed.add(self.nodes.name(short))
        if row is not None:
            self._put_down(short, row, numbers)

    def _put_down(self, short: str, row: StatementRow, entities: set[int]) -> bool:
        """Write a statement and count it; return whether it was not there yet."""
        number = self._new(_STATEMENT, short, *row)
        if number is None:
            return False
        if row.quote is not None:
            self._words.append((number, padded(row.quote)))
        self._mentions += [(entity, row.said, number) for entity in entities]
        self._count(row, entities, 1)
        return True

    def _index(self) -> None:
        """Write which words statements hold and whom they mention, of those put down since this was done last."""
        self.connection.executemany("INSERT INTO words (rowid, quote) VALUES (?, ?)", self._words)
        self.connection.executemany("INSERT INTO mention VALUES (?, ?, ?)", self._mentions)
        self._words, self._mentions = [], []

    def _forget(self, number: int, row: StatementRow, mentions: set[int]) -> None:
        if row.quote is not None:
            self.connection.execute("INSERT INTO words (words, rowid, quote) VALUES ('delete', ?, ?)", (number, padded(row.quote)))
        self.connection.execute("DELETE FROM mention WHERE statement = ?", (number,))
        self.connection.execute("DELETE FROM statement WHERE n = ?", (number,))
        self._entities.update((f"{number}", entity) for entity in mentions)
        self._count(row, mentions, -1)

    def _count(self, row: StatementRow, mentions: Iterable[int], change: int) -> None:
        self._counted.update(dict.fromkeys(_counted(row), change))
        self._spoken_of.update(dict.fromkeys(mentions, change))

    def _number(self, short: str) -> int:
        """Return the number of an entity, which it is given where it has none."""
        number = self._entities.get(short)
        if number is None:
            made = self._new("INSERT OR IGNORE INTO entity (node, name) VALUES (?, ?)", short, self.nodes.name(short))
            number = self._row("SELECT n FROM entity WHERE node = ?", short)[0] if made is None else made
            self._entities[short] = number
        return number

    def _well_formed(self, read: Callable[[Node], Found | None], short: str) -> Found | None:
        """Return what is read of a node, None where somebody wrote a half of it into a graph of their own."""
        try:
            return read(self.nodes.node(short))
        except (AssertionError, AttributeError, KeyError, ValueError, KgError):
            return None

    def _new(self, sql: str, *values: object) -> int | None:
        """Return the number of the row that is written, None where one is there already."""
        written = self.connection.execute(sql, values)
        return written.lastrowid if written.rowcount else None

    def _row(self, sql: str, key: object) -> Any:
        return self.connection.execute(sql, (key,)).fetchone()


def _counted(row: StatementRow) -> Iterator[tuple[str, str]]:
    """Yield what a statement is counted as."""
    if row.typed:
        yield "statement", ""
    if row.stance is not None:
        yield "stance", row.stance
    if row.predicate is not None:
        yield "predicate", row.predicate
    if row.stance is not None and row.start is not None:
        yield "year", f"{row.start[:4]} {row.stance}"
