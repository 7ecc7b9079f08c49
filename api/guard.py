"""What holds of every request and answer: limits on address and body, percent-encoding that is UTF-8, headers that keep a browser safe."""

import asyncio
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import AddressTooLong, BadRequest, BodyTooLarge, UnsupportedMedia, answer_known
from api.settings import Settings
from kg.errors import KgError

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PLAIN = frozenset({b"", b"identity"})  # encodings of a body that are read: one that swells is never unpacked
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Anybody's page may read, as anybody: no cookies, no token, and so no writing.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, KG-Truncated, Link, Location, Retry-After",
}
_RAW_HEADERS: Final = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that breaks a limit with its problem, else hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                there = {name for name, _ in headers}
                message = {**message, "headers": [*headers, *(pair for pair in _RAW_HEADERS if pair[0] not in there)]}
            await send(message)

        try:
            self._check(scope)
        except KgError as error:
            response = answer_known(error, scope["path"][:200])
            await response(scope, receive, send_safely)
            return
        if scope["method"] == "OPTIONS" and _asks_before(scope):
            await Response(status_code=204, headers=dict(_PREFLIGHT))(scope, receive, send_safely)
            return
        allowed = self._body_bytes(scope)
        if scope["method"] == "HEAD":  # the server sends the head of what GET answers
            scope = {**scope, "method": "GET"}
        try:
            await self._app(scope, self._counted(receive, allowed), send_safely)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise  # the server stops; else the client has left, and nobody is there to be answered

    def _check(self, scope: Scope) -> None:
        """Raise the KgError that the request's head deserves."""
        raw_path, query = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
        size = len(raw_path) + len(query)
        if size > self._settings.url_bytes:
            raise AddressTooLong(f"the address has {size} bytes, {self._settings.url_bytes} are allowed; send a query by POST")
        for part, data in (("path", raw_path), ("query", query)):
            plain = unquote_to_bytes(data)
            if _BROKEN_ESCAPE.search(data) or b"\x00" in plain:
                raise BadRequest(f"the {part} of the address has a % that is no percent-encoding; write the sign itself as %25")
            try:
                plain.decode()
            except UnicodeDecodeError as error:
                raise BadRequest(f"the {part} of the address is not UTF-8 once decoded; encode Chinese characters as UTF-8") from error
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) > 1 or not all(map(_HOST.fullmatch, hosts)) or (not hosts and scope["http_version"] != "1.0"):
            raise BadRequest("the request needs one Host header that is a name or an address, with a port or without; send that")
        for name, value in scope["headers"]:
            if name == b"content-encoding" and value.strip().lower() not in _PLAIN:
                raise UnsupportedMedia("the body is compressed, which is not read here; send it as it is, without Content-Encoding")
            if name == b"content-length" and (not value.isdigit() or int(value) > self._body_bytes(scope)):
                raise _too_large(self._body_bytes(scope))

    def _body_bytes(self, scope: Scope) -> int:
        """Return how long a body may be: a document or a graph more than a query."""
        sent = (scope["method"] == "POST" and scope["path"] == "/documents") or scope["path"].startswith("/rdf-graph-store")
        return self._settings.upload_bytes if sent else self._settings.body_bytes

    def _counted(self, receive: Receive, allowed: int) -> Receive:
        """Return a `receive` that raises BodyTooLarge once a body without a stated length grows past the limit."""
        received = 0

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > allowed:
                raise _too_large(allowed)
            return message

        return count


def _too_large(allowed: int) -> BodyTooLarge:
    return BodyTooLarge(f"the body is longer than {allowed} bytes; send less")


def _asks_before(scope: Scope) -> bool:
    """Say whether a browser asks what a page from elsewhere may send."""
    names = {name for name, _ in scope["headers"]}
    return {b"origin", b"access-control-request-method"} <= names
