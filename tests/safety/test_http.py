"""Clients that are slow, rude or hostile: limits hold before the app hears of a request, and others are served meanwhile."""

import gzip
import json
import re
import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from kg.graph.store import Store
from tests.api.conftest import running, world

LIMITS = "connections=20, head_bytes=8000, head_seconds=1, body_seconds=2, stalled_seconds=1, upload_bytes=1 << 20"
PATIENCE = 15


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with small limits."""
    directory = tmp_path_factory.mktemp("http") / "store"
    with Store.open(directory) as store:
        store.bulk_add(world())
    with running(f"store=Path({str(directory)!r}), write_token='let me in', {LIMITS}") as (found, _):
        yield found


@pytest.fixture(autouse=True)
def lives_on(address: str) -> Iterator[None]:
    """After every test the server still answers."""
    yield
    assert httpx.get(f"{address}/healthz", timeout=PATIENCE).json()["status"] == "ok"


def connected(address: str) -> socket.socket:
    """Return a connection."""
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)


def rest(connection: socket.socket) -> bytes:
    """Return what comes until the server hangs up; TimeoutError where it does not."""
    received = b""
    with suppress(ConnectionResetError):
        while chunk := connection.recv(1 << 16):
            received += chunk
    return received


def said(address: str, request: bytes) -> bytes:
    """Return what the server answers to bytes as they stand."""
    with connected(address) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)
        return rest(connection)


def get(headers: str = "", path: str = "/healthz") -> bytes:
    """Return a request whose answer is followed by a hang-up."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n".encode()


class TestSlowClients:
    def test_silence_is_hung_up_on(self, address: str) -> None:
        begun = time.monotonic()
        assert said(address, b"") == b""
        assert 0.5 < time.monotonic() - begun < PATIENCE / 2

    def test_a_head_that_trickles_in_is_a_408(self, address: str) -> None:
        begun = time.monotonic()
        with connected(address) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\n")
            with suppress(BrokenPipeError, ConnectionResetError):
                while time.monotonic() < begun + PATIENCE / 2:
                    connection.sendall(b"X-A: b\r\n")
                    connection.settimeout(0.1)
                    with suppress(TimeoutError):
                        answer = connection.recv(1 << 16)
                        break
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"application/problem+json" in answer

    def test_a_head_that_trickles_in_behind_an_answer_is_a_408_too(self, address: str) -> None:
        with connected(address) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
            connection.sendall(b"GET /healthz HT")
            assert b"HTTP/1.1 408 " in rest(connection)

    def test_a_body_that_never_ends_is_hung_up_on(self, address: str) -> None:
        begun = time.monotonic()
        head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK"
        assert not said(address, head).startswith(b"HTTP/1.1 200 ")
        assert 1 < time.monotonic() - begun < PATIENCE

    def test_who_does_not_read_is_hung_up_on(self, address: str) -> None:
        with connected(address) as connection:
            connection.settimeout(1)
            with suppress(ConnectionError, TimeoutError):
                for _ in range(500):  # pipelined, until more answers wait than the system buffers
                    connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
            gone = select.poll()
            gone.register(connection, 0)  # only whether the connection is broken; nothing is read
            assert gone.poll(PATIENCE * 1000)

    def test_others_are_served_while_all_are_slow(self, address: str) -> None:
        with ExitStack() as stack:
            for _ in range(15):
                stack.enter_context(connected(address)).sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
            assert httpx.get(f"{address}/healthz", timeout=2).status_code == 200

    def test_connections_past_the_limit_are_a_503_until_others_leave(self, address: str) -> None:
        with ExitStack() as stack:
            held = [stack.enter_context(connected(address)) for _ in range(20)]
            for connection in held:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
            time.sleep(0.2)
            assert said(address, b"").startswith(b"HTTP/1.1 503 ")
        assert said(address, get()).startswith(b"HTTP/1.1 200 ")


