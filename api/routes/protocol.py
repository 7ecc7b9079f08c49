"""How the SPARQL 1.1 Protocol hands over a query or an update: in the address, in a form, or as the body itself."""

from email.message import Message
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from api.errors import BadRequest, UnsupportedMedia

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_GRAPHS = {"type": "array", "items": {"type": "string", "format": "iri"}}

Fields = list[tuple[str, str]]


def graph_parameters(**meanings: str) -> list[dict[str, object]]:
    """Describe parameters that name graphs, for the API's description."""
    return [
        {"name": name.replace("_", "-"), "in": "query", "required": False, "description": meaning, "schema": _GRAPHS}
        for name, meaning in meanings.items()
    ]


def in_address(request: Request) -> Fields:
    """Return the fields in the address."""
    return parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)


async def posted(request: Request, field: str, media: str) -> Fields:
    """Return the fields of a POST: `field` comes in a form, or is the body where that is of the media type.

    UnsupportedMedia for another one, BadRequest where the body is not UTF-8. Fields that name graphs may stand in the address as well.
    """
    said = Message()
    said["Content-Type"] = request.headers.get("content-type", "")
    given = said.get_content_type() if "content-type" in request.headers else "none"
    if given not in {FORM, media}:
        raise UnsupportedMedia(f"Content-Type: {given}: this is read from {media} or {FORM}; send one of these")
    charset = str(said.get_param("charset", "utf-8")).strip().lower()
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMedia(f"Content-Type: charset={charset[:40]}: SPARQL is read as UTF-8; encode it so")
    fields = [pair for pair in in_address(request) if pair[0] not in {"query", "update"}]
    try:
        body = (await request.body()).decode()
        return fields + (parse_qsl(body, keep_blank_values=True, errors="strict") if given == FORM else [(field, body)])
    except (UnicodeDecodeError, ValueError) as error:
        raise BadRequest("the body is not UTF-8; encode it as UTF-8") from error


def only(fields: Fields, name: str) -> str:
    """Return the value of a field that has to be there once; BadRequest where it is not."""
    values = [value for key, value in fields if key == name]
    if len(values) != 1:
        raise BadRequest(f"{len(values)} fields called {name} were sent; send exactly one")
    return values[0]


def listed(fields: Fields, name: str) -> tuple[str, ...]:
    """Return all values of a field."""
    return tuple(value for key, value in fields if key == name)
