"""What is written out for a query means what the query means, and is read in one way only."""

from contextlib import suppress

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.graph.questions import questions
from kg.graph.sparql import Form, ServiceRefused, UpdateRefused, read_query
from kg.graph.vocabulary import PREFIXES

ODD = "http://example.org/a?b=(c)&d='e'#f,g;h!"
DATA = [
    ox.Quad(ox.NamedNode(ODD), ox.NamedNode("http://example.org/p"), ox.Literal("5")),
    ox.Quad(
        ox.NamedNode("http://example.org/公司/华为"), ox.NamedNode("http://example.org/p"), ox.Literal('他说:"不" # 服务', language="zh")
    ),
    ox.Quad(ox.NamedNode("http://example.org/公司/华为"), ox.NamedNode("http://example.org/n"), ox.Literal(-3)),
]
SAME = [
    f"SELECT * {{ <{ODD}> ?p ?o }}",
    "BASE <http://example.org/> SELECT * { <公司/华为> <p> ?o }",
    "PREFIX ex: <http://example.org/> SELECT * { ex:公司\\/华为 ex:p ?o . # 注释 SERVICE\n }",
    "PREFIX : <http://example.org/> SELECT * { ?s :n -3 , ?o . FILTER(?o<=-3&&?o<4||?o>=9) }",
    "PREFIX : <http://example.org/> SELECT (COUNT(*) AS ?数) { ?s :p|^:p/:p* ?o }",
    "PREFIX : <http://example.org/> SELECT ?s { ?s :p?/:p{0} ?o }".replace("{0}", ""),
    "SELECT * { ?s ?p '''他说:\"不\" # 服务'''@zh }",
    'SELECT * { ?s ?p """他说:"不" # 服务"""@zh }',
    "SELECT ?s { ?s ?p ?o FILTER(CONTAINS(STR(?o), '服务')) } ORDER BY DESC(?s) LIMIT 1",
    "SELECT * { VALUES (?s ?n) { (<http://example.org/a> 1.5e3) (UNDEF .5) } }",
    "SELECT * { ?s ?p ?o } #\n",
    "SELECT * { <http://example.org/\\u516C\\u53F8/华为> ?p ?o }",
    "SELECT $s { $s ?p [] . OPTIONAL { $s ?q _:b } FILTER NOT EXISTS { $s ?p 'none' } }",
]

RUN_TOGETHER = [  # all of these are calls to the database's own grammar
    "SERVICESILENT<a:b>{}",
    "SERVICE:x{}",
    "service?x{}",
    "SERVICE<a:b>{}",
    "FILTER(true)SERVICE<a:b>{}",
    "?s ?p trueSERVICE<a:b>{}",
    "?s ?p 1SERVICE<a:b>{}",
    "?s ?p ?o.SeRvIcE SILENT<a:b>{}",
]


@pytest.mark.parametrize("call", RUN_TOGETHER)
def test_the_database_itself_would_call(call: str) -> None:
    with suppress(OSError, RuntimeError):  # a SyntaxError is neither
        ox.Store().query(f"PREFIX : <a:> SELECT * {{ {call} }}")


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    """A few triples with odd IRIs and texts."""
    filled = ox.Store()
    filled.extend(DATA)
    return filled


def rows(graph: ox.Store, sparql: str) -> list[str]:
    """Return the solutions, sorted."""
    found = graph.query(sparql, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(str(solution) for solution in found)


@pytest.mark.parametrize("sparql", SAME)
def test_a_query_means_the_same_written_out(graph: ox.Store, sparql: str) -> None:
    assert rows(graph, read_query(sparql).text) == rows(graph, sparql)
    assert rows(graph, sparql) != []


def test_the_ontologys_questions_mean_the_same_written_out(graph: ox.Store) -> None:
    for question in questions().values():
        assert rows(graph, read_query(question.sparql).text) == rows(graph, question.sparql)


def test_an_iri_cannot_be_read_as_a_comparison_with_a_comment_behind_it() -> None:
    assert read_query("ASK { FILTER(?a<?b#c>?d) }").text == "ASK { FILTER(?a<\\u003Fb\\u0023c>?d) }"


@pytest.mark.parametrize(("sparql", "form"), [("prefix a: <b:> base <c:> ask {}", Form.ASK), ("#SELECT\nDescribe <a:b>", Form.DESCRIBE)])
def test_the_form_is_the_first_word_after_the_prologue(sparql: str, form: Form) -> None:
    assert read_query(sparql).form is form


@pytest.mark.parametrize(
    ("sparql", "error", "said"),
    [
        ("", QueryError, "begins with nothing"),
        ("EXPLAIN SELECT * {}", QueryError, "begins with EXPLAIN"),
        ("SELECT *\n{ ?s ?p 'open }", QueryError, "line 2"),
        ("SELECT *\n\n{ SERVICE ?x {} }", ServiceRefused, "line 3"),
        ("PREFIX service: <a:> ASK {}", ServiceRefused, "another name"),
        ("CREATE GRAPH <a:b>", UpdateRefused, "CREATE"),
        *((f"SELECT * {{ {call} }}", ServiceRefused, "line 1") for call in RUN_TOGETHER),
    ],
)
def test_a_refusal_says_where_and_what_to_do(sparql: str, error: type[QueryError], said: str) -> None:
    with pytest.raises(error, match=said):
        read_query(sparql)
