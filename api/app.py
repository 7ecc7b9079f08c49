"""Builds the app: the store, the query workers, the routes, the guard and the error table."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from api.deps import Contents
from api.errors import add_error_handlers
from api.freshness import Freshness
from api.guard import Guard
from api.jobs.queue import Jobs
from api.openapi import complete, limits
from api.pages import Pages
from api.preferences import Preferring
from api.query.pool import Pool
from api.reconciliation.candidates import Reconciler
from api.routes import (
    description,
    documents,
    entities,
    exports,
    graph_store,
    health,
    jobs,
    ledger,
    neighbours,
    nodes,
    pages,
    questions,
    reconcile,
    sparql,
    statements,
    update,
    uploads,
)
from api.schemas import ProblemOut
from api.settings import Settings
from api.writing import Token, Writer
from kg.graph.database import address_of

_ROUTERS = (
    pages,
    health,
    neighbours,
    entities,
    ledger,
    statements,
    documents,
    uploads,
    jobs,
    questions,
    reconcile,
    sparql,
    update,
    graph_store,
    description,
    exports,
    nodes,
)
_DESCRIPTION = (
    "Who said what, about what, when, in which words. Entities and documents go by their names, Chinese ones too, percent-encoded or not; "
    "lists go on at `next`; every error is a problem document (RFC 9457)."
)


def create_app(settings: Settings) -> FastAPI:
    """Return the app over the store of the settings; StoreError where it cannot be opened. Without a write token it only reads.

    The query workers start when the app does, and end with it.
    """
    store, writer = Writer.open(settings.store, Token(settings.write_token) if settings.write_token else None)
    pool, queue = Pool(settings, writer), Jobs(settings, writer)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if not address_of(settings.store):  # look-ups elsewhere wait for an answer, and many may
            current_default_thread_limiter().total_tokens = settings.lookup_threads
        await pool.open()
        await queue.open()
        watching = [
            asyncio.create_task(writer.watch(settings), name="watch"),
            asyncio.create_task(writer.keep_ledger(settings.ledger_seconds), name="ledger"),
        ]
        try:
            yield
        finally:
            for task in watching:
                task.cancel()
            await queue.close()
            await pool.close()
            writer.close()
            store.close()

    app = FastAPI(
        title="Corporate statements",
        version="1",  # of the paths, not of the package
        description=f"{_DESCRIPTION} {limits(settings)}",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses={"default": {"model": ProblemOut, "description": "A problem (RFC 9457)"}},
    )
    app.state.address = None  # where it listens, once it does
    app.state.settings, app.state.store, app.state.contents = settings, store, Contents(store, writer.generation)
    app.state.writer, app.state.jobs = writer, queue
    app.state.pool, app.state.pages, app.state.reconciler = pool, Pages(), Reconciler(store)
    app.state.routes = [route for module in _ROUTERS for route in module.router.routes]
    for module in _ROUTERS:
        app.include_router(module.router)
    add_error_handlers(app)
    app.add_middleware(sparql.Shortcut)
    app.add_middleware(Preferring)
    if not address_of(settings.store):  # nobody tells us when a store elsewhere changes
        app.add_middleware(Freshness, state=lambda: (writer.generation, writer.changed))
    app.add_middleware(Guard, settings=settings)
    complete(app)
    return app
