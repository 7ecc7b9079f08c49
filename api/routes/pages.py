"""The start page, the page that describes every path, and the stylesheet."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.deps import ContentsDep, PagesDep, StoreDep
from api.errors import METHOD, PROBLEMS, UNEXPECTED
from api.pages import STYLE, gephi_lite
from kg.model import Stance

router = APIRouter(tags=["pages"])
_DENIALS = 5


@router.get("/", response_class=HTMLResponse)
def start(request: Request, store: StoreDep, contents: ContentsDep, pages: PagesDep) -> HTMLResponse:
    """Show the start page: search, counts, what was denied last, where to go."""
    denials = store.statements(stance=Stance.DENIES, limit=_DENIALS)
    return pages.render(
        "start",
        {"summary": contents.summary, "denials": denials, "entities": contents.leading, "lite": gephi_lite(request.app.state.address)},
    )


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
