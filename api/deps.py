"""What routes are handed: the settings, the open store, the query pool, the pages, and where in a list the reader is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request

from api.errors import BadRequest, ReadOnly, Unauthorized
from api.jobs.queue import Jobs
from api.pages import Pages
from api.query.pool import Pool
from api.schemas import StatementFilter
from api.settings import Settings
from api.writing import Writer
from kg.graph.records import EntityRecord, StatementRecord, Summary
from kg.graph.store import Store

_LISTS = 16
Record = TypeVar("Record")


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


class Contents:
    """What the store holds, counted and listed once a generation."""

    def __init__(self, store: Store, generation: int) -> None:
        self._store = store
        self.generation = generation
        self._lock = Lock()
        self.statements = lru_cache(maxsize=_LISTS)(self._statements)

    @cached_property
    def summary(self) -> Summary:
        """What there is, counted."""
        return self._store.summary()

    @property
    def entities(self) -> list[EntityRecord]:
        """All entities, most spoken of first."""
        with self._lock:  # two readers at once need not both count
            return self._entities

    def _statements(self, wanted: StatementFilter) -> list[StatementRecord]:
        """The statements that meet all conditions, newest first; the last few lists are kept, since a reader turns pages."""
        return self._store.statements(**wanted.model_dump())

    @cached_property
    def _entities(self) -> list[EntityRecord]:
        return self._store.entities()


def _generation(request: Request) -> int:
    """Return the number that is higher after each change of the store."""
    found: Writer = request.app.state.writer
    return found.generation


def _contents(request: Request) -> Contents:
    """Return what was counted since the last change."""
    state, generation = request.app.state, _generation(request)
    if state.contents.generation != generation:
        state.contents = Contents(state.store, generation)
    contents: Contents = state.contents
    return contents


def writer(request: Request) -> Writer:
    """Return what changes the store, to a request that brings the token; ReadOnly or Unauthorized to others.

    A route that writes depends on it: `writer: WriterDep`, then `await writer.run(lambda store: store.withdraw(name))`.
    """
    found: Writer = request.app.state.writer
    if found.token is None:
        raise ReadOnly("this server only reads; start it with KG_WRITE_TOKEN set, and send that token as `Authorization: Bearer TOKEN`")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise Unauthorized("a change needs the token of this server; send it as `Authorization: Bearer TOKEN`")
    if not found.token.admits(given.strip()):
        raise Unauthorized("the token is not the one of this server; send the one that KG_WRITE_TOKEN holds")
    return found


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


SettingsDep = Annotated[Settings, Depends(_settings)]
StoreDep = Annotated[Store, Depends(_store)]
PoolDep = Annotated[Pool, Depends(_pool)]
ContentsDep = Annotated[Contents, Depends(_contents)]
WriterDep = Annotated[Writer, Depends(writer)]
JobsDep = Annotated[Jobs, Depends(_jobs)]
GenerationDep = Annotated[int, Depends(_generation)]
PagesDep = Annotated[Pages, Depends(_pages)]


@dataclass(frozen=True, slots=True)
class Page:
    """How many items of a list are wanted, and the id of the item after which to go on."""

    limit: int
    cursor: str | None

    def of(self, records: Sequence[Record], key: Callable[[Record], str]) -> tuple[Sequence[Record], str | None]:
        """Return the page's records and the cursor of the next page, None on the last; BadRequest for a cursor from elsewhere.

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


def _page(
    settings: SettingsDep,
    limit: Annotated[int | None, Query(ge=1, description="How many items; the server's own limit stands above it")] = None,
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
) -> Page:
    return Page(min(limit or settings.page_size, settings.page_limit), cursor)


PageDep = Annotated[Page, Depends(_page)]
