"""From records to quads: what is written, what must never be, and that the same input gives the same bytes."""

from dataclasses import replace

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ExtractionError, StoreError
from kg.graph.iris import BASE, Iris, segment, unsegment
from kg.graph.periods import bounds
from kg.graph.rdf import document_quads, moment, nquads, proposition_id, statement_quads
from kg.model import Entity, Kind, Predicate, Stance
from ontology.terms import KG
from tests.graph_fixtures import document, extraction, statement

IRIS = Iris()


def lines(*statements, of=None):
    """Return the triples of statements, without the graph, the vocabulary's terms and entities by their bare names."""
    of = of or document()
    quads = {str(quad.triple) for quad in statement_quads(extraction(of, statements), IRIS)}
    return {line.replace(f"<{KG}", "<kg:").replace(f"<{BASE}entity/", "<") for line in quads}


OWNS = "<青禾科技> <kg:owns> <青禾云>"


def test_the_same_extraction_gives_the_same_bytes_in_whatever_order():
    first, second = extraction(), extraction(document("北山汽车否认造芯片。", name="beishan"), ())
    assert nquads([first, second]) == nquads([second, first])
    shuffled = replace(first, statements=first.statements[::-1], entities=first.entities[::-1])
    assert nquads([first]) == nquads([shuffled])


def test_lines_are_sorted_unique_and_without_blank_nodes():
    text = nquads([extraction()]).decode()
    rows = text.splitlines()
    assert rows == sorted(set(rows)) and "_:" not in text
    assert len(set(ox.parse(text, format=ox.RdfFormat.N_QUADS))) == len(rows)


def test_one_graph_a_document_and_one_for_its_entity_records():
    of = document()
    names = {quad.graph_name.value for quad in document_quads(extraction(of), IRIS)}
    assert names == {f"{BASE}graph/{of.id}", f"{BASE}entities/{of.id}"}


def test_an_affirmed_statement_between_entities_is_a_plain_edge():
    of = document()
    assert OWNS in lines(statement(of, "青禾云是青禾科技的子公司", ("青禾科技", Predicate.OWNS, "青禾云")))


@pytest.mark.parametrize("stance", [stance for stance in Stance if stance is not Stance.ASSERTS])
def test_what_is_not_asserted_is_no_plain_edge(stance):
    of = document()
    assert OWNS not in lines(statement(of, "青禾云是青禾科技的子公司", ("青禾科技", Predicate.OWNS, "青禾云"), stance=stance))


def test_what_the_same_document_also_denies_is_no_plain_edge():
    of = document()
    claim = ("青禾科技", Predicate.OWNS, "青禾云")
    said = statement(of, "青禾云是青禾科技的子公司", claim)
    denied = statement(of, "他表示", claim, stance=Stance.DENIES, speaker="林一舟")
    other = statement(of, "面向服务器", ("禾OS", Predicate.TARGETS, "服务器"))
    found = lines(said, denied, other)
    assert OWNS not in found and "<禾OS> <kg:targets> <服务器>" in found


def test_what_another_document_denies_keeps_its_edge_in_its_own_graph():
    claim = ("青禾科技", Predicate.OWNS, "青禾云")
    one, two = document(), document("青禾科技并不拥有青禾云。", name="denial")
    said = extraction(one, (statement(one, "青禾云是青禾科技的子公司", claim),))
    denied = extraction(two, (statement(two, "青禾科技并不拥有青禾云", claim, stance=Stance.DENIES),))
    edges = [row for row in nquads([said, denied]).decode().splitlines() if "ontology#owns> <" in row and "predicate" not in row]
    assert [row.endswith(f"<{BASE}graph/{one.id}> .") for row in edges] == [True]


def test_texts_are_literals_and_make_no_edge():
    of = document()
    found = lines(statement(of, "青禾科技计划2022年底前推出300万台设备", ("青禾科技", Predicate.LAUNCHES, "设备")))
    assert any(row.endswith('#object> "设备"') for row in found)
    assert not any(row.startswith("<青禾科技> <kg:launches>") for row in found)


def test_subject_and_object_may_be_missing():
    of = document()
    found = lines(statement(of, "禾OS已经捐赠给开放源码基金会", ("禾OS", Predicate.OPEN_SOURCES, None)))
    assert not any("#object>" in row for row in found)
    assert not any(row.startswith("<禾OS> <kg:openSourcedTo>") for row in found)


