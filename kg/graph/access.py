"""How the graph is read: patterns and queries over the default graph, which holds every triple of the named ones once."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg.graph.database import Database
from kg.graph.iris import Iris
from kg.graph.vocabulary import OWL, PREFIXES, SKOS

Node = ox.NamedNode
Properties = dict[Node, Any]  # no blank nodes, no triples: the graph is our own, which the library's types cannot know

_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Access:
    """A graph and the names of what is in it."""

    graph: Database
    iris: Iris

    def match(self, subject: Node | None, predicate: Node | None, obj: Node | ox.Literal | None, graph: Any = _DEFAULT) -> Iterator[Any]:
        """Yield the quads of a pattern, in the default graph unless told (None: in every graph)."""
        return self.graph.quads_for_pattern(subject, predicate, obj, graph)

    def select(self, sparql: str) -> ox.QuerySolutions:
        """Return the rows of a SELECT."""
        answer = self.graph.query(sparql, prefixes=PREFIXES)
        assert isinstance(answer, ox.QuerySolutions)
        return answer

    def properties(self, node: Node) -> Properties:
        """Return what is said of a node, one value a property."""
        return {quad.predicate: quad.object for quad in self.match(node, None, None)}

    def described(self, nodes: Iterable[Node]) -> dict[Node, Properties]:
        """Return what is said of each of many nodes, one value a property; a store far away is asked once for all."""
        if isinstance(self.graph, ox.Store):  # a look-up in this process costs less than a row of an answer
            return {node: self.properties(node) for node in nodes}
        found: dict[Node, Properties] = {node: {} for node in nodes}
        if found:
            # a VALUES joined with a pattern may have the store scan all triples; with an OPTIONAL one it looks each node up
            values = " ".join(map(str, found))
            for row in self.select(f"SELECT ?n ?p ?o {{ VALUES ?n {{ {values} }} OPTIONAL {{ ?n ?p ?o }} }}"):
                if row["p"] is not None:
                    found[row["n"]][row["p"]] = row["o"]
        return found

    def said_in(self, graph: Node, predicates: Collection[Node]) -> dict[Node, Properties]:
        """Return what a graph says of nodes by some properties, one value a property; a store far away is asked once for all of them."""
        if not isinstance(self.graph, ox.Store):
            return by_node(quad for quad in self.match(None, None, None, graph) if quad.predicate in predicates)
        said: dict[Node, Properties] = {}
        for predicate in predicates:  # here what is not wanted costs as much as what is
            for quad in self.match(None, predicate, None, graph):
                said.setdefault(quad.subject, {})[predicate] = quad.object
        return said

    def edges(self, node: Node, predicates: Collection[Node]) -> Iterator[Any]:
        """Yield the quads of all graphs that lead from a node or to it by some predicates; a store far away is asked for all at once."""
        for subject, obj in ((node, None), (None, node)):
            if isinstance(self.graph, ox.Store):  # or all that is said of a company would be gone through
                for predicate in predicates:
                    yield from self.match(subject, predicate, obj, None)
            else:
                yield from (quad for quad in self.match(subject, None, obj, None) if quad.predicate in predicates)

    def same(self, node: Node) -> list[Node]:
        """Return the nodes that were judged to be the same entity, the given one among them."""
        mains = [quad.object for quad in self.match(node, OWL["sameAs"], None)] or [node]
        return [*mains, *(quad.subject for main in mains for quad in self.match(None, OWL["sameAs"], main))]

    def standing(self, node: Node) -> Node:
        """Return the node that stands for an entity in the default graph."""
        if any(self.match(node, SKOS["prefLabel"], None)):
            return node
        return next((one for one in self.same(node) if any(self.match(one, SKOS["prefLabel"], None))), node)

    def key(self, node: Node) -> str:
        """Return what one of our nodes was minted from: an entity's name, another node's id."""
        key = self.iris.key(node.value)
        assert key is not None, node
        return key


def by_node(quads: Iterable[Any]) -> dict[Node, Properties]:
    """Return what quads or triples say of each node, one value a property."""
    said: dict[Node, Properties] = {}
    for quad in quads:
        said.setdefault(quad.subject, {})[quad.predicate] = quad.object
    return said


def text_of(term: Node | ox.Literal | None) -> str | None:
    """Return a term's text, or None where there is none."""
    return None if term is None else term.value


ROLES = ("kg:expresses/rdf:subject", "kg:expresses/rdf:object", "prov:wasAttributedTo", "kg:onBehalfOf")


def roles(entity: str) -> str:
    """Return the SPARQL group that binds ?s to the statements in which an entity is subject, object, speaker or principal."""
    return " UNION ".join(f"{{ ?s {role} {entity} }}" for role in ROLES)
