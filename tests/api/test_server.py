"""Starting and stopping: one address, one clear line where it cannot be had, nothing left behind."""

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.errors import ServeError
from api.server import serve
from api.settings import Settings
from kg.errors import StoreError
from kg.graph.store import Store
from tests.served import Served

STOP_SECONDS = 15


def children(process: Served) -> list[int]:
    """Return the ids of a process's children."""
    return [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()]


def ended(process: int) -> bool:
    """Return whether there is no such process, or only what is left of it until its parent looks."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_workers_end_with_the_server(store: Path, end: signal.Signals, run_server: Callable[[str], Any]) -> None:
    with run_server(f"store=Path({str(store)!r})") as (address, process):
        assert httpx.get(f"{address}/healthz", timeout=30).status_code == 200
        workers = children(process)
        assert len(workers) == 2
        process.send_signal(end)
        process.wait(STOP_SECONDS)
    deadline = time.monotonic() + STOP_SECONDS
    while not all(map(ended, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(map(ended, workers))


def test_a_taken_port_is_one_clear_line(store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServeError, match="cannot listen there") as refused:
        serve(store, port=taken.getsockname()[1])
    assert "--port" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_host_that_is_not_this_machine(store: Path) -> None:
    with pytest.raises(ServeError, match="--"):
        serve(store, host="192.0.2.1")


def test_no_store_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg build"):
        serve(tmp_path / "nothing")


def test_an_empty_store_is_served_too(tmp_path: Path, run_server: Callable[[str], Any]) -> None:
    Store.open(tmp_path / "empty").close()
    with run_server(f"store=Path({str(tmp_path / 'empty')!r})") as (address, _), httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/healthz").json() == {"status": "ok", "documents": 0, "statements": 0, "entities": 0}
        for path in ("/", "/entities", "/statements", "/documents"):
            assert client.get(path, headers={"Accept": "text/html"}).status_code == 200
        assert client.get("/statements").json() == {"items": [], "total": 0, "next": None}
        assert client.get("/export.gexf").status_code == 200


@pytest.mark.parametrize(
    ("fault", "kind"), [(StoreError("the disk is gone; look for it"), "store-failed"), (ZeroDivisionError("secret"), "unexpected")]
)
def test_a_fault_inside_is_a_500_that_gives_nothing_away(store: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, kind: str) -> None:
    app = create_app(Settings(store=store))

    def fail(*_: object, **__: object) -> list[object]:
        raise fault

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/documents")

    monkeypatch.setattr(Store, "documents_after", fail)
    answer = asyncio.run(ask())
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["type"] == f"/docs#problem-{kind}"
    assert "secret" not in answer.text
