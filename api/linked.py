"""Things as linked data: Turtle, and JSON-LD with the thing itself at the top and what hangs on it beside it."""

from collections.abc import Iterable, Sequence

import pyoxigraph as ox
from starlette.responses import Response

from api.negotiation import JSON_LD, TURTLE
from kg.graph.access import Access
from kg.graph.export import export, export_node
from kg.graph.nodes import entity_triples, node_triples, statement_triples
from kg.graph.records import DocumentRecord, EntityRecord, StatementRecord
from kg.graph.store import Store


def linked_entity(store: Store, record: EntityRecord, statements: Iterable[StatementRecord], edges: int, media: str) -> Response:
    """Return an entity with its plain edges, so many each way at most, and statements about it or by it."""
    access = Access(store.graph, store.iris)
    triples = [*entity_triples(access, ox.NamedNode(record.iri), edges), *_of_statements(access, statements)]
    return _response(record.iri, triples, media)


def linked_statements(store: Store, top: str, statements: Iterable[StatementRecord], media: str) -> Response:
    """Return statements with their evidence and propositions; the node `top`, one of these, comes first."""
    return _response(top, list(_of_statements(Access(store.graph, store.iris), statements)), media)


def linked_document(store: Store, record: DocumentRecord, statements: Iterable[StatementRecord]) -> Response:
    """Return a document with its text and its statements, as Turtle; as JSON-LD it is a collection of annotations."""
    access = Access(store.graph, store.iris)
    triples = [*node_triples(access, ox.NamedNode(record.iri)), *_of_statements(access, statements)]
    return _response(record.iri, triples, TURTLE.media)


def _of_statements(access: Access, statements: Iterable[StatementRecord]) -> Iterable[ox.Triple]:
    return statement_triples(access, [ox.NamedNode(record.iri) for record in statements])


def _response(top: str, triples: Sequence[ox.Triple], media: str) -> Response:
    if media == JSON_LD.media:
        return Response(export_node(top, triples), media_type=media)
    return Response(export([ox.Quad(one.subject, one.predicate, one.object) for one in triples], "ttl"), media_type=media)
