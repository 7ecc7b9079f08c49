"""Messages in and out: what a field of a form holds, and an answer as JSON or as a call of the client's function (JSONP)."""

import json
import re
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.errors import BadRequest

ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}  # pages of others may embed it

Message = TypeVar("Message", bound=BaseModel)

_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)


def limit_of(setting: object) -> int | None:
    """Return how many values a setting lets through; OpenRefine sends numbers as text. None for 0 and for no setting."""
    try:
        return max(0, int(str(setting or 0))) or None
    except ValueError as error:
        raise BadRequest(f"limit: {str(setting)[:40]!r} is no number; send how many values are wanted") from error


def read(schema: type[Message], name: str, given: str) -> Message:
    """Return what a field holds; BadRequest where it is no JSON, RequestValidationError where it says something else."""
    try:
        return schema.model_validate(json.loads(given))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise RequestValidationError([{**first, "loc": (name, *first["loc"])}]) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{name}: is not JSON ({error}); send an object") from error


def sent(message: BaseModel | dict[str, Any], callback: str | None) -> Response:
    """Return a message as JSON, or wrapped into a call of a function of the client's; never with anything else that could run."""
    fields = message.model_dump(exclude_none=True) if isinstance(message, BaseModel) else message
    body = json.dumps(fields, ensure_ascii=False)
    if callback is None:
        return Response(body, media_type="application/json")
    if not _CALLBACK.fullmatch(callback):
        raise BadRequest(f"callback: {callback[:80]!r} is no name of a function; send one, or none")
    safe = body.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/")
    return Response(f"/**/{callback}({safe});", media_type="application/javascript", headers=ELSEWHERE)
