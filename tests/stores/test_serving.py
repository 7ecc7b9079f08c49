"""A server on a store that another server holds."""

import time

import httpx

from kg.graph.store import Store
from tests.api.conftest import running
from tests.conftest import SAMPLES
from tests.graph_fixtures import extraction
from tests.remote_stores import oxigraph

PATHS = (
    "/entities/青禾云", "/entities?limit=3", "/entities?q=青禾", "/statements?stance=denies", "/documents", "/documents/qinghe",
    "/questions/what-it-owns",
    "/entities/青禾云/neighbours", "/path?from=青禾科技&to=青禾云", "/export.nq", "/nodes.csv",
    "/sparql?query=SELECT ?s ?o { ?s kg:owns ?o }", "/sparql?query=ASK { GRAPH ?g { ?s a kg:Statement } }",
)  # fmt: skip


def test_the_server_says_the_same_of_a_remote_store(remote, tmp_path, denial):
    remote.store.bulk_add([extraction(), denial])
    with Store.open(tmp_path / "local") as store:
        store.bulk_add([extraction(), denial])
    with running(f"store={remote.place!r}, query_seconds=60") as (theirs, _), running(f"store={str(tmp_path / 'local')!r}") as (ours, _):
        for path in PATHS:
            there, here = (
                httpx.get(f"{address}{path}", headers={"Accept": "application/json, */*"}, timeout=60) for address in (theirs, ours)
            )
            assert there.status_code == here.status_code == 200, (path, there.text[:500])
            assert there.content.replace(theirs.encode(), ours.encode()) == here.content, path


STRANGE = (
    ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "SERVICE"),
    ("DROP ALL", 403, "DROP"),
    ("SELECT (<bif:sys_stat>('st_dbms_ver') AS ?x) {}", 400, "bif:sys_stat"),
    ("SELECT * FROM <http://127.0.0.1:1/x> { ?s ?p ?o }", 403, "no graph of this store"),
    ("SELECT * { ?s ?p ?o", 400, "SPARQL 1.1"),
    (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER (?a != ?d && STR(?c) < STR(?l)) }",
        503,
        "longer than 2 s",
    ),
)


def test_strangers_are_held_to_the_same_rules_there(remote):
    remote.store.add(extraction())
    with running(f"store={remote.place!r}, query_seconds=2") as (address, _):
        started = time.monotonic()
        assert httpx.get(f"{address}/entities/青禾云", timeout=60).status_code == 200
        busy = time.monotonic() - started  # a moment, where the machine has nothing else to do
        for sparql, status, words in STRANGE:
            started = time.monotonic()
            answer = httpx.get(f"{address}/sparql", params={"query": sparql}, timeout=60)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (sparql, answer.text)
            assert words in answer.json()["detail"] and time.monotonic() - started < 10 + 2 * busy, sparql
            assert httpx.get(f"{address}/entities/青禾云", timeout=60).status_code == 200


def test_rows_of_a_remote_store_are_capped_and_the_answer_says_so(remote):
    remote.store.add(extraction())
    with running(f"store={remote.place!r}, query_rows=7") as (address, _):
        answer = httpx.get(f"{address}/sparql", params={"query": "SELECT ?s { ?s ?p ?o }"}, headers={"Accept": "text/csv"}, timeout=60)
        assert answer.headers["kg-truncated"] == "true" and 7 <= len(answer.text.splitlines()) - 1 <= 8


