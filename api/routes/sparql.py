"""SPARQL 1.1 Protocol, queries: by GET, by form and by direct POST; without a query, what the endpoint can do."""

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import answer
from api.deps import PagesDep, SettingsDep
from api.errors import answer_known
from api.negotiation import GRAPHS, HTML, RESULTS, choose
from api.query.jobs import Dataset
from api.routes.description import service_description
from api.routes.lists import Responses
from api.routes.protocol import FORM, QUERY, UPDATE, Fields, graph_parameters, in_address, listed, only, posted
from kg.errors import KgError
from kg.graph.questions import questions
from kg.graph.sparql import UpdateRefused

router = APIRouter(tags=["sparql"])
_ANSWERS: Responses = {200: {"content": {offer.media: {} for offer in (*RESULTS, *GRAPHS, HTML)}}}
_DATASET = graph_parameters(
    default_graph_uri="A graph to ask of, instead of the whole store", named_graph_uri="A graph that GRAPH may name"
)
_PARAMETER = {
    "name": "query",
    "in": "query",
    "required": False,
    "description": "A SELECT, ASK, CONSTRUCT or DESCRIBE; without one, the answer is the description of the service",
    "schema": {"type": "string"},
    "example": "SELECT ?谁 ?何事 WHERE { ?谁 kg:denies ?何事 } LIMIT 10",
}
_BODY = {
    "content": {QUERY: {"schema": {"type": "string"}}, FORM: {"schema": {"type": "object", "properties": {"query": {"type": "string"}}}}}
}


@router.get("/sparql/", include_in_schema=False)
@router.get("/sparql", response_class=Response, responses=_ANSWERS, openapi_extra={"parameters": [_PARAMETER, *_DATASET]})
async def ask_by_get(request: Request, pages: PagesDep, settings: SettingsDep) -> Response:
    """Answer a query in the address; the project's prefixes need not be declared. A browser that asks nothing is shown a form.

    A query that takes too long is ended; where rows were left out, the header `KG-Truncated: true` says so, and the end of the answer.
    A long answer is sent while it is being found, with `KG-Truncated: unknown`: then only its end says it.
    """
    if request.url.query:
        return await answer_in_address(request)
    media = choose(request.headers.get("accept"), (*GRAPHS, HTML))
    if media != HTML.media:
        return await service_description(request, media)
    return pages.render("sparql", {"settings": settings, "example": None, "questions": questions().values()}, script="sparql")


async def answer_in_address(request: Request) -> Response:
    """Answer the query in the address."""
    return await answer(request, *_asked(in_address(request)))


class Shortcut:
    """ASGI middleware inside the guard that answers queries in an address itself: finding the route takes longer than a look-up."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a query, or the problem that it has; hand all else on."""
        if scope["type"] != "http" or scope["path"] != "/sparql" or scope["method"] != "GET" or not scope["query_string"]:
            await self._app(scope, receive, send)
            return
        try:
            response = await answer_in_address(Request(scope, receive))
        except KgError as error:
            response = answer_known(error, "/sparql")
        await response(scope, receive, send)


@router.post("/sparql/", include_in_schema=False)
@router.post("/sparql", response_class=Response, responses=_ANSWERS, openapi_extra={"requestBody": _BODY, "parameters": _DATASET})
async def ask_by_post(request: Request) -> Response:
    """Answer a query in the body: `application/sparql-query`, or a form with the field `query`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == UPDATE:
        raise _refused()
    return await answer(request, *_asked(await posted(request, "query", QUERY)))


def _asked(fields: Fields) -> tuple[str, Dataset]:
    """Return the query and the dataset that the fields of the protocol name; BadRequest where they name none, or two."""
    if any(name == "update" for name, _ in fields):
        raise _refused()
    return only(fields, "query"), Dataset(listed(fields, "default-graph-uri"), listed(fields, "named-graph-uri"))


def _refused() -> UpdateRefused:
    return UpdateRefused("an update would change the graph, which is only asked here; send it to /update, with the token")
