"""How far a query may go: its deadline, memory, rows and bytes, how many run at once, and when its client leaves."""

import asyncio
import csv
import io
import json
import threading
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from api.errors import QueryTooHeavy
from api.query.jobs import Dataset
from api.query.pool import Pool
from api.query.results import SYNTAXES, WRITERS
from api.settings import Settings
from api.writing import Writer
from kg.errors import QueryError
from tests.api.conftest import Running

ALL = "SELECT * { ?s ?p ?o }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . FILTER(STRLEN(STR(?a)) > STRLEN(STR(?l)) + 900) }"


def asked(settings: Settings, *queries: str, media: str = "application/sparql-results+json") -> list[bytes | Exception]:
    """Return what a pool answers to each query in turn."""

    async def ask() -> list[bytes | Exception]:
        opened, writer = Writer.open(settings.store, None)
        pool = Pool(settings, writer)
        await pool.open()
        try:
            answers: list[bytes | Exception] = []
            for query in queries:
                try:
                    end, body = await pool.answer(query, media, Dataset())
                    answers.append(body + (b" truncated" if end.truncated else b""))
                except QueryError as error:
                    answers.append(error)
                except QueryTooHeavy as error:
                    answers.append(error)
            return answers
        finally:
            await pool.close()
            opened.close()

    return asyncio.run(ask())


def test_a_query_past_its_deadline_is_ended_and_the_next_one_answered(store: Path) -> None:
    started = time.monotonic()
    slow, quick = asked(Settings(store=store, query_workers=1, query_seconds=1), CROSS, "ASK {}")
    assert isinstance(slow, QueryTooHeavy)
    assert "longer than 1 s" in str(slow)
    assert quick == b'{"head":{},"boolean":true}'
    assert time.monotonic() - started < 10


def test_a_query_that_eats_memory_is_ended_and_the_next_one_answered(store: Path) -> None:
    hungry = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
    settings = Settings(store=store, query_workers=1, query_seconds=60, query_memory=1024 << 20)
    ended, quick = asked(settings, hungry, "ASK {}")
    assert isinstance(ended, QueryTooHeavy)
    assert "memory" in str(ended)
    assert quick == b'{"head":{},"boolean":true}'


def counted(body: bytes, media: str) -> tuple[int, bool]:
    """Return how many rows or triples a well-formed answer has, and whether its body says that it was cut."""
    text = body.decode()
    said = "truncated: " in text
    if media.endswith("results+json"):
        found = json.loads(text)
        return len(found["results"]["bindings"]), "truncated" in found
    if media.endswith("results+xml"):
        return len(list(ET.fromstring(text).iter("{http://www.w3.org/2005/sparql-results#}result"))), said
    if media == "text/csv":
        rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
        return sum(not row[0].startswith("# ") for row in rows), rows[-1][0].startswith("# truncated: ")
    if media == "text/tab-separated-values":
        lines = text.splitlines()[1:]
        return sum(not line.startswith("#") for line in lines), lines[-1].startswith("# truncated: ")
    if media == "application/ld+json":
        said = "truncated" in json.loads(text)[-1]
    return len(list(ox.parse(body, SYNTAXES[media]))), said


@pytest.mark.parametrize("media", [*WRITERS, *SYNTAXES])
def test_an_answer_past_its_rows_or_bytes_is_cut_whole_and_says_so_at_its_end(store: Path, media: str) -> None:
    query = ALL if media in WRITERS else "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    limits = [Settings(store=store, query_workers=1, query_rows=5), Settings(store=store, query_workers=1, query_bytes=2000)]
    (few,), (small,) = (asked(settings, query, media=media) for settings in limits)
    for body, rows in ((few, 5), (small, None)):
        assert isinstance(body, bytes)
        assert body.endswith(b" truncated")
        found, said = counted(body.removesuffix(b" truncated"), media)
        assert said
        assert found == rows if rows else found > 0
        assert len(body) < 12_000  # pyoxigraph hands graphs on in pieces of 8 KiB
    (whole,) = asked(Settings(store=store, query_workers=1), f"{query} LIMIT 5", media=media)
    assert isinstance(whole, bytes)
    assert counted(whole, media) == (5, False)


def test_heavy_queries_do_not_delay_look_ups_and_are_turned_away_when_too_many(client: httpx.Client, server: str) -> None:
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(httpx.get(f"{server}/sparql", params={"query": CROSS}, timeout=30).status_code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    started = time.monotonic()
    assert client.get("/entities/蓝鲸云").status_code == 200
    assert time.monotonic() - started < 2
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(statuses) == [429, 429, 503, 503]
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_a_client_that_leaves_ends_its_query(client: httpx.Client, server: str) -> None:
    for _ in range(2):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{server}/sparql", params={"query": CROSS}, timeout=0.3)
    # were both workers still at it, this would be turned away before their deadline
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize(("rows", "said"), [("5", "true"), ("50000", None)])
def test_the_header_of_an_answer_says_that_it_was_cut(store: Path, run_server: Running, rows: str, said: str | None) -> None:
    with run_server(f"store=Path({str(store)!r}), query_rows={rows}, query_workers=1") as (address, _):
        answer = httpx.get(f"{address}/sparql", params={"query": ALL})
        assert answer.headers.get("kg-truncated") == said
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert ("truncated" in answer.json()) == (said == "true")


def test_a_long_answer_is_cut_by_the_deadline_and_its_end_says_so(store: Path, run_server: Running) -> None:
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    settings = f"store=Path({str(store)!r}), query_seconds=2, query_bytes=1 << 40, query_rows=1 << 40, query_workers=1"
    with run_server(settings) as (address, _), httpx.stream("GET", f"{address}/sparql", params={"query": endless}, timeout=30) as answer:
        assert answer.headers["kg-truncated"] == "unknown"
        end, size = b"", 0
        for piece in answer.iter_bytes():
            end, size = (end + piece)[-200:], size + len(piece)
        assert size > 1 << 20
        assert end.endswith(b'"truncated":"2 s have passed and there is more"}')


def test_a_client_that_took_its_time_is_told_when_to_ask_again(store: Path, run_server: Running) -> None:
    settings = f"store=Path({str(store)!r}), query_seconds=1, client_seconds=1, client_window=60"
    with run_server(settings) as (address, _):
        assert httpx.get(f"{address}/sparql", params={"query": CROSS}, timeout=30).status_code == 503
        refused = httpx.get(f"{address}/sparql", params={"query": "ASK {}"})
        assert (refused.status_code, refused.json()["type"]) == (429, "/docs#problem-budget-spent")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert httpx.get(f"{address}/healthz").status_code == 200


def test_a_client_that_leaves_in_the_middle_of_an_answer_lets_the_next_one_in(store: Path, run_server: Running) -> None:
    settings = f"store=Path({str(store)!r}), query_seconds=300, client_seconds=9000, query_workers=1, query_patience=60"
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with run_server(settings) as (address, _):
        started = time.monotonic()
        with httpx.stream("GET", f"{address}/sparql", params={"query": endless}, timeout=120) as answer:
            assert next(answer.iter_bytes())
        assert httpx.get(f"{address}/sparql", params={"query": "ASK {}"}, timeout=120).json()["boolean"] is True
        assert time.monotonic() - started < 120
