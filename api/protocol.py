"""HTTP/1.1 as clients speak it, who may be slow or hostile: addresses as people type them, and limits before the app hears of a request."""

import asyncio
import json
import socket
import struct
from asyncio import TimerHandle
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a request is read, how long it may take, and how many clients may be connected. Bytes and seconds."""

    connections: int
    head_bytes: int
    head_seconds: float
    body_seconds: float
    stalled_seconds: float  # how long a client may read nothing of its answer


class PlainPathProtocol(HttpToolsProtocol):
    """Takes `GET /entities/华为` as people type it into curl: bytes past ASCII in the request line are percent-encoded."""

    limits: Limits

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._timer: TimerHandle | None = None  # of what the client sends
        self._stalled: TimerHandle | None = None  # of what it reads
        self._head: int | None = 0  # bytes of the head so far; None in a body, and while a request is being answered
        self._in_line = True  # whether the request line is still coming

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a client in, or turn it away where there are too many."""
        super().connection_made(transport)
        self._wait(self.limits.head_seconds)
        if len(self.connections) > self.limits.connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many clients are connected; come back in a moment")

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a client go."""
        self._stop()
        self._reads_again()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand on what came in."""
        if self.transport.is_closing():
            return
        if self._head is not None:
            if self._head == 0 and self._timer is None:  # the next request of a connection begins
                self._wait(self.limits.head_seconds)
            self._head += len(data)
            if self._in_line:
                if not data.isascii():
                    data = encoded_request_line(data)
                self._in_line = b"\n" not in data
        super().data_received(data)
        if self._head is not None and self._head > self.limits.head_bytes and not self.transport.is_closing():
            self._too_long()

    def on_headers_complete(self) -> None:
        """Hand on a request whose head is within the limit."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self.limits.head_bytes:
            self._too_long()
            return
        self._head = None
        self._wait(self.limits.body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand on what belongs to a request that was taken."""
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the next request from now on."""
        self._stop()
        self._head, self._in_line = 0, True
        if not self.transport.is_closing():
            super().on_message_complete()

    def pause_writing(self) -> None:
        """Give a client that does not read some time."""
        super().pause_writing()
        self._reads_again()
        self._stalled = self.loop.call_later(self.limits.stalled_seconds, self._drop)

    def resume_writing(self) -> None:
        """Go on with a client that reads again."""
        super().resume_writing()
        self._reads_again()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        if not self.transport.is_closing():
            self._refuse(HTTPStatus.BAD_REQUEST, "this is no HTTP/1.1 request; send one")

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self._late)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _reads_again(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _drop(self) -> None:
        """Hang up, and have the system forget what it would still send."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _late(self) -> None:
        """Turn away who has not sent a whole request in time; who has sent nothing needs no answer."""
        if self._head == 0:
            self.transport.close()
        elif self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()  # the app waits for the body: it hears that the client is gone
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "the request did not come to its end in time; send it at once")

    def _too_long(self) -> None:
        limit = self.limits.head_bytes
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"the address and headers are longer than {limit} bytes; send less")

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        """Answer with a problem document and hang up."""
        self._stop()
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        body = json.dumps(problem).encode()
        self.transport.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n".encode("ascii")
            + body
        )
        self.transport.close()


def limited(limits: Limits) -> type[PlainPathProtocol]:
    """Return the protocol with these limits, as uvicorn wants it: it makes one for each connection."""
    return type("LimitedProtocol", (PlainPathProtocol,), {"limits": limits})


def encoded_request_line(data: bytes) -> bytes:
    """Return the data with the bytes past ASCII in its first line percent-encoded.

    >>> encoded_request_line("GET /entities/华为 HTTP/1.1\\r\\nHost: 华\\r\\n".encode()).decode()
    'GET /entities/%E5%8D%8E%E4%B8%BA HTTP/1.1\\r\\nHost: 华\\r\\n'
    """
    line, end, rest = data.partition(b"\n")
    return b"".join(b"%%%02X" % byte if byte > 127 else bytes([byte]) for byte in line) + end + rest
