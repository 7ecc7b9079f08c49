"""SPARQL updates and whole graphs: what they may change, and that the default graph stays the merge of the named graphs."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.graph.rewriting import Using
from kg.graph.sparql import ServiceRefused, UpdateRefused
from kg.graph.store import Store
from kg.graph.updating import GraphProtected, StatedElsewhere
from tests.graph_fixtures import extraction

EXAMPLE = "http://example.org/"
G, H = f"<{EXAMPLE}g>", f"<{EXAMPLE}h>"
DEFAULT = ox.DefaultGraph()


@pytest.fixture
def store() -> Iterator[Store]:
    """A store of one document."""
    with Store.in_memory() as opened:
        opened.bulk_add([extraction()])
        yield opened


def merged(store: Store) -> bool:
    """Say whether the default graph holds the triples of the named graphs and the marker of the base, no more and no less."""
    graph = store.graph
    marker = set(graph.quads_for_pattern(ox.NamedNode(store.iris.base), None, None, DEFAULT))
    default = {quad.triple for quad in graph.quads_for_pattern(None, None, None, DEFAULT)}
    named = {quad.triple for name in graph.named_graphs() for quad in graph.quads_for_pattern(None, None, None, name)}
    return len(marker) == 1 and default == named | {quad.triple for quad in marker}


def found(store: Store, pattern: str) -> bool:
    """Answer ASK."""
    return bool(store.query(f"PREFIX : <{EXAMPLE}> ASK {{ {pattern} }}"))


def state(store: Store) -> set[object]:
    """Return all quads, without the names of blank nodes."""
    return {str(quad) if "_:" not in str(quad) else quad.predicate for quad in store.graph.quads_for_pattern(None, None, None, None)}


P = f"PREFIX : <{EXAMPLE}> "


@pytest.mark.parametrize(
    ("update", "there", "gone"),
    [
        ("INSERT DATA { :a :p :b }", ":a :p :b", f"GRAPH {G} {{ ?s ?p ?o }}"),
        (f"INSERT DATA {{ GRAPH {G} {{ :a :p :b }} }}", f":a :p :b . GRAPH {G} {{ :a :p :b }}", f"GRAPH {H} {{ ?s ?p ?o }}"),
        ("INSERT DATA { GRAPH :g { :a :p :b } } ; DELETE DATA { GRAPH :g { :a :p :b } }", "", ":a ?p ?o"),
        ("INSERT DATA { GRAPH :g { :a :p :b } GRAPH :h { :a :p :b } } ; DROP GRAPH :g", "GRAPH :h { :a :p :b } :a :p :b", "GRAPH :g {}"),
        ("INSERT DATA { GRAPH :g { :a :p :b } } ; CLEAR GRAPH :g", "GRAPH :g {}", ":a ?p ?o"),
        ("INSERT DATA { :a :p :b } ; DELETE WHERE { :a ?p ?o }", "", ":a ?p ?o"),
        ("INSERT DATA { :a :p 1, 2 ; :q \"x\"@zh, '''y\n'''^^:t } ;"
         " DELETE { :a :p ?o } INSERT { :a :r ?o } WHERE { :a :p ?o }", ":a :r 1, 2", ":a :p ?o"),
        ("INSERT DATA { :a :p [ :q ( 1 [] -2.5 true ) ] . [ :x :y ] }", ":a :p/:q/rdf:rest*/rdf:first -2.5 . ?x :x :y", ""),
        ("WITH :g INSERT { :a :p :b . GRAPH :h { :c :p :d } } WHERE {} ;"
         " WITH :g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ":c :p :d", ":a ?p ?o"),
        ("INSERT DATA { GRAPH :g { :a :p :b } } ; MOVE :g TO :h", "GRAPH :h { :a :p :b } :a :p :b", "GRAPH :g { ?s ?p ?o }"),
        ("INSERT DATA { GRAPH :g { :a :p :b } } ; COPY :g TO :g", "GRAPH :g { :a :p :b } :a :p :b", ""),
        ("INSERT DATA { GRAPH :g { :a :p :b } GRAPH :h { :c :p :d } } ; COPY :g TO :h", "GRAPH :h { :a :p :b }", ":c :p :d"),
        ("INSERT DATA { GRAPH :g { :a :p :b } GRAPH :h { :c :p :d } } ; ADD :g TO :h", "GRAPH :h { :a :p :b . :c :p :d }", ""),
        ("INSERT DATA { GRAPH :g { :a :p :b } } ; MOVE :g TO DEFAULT ; CLEAR DEFAULT", "", ":a ?p ?o"),
        ("INSERT DATA { GRAPH :g { :a :p :b } } ; INSERT { GRAPH ?g { ?s :seen ?g } } WHERE { GRAPH ?g { ?s :p :b } }",
         "GRAPH :g { :a :seen :g }", ""),
        ("CREATE GRAPH :g ; BASE <http://example.org/> PREFIX x: <> INSERT DATA { GRAPH <g> { x:a x:p <b> } }",
         "GRAPH :g { :a :p :b }", ""),
        ("PREFIX x: <http://example.org/> INSERT DATA { x:a x:p x:b } ; PREFIX x: <http://example.com/> INSERT DATA { x:a :p x:b }",
         ":a :p :b . <http://example.com/a> :p <http://example.com/b>", ""),
    ],
)  # fmt: skip
def test_what_is_written_is_found_and_the_default_graph_follows(store: Store, update: str, there: str, gone: str) -> None:
    before = state(store)
    store.update(P + update)
    assert found(store, there)
    assert not gone or not found(store, gone)
    assert merged(store)
    assert before <= state(store)
    assert store.verify() == []
    assert not [graph for graph in store.graph.named_graphs() if "/update/" in graph.value]


def test_a_word_twice_is_still_there_once_taken_from_one_graph(store: Store) -> None:
    store.update(P + "INSERT DATA { GRAPH :g { :a :p :b } :a :p :b } ; DELETE DATA { GRAPH :g { :a :p :b } }")
    assert found(store, ":a :p :b")
    store.update(P + "DELETE DATA { :a :p :b }")
    assert not found(store, ":a :p :b")
    assert merged(store)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { GRAPH <DOCUMENT> { :a :p :b } }",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o . ?s a kg:Statement } }",
        "WITH <DOCUMENT> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE WHERE { GRAPH ?g { ?s kg:stance ?o } }",
        "DROP GRAPH <DOCUMENT>",
        "CLEAR SILENT GRAPH <DOCUMENT>",
        "PREFIX d: <https://w3id.org/corporate-statement-kg/graph/> DROP SILENT GRAPH d:\\u0078 ; DROP GRAPH <DOCUMENT>",
        "MOVE <DOCUMENT> TO :g",
        "COPY :g TO <DOCUMENT>",
        "INSERT DATA { :a :p :b } ; INSERT { GRAPH ?g { :a :p :b } } WHERE"
        " { BIND(<https://w3id.org/corporate-statement-kg/ontology> AS ?g) }",
        "CREATE GRAPH <https://w3id.org/corporate-statement-kg/update/protected>",
        "INSERT DATA { GRAPH <https://w3id.org/corporate-statement-kg/judgements> { :a owl:sameAs :b } }",
    ],
)
def test_graphs_of_documents_are_not_changed_by_updates(store: Store, update: str) -> None:
    before = state(store)
    graph = next(str(name.value) for name in store.graph.named_graphs() if "/graph/" in name.value)
    with pytest.raises(QueryError) as refused:
        store.update(P + update.replace("DOCUMENT", graph))
    assert isinstance(refused.value, GraphProtected) or "\\u0078" in update
    assert state(store) == before


def test_what_a_graph_states_is_not_taken_from_the_default_graph(store: Store) -> None:
    before = state(store)
    for update in ("DELETE WHERE { ?s kg:stance ?o }", "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s a kg:Statement ; ?p ?o }"):
        with pytest.raises(StatedElsewhere):
            store.update(update)
    assert state(store) == before


@pytest.mark.parametrize(
    ("update", "error"),
    [
        ("LOAD <http://127.0.0.1:9/>", UpdateRefused),
        ("INSERT DATA { :a :p 1 } ; LOAD SILENT <file:///etc/hostname> INTO GRAPH :g", UpdateRefused),
        ("INSERT { :a :p ?x } WHERE { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }", ServiceRefused),
        ("SELECT * { ?s ?p ?o }", QueryError),
        ("CLEAR XYZ", QueryError),
        ("INSERT DATA { :a :p }", QueryError),
        ("INSERT DATA { :a :p :b", QueryError),
        ("INSERT DATA { ?a :p :b }", QueryError),
        ("INSERT DATA { :a :p :b } INSERT DATA { :a :p :c }", QueryError),
        ("DELETE DATA { _:a :p :b }", QueryError),
        ("DROP GRAPH :nowhere", QueryError),
        ("INSERT DATA { :a :p " + "[ :p " * 5000 + "1" + "]" * 5000 + " }", QueryError),
    ],
)
def test_an_update_that_is_none_changes_nothing(store: Store, update: str, error: type[Exception]) -> None:
    before = state(store)
    with pytest.raises(error):
        store.update(P + update)
    assert state(store) == before


@pytest.mark.parametrize("word", ["CLEAR ALL", "DROP ALL", "DROP NAMED"])
def test_all_may_go_at_once_and_the_ontology_stays(store: Store, word: str) -> None:
    store.update(P + "INSERT DATA { :a :p :b . GRAPH :g { :c :p :d } }")
    store.update(P + word + " ; INSERT DATA { GRAPH :h { :e :p :f } }")
    assert store.documents() == []
    assert found(store, "kg:Statement a owl:Class . :e :p :f")
    assert found(store, ":a :p :b") == (word == "DROP NAMED")
    assert not found(store, ":c :p :d")
    assert merged(store)


def test_graphs_named_by_the_protocol_are_what_where_reads(store: Store) -> None:
    store.update(P + "INSERT DATA { GRAPH :g { :a :p 1 } GRAPH :h { :b :p 2 } }")
    store.update(P + "INSERT { GRAPH :i { ?s :read ?o } } WHERE { ?s :p ?o }", Using(default=(f"{EXAMPLE}g",)))
    assert found(store, "GRAPH :i { :a :read 1 }")
    assert not found(store, ":b :read ?x")
    with pytest.raises(QueryError, match="keep one"):
        store.update(P + "WITH :g INSERT { :a :p 3 } WHERE {}", Using(named=(f"{EXAMPLE}g",)))
    with pytest.raises(QueryError, match="no IRI"):
        store.update(P + "INSERT { :a :p 3 } WHERE {}", Using(default=("x> WHERE {} ; DROP ALL #",)))


def test_judgements_are_kept_through_an_update(store: Store) -> None:
    names = [entity.name for entity in store.entities()][:2]
    store.judge([names])
    one = len(store.entities())
    store.update(P + "INSERT DATA { :a :p :b }")
    assert len(store.entities()) == one
    assert found(store, ":a :p :b")
    store.judge([])
    assert merged(store)


def test_whole_graphs_are_put_added_to_and_taken_away(store: Store) -> None:
    graph = f"{EXAMPLE}g"
    first, second = (list(ox.parse(f"<a:a> <a:p> {n}, [ <a:q> 3 ] .", ox.RdfFormat.TURTLE)) for n in (1, 2))
    assert store.change_graphs(lambda graphs: graphs.put(graph, first)) is True
    assert store.change_graphs(lambda graphs: graphs.add(graph, second)) is False
    assert len(list(store.graphs.triples(graph))) == 6
    assert merged(store)
    assert store.change_graphs(lambda graphs: graphs.put(graph, second)) is False
    assert len(list(store.graphs.triples(graph))) == 3
    assert merged(store)
    assert store.change_graphs(lambda graphs: graphs.put(None, first)) is False
    assert len(list(store.graphs.triples(None))) == 3
    assert store.change_graphs(lambda graphs: graphs.delete(graph)) is True
    assert store.change_graphs(lambda graphs: graphs.delete(graph)) is False
    assert not store.graphs.has(graph)
    assert store.change_graphs(lambda graphs: graphs.put(graph, [])) is True
    assert store.graphs.has(graph)
    assert merged(store)
    own = store.iris.graph(store.documents()[0].id).value
    for change in (lambda graphs: graphs.put(own, first), lambda graphs: graphs.add(own, first), lambda graphs: graphs.delete(own)):
        with pytest.raises(GraphProtected):
            store.change_graphs(change)
    with pytest.raises(QueryError):
        store.change_graphs(lambda graphs: graphs.put("no iri", first))
