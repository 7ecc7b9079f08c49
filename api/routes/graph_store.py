"""SPARQL 1.1 Graph Store HTTP Protocol: whole graphs, by their own address below /rdf-graph-store or by `?graph=`.

Everybody may read; the token lets write. `?default` is the graph `unnamed`, of what was written without naming a graph.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import answer
from api.deps import StoreDep, WriterDep
from api.errors import BadRequest, NotFound
from api.negotiation import GRAPHS
from api.query.jobs import Dataset
from api.rdf_bodies import MULTIPART, READ, triples_in
from api.routes.lists import Responses
from api.routes.protocol import in_address
from kg.graph.graphs import Graphs, Triples

router = APIRouter(tags=["graph store"])
STORE = "/rdf-graph-store"
_READ: Responses = {200: {"content": {offer.media: {} for offer in GRAPHS}}}
_PARAMETERS = [
    {"name": "graph", "in": "query", "required": False, "description": "The graph's IRI", "schema": {"type": "string", "format": "iri"}},
    {
        "name": "default",
        "in": "query",
        "required": False,
        "allowEmptyValue": True,
        "description": "Without a value: the graph of what was written without naming a graph",
        "schema": {"type": "string", "maxLength": 0},
    },
]
_BODY = {"requestBody": {"content": {media: {"schema": {"type": "string"}} for media in (*READ, MULTIPART)}}}
_SECURE: dict[str, Any] = {"security": [{"bearer": []}]}


async def _of_address(request: Request) -> str | None:
    """Return the graph that a request names, None being the default one; BadRequest where it names none, or two."""
    fields = in_address(request)
    graphs = [value for name, value in fields if name == "graph"]
    default = [value for name, value in fields if name == "default"]
    if len(graphs) + len(default) != 1 or len(fields) != 1 or any(default):
        raise BadRequest("the graph is named by ?graph=IRI or by ?default, once; or give the graph an address below /rdf-graph-store/")
    return graphs[0] if graphs else None


async def _own(request: Request) -> str:
    """Return the address that was asked for: the graph's name."""
    if request.url.query:
        raise BadRequest(
            f"{STORE}/…: the address itself names the graph; leave ?{request.url.query[:40]} out, or name the graph by ?graph="
        )
    return f"{_root(request)}{request.scope['raw_path'].decode('ascii')}"


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


Change = Callable[[Graphs, str | None, Triples], bool]
Named = Annotated[str | None, Depends(_of_address)]
Own = Annotated[str, Depends(_own)]


@router.get(STORE, response_class=Response, responses=_READ, openapi_extra={"parameters": _PARAMETERS})
async def read_graph(request: Request, graph: Named, store: StoreDep) -> Response:
    """Return a graph."""
    return await _read(request, graph, store.graphs)


@router.get(STORE + "/{path:path}", response_class=Response, responses=_READ)
async def read_own_graph(request: Request, path: str, graph: Own, store: StoreDep) -> Response:
    """Return the graph of this address."""
    return await _read(request, graph, store.graphs)


async def _read(request: Request, graph: str | None, graphs: Graphs) -> Response:
    if not await run_in_threadpool(graphs.has, graph):
        raise NotFound(f"there is no graph {str(graph)[:200]}; SELECT DISTINCT ?g {{ GRAPH ?g {{}} }} lists those that there are")
    return await answer(request, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graphs.node(graph)} {{ ?s ?p ?o }} }}", Dataset())


@router.put(STORE, response_class=Response, status_code=201, openapi_extra={"parameters": _PARAMETERS, **_BODY, **_SECURE})
async def put_graph(request: Request, writer: WriterDep, graph: Named) -> Response:
    """Let a graph hold what is sent and nothing else."""
    return await _write(request, writer, graph, Graphs.put)


@router.put(STORE + "/{path:path}", response_class=Response, status_code=201, openapi_extra={**_BODY, **_SECURE})
async def put_own_graph(request: Request, path: str, writer: WriterDep, graph: Own) -> Response:
    """Let the graph of this address hold what is sent and nothing else."""
    return await _write(request, writer, graph, Graphs.put)


@router.post(STORE + "/", include_in_schema=False)
@router.post(STORE, response_class=Response, status_code=201, openapi_extra={"parameters": _PARAMETERS, **_BODY, **_SECURE})
async def add_to_graph(request: Request, writer: WriterDep) -> Response:
    """Add what is sent to a graph; where the request names none, to a new one, whose address is the answer's Location."""
    if in_address(request):
        return await _write(request, writer, await _of_address(request), Graphs.add)
    address = f"{_root(request)}{STORE}/{uuid4()}"
    response = await _write(request, writer, address, Graphs.add)
    response.headers["Location"] = address
    return response


@router.post(STORE + "/{path:path}", response_class=Response, status_code=201, openapi_extra={**_BODY, **_SECURE})
async def add_to_own_graph(request: Request, path: str, writer: WriterDep, graph: Own) -> Response:
    """Add what is sent to the graph of this address."""
    return await _write(request, writer, graph, Graphs.add)


async def _write(request: Request, writer: WriterDep, graph: str | None, change: Change) -> Response:
    body, media = await request.body(), request.headers.get("content-type")
    base = graph or f"{_root(request)}{STORE}"
    triples = await run_in_threadpool(triples_in, body, media, base)
    new = await writer.run(lambda store: store.change_graphs(lambda graphs: change(graphs, graph, triples)))
    return Response(status_code=HTTPStatus.CREATED if new else HTTPStatus.NO_CONTENT)


@router.delete(STORE, status_code=204, response_class=Response, openapi_extra={"parameters": _PARAMETERS, **_SECURE})
async def delete_graph(writer: WriterDep, graph: Named) -> Response:
    """Take a graph away."""
    return await _delete(writer, graph)


@router.delete(STORE + "/{path:path}", status_code=204, response_class=Response, openapi_extra=_SECURE)
async def delete_own_graph(path: str, writer: WriterDep, graph: Own) -> Response:
    """Take the graph of this address away."""
    return await _delete(writer, graph)


async def _delete(writer: WriterDep, graph: str | None) -> Response:
    if not await writer.run(lambda store: store.change_graphs(lambda graphs: graphs.delete(graph))):
        raise NotFound(f"there is no graph {str(graph)[:200]}, and so nothing to take away")
    return Response(status_code=HTTPStatus.NO_CONTENT)
