"""How the graph is written: a document at a time in one transaction, many at once in bulk, and never half of one.

Each triple stands in its document's graph and once in the default graph; both are written, and taken away, together.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.database import ONTOLOGY_GRAPH, Database, Node
from kg.graph.iris import Iris
from kg.graph.packing import Packed
from kg.graph.records import Change
from kg.graph.remote import Remote, in_default, merge_graph
from kg.graph.vocabulary import DC
from kg.model import STANDARD_INPUT
from ontology.terms import DIRECTORY

_DEFAULT = ox.DefaultGraph()
_URI_SPACE = Node("http://rdfs.org/ns/void#uriSpace")
_ANY_URI = Node("http://www.w3.org/2001/XMLSchema#anyURI")
_BATCH = 200_000  # quads a bulk transaction
_REMOTE_BATCH = 10_000  # which goes to a remote store as text
_LINES = 25_000  # that change of a graph of ours in one transaction
_REMOTE_LINES = 500
_FEW = 1_000  # lines that are not worth files of their own in the database
_SECONDS = 5.0  # of reading that are lost at most where a bulk load is killed
_TOO_MANY = "Too many open files"  # in what the database says

Around = Callable[[Collection[Node], Collection[ox.Quad]], tuple[list[str], list[str]]]
Kept = Callable[[Sequence[Packed]], None]


class Touching(Protocol):
    """Is told of the graphs that are changed inside, None being all that are nobody's document.

    `nodes` are those of which something changes, where that is known, `contents` N-Quads with all that a graph will hold, where they are at
    hand.
    """

    def __call__(
        self, graphs: Collection[Node] | None, /, *, nodes: Iterable[Node] | None = None, contents: Mapping[Node, bytes] | None = None
    ) -> AbstractContextManager[None]:
        """Return what goes around the change."""
        ...


def nobody_told(
    _graphs: Collection[Node] | None, /, *, nodes: Iterable[Node] | None = None, contents: Mapping[Node, bytes] | None = None
) -> AbstractContextManager[None]:
    """Tell nobody of a change."""
    return nullcontext()


def nothing_around(_gone: Collection[Node], _added: Collection[ox.Quad]) -> tuple[list[str], list[str]]:
    """Return what is to be done before and after a change where no names were judged to be one: nothing."""
    return [], []


@dataclass(frozen=True, slots=True)
class Writing:
    """Changes to one graph. Every method raises StoreError, and has changed nothing, where the database cannot be written.

    `around` says, of the graphs that go and the quads that come, which updates belong before and after them in the same transaction.
    `touching` goes around each change.
    """

    graph: Database
    iris: Iris
    around: Around = nothing_around
    touching: Touching = nobody_told

    def found(self) -> None:
        """Write down the base, and the ontology where it is not yet, or no longer, the one this version speaks."""
        marker, ontology = self._foundation()
        if marker not in self.graph or set(self._quads(ONTOLOGY_GRAPH)) != ontology:
            triple = in_default(self.graph, _triple(marker))
            self.replace([self._removal(ONTOLOGY_GRAPH), f"INSERT DATA {{ {triple} }}"], [], ontology)

    def founding(self) -> list[str]:
        """Return the updates that write down the base and the ontology."""
        marker, ontology = self._foundation()
        return [f"INSERT DATA {{ {_triple(marker)} }}", insertion(ontology)]

    def _foundation(self) -> tuple[ox.Quad, set[ox.Quad]]:
        marker = ox.Quad(Node(self.iris.base), _URI_SPACE, ox.Literal(self.iris.base, datatype=_ANY_URI))
        triples = ox.parse(path=DIRECTORY / "core.ttl", format=ox.RdfFormat.TURTLE)
        return marker, {ox.Quad(triple.subject, triple.predicate, triple.object, ONTOLOGY_GRAPH) for triple in triples}

    def add(self, pack: Packed) -> Change:
        """Add one document in one transaction; the same again changes nothing; changed text of the same source replaces."""
        quads = pack.quads()
        outdated = [self.iris.key(node.value) or "" for node in self._same_source(pack)]
        known = set(self.of_document(pack.document))
        if known == quads and not outdated:
            return Change.UNCHANGED
        replaced = [*outdated, *([pack.document] if known else [])]
        gone = [graph for document in replaced for graph in self._graphs(document)]
        with self.touching({*gone, *self._graphs(pack.document)}, contents=self._contents([pack])):
            if known and not outdated and isinstance(self.graph, ox.Store):  # another reading of the same text shares most of its quads
                before, after = self.around(gone, quads)
                self.update([*before, self._retraction(known - quads), insertion(quads - known), *after])
            elif gone:
                self.replace([*map(self._removal, gone)], gone, quads)
            else:
                self._write(self.graph.extend, quads)
        return Change.REPLACED if replaced else Change.ADDED

    def _retraction(self, quads: Collection[ox.Quad]) -> str:
        """Return the update that takes quads away, and from the default graph those that no other graph holds."""
        lines = []
        for quad in quads:
            triple = _triple(quad)
            graphs = self.graph.quads_for_pattern(quad.subject, quad.predicate, quad.object)
            elsewhere = any(other.graph_name not in (_DEFAULT, quad.graph_name) for other in graphs)
            lines.append(f"GRAPH {quad.graph_name} {{ {triple} }} {'' if elsewhere else triple}")
        return f"DELETE DATA {{ {' '.join(lines)} }}"

    def of_document(self, document: str) -> Iterator[ox.Quad]:
        """Yield the quads of the document of that id."""
        return (quad for graph in self._graphs(document) for quad in self._quads(graph))

    def triples_of(self, document: str) -> bytes:
        """Return the triples of the document of that id as N-Triples."""
        if isinstance(self.graph, ox.Store):
            dumped = (self.graph.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) for graph in self._graphs(document))
            return b"".join(text for text in dumped if text is not None)
        return "".join(f"{quad.triple} .\n" for quad in self.of_document(document)).encode()

    def bulk_add(self, packs: Iterable[Packed], kept: Kept = lambda _packs: None) -> dict[Change, int]:
        """Add many documents fast and optimise; returns how many were added, unchanged, replaced. `kept` is told of those that are stored.

        A document is there whole or not at all. Where one breaks its contract, those before it are kept and the error is raised.
        """
        counts: Counter[Change] = Counter()
        pending: dict[str, Packed] = {}  # by source
        quads, due = 0, time.monotonic() + _SECONDS
        batch = _REMOTE_BATCH if isinstance(self.graph, Remote) else _BATCH
        try:
            for pack in packs:
                if pack.source in pending or quads > batch or time.monotonic() > due:
                    self._flush(pending, kept)
                    quads, due = 0, time.monotonic() + _SECONDS
                if any(self._quads(self.iris.graph(pack.document))) or any(self._same_source(pack)):
                    counts[self.add(pack)] += 1
                    kept([pack])
                    continue
                pending[pack.source] = pack
                quads += pack.size
                counts[Change.ADDED] += 1
        finally:
            self._flush(pending, kept)
        self.graph.optimize()
        return {change: counts[change] for change in Change}

    def _flush(self, pending: dict[str, Packed], kept: Kept) -> None:
        """Write whole documents in one transaction."""
        packs = [*pending.values()]
        pending.clear()
        if not packs:
            return
        graphs = [graph for pack in packs for graph in self._graphs(pack.document)]
        with self.touching(graphs, contents=self._contents(packs)):
            if isinstance(self.graph, ox.Store):
                text = b"".join([*(pack.nquads for pack in packs), *(pack.merged() for pack in packs)])
                with writable():
                    self.graph.bulk_load(text, format=ox.RdfFormat.N_QUADS)
            else:
                self._write(self.graph.bulk_extend, [quad for pack in packs for quad in pack.quads()])
        kept(packs)

    def restore(self, quads: Iterable[ox.Quad]) -> None:
        """Write quads of whatever graphs; the two graphs of a document go together."""
        documents: dict[str | None, list[ox.Quad]] = {}
        for quad in quads:
            graph = quad.graph_name
            own = isinstance(graph, Node) and graph in self._graphs(self.iris.key(graph.value) or "")
            documents.setdefault(self.iris.key(graph.value) if own and isinstance(graph, Node) else None, []).append(quad)
        batch = _REMOTE_BATCH if isinstance(self.graph, Remote) else _BATCH
        pending: list[ox.Quad] = []
        for group in documents.values():
            pending.extend(group)
            if len(pending) > batch:
                self._restore(pending)
                pending.clear()
        self._restore(pending)
        self.graph.optimize()

    def _restore(self, quads: Collection[ox.Quad]) -> None:
        with self.touching({quad.graph_name for quad in quads if isinstance(quad.graph_name, Node)}):
            self._write(self.graph.bulk_extend, quads)

    def withdraw(self, document: str) -> None:
        """Take the document of that id, and all that only it says, out of the graph."""
        gone = self._graphs(document)
        with self.touching(gone):
            self.replace([*map(self._removal, gone)], gone, [])

    def amend(self, graph: Node, changes: Iterable[tuple[str, bool]]) -> None:
        """Change a graph of ours whose triples no other graph has, by lines of N-Triples that come or go, sorted.

        In transactions of some thousand lines each; all that changes of a node changes in one of them.
        """
        most = _REMOTE_LINES if isinstance(self.graph, Remote) else _LINES
        pending: list[tuple[str, bool]] = []
        for _, lines in groupby(changes, lambda change: change[0].partition(" ")[0]):
            pending.extend(lines)
            if len(pending) >= most:
                self._amend(graph, pending)
                pending.clear()
        if pending:
            self._amend(graph, pending)

    def _amend(self, graph: Node, changes: Sequence[tuple[str, bool]]) -> None:
        gone, new = ([line for line, comes in changes if comes is wanted] for wanted in (False, True))
        nodes = {Node(line[1 : line.index(">")]) for line, _ in changes}
        with self.touching([graph], nodes=nodes):
            if not isinstance(self.graph, ox.Store):
                triples: Iterator[Any] = ox.parse("\n".join(new), format=ox.RdfFormat.N_TRIPLES)
                quads = [ox.Quad(one.subject, one.predicate, one.object, graph) for one in triples]
                self.replace([self._data("DELETE", graph, gone)] if gone else [], [], quads)
            elif gone:
                self.update([self._data("DELETE", graph, gone), self._data("INSERT", graph, new)])
                if len(changes) > _FEW:
                    with writable():
                        self.graph.flush()  # else what was changed stays in memory, up to a gigabyte of it
            else:
                text = "\n".join((*(f"{line.removesuffix('.')}{graph} ." for line in new), *new))
                with writable():
                    (self.graph.bulk_load if len(new) > _FEW else self.graph.load)(text, format=ox.RdfFormat.N_QUADS)

    def _data(self, what: str, graph: Node, lines: Sequence[str]) -> str:
        """Return the update that takes lines of N-Triples out of a graph and out of the default graph, or writes them there."""
        text = "\n".join(lines)
        return f"{what} DATA {{ GRAPH {graph} {{ {text} }} {in_default(self.graph, text)} }}"

    def _contents(self, packs: Iterable[Packed]) -> dict[Node, bytes]:
        return {self.iris.graph(pack.document): pack.nquads for pack in packs}

    def _same_source(self, pack: Packed) -> Iterator[Node]:
        """Yield other documents read from the same place: earlier states of this one."""
        if pack.source != STANDARD_INPUT:
            found: Iterator[Any] = self.graph.quads_for_pattern(None, DC["source"], ox.Literal(pack.source), _DEFAULT)
            for quad in found:
                if quad.subject != self.iris.document(pack.document):
                    yield quad.subject

    def _graphs(self, document: str) -> tuple[Node, Node]:
        return self.iris.graph(document), self.iris.entities_graph(document)

    def _quads(self, graph: Node) -> Iterator[ox.Quad]:
        return self.graph.quads_for_pattern(None, None, None, graph)

    def _removal(self, graph: Node) -> str:
        return removal(graph, merged=merge_graph(self.graph))

    def _write(self, write: Callable[[Iterable[ox.Quad]], None], quads: Iterable[ox.Quad]) -> None:
        """Write quads, each also into the default graph; both ways of writing are transactions."""
        quads = [*quads]
        if isinstance(self.graph, Remote) or any(self.around([], quads)):
            self.replace([], [], quads)
            return
        with writable():
            write(both for quad in quads for both in (quad, ox.Quad(quad.subject, quad.predicate, quad.object)))

    def replace(self, operations: Sequence[str], gone: Collection[Node], quads: Collection[ox.Quad]) -> None:
        """Carry out SPARQL updates by which graphs go, and write quads, each also into the default graph, as one transaction."""
        before, after = self.around(gone, quads)
        if isinstance(self.graph, Remote):
            self.graph.replace(" ;\n".join([*before, *operations]), quads, " ;\n".join(after))
        else:
            self.update([*before, *operations, insertion(quads), *after])

    def update(self, operations: Iterable[str]) -> None:
        """Carry out SPARQL updates as one transaction."""
        try:
            self.graph.update(" ;\n".join(operations))
        except StoreError:
            raise
        except (OSError, RuntimeError) as error:
            raise StoreError(f"nothing was changed ({error}); {_remedy(error)}, then open the store again") from error


@contextmanager
def writable() -> Iterator[None]:
    """Raise StoreError where the database cannot be written."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise StoreError(f"nothing was written ({error}); {_remedy(error)}, then open the store again") from error


