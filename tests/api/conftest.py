"""A store of three small documents about invented companies, one of them hostile, and a real server over it on a free port."""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from kg.graph.store import Store
from kg.model import Document, Entity, Extraction, Kind, Predicate, Stance, Statement, digest
from tests import served
from tests.conftest import ROOT
from tests.forked import PROCESSES
from tests.served import Served

START_SECONDS = 30
STOP_SECONDS = 15
SCRIPT = "<script>alert('鲸')</script>"
KINDS = {
    "蓝鲸科技": Kind.COMPANY,
    "蓝鲸云": Kind.UNIT,
    "鲸OS": Kind.PRODUCT,
    "源流基金会": Kind.ORGANISATION,
    "周雨": Kind.PERSON,
    "海川集团": Kind.COMPANY,
    "A/B_C 库": Kind.PRODUCT,
    SCRIPT: Kind.PRODUCT,
}
ALIASES = {"蓝鲸科技": ("蓝鲸", "Blue Whale"), "鲸OS": ("WhaleOS", "鲸系统")}
RUMOUR = "有记者问,海川集团是否收购蓝鲸云。"
DENIAL = "周雨回答:海川集团收购蓝鲸云一事不实。蓝鲸云是蓝鲸科技的子公司。鲸OS已捐赠给源流基金会。蓝鲸科技计划2022年底前发布A/B_C 库。"
HOSTILE = f"蓝鲸科技推出{SCRIPT},海川集团已经收购蓝鲸云。"


def statement(document: Document, quote: str, claim: tuple[str, Predicate, str], stance: Stance, speaker: str | None = None) -> Statement:
    """Return a statement whose evidence is the only place of `quote`."""
    subject, predicate, obj = claim
    start = document.text.index(quote)
    return Statement(
        doc=document.name,
        start=start,
        end=start + len(quote),
        quote=quote,
        speaker=speaker,
        stance=stance,
        subject=subject,
        predicate=predicate,
        object=obj,
        value=None,
        unit=None,
        when=None,
        due="2022" if stance is Stance.PLANS else None,
        id=digest(document.id, quote, speaker, stance, *claim),
        subject_kind=KINDS.get(subject),
        object_kind=KINDS.get(obj),
        speaker_kind=KINDS.get(speaker or ""),
        on_behalf_of="蓝鲸科技" if speaker == "周雨" else None,
        rule="hand",
        confidence=1.0,
    )


def extraction(
    name: str, text: str, published: str, claims: list[tuple[str, tuple[str, Predicate, str], Stance, str | None]]
) -> Extraction:
    """Return a document with its statements and the entities they name."""
    document = Document(digest(text), name, text, f"samples/{name}.txt", f"{name} 的标题", "鲸海日报", published)
    statements = tuple(statement(document, *claim) for claim in claims)
    names = sorted({part for item in statements for part in (item.subject, item.object, item.speaker) if part in KINDS})
    return Extraction(document, tuple(Entity(part, KINDS[part], ALIASES.get(part, ())) for part in names), statements, ())


def world() -> list[Extraction]:
    """Return a rumour, its denial among other statements, and a later confirmation next to a script."""
    takeover = ("海川集团", Predicate.ACQUIRES, "蓝鲸云")
    return [
        extraction("rumour", RUMOUR, "2021-05-06", [("海川集团是否收购蓝鲸云", takeover, Stance.REPORTS, "记者")]),
        extraction(
            "denial",
            DENIAL,
            "2021-09-24",
            [
                ("海川集团收购蓝鲸云一事不实", takeover, Stance.DENIES, "周雨"),
                ("蓝鲸云是蓝鲸科技的子公司", ("蓝鲸科技", Predicate.OWNS, "蓝鲸云"), Stance.ASSERTS, "周雨"),
                ("鲸OS已捐赠给源流基金会", ("鲸OS", Predicate.OPEN_SOURCES, "源流基金会"), Stance.ASSERTS, "周雨"),
                ("蓝鲸科技计划2022年底前发布A/B_C 库", ("蓝鲸科技", Predicate.LAUNCHES, "A/B_C 库"), Stance.PLANS, "周雨"),
            ],
        ),
        extraction(
            "hostile",
            HOSTILE,
            "2023-02",
            [
                (f"蓝鲸科技推出{SCRIPT}", ("蓝鲸科技", Predicate.LAUNCHES, SCRIPT), Stance.ASSERTS, None),
                ("海川集团已经收购蓝鲸云", takeover, Stance.ASSERTS, None),
            ],
        ),
    ]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the store."""
    directory = tmp_path_factory.mktemp("api") / "store"
    with Store.open(directory) as opened:
        opened.bulk_add(world())
    return directory


@contextmanager
def running(settings: str) -> Iterator[tuple[str, Served]]:
    """Run a server with these settings on a free loopback port; yield its address and process, and stop it at the end."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    log, printing = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=served.main, args=(f"Settings({settings})", environment, ROOT, printing))
    process.start()
    printing.close()
    server = Served(process, log)
    with log:
        try:
            yield address_of(server), server
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.printed(STOP_SECONDS)
                server.wait(STOP_SECONDS)
            except TimeoutError:
                server.send_signal(signal.SIGKILL)
                raise


def address_of(server: Served) -> str:
    """Return the address that a server prints as its first line."""
    printed = server.printed(START_SECONDS, end=b"\n")
    found = re.search(rb" at (http://127\.0\.0\.1:\d+)", printed)
    assert found, printed.decode()
    return found[1].decode()


Running = Callable[[str], AbstractContextManager[tuple[str, Served]]]


@pytest.fixture
def run_server() -> Running:
    """Start a server of one's own: `with run_server("store=…") as (address, process):`."""
    return running


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[str]:
    """The address of a server over the store."""
    with running(f"store=Path({str(store)!r}), query_seconds=5") as (address, _):
        yield address


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    """A client of the server."""
    with httpx.Client(base_url=server, timeout=30) as opened:
        yield opened
