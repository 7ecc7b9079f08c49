"""Documents: the list, and one with its text and statements, also as standoff annotations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.annotations import annotated_document, annotation_page
from api.deps import PageDep, PagesDep, StoreDep
from api.errors import found_at
from api.linked import linked_document
from api.negotiation import HTML, JSON, JSON_LD, TURTLE, choose
from api.pages import path_to
from api.pages.highlights import pieces
from api.routes.lists import LINKED, LISTED, UNCHANGED, Responses, next_path, without_suffix
from api.schemas import DocumentDetail, DocumentFilter, DocumentList, DocumentSummary, StatementOut
from kg.graph.records import StatementRecord
from kg.graph.store import Store

router = APIRouter(tags=["documents"])
_ANNOTATED: Responses = {200: {"content": {JSON_LD.media: {}}}, **UNCHANGED}
Identified = Annotated[
    str, Path(description="Its id or name; an ending names the representation", examples=["huawei_roundtable_retold", "上交所公告.jsonld"])
]


@router.get("/documents", response_model=DocumentList, responses=LISTED)
def documents(
    request: Request, store: StoreDep, pages: PagesDep, page: PageDep, wanted: Annotated[DocumentFilter, Query()]
) -> Response | DocumentList:
    """List the documents that meet all conditions, newest first, then by name."""
    found = store.documents_after(page.after(int, str, str), page.limit, **wanted.model_dump())
    following = next_path(request, found.after)
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        return pages.render("documents", {"documents": found.items, "total": found.total, "next": following})
    return DocumentList(items=[DocumentSummary.of(record) for record in found.items], total=found.total, next=following)


@router.get("/documents/{identifier:path}/annotations", response_class=Response, responses=_ANNOTATED)
def annotations(identifier: Identified, store: StoreDep) -> Response:
    """Show a document's statements as Web Annotations, each with the position and the words it rests on."""
    with found_at("/documents"):
        record = store.document(identifier)
    return annotation_page(record, _in_text(store, record.id), f"{path_to('documents', record.id)}/annotations")


@router.get("/documents/{identifier:path}", response_model=DocumentDetail, responses=LINKED)
def document(identifier: Identified, request: Request, store: StoreDep, pages: PagesDep) -> Response | DocumentDetail:
    """Show a document, by id or name: where it comes from, its text, and its statements with offsets into the text.

    As JSON-LD the statements are Web Annotations (`http://www.w3.org/ns/anno.jsonld`) of the text that comes with them.
    """
    plain, media = without_suffix(identifier, lambda key: bool(store.document_ids(key)))
    with found_at("/documents"):
        record = store.document(plain)
    media = media or choose(request.headers.get("accept"), (JSON, HTML, JSON_LD, TURTLE))
    statements = _in_text(store, record.id)
    if media == TURTLE.media:
        return linked_document(store, record, statements)
    text = store.text(record.id)
    if media == JSON_LD.media:
        return annotated_document(record, text, statements)
    if media == HTML.media:
        return pages.render("document", {"document": record, "pieces": pieces(text, statements), "statements": statements})
    return DocumentDetail(
        **DocumentSummary.of(record).model_dump(),
        text=text,
        statement_list=[StatementOut.of(statement) for statement in statements],
        annotations=f"{path_to('documents', record.id)}/annotations",
    )


def _in_text(store: Store, document: str) -> list[StatementRecord]:
    return sorted(store.statements(document=document), key=lambda statement: (statement.start, statement.end, statement.id))
