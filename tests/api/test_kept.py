"""Answers are kept until the store changes: the same bytes as before, nothing that depends on who asks or when, and never too much."""

import asyncio
from dataclasses import dataclass, field

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.kept import Kept


@dataclass
class Server:
    """An app that counts how often it is asked, behind what keeps its answers."""

    answer: tuple[Message, ...] = ()
    generation: int = 1
    asked: int = 0
    sent: list[Message] = field(default_factory=list)
    total: int = 100_000

    def __post_init__(self) -> None:
        self.kept = Kept(self.app, lambda: self.generation, self.total, 1000)

    async def app(self, _: Scope, __: Receive, send: Send) -> None:
        self.asked += 1
        for message in self.answer or answered(b"%d" % self.asked):
            await send(message)

    def get(self, path: str = "/entities/a", query: str = "", method: str = "GET", **headers: str) -> bytes:
        """Return the body of an answer."""
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "raw_path": path.encode(), "query_string": query.encode(), "headers": raw}
        self.sent = []

        async def send(message: Message) -> None:
            self.sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request"}

        asyncio.run(self.kept(scope, receive, send))
        return b"".join(message.get("body", b"") for message in self.sent)


def answered(*pieces: bytes, status: int = 200, **headers: str) -> tuple[Message, ...]:
    """Return the messages of an answer in pieces."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    bodies = [{"type": "http.response.body", "body": piece, "more_body": number + 1 < len(pieces)} for number, piece in enumerate(pieces)]
    return ({"type": "http.response.start", "status": status, "headers": raw}, *bodies)


def test_the_same_is_asked_once_until_the_store_changes() -> None:
    server = Server()
    assert [server.get() for _ in range(3)] == [b"1"] * 3
    server.generation = 2
    assert [server.get() for _ in range(2)] == [b"2"] * 2


def test_an_answer_in_pieces_comes_back_whole_with_its_length() -> None:
    server = Server(answered(b"ab", b"c", b"", content_type="text/csv"))
    assert (server.get(), server.get(), server.asked) == (b"abc", b"abc", 1)
    assert dict(server.sent[0]["headers"]) == {b"content-type": b"text/csv", b"content-length": b"3"}


@pytest.mark.parametrize("headers", [{"accept": "text/turtle"}, {"host": "b"}, {"origin": "https://a"}])
def test_who_asks_otherwise_is_answered_otherwise(headers: dict[str, str]) -> None:
    server = Server()
    assert (server.get(), server.get(**headers), server.get(), server.get(**headers)) == (b"1", b"2", b"1", b"2")


@pytest.mark.parametrize("headers", [{"authorization": "Bearer a"}, {"cookie": "a"}, {"if_none_match": "*"}, {"cache_control": "no-cache"}])
def test_who_sends_what_matters_otherwise_is_answered_afresh(headers: dict[str, str]) -> None:
    server = Server()
    server.get()
    assert [server.get(**headers) for _ in range(2)] == [b"2", b"3"]


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [
        ("/jobs/a", "", "GET"),
        ("/sparql", "query=SELECT%20(%4EOW()%20AS%20?n)%20{}", "GET"),
        ("/entities/a", "", "POST"),
        ("/healthz", "", "GET"),
    ],
)
def test_what_changes_by_itself_is_not_kept(path: str, query: str, method: str) -> None:
    server = Server()
    assert [server.get(path, query, method) for _ in range(2)] == [b"1", b"2"]


@pytest.mark.parametrize(
    "answer",
    [
        answered(b"a", status=404),
        answered(b"a", set_cookie="a"),
        answered(b"a", cache_control="no-store"),
        answered(b"a", kg_truncated="unknown"),
        answered(b"a" * 1001),
        answered(b"a", b"b")[:2],
    ],
)
def test_what_is_not_for_everybody_or_not_whole_is_not_kept(answer: tuple[Message, ...]) -> None:
    server = Server(answer)
    server.get()
    server.get()
    assert server.asked == 2


def test_the_least_lately_asked_for_goes_first() -> None:
    server = Server(answered(b"a" * 900), total=9000)
    for path in ("/entities/a", "/entities/b", "/entities/a", "/entities/c", "/entities/d"):
        server.get(path)
    asked = server.asked
    server.get("/entities/a")
    assert server.asked == asked
    server.get("/entities/b")
    assert server.asked == asked + 1
