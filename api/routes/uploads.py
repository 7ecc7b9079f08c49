"""Documents sent in and withdrawn; both need the token."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from api.deps import JobsDep, SettingsDep, WriterDep
from api.errors import found_at
from api.jobs.intake import FORMS, JSON, MULTIPART, DocumentIn, Said, submission
from api.pages import path_to
from api.routes.jobs import JobOut
from api.schemas import Schema
from kg.graph.store import Store

router = APIRouter(tags=["documents"])

_SAID = Said.model_json_schema()["properties"]
_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary", "description": "Text, Markdown, HTML or PDF"}, **_SAID},
}
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        JSON: {"schema": DocumentIn.model_json_schema()},
        MULTIPART: {"schema": _FORM},
        **{media: {"schema": {"type": "string", "format": "binary"}} for media in FORMS},
    },
}
_PARAMETERS = [
    {"name": name, "in": "query", "required": False, "description": schema["description"], "schema": {"type": "string"}}
    for name, schema in _SAID.items()
]
_ACCEPTED = {202: {"headers": {"Location": {"description": "The job to follow", "schema": {"type": "string"}}}}}


class Withdrawn(Schema):
    """A document that is no longer there, and how many statements went with it."""

    document: str
    name: str = Field(examples=["clarification_notice"])
    statements: int


@router.post(
    "/documents",
    status_code=202,
    responses={202: {"model": JobOut, **_ACCEPTED[202]}},
    openapi_extra={"requestBody": _BODY, "parameters": _PARAMETERS},
)
async def send_document(request: Request, response: Response, _: WriterDep, jobs: JobsDep, settings: SettingsDep) -> JobOut:
    """Send a document in: it is read and extracted apart from look-ups, and written whole or not at all. The answer is a job to follow.

    The same document again is the same job and changes nothing; another from the same source (its file's name, or `source` or `url`)
    replaces it. What is said of a document stands in the fields of JSON or of a form, or in the address.
    """
    job = jobs.submit(await submission(request, settings.upload_characters))
    response.headers["Location"] = path_to("jobs", job.id)
    return JobOut.of(job, jobs)


@router.delete("/documents/{identifier:path}")
async def withdraw_document(identifier: str, writer: WriterDep) -> Withdrawn:
    """Withdraw a document, by id or name, with all that only it says."""

    def withdraw(store: Store) -> Withdrawn:
        with found_at("/documents"):
            record = store.document(identifier)
        return Withdrawn(document=record.id, name=record.name, statements=store.withdraw(record.id))

    return await writer.run(withdraw)
