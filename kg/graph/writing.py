"""How the graph is written: a document at a time in one transaction, many at once in bulk, and never half of one.

Each triple stands in its document's graph and once in the default graph; both are written, and taken away, together.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.database import ONTOLOGY_GRAPH, Database, Node
from kg.graph.iris import Iris
from kg.graph.rdf import document_quads
from kg.graph.records import Change
from kg.graph.remote import Remote, in_default, merge_graph
from kg.graph.vocabulary import DC
from kg.model import STANDARD_INPUT, Document, Extraction
from ontology.terms import DIRECTORY

_DEFAULT = ox.DefaultGraph()
_URI_SPACE = Node("http://rdfs.org/ns/void#uriSpace")
_ANY_URI = Node("http://www.w3.org/2001/XMLSchema#anyURI")
_BATCH = 200_000  # quads a bulk transaction
_REMOTE_BATCH = 10_000  # which goes to a remote store as text


Around = Callable[[Collection[Node], Collection[ox.Quad]], tuple[list[str], list[str]]]


def nothing_around(_gone: Collection[Node], _added: Collection[ox.Quad]) -> tuple[list[str], list[str]]:
    """Return what is to be done before and after a change where no names were judged to be one: nothing."""
    return [], []


@dataclass(frozen=True, slots=True)
class Writing:
    """Changes to one graph. Every method raises StoreError, and has changed nothing, where the database cannot be written.

    `around` says, of the graphs that go and the quads that come, which updates belong before and after them in the same transaction.
    """

    graph: Database
    iris: Iris
    around: Around = nothing_around

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

    def add(self, extraction: Extraction) -> Change:
        """Add one document in one transaction; the same again changes nothing; changed text of the same source replaces."""
        quads = set(document_quads(extraction, self.iris))
        outdated = [self.iris.key(node.value) or "" for node in self._same_source(extraction.document)]
        known = {quad for graph in self._graphs(extraction.document.id) for quad in self._quads(graph)}
        if known == quads and not outdated:
            return Change.UNCHANGED
        if known and not outdated and isinstance(self.graph, ox.Store):  # another reading of the same text shares most of its quads
            before, after = self.around(self._graphs(extraction.document.id), quads)
            self.update([*before, self._retraction(known - quads), insertion(quads - known), *after])
            return Change.REPLACED
        if known:
            outdated.append(extraction.document.id)
        if outdated:
            gone = [graph for document in outdated for graph in self._graphs(document)]
            self.replace([*map(self._removal, gone)], gone, quads)
            return Change.REPLACED
        self._write(self.graph.extend, quads)
        return Change.ADDED

    def _retraction(self, quads: Collection[ox.Quad]) -> str:
        """Return the update that takes quads away, and from the default graph those that no other graph holds."""
        lines = []
        for quad in quads:
            triple = _triple(quad)
            graphs = self.graph.quads_for_pattern(quad.subject, quad.predicate, quad.object)
            elsewhere = any(other.graph_name not in (_DEFAULT, quad.graph_name) for other in graphs)
            lines.append(f"GRAPH {quad.graph_name} {{ {triple} }} {'' if elsewhere else triple}")
        return f"DELETE DATA {{ {' '.join(lines)} }}"

    def bulk_add(self, extractions: Iterable[Extraction]) -> dict[Change, int]:
        """Add many documents fast and optimise; returns how many were added, unchanged, replaced.

        A document is there whole or not at all. Where one breaks its contract, those before it are kept and the error is raised.
        """
        counts: Counter[Change] = Counter()
        pending: list[ox.Quad] = []
        sources: set[str] = set()
        batch = _REMOTE_BATCH if isinstance(self.graph, Remote) else _BATCH
        try:
            for extraction in extractions:
                document = extraction.document
                if document.source in sources:
                    self._flush(pending, sources)
                if any(self._quads(self.iris.graph(document.id))) or any(self._same_source(document)):
                    counts[self.add(extraction)] += 1
                    continue
                pending.extend([*document_quads(extraction, self.iris)])
                sources.add(document.source)
                counts[Change.ADDED] += 1
                if len(pending) > batch:
                    self._flush(pending, sources)
        finally:
            self._flush(pending, sources)
        self.graph.optimize()
        return {change: counts[change] for change in Change}

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
                self._flush(pending, set())
        self._flush(pending, set())
        self.graph.optimize()

    def withdraw(self, document: str) -> None:
        """Take the document of that id, and all that only it says, out of the graph."""
        gone = self._graphs(document)
        self.replace([*map(self._removal, gone)], gone, [])

    def _same_source(self, document: Document) -> Iterator[Node]:
        """Yield other documents read from the same place: earlier states of this one."""
        if document.source != STANDARD_INPUT:
            found: Iterator[Any] = self.graph.quads_for_pattern(None, DC["source"], ox.Literal(document.source), _DEFAULT)
            for quad in found:
                if quad.subject != self.iris.document(document.id):
                    yield quad.subject

    def _graphs(self, document: str) -> tuple[Node, Node]:
        return self.iris.graph(document), self.iris.entities_graph(document)

    def _quads(self, graph: Node) -> Iterator[ox.Quad]:
        return self.graph.quads_for_pattern(None, None, None, graph)

    def _removal(self, graph: Node) -> str:
        return removal(graph, merged=merge_graph(self.graph))

    def _flush(self, pending: list[ox.Quad], sources: set[str]) -> None:
        if pending:
            self._write(self.graph.bulk_extend, pending)
        pending.clear()
        sources.clear()

    def _write(self, write: Callable[[Iterable[ox.Quad]], None], quads: Iterable[ox.Quad]) -> None:
        """Write quads, each also into the default graph; both ways of writing are transactions."""
        quads = [*quads]
        if isinstance(self.graph, Remote) or any(self.around([], quads)):
            self.replace([], [], quads)
            return
        try:
            write(both for quad in quads for both in (quad, ox.Quad(quad.subject, quad.predicate, quad.object)))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"nothing was written ({error}); free some space or check your rights, then open the store again") from error

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
            raise StoreError(f"nothing was changed ({error}); free some space or check your rights, then open the store again") from error


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
