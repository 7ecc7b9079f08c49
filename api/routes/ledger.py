"""The ledger: how statements bear on each other, what was promised, how questions were answered, through whom a statement is heard."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.deps import PageDep, PagesDep, StoreDep
from api.errors import found_at
from api.ledger_schemas import (
    AnswerFilter,
    AnswerList,
    AnswerOut,
    AttributionOut,
    LinkFilter,
    PromiseFilter,
    PromiseList,
    PromiseOut,
    StatementLinkList,
    StatementLinkOut,
)
from api.negotiation import HTML, JSON, choose
from api.routes.lists import LISTED, UNCHANGED, next_path
from kg.graph.periods import bounds
from kg.graph.store import Store

router = APIRouter(tags=["ledger"])


@router.get("/links", response_model=StatementLinkList, responses=LISTED)
def links(
    *, request: Request, store: StoreDep, pages: PagesDep, page: PageDep, wanted: Annotated[LinkFilter, Query()]
) -> Response | StatementLinkList:
    """List how statements bear on each other, newest first: denied rumours, confirmations, reversals, updates, conflicts, copies."""
    found = store.ledger.links(
        page.after(str, str),
        page.limit,
        type=wanted.type,
        about=_entity(store, wanted.about),
        since=_day(wanted.since, 0),
        until=_day(wanted.until, 1),
    )
    following = next_path(request, found.after)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        return pages.render("links", {"links": found.items, "wanted": wanted, "total": found.total, "next": following})
    return StatementLinkList(items=[StatementLinkOut.of(record) for record in found.items], total=found.total, next=following)


@router.get("/promises", response_model=PromiseList, responses=LISTED)
def promises(
    *, request: Request, store: StoreDep, pages: PagesDep, page: PageDep, wanted: Annotated[PromiseFilter, Query()]
) -> Response | PromiseList:
    """List plans, aims and predictions with a date or a value as they stood on a day, those due first before the others."""
    as_of = _day(wanted.as_of, 1) or date.today().isoformat()
    found = store.ledger.promises(
        page.after(str, str),
        page.limit,
        as_of=as_of,
        status=wanted.status,
        about=_entity(store, wanted.about),
        due_since=_day(wanted.due_since, 0),
        due_until=_day(wanted.due_until, 1),
    )
    following = next_path(request, found.after)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        values = {"promises": found.items, "as_of": as_of, "wanted": wanted, "total": found.total, "next": following}
        return pages.render("promises", values)
    return PromiseList(as_of=as_of, items=[PromiseOut.of(record) for record in found.items], total=found.total, next=following)


@router.get("/answers", response_model=AnswerList, responses=LISTED)
def answers(
    *, request: Request, store: StoreDep, pages: PagesDep, page: PageDep, wanted: Annotated[AnswerFilter, Query()]
) -> Response | AnswerList:
    """List questions with their answers, and whether they accept, reject or evade what the question supposes."""
    with found_at("/documents"):
        document = None if wanted.document is None else store.document(wanted.document).id
    found = store.ledger.exchanges(
        page.after(str, int), page.limit, outcome=wanted.outcome, answerer=_entity(store, wanted.speaker), document=document
    )
    following = next_path(request, found.after)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        return pages.render("answers", {"answers": found.items, "wanted": wanted, "total": found.total, "next": following})
    return AnswerList(items=[AnswerOut.of(record) for record in found.items], total=found.total, next=following)


@router.get("/statements/{identifier}/attribution", response_model=AttributionOut, responses=UNCHANGED)
def attribution(
    identifier: Annotated[str, Path(description="The id of a statement", examples=["00f2b0f3a1c4d5e6"])], store: StoreDep
) -> AttributionOut:
    """Show through whom a reader hears a statement: outlet, reporter, speaker, the speaker's post on that date, organisation."""
    with found_at("/statements"):
        record = store.statement(identifier)
    return AttributionOut.of(store.ledger.attribution(record.id))


def _entity(store: Store, name: str | None) -> str | None:
    """Return the name that an entity has in the graph; a name that nothing goes by finds nothing."""
    record = None if name is None else store.entity(name)
    return name if record is None else record.name


def _day(period: str | None, end: int) -> str | None:
    """Return the first (0) or last (1) day of a period."""
    return None if period is None else bounds(period)[end].isoformat()
