"""The SPARQL endpoint: the protocol's three ways in, its result formats, and what it refuses."""

import csv
import io
import socket
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pytest

DENIED = """
SELECT ?谁 ?原话 {
  ?言论 kg:stance kg:Denial ; prov:wasAttributedTo/skos:prefLabel ?谁 ; kg:evidence/oa:hasSelector/oa:exact ?原话
}
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_get_form_and_direct_post_answer_alike(client: httpx.Client) -> None:
    by_get = client.get("/sparql", params={"query": DENIED})
    by_form = client.post("/sparql", content=urlencode({"query": DENIED}), headers=FORM)
    direct = client.post("/sparql", content=DENIED.encode(), headers={"Content-Type": "application/sparql-query; charset=utf-8"})
    assert by_get.status_code == by_form.status_code == direct.status_code == 200
    (row,) = by_get.json()["results"]["bindings"]
    assert row["谁"] == {"type": "literal", "value": "周雨", "xml:lang": "zh"}
    assert row["原话"]["value"] == "海川集团收购蓝鲸云一事不实"
    assert by_get.content == by_form.content == direct.content
    assert "kg-truncated" not in by_get.headers


def test_select_in_every_format(client: httpx.Client) -> None:
    answers = {
        media: client.get("/sparql", params={"query": DENIED}, headers={"Accept": media})
        for media in ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
    }
    for media, answer in answers.items():
        assert answer.headers["content-type"].partition(";")[0] == media
    found = ET.fromstring(answers["application/sparql-results+xml"].content)
    assert [node.text for node in found.iter("{http://www.w3.org/2005/sparql-results#}literal")] == ["周雨", "海川集团收购蓝鲸云一事不实"]
    assert list(csv.reader(io.StringIO(answers["text/csv"].text))) == [["谁", "原话"], ["周雨", "海川集团收购蓝鲸云一事不实"]]
    assert answers["text/tab-separated-values"].text.splitlines() == ["?谁\t?原话", '"周雨"@zh\t"海川集团收购蓝鲸云一事不实"']


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/sparql-results+json", '{"head":{},"boolean":true}'),
        ("text/csv", "true"),
        ("application/sparql-results+xml", "<boolean>true</boolean>"),
    ],
)
def test_ask(client: httpx.Client, accept: str, expected: str) -> None:
    assert expected in client.get("/sparql", params={"query": "ASK { ?谁 kg:denies ?何 }"}, headers={"Accept": accept}).text


@pytest.mark.parametrize(
    ("media", "syntax"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
        ("application/trig", ox.RdfFormat.TRIG),
    ],
)
def test_construct_in_every_syntax(client: httpx.Client, media: str, syntax: ox.RdfFormat) -> None:
    query = "CONSTRUCT { ?s kg:owns ?o } WHERE { ?s kg:owns ?o }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": media})
    assert answer.headers["content-type"].partition(";")[0] == media
    (quad,) = ox.parse(answer.content, syntax)
    assert (quad.subject.value[-4:], quad.object.value[-3:]) == ("蓝鲸科技", "蓝鲸云")


def test_a_graph_cannot_be_sent_as_a_table(client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": "DESCRIBE <http://example.org/a>"}, headers={"Accept": "text/csv"}).status_code == 406


def test_datasets_of_the_query_and_of_the_protocol(client: httpx.Client) -> None:
    graphs = client.get("/sparql", params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s a kg:Statement } }"}).json()["results"]["bindings"]
    assert len(graphs) == 3
    graph = graphs[0]["g"]["value"]
    count = "SELECT (COUNT(?s) AS ?n) {} {{ ?s a kg:Statement }}"

    def counted(query: str, **parameters: str) -> int:
        answer = client.get("/sparql", params={"query": query, **parameters})
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    alone = counted(count.format(f"FROM <{graph}>"))
    assert 0 < alone < counted(count.format("")) == 7
    assert counted(count.format(""), **{"default-graph-uri": graph}) == alone
    assert counted(count.format(f"FROM <{graph}>"), **{"default-graph-uri": "http://example.org/none"}) == 0


class Listener(threading.Thread):
    """Counts who connects to a port of its own."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.callers = 0

    def run(self) -> None:
        """Count and hang up until the socket is closed."""
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.callers += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A port that nobody may call."""
    started = Listener()
    started.start()
    yield started
    started.socket.close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }",
        "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX etc: <file:///etc/> SELECT * FROM etc:hostname { ?s ?p ?o }",
        "BASE <file:///etc/> SELECT * FROM <hostname> { ?s ?p ?o }",
        "BASE <file:///etc/> SELECT * { GRAPH <hostname> { ?s ?p ?o } }",
        "PREFIX x: <\\u0066ile:///etc/> SELECT * { GRAPH x:host\\u006Eame { ?s ?p ?o } }",
        "ASK FROM<URL>{ ?s ?p ?o }",
        "ASK fRoM #FROM\n <URL> { ?s ?p ?o }",
        "CONSTRUCT WHERE { GRAPH <file:///etc/hostname> { ?s ?p ?o } }",
    ],
)
def test_graphs_outside_the_store_are_refused(client: httpx.Client, listener: Listener, query: str) -> None:
    answer = client.get("/sparql", params={"query": query.replace("URL", f"http://127.0.0.1:{listener.port}/")})
    assert answer.status_code in {400, 403}, answer.text
    assert answer.status_code == 400 or answer.json()["type"] == "/docs#problem-outside-refused"
    time.sleep(0.05)
    assert listener.callers == 0


def test_the_protocol_names_no_file_and_a_graph_that_is_not_there_is_empty(client: httpx.Client) -> None:
    query = "SELECT * { ?s ?p ?o }"
    assert client.get("/sparql", params={"query": query, "default-graph-uri": "file:///etc/hostname"}).status_code == 403
    for graph in ("http://127.0.0.1:9/", "urn:none"):
        assert client.get("/sparql", params={"query": query, "default-graph-uri": graph}).json()["results"]["bindings"] == []
        assert client.get("/sparql", params={"query": f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"}).json()["boolean"] is False
    literal = "PREFIX file: <http://example.org/> SELECT ?from { VALUES ?from { 'FROM <file:///etc/hostname>' } } # GRAPH <file:///x>"
    assert client.get("/sparql", params={"query": literal}).status_code == 200


@pytest.mark.parametrize(
    "query", ["", "SELECT", "SELECT * { ?s ?p }", "SELECT * { ?s ?p ?o } LIMIT -1", "你好", "SELECT (<http://e/f>(1) AS ?x) {}"]
)
def test_a_malformed_query_is_a_400_that_says_where(client: httpx.Client, query: str) -> None:
    answer = client.get("/sparql", params={"query": query})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert "\n" not in answer.json()["detail"]


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX x: <a:> delete where { ?s ?p ?o }",
        "LOAD <file:///etc/hostname>",
        "DROP ALL",
        "WITH <a:g> DELETE {} WHERE {}",
    ],
)
def test_an_update_is_refused_by_every_way_in(client: httpx.Client, update: str) -> None:
    before = client.get("/healthz").json()
    answers = [
        client.get("/sparql", params={"query": update}),
        client.get("/sparql", params={"update": update}),
        client.post("/sparql", content=urlencode({"query": update}), headers=FORM),
        client.post("/sparql", content=urlencode({"update": update}), headers=FORM),
        client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"}),
        client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-query"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 6
    assert client.get("/healthz").json() == before


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"query=ASK{}&query=ASK{}", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"query=%FF", "application/x-www-form-urlencoded", 400),
        (b"ASK { ?s ?p '\xff' }", "application/sparql-query", 400),
        (b"ASK {}", "text/plain", 415),
    ],
)
def test_a_body_that_is_no_query(client: httpx.Client, body: bytes, media: str, status: int) -> None:
    assert client.post("/sparql", content=body, headers={"Content-Type": media}).status_code == status


@pytest.mark.parametrize(
    "query",
    [
        "a-" * 45_000,
        "<" * 90_000,
        '"' * 89_999,
        "'''" + "a" * 90_000,
        "ASK { FILTER(" + "(" * 40_000 + "1" + ")" * 40_000 + ") }",
        "ASK " + "{" * 45_000 + "}" * 45_000,
        "SELECT " + "?a" * 45_000,
        "ASK { ?s ?p 'x' }" + " " * 100_000,
    ],
    ids=["words", "angles", "quotes", "unclosed", "brackets", "braces", "variables", "too long"],
)
def test_a_query_made_to_be_hard_to_read_is_refused_soon(client: httpx.Client, query: str) -> None:
    started = time.monotonic()
    assert client.post("/sparql", content=urlencode({"query": query}), headers=FORM).status_code in {400, 503}
    assert time.monotonic() - started < 6
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


SERVICES = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<URL>{ ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * { SERVICE:x{ ?s ?p ?o } }",
    "SELECT * { VALUES ?v { <URL> } SERVICE?v{ ?s ?p ?o } }",
    "SELECT * { ?s ?p true.SERVICE<URL>{ ?a ?b ?c } }",
    "SELECT * { ?s ?p trueSERVICE<URL>{ ?a ?b ?c } }",
    "SELECT * { ?s ?p 5SERVICE<URL>{ ?a ?b ?c } }",
    "SELECT * { { SELECT * { SeRvIcE <URL> { ?s ?p ?o } } } }",
    "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?a ?p ?b FILTER(?a<?b#>'''\n||true) SERVICE <URL> { ?s ?p ?o } #'''\n}",
    "SELECT * { ?a ?p ?v FILTER(?a<?b||true)SERVICE?v#>\n { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { #\rSERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'a\\'' . SERVICE <URL> { ?a ?b ?c } }",
]


@pytest.mark.parametrize("query", SERVICES)
def test_service_reaches_nobody_however_it_is_written(client: httpx.Client, listener: Listener, query: str) -> None:
    answer = client.get("/sparql", params={"query": query.replace("URL", f"http://127.0.0.1:{listener.port}/")})
    assert answer.status_code in {400, 403}, answer.text
    time.sleep(0.05)
    assert listener.callers == 0


def test_the_word_service_in_names_texts_and_comments_is_no_service(client: httpx.Client) -> None:
    query = "PREFIX s: <http://schema.org/> SELECT ?service { OPTIONAL { ?service s:serviceType 'SERVICE' } } # SERVICE <x> {}"
    assert client.get("/sparql", params={"query": query}).status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?x WHERE { ?x kg:denies }", "line 1, column 32: '}' is out of place after 'SELECT ?x WHERE { ?x kg:denies'"),
        ("SELECT ?谁 {\n ?谁 nope:a ?y }", "line 2, column 11: the prefix nope: is not declared"),
    ],
)
def test_a_broken_query_is_told_the_place_and_not_the_grammar(client: httpx.Client, query: str, words: str) -> None:
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == 400
    assert words in answer.json()["detail"]
    assert "expected" not in answer.json()["detail"]
    assert len(answer.json()["detail"]) < 200
