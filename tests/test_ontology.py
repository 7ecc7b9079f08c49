"""core.ttl says what terms.py, the enumerations, the shapes and the JSON-LD context say, in two languages, with an example each."""

import json
import re
import subprocess
import sys

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SH, SKOS

from kg.graph.vocabulary import CLASSES, PREDICATES, STANCE_EDGES, STANCES
from kg.model import Kind, Predicate, Stance
from ontology.terms import DIRECTORY, KG


@pytest.fixture(scope="module")
def core() -> rdflib.Graph:
    return rdflib.Graph().parse(DIRECTORY / "core.ttl")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(DIRECTORY / "shapes.ttl")


def test_python_names_and_ontology_are_equal(core):
    assert {term for term in core.subjects() if str(term).startswith(str(KG))} == set(dir(KG))


def test_a_name_that_the_ontology_lacks_is_refused():
    with pytest.raises(AttributeError):
        KG.ownz  # noqa: B018


@pytest.mark.parametrize("term", sorted(dir(KG)))
def test_every_term_is_labelled_defined_and_exemplified(core, term):
    for of in (RDFS.label, SKOS.definition):
        texts = list(core.objects(term, of))
        assert sorted(text.language for text in texts) == ["en", "zh"], (term, of)
        assert all(re.search(r"[\u4e00-\u9fff]", text) for text in texts if text.language == "zh")
    assert len(list(core.objects(term, SKOS.example))) == 1


def test_labels_are_unique_within_a_kind_of_term(core):
    for cls in (KG.Stance, KG.Predicate):
        labels = [label for term in core.subjects(RDF.type, cls) for label in core.objects(term, RDFS.label)]
        assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("members", "terms", "cls"), [(Predicate, PREDICATES, KG.Predicate), (Stance, STANCES, KG.Stance)], ids=["predicates", "stances"]
)
def test_closed_lists_are_the_enumerations(core, members, terms, cls):
    assert set(terms) == set(members)
    assert {node.value for node in terms.values()} == {str(term) for term in core.subjects(RDF.type, cls)}
    for member, node in terms.items():
        assert str(core.value(rdflib.URIRef(node.value), SKOS.notation)) == member.value


def test_every_kind_has_a_class_of_entities(core):
    assert set(CLASSES) == set(Kind)
    for node in CLASSES.values():
        assert KG.Entity in core.transitive_objects(rdflib.URIRef(node.value), RDFS.subClassOf)


def test_every_stance_has_its_edge(core):
    for stance, node in STANCES.items():
        assert str(core.value(rdflib.URIRef(node.value), KG.stanceEdge)) == STANCE_EDGES[stance].value


@pytest.mark.parametrize("vocabulary", ["schema.org", "ns/org#", "ns/prov#", "skos/core#", "ns/oa#"])
def test_the_ontology_is_mapped_to_what_others_use(core, vocabulary):
    assert any(vocabulary in str(obj) and str(subject).startswith(str(KG)) for subject, obj in core.subject_objects())


def test_the_ontology_has_no_blank_nodes(core):
    # the store tells whether it holds this very ontology by comparing triples
    assert not [node for triple in core for node in triple if isinstance(node, rdflib.BNode)]


def test_every_shape_speaks(shapes):
    kinds = {SH.NodeShape, SH.PropertyShape}
    named = {shape for kind in kinds for shape in shapes.subjects(RDF.type, kind)}
    anonymous = {node for of in (SH.property, SH.sparql) for node in shapes.objects(None, of)}
    for shape in named | anonymous:
        message = shapes.value(shape, SH.message)
        assert message is not None and len(message) > 10 and message.endswith("."), shape


def test_shapes_use_only_terms_of_the_ontology(shapes):
    used = {node for triple in shapes for node in triple if str(node).startswith(str(KG)) and str(node) != str(KG)}
    queried = {KG[name] for text in shapes.objects(None, SH.select) for name in re.findall(r"kg:(\w+)", text)}
    assert {*map(str, used), *map(str, queried)} <= set(map(str, dir(KG)))


def test_the_context_names_terms_that_exist():
    context = json.loads((DIRECTORY / "context.jsonld").read_text("utf-8"))["@context"]
    own = {entry["@id"].removeprefix("kg:") for entry in context.values() if isinstance(entry, dict) and entry["@id"].startswith("kg:")}
    assert own <= {str(term).removeprefix(str(KG)) for term in dir(KG)}
    assert {edge.value.removeprefix(str(KG)) for edge in (*STANCE_EDGES.values(), *PREDICATES.values())} <= own


def test_both_parsers_read_the_same_ontology(core):
    assert len(set(ox.parse(path=DIRECTORY / "core.ttl", format=ox.RdfFormat.TURTLE))) == len(core)


def test_the_ontology_does_not_need_the_reader():
    program = "import sys, ontology.terms; sys.exit(any(name == 'kg' or name.startswith('kg.') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=DIRECTORY.parent).returncode == 0
