"""Documents: the list, and one with its text and statements."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import PageDep, PagesDep, StoreDep
from api.errors import found_at
from api.linked import linked_response
from api.negotiation import HTML, JSON, JSON_LD, TURTLE, choose
from api.pages import marked
from api.routes.lists import LINKED, next_path, without_suffix
from api.schemas import DocumentDetail, DocumentList, DocumentSummary, StatementOut

router = APIRouter(tags=["documents"])


@router.get("/documents", response_model=DocumentList)
def documents(request: Request, store: StoreDep, pages: PagesDep, page: PageDep) -> Response | DocumentList:
    """List the documents, newest first."""
    found = store.documents()
    items, cursor = page.of(found, lambda record: record.id)
    following = next_path(request, cursor)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        return pages.render("documents", {"documents": items, "total": len(found), "next": following})
    return DocumentList(items=[DocumentSummary.of(record) for record in items], total=len(found), next=following)


@router.get(
    "/documents/{identifier:path}",
    response_model=DocumentDetail,
    responses=LINKED,
)
def document(identifier: str, request: Request, store: StoreDep, pages: PagesDep) -> Response | DocumentDetail:
    """Show a document, by id or name: where it comes from, its text, and its statements with offsets into the text."""
    plain, media = without_suffix(identifier, lambda _: False)
    with found_at("/documents"):
        record = store.document(plain)
    media = media or choose(request.headers.get("accept"), (JSON, HTML, JSON_LD, TURTLE))
    statements = sorted(store.statements(document=record.id), key=lambda statement: (statement.start, statement.end))
    if media == HTML.media:
        pieces = marked(store.text(record.id), ((statement.start, statement.end) for statement in statements))
        return pages.render("document", {"document": record, "pieces": pieces, "statements": statements})
    if media != JSON.media:
        return linked_response(store, [record.iri, *(statement.iri for statement in statements)], media)
    return DocumentDetail(
        **DocumentSummary.of(record).model_dump(),
        text=store.text(record.id),
        statement_list=[StatementOut.of(statement) for statement in statements],
    )
