"""Entities: search, and what is affirmed, denied, planned and said of one, as JSON, JSON-LD, Turtle or a page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.deps import ContentsDep, Page, PageDep, PagesDep, SettingsDep, StoreDep
from api.errors import NotFound
from api.linked import linked_response
from api.negotiation import HTML, JSON, JSON_LD, TURTLE, choose
from api.pages import path_to
from api.routes.lists import LINKED, next_path, without_suffix
from api.schemas import EntityDetail, EntityList, EntitySummary, RelationOut, StatementList, StatementOut

router = APIRouter(tags=["entities"])


@router.get("/entities", response_model=EntityList)
def entities(
    *,
    request: Request,
    store: StoreDep,
    pages: PagesDep,
    page: PageDep,
    settings: SettingsDep,
    contents: ContentsDep,
    q: Annotated[str | None, Query(description="Any name it goes by, or a part of one", examples=["鸿蒙"], max_length=200)] = None,
) -> Response | EntityList:
    """Find entities by any name: exact matches first, then beginnings, then inner parts; without `q` all, most spoken of first."""
    found = store.search(q.strip(), limit=settings.search_limit) if q and q.strip() else contents.entities
    items, cursor = page.of(found, lambda record: record.name)
    following = next_path(request, cursor)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        return pages.render("entities", {"q": q or "", "entities": items, "total": len(found), "next": following})
    return EntityList(items=[EntitySummary.of(record) for record in items], total=len(found), next=following)


@router.get(
    "/entities/{name:path}",
    response_model=EntityDetail,
    responses={**LINKED, 307: {"description": "Another name of an entity"}},
)
def entity(name: str, request: Request, store: StoreDep, pages: PagesDep, settings: SettingsDep) -> Response | EntityDetail:
    """Show an entity: its kinds and names, the plain relations it is in, and the statements about it or by it with their evidence.

    The representation is chosen by `Accept` or by an ending of the path: `.json`, `.jsonld`, `.ttl`, `.html`.
    """
    plain, media = without_suffix(name, lambda key: store.entity(key) is not None)
    record = store.entity(plain)
    if record is None:
        raise NotFound(f"entity {plain[:200]!r}: no entity has this name, or more than one has it; search for it at /entities?q=")
    if plain != record.name:
        return RedirectResponse(path_to("entities", record.name + name[len(plain) :]))
    media = media or choose(request.headers.get("accept"), (JSON, HTML, JSON_LD, TURTLE))
    statements = store.statements(entity=record.name)
    if media in {JSON_LD.media, TURTLE.media}:
        return linked_response(store, [record.iri, *(statement.iri for statement in statements)], media)
    relations = store.relations(record.name)
    items, cursor = Page(settings.page_size, None).of(statements, lambda statement: statement.id)
    following = next_path(request, cursor, path="/statements", entity=record.name)
    if media == HTML.media:
        shown = {"entity": record, "relations": relations, "statements": items, "total": len(statements), "next": following}
        return pages.render("entity", shown)
    return EntityDetail(
        **EntitySummary.of(record).model_dump(),
        relations=[RelationOut.of(relation) for relation in relations],
        statement_list=StatementList(
            items=[StatementOut.of(statement) for statement in items],
            total=len(statements),
            next=following,
        ),
    )
