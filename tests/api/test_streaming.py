"""An answer of a million rows goes through the worker and the server in pieces: neither holds more of it than a few megabytes."""

import re
from pathlib import Path

import httpx

from tests.api.conftest import Running

ROWS = 1_000_000
QUERY = "SELECT ?a ?b {{ VALUES ?n {{ 1 2 }} ?a ?b ?c . ?d ?e ?f }} LIMIT {rows}"
GROWTH = 24 << 20  # bytes; the answer is more than four times as long


def resident(process: int) -> int:
    """Return the bytes of memory that a process has."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) * 1024


def workers(server: int) -> list[int]:
    """Return the processes that a process started."""
    return [int(child) for child in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def test_memory_stays_flat_over_a_million_rows(store: Path, run_server: Running) -> None:
    settings = f"store=Path({str(store)!r}), query_seconds=900, client_seconds=9000, query_workers=1"
    with run_server(settings) as (address, process):
        first = httpx.get(f"{address}/sparql", params={"query": QUERY.format(rows=ROWS // 10)}, headers={"Accept": "text/csv"}, timeout=900)
        assert first.content.count(b"\n") == ROWS // 10 + 1
        (worker,) = workers(process.pid)
        before = {pid: resident(pid) for pid in (process.pid, worker)}
        most, size, lines = dict(before), 0, 0
        parameters = {"query": QUERY.format(rows=ROWS)}
        with httpx.stream("GET", f"{address}/sparql", params=parameters, headers={"Accept": "text/csv"}, timeout=900) as answer:
            assert answer.status_code == 200
            for number, piece in enumerate(answer.iter_bytes(1 << 16)):
                size += len(piece)
                lines += piece.count(b"\n")
                if number % 50 == 0:
                    most = {pid: max(most[pid], resident(pid)) for pid in before}
        assert workers(process.pid) == [worker]
        assert lines == ROWS + 1
        assert size > 4 * GROWTH
        growth = {pid: most[pid] - before[pid] for pid in before}
        assert max(growth.values()) < GROWTH, growth
        print(f"{size >> 20} MiB sent; the server grew by {growth[process.pid] >> 10} KiB, the worker by {growth[worker] >> 10} KiB")  # noqa: T201