class TestHeads:
    def test_a_head_past_the_limit_is_a_431(self, address: str) -> None:
        for headers in (f"X-A: {'a' * 9000}\r\n", "X-A: b\r\n" * 1500):
            answer = said(address, get(headers))
            assert answer.startswith(b"HTTP/1.1 431 ")
            assert b"8000 bytes" in answer

    def test_a_head_that_never_ends_is_not_kept(self, address: str) -> None:
        with connected(address) as connection:
            sent = 0
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(b"GET / HTTP/1.1\r\nX-A: ")
                while sent < 100 << 20:
                    sent += connection.send(b"a" * 65536)
            assert sent < 50 << 20  # what the sockets buffer; no more was taken

    def test_a_cookie_of_allowed_length_does_no_harm(self, address: str) -> None:
        assert said(address, get(f"Cookie: {'a' * 7000}\r\n")).startswith(b"HTTP/1.1 200 ")

    @pytest.mark.parametrize(
        "headers",
        [
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Content-Length: +5\r\n",
            "X-A : b\r\n",
            "X-A: b\r\n folded\r\n",
            "X-A: b\x00c\r\n",
        ],
    )
    def test_what_two_servers_could_read_in_two_ways_is_refused(self, address: str, headers: str) -> None:
        smuggled = "0\r\n\r\nGET /entities HTTP/1.1\r\nHost: localhost\r\n\r\n"
        answer = said(address, f"POST /sparql HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n{smuggled}".encode())
        assert re.findall(rb"HTTP/1\.1 (\d)\d\d ", answer) == [b"4"]

    @pytest.mark.parametrize(
        "host", ["Host: a\r\nHost: b\r\n", "", "Host: evil.example/path\r\n", "Host: a b\r\n", "Host: <script>\r\n", "Host: \r\n"]
    )
    def test_a_host_that_is_none_is_a_400(self, address: str, host: str) -> None:
        answer = said(address, f"GET /healthz HTTP/1.1\r\n{host}Connection: close\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 400 ")

    @pytest.mark.parametrize("host", ["localhost", "kg.example.org:8443", "127.0.0.1", "[::1]:8000"])
    def test_a_host_that_is_one_is_served(self, address: str, host: str) -> None:
        assert said(address, get().replace(b"localhost", host.encode())).startswith(b"HTTP/1.1 200 ")

    @pytest.mark.parametrize("path", ["/", "/entities/蓝鲸云", "/entity/蓝鲸云", "/docs", "/nowhere", "/openapi.json"])
    def test_nothing_that_is_sent_leads_to_the_host_that_was_sent(self, address: str, path: str) -> None:
        answer = httpx.get(f"{address}{path}", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}, timeout=PATIENCE)
        assert "evil.example" not in answer.text
        assert "evil.example" not in answer.headers.get("location", "")


class TestBodies:
    @pytest.mark.parametrize("path", ["/sparql", "/documents"])
    @pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "zstd"])
    def test_a_compressed_body_is_not_unpacked(self, address: str, path: str, coding: str) -> None:
        bomb = gzip.compress(bytes(100 << 20))
        headers = {"Content-Encoding": coding, "Content-Type": "text/plain", "Authorization": "Bearer let me in"}
        answer = httpx.post(f"{address}{path}", content=bomb, headers=headers, timeout=PATIENCE)
        assert answer.status_code == 415
        assert "compressed" in answer.json()["detail"]

    @pytest.mark.parametrize("chunked", [False, True])
    @pytest.mark.parametrize("path", ["/sparql", "/documents"])
    def test_a_body_past_the_limit_is_a_413(self, address: str, path: str, chunked: bool) -> None:
        body = b"x" * (3 << 20)
        headers = {
            "Content-Type": "text/plain" if path == "/documents" else "application/sparql-query",
            "Authorization": "Bearer let me in",
        }
        with suppress(httpx.WriteError):
            answer = httpx.post(f"{address}{path}", content=iter([body]) if chunked else body, headers=headers, timeout=PATIENCE)
            assert answer.status_code == 413


