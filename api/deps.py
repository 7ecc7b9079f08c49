"""What routes are handed: the settings, the open store, the query pool, the pages, and where in a list the reader is.

All of it is `async`, though nothing waits: FastAPI would call a plain function in another thread, which costs more than a look-up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request

from api.cursors import key_of
from api.errors import BadRequest, ReadOnly, Unauthorized
from api.jobs.queue import Jobs
from api.pages import Pages
from api.pages.timeline import Timeline, timeline
from api.query.pool import Pool
from api.settings import Settings
from api.writing import Writer
from kg.graph.paths import Paths
from kg.graph.records import EntityRecord, Key, Summary
from kg.graph.store import Store

_LEADING = 12
_SUGGESTED = 300
Record = TypeVar("Record")


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


async def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


async def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


class Contents:
    """What the store holds, counted and listed once a generation, when first asked for."""

    def __init__(self, store: Store, generation: int) -> None:
        self._store = store
        self.generation = generation
        self.triples: int | None = None  # of the default graph, once they were counted

    @cached_property
    def summary(self) -> Summary:
        """What there is, counted."""
        return self._store.summary()

    @cached_property
    def leading(self) -> list[EntityRecord]:
        """The entities that are most spoken of."""
        return self._store.leading(_LEADING)

    @cached_property
    def suggested(self) -> list[str]:
        """The names that a search suggests: those most spoken of."""
        return [record.name for record in self._store.leading(_SUGGESTED)]

    @cached_property
    def timeline(self) -> Timeline:
        """How many statements each year has, by stance."""
        return timeline(self._store.years())

    @cached_property
    def paths(self) -> Paths:
        """The plain edges, to find ways along."""
        return Paths(self._store.edges())


async def _generation(request: Request) -> int:
    """Return the number that is higher after each change of the store."""
    found: Writer = request.app.state.writer
    return found.generation


async def contents_of(request: Request) -> Contents:
    """Return what was counted since the last change."""
    state, generation = request.app.state, await _generation(request)
    if state.contents.generation != generation:
        state.contents = Contents(state.store, generation)
    contents: Contents = state.contents
    return contents


async def writer(request: Request) -> Writer:
    """Return what changes the store, to a request that brings the token; ReadOnly or Unauthorized to others.

    A route that writes depends on it: `writer: WriterDep`, then `await writer.run(lambda store: store.withdraw(name))`.
    """
    found: Writer = request.app.state.writer
    if found.token is None:
        raise ReadOnly("this server only reads; start it with KG_WRITE_TOKEN set, and send that token as `Authorization: Bearer TOKEN`")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise Unauthorized("a change needs the token of this server; send it as `Authorization: Bearer TOKEN`")
    sent = given.strip().encode("latin-1").decode("utf-8", "surrogateescape")  # as headers come in, but the token may be 令牌
    if not found.token.admits(sent):
        raise Unauthorized("the token is not the one of this server; send the one that KG_WRITE_TOKEN holds")
    return found


async def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


SettingsDep = Annotated[Settings, Depends(_settings)]
StoreDep = Annotated[Store, Depends(_store)]
PoolDep = Annotated[Pool, Depends(_pool)]
ContentsDep = Annotated[Contents, Depends(contents_of)]
WriterDep = Annotated[Writer, Depends(writer)]
JobsDep = Annotated[Jobs, Depends(_jobs)]
GenerationDep = Annotated[int, Depends(_generation)]
PagesDep = Annotated[Pages, Depends(_pages)]


@dataclass(frozen=True, slots=True)
class Page:
    """How many items of a list are wanted, and the cursor after which to go on."""

    limit: int
    cursor: str | None

    def of(self, records: Sequence[Record], key: Callable[[Record], str]) -> tuple[Sequence[Record], str | None]:
        """Return the page of a short list in memory, where an item's id is its cursor, and the cursor of the next, None on the last.

        >>> Page(2, "华为").of(["小米", "华为", "比亚迪"], str)
        (['比亚迪'], None)
        """
        start = 0
        if self.cursor is not None:
            keys = [key(record) for record in records]
            if self.cursor not in keys:
                raise BadRequest(f"cursor={self.cursor[:80]}: not in this list any more; begin again without a cursor")
            start = keys.index(self.cursor) + 1
        chosen = records[start : start + self.limit]
        return chosen, key(chosen[-1]) if chosen and start + self.limit < len(records) else None

    def after(self, *shape: type) -> Key:
        """Return the key after which to go on, empty at the beginning; BadRequest for a cursor from elsewhere."""
        return () if self.cursor is None else key_of(self.cursor, shape)


async def _page(
    settings: SettingsDep,
    limit: Annotated[int | None, Query(ge=1, description="How many items; the server's own limit stands above it", examples=[20])] = None,
    cursor: Annotated[str | None, Query(description="Where to go on: `next` of the page before carries it", max_length=8000)] = None,
) -> Page:
    return Page(min(limit or settings.page_size, settings.page_limit), cursor)


PageDep = Annotated[Page, Depends(_page)]
