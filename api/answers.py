"""A query from outside to the workers and back: read, run until answered or its client has left, sent in the form the client likes."""

import asyncio
import json
from collections.abc import Mapping

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.negotiation import GRAPHS, HTML, RESULTS, choose
from api.pages import Pages
from api.query.pool import Pool
from api.query.worker import Answer, Dataset
from kg.errors import QueryError
from kg.graph.sparql import read_query

_JSON = RESULTS[0].media


async def answer(request: Request, sparql: str, dataset: Dataset) -> Response:
    """Return the answer to a query; QueryError, QueryTooHeavy, Busy or NotAcceptable where there is none.

    The header `KG-Truncated: true` says that rows were left out.
    """
    pool: Pool = request.app.state.pool
    pages: Pages = request.app.state.pages
    if len(sparql) > (longest := pool.settings.query_length):
        raise QueryError(f"the query has {len(sparql)} characters, {longest} are allowed; ask in several queries")
    query = await run_in_threadpool(read_query, sparql)
    media = choose(request.headers.get("accept"), GRAPHS if query.form.gives_graph else (*RESULTS, HTML))
    shown = _JSON if media == HTML.media else media
    head, body = await _unless_gone(request, asyncio.ensure_future(pool.run(query.text, shown, dataset)))
    response = _page(pages, sparql, json.loads(body), head) if media == HTML.media else Response(body, media_type=media)
    if head.truncated:
        response.headers["KG-Truncated"] = "true"
    return response


def _page(pages: Pages, sparql: str, found: Mapping[str, object], head: Answer) -> Response:
    return pages.render("results", {"sparql": sparql, "found": found, "truncated": head.truncated})


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