def test_a_server_writes_into_a_remote_store_and_shows_it(remote, denial):
    remote.store.add(extraction())
    headers = {"Authorization": "Bearer let-me-in"}
    with running(f"store={remote.place!r}, write_token='let-me-in'") as (address, _), httpx.Client(base_url=address, timeout=60) as client:
        assert client.delete("/documents/qinghe").status_code == 401
        assert client.delete("/documents/qinghe", headers=headers).is_success
        assert client.get("/documents").json()["items"] == []
        ask = client.get("/sparql", params={"query": "ASK { ?s a kg:Statement }"}, headers={"Accept": "application/sparql-results+json"})
        assert ask.json()["boolean"] is False
        graph = {"graph": "https://example.org/g"}
        put = client.put(
            "/rdf-graph-store", params=graph, content="<urn:a> <urn:b> <urn:c> .", headers={**headers, "Content-Type": "text/turtle"}
        )
        change = client.post(
            "/update", content="INSERT DATA { <urn:a> <urn:b> <urn:d> }", headers={**headers, "Content-Type": "application/sparql-update"}
        )
        if remote.kind == "virtuoso":
            assert put.status_code == change.status_code == 403 and "no default graph of its own" in change.json()["detail"]
        else:
            assert put.is_success and change.is_success
            found = client.get("/sparql", params={"query": "SELECT ?o { <urn:a> <urn:b> ?o }"}, headers={"Accept": "text/csv"})
            assert sorted(found.text.split()[1:]) == ["urn:c", "urn:d"]
    whole_documents = remote.again().documents()
    assert whole_documents == []


def test_a_document_sent_to_a_server_on_a_remote_store_is_there_whole_and_goes_whole(remote):
    headers = {"Authorization": "Bearer let-me-in"}
    sent = {"text": SAMPLES.joinpath("feimu_investor_qa.txt").read_text("utf-8"), "source": "feimu.txt", "date": "2024-03-01"}
    with running(f"store={remote.place!r}, write_token='let-me-in'") as (address, _), httpx.Client(base_url=address, timeout=60) as client:
        for state in ("added", "unchanged"):
            job = client.post("/documents", json={**sent, "title": "问答"}, headers=headers)
            assert job.status_code == 202
            events = client.get(job.json()["events_url"], headers={"Accept": "text/event-stream"}).text
            assert "event: done" in events, events
            done = client.get(job.headers["location"]).json()["result"]
            assert done["change"] == state
        listed = client.get(f"/statements?document={done['document']}").json()
        assert listed["total"] > 0
        replaced = client.post("/documents", json={**sent, "text": sent["text"] + "\n公司没有其他计划。", "title": "问答"}, headers=headers)
        client.get(replaced.json()["events_url"])
        again = client.get(replaced.headers["location"]).json()["result"]
        assert again["change"] == "replaced" and client.get(f"/documents/{done['document']}").status_code == 404
        assert client.delete(f"/documents/{again['document']}", headers=headers).is_success
        assert client.get("/documents").json()["items"] == client.get("/entities").json()["items"] == []
    assert remote.again().verify() == []


def test_a_server_sees_what_others_write_into_its_remote_store(remote, denial):
    remote.store.add(extraction())
    with running(f"store={remote.place!r}, remote_watch_seconds=0.2") as (address, _), httpx.Client(base_url=address, timeout=60) as client:
        assert client.get("/entities?q=北山汽车").json()["total"] == 1
        counted = client.get("/").text
        remote.store.add(denial)
        for _ in range(50):
            if client.get("/").text != counted:
                break
            time.sleep(0.2)
        assert client.get("/").text != counted  # the numbers on the first page, which are remembered as well
        remote.store.withdraw("qinghe")
        for _ in range(50):
            if client.get("/entities?q=青禾科技").json()["total"] == 0:
                break
            time.sleep(0.2)
        assert client.get("/entities?q=青禾科技").json()["total"] == 0  # the index of names, which was remembered


def test_a_server_whose_store_ends_says_so_and_goes_on_after(tmp_path):
    with oxigraph(tmp_path) as database:
        with Store.open(database.address) as store:
            store.add(extraction())
        with running(f"store={database.address!r}") as (address, _), httpx.Client(base_url=address, timeout=60) as client:
            assert client.get("/statements?stance=denies").status_code == 200
            database.end()
            for path in ("/statements?stance=plans", "/documents/beishan"):
                answer = client.get(path)
                assert answer.status_code == 503 and answer.headers["retry-after"] and "does not answer" in answer.json()["detail"], path
            database.start()
            assert client.get("/statements?stance=plans").status_code == 200
