"""The store: adding, replacing, withdrawing, looking up, asking, exporting, and what it refuses."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ExtractionError, QueryError, StoreError
from kg.graph.questions import question, questions
from kg.graph.rdf import nquads
from kg.graph.records import Change
from kg.graph.store import FORMATS, Store
from kg.graph.writing import writable
from kg.model import STANDARD_INPUT, Entity, Kind, Predicate, Stance
from tests.graph_fixtures import TEXT, document, extraction, statement

DENIAL = "北山汽车不会收购青禾云,也从未考虑。\n"


@pytest.fixture
def store():
    with Store.in_memory() as opened:
        opened.add(extraction())
        yield opened


@pytest.fixture
def denial():
    of = document(DENIAL, name="beishan", published="2021-10")
    said = statement(of, "北山汽车不会收购青禾云", ("北山汽车", Predicate.ACQUIRES, "青禾云"), stance=Stance.DENIES, speaker="北山汽车")
    return extraction(of, (said,))


def rows(answer):
    return [tuple(None if cell is None else cell.value for cell in row) for row in answer]


# ── adding, replacing, withdrawing ──


def test_the_same_document_again_changes_nothing(store):
    before = store.export("nq")
    assert store.add(extraction()) is Change.UNCHANGED
    assert store.export("nq") == before == nquads([extraction()])


def test_changed_text_of_the_same_source_replaces_it(store, denial):
    store.add(denial)
    changed = extraction(document(TEXT + "补充一段。\n"))
    assert store.add(changed) is Change.REPLACED
    assert store.export("nq") == nquads([changed, denial])
    assert len(store.graph) == len(fresh([changed, denial]).graph)


def test_better_statements_of_the_same_text_replace_the_old(store):
    better = replace(extraction(), statements=extraction().statements[:2])
    assert store.add(better) is Change.REPLACED
    assert store.export("nq") == nquads([better])


def test_standard_input_never_replaces_another_text(store):
    for text in ("面向服务器。", "面向服务器!"):
        store.add(extraction(document(text, name=STANDARD_INPUT, source=STANDARD_INPUT), ()))
    assert len(store.documents()) == 3


def test_withdrawing_leaves_what_it_would_be_without_the_document(store, denial):
    assert store.add(denial) is Change.ADDED
    assert store.withdraw("qinghe") == 6
    assert store.export("nq") == nquads([denial])
    assert sorted(map(str, store.graph)) == sorted(map(str, fresh([denial]).graph))


def test_each_fact_is_found_once_however_many_documents_state_it(store):
    store.add(extraction(document(TEXT, name="copy")))
    assert rows(store.query("SELECT ?o { ?s kg:owns ?o }")) == [("https://w3id.org/corporate-statement-kg/entity/青禾云",)]
    (count,) = rows(store.query("SELECT (COUNT(*) AS ?n) { ?s kg:stance kg:Denial ; kg:expresses/rdf:subject ?x }"))
    assert count == ("2",)


def test_a_document_that_breaks_its_contract_changes_nothing(store):
    before = store.export("nq")
    of = document("青禾科技没有出售青禾云的计划。", name="broken")
    broken = replace(statement(of, "青禾科技", ("青禾科技", Predicate.DIVESTS, "青禾云")), quote="别的话")
    with pytest.raises(ExtractionError, match="broken"):
        store.add(extraction(of, (broken,)))
    assert store.export("nq") == before


def test_bulk_adding_is_adding(tmp_path, denial):
    changed = extraction(document(TEXT + "补充一段。\n"))
    with Store.open(tmp_path / "s") as store:
        assert store.bulk_add([extraction(), denial, extraction()]) == {Change.ADDED: 2, Change.UNCHANGED: 1, Change.REPLACED: 0}
        assert store.bulk_add([denial, changed]) == {Change.ADDED: 0, Change.UNCHANGED: 1, Change.REPLACED: 1}
        assert sorted(map(str, store.graph)) == sorted(map(str, fresh([denial, changed]).graph))


VERSIONS = st.tuples(st.sampled_from("甲乙丙"), st.integers(1, 3)) | st.sampled_from("甲乙丙")


@settings(max_examples=25, deadline=None)
@given(st.lists(VERSIONS, max_size=12))
def test_whatever_came_and_went_the_store_is_what_its_documents_make_it(steps):
    # a pair adds that version of a document (as many of the statements), a bare name withdraws it
    whole, held = extraction(), {}
    with Store.in_memory() as store:
        for step in steps:
            name, version = step if isinstance(step, tuple) else (step, 0)
            if version:
                of = document(TEXT + "又及。" * (version // 2), name=name)
                claims = [(one, (one.subject, one.predicate, one.object)) for one in whole.statements[:version]]
                held[name] = extraction(of, tuple(statement(of, one.quote, claim, stance=one.stance) for one, claim in claims))
                store.add(held[name])
            elif held.pop(name, None):
                store.withdraw(name)
        assert store.export("nq") == nquads(held.values())
        assert sorted(map(str, store.graph)) == sorted(map(str, fresh(held.values()).graph))


def fresh(extractions):
    store = Store.in_memory()
    for one in extractions:
        store.add(one)
    return store


# ── opening ──


def test_what_is_added_is_there_after_reopening(tmp_path):
    with Store.open(tmp_path / "s") as store:
        store.add(extraction())
        expected = store.export("nq")
    with Store.open(tmp_path / "s", read_only=True) as store:
        assert store.export("nq") == expected and store.statements() and not store.verify()
    with Store.open(tmp_path / "s") as store:
        assert store.add(extraction()) is Change.UNCHANGED


def test_a_store_is_made_wherever_it_is_named(tmp_path):
    for name in ("a/b/c", "lock/LOCK", "华为 图谱"):
        with Store.open(tmp_path / name) as store:
            store.add(extraction())
        with Store.open(tmp_path / name, read_only=True) as store:
            assert len(store.statements()) == 6


def test_a_place_where_nothing_can_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(tmp_path / "file" / "store")


def test_a_store_that_is_missing_is_not_made_by_reading(tmp_path):
    with pytest.raises(StoreError, match="there is no store"):
        Store.open(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_directory_with_other_files_is_no_store(tmp_path):
    (tmp_path / "letter.txt").write_text("亲爱的", "utf-8")
    for read_only in (True, False):
        with pytest.raises(StoreError, match="not a store"):
            Store.open(tmp_path, read_only=read_only)
    with pytest.raises(StoreError, match="not a store"):
        Store.open(tmp_path / "letter.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_database_of_another_program_is_refused(tmp_path):
    other = ox.Store(tmp_path / "s")
    other.add(ox.Quad(ox.NamedNode("http://a/"), ox.NamedNode("http://b/"), ox.Literal("c")))
    del other
    with pytest.raises(StoreError, match="another program"):
        Store.open(tmp_path / "s")


def test_a_damaged_store_is_refused(tmp_path):
    Store.open(tmp_path / "s").close()
    (tmp_path / "s" / "CURRENT").write_text("nonsense")
    for read_only in (True, False):
        with pytest.raises(StoreError, match="cannot be opened"):
            Store.open(tmp_path / "s", read_only=read_only)


def test_a_second_writer_is_told_who_is_in_the_way(tmp_path):
    program = "import sys; from pathlib import Path; from kg.graph.store import Store; Store.open(Path(sys.argv[1]))"
    with Store.open(tmp_path / "s"):
        with pytest.raises(StoreError, match="open for writing"):
            Store.open(tmp_path / "s")
        root = Path(__file__).parents[1]
        second = subprocess.run([sys.executable, "-c", program, tmp_path / "s"], capture_output=True, text=True, check=False, cwd=root)
    assert second.returncode == 1 and "another process has the store open for writing" in second.stderr


def test_a_closed_store_says_so(store):
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.documents()


def test_the_base_is_fixed_when_the_store_is_made(tmp_path):
    with Store.open(tmp_path / "s", base="https://graph.example.org/") as store:
        store.add(extraction())
    with Store.open(tmp_path / "s", read_only=True) as store:
        assert store.statements()[0].iri.startswith("https://graph.example.org/statement/")
        assert store.entity("https://graph.example.org/entity/青禾云").name == "青禾云"
    with pytest.raises(StoreError, match="base"):
        Store.open(tmp_path / "s", base="https://other.example.org/")


def test_a_read_only_store_refuses_to_write(tmp_path):
    Store.open(tmp_path / "s").close()
    with Store.open(tmp_path / "s", read_only=True) as store, pytest.raises(StoreError, match="nothing was"):
        store.add(extraction())


def test_the_ontology_is_in_the_store_and_not_in_its_exports(store):
    (label,) = rows(store.query('SELECT ?l { kg:Denial rdfs:label ?l FILTER (LANG(?l) = "en") }'))
    assert label == ("denial",)
    assert b"rdf-schema#label" not in store.export("nq")


# ── looking up ──


def test_a_statement_comes_back_as_it_went_in(store):
    said = extraction().statements[4]
    record = store.statement(said.id)
    for field in ("quote", "start", "end", "speaker", "stance", "subject", "subject_kind", "predicate", "object", "object_kind"):
        assert getattr(record, field) == getattr(said, field), field
    for field in ("value", "unit", "when", "due", "on_behalf_of", "rule", "confidence"):
        assert getattr(record, field) == getattr(said, field), field
    assert (record.document_name, record.said_on) == ("qinghe", "2021-09-24")
    assert record.prefix.endswith("面向服务器。\n") and record.suffix.startswith("。\n记者问")


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 7),
        ({"entity": "青禾云"}, 4),
        ({"entity": "Grain OS"}, 2),
        ({"entity": "grainos"}, 2),
        ({"entity": "无此公司"}, 0),
        ({"speaker": "林一舟"}, 2),
        ({"speaker": "青禾科技"}, 2),
        ({"speaker": "记者"}, 1),
        ({"stance": "denies"}, 2),
        ({"stance": Stance.PLANS}, 1),
        ({"predicate": "acquires"}, 2),
        ({"since": "2021-10"}, 1),
        ({"since": "2021-09-24"}, 7),
        ({"since": "2021-10-15"}, 1),
        ({"until": "2021-09"}, 6),
        ({"until": "2020"}, 0),
        ({"document": "beishan"}, 1),
        ({"stance": "denies", "entity": "北山汽车"}, 1),
        ({"limit": 3}, 3),
        ({"limit": 0}, 0),
    ],
)
def test_statements_are_found_by(store, denial, wanted, count):
    store.add(denial)
    assert len(store.statements(**wanted)) == count


def test_statements_come_newest_first_then_as_the_text_goes(store, denial):
    store.add(denial)
    store.add(extraction(document("面向服务器。", name="undated", published=None), (statement(
        document("面向服务器。", name="undated", published=None), "面向服务器", ("禾OS", Predicate.TARGETS, "服务器")),)))  # fmt: skip
    found = store.statements()
    assert [one.document_name for one in found] == ["beishan", *["qinghe"] * 6, "undated"]
    assert [one.start for one in found[1:7]] == sorted(one.start for one in found[1:7])


@pytest.mark.parametrize("wanted", [{"stance": "doubts"}, {"predicate": "likes"}, {"since": "去年"}, {"until": "2021-02-30"}])
def test_what_is_no_stance_predicate_or_date_is_refused(store, wanted):
    with pytest.raises(QueryError, match=next(iter(wanted.values()))):
        store.statements(**wanted)


def test_a_rumour_and_its_denial_share_a_proposition(store, denial):
    store.add(denial)
    (answer,) = store.statements(document="beishan")
    assert [one.stance for one in store.statements(proposition=answer.proposition)] == [Stance.DENIES, Stance.REPORTS]


def test_an_entity_is_found_by_name_alias_and_iri(store):
    expected = store.entity("禾OS")
    assert (expected.kind, expected.aliases, expected.label_en) == (Kind.PRODUCT, ("Grain OS", "GrainOS"), "Grain OS")
    assert (expected.statements, expected.first, expected.last) == (2, "2021-09-24", "2021-09-24")
    assert store.entity("grain os") == store.entity(expected.iri) == expected
    assert store.entity("无") is None


def test_an_alias_of_two_entities_names_neither(store):
    of = document("面向服务器。", name="other")
    store.add(replace(extraction(of, ()), entities=(Entity("谷物系统", Kind.PRODUCT, ("GrainOS",)),)))
    assert store.entity("GrainOS") is None and store.entity("Grain OS").name == "禾OS"


def test_documents_may_differ_about_a_kind_and_each_keeps_its_own(store, denial):
    store.add(replace(denial, entities=(Entity("青禾云", Kind.PRODUCT), Entity("北山汽车", Kind.COMPANY))))
    assert set(store.entity("青禾云").kinds) == {Kind.UNIT, Kind.PRODUCT}
    assert store.statements(document="beishan")[0].object_kind is Kind.PRODUCT
    assert store.statements(document="qinghe", stance="denies")[0].object_kind is Kind.UNIT


def test_search_ranks_whole_names_before_beginnings_before_parts(store):
    assert [entity.name for entity in store.search("青禾")] == ["青禾科技", "青禾云"]
    assert [entity.name for entity in store.search("云")] == ["青禾云"]
    assert [entity.name for entity in store.search("ＧＲＡＩＮ")] == ["禾OS"]
    assert [entity.name for entity in store.search("青禾雲")] == ["青禾云"]
    assert store.search("") == store.search("  ") == store.search("无此") == []
    assert len(store.search("青禾", limit=1)) == 1


def test_relations_are_what_is_affirmed(store):
    assert [(edge.subject, edge.predicate, edge.object, edge.documents) for edge in store.relations("青禾云")] == [
        ("青禾科技", Predicate.OWNS, "青禾云", ("qinghe",))
    ]
    assert {edge.predicate for edge in store.relations("禾OS")} == {Predicate.OPEN_SOURCES, Predicate.TARGETS}


def test_the_summary_adds_up(store):
    summary = store.summary()
    assert (summary.documents, summary.statements, summary.propositions, summary.entities) == (1, 6, 6, 7)
    for counts in (summary.by_stance, summary.by_predicate):
        assert sum(count for _, count in counts) == 6
    assert sum(count for _, count in summary.by_kind) == 7


@pytest.mark.parametrize("call", [lambda store: store.document("无"), lambda store: store.text("x y"), lambda store: store.withdraw("无")])
def test_an_unknown_document_is_refused(store, call):
    with pytest.raises(StoreError, match="no document"):
        call(store)


def test_a_name_that_two_documents_bear_is_refused(store):
    store.add(extraction(document(TEXT, source="elsewhere/qinghe.txt")))
    with pytest.raises(StoreError, match="2 documents"):
        store.document("qinghe")


def test_verify_finds_a_quote_that_is_not_in_the_text(store):
    assert store.verify() == []
    (text,) = [quad for quad in store.graph if quad.predicate.value.endswith("ontology#text")][:1]
    for quad in [quad for quad in store.graph if quad.predicate == text.predicate]:
        store.graph.remove(quad)
        store.graph.add(ox.Quad(quad.subject, quad.predicate, ox.Literal(quad.object.value.replace("子公司", "分公司")), quad.graph_name))
    (finding,) = store.verify()
    assert "青禾云是青禾科技的子公司" in finding.message and "17–29" in finding.message


# ── asking ──


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://localhost:1/> { ?s ?p ?o } }",
        "ASK { ?s ?p 'x' . SERVICE ?where { ?s ?p ?o } }",
        "INSERT DATA { <a:b> <a:c> <a:d> }",
        "DROP ALL",
        "PREFIX a: <http://a/> DELETE WHERE { ?s ?p ?o }",
        "SELECT * {",
        "",
        "谁否认了什么",
    ],
)
def test_what_reaches_outside_changes_or_is_no_query_is_refused(store, sparql):
    before = len(store.graph)
    with pytest.raises(QueryError):
        store.query(sparql)
    assert len(store.graph) == before


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?service { ?service a kg:Statement }",
        "PREFIX a: <http://service/> SELECT * { ?s a:SERVICE ?o }",
        "SELECT * { ?s ?p 'SERVICE' } # SERVICE <http://a/>",
        'SELECT * { ?s ?p """a "SERVICE" \\""" SERVICE """ }',
        "SELECT * { ?s <http://a/#SERVICE> ?o }",
        "SELECT * { ?s ?p 'a'@service }",
    ],
)
def test_the_word_service_may_stand_where_it_calls_nobody(store, sparql):
    assert len(list(store.query(sparql))) in (0, 6)


