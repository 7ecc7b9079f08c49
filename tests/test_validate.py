"""The shapes catch what must not be in a graph, and say so in plain words; what the store writes passes."""

import re
from dataclasses import replace

import pytest

from kg.errors import ValidationError
from kg.graph.iris import BASE, Iris
from kg.graph.rdf import nquads
from kg.graph.validate import validate
from kg.model import Predicate, Stance
from ontology.terms import KG
from tests.graph_fixtures import document, extraction, statement

DENIED = next(one for one in extraction().statements if one.stance is Stance.DENIES)
NODE = f"<{BASE}statement/{DENIED.id}>"
EVIDENCE = Iris().evidence(document().id, DENIED.start, DENIED.end).value


def graph(*drop, add=""):
    """Return the little world without the lines that match, and with some more."""
    rows = nquads([extraction()]).decode().splitlines()
    kept = [row for row in rows if not any(re.search(pattern, row) for pattern in drop)]
    assert len(kept) < len(rows) or not drop, "nothing was dropped: the test would prove nothing"
    more = re.sub(r"\b(kg|entity):([^\s]+)", lambda match: f"<{KG if match[1] == 'kg' else BASE + 'entity/'}{match[2]}>", add)
    named = (f"{line.removesuffix('.')}<{BASE}graph/{document().id}> ." for line in more.splitlines())
    return "\n".join([*kept, *named, ""]).encode()


def messages(nquads_):
    return {finding.message for finding in validate(nquads_)}


def test_what_the_project_writes_is_valid():
    assert validate(nquads([extraction()])) == []


def test_an_assertion_in_one_document_and_a_denial_in_another_are_valid():
    other = document("青禾科技并不拥有青禾云。", name="denial")
    denial = statement(other, "青禾科技并不拥有青禾云", ("青禾科技", Predicate.OWNS, "青禾云"), stance=Stance.DENIES)
    assert validate(nquads([extraction(), extraction(other, (denial,))])) == []


def test_an_assertion_and_a_denial_in_one_document_are_valid():
    of = document()
    claim = ("青禾科技", Predicate.OWNS, "青禾云")
    both = (statement(of, "青禾云是青禾科技的子公司", claim), statement(of, "他表示", claim, stance=Stance.DENIES))
    assert validate(nquads([extraction(of, both)])) == []


def test_sparse_statements_are_valid():
    of = document(published=None)
    bare = statement(of, "面向服务器", ("禾OS", Predicate.OPEN_SOURCES, None))
    clause = statement(of, "他表示", (None, Predicate.PROPOSITION, "裁员"), stance=Stance.DENIES)
    assert validate(nquads([extraction(replace(of, title=None, publisher=None, author=None), (bare, clause))])) == []


ONE = r"^<\S*statement/" + DENIED.id
CASES = {
    "a denied proposition as a plain edge": (
        graph(add="entity:青禾科技 kg:divests entity:青禾云 ."),
        "A denied proposition stands as a plain edge, and no document affirms it undisputed",
    ),
    "a plain edge that nobody asserts": (
        graph(add="entity:北山汽车 kg:acquires entity:青禾云 ."),
        "A plain edge stands that no statement asserts",
    ),
    "an edge from a speaker to a proposition without a statement": (
        graph(add=f"entity:北山汽车 kg:denies <{BASE}proposition/{'0' * 16}> ."),
        "takes a stance .* but no statement of theirs does",
    ),
    "no evidence": (graph(ONE + ".*ontology#evidence>"), "A statement must name the evidence it rests on"),
    "no stance": (graph(ONE + ".*ontology#stance>"), "exactly one stance"),
    "an unknown stance": (graph(ONE + ".*ontology#stance>", add=f"{NODE} kg:stance kg:Doubt ."), "must be one of the six"),
    "two stances": (graph(add=f"{NODE} kg:stance kg:Plan ."), "exactly one stance"),
    "no proposition": (graph(ONE + ".*ontology#expresses>"), "exactly one proposition"),
    "no document": (graph(ONE + ".*wasDerivedFrom>"), "which one document it comes from"),
    "no rule": (graph(ONE + ".*ontology#rule>"), "the one rule"),
    "a speaker twice over": (graph(add=f'{NODE} kg:speakerText "记者" .'), "it can have only one"),
    "two values": (graph(add=f'{NODE} kg:value "1" .\n{NODE} kg:value "2" .'), "at most one value"),
    "due before it begins": (
        graph(
            add=f'{NODE} kg:dueStart "2022-12-31"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
            f'{NODE} kg:dueEnd "2022-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .'
        ),
        "is due ends before it begins",
    ),
    "no confidence": (graph(ONE + ".*ontology#confidence>"), "one confidence"),
    "too much confidence": (
        graph(ONE + ".*ontology#confidence>", add=f'{NODE} kg:confidence "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .'),
        "from 0 to 1",
    ),
    "no quote": (graph(f"^<{EVIDENCE}#quote> .*oa#exact>"), "The quote itself is missing"),
    "an empty quote": (
        graph(f"^<{EVIDENCE}#quote> .*oa#exact>", add=f'<{EVIDENCE}#quote> <http://www.w3.org/ns/oa#exact> "" .'),
        "The quote itself is missing or empty",
    ),
    "no prefix": (graph(f"^<{EVIDENCE}#quote> .*oa#prefix>"), "The text before the quote is missing"),
    "no offset": (graph(f"^<{EVIDENCE}#position> .*oa#start>"), "The offset at which the quote begins is missing"),
    "an end before the start": (
        graph(
            f"^<{EVIDENCE}#position> .*oa#end>",
            add=f'<{EVIDENCE}#position> <http://www.w3.org/ns/oa#end> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        ),
        "The quote ends before or where it begins",
    ),
    "no position": (graph(f"^<{EVIDENCE}> .*#position>"), "must say where in the document it stands"),
    "an unknown predicate": (
        graph(r"^<\S*proposition/\S+ \S*rdf-syntax-ns#predicate> \S*divests>", r"^<\S*proposition/\S+ \S*rdf-syntax-ns#subject> \S*禾OS>"),
        "must be one of the closed list",
    ),
    "no text": (graph(r"^<\S*document/\S+ \S*ontology#text>"), "A document needs its full text"),
    "no name of an entity": (graph(r"^<\S*entity/青禾云> \S*prefLabel>"), "An entity needs exactly one canonical name"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_shapes_catch(case):
    broken, expected = CASES[case]
    assert any(re.search(expected, message) for message in messages(broken)), messages(broken)


def test_a_finding_names_the_node_and_the_shape():
    (finding,) = validate(graph(ONE + ".*ontology#rule>"))
    assert (finding.node, finding.shape) == (NODE.strip("<>"), "https://w3id.org/corporate-statement-kg/shapes#rule")
    (finding, _) = validate(graph(add="entity:青禾科技 kg:divests entity:青禾云 ."))
    assert finding.node.startswith(f"{BASE}entity/青禾科技")


def test_an_edge_needs_a_statement_of_its_own_document():
    other = f"<{BASE}entity/青禾科技> <{KG}owns> <{BASE}entity/青禾云> <{BASE}graph/{'0' * 16}> .\n".encode()
    assert any("no statement asserts" in message for message in messages(nquads([extraction()]) + other))


def test_what_is_no_nquads_is_refused():
    with pytest.raises(ValidationError, match="N-Quads"):
        validate(b"<a> <b> .")
