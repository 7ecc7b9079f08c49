"""One behaviour, whatever holds the graph: pyoxigraph on disk and in memory, `oxigraph serve`, Virtuoso."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from kg.errors import KgError, QueryError, StoreError, StoreUnavailable
from kg.graph.backup import backup, restore
from kg.graph.keeping import keep_ledger
from kg.graph.questions import questions
from kg.graph.rdf import nquads
from kg.graph.records import Change
from kg.graph.store import FORMATS, Store
from kg.model import Entity, Kind, Predicate, Stance
from tests.api.conftest import running
from tests.conftest import ROOT, SAMPLES, Kg
from tests.graph_fixtures import TEXT, document, extraction, statement
from tests.ledger.story import said, told
from tests.ledger.test_questions import world
from tests.remote_stores import Server, oxigraph, virtuoso

KINDS = ("disk", "memory", "oxigraph", "virtuoso")
UNANSWERED = told("unanswered", "2024-01-01", said("传北山汽车上市", Stance.REPORTS, "北山汽车", Predicate.LISTS, None))
REMOTE = ("oxigraph", "virtuoso")


@dataclass
class Held:
    """An empty store of one kind, and how to open it again."""

    kind: str
    place: Path | str
    store: Store
    server: Server | None = None

    def again(self, *, read_only: bool = False) -> Store:
        """Close the store and open it again; one in memory is only itself."""
        if self.kind != "memory":
            self.store.close()
            self.store = Store.open(self.place, read_only=read_only)
        return self.store


@pytest.fixture(scope="module")
def servers(tmp_path_factory) -> Iterator[dict[str, Server]]:
    with ExitStack() as stack:
        yield {start.__name__: stack.enter_context(start(tmp_path_factory.mktemp(start.__name__))) for start in (oxigraph, virtuoso)}


def emptied(server: Server) -> str:
    """Take every graph of ours out of a server, with the means of its own; return its address."""
    with httpx.Client(auth=httpx.DigestAuth("dba", "dba") if server.environment else None, timeout=60) as client:
        target = server.address.replace("/query", "/update").replace("/sparql", "/sparql-auth")
        graphs = client.get(
            server.address, params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"}, headers={"Accept": "text/csv"}
        )
        names = [line for line in graphs.text.replace('"', "").split()[1:] if line.startswith(("https://", "urn:"))]
        drops = [f"DROP SILENT GRAPH <{name}>" for name in names]
        if server.name == "oxigraph":
            drops = ["DROP ALL"]
        if drops:
            client.post(target, data={"update": " ; ".join(drops)}).raise_for_status()
    return server.address


def opened(kind: str, servers: dict[str, Server], tmp_path: Path) -> Held:
    if kind == "memory":
        return Held(kind, "memory", Store.in_memory())
    if kind == "disk":
        return Held(kind, tmp_path / "store", Store.open(tmp_path / "store"))
    address = emptied(servers[kind])
    return Held(kind, address, Store.open(address), servers[kind])


@pytest.fixture(params=KINDS)
def held(request, servers, tmp_path) -> Iterator[Held]:
    one = opened(request.param, servers, tmp_path)
    yield one
    one.store.close()


@pytest.fixture(params=REMOTE)
def remote(request, servers, tmp_path) -> Iterator[Held]:
    one = opened(request.param, servers, tmp_path)
    yield one
    one.store.close()


def denied():
    """Return a document that denies something."""
    of = document("北山汽车不会收购青禾云,也从未考虑。\n", name="beishan", published="2021-10")
    said = statement(of, "北山汽车不会收购青禾云", ("北山汽车", Predicate.ACQUIRES, "青禾云"), stance=Stance.DENIES, speaker="北山汽车")
    return extraction(of, (said,))


@pytest.fixture
def denial():
    return denied()


def local(extractions) -> Store:
    store = Store.in_memory()
    for one in extractions:
        store.add(one)
    return store


def rows(answer):
    return sorted([tuple(None if cell is None else str(cell) for cell in row) for row in answer], key=str)


def whole(store: Store, extractions) -> None:
    """Check that a store is, to the triple, what these documents make it: their graphs, and the merge that plain queries see."""
    expected = local(extractions)
    assert store.export("nq") == expected.export("nq") == nquads(extractions)
    everything = "SELECT ?s ?p ?o { ?s ?p ?o }"
    assert rows(store.query(everything)) == rows(expected.query(everything))
    assert not store.verify()


# ── writing ──


def test_documents_come_change_and_go(held, denial):
    changed = extraction(document(TEXT + "补充一段。\n"))
    better = replace(denial, entities=(*denial.entities, Entity("青禾云服务", Kind.PRODUCT)))
    store = held.store
    assert store.add(extraction()) is Change.ADDED
    assert store.add(denial) is Change.ADDED
    assert store.add(extraction()) is Change.UNCHANGED
    whole(store, [extraction(), denial])
    assert store.add(changed) is Change.REPLACED
    assert store.add(better) is Change.REPLACED
    whole(held.again(), [changed, better])
    assert held.store.withdraw("qinghe") == 6
    whole(held.store, [better])
    assert held.store.withdraw("beishan") == 1
    whole(held.again(), [])


def test_many_documents_at_once(held, denial):
    changed = extraction(document(TEXT + "补充一段。\n"))
    assert held.store.bulk_add([extraction(), denial, extraction()]) == {Change.ADDED: 2, Change.UNCHANGED: 1, Change.REPLACED: 0}
    assert held.store.bulk_add([denial, changed]) == {Change.ADDED: 0, Change.UNCHANGED: 1, Change.REPLACED: 1}
    whole(held.store, [denial, changed])


def test_a_long_document_with_every_kind_of_character(held):
    text = TEXT + "".join(f"第{number}条\t“引号”、\\反斜线\\、'单'、\"双\"、𠀀𪚥、é\r\n" for number in range(3000))
    long = extraction(document(text))
    held.store.add(long)
    whole(held.again(), [long])
    assert held.store.text("qinghe") == text


def test_one_node_for_two_names_and_back(held, denial):
    held.store.bulk_add([extraction(), denial])
    before = held.store.export("nq")
    expected = local([extraction(), denial])
    for store in (held.store, expected):
        store.judge([("青禾科技", "北山汽车")], [("禾OS", "青禾云")])
    assert rows(held.store.query("SELECT ?s ?p ?o { ?s ?p ?o }")) == rows(expected.query("SELECT ?s ?p ?o { ?s ?p ?o }"))
    assert held.store.entity("北山汽车") == expected.entity("青禾科技")
    assert held.store.export("nq") == expected.export("nq") != before
    held.store.judge([])
    whole(held.again(), [extraction(), denial])


@pytest.mark.parametrize("held", ["disk", *REMOTE], indirect=True)
def test_a_read_only_store_changes_nothing(held):
    held.store.add(extraction())
    store = held.again(read_only=True)
    with pytest.raises(StoreError):
        store.withdraw("qinghe")
    whole(store, [extraction()])


# ── reading ──


LOOKUPS = {
    "documents": lambda store: store.documents(),
    "document": lambda store: store.document("beishan"),
    "text": lambda store: store.text("qinghe"),
    "statements": lambda store: store.statements(),
    "by entity": lambda store: store.statements(entity="GrainOS"),
    "by speaker": lambda store: store.statements(speaker="记者"),
    "by stance and predicate": lambda store: store.statements(stance="denies", predicate="acquires"),
    "by date": lambda store: store.statements(since="2021-10", until="2021-12"),
    "statement": lambda store: store.statement(extraction().statements[4].id),
    "entity": lambda store: store.entity("grain os"),
    "entities": lambda store: store.entities(),
    "relations": lambda store: store.relations("青禾云"),
    "search": lambda store: store.search("青禾"),
    "summary": lambda store: store.summary(),
    **{f"as {fmt}": (lambda store, fmt=fmt: store.export(fmt)) for fmt in FORMATS},
    **{name: (lambda store, name=name: rows(store.ask(name))) for name in questions()},
    "ask": lambda store: [bool(store.query(f"ASK {{ ?s kg:stance kg:{stance} }}")) for stance in ("Denial", "Prediction")],
    "construct": lambda store: sorted(map(str, store.query("CONSTRUCT { ?b kg:of ?a } WHERE { ?a kg:owns ?b }"))),
    "describe": lambda store: bool(list(store.query("DESCRIBE <https://w3id.org/corporate-statement-kg/entity/青禾云>"))),
    "graphs": lambda store: rows(store.query("SELECT DISTINCT ?g { GRAPH ?g { ?s a kg:Statement } }")),
    "graphs and merge": lambda store: rows(store.query("SELECT ?g ?s { ?s kg:stance kg:Denial GRAPH ?g { ?s kg:expresses ?x } }")),
    "all graphs": lambda store: rows(store.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")),
    "from": lambda store: rows(store.query("SELECT ?s FROM <https://w3id.org/corporate-statement-kg/ontology> { ?s rdfs:label ?l }")),
    "union, optional, group": lambda store: rows(store.query(
        "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { { ?s kg:stance ?x } UNION { ?s a ?x } OPTIONAL { ?s kg:due ?d } }"
        " GROUP BY ?x HAVING (COUNT(?s) > 1)")),
    "casts": lambda store: rows(store.query('SELECT ?v { ?s kg:amount ?a BIND (xsd:integer(?a) AS ?v) FILTER (?a > 5) }')),
    "size": lambda store: len(store.graph),
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(servers, tmp_path_factory):
    made = {}

    def store(kind):
        if kind not in made:
            made[kind] = opened(kind, servers, tmp_path_factory.mktemp(kind)).store
            made[kind].bulk_add([extraction(), denied(), *world(), UNANSWERED])
            keep_ledger(made[kind])
        return made[kind]

    yield store
    for one in made.values():
        one.close()


@pytest.mark.parametrize("name", LOOKUPS)
def test_every_store_gives_the_same_answers(filled, servers, name):
    expected = LOOKUPS[name](filled("memory"))
    assert expected, "a look-up that finds nothing shows nothing"
    for kind in ("disk", *servers):
        assert LOOKUPS[name](filled(kind)) == expected, kind


# ── strangers ──


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "INSERT DATA { <a:b> <a:c> <a:d> }",
        "DROP ALL",
        "SELECT * {",
    ],
)
def test_what_reaches_outside_or_changes_is_refused_everywhere(held, sparql):
    held.store.add(extraction())
    with pytest.raises(QueryError):
        list(held.store.query(sparql))
    whole(held.store, [extraction()])


@pytest.mark.parametrize(
    "sparql",
    [
        "PREFIX bif: <bif:> SELECT (bif:sys_stat('st_dbms_ver') AS ?x) {}",
        "SELECT (<bif:sys_stat>('st_dbms_ver') AS ?x) {}",
        "PREFIX xsd: <sql:> SELECT (xsd:user_name() AS ?x) {}",
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX xsd: <bif:> SELECT (xsd:user() AS ?x) {}",
        "DEFINE get:soft 'replace' SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }",
        "SELECT * FROM <http://127.0.0.1:1/data.ttl> { ?s ?p ?o }",
        "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX a: <http://127.0.0.1:1/> SELECT * FROM a:data.ttl { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o OPTION (TRANSITIVE) }",
        "SPARQL SELECT * { ?s ?p ?o }",
    ],
)
def test_a_remote_store_is_asked_nothing_but_sparql_about_its_own_graphs(remote, sparql):
    remote.store.add(extraction())
    with pytest.raises(QueryError):
        list(remote.store.query(sparql))


def test_other_data_in_a_shared_store_is_not_shown(servers, tmp_path):
    held = opened("virtuoso", servers, tmp_path)
    held.store.add(extraction())
    with httpx.Client(auth=httpx.DigestAuth("dba", "dba")) as client:
        foreign = "INSERT DATA { GRAPH <https://example.org/payroll> { <urn:a> <urn:b> 'secret' } }"
        client.post(held.place.replace("/sparql", "/sparql-auth"), data={"update": foreign}).raise_for_status()
    for sparql in (
        "SELECT * { ?s ?p 'secret' }",
        "SELECT * { GRAPH ?g { ?s ?p 'secret' } }",
        "SELECT * { GRAPH <https://example.org/payroll> { ?s ?p ?o } }",
    ):
        assert not list(held.store.query(sparql)), sparql
    whole(held.store, [extraction()])


# ── whole or not at all ──

WRITER = """
import sys
from kg.graph.keeping import keep_ledger
from kg.graph.store import Store
from tests.graph_fixtures import TEXT, document, extraction
with Store.open(sys.argv[1]) as store:
    print("open", flush=True)
    for number in range(10_000):
        store.add(extraction(document(TEXT + f"第{number}次。\\n" * 200)))