EXPECTED = {
    "who-denied-what": {("林一舟", "青禾科技", "青禾科技", "divests", "青禾云"), ("北山汽车", None, "北山汽车", "acquires", "青禾云")},
    "opened-to-whom": {("禾OS", "开放源码基金会", None, None, "2021-09-24")},
    "what-it-targets": {("禾OS", "服务器", "asserts", None, "2021-09-24")},
    "what-it-owns": {("青禾科技", "青禾云", None, None, "林一舟")},
    "promised-by-when": {("2022", "plans", None, None, "青禾科技")},
    "rumours-denied": {("北山汽车", "acquires", "青禾云", "2021-09-24", "北山汽车会收购青禾云吗")},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_competency_question_has_its_answer(store, denial, name):
    store.add(denial)
    assert {row[:5] for row in rows(store.ask(name))} == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "given", "count"),
    [
        ("who-denied-what", {"about": "北山汽车"}, 1),
        ("who-denied-what", {"about": "青禾云"}, 2),
        ("opened-to-whom", {"thing": "Grain OS"}, 1),
        ("what-it-targets", {"product": "青禾云"}, 0),
        ("what-it-owns", {"owner": "青禾"}, 1),
        ("promised-by-when", {"by": "2022-12"}, 1),
        ("promised-by-when", {"by": "2022-06-30"}, 0),
        ("promised-by-when", {"by": "2023", "about": "北山汽车"}, 0),
        ("who-said-it-first", {"about": "北山汽车"}, 1),
    ],
)
def test_a_question_can_be_narrowed(store, denial, name, given, count):
    store.add(denial)
    assert len(list(store.ask(name, **given))) == count


