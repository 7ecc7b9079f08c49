"""SPARQL 1.1 Protocol, updates: by form and by direct POST, with the token."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import unless_gone
from api.deps import PoolDep, SettingsDep, WriterDep
from api.errors import BadRequest
from api.query.jobs import Dataset
from api.routes.protocol import FORM, UPDATE, graph_parameters, listed, only, posted
from kg.errors import QueryError
from kg.graph.rewriting import Using
from kg.graph.updating import reads

router = APIRouter(tags=["sparql"])
_BODY = {
    "content": {UPDATE: {"schema": {"type": "string"}}, FORM: {"schema": {"type": "object", "properties": {"update": {"type": "string"}}}}}
}
_USING = graph_parameters(
    using_graph_uri="A graph that WHERE reads, instead of the whole store", using_named_graph_uri="A graph that GRAPH may name in WHERE"
)


@router.post("/update/", include_in_schema=False)
@router.post(
    "/update",
    status_code=204,
    response_class=Response,
    openapi_extra={"requestBody": _BODY, "parameters": _USING, "security": [{"bearer": []}]},
)
async def update(request: Request, writer: WriterDep, pool: PoolDep, settings: SettingsDep) -> Response:
    """Carry out an update, whole or not at all.

    One that finds what to change by a pattern is rehearsed first, in a process that is ended at the deadline of queries.
    What is written without a graph is found in the default graph, and in the graph `unnamed`. The graphs of documents are changed only
    through documents, and nothing is loaded from elsewhere: both are refused.
    """
    fields = await posted(request, "update", UPDATE)
    if any(name == "query" for name, _ in fields):
        raise BadRequest("a query changes nothing; send it to /sparql")
    text = only(fields, "update")
    if len(text) > settings.update_length:
        raise QueryError(f"the update has {len(text)} characters, {settings.update_length} are allowed; send several, or graphs")
    using = Using(listed(fields, "using-graph-uri"), listed(fields, "using-named-graph-uri"))
    if await run_in_threadpool(reads, text):  # what WHERE finds may take for ever, which only a process that can be killed may do
        async with writer.rehearsal() as place:
            if place is not None:
                client = request.client.host if request.client else ""
                rehearsal = pool.rehearse(place, text, Dataset(using.default, using.named), client=client)
                await unless_gone(request, rehearsal)
    await writer.run(lambda store: store.update(text, using))
    return Response(status_code=204)
