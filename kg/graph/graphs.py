"""Named graphs as wholes, for the Graph Store Protocol: put, added to, taken away, read.

The default graph of the protocol is the graph `unnamed`: what was written without naming a graph. It is always there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.access import Node
from kg.graph.remote import refuse_merged
from kg.graph.rewriting import protected
from kg.graph.updating import GraphProtected
from kg.graph.writing import Writing, removal

Triples = Iterable[ox.Triple | ox.Quad]


@dataclass(frozen=True, slots=True)
class Graphs:
    """The named graphs of a store. Every change is one transaction, and changes the default graph along."""

    writing: Writing

    def node(self, graph: str | None) -> Node:
        """Return the name of a graph, None being the default graph; QueryError where it is no IRI."""
        if graph is None:
            return self.writing.iris.unnamed
        try:
            return Node(graph)
        except ValueError as error:
            raise QueryError(f"{graph[:200]!r} cannot name a graph ({error}); give an absolute IRI") from error

    def has(self, graph: str | None) -> bool:
        """Say whether there is such a graph; it may be empty."""
        return graph is None or bool(self.writing.graph.query(f"ASK {{ GRAPH {self.node(graph)} {{}} }}"))

    def triples(self, graph: str | None) -> Iterator[Any]:
        """Yield what a graph says."""
        return (quad.triple for quad in self.writing.graph.quads_for_pattern(None, None, None, self.node(graph)))

    def put(self, graph: str | None, triples: Triples) -> bool:
        """Let a graph say these triples and nothing else; say whether it is new."""
        node, there = self._writable(graph), self.has(graph)
        with self.writing.touching([node]):
            self.writing.replace([removal(node), f"CREATE GRAPH {node}"], [node], [*_quads(triples, node)])
        return not there

    def add(self, graph: str | None, triples: Triples) -> bool:
        """Let a graph say these triples too; say whether it is new."""
        node, there = self._writable(graph), self.has(graph)
        with self.writing.touching([node]):
            self.writing.replace([f"CREATE SILENT GRAPH {node}"], [], [*_quads(triples, node)])
        return not there

    def delete(self, graph: str | None) -> bool:
        """Take a graph away; say whether it was there."""
        node, there = self._writable(graph), self.has(graph)
        if there:
            with self.writing.touching([node]):
                self.writing.replace([removal(node)], [node], [])
        return there

    def _writable(self, graph: str | None) -> Node:
        refuse_merged(self.writing.graph)
        node = self.node(graph)
        if protected(self.writing.iris, node.value):
            raise GraphProtected(
                f"{node.value}: the graph of a document, of entity records, of judgements or of the ontology is changed only as a whole; "
                "send and withdraw documents instead (POST /documents, DELETE /documents/{id}), or write into a graph of yours"
            )
        return node


def _quads(triples: Triples, graph: Node) -> Iterator[ox.Quad]:
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            raise QueryError(
                "a triple about a triple is RDF 1.2; this store holds RDF 1.1, so describe the triple with rdf:subject and so on"
            )
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