def test_who_said_it_first_is_the_earliest_statement(store, denial):
    store.add(denial)
    (row,) = rows(store.ask("who-said-it-first", about="北山汽车"))
    assert row[:3] == ("2021-09-24", "reports", "记者")


@pytest.mark.parametrize(
    ("name", "given"), [("who-won", {}), ("what-it-owns", {"colour": "红"}), ("what-it-owns", {"owner": "无此公司"})], ids=str
)
def test_what_cannot_be_asked_is_refused(store, name, given):
    with pytest.raises(QueryError):
        store.ask(name, **given)


@pytest.mark.parametrize("name", questions())
def test_every_question_is_sparql_for_others_too(store, name):
    asked = question(name)
    assert asked.meaning and asked.meaning_zh and asked.parameters
    graph = rdflib.Graph().parse(data=store.export("nt"), format="nt").parse(Path(__file__).parents[1] / "ontology" / "core.ttl")
    theirs = {tuple(None if cell is None else str(cell) for cell in row) for row in graph.query(asked.sparql)}
    assert theirs == set(rows(store.ask(name)))


# ── exporting ──


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_export_is_the_same_however_the_store_was_filled(store, denial, fmt):
    store.add(denial)
    assert store.export(fmt) == fresh([denial, extraction()]).export(fmt)


