"""The tables kept in step with the graph: what is about to change is written down, and read again once it has changed."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from sqlite3 import Connection
from threading import Lock
from typing import Final

from kg.errors import StoreError
from kg.graph.access import Access, Node
from kg.graph.database import ONTOLOGY_GRAPH
from kg.graph.tables.changes import Changes
from kg.graph.tables.findings import FINDINGS
from kg.graph.tables.rows import Nodes, Told, told_of
from kg.graph.tables.tables import EVERYTHING, Tables
from kg.graph.vocabulary import TERMS

_OTHERS: Final = "*"  # graphs that are neither a document's nor made by comparing: an update does not say which of them it changes
_TOGETHER: Final = 200  # graphs read in one transaction

# by the index: no document's graph, and no graph of entity records; 0 comes after /
_OTHER: Final = (
    "SELECT graph FROM {} WHERE (graph < 'entities/' OR graph BETWEEN 'entities0' AND 'graph/' OR graph > 'graph0')"
    " AND graph NOT IN ('ledger', 'judgements')"
)
_MENTIONING: Final = (
    "SELECT statement.node FROM entity JOIN mention ON mention.entity = entity.n JOIN statement ON statement.n = mention.statement"
    " WHERE entity.node = ?"
)

_TELLING: Final = tuple(TERMS[name] for name in ("expresses", "evidence", "promisedBy", "answeredBy"))
_FOUND: Final = " UNION ALL ".join(f"SELECT '{kind}' || id FROM {kind[:-1]}" for kind in FINDINGS)

_RENAMING: Final = "SELECT value FROM meta WHERE name = 'renaming'"

_MAKING = Lock()

Renaming = Mapping[Node, Node]


class Following:
    """Keeps tables in step with a graph. Those of no folder are made when they are asked for."""

    def __init__(self, access: Access, tables: Tables | None, renaming: Callable[[], Renaming]) -> None:
        """Take over tables, if any; `renaming` says which node now stands for which others in the default graph."""
        self.access = access
        self._tables = tables
        self._renaming = renaming
        self._behind = True  # what was pending when they were opened
        self._held = 0
        self._told: dict[str, Future[Told]] = {}

    @property
    def tables(self) -> Tables:
        """The tables, up to date but for a change that is being made."""
        if self._behind or self._tables is None:
            with _MAKING:
                self._tables = self._tables or Tables.empty()
            with self._tables.changing:
                if self._behind:
                    self.catch_up()
        return self._tables

    @property
    def compared(self) -> Tables:
        """The tables, with what was found by comparing."""
        return self.tables

    @property
    def named(self) -> Tables:
        """The tables, with all names."""
        return self.tables

    def close(self) -> None:
        """Let go of the tables."""
        if self._tables is not None:
            self._tables.close()

    @contextmanager
    def change(
        self, graphs: Collection[Node] | None, /, *, nodes: Iterable[Node] | None = None, contents: Mapping[Node, bytes] | None = None
    ) -> Iterator[None]:
        """Let some graphs be changed inside, None being all that are nobody's document.

        `nodes` are those of which something changes, where that is known, `contents` N-Quads with all that a graph will hold, where they
        are at hand: to read them there takes longer.
        """
        if self._tables is None:
            yield
            return
        with self._tables.changing:
            try:
                self._write_down(self._tables, graphs, nodes)
            except StoreError as error:
                raise StoreError(
                    f"nothing was changed ({error.__cause__ or error}); free some space or check your rights, then go on"
                ) from error
            with ThreadPoolExecutor(1) as beside:  # what comes is read while it is written, which takes no interpreter
                told = {self._nodes.short(graph): beside.submit(told_of, graph, text) for graph, text in (contents or {}).items()}
                try:
                    yield
                    if not self._held:
                        self._told = told
                finally:
                    self._follow()
                    self._told = {}

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Follow changes that are made inside at its end, not one by one."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            self._follow()

    def _follow(self) -> None:
        if not self._held:
            try:
                self.catch_up()
            except (StoreError, OSError, RuntimeError):  # it is told to who asks next, which tries again
                self._behind = True

    def catch_up(self) -> None:
        """Read again what was about to change; StoreError where the tables cannot be written."""
        if (tables := self._tables) is None:
            return
        with tables.changing:
            if tables.rows("SELECT * FROM pending LIMIT 1"):
                self._rename(tables)
            while pending := tables.rows("SELECT graph, nodes FROM pending ORDER BY graph LIMIT ?", _TOGETHER):
                with tables.transaction() as connection:
                    self._read(connection, pending)
            self._behind = False

    def _read(self, connection: Connection, pending: Collection[tuple[str, str | None]]) -> None:
        """Read again the graphs that are pending; where these are all, only write down which."""
        if any(graph == EVERYTHING for graph, _ in pending):
            connection.execute("DELETE FROM pending WHERE graph = ?", (EVERYTHING,))
            names = ((self._nodes.short(name),) for name in self.access.graph.named_graphs() if name != ONTOLOGY_GRAPH)
            connection.executemany("INSERT OR IGNORE INTO pending VALUES (?, NULL)", names)
            return
        of_graphs = Nodes(self.access)
        changes, alone = Changes(connection, of_graphs), self._alone(connection)
        read: set[str] = set()
        for graph, nodes in pending:
            connection.execute("DELETE FROM pending WHERE graph = ?", (graph,))
            if graph == _OTHERS:
                read |= self._of_others(connection)
            elif alone and nodes is None and graph.startswith("graph/"):
                told = self._told.get(graph)
                read |= self._remembered(connection, graph, of_graphs.read(of_graphs.node(graph), told.result() if told else None))
            else:
                read |= self._of(connection, graph, nodes)
        standing = {} if alone else _mapping(next(connection.execute(_RENAMING), (None,))[0])  # what is said of one is said of the other
        changes.read(sorted(read | {standing[node] for node in read & standing.keys()}))
        changes.finish()

    @property
    def _nodes(self) -> Nodes:
        return Nodes(self.access)

    def _write_down(self, tables: Tables, graphs: Collection[Node] | None, nodes: Iterable[Node] | None) -> None:
        short = self._nodes.short
        known = None if nodes is None else json.dumps([short(node) for node in nodes], ensure_ascii=False)
        names = [_OTHERS] if graphs is None else [short(graph) for graph in graphs]
        with tables.transaction() as connection:  # what was pending already is so as a whole
            connection.executemany("INSERT INTO pending VALUES (?, ?) ON CONFLICT DO UPDATE SET nodes = NULL", [(n, known) for n in names])

    def _alone(self, connection: Connection) -> bool:
        """Say whether what a document's graph says of its nodes is what the default graph says: nothing is judged, no graph is others'."""
        others = [*connection.execute(f"{_OTHER.format('spoken')} UNION ALL {_OTHER.format('pending')} LIMIT 1")]
        return not others and not any(self.access.match(None, None, None, self.access.iris.judgements))

    def _others(self, connection: Connection) -> set[str]:
        """Return the graphs that are neither documents' nor made by comparing, those that were there when they were read, too."""
        there = {self._nodes.short(graph) for graph in self.access.graph.named_graphs() if graph != ONTOLOGY_GRAPH}
        there.update(graph for (graph,) in connection.execute(_OTHER.format("spoken")))
        return {graph for graph in there if not graph.startswith(("graph/", "entities/")) and graph not in ("ledger", "judgements")}

    def _of_others(self, connection: Connection) -> set[str]:
        """Return the nodes that others' graphs speak and spoke of, and the statements that may be others by what these say."""
        nodes = {node for graph in self._others(connection) for node in self._of(connection, graph)}
        return nodes | self._telling(connection, nodes)

    def _telling(self, connection: Connection, nodes: Iterable[str]) -> set[str]:
        """Return the statements, promises and exchanges of whose rows some propositions, evidence and entities are a part."""
        found: set[str] = set()
        for short in nodes:
            found.update(node for (node,) in connection.execute(_MENTIONING, (short,)))
            node = self._nodes.node(short.partition("#")[0])
            for term in _TELLING:
                found.update(self._nodes.short(quad.subject) for quad in self.access.match(None, term, node, None))
        return found

    def _of(self, connection: Connection, graph: str, nodes: str | None = None) -> set[str]:
        """Return the nodes that a graph speaks of and those that it spoke of; only those that changed, where they are known."""
        if nodes is not None:
            return {node for node in json.loads(nodes) if node.startswith(FINDINGS)} if graph == "ledger" else set(json.loads(nodes))
        if graph == "ledger":  # what a graph of that size spoke of is in the tables themselves
            return {node for (node,) in connection.execute(_FOUND)} | set(self._nodes.of_graph(self._nodes.node(graph)))
        return self._remembered(connection, graph, set(self._nodes.of_graph(self._nodes.node(graph))))

    def _remembered(self, connection: Connection, graph: str, now: set[str]) -> set[str]:
        """Return the nodes that a graph speaks of now and those that it spoke of, and remember the former."""
        row = connection.execute("SELECT nodes FROM spoken WHERE graph = ?", (graph,)).fetchone()
        before = set() if row is None else set(json.loads(row[0]))
        if now:
            connection.execute("REPLACE INTO spoken VALUES (?, ?)", (graph, json.dumps(sorted(now), ensure_ascii=False)))
        else:
            connection.execute("DELETE FROM spoken WHERE graph = ?", (graph,))
        return before | now

    def _rename(self, tables: Tables) -> None:
        """Read again what stands under another node than it did."""
        before = _mapping(tables.value(_RENAMING))
        short = self._nodes.short
        now = {short(node): short(other) for node, other in self._renaming().items()}
        changed = {node for node in before.keys() | now.keys() if before.get(node) != now.get(node)}
        if not changed:
            return
        changed |= {mapping[node] for node in changed for mapping in (before, now) if node in mapping}
        with tables.transaction() as connection:
            changes = Changes(connection, self._nodes)
            changes.read(sorted(changed | self._telling(connection, changed)))
            changes.finish()
            connection.execute("REPLACE INTO meta VALUES ('renaming', ?)", (json.dumps(now, ensure_ascii=False),))


def _mapping(text: str | None) -> dict[str, str]:
    """Return which node stood for which others when they were last looked at."""
    return {} if text is None else dict(json.loads(text))
