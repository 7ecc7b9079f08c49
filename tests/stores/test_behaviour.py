"""One behaviour, whatever holds the graph: what is written, what is asked, what strangers may."""

from dataclasses import replace

import httpx
import pytest

from kg.errors import QueryError, StoreError
from kg.graph.keeping import keep_ledger
from kg.graph.questions import questions
from kg.graph.records import Change
from kg.graph.store import FORMATS
from kg.model import Entity, Kind, Predicate, Stance
from tests.graph_fixtures import TEXT, document, extraction
from tests.ledger.story import said, told
from tests.ledger.test_questions import world
from tests.stores.conftest import REMOTE, denied, local, opened, rows, whole

UNANSWERED = told("unanswered", "2024-01-01", said("传北山汽车上市", Stance.REPORTS, "北山汽车", Predicate.LISTS, None))


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


def test_a_ledger_that_is_made_again_is_that_of_all_documents(held):
    *before, last = world()
    for store in (held.store, expected := local(before)):
        store.bulk_add(before)
        keep_ledger(store)
        store.judge([("青禾科技", "北山汽车")])  # so that much of the ledger goes
        keep_ledger(store)
        store.add(last)
        assert keep_ledger(store)
        assert not keep_ledger(store)
    everything = "SELECT ?s ?p ?o { ?s ?p ?o }"
    assert rows(held.store.query(everything)) == rows(expected.query(everything))
    assert held.store.export("nq") == expected.export("nq")
    expected.judge([])
    held.store.judge([])
    for store in (held.store, expected):
        keep_ledger(store)
    assert held.store.export("nq") == expected.export("nq") == _at_once(world())


def _at_once(extractions):
    with local(extractions) as store:
        keep_ledger(store)
        return store.export("nq")


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
