"""The tables of a store that is far away: fetched when they are asked for, and again after each change."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain

from kg.graph.access import Access, Node
from kg.graph.tables.compared import put_exchange, put_link, put_promise
from kg.graph.tables.findings import ByProperty, Findings
from kg.graph.tables.named import put_names
from kg.graph.tables.rows import LABELS, document_row
from kg.graph.tables.tables import Tables
from kg.graph.vocabulary import DCT, TERMS


class Fetching:
    """Fetches what is put in order here; everything else such a store counts itself (`counting`)."""

    def __init__(self, access: Access) -> None:
        """Fetch from a graph."""
        self._access = access
        self._tables: Tables | None = None
        self._filled: set[Callable[[Tables], None]] = set()

    @property
    def tables(self) -> Tables:
        """The tables as of the last change that is known of."""
        tables = self._tables
        if tables is None:
            self._tables = tables = self._fetched()
        return tables

    @property
    def compared(self) -> Tables:
        """The tables, with what was found by comparing."""
        return self._with(self._compare)

    @property
    def named(self) -> Tables:
        """The tables, with all names."""
        return self._with(self._name)

    def forget(self) -> None:
        """Fetch again when asked, for the store has changed."""
        self._tables = None
        self._filled.clear()

    def close(self) -> None:
        """Let go of the tables."""
        self._tables = None

    @contextmanager
    def change(
        self, _graphs: Collection[Node] | None, /, *, nodes: Iterable[Node] | None = None, contents: Mapping[Node, bytes] | None = None
    ) -> Iterator[None]:
        """Let some graphs be changed inside."""
        try:
            yield
        finally:
            self.forget()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let several changes be made inside."""
        yield

    def _with(self, fill: Callable[[Tables], None]) -> Tables:
        """Return the tables with what is filled in only when it is asked for."""
        tables = self.tables
        if fill not in self._filled:
            fill(tables)
            self._filled.add(fill)
        return tables

    def _compare(self, tables: Tables) -> None:
        findings, key = Findings(self._access, ByProperty(self._access)), self._access.key
        with tables.transaction() as connection:
            for node in self._having("linkType"):
                put_link(connection, key(node), findings.link(node))
            for node in self._having("commitment"):
                put_promise(connection, key(node), findings.promise(node))
            for node in self._having("inDocument"):
                put_exchange(connection, key(node), findings.exchange(node))

    def _name(self, tables: Tables) -> None:
        names: dict[str, set[str]] = {}
        for quad in chain.from_iterable(self._access.match(None, term, None) for term in LABELS):
            names.setdefault(self._access.key(quad.subject), set()).add(quad.object.value)
        with tables.transaction() as connection:
            for entity, texts in names.items():
                put_names(connection, entity, texts)

    def _having(self, term: str) -> list[Node]:
        return [quad.subject for quad in self._access.match(None, TERMS[term], None)]

    def _fetched(self) -> Tables:
        names = {quad.subject: quad.object.value for quad in self._access.match(None, DCT["identifier"], None)}
        issued = {quad.subject: quad.object.value for quad in self._access.match(None, DCT["issued"], None)}
        tables = Tables.empty()
        with tables.transaction() as connection:
            rows = (document_row(self._access.key(node), name, issued.get(node)) for node, name in names.items())
            connection.executemany("REPLACE INTO document VALUES (?, ?, ?, ?, ?)", rows)
        return tables
