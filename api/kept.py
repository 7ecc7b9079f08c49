"""Answers that were given before, for as long as the store stays as it is: the same question then costs no look-up.

ASGI middleware around all else. What an answer depends on is its key: the generation of the store, the address, and the headers by which
clients choose among representations. Who sends anything else that could matter (a token, a condition, a body) is answered afresh.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Key = tuple[bytes, bytes, tuple[tuple[bytes, bytes], ...]]

_CHOOSING = frozenset({b"accept", b"accept-language", b"host", b"origin", b"x-forwarded-host", b"x-forwarded-proto"})
_DECIDING = frozenset(
    {b"authorization", b"cookie", b"content-length", b"transfer-encoding", b"range", b"cache-control", b"pragma", b"expect"}
)
_ANSWERED = re.compile(rb"/(?:entities|statements|propositions|documents|sparql)(?:/|$)")
# what gives another value each time it is asked
_FICKLE = re.compile(rb"rand|now|uuid|bnode", re.IGNORECASE)
_OVERHEAD = 2048  # bytes that an answer takes beside what is sent


class Kept:
    """The answers, the least lately asked for forgotten first. `generation` tells the store's; all sizes are in bytes."""

    def __init__(self, app: ASGIApp, generation: Callable[[], int], total: int, each: int) -> None:
        self._app = app
        self._generation = generation
        self._total = total
        self._each = each
        self._of = -1
        self._size = 0
        self._answers: OrderedDict[Key, _Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer that is kept, or have one made and keep it where it may be."""
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        generation = self._generation()
        if generation != self._of:
            self._answers.clear()
            self._of, self._size = generation, 0
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
            await send(answer.start)
            await send(answer.body)
            return
        if key[0].startswith(b"/sparql") and _FICKLE.search(unquote_to_bytes(key[1])):
            await self._app(scope, receive, send)
            return
        taken = _Taken(send, self._each)
        await self._app(scope, receive, taken.send)
        made = taken.answer()
        if made is not None and self._generation() == generation == self._of and key not in self._answers:
            self._answers[key] = made
            self._size += made.size
            while self._size > self._total:
                self._size -= self._answers.popitem(last=False)[1].size


@dataclass(frozen=True, slots=True)
class _Answer:
    """The messages that make an answer, and the room it takes."""

    start: Message
    body: Message
    size: int


class _Taken:
    """Passes an answer on, and takes a copy while it is short enough, whether it comes whole or in pieces."""

    def __init__(self, send: Send, limit: int) -> None:
        self._send = send
        self._limit = limit
        self._start: Message | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._whole = False

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self._start = message if message["status"] == 200 and _may_be_kept(message["headers"]) else None
        elif self._start is not None:
            piece = message.get("body", b"")
            self._size += len(piece)
            self._pieces.append(piece)
            self._whole = not message.get("more_body", False)
            if self._size > self._limit:
                self._start = None
                self._pieces.clear()
        await self._send(message)

    def answer(self) -> _Answer | None:
        """Return the answer, None where it may not be kept or did not come to its end."""
        if self._start is None or not self._whole:
            return None
        body = b"".join(self._pieces)
        headers = [pair for pair in self._start["headers"] if pair[0] != b"content-length"]
        headers.append((b"content-length", b"%d" % len(body)))
        size = len(body) + sum(len(name) + len(value) for name, value in headers) + _OVERHEAD
        return _Answer({**self._start, "headers": headers}, {"type": "http.response.body", "body": body}, size)


def _may_be_kept(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether an answer is the same for all, and would be the same again: one that was cut may be longer the next time."""
    return not any(
        name in {b"set-cookie", b"kg-truncated"} or (name == b"cache-control" and b"no-store" in value) for name, value in headers
    )


def _key(scope: Scope) -> Key | None:
    """Return what the answer to a request depends on, None where it is to be made afresh."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    path: bytes = scope.get("raw_path") or b""
    query: bytes = scope["query_string"]
    if not _ANSWERED.match(path):
        return None
    chosen = []
    for name, value in scope["headers"]:
        if name in _CHOOSING:
            chosen.append((name, value))
        elif name in _DECIDING or name.startswith(b"if-"):
            return None
    return path, query, tuple(chosen)
