"""ETag, Last-Modified and 304; and that a server which only reads shows what another process has written."""

import time
from pathlib import Path

import httpx
import pytest

from kg.graph.store import Store
from kg.model import Predicate, Stance
from tests.api.conftest import Running, extraction, world

PATHS = [
    "/entities",
    "/entities/蓝鲸云",
    "/entities/蓝鲸云.ttl",
    "/statements?stance=denies",
    "/documents/denial",
    "/path?from=蓝鲸科技&to=蓝鲸云",
]
BOUGHT = ("蓝鲸科技收购了海川集团", ("蓝鲸科技", Predicate.ACQUIRES, "海川集团"), Stance.ASSERTS, None)
OLD = "Thu, 01 Jan 1998 00:00:00 GMT"
MEDIA = ("text/turtle", "application/json", "text/html")
SPARQL = {"Accept": "application/sparql-results+json"}
PATIENCE = 15  # seconds


@pytest.mark.parametrize("path", PATHS)
def test_what_a_client_holds_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    assert "Accept" in first.headers["vary"]
    for condition in ({"If-None-Match": tag}, {"If-None-Match": f'"other", W/{tag}'}, {"If-None-Match": "*"}, {"If-Modified-Since": date}):
        again = client.get(path, headers=condition)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), condition
    for condition in (
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": OLD},
        {"If-Modified-Since": "gestern"},
    ):
        again = client.get(path, headers=condition)
        assert (again.status_code, again.content) == (200, first.content), condition


def test_what_may_be_cut_by_its_time_has_no_tag(client: httpx.Client) -> None:
    assert "etag" in client.get("/questions").headers
    assert "etag" not in client.get("/questions/who-denied-what").headers
    assert "etag" not in client.get("/sparql?query=ASK{}").headers


def test_a_tag_is_of_one_representation(client: httpx.Client) -> None:
    tags = {
        client.get("/entities/蓝鲸云", headers={"Accept": media}).headers["etag"]
        for media in ("text/turtle", "application/json", "text/html")
    }
    assert len(tags) == 3


def test_if_none_match_goes_before_a_date(client: httpx.Client) -> None:
    date = client.get("/entities/蓝鲸云").headers["last-modified"]
    assert client.get("/entities/蓝鲸云", headers={"If-None-Match": '"other"', "If-Modified-Since": date}).status_code == 200


@pytest.mark.parametrize("path", ["/entities/无此公司", "/statements?stance=lies", "/entities/WhaleOS"])
def test_what_is_no_answer_has_no_tag_and_is_never_called_unchanged(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    assert "etag" not in first.headers
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == first.status_code >= 300


def test_what_another_process_writes_is_shown_and_changes_the_tag(tmp_path: Path, run_server: Running) -> None:
    directory = tmp_path / "store"
    with Store.open(directory) as opened:
        opened.bulk_add(world())
    with (
        run_server(f"store=Path({str(directory)!r}), watch_seconds=0.2") as (address, _),
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        before = client.get("/statements")
        assert client.get("/documents/later").status_code == 404
        with Store.open(directory) as opened:
            opened.add(extraction("later", "蓝鲸科技收购了海川集团。", "2024-01-02", [BOUGHT]))
        deadline = time.monotonic() + PATIENCE
        while client.get("/documents/later").status_code == 404 and time.monotonic() < deadline:
            time.sleep(0.2)
        after = client.get("/statements", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.headers["etag"] != before.headers["etag"]
        assert (before.json()["total"], after.json()["total"]) == (7, 8)
        assert client.get("/entities", params={"q": "hcjt"}).json()["items"][0]["statements"] == 4
        asked = client.get(
            "/sparql", params={"query": 'ASK { ?d dct:identifier "later" }'}, headers={"Accept": "application/sparql-results+json"}
        )
        assert asked.json()["boolean"] is True
