"""SPARQL 1.1 Protocol, queries only: by GET, by form and by direct POST."""

from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import answer
from api.deps import PagesDep, SettingsDep
from api.errors import BadRequest, UnsupportedMedia
from api.negotiation import GRAPHS, HTML, RESULTS, choose
from api.query.jobs import Dataset
from api.routes.lists import Responses
from kg.graph.sparql import UpdateRefused

router = APIRouter(tags=["sparql"])
_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_ANSWERS: Responses = {200: {"content": {offer.media: {} for offer in (*RESULTS, *GRAPHS, HTML)}}}
_GRAPHS = {"type": "array", "items": {"type": "string", "format": "iri"}}
_DATASET = [
    {
        "name": "default-graph-uri",
        "in": "query",
        "required": False,
        "description": "A graph to ask of, instead of the whole store",
        "schema": _GRAPHS,
    },
    {"name": "named-graph-uri", "in": "query", "required": False, "description": "A graph that GRAPH may name", "schema": _GRAPHS},
]
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


@router.get("/sparql", response_class=Response, responses=_ANSWERS, openapi_extra={"parameters": [_PARAMETER, *_DATASET]})
async def ask_by_get(request: Request, pages: PagesDep, settings: SettingsDep) -> Response:
    """Answer a query in the address; the project's prefixes need not be declared. A browser that asks nothing is shown a form.

    A query that takes too long is ended; where rows were left out, the header `KG-Truncated: true` says so.
    """
    if not request.query_params and choose(request.headers.get("accept"), (*RESULTS, HTML)) == HTML.media:
        return pages.render("sparql", {"settings": settings})
    return await answer(request, *_asked(parse_qsl(request.url.query, keep_blank_values=True)))


@router.post("/sparql", response_class=Response, responses=_ANSWERS, openapi_extra={"requestBody": _BODY, "parameters": _DATASET})
async def ask_by_post(request: Request) -> Response:
    """Answer a query in the body: `application/sparql-query`, or a form with the field `query`."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == _UPDATE:
        raise _refused()
    if media not in {_FORM, _QUERY}:
        raise UnsupportedMedia(f"Content-Type: {media or 'none'}: a query is read from {_QUERY} or {_FORM}; send one of these")
    try:
        body = (await request.body()).decode()
        fields = parse_qsl(body, keep_blank_values=True, errors="strict") if media == _FORM else [("query", body)]
    except UnicodeDecodeError as error:
        raise BadRequest("the body is not UTF-8; encode the query as UTF-8") from error
    if media == _QUERY:
        fields += [pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] != "query"]
    return await answer(request, *_asked(fields))


def _asked(fields: list[tuple[str, str]]) -> tuple[str, Dataset]:
    """Return the query and the dataset that the fields of the protocol name; BadRequest where they name none, or two."""
    if any(name == "update" for name, _ in fields):
        raise _refused()
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        raise BadRequest(f"{len(queries)} queries were sent; send exactly one, in the field query")
    default, named = (tuple(value for name, value in fields if name == f"{kind}-graph-uri") for kind in ("default", "named"))
    return queries[0], Dataset(default, named)


def _refused() -> UpdateRefused:
    return UpdateRefused("an update would change the graph, which is only asked here; send a query")
