"""Requests that no browser sends: the answer is a clear refusal, and the server goes on."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest


@pytest.fixture(autouse=True)
def lives_on(client: httpx.Client) -> Iterator[None]:
    """After every test the server still answers."""
    yield
    assert client.get("/healthz").json()["status"] == "ok"


def raw(server: str, request: bytes) -> bytes:
    """Return what the server answers to bytes as they stand."""
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        received = b""
        with suppress(BrokenPipeError, ConnectionResetError):  # it may hang up while we are still writing
            connection.sendall(request)
        with suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                received += chunk
    return received


@pytest.mark.parametrize(
    "path", ["/entities/%E8%93", "/entities/%ZZ", "/entities/%", "/entities?q=%FF", "/entities/%00", "/statements?speaker=%C3%28"]
)
def test_broken_percent_encoding_is_a_400(server: str, path: str) -> None:
    answer = raw(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer
    assert b"%25" in answer or b"UTF-8" in answer


def test_gbk_in_the_path_is_a_400(server: str) -> None:
    answer = raw(server, b"GET /entities/" + "蓝鲸".encode("gb18030") + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"UTF-8" in answer


def test_a_long_address_is_a_414_and_a_megabyte_is_not_even_read(client: httpx.Client, server: str) -> None:
    answer = client.get("/entities", params={"q": "鲸" * 6000})
    assert (answer.status_code, answer.headers["content-type"]) == (414, "application/problem+json")
    longest = raw(server, b"GET /entities?q=" + b"a" * (1 << 20) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert longest == b"" or longest.startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_past_the_limit_is_a_413(client: httpx.Client, chunked: bool) -> None:
    body = b"ASK { } #" + b"x" * (2 << 20)
    answer = client.post("/sparql", content=iter([body]) if chunked else body, headers={"Content-Type": "application/sparql-query"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_head_sends_the_head_of_get(client: httpx.Client) -> None:
    head, get = client.head("/entities/蓝鲸云"), client.get("/entities/蓝鲸云")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.content))


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/documents", "GET, HEAD, POST"),
        ("/documents/x", "DELETE, GET, HEAD"),
        ("/rdf-graph-store", "DELETE, GET, HEAD, POST, PUT"),
        ("/update", "POST"),
    ],
)
def test_a_method_that_is_not_taken_is_told_all_that_are(client: httpx.Client, path: str, methods: str) -> None:
    assert client.options(path).headers["allow"] == client.patch(path).headers["allow"] == methods


@pytest.mark.parametrize("weight", ["nan", "inf", "-1", "2", "x"])
def test_a_weight_that_is_none_counts_as_nothing(client: httpx.Client, weight: str) -> None:
    answer = client.get("/entities/蓝鲸云", headers={"Accept": f"text/html;q={weight}, application/json;q=0.1"})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/entities/蓝鲸云", 405), ("PUT", "/sparql", 405)]
)
def test_what_the_router_refuses_is_a_problem_too(client: httpx.Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "/docs" in answer.json()["detail"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/hostname",
        "..%2F..%2Fetc%2Fhostname",
        "%2e%2e/",
        "> <http://e/> ?p ?o } #",
        "' OR 1=1 --",
        "\\u0022",
        "💥",
        "鲸" * 300,
        ".",
    ],
)
def test_odd_names_are_not_found_and_nothing_else(client: httpx.Client, name: str) -> None:
    assert client.get(f"/entities/{name}x").status_code in {404, 414}
    assert client.get("/statements", params={"entity": name, "speaker": name}).json()["items"] == []
    assert client.get("/entities", params={"q": name[:200]}).json()["items"] == []


def test_nonsense_instead_of_http(server: str) -> None:
    for nonsense in (
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        "你好\r\n\r\n".encode(),
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    ):
        answer = raw(server, nonsense + b"\r\n\r\n")
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
