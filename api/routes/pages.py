"""The start page, the page that describes every path, a text read without storing it, the stylesheet, and what a reader prefers."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.deps import ContentsDep, JobsDep, PagesDep, StoreDep
from api.errors import METHOD, PROBLEMS, UNEXPECTED, BadRequest, NotFound
from api.pages import ICON, STYLE, gephi_lite, script_of
from api.pages.highlights import pieces
from api.preferences import LANGUAGE_COOKIE, LANGUAGES, THEME_COOKIE, THEMES, current
from api.schemas import Name
from kg.errors import ExtractionError, KgError
from kg.graph.periods import bounds
from kg.graph.records import Status
from kg.model import Document, Stance, digest

router = APIRouter(tags=["pages"])
_FORM = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {"type": "string", "description": "What is to be read"},
                    "date": {"type": "string", "description": "When it was published"},
                },
            }
        }
    },
}
_DENIALS, _DUE = 5, 5
_LONGEST = 8_000  # characters of a text to try: what is read in some seconds
_YEAR = 365 * 24 * 3600


@router.get("/", response_class=HTMLResponse)
def start(request: Request, store: StoreDep, contents: ContentsDep, pages: PagesDep) -> HTMLResponse:
    """Show the start page: search, counts, statements a year, what was denied last, what falls due, where to go."""
    today = date.today().isoformat()
    due = store.ledger.promises((), _DUE, as_of=today, status=Status.OPEN, due_since=today)
    return pages.render(
        "start",
        {
            "summary": contents.summary,
            "denials": store.statements(stance=Stance.DENIES, limit=_DENIALS),
            "promises": due.items,
            "timeline": contents.timeline,
            "entities": contents.leading,
            "suggested": contents.suggested,
            "lite": gephi_lite(request.app.state.address),
        },
    )


@router.get("/graph", response_class=HTMLResponse)
def graph(
    store: StoreDep,
    pages: PagesDep,
    about: Annotated[Name, Query(description="The entity in its middle, by any name", examples=["华为"])],
    depth: Annotated[int, Query(ge=1, le=3, description="How many edges around it", examples=[1])] = 1,
) -> HTMLResponse:
    """Show what stands around an entity as a network to explore."""
    record = store.entity(about)
    if record is None:
        raise NotFound(f"entity {about[:200]!r}: no entity has this name, or more than one has it; search for it at /entities?q=")
    return pages.render("graph", {"entity": record, "depth": depth}, script="graph")


@router.get("/scripts/{name}.js", include_in_schema=False)
def script(name: str) -> Response:
    """Send a script of a page."""
    bundled = script_of(name)
    if bundled is None:
        raise NotFound(f"{name[:80]!r}: no such script was bundled when this was installed; install it again where npm can be reached")
    return Response(bundled, media_type="text/javascript", headers={"Cache-Control": "max-age=3600"})


@router.get("/read", response_class=HTMLResponse)
def offer(pages: PagesDep) -> HTMLResponse:
    """Show the form for a text to be read without storing it."""
    return pages.render("read", _unread("", ""))


@router.post("/read", response_class=HTMLResponse, openapi_extra={"requestBody": _FORM})
async def read(request: Request, pages: PagesDep, jobs: JobsDep) -> HTMLResponse:
    """Show what is read in a text, and store nothing."""
    form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    text, published = ("".join(form.get(name, [""])[:1]).replace("\r\n", "\n") for name in ("text", "date"))
    try:
        fault = _refused(text, published)
        if fault is not None:
            raise BadRequest(fault)
        extraction = await jobs.tried(Document(digest(text), "text", text, "text", None, None, published or None))
    except KgError as error:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        return pages.render("read", _unread(text[:_LONGEST], published) | {"fault": str(error)}, 422)
    statements = sorted(extraction.statements, key=lambda one: (one.start, one.end, one.id))
    return pages.render("read", _unread(text, published) | {"pieces": list(pieces(text, statements)), "statements": statements})


def _unread(text: str, published: str) -> dict[str, object]:
    return {"text": text, "date": published, "longest": _LONGEST, "fault": None, "pieces": [], "statements": []}


def _refused(text: str, published: str) -> str | None:
    """Return why a text is not read, None where it is."""
    say = current.get().say
    if not text.strip():
        return say("没有文字；请贴一段", "There is no text; paste some")
    if len(text) > _LONGEST:
        return say(
            f"文字有 {len(text)} 个字符，最多 {_LONGEST} 个；长文请用 kg build 读入",
            f"The text has {len(text)} characters, {_LONGEST} are allowed; read longer ones with kg build",
        )
    try:
        bounds(published) if published else None
    except ExtractionError as error:
        return say(f"日期无法辨认：{published[:40]}；请写作 2021-09-24", str(error))
    return None


@router.get("/preferences", include_in_schema=False)
def preferences(language: str | None = None, theme: str | None = None, back: str = "/") -> RedirectResponse:
    """Keep the language or the colours that a reader chose, and go back to the page they were on."""
    inside = back.startswith("/") and not back.startswith(("//", "/\\"))
    response = RedirectResponse(back if inside else "/", 303, {"Cache-Control": "no-store"})
    for cookie, value, allowed in ((LANGUAGE_COOKIE, language, LANGUAGES), (THEME_COOKIE, theme, THEMES)):
        if value in allowed:
            response.set_cookie(cookie, value or "", max_age=_YEAR, samesite="lax", httponly=True)
    return response


@router.get("/docs", response_class=HTMLResponse)
def docs(request: Request, pages: PagesDep) -> HTMLResponse:
    """Show every path with its parameters and answers, and every problem; made from /openapi.json, without a script."""
    described = request.app.openapi()
    schemas = described["components"]["schemas"]
    return pages.render(
        "docs",
        {
            "api": described,
            "problems": [*PROBLEMS.values(), METHOD, UNEXPECTED],
            "values": lambda parameter: _values(parameter["schema"], schemas),
        },
    )


@router.get("/style.css", include_in_schema=False)
def style() -> Response:
    """Send the stylesheet of the pages."""
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


@router.get("/icon.svg", include_in_schema=False)
def icon() -> Response:
    """Send the icon of the pages."""
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})


def _values(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """Return which values a parameter takes.

    >>> _values({"anyOf": [{"$ref": "#/components/schemas/Stance"}, {"type": "null"}]}, {"Stance": {"enum": ["asserts", "denies"]}})
    'asserts | denies'
    """
    if "$ref" in schema:
        return _values(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return " | ".join(_values(choice, schemas) for choice in schema["anyOf"] if choice.get("type") != "null")
    if "enum" in schema:
        return " | ".join(schema["enum"])
    return str(schema.get("pattern", schema["type"]))
