"""What the tests of uploads and of jobs share: a server that may be written to, and following a job to its end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from kg.graph.store import Store
from tests.api.conftest import running

TOKEN = "let-me-write-5d2f"
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}
NOTICE = (
    "安屿科技关于媒体报道的澄清公告\n来源：新川日报\n2021年5月6日，上海\n"
    "安屿科技董事长周远表示，公司没有出售云业务的计划。周远称，公司计划于2024年底前推出新一代操作系统。\n"
)
SENTENCES = "安屿科技董事长周远表示，公司没有出售第{0}项业务的计划。公司计划于2024年底前推出第{0}代操作系统，并收购第{0}家芯片厂。\n"
WAIT = 120


def long_text(parts: int = 2500) -> str:
    """Return a text of some 65 characters a part that takes long to extract."""
    return "".join(SENTENCES.format(number) for number in range(parts))


@contextmanager
def writing(directory: Path, more: str = "") -> Iterator[httpx.Client]:
    """Run a server with a token over a store that is made where it is missing, and yield a client that brings the token."""
    if not directory.exists():
        Store.open(directory).close()
    with (
        running(f"store=Path({str(directory)!r}), write_token={TOKEN!r}, {more}") as (address, _),
        httpx.Client(base_url=address, timeout=60, headers=AUTHORISED) as client,
    ):
        yield client


def send(client: httpx.Client, content: str | bytes = NOTICE, media: str = "text/plain", **said: str) -> httpx.Response:
    """Send a document as the body itself."""
    data = content.encode() if isinstance(content, str) else content
    return client.post("/documents", content=data, headers={"Content-Type": media}, params=said)


def until(client: httpx.Client, path: str, *states: str) -> dict[str, Any]:
    """Return a job once it is in one of the states, by default ended."""
    wanted = states or ("done", "failed", "cancelled")
    deadline = time.monotonic() + WAIT
    while (job := client.get(path).json())["state"] not in wanted:
        assert time.monotonic() < deadline, job
        assert job["state"] not in {"done", "failed", "cancelled"}, job
        time.sleep(0.05)
    return dict(job)


def taken_in(client: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """Return the job of an answer once it has ended."""
    assert answer.status_code == 202, answer.text
    return until(client, answer.headers["location"])
