"""A server that speaks the protocol of chat completions on loopback, and answers as it is told.

Its faults can be set: what it answers to the first requests, whether it knows schemas, is slow, breaks off, or speaks another protocol.
"""

import gc
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], str]
NOTHING = '{"statements": []}'


@dataclass
class Stub:
    """The server's settings, and what was asked of it."""

    answer: Answer = lambda asked: NOTHING
    statuses: list[int] = field(default_factory=list)  # answered first, one a request
    retry_after: str | None = None
    formats: Sequence[str] = ("json_schema", "json_object", "text")  # the response formats it knows
    refuses: Sequence[tuple[str, str]] = ()  # fields of a request that it answers 400 to, and what it says of each
    key: str | None = None
    model: str = "stub-1"
    delay: float = 0.0  # seconds
    cut_stream: int = 0  # so many first streams break off
    usage: bool = True
    raw: bytes | None = None  # what it answers instead, whatever is asked
    requests: list[dict[str, Any]] = field(default_factory=list)
    at_once: int = 0  # the most requests that were under way together
    _running: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve on a free port of loopback; yields the address as far as /v1.

        Garbage is not searched for meanwhile: what a thread of the server would come upon may be answers of a store, and those may only
        be let go of by the thread that asked for them.
        """
        server = _Server(("127.0.0.1", 0), _Handler)
        server.stub = self
        gc.disable()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)
            gc.enable()

    @contextmanager
    def counted(self, body: dict[str, Any]) -> Iterator[None]:
        """Note a request while it is under way."""
        with self._lock:
            self.requests.append(body)
            self._running += 1
            self.at_once = max(self.at_once, self._running)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def next_status(self) -> int:
        """Return what the next request is answered with."""
        with self._lock:
            return self.statuses.pop(0) if self.statuses else 200

    def cuts(self) -> bool:
        """Say whether the next stream breaks off."""
        with self._lock:
            self.cut_stream -= 1
            return self.cut_stream >= 0


def shown(body: dict[str, Any]) -> dict[str, Any]:
    """Return what a request shows of a document: its last message is a JSON object."""
    given: dict[str, Any] = json.loads(body["messages"][-1]["content"])
    return given


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    stub: Stub


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        stub = self.server.stub
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with stub.counted(body):
            if stub.delay:
                time.sleep(stub.delay)
            if stub.raw is not None:
                self._send(200, stub.raw, "application/json")
                return
            status = self._status(body)
            refused = next((message for name, message in stub.refuses if name in body), None)
            if status == 200 and refused is not None:
                self._send(400, json.dumps({"error": {"message": refused}}).encode(), "application/json")
            elif status != 200:
                extra = {"Retry-After": stub.retry_after} if stub.retry_after is not None else {}
                said = {"error": {"message": f"refused, {self.headers.get('authorization')}"}}
                self._send(status, json.dumps(said).encode(), "application/json", extra)
            elif body.get("stream"):
                self._stream(stub.answer(body), cut=stub.cuts())
            else:
                self._whole(stub.answer(body), body)

    def _status(self, body: dict[str, Any]) -> int:
        stub = self.server.stub
        if self.path != "/v1/chat/completions" or body["model"] != stub.model:
            return 404
        if stub.key is not None and self.headers.get("authorization") != f"Bearer {stub.key}":
            return 401
        if (body.get("response_format") or {"type": "text"})["type"] not in stub.formats:
            return 400
        return stub.next_status()

    def _whole(self, text: str, body: dict[str, Any]) -> None:
        answer = {"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}
        if self.server.stub.usage:
            answer |= {"usage": {"prompt_tokens": len(str(body["messages"])), "completion_tokens": len(text)}}
        self._send(200, json.dumps(answer, ensure_ascii=False).encode(), "application/json")

    def _stream(self, text: str, *, cut: bool) -> None:
        pieces = [text[at : at + 40] for at in range(0, len(text), 40)]
        events = [{"choices": [{"delta": {"content": piece}, "finish_reason": None}]} for piece in pieces]
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for event in events[: len(events) // 2] if cut else events:
            self.wfile.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
        if not cut:
            last = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
            usage = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 5}}
            self.wfile.write(f"data: {json.dumps(last)}\n\ndata: {json.dumps(usage)}\n\ndata: [DONE]\n\n".encode())
        self.close_connection = True

    def _send(self, status: int, body: bytes, kind: str, extra: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **(extra or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""
