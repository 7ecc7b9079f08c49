"""The whole graph as a file: for Gephi and networkx, for spreadsheets, and as RDF."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import IO

import networkx as nx
from fastapi import APIRouter
from starlette.responses import Response

from api.deps import SettingsDep, StoreDep
from api.errors import Busy
from kg.graph.network import build_network, write_edge_csv, write_gexf, write_graphml, write_node_csv
from kg.graph.store import Store

_making = Lock()  # each export holds the whole graph in memory, so one at a time
router = APIRouter(tags=["exports"])


@dataclass(frozen=True, slots=True)
class Export:
    """A file to download: its path and media type, what it is for, and how it is made."""

    path: str
    media: str
    purpose: str
    make: Callable[[Store], bytes]


def _network(write: "Callable[[nx.MultiDiGraph[str], IO[bytes]], None]") -> Callable[[Store], bytes]:
    def make(store: Store) -> bytes:
        output = io.BytesIO()
        write(build_network(store.entities(), store.statements()), output)
        return output.getvalue()

    return make


def _rdf(form: str) -> Callable[[Store], bytes]:
    return lambda store: store.export(form)


EXPORTS = (
    Export("/export.gexf", "application/gexf+xml", "The graph for Gephi: entities as nodes, one edge a statement", _network(write_gexf)),
    Export("/export.graphml", "application/graphml+xml", "The same graph as GraphML", _network(write_graphml)),
    Export("/nodes.csv", "text/csv", "Its nodes, for Gephi's import wizard or a spreadsheet", _network(write_node_csv)),
    Export("/edges.csv", "text/csv", "Its edges, for Gephi's import wizard or a spreadsheet", _network(write_edge_csv)),
    Export("/export.nq", "application/n-quads", "Everything as sorted N-Quads, one named graph a document", _rdf("nq")),
    Export("/export.trig", "application/trig", "Everything as TriG", _rdf("trig")),
    Export("/export.ttl", "text/turtle", "Everything as Turtle, all documents in one graph", _rdf("ttl")),
    Export("/export.nt", "application/n-triples", "Everything as N-Triples", _rdf("nt")),
    Export("/export.jsonld", "application/ld+json", "Everything as JSON-LD", _rdf("jsonld")),
)


def _add_route(export: Export) -> None:
    name = export.path.removeprefix("/").replace("export.", "statements.")

    def download(store: StoreDep, settings: SettingsDep) -> Response:
        if not _making.acquire(timeout=settings.query_patience):
            raise Busy("another export is being made; ask again in a moment")
        try:
            body = export.make(store)
        finally:
            _making.release()
        return Response(body, media_type=export.media, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    router.add_api_route(
        export.path,
        download,
        name=name,
        summary=export.purpose,
        response_class=Response,
        responses={200: {"content": {export.media: {}}}},
    )


for _export in EXPORTS:
    _add_route(_export)