@pytest.mark.parametrize(
    ("stance", "edge"),
    [
        ("asserts", "asserts"),
        ("denies", "denies"),
        ("plans", "plans"),
        ("aims", "aimsAt"),
        ("predicts", "predicts"),
        ("reports", "reports"),
    ],
)
def test_a_named_speaker_takes_the_stance(stance, edge):
    of = document()
    said = statement(of, "面向服务器", ("禾OS", Predicate.TARGETS, "服务器"), stance=Stance(stance), speaker="林一舟")
    assert f"<林一舟> <kg:{edge}> {IRIS.proposition(proposition_id(said))}" in lines(said)


def test_a_speaker_without_a_name_is_text():
    of = document()
    found = lines(
        statement(of, "北山汽车会收购青禾云吗", ("北山汽车", Predicate.ACQUIRES, "青禾云"), speaker="记者", stance=Stance.REPORTS)
    )
    assert any(row.endswith('<kg:speakerText> "记者"') for row in found)
    assert not any("<kg:reports>" in row for row in found)


def test_a_rumour_its_denial_and_its_confirmation_meet_in_one_proposition():
    of = document()
    claim = ("青禾科技", Predicate.DIVESTS, "青禾云")
    said = [statement(of, "青禾科技没有出售青禾云的计划", claim, stance=stance, speaker=who) for stance, who in
            [(Stance.REPORTS, "记者"), (Stance.DENIES, "林一舟"), (Stance.ASSERTS, None)]]  # fmt: skip
    assert len({proposition_id(one) for one in said}) == 1
    assert proposition_id(said[0]) != proposition_id(replace(said[0], object_kind=None))
    assert proposition_id(said[0]) != proposition_id(replace(said[0], subject="青禾云", object="青禾科技"))


def test_statements_that_differ_only_in_value_stay_two():
    of = document()
    one = statement(of, "青禾科技计划2022年底前推出300万台设备", ("青禾科技", Predicate.LAUNCHES, "设备"), value="3000000")
    found = lines(one, replace(one, value="5000000"), one)
    values = {row.split()[0]: row.split()[-1] for row in found if "<kg:value>" in row}
    assert values == {str(IRIS.statement(one.id)): '"3000000"', str(IRIS.statement(f"{one.id}-2")): '"5000000"'}


def test_evidence_gives_the_words_their_place_and_what_stands_around_them():
    of = document()
    said = statement(of, "青禾云是青禾科技的子公司", ("青禾科技", Predicate.OWNS, "青禾云"))
    node = IRIS.evidence(of.id, said.start, said.end).value
    found = {row for row in lines(said) if node in row}
    oa = "http://www.w3.org/ns/oa#"
    assert f'<{node}#quote> <{oa}exact> "青禾云是青禾科技的子公司"' in found
    assert f'<{node}#quote> <{oa}prefix> "青禾科技董事长林一舟在发布会上说,"' in found
    assert any(row.startswith(f'<{node}#quote> <{oa}suffix> "。\\n他表示') for row in found)
    assert f'<{node}#position> <{oa}start> "17"^^<http://www.w3.org/2001/XMLSchema#integer>' in found


@pytest.mark.parametrize(("start", "end"), [(18, 30), (29, 17), (17, 17), (-12, 0), (17, 10_000)])
def test_a_quote_that_is_not_the_text_is_refused(start, end):
    of = document()
    said = replace(statement(of, "青禾云是青禾科技的子公司", ("青禾科技", Predicate.OWNS, "青禾云")), start=start, end=end)
    with pytest.raises(ExtractionError, match=f"qinghe.*{said.id}"):
        lines(said)


@pytest.mark.parametrize(
    ("iso", "kind", "first", "last"),
    [
        ("2021-09-24", "date", "2021-09-24", "2021-09-24"),
        ("2024-02", "gYearMonth", "2024-02-01", "2024-02-29"),
        ("2021", "gYear", "2021-01-01", "2021-12-31"),
        ("2021-H2", "period", "2021-07-01", "2021-12-31"),
        ("2021-Q3", "period", "2021-07-01", "2021-09-30"),
        ("2021/2023-06", "period", "2021-01-01", "2023-06-30"),
    ],
)
def test_dates_keep_their_granularity_and_know_their_bounds(iso, kind, first, last):
    assert moment(iso).datatype.value.rpartition("#")[2] == kind
    assert tuple(day.isoformat() for day in bounds(iso)) == (first, last)