@pytest.mark.parametrize(
    ("fmt", "syntax"), [("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG), ("jsonld", ox.RdfFormat.JSON_LD)], ids=str
)
def test_an_export_with_graphs_holds_every_quad(store, fmt, syntax):
    assert set(ox.parse(store.export(fmt), format=syntax)) == set(ox.parse(nquads([extraction()]), format=ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize(("fmt", "syntax"), [("ttl", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES)], ids=str)
def test_an_export_without_graphs_holds_every_triple(store, fmt, syntax):
    expected = {quad.triple for quad in ox.parse(nquads([extraction()]), format=ox.RdfFormat.N_QUADS)}
    assert {quad.triple for quad in ox.parse(store.export(fmt), format=syntax)} == expected


def test_an_unknown_format_is_refused(store):
    with pytest.raises(QueryError, match="jsonld"):
        store.export("xlsx")


def test_two_who_ask_for_documents_at_once_see_each_once(store):
    with Store(store.graph, None) as other, ThreadPoolExecutor(2) as threads:
        found = [*threads.map(lambda _: other.documents(), range(2))]
    assert found == [store.documents()] * 2


@pytest.mark.parametrize(("reason", "remedy"), [("Too many open files", "ulimit"), ("No space left on device", "free some space")])
def test_what_keeps_the_database_from_being_written_is_said_with_what_to_do(reason, remedy):
    with pytest.raises(StoreError, match=rf"{reason}.*{remedy}"), writable():
        raise OSError(f"IO error: While open a file for random read: 012682.sst: {reason}")
