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
import pytest

from api.errors import QueryTooHeavy
from api.query.pool import Pool
from api.query.worker import Dataset
from api.settings import Settings
from api.writing import Writer
from kg.errors import QueryError

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
                    head, body = await pool.run(query, media, Dataset())
                    answers.append(body + (b" truncated" if head.truncated else b""))
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
    settings = Settings(store=store, query_workers=1, query_seconds=60, query_memory=700 << 20)
    ended, quick = asked(settings, hungry, "ASK {}")
    assert isinstance(ended, QueryTooHeavy)
    assert "memory" in str(ended)
    assert quick == b'{"head":{},"boolean":true}'


@pytest.mark.parametrize("media", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"])
def test_an_answer_past_its_rows_or_bytes_is_cut_whole_and_said_to_be(store: Path, media: str) -> None:
    (few,) = asked(Settings(store=store, query_workers=1, query_rows=5), ALL, media=media)
    (small,) = asked(Settings(store=store, query_workers=1, query_bytes=2000), ALL, media=media)
    for body, rows in ((few, 5), (small, None)):
        assert isinstance(body, bytes)
        assert body.endswith(b" truncated")
        text = body.removesuffix(b" truncated").decode()
        found = (
            len(json.loads(text)["results"]["bindings"])
            if "json" in media
            else len(list(ET.fromstring(text).iter("{http://www.w3.org/2005/sparql-results#}result")))
            if "xml" in media
            else len(list(csv.reader(io.StringIO(text, newline="")))) - 1
        )
        assert found == rows if rows else found > 0
        assert len(body) < 5000


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