"""


@pytest.mark.parametrize("victim", ["writer", "server"])
@pytest.mark.parametrize("kind", REMOTE)
def test_killed_at_any_moment_a_document_is_there_whole_or_not_at_all(kind, victim, servers, tmp_path):
    held = opened(kind, servers, tmp_path)
    held.store.close()
    moments = random.Random(f"{kind} {victim}")
    versions = set()
    for _ in range(8 if victim == "writer" else 4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, held.place], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert writer.stdout and writer.stdout.readline() == b"open\n"
        time.sleep(moments.uniform(0.05, 0.8))
        if victim == "server":
            held.server.end()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
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
    writer = subprocess.Popen([sys.executable, "-c", WRITER, remote.place], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert writer.stdout and writer.stdout.readline() == b"open\n"
        counts = "SELECT (COUNT(DISTINCT ?d) AS ?n) (COUNT(DISTINCT ?s) AS ?m) { ?s prov:wasDerivedFrom ?d }"
        with Store.open(remote.place, read_only=True) as reader:
            seen, deadline = 0, time.monotonic() + 5
            while time.monotonic() < deadline:
                with suppress(StoreUnavailable, QueryError):  # written all the time: no answer is better than half a one
                    assert [row[1:] for row in [("", *(cell.value for cell in row)) for row in reader.query(counts)]] == [("1", "6")]
                    seen += 1
            assert seen > 3
    finally:
        writer.kill()
        writer.wait()


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


# ── backup ──


def test_a_backup_moves_a_store_from_anywhere_to_anywhere(held, servers, tmp_path, denial):
    held.store.bulk_add([extraction(), denial])
    held.store.judge([("青禾科技", "北山汽车")])
    expected, merged = held.store.export("nq"), rows(held.store.query("SELECT ?s ?p ?o { ?s ?p ?o }"))
    file = tmp_path / "backup.nq.gz"
    with file.open("wb") as output:
        backup(held.store, output)
    restore(file, tmp_path / "restored")
    with Store.open(tmp_path / "restored", read_only=True) as store:
        assert store.export("nq") == expected and rows(store.query("SELECT ?s ?p ?o { ?s ?p ?o }")) == merged
    if held.server:
        held.store.close()
        with pytest.raises(StoreError, match="not overwritten"):
            restore(file, held.place)
        restore(file, emptied(held.server))
        assert held.again().export("nq") == expected
        assert rows(held.store.query("SELECT ?s ?p ?o { ?s ?p ?o }")) == merged


# ── the command line ──


def test_every_verb_runs_on_a_remote_store(kg: Kg, remote, tmp_path):
    remote.store.close()
    place = emptied(remote.server)
    built = kg("build", "--store", place, "--ner", "none", SAMPLES / "huawei_roundtable_retold.md")
    assert built.status == 0, built.err
    local_store = str(tmp_path / "local")
    assert kg("build", "--store", local_store, "--ner", "none", SAMPLES / "huawei_roundtable_retold.md").status == 0
    for verb in (
        ["ask", "who-denied-what", "about=华为"],
        ["show", "华为"],
        ["export", "--format", "nq"],
        ["export", "--format", "csv"],
        ["verify"],
        ["validate"],
    ):
        theirs, ours = kg(*verb, "--store", place), kg(*verb, "--store", local_store)
        assert theirs.status == 0 and theirs.out == ours.out and len(ours.out) > 30, (verb, theirs.err)
    table = str(tmp_path / "judged.tsv")
    judged = kg("same", "华为", "华为云", "--store", place)
    assert judged.status == 2 and "--judgements" in judged.err
    assert kg("same", "鸿蒙", "欧拉", "--store", place, "--judgements", table).status == 0
    assert kg("backup", place, str(tmp_path / "b.gz")).status == 0
    assert kg("withdraw", "huawei_roundtable_retold", "--store", place).status == 0
    assert kg("verify", "--store", place).out == "verified: 0 quotes stand in their sources\n"


# ── the server ──


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
