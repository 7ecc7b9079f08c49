"""Statements by who, what, how and when; one statement; one proposition with all who asserted, denied, planned or reported it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.deps import ContentsDep, PageDep, PagesDep, SettingsDep, StoreDep
from api.errors import NotFound, found_at
from api.ledger_schemas import PropositionDetail, StatementLinkOut
from api.linked import linked_statements
from api.negotiation import HTML, JSON, JSON_LD, TURTLE, choose
from api.pages import path_to
from api.routes.lists import LINKED, LISTED, next_path, without_suffix
from api.schemas import StatementFilter, StatementList, StatementOut
from kg.graph.records import StatementRecord, Summary

router = APIRouter(tags=["statements"])
Identified = Annotated[
    str, Path(description="Its id; an ending names the representation", examples=["00f2b0f3a1c4d5e6", "00f2b0f3a1c4d5e6.ttl"])
]


@router.get("/statements", response_model=StatementList, responses=LISTED)
def statements(
    *,
    request: Request,
    store: StoreDep,
    contents: ContentsDep,
    pages: PagesDep,
    page: PageDep,
    wanted: Annotated[StatementFilter, Query()],
) -> Response | StatementList:
    """List the statements that meet all conditions, newest first, each with its evidence."""
    conditions = wanted.model_dump(exclude_none=True)
    with found_at("/documents"):  # only a document that there is not is an error
        found = store.statements_after(page.after(int, str, str, int, int, str), page.limit, **conditions)
    total = found.total if found.total is not None else _counted(contents.summary, conditions)
    following = next_path(request, found.after)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        shown = {"statements": found.items, "total": total, "next": following, "stance": wanted.stance, "words": wanted.words}
        return pages.render("statements", shown)
    return StatementList(items=[StatementOut.of(record) for record in found.items], total=total, next=following)


@router.get("/statements/{identifier}", response_model=StatementOut, responses=LINKED)
def statement(identifier: Identified, request: Request, store: StoreDep, pages: PagesDep) -> Response | StatementOut:
    """Show one statement with its evidence, as JSON, JSON-LD, Turtle or a page."""
    plain, media = without_suffix(identifier, lambda _: False)
    with found_at("/statements"):
        record = store.statement(plain)
    media = media or choose(request.headers.get("accept"), (JSON, HTML, JSON_LD, TURTLE))
    if media == HTML.media:
        shown = {"statement": record, "chain": store.ledger.attribution(record.id), "links": store.ledger.bearing([record.id])}
        return pages.render("statement", shown)
    if media != JSON.media:
        return linked_statements(store, record.iri, [record], media)
    return StatementOut.of(record)


@router.get("/propositions/{identifier}", response_model=PropositionDetail, responses=LINKED)
def proposition(
    identifier: Identified, request: Request, store: StoreDep, pages: PagesDep, settings: SettingsDep
) -> Response | PropositionDetail:
    """Show what is claimed and the statements that express it, oldest first: a rumour, its denial and a later assertion stand together.

    Of very many statements the newest are shown; `next` is where to find the others.
    """
    plain, media = without_suffix(identifier, lambda _: False)
    found = store.statements_after((), settings.page_limit, proposition=plain)
    records = sorted(found.items, key=_in_time)
    if not records:
        raise NotFound(f"proposition {plain[:200]!r}: nothing expresses it; take the id from a statement's field `proposition`")
    media = media or choose(request.headers.get("accept"), (JSON, HTML, JSON_LD, TURTLE))
    following = next_path(request, found.after, path="/statements", proposition=plain)
    if media in {JSON_LD.media, TURTLE.media}:
        return linked_statements(store, store.iris.proposition(plain).value, records, media)
    first = records[0]
    sources, links = store.ledger.sources(plain), store.ledger.bearing([record.id for record in records])
    if media == HTML.media:
        return pages.render("proposition", {"id": plain, "statements": records, "sources": sources, "links": links, "next": following})
    return PropositionDetail(
        id=plain,
        url=path_to("propositions", plain),
        iri=store.iris.proposition(plain).value,
        subject=first.subject,
        predicate=first.predicate,
        object=first.object,
        statements=[StatementOut.of(record) for record in records],
        next=following,
        first=sources.first,
        independent_sources=sources.independent,
        related=[path_to("propositions", related) for related in sources.related],
        links=[StatementLinkOut.of(link) for link in links],
    )


def _counted(summary: Summary, conditions: Mapping[str, Any]) -> int | None:
    """Return how many statements meet conditions that the store has counted: none, a stance or a predicate."""
    if not conditions:
        return summary.statements
    counts: dict[str, Mapping[Any, int]] = {"stance": dict(summary.by_stance), "predicate": dict(summary.by_predicate)}
    ((name, value), *others) = conditions.items()
    return None if others or name not in counts else counts[name][value]


def _in_time(record: StatementRecord) -> tuple[bool, str, str, int]:
    """Sort by date, what has none last, then by place in the text."""
    return record.said_on is None, record.said_on or "", record.document_name, record.start
