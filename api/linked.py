"""Nodes as linked data: what the graph says of an entity, a statement or a document, each triple in the graph of its document."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from starlette.responses import Response

from api.negotiation import JSON_LD, TURTLE
from kg.graph.export import export
from kg.graph.store import Store
from kg.graph.vocabulary import NO_EDGE, OA, PREDICATES, TERMS

_FORMATS = {JSON_LD.media: "jsonld", TURTLE.media: "ttl"}
_FOLLOWED = frozenset({TERMS["expresses"], TERMS["evidence"], OA["hasSelector"]})
_EDGES = frozenset(term for predicate, term in PREDICATES.items() if predicate not in NO_EDGE)


def linked_response(store: Store, nodes: Iterable[str], media: str) -> Response:
    """Return the description of the nodes with these IRIs, as JSON-LD or Turtle."""
    return Response(export(_described(store.graph, [ox.NamedNode(node) for node in nodes]), _FORMATS[media]), media_type=media)


def _described(graph: ox.Store, nodes: list[ox.NamedNode]) -> Iterator[ox.Quad]:
    """Yield all quads of the nodes, the plain edges that end in them, and all of the proposition, evidence and selectors of a statement."""
    waiting, seen = list(nodes), set(nodes)
    for node in nodes:
        for quad in graph.quads_for_pattern(None, None, node):
            if quad.predicate in _EDGES and quad.subject not in seen and isinstance(quad.graph_name, ox.NamedNode):
                yield quad
    while waiting:
        for quad in graph.quads_for_pattern(waiting.pop(), None, None):
            if not isinstance(quad.graph_name, ox.NamedNode):
                continue  # the default graph repeats what stands in the named ones
            yield quad
            if quad.predicate in _FOLLOWED and isinstance(quad.object, ox.NamedNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)
