"""A query from outside to the workers and back: read, run until answered or its client has left, sent in the form the client likes."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.negotiation import GRAPHS, HTML, RESULTS, choose
from api.pages import Pages
from api.pages.charts import network, years
from api.query.jobs import Dataset, End
from api.query.pool import Pool, Running
from kg.errors import QueryError
from kg.graph.datasets import OutsideRefused, graphs_named
from kg.graph.sparql import read_query
from kg.graph.store import Store

Result = TypeVar("Result")

_JSON = RESULTS[0].media
_NAMING = re.compile("FROM|GRAPH", re.IGNORECASE)  # what might name a graph; whether it does is for the parser to say
_UNWATCHED = 0.02  # seconds that a query runs before anybody looks whether its client is still there: most are answered by then
_SHORT = 2_000  # characters of a query that are read at once, without a thread


async def answer(request: Request, sparql: str, dataset: Dataset, soonest: Callable[[str], str] | None = None) -> Response:
    """Return the answer to a query; QueryError, QueryTooHeavy, Busy or NotAcceptable where there is none.

    `soonest` says in which other words a query that is known to the store is carried out; shown is the query as it came.

    Where rows were left out, the header `KG-Truncated: true` says so, and the end of the body says why. A long answer is sent while it
    is being found: its header is `KG-Truncated: unknown`, and only its end can say.
    """
    pool: Pool = request.app.state.pool
    pages: Pages = request.app.state.pages
    if len(sparql) > (longest := pool.settings.query_length):
        raise QueryError(f"the query has {len(sparql)} characters, {longest} are allowed; ask in several queries")
    query = read_query(sparql) if len(sparql) < _SHORT else await run_in_threadpool(read_query, sparql)
    text = query.text if soonest is None else soonest(query.text)
    if dataset != Dataset() or _NAMING.search(sparql):
        await run_in_threadpool(_refuse_outside, sparql, dataset, request.app.state.store)
    media = choose(request.headers.get("accept"), GRAPHS if query.form.gives_graph else (*RESULTS, HTML))
    client = request.client.host if request.client else ""
    if media == HTML.media:
        shown = pool.answer(text, _JSON, dataset, client=client, rows=pool.settings.shown_rows)
        end, body = await unless_gone(request, shown)
        response: Response = _page(pages, sparql, json.loads(body), end)
        if end.truncated:
            response.headers["KG-Truncated"] = "true"
        return response
    running = await unless_gone(request, pool.run(text, media, dataset, client=client))
    if running.short:
        return Response(await running.body(), media_type=media)
    return Streamed(running, media)


def _refuse_outside(sparql: str, dataset: Dataset, store: Store) -> None:
    """Raise OutsideRefused where FROM names what is no graph of the store, or GRAPH or the protocol a file that is none."""
    named = graphs_named(sparql, store.iris.base)
    files = (graph for graph in (*named.patterns, *dataset.default, *dataset.named) if graph.lower().startswith("file:"))
    for graph in (*named.datasets, *files):
        if not store.graphs.has(graph):
            raise OutsideRefused(f"{graph[:200]} is no graph of this store, and nothing is read from elsewhere; name one that is there")


class Streamed(StreamingResponse):
    """An answer that is sent as it is found; where the client leaves, the query ends."""

    def __init__(self, running: Running, media: str) -> None:
        super().__init__(running.pieces(), media_type=media)
        self._running = running
        head = running.head
        if head.size is not None:
            self.headers["Content-Length"] = str(head.size)
        if head.truncated is not None or head.size is None:
            self.headers["KG-Truncated"] = "true" if head.truncated is not None else "unknown"
            self.headers["Cache-Control"] = "no-store"  # another time there may be time for all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and let the worker go."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._running.close()


def _page(pages: Pages, sparql: str, found: Mapping[str, object], end: End) -> Response:
    pictures = {"years": years(found), "network": network(found)} if "results" in found else {}
    return pages.render("results", {"sparql": sparql, "found": found, "truncated": end.truncated is not None, **pictures}, script="sparql")


async def unless_gone(request: Request, asked: Coroutine[None, None, Result]) -> Result:
    """Return what was found; where the client leaves first, end the query with its worker."""
    running = asyncio.ensure_future(asked)
    looking = asyncio.get_running_loop().call_later(_UNWATCHED, lambda: watching.append(_watch(request, running)))
    watching: list[asyncio.Future[None]] = []
    try:
        return await running
    except asyncio.CancelledError:
        if running.done() and not running.cancelled() and isinstance(begun := running.result(), Running):
            await begun.close()
        raise
    finally:
        looking.cancel()
        for watch in watching:
            watch.cancel()


def _watch(request: Request, running: asyncio.Future[Result]) -> asyncio.Future[None]:
    leaving = asyncio.ensure_future(_gone(request))
    leaving.add_done_callback(lambda _: running.cancel())
    return leaving


async def _gone(request: Request) -> None:
    """Return when the client has closed the connection; its body has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
