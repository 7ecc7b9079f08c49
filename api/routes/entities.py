"""Entities: search, and what is affirmed, denied, planned and said of one, as JSON, JSON-LD, Turtle or a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from api.deps import PageDep, PagesDep, SettingsDep, StoreDep
from api.errors import NotFound, found_at
from api.linked import linked_entity
from api.negotiation import HTML, JSON, JSON_LD, TURTLE, choose
from api.pages import gephi_lite, path_to
from api.pages.neighbourhood import neighbourhood
from api.pages.timeline import timeline
from api.routes.lists import LINKED, LISTED, Responses, next_path, without_suffix
from api.schemas import (
    EntityDetail,
    EntityFilter,
    EntityItem,
    EntityList,
    EntitySummary,
    MatchOut,
    RelationOut,
    StatementList,
    StatementOut,
)
from kg.graph.records import StatementRecord
from kg.graph.store import Store
from kg.model import Stance

router = APIRouter(tags=["entities"])
MOVED: Responses = {
    307: {"description": "Another name of an entity: see its own path"},
    308: {"description": "An entity that was judged to be another (`kg same`): see that one"},
}
Named = Annotated[str, Path(description="Any of its names; an ending names the representation", examples=["华为", "鸿蒙.ttl"])]


@router.get("/entities", response_model=EntityList, responses=LISTED)
def entities(
    *,
    request: Request,
    store: StoreDep,
    pages: PagesDep,
    page: PageDep,
    wanted: Annotated[EntityFilter, Query()],
) -> Response | EntityList:
    """Find entities by any name, a part of one, its pinyin or the initials of that, best matches first; without `q` all, by name.

    `match` says for each which of its names fits the text, and why. What the lexicon calls an entity finds it, too.
    """
    conditions = {"kind": wanted.kind, "document": wanted.document}
    text = (wanted.q or "").strip()
    with found_at("/documents"):
        if text:
            matched = store.search_after(text, page.after(int, int, str), page.limit, **conditions)
            items = [EntityItem(**EntitySummary.of(record).model_dump(), match=MatchOut.of(match)) for match, record in matched.items]
            after, total = matched.after, matched.total
        else:
            listed = store.entities_after(page.after(str), page.limit, **conditions)
            items = [EntityItem(**EntitySummary.of(record).model_dump()) for record in listed.items]
            after, total = listed.after, listed.total
    following = next_path(request, after)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        return pages.render("entities", {"q": text, "entities": items, "total": total, "next": following})
    return EntityList(items=items, total=total, next=following)


@router.get("/entities/{name:path}", response_model=EntityDetail, responses={**LINKED, **MOVED})
def entity(
    *,
    name: Named,
    request: Request,
    store: StoreDep,
    pages: PagesDep,
    settings: SettingsDep,
    stance: Annotated[Stance | None, Query(description="Only statements in this stance", examples=["denies"])] = None,
) -> Response:
    """Show an entity: its kinds and names, the plain relations it is in, and the statements about it or by it with their evidence.

    The representation is chosen by `Accept` or by an ending of the path: `.json`, `.jsonld`, `.ttl`, `.html`.
    """
    plain, media = without_suffix(name, lambda key: store.entity(key) is not None)
    record = store.entity(plain)
    if record is None:
        raise NotFound(f"entity {plain[:200]!r}: no entity has this name, or more than one has it; search for it at /entities?q=")
    if plain != record.name:
        return moved(store, plain, record.name, path_to("entities", record.name + name[len(plain) :]))
    media = media or choose(request.headers.get("accept"), (JSON, HTML, JSON_LD, TURTLE))
    chosen = {} if stance is None else {"stance": stance.value}
    statements = store.statements_after((), settings.page_size, entity=record.name, **chosen)
    following = next_path(request, statements.after, path="/statements", entity=record.name, **chosen)
    neighbours = f"{path_to('entities', record.name)}/neighbours"
    if media in {JSON_LD.media, TURTLE.media}:
        response = linked_entity(store, record, statements.items, settings.page_limit, media)
        response.headers["Link"] = ", ".join(f'<{path}>; rel="related"' for path in (neighbours, following) if path)
        return response
    relations = store.relations(record.name)[: settings.page_limit]
    total = record.statements
    if media == HTML.media:
        return pages.render(
            "entity",
            {
                "entity": record,
                "relations": relations,
                "groups": by_stance(statements.items),
                "stance": stance,
                "total": total,
                "next": following,
                "neighbours": neighbours,
                "picture": neighbourhood(record.name, statements.items),
                "timeline": timeline(store.years(record.name)),
                "lite": gephi_lite(request.app.state.address, ego=record.name, depth="2"),
            },
        )
    detail = EntityDetail(
        **EntitySummary.of(record).model_dump(),
        relations=[RelationOut.of(relation) for relation in relations],
        neighbours=neighbours,
        statement_list=StatementList(
            items=[StatementOut.of(statement) for statement in statements.items],
            total=total,
            next=following,
        ),
    )
    return Response(detail.model_dump_json(), media_type=JSON.media)  # written here: the framework would have another thread do it


@dataclass(frozen=True, slots=True)
class Group:
    """Statements in one stance, newest first."""

    stance: Stance
    statements: list[StatementRecord]


def by_stance(statements: Sequence[StatementRecord]) -> list[Group]:
    """Return statements in groups, in the order of the stances."""
    groups = [Group(stance, [one for one in statements if one.stance is stance]) for stance in Stance]
    return [group for group in groups if group.statements]


def moved(store: Store, asked: str, name: str, path: str) -> Response:
    """Return the way to an entity from another of its names: for good where the two were judged the same, which may be taken back."""
    return RedirectResponse(path, 308 if store.merged(asked) == name else 307, {"Cache-Control": "no-cache"})