def _remedy(error: Exception) -> str:
    return "let more files be open (ulimit -n 4096)" if _TOO_MANY in str(error) else "free some space or check your rights"


def stored_base(graph: Database) -> str | None:
    """Return the base IRI that a database was made with, None if it is empty; StoreError if it is not of our making."""
    markers: Iterator[Any] = graph.quads_for_pattern(None, _URI_SPACE, None, _DEFAULT)
    base: str | None = next((quad.object.value for quad in markers), None)
    if base is None and len(graph):
        raise StoreError("this database was made by another program; name an empty or a new directory")
    return base


def removal(graph: Node | str, how: str = "DROP SILENT", apart: str | None = None, *, merged: Node | None = None) -> str:
    """Return the update that drops a graph, and from the default graph what no other graph holds; `apart` is one that does not count.

    `merged` is the graph that stands for the default graph, where one does.
    """
    uncounted = [str(one) for one in (graph, apart, merged) if one is not None]
    others = f"?other != {graph}" if len(uncounted) == 1 else f"?other NOT IN ({', '.join(uncounted)})"
    triple = "?s ?p ?o" if merged is None else f"GRAPH {merged} {{ ?s ?p ?o }}"
    return (
        f"DELETE {{ {triple} }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }}"
        f" FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER ({others}) }} }} ;\n{how} GRAPH {graph}"
    )


def insertion(quads: Iterable[ox.Quad]) -> str:
    """Return the update that writes quads into their graphs and into the default graph."""
    lines = [f"GRAPH {quad.graph_name} {{ {_triple(quad)} }} {_triple(quad)}" for quad in quads]
    return f"INSERT DATA {{ {' '.join(lines)} }}"


def _triple(quad: ox.Quad) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object} ."
