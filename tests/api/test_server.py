"""Starting and stopping: one address, one clear line where it cannot be had, nothing left behind."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.errors import ServeError
from api.server import serve
from kg.errors import StoreError

STOP_SECONDS = 15


def children(process: "subprocess.Popen[bytes]") -> list[int]:
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
