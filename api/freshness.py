"""Whether a client's copy is still good: ETag and Last-Modified on what depends on nothing but the store, and 304 in answer to them.

ASGI middleware inside the guard. A tag is made of the store's generation, this version, the address and the headers that choose a
representation, so that it is known before an answer is made: a client whose copy is good costs no look-up. An answer that is made while
the store changes carries the tag of the state before, and is asked for again.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from importlib.metadata import version
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.model import digest

# not the answers to questions: those may be cut by the time they take; nor promises: how they stand depends on the day
_LASTING = re.compile(
    r"/(?:(?:entities|statements|propositions|documents|links|answers|path|nodes\.csv|edges\.csv|export\.\w+)(?:/|$)|questions$)"
)
_TAG = re.compile(r'(?:W/)?("[^"]*")')
_VERSION: Final = version("corporate-statement-kg")
_CHOOSING: Final = ("Accept", "Accept-Language", "Cookie")  # by these, one address has several representations
_KEPT_ON_304: Final = ("etag", "last-modified", "cache-control", "vary", "content-location", "expires", "link")


class Freshness:
    """Adds the tags, and answers 304 where a copy is good. `state` tells the store's generation, and since when it is what it is."""

    def __init__(self, app: ASGIApp, state: Callable[[], tuple[int, datetime]]) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 304 to a client that holds this state's answer, else have the answer made and tag it."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or not _LASTING.match(scope["path"]):
            await self._app(scope, receive, send)
            return
        generation, changed = self._state()
        headers = Headers(scope=scope)
        tag = f'"{digest(str(generation), _VERSION, str(scope.get("raw_path")), str(scope["query_string"]), *_choosing(headers))}"'
        fields = {"etag": tag, "cache-control": "no-cache", **_last_modified(changed)}
        wished = headers.get("if-none-match")
        if wished is not None and tag in _TAG.findall(wished):
            await _send_304(send, {**fields, "vary": ", ".join(_CHOOSING)})
            return
        unmodified = wished == "*" or (wished is None and _not_since(headers.get("if-modified-since"), changed))
        silent = False

        async def tagged(message: Message) -> None:
            nonlocal silent
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name in _CHOOSING:
                    answer.add_vary_header(name)
                if message["status"] == 200:
                    for name, value in fields.items():
                        answer.setdefault(name, value)
                    if unmodified:
                        silent = True
                        await _send_304(send, {name: answer[name] for name in _KEPT_ON_304 if name in answer})
                        return
            if not silent:
                await send(message)

        await self._app(scope, receive, tagged)


def _choosing(headers: Headers) -> list[str | None]:
    return [headers.get(name) for name in _CHOOSING]


async def _send_304(send: Send, headers: Mapping[str, str]) -> None:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 304, "headers": raw})
    await send({"type": "http.response.body", "body": b""})


def _last_modified(changed: datetime) -> dict[str, str]:
    """Return the header, but not within the second of a change: another may follow in it, which the date could not tell."""
    second = changed.replace(microsecond=0)
    return {} if datetime.now(UTC).replace(microsecond=0) <= second else {"last-modified": format_datetime(second, usegmt=True)}


def _not_since(date: str | None, changed: datetime) -> bool:
    """Say whether a client's date is not before the last change; a date that cannot be read counts as none."""
    if date is None or not _last_modified(changed):
        return False
    try:
        since = parsedate_to_datetime(date)
    except ValueError:
        return False
    return since.tzinfo is not None and since >= changed.replace(microsecond=0)
