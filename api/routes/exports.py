"""The whole graph as a file: for Gephi and networkx, for spreadsheets, and as RDF."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import IO, Annotated

import networkx as nx
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.deps import SettingsDep, StoreDep
from api.errors import Busy, NotFound
from kg.graph.network import build_network, write_edge_csv, write_gexf, write_graphml, write_node_csv
from kg.graph.selection import Projection, Selection
from kg.graph.store import Store
from kg.model import Predicate, Stance

_making = Lock()  # each export holds the whole graph in memory, so one at a time
router = APIRouter(tags=["exports"])


@dataclass(frozen=True, slots=True)
class Export:
    """A file to download: its path and media type, what it is for, and how it is made."""

    path: str
    media: str
    purpose: str
    make: Callable[[Store, Selection], bytes]
    selective: bool = False  # whether a part of the graph can be asked for


def _network(write: "Callable[[nx.MultiDiGraph[str], IO[bytes]], None]") -> Callable[[Store, Selection], bytes]:
    def make(store: Store, selection: Selection) -> bytes:
        output = io.BytesIO()
        if selection.ego is not None:
            entity = store.entity(selection.ego)
            if entity is None:
                raise NotFound(f"ego={selection.ego[:200]!r}: no entity goes by that name; look it up under /entities?q=")
            selection = replace(selection, ego=entity.name)
        write(build_network(store.entities(), store.statements(), selection), output)
        return output.getvalue()

    return make


def _rdf(form: str) -> Callable[[Store, Selection], bytes]:
    return lambda store, _: store.export(form)


def _selection(
    *,
    projection: Annotated[Projection, Query(description="What the nodes are", examples=["propositions"])] = Projection.ENTITIES,
    stance: Annotated[list[Stance] | None, Query(description="Only statements in these stances", examples=[["denies"]])] = None,
    predicate: Annotated[list[Predicate] | None, Query(description="Only statements of these relations", examples=[["divests"]])] = None,
    since: Annotated[str | None, Query(description="Only what was said then or later, ISO 8601", examples=["2021-09"])] = None,
    until: Annotated[str | None, Query(description="Only what was said until then, ISO 8601", examples=["2021-12-31"])] = None,
    ego: Annotated[str | None, Query(description="Only an entity and what is around it", examples=["华为"], max_length=500)] = None,
    depth: Annotated[int, Query(ge=1, le=10, description="How many edges around it", examples=[2])] = 1,
    min_weight: Annotated[float, Query(ge=0, le=1e9, description="Only edges from so many independent sources", examples=[2])] = 0,
) -> Selection:
    return Selection(
        projection, frozenset(stance or ()), frozenset(predicate or ()), since, until, ego, depth=depth, least_weight=min_weight
    )


SelectionDep = Annotated[Selection, Depends(_selection)]


EXPORTS = (
    Export(
        "/export.gexf", "application/gexf+xml", "The graph for Gephi: entities as nodes, one edge a statement", _network(write_gexf), True
    ),
    Export("/export.graphml", "application/graphml+xml", "The same graph as GraphML", _network(write_graphml), True),
    Export("/nodes.csv", "text/csv", "Its nodes, for Gephi's import wizard or a spreadsheet", _network(write_node_csv), True),
    Export("/edges.csv", "text/csv", "Its edges, for Gephi's import wizard or a spreadsheet", _network(write_edge_csv), True),
    Export("/export.nq", "application/n-quads", "Everything as sorted N-Quads, one named graph a document", _rdf("nq")),
    Export("/export.trig", "application/trig", "Everything as TriG", _rdf("trig")),
    Export("/export.ttl", "text/turtle", "Everything as Turtle, all documents in one graph", _rdf("ttl")),
    Export("/export.nt", "application/n-triples", "Everything as N-Triples", _rdf("nt")),
    Export("/export.jsonld", "application/ld+json", "Everything as JSON-LD", _rdf("jsonld")),
)


def _add_route(export: Export) -> None:
    name = export.path.removeprefix("/").replace("export.", "statements.")

    def part(store: StoreDep, settings: SettingsDep, selection: SelectionDep) -> Response:
        if not _making.acquire(timeout=settings.query_patience):
            raise Busy("another export is being made; ask again in a moment")
        try:
            body = export.make(store, selection)
        finally:
            _making.release()
        return Response(body, media_type=export.media, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    def whole(store: StoreDep, settings: SettingsDep) -> Response:
        return part(store, settings, Selection())

    router.add_api_route(
        export.path,
        part if export.selective else whole,
        name=name,
        summary=export.purpose,
        response_class=Response,
        responses={200: {"content": {export.media: {}}}},
    )


for _export in EXPORTS:
    _add_route(_export)
