"""SPARQL 1.1 Protocol, queries only: by GET, by form and by direct POST."""

import asyncio
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import PagesDep, PoolDep, SettingsDep
from api.errors import BadRequest, UnsupportedMedia
from api.negotiation import GRAPHS, HTML, RESULTS, choose
from api.query.pool import Pool
from api.query.reading import UpdateRefused, read_query
from api.query.worker import Answer, Dataset
from api.routes.lists import Responses
from kg.errors import QueryError

router = APIRouter(tags=["sparql"])
_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_ANSWERS: Responses = {200: {"content": {offer.media: {} for offer in (*RESULTS, *GRAPHS)}}}
_PARAMETER = {
    "name": "query",
    "in": "query",
    "required": True,
    "description": "A SELECT, ASK, CONSTRUCT or DESCRIBE",
    "schema": {"type": "string"},
    "example": "SELECT ?谁 ?何事 WHERE { ?谁 kg:denies ?何事 } LIMIT 10",
}
_BODY = {
    "content": {_QUERY: {"schema": {"type": "string"}}, _FORM: {"schema": {"type": "object", "properties": {"query": {"type": "string"}}}}}
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the protocol carries: the query and the dataset it is to be asked of."""

    query: str
    dataset: Dataset


@router.get("/sparql", response_class=Response, responses=_ANSWERS, openapi_extra={"parameters": [_PARAMETER]})
async def ask_by_get(request: Request, pool: PoolDep, pages: PagesDep, settings: SettingsDep) -> Response:
    """Answer a query in the address. A browser that asks nothing is shown a form."""
    accept = request.headers.get("accept")
    if not request.query_params and choose(accept, (*RESULTS, HTML)) == HTML.media:
        return pages.render("sparql", {"settings": settings})
    return await _answer(request, pool, _asked(parse_qsl(request.url.query, keep_blank_values=True)))


@router.post("/sparql", response_class=Response, responses=_ANSWERS, openapi_extra={"requestBody": _BODY})
async def ask_by_post(request: Request, pool: PoolDep) -> Response:
    """Answer a query in the body: `application/sparql-query`, or a form with the field `query`."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == _UPDATE:
        raise UpdateRefused("an update would change the graph, and this endpoint only answers; send a query")
    if media not in {_FORM, _QUERY}:
        raise UnsupportedMedia(f"Content-Type: {media or 'none'}: a query is read from {_QUERY} or {_FORM}; send one of these")
    try:
        body = (await request.body()).decode()
        fields = parse_qsl(body, keep_blank_values=True, errors="strict") if media == _FORM else [("query", body)]
    except UnicodeDecodeError as error:
        raise BadRequest("the body is not UTF-8; encode the query as UTF-8") from error
    if media == _QUERY:
        fields += [pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] != "query"]
    return await _answer(request, pool, _asked(fields))


def _asked(fields: list[tuple[str, str]]) -> _Asked:
    """Return what the fields of the protocol say; BadRequest where they say nothing, or two things."""
    if any(name == "update" for name, _ in fields):
        raise UpdateRefused("an update would change the graph, and this endpoint only answers; send a query")
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        raise BadRequest(f"{len(queries)} queries were sent; send exactly one, in the field query")
    default = tuple(value for name, value in fields if name == "default-graph-uri")
    named = tuple(value for name, value in fields if name == "named-graph-uri")
    return _Asked(queries[0], Dataset(default, named))


async def _answer(request: Request, pool: Pool, asked: _Asked) -> Response:
    if len(asked.query) > (longest := pool.settings.query_length):
        raise QueryError(f"the query has {len(asked.query)} characters, {longest} are allowed; ask in several queries")
    query = await run_in_threadpool(read_query, asked.query)
    media = choose(request.headers.get("accept"), GRAPHS if query.form.gives_graph else RESULTS)
    head, body = await _unless_gone(request, asyncio.ensure_future(pool.run(query.text, media, asked.dataset)))
    headers = {"KG-Truncated": "true"} if head.truncated else {}
    return Response(body, media_type=media, headers=headers)


async def _unless_gone(request: Request, running: "asyncio.Future[tuple[Answer, bytes]]") -> tuple[Answer, bytes]:
    """Return what the query found; where the client leaves first, end the query with its worker."""
    leaving = asyncio.ensure_future(_gone(request))
    leaving.add_done_callback(lambda _: running.cancel())
    try:
        return await running
    finally:
        leaving.cancel()


async def _gone(request: Request) -> None:
    """Return when the client has closed the connection; its body has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
