"""A request that brings a document → a submission: as the body itself, as a form with a file, or as JSON with the text."""

import json
import re
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from typing import Annotated, Any, Self, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.errors import BadRequest, BodyTooLarge, UnsupportedMedia
from api.jobs.job import Submission
from api.schemas import Schema
from kg.errors import ReadError
from kg.reading import Form, Metadata
from kg.reading.metadata import check_date

JSON = "application/json"
MULTIPART = "multipart/form-data"
FORMS = {
    "text/plain": Form.TEXT,
    "text/markdown": Form.TEXT,
    "text/html": Form.HTML,
    "application/xhtml+xml": Form.HTML,
    "application/pdf": Form.PDF,
}
_ENDINGS = {".txt": Form.TEXT, ".md": Form.TEXT, ".html": Form.HTML, ".htm": Form.HTML, ".pdf": Form.PDF}
_ANY = "application/octet-stream"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FIELD_BYTES = 64 * 1024
_JSON_BYTES = 12  # of a character at most: two escaped halves of it


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("holds a control character; write it in one line of plain characters")
    return text


def _date(text: str) -> str:
    try:
        return check_date(text, "date")
    except ReadError as error:
        raise ValueError(str(error)) from error


Blank = BeforeValidator(lambda value: None if isinstance(value, str) and not value.strip() else value)
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_one_line)]
Url = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^https?://[^\s/?#]+\S*$"), AfterValidator(_one_line)
]


class Said(Schema):
    """What the sender says of a document. What is left out is read from the document itself."""

    title: Annotated[Line | None, Blank] = Field(None, description="Its title", examples=["安屿科技关于媒体报道的澄清公告"])
    date: Annotated[Annotated[Line, AfterValidator(_date)] | None, Blank] = Field(
        None, description="When it was published: 2021, 2021-09 or 2021-09-24", examples=["2021-09-24"]
    )
    publisher: Annotated[Line | None, Blank] = Field(None, description="Who published it", examples=["新川日报"])
    author: Annotated[Line | None, Blank] = Field(None, description="Who wrote it", examples=["周记者"])
    source: Annotated[Line | None, Blank] = Field(
        None,
        description="Where it comes from, by default its file's name; another document from there replaces it",
        examples=["clarification_notice.txt"],
    )
    url: Annotated[Url | None, Blank] = Field(
        None,
        description="The address that it comes from, in the place of a source; nothing is fetched",
        examples=["https://example.com/a.html"],
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.source and self.url:
            raise ValueError("source and url both say where the document comes from; send one of them, and who published it as publisher")
        return self


class DocumentIn(Said):
    """A document as JSON: its text, and what is said of it."""

    text: str = Field(
        min_length=1,
        description="The whole text, as it is",
        examples=["安屿科技董事长周远表示，公司没有出售云业务的计划。公司计划于2024年底前推出新一代操作系统。"],
    )


Model = TypeVar("Model", bound=Said)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A document's bytes, what the request says they are, and what it says of the document."""

    data: bytes
    media: str
    charset: str | None
    filename: str | None
    said: dict[str, Any]


async def submission(request: Request, characters: int) -> Submission:
    """Return what a request sends in; BadRequest, UnsupportedMedia or RequestValidationError where it is not sent as it should be.

    What is said in the body goes before what is said in the address.
    """
    media, charset = _media_type(request.headers.get("content-type", ""))
    said: dict[str, Any] = {name: value for name, value in request.query_params.items() if name in Said.model_fields}
    if media == JSON:
        sent = await _from_json(request, said, characters * _JSON_BYTES + _FIELD_BYTES)
    elif media == MULTIPART:
        sent = await _from_form(request, said)
    elif media in FORMS:
        sent = _Sent(await request.body(), media, charset, None, said)
    else:
        raise UnsupportedMedia(f"Content-Type: {media or 'none'}: a document is sent as {', '.join([*FORMS, MULTIPART])} or {JSON}")
    if not sent.data.strip():
        raise BadRequest("the document is empty; send its text")
    checked = _checked(Said, sent.said)
    known = Metadata(checked.title, checked.publisher, checked.date, checked.author)
    return Submission(sent.data, _form(sent), sent.charset, checked.url or checked.source or sent.filename, known)


async def _from_json(request: Request, said: dict[str, Any], longest: int) -> _Sent:
    body = await request.body()
    if len(body) > longest:
        raise BodyTooLarge(f"the JSON is longer than {longest} bytes, which hold more text than is read; split it, or send it as a file")
    try:
        fields = await run_in_threadpool(json.loads, body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the body is not JSON ({error}); send an object with a text") from error
    if not isinstance(fields, dict):
        raise BadRequest("the JSON is no object; send an object with a text")
    checked = _checked(DocumentIn, said | fields)
    again = {name: fields[name] for name in Said.model_fields if name in fields}
    return _Sent(checked.text.encode(), "text/plain", "utf-8", None, said | again)


async def _from_form(request: Request, said: dict[str, Any]) -> _Sent:
    try:
        async with request.form(max_files=1, max_fields=len(Said.model_fields) + 4, max_part_size=_FIELD_BYTES) as form:
            fields = {name: value for name, value in form.items() if name in Said.model_fields and isinstance(value, str)}
            files = [value for value in form.values() if isinstance(value, UploadFile)]
            if len(files) != 1:
                raise BadRequest("the form holds no file; send the document as the file of a field, such as file")
            (file,) = files
            media, charset = _media_type(file.content_type or _ANY)
            if media not in {*FORMS, _ANY}:
                raise UnsupportedMedia(f"the file is said to be {media}; send {', '.join(FORMS)}")
            return _Sent(await file.read(), media, charset, _plain_name(file.filename), said | fields)
    except HTTPException as error:
        raise BadRequest(
            f"the form cannot be read ({error.detail}); send one file and the fields {', '.join(Said.model_fields)}"
        ) from error


def _checked(schema: type[Model], fields: dict[str, Any]) -> Model:
    """Return the fields as the schema has them; RequestValidationError, which says which is wrong."""
    try:
        return schema.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error


def _media_type(header: str) -> tuple[str, str | None]:
    """Return a media type and its charset.

    >>> _media_type('text/HTML; charset="GB2312"')
    ('text/html', 'GB2312')
    """
    message = Message()
    message["Content-Type"] = header if header.strip() else _ANY
    charset = message.get_param("charset")
    media = message.get_content_type() if "/" in header else ""
    return media, charset if isinstance(charset, str) and charset else None


def _plain_name(filename: str | None) -> str | None:
    """Return a file's name without the folders that some clients send along.

    >>> _plain_name("C:\\\\公告\\\\a.pdf"), _plain_name("../../etc/passwd"), _plain_name("..")
    ('a.pdf', 'passwd', None)
    """
    name = PurePosixPath((filename or "").replace("\\", "/")).name
    plain = _CONTROL.sub("", name).strip()[:200]
    return plain if plain.strip(".") else None


def _form(sent: _Sent) -> Form | None:
    """Return what the bytes are said to be: by their media type, else by the ending of the file's name."""
    return FORMS.get(sent.media) or _ENDINGS.get(PurePosixPath(sent.filename or "").suffix.lower())
