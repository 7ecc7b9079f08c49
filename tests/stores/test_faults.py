"""One behaviour where something goes wrong: writers that are killed, stores that are missing, full of other things or gone."""

import os
import random
import time
from contextlib import suppress

import httpx
import pytest

from kg.errors import KgError, QueryError, StoreError, StoreUnavailable
from kg.graph.store import Store
from tests.forked import PROCESSES
from tests.graph_fixtures import TEXT, document, extraction
from tests.remote_stores import oxigraph, virtuoso
from tests.stores import writer
from tests.stores.conftest import REMOTE, emptied, opened, whole

# ── whole or not at all ──


def started(place):
    """Start a writer; return it once its store is open."""
    told, telling = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=writer.main, args=(place, dict(os.environ), telling))
    process.start()
    telling.close()
    with told:
        assert told.recv() == "open"
    return process


@pytest.mark.parametrize("victim", ["writer", "server"])
@pytest.mark.parametrize("kind", REMOTE)
def test_killed_at_any_moment_a_document_is_there_whole_or_not_at_all(kind, victim, servers, tmp_path):
    held = opened(kind, servers, tmp_path)
    held.store.close()
    moments = random.Random(f"{kind} {victim}")
    versions = set()
    for _ in range(8 if victim == "writer" else 4):
        process = started(held.place)
        time.sleep(moments.uniform(0.05, 0.8))
        if victim == "server":
            held.server.end()
        process.kill()
        process.join()
        if victim == "server":
            held.server.start()
        with Store.open(held.place) as store:
            texts = [store.text(one.id) for one in store.documents()]
            assert len(texts) <= 1
            whole(store, [extraction(document(text)) for text in texts])
            versions.update(texts)
    assert len(versions) > 1, "nothing was written between the kills"


def test_who_reads_while_another_writes_sees_whole_documents(remote):
    remote.store.add(extraction(document(TEXT + "第0次。\n" * 200)))
    process = started(remote.place)
    try:
        counts = "SELECT (COUNT(DISTINCT ?d) AS ?n) (COUNT(DISTINCT ?s) AS ?m) { ?s prov:wasDerivedFrom ?d }"
        with Store.open(remote.place, read_only=True) as reader:
            seen, deadline = 0, time.monotonic() + 5
            while time.monotonic() < deadline:
                with suppress(StoreUnavailable, QueryError):  # written all the time: no answer is better than half a one
                    assert [row[1:] for row in [("", *(cell.value for cell in row)) for row in reader.query(counts)]] == [("1", "6")]
                    seen += 1
            assert seen > 3
    finally:
        process.kill()
        process.join()


# ── what goes wrong ──


def test_a_store_that_is_not_there_says_so():
    with pytest.raises(StoreUnavailable, match="no store answers"):
        Store.open("http://127.0.0.1:1/query", read_only=True)


def test_an_empty_store_is_not_made_by_reading(remote):
    remote.store.close()
    address = emptied(remote.server)
    with pytest.raises(StoreError, match="no graph in this store"):
        Store.open(address, read_only=True)


def test_a_store_of_another_program_is_refused(servers):
    address = emptied(servers["oxigraph"])
    httpx.post(address.replace("/query", "/update"), data={"update": "INSERT DATA { <urn:a> <urn:b> <urn:c> }"}).raise_for_status()
    with pytest.raises(StoreError, match="another program"):
        Store.open(address)


def test_passwords_in_addresses_and_wrong_ones_are_refused(servers, monkeypatch):
    with pytest.raises(StoreError, match="KG_STORE_PASSWORD") as refused:
        Store.open("http://dba:geheim@127.0.0.1:1/sparql")
    assert "geheim" not in str(refused.value)
    monkeypatch.setenv("KG_STORE_PASSWORD", "wrong")
    with pytest.raises(StoreUnavailable, match="KG_STORE_USER"):
        Store.open(emptied(servers["virtuoso"]))


def test_a_store_that_cuts_answers_is_an_error_and_no_answer(tmp_path):
    with (
        virtuoso(tmp_path, rows=50) as server,
        pytest.raises(KgError, match="cuts answers at 50 rows"),
        Store.open(server.address) as store,
    ):
        store.add(extraction())
        store.export("nq")


def test_a_server_that_ends_is_an_error_and_no_answer(tmp_path):
    with oxigraph(tmp_path) as server, Store.open(server.address) as store:
        store.add(extraction())
        server.end()
        with pytest.raises(StoreUnavailable, match="does not answer"):
            store.documents()
        with pytest.raises(StoreUnavailable, match="does not answer"):
            store.add(extraction())
        server.start()
        whole(store, [extraction()])
