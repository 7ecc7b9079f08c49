"""Statements by who, what, how and when; one statement; one proposition with all who asserted, denied, planned or reported it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import ContentsDep, PageDep, PagesDep, StoreDep
from api.errors import NotFound, found_at
from api.linked import linked_response
from api.negotiation import HTML, JSON, JSON_LD, TURTLE, choose
from api.routes.lists import LINKED, next_path, without_suffix
from api.schemas import PropositionOut, StatementFilter, StatementList, StatementOut
from kg.graph.records import StatementRecord

router = APIRouter(tags=["statements"])


@router.get("/statements", response_model=StatementList)
def statements(
    request: Request,
    contents: ContentsDep,
    pages: PagesDep,
    page: PageDep,
    wanted: Annotated[StatementFilter, Query()],
) -> Response | StatementList:
    """List the statements that meet all conditions, newest first, each with its evidence."""
    with found_at("/documents"):  # only a document that there is not is an error
        found = contents.statements(wanted)
    items, cursor = page.of(found, lambda record: record.id)
    following = next_path(request, cursor)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        return pages.render("statements", {"statements": items, "total": len(found), "next": following})
    return StatementList(items=[StatementOut.of(record) for record in items], total=len(found), next=following)


@router.get("/statements/{identifier}", response_model=StatementOut, responses=LINKED)
def statement(identifier: str, request: Request, store: StoreDep, pages: PagesDep) -> Response | StatementOut:
    """Show one statement with its evidence, as JSON, JSON-LD, Turtle or a page."""
    plain, media = without_suffix(identifier, lambda _: False)
    with found_at("/statements"):
        record = store.statement(plain)
    media = media or choose(request.headers.get("accept"), (JSON, HTML, JSON_LD, TURTLE))
    if media == HTML.media:
        return pages.render("statements", {"statements": [record], "total": 1, "next": None})
    if media != JSON.media:
        return linked_response(store, [record.iri], media)
    return StatementOut.of(record)


@router.get("/propositions/{identifier}", response_model=PropositionOut, responses=LINKED)
def proposition(identifier: str, request: Request, store: StoreDep, pages: PagesDep) -> Response | PropositionOut:
    """Show what is claimed and all statements that express it, oldest first: a rumour, its denial and a later assertion stand together."""
    plain, media = without_suffix(identifier, lambda _: False)
    records = sorted(store.statements(proposition=plain), key=_in_time)
    if not records:
        raise NotFound(f"proposition {plain[:200]!r}: nothing expresses it; take the id from a statement's field `proposition`")
    media = media or choose(request.headers.get("accept"), (JSON, HTML, JSON_LD, TURTLE))
    if media == HTML.media:
        return pages.render("statements", {"statements": records, "total": len(records), "next": None})
    if media != JSON.media:
        return linked_response(store, [record.iri for record in records], media)
    first = records[0]
    return PropositionOut(
        id=plain,
        url=request.url.path,
        subject=first.subject,
        predicate=first.predicate,
        object=first.object,
        statements=[StatementOut.of(record) for record in records],
    )


def _in_time(record: StatementRecord) -> tuple[bool, str, str, int]:
    """Sort by date, what has none last, then by place in the text."""
    return record.said_on is None, record.said_on or "", record.document_name, record.start