class TestBrowsers:
    def test_every_answer_carries_the_headers_that_keep_a_browser_safe(self, address: str) -> None:
        for path in ("/", "/entities/蓝鲸云", "/nowhere", "/sparql?query=ASK%20{}", "/style.css", "/entities?q=%FF"):
            headers = httpx.get(f"{address}{path}", headers={"Accept": "text/html, */*;q=0.5"}, timeout=PATIENCE).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"

    def test_pages_hold_no_script_and_no_style_of_their_own(self, address: str) -> None:
        for path in ("/", "/entities", "/entities/蓝鲸云", "/statements", "/documents", "/documents/hostile", "/sparql", "/docs"):
            page = httpx.get(f"{address}{path}", headers={"Accept": "text/html"}, timeout=PATIENCE)
            assert page.headers["content-type"].startswith("text/html")
            inline = r'<script(?! type="module" src="/scripts/\w+\.js"></script>)|<style|\sstyle=|\son\w+=|javascript:'
            assert not re.search(inline, page.text, re.IGNORECASE)

    def test_a_page_from_elsewhere_may_read_without_credentials(self, address: str) -> None:
        answer = httpx.get(f"{address}/entities/蓝鲸云", headers={"Origin": "https://elsewhere.example"}, timeout=PATIENCE)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
        preflight = httpx.options(f"{address}/sparql", headers=asked, timeout=PATIENCE)
        assert preflight.status_code == 204
        assert "POST" in preflight.headers["access-control-allow-methods"]

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
    def test_a_page_from_elsewhere_may_not_write(self, address: str, method: str) -> None:
        asked = {
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization",
        }
        preflight = httpx.options(f"{address}/documents", headers=asked, timeout=PATIENCE)
        assert method not in preflight.headers["access-control-allow-methods"] or method == "POST"
        assert "authorization" not in preflight.headers["access-control-allow-headers"].lower()


class TestNames:
    @pytest.mark.parametrize("collection", ["entities", "documents", "statements", "propositions", "questions", "jobs"])
    @pytest.mark.parametrize("name", ["../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "....//etc/passwd", "/etc/passwd", "C:%5Cx"])
    @pytest.mark.parametrize("suffix", ["", ".ttl", ".json"])
    def test_no_name_leads_to_a_file(self, address: str, collection: str, name: str, suffix: str) -> None:
        answer = said(address, get("Authorization: Bearer let me in\r\n", f"/{collection}/{name}{suffix}"))
        assert re.match(rb"HTTP/1\.1 40[045] ", answer)
        assert b"root:" not in answer

    def test_a_document_that_claims_a_path_as_its_name_is_only_called_so(self, address: str, tmp_path: Path) -> None:
        source = f"../../..{tmp_path}/stolen.txt"
        headers = {"Authorization": "Bearer let me in", "Content-Type": "text/plain"}
        sent = httpx.post(
            f"{address}/documents", content="蓝鲸科技表示，没有出售蓝鲸云的计划。", params={"source": source}, headers=headers
        )
        assert sent.status_code in {202, 400, 422}
        if sent.status_code == 202:
            job = f"{address}{sent.headers['location']}"
            deadline = time.monotonic() + 60
            while httpx.get(job, headers=headers).json()["state"] not in {"done", "failed"} and time.monotonic() < deadline:
                time.sleep(0.1)
        assert list(tmp_path.iterdir()) == []


def test_what_is_logged_cannot_pass_for_another_entry(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    Store.open(directory).close()
    with running(f"store=Path({str(directory)!r})") as (found, process):
        for path in ("/entities/%0D%0A2021-09-24%20ERROR:%20forged", "/\x1b[2J", "/sparql?query=%0A2021%20ERROR:%20forged"):
            said(found, get(path=path))
        said(found, b"\r\nERROR: forged\r\n\r\n")
        said(found, get("Upgrade: h2c\r\nX-A: \x1b[2J\r\n"))
        process.send_signal(signal.SIGTERM)
        log = process.printed(PATIENCE)
    assert not re.search(rb"^.{0,40}ERROR: forged", log, re.MULTILINE)
    assert b"\x1b" not in log


def test_problems_are_json_and_say_what_to_do(address: str) -> None:
    answer = said(address, get(f"X-A: {'a' * 9000}\r\n"))
    problem = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert set(problem) >= {"type", "title", "status", "detail"}
    assert problem["status"] == 431