@pytest.mark.parametrize("iso", ["", "明年", "2021-13", "2021-02-30", "2021-Q5", "21-01-01", "2021-9-4", "2021/"])
def test_what_is_no_date_is_refused(iso):
    with pytest.raises(ExtractionError):
        moment(iso)


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("3000000", "3000000"),
        ("3.50", "3.5"),
        ("-2.0", "-2"),
        ("0.0", "0"),
        ("007", "7"),
        ("全球前五", None),
        ("1e5", None),
        ("99.90", "99.9"),
    ],
)
def test_a_value_stays_as_it_is_written_and_is_a_number_where_it_can(value, amount):
    of = document()
    found = lines(statement(of, "面向服务器", ("禾OS", Predicate.METRIC, "装机量"), value=value))
    assert any(row.endswith(f'<kg:value> "{value}"') for row in found)
    assert [row.split('"')[1] for row in found if "<kg:amount>" in row] == ([amount] if amount else [])


def test_entities_are_described_with_all_their_names():
    text = nquads([extraction()]).decode()
    for label in ('prefLabel> "禾OS"@zh', 'altLabel> "Grain OS"@en', 'altLabel> "青禾"@zh'):
        assert label in text
    assert f"<{BASE}entity/林一舟> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Person>" in text


def test_an_entity_that_only_a_statement_names_is_described_too():
    of = document()
    bare = replace(extraction(of), entities=(Entity("青禾云", Kind.UNIT),))
    assert f"<{BASE}entity/林一舟> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Person>" in nquads([bare]).decode()


def test_an_entity_is_filed_under_its_canonical_name_whatever_the_document_calls_it():
    plain = extraction()
    called = tuple(
        replace(one, subject="GrainOS" if one.subject == "禾OS" else one.subject, object="GrainOS" if one.object == "禾OS" else one.object)
        for one in plain.statements
    )
    entities = tuple(
        Entity("GrainOS", Kind.PRODUCT, ("Grain OS",), "禾OS") if entity.name == "禾OS" else entity for entity in plain.entities
    )
    assert nquads([replace(plain, statements=called, entities=entities)]) == nquads([plain])


def test_the_base_is_a_setting():
    text = nquads([extraction()], Iris("https://graph.example.org/kg/")).decode()
    assert "<https://graph.example.org/kg/entity/青禾云>" in text and f"<{BASE}entity" not in text
    ids = [
        {row.split("proposition/")[1][:16] for row in rows.splitlines() if "proposition/" in row}
        for rows in (text, nquads([extraction()]).decode())
    ]
    assert ids[0] == ids[1]


@pytest.mark.parametrize("base", ["", "entity/", "https://example.org", "ftp://a/", "https://a b/", "https://a/#"])
def test_a_base_under_which_no_iri_is_valid_is_refused(base):
    with pytest.raises(StoreError):
        Iris(base)


@given(st.text(min_size=1))
def test_every_name_survives_its_iri(name):
    node = IRIS.entity(name)
    assert IRIS.key(node.value) == name
    assert node.value.count("/") == BASE.count("/") + 1 and not set('<>"{}|\\^` ?#') & set(segment(name))


@pytest.mark.parametrize("name", ["株式会社　某", "A\u00a0B", "甲\u200b乙", "甲\u2028乙", "甲\u202e乙", "甲\ufeff"])
def test_spaces_of_all_kinds_are_encoded_for_parsers_that_split_at_them(name):
    line = f"{IRIS.entity(name)} {IRIS.entity('甲')} {IRIS.entity('乙')} ."
    assert len(line.split()) == 4 and len(rdflib.Graph().parse(data=line, format="nt")) == 1


@given(st.text(min_size=1))
def test_names_that_differ_have_iris_that_differ(name):
    assert unsegment(segment(name)) == name


@given(st.text())
def test_any_text_survives(text):
    of = document("前" + text + "后面向服务器")
    extracted = extraction(of, (statement(of, "后面向服务器", ("禾OS", Predicate.TARGETS, text or None)),))
    back = {quad.object.value for quad in ox.parse(nquads([extracted]), format=ox.RdfFormat.N_QUADS) if isinstance(quad.object, ox.Literal)}
    assert of.text in back and (not text or text in back)
