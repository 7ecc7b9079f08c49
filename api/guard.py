"""What holds of every request and answer: limits on address and body, percent-encoding that is UTF-8, headers that keep a browser safe."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import AddressTooLong, BadRequest, BodyTooLarge, problem_of, problem_response
from api.settings import Settings
from kg.errors import KgError

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
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
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope)
        except KgError as error:
            response = problem_response(problem_of(error), str(error), scope["path"][:200])
            await response(scope, receive, send_safely)
            return
        if scope["method"] == "HEAD":  # the server sends the head of what GET answers
            scope = {**scope, "method": "GET"}
        await self._app(scope, self._counted(receive), send_safely)

    def _check(self, scope: Scope) -> None:
        """Raise the KgError that the request's head deserves."""
        raw_path, query = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
        size = len(raw_path) + len(query)
        if size > self._settings.url_bytes:
            raise AddressTooLong(f"the address has {size} bytes, {self._settings.url_bytes} are allowed; send a query by POST")
        for part, data in (("path", raw_path), ("query", query)):
            if _BROKEN_ESCAPE.search(data) or b"\x00" in unquote_to_bytes(data):
                raise BadRequest(f"the {part} of the address has a % that is no percent-encoding; write the sign itself as %25")
            try:
                unquote_to_bytes(data).decode()
            except UnicodeDecodeError as error:
                raise BadRequest(f"the {part} of the address is not UTF-8 once decoded; encode Chinese characters as UTF-8") from error
        for name, value in scope["headers"]:
            if name == b"content-length" and (not value.isdigit() or int(value) > self._settings.body_bytes):
                raise self._too_large()

    def _counted(self, receive: Receive) -> Receive:
        """Return a `receive` that raises BodyTooLarge once a body without a stated length grows past the limit."""
        received = 0

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._settings.body_bytes:
                raise self._too_large()
            return message

        return count

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(f"the body is longer than {self._settings.body_bytes} bytes; send less")
