"""Writing over HTTP: who may, updates, whole graphs in every syntax, and that nothing is fetched or expanded on the way."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from tests.api.conftest import running
from tests.api.test_sparql import Listener, listener

__all__ = ["listener"]

TOKEN = {"Authorization": "Bearer 一个令牌".encode()}
G = "http://example.org/g"
STORE = "/rdf-graph-store"
TRIPLE = '<http://example.org/a> <http://example.org/p> "鲸" .'
TURTLE = {"Content-Type": "text/turtle", **TOKEN}


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server over a new store that a token lets write."""
    directory = tmp_path_factory.mktemp("writing") / "store"
    with (
        running(f"store=Path({str(directory)!r}), write_token='一个令牌'") as (address, _),
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def emptied(writable: httpx.Client) -> None:
    """Begin with nothing."""
    assert update(writable, "DROP ALL").status_code == 204


def update(client: httpx.Client, text: str, **parameters: str) -> httpx.Response:
    """Send an update as the body."""
    headers = {"Content-Type": "application/sparql-update", **TOKEN}
    return client.post("/update", content=text.encode(), params=parameters, headers=headers)


def asked(client: httpx.Client, pattern: str) -> bool:
    """Answer ASK."""
    return bool(client.get("/sparql", params={"query": f"PREFIX : <http://example.org/> ASK {{ {pattern} }}"}).json()["boolean"])


WRITES = [
    ("POST", "/update", {"content": b"update=DROP ALL", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
    ("PUT", f"{STORE}?graph={G}", {"content": TRIPLE, "headers": {"Content-Type": "text/turtle"}}),
    ("POST", f"{STORE}?default", {"content": TRIPLE, "headers": {"Content-Type": "text/turtle"}}),
    ("POST", STORE, {"content": TRIPLE, "headers": {"Content-Type": "text/turtle"}}),
    ("PUT", f"{STORE}/own", {"content": TRIPLE, "headers": {"Content-Type": "text/turtle"}}),
    ("DELETE", f"{STORE}?graph={G}", {}),
    ("DELETE", f"{STORE}/own", {}),
]


@pytest.mark.parametrize(("method", "path", "sent"), WRITES)
def test_only_the_token_lets_write(writable: httpx.Client, client: httpx.Client, method: str, path: str, sent: dict[str, object]) -> None:
    update(writable, f"INSERT DATA {{ GRAPH <{G}> {{ <a:a> <a:b> <a:c> }} }}")
    for wrong in (None, "Bearer", "Bearer wrong", "Basic 一个令牌", "Bearer 一个令", "bearer 一个令牌x"):
        headers = {**sent.get("headers", {}), **({"Authorization": wrong.encode()} if wrong else {})}  # type: ignore[dict-item]
        answer = writable.request(method, path, **{**sent, "headers": headers})  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["type"]) == (401, "/docs#problem-unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "令牌" not in answer.text
    closed = client.request(method, path, **{**sent, "headers": {**sent.get("headers", {}), **TOKEN}})  # type: ignore[arg-type, dict-item]
    assert (closed.status_code, closed.json()["type"]) == (403, "/docs#problem-read-only")
    assert closed.headers["www-authenticate"].startswith("Bearer")
    assert asked(writable, f"GRAPH <{G}> {{ <a:a> <a:b> <a:c> }}")


def test_an_update_by_form_and_directly_is_seen_at_once(writable: httpx.Client) -> None:
    assert writable.post("/update", data={"update": "INSERT DATA { <a:a> <a:n> 1 }"}, headers=TOKEN).status_code == 204
    assert asked(writable, "<a:a> <a:n> 1")
    assert update(writable, "DELETE { ?s <a:n> ?n } INSERT { ?s <a:n> 2 } WHERE { ?s <a:n> ?n }").status_code == 204
    assert asked(writable, "<a:a> <a:n> 2")
    assert not asked(writable, "<a:a> <a:n> 1")
    graph = {"using-graph-uri": G}
    assert update(writable, "INSERT { <a:a> <a:m> ?n } WHERE { ?s <a:n> ?n }", **graph).status_code == 204
    assert not asked(writable, "<a:a> <a:m> ?n")


@pytest.mark.parametrize(
    ("text", "status", "problem"),
    [
        ("LOAD <file:///etc/hostname>", 403, "update-refused"),
        ("INSERT DATA { <a:a> <a:b> 1 } ; LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH <a:g>", 403, "update-refused"),
        ("INSERT { <a:a> <a:b> ?o } WHERE { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }", 403, "service-refused"),
        ("DROP GRAPH <https://w3id.org/corporate-statement-kg/ontology>", 403, "graph-protected"),
        ("DELETE WHERE { kg:Statement ?p ?o }", 409, "stated-elsewhere"),
        ("INSERT DATA { <a:a> <a:b> }", 400, "bad-query"),
        ("INSERT DATA { <a:a> <a:b> " + "(" * 90_000, 400, "bad-query"),
        ("INSERT { ?s ?p ?o } WHERE " + "{" * 90_000, 400, "bad-query"),
        ("SELECT * { ?s ?p ?o }", 400, "bad-query"),
        ("x" * 1_000_001, 400, "bad-query"),
    ],
)
def test_an_update_that_is_refused_says_why(writable: httpx.Client, text: str, status: int, problem: str) -> None:
    answer = update(writable, text)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/docs#problem-{problem}")
    assert not asked(writable, "<a:a> ?p ?o")


SYNTAXES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
}


@pytest.mark.parametrize("media", SYNTAXES)
def test_a_graph_comes_back_in_the_syntax_it_was_sent_in_and_is_in_the_default_graph(writable: httpx.Client, media: str) -> None:
    triples = {quad.triple for quad in ox.parse(TRIPLE, ox.RdfFormat.TURTLE)}
    sent = ox.serialize(triples, format=SYNTAXES[media])
    put = writable.put(STORE, params={"graph": G}, content=sent, headers={"Content-Type": media, **TOKEN})
    assert put.status_code == 201
    answer = writable.get(STORE, params={"graph": G}, headers={"Accept": media})
    assert answer.headers["content-type"].partition(";")[0] == media
    assert {quad.triple for quad in ox.parse(answer.content, SYNTAXES[media])} == triples
    assert asked(writable, ':a :p "鲸"')


def test_a_graph_of_its_own_address_and_a_new_one(writable: httpx.Client) -> None:
    assert writable.put(f"{STORE}/公司/一", content=TRIPLE, headers=TURTLE).status_code == 201
    name = f"{str(writable.base_url).rstrip('/')}{STORE}/%E5%85%AC%E5%8F%B8/%E4%B8%80"
    assert asked(writable, f"GRAPH <{name}> {{ :a :p ?o }}")
    assert writable.get(STORE, params={"graph": name}).status_code == 200
    made = writable.post(STORE, content=TRIPLE, headers=TURTLE)
    assert made.status_code == 201
    assert "鲸" in writable.get(made.headers["location"]).text
    assert writable.delete(made.headers["location"], headers=TOKEN).status_code == 204
    assert writable.get(made.headers["location"]).status_code == 404


def test_the_default_graph_of_the_protocol_is_what_was_written_without_a_graph(writable: httpx.Client) -> None:
    update(writable, f"INSERT DATA {{ <a:a> <a:b> 1 . GRAPH <{G}> {{ <a:c> <a:d> 2 }} }}")
    answer = writable.get(f"{STORE}?default", headers={"Accept": "application/n-triples"})
    assert answer.text.splitlines() == ['<a:a> <a:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .']
    assert writable.delete(f"{STORE}?default", headers=TOKEN).status_code == 204
    assert asked(writable, "<a:c> <a:d> 2")
    assert not asked(writable, "<a:a> ?p ?o")


def test_the_graph_of_a_document_is_read_but_not_written(writable: httpx.Client, client: httpx.Client) -> None:
    rows = client.get("/sparql", params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s a kg:Statement } }"}).json()["results"]["bindings"]
    graph = rows[0]["g"]["value"]
    assert "kg:Statement" in client.get(STORE, params={"graph": graph}).text
    for answer in (
        writable.put(STORE, params={"graph": graph}, content=TRIPLE, headers=TURTLE),
        writable.post(STORE, params={"graph": graph}, content=TRIPLE, headers=TURTLE),
        writable.delete(STORE, params={"graph": graph}, headers=TOKEN),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "/docs#problem-graph-protected")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?graph=relative", 400),
        ("?graph=http://a/%20b", 400),
        ("?default=1", 400),
        (f"?default&graph={G}", 400),
        (f"?graph={G}&x=1", 400),
        ("?graph=a:none", 404),
    ],
)
def test_a_graph_has_to_be_named_once(writable: httpx.Client, query: str, status: int) -> None:
    assert writable.get(STORE + query).status_code == status


LAUGHS = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"><rdf:Description rdf:about="http://e/x"><e:p>{}</e:p></rdf:Description></rdf:RDF>'
HOSTILE = [
    ("application/ld+json", json.dumps({"@context": "URL", "@id": "http://e/x", "http://e/p": "1"})),
    ("application/ld+json", json.dumps({"@context": ["URL", {"p": "http://e/p"}], "@id": "http://e/x", "p": "1"})),
    ("application/ld+json", json.dumps({"@context": {"@import": "URL"}, "@id": "http://e/x", "http://e/p": "1"})),
    ("application/ld+json", json.dumps({"http://e/p": {"@context": "URL", "http://e/q": 1}})),
    ("application/ld+json", json.dumps({"@context": "file:///etc/hostname", "@id": "http://e/x", "http://e/p": "1"})),
    ("application/rdf+xml", LAUGHS + "]>" + RDF.format("&i;")),
    ("application/rdf+xml", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + RDF.format("&x;")),
    ("application/rdf+xml", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "URL">]>' + RDF.format("&x;")),
    ("application/rdf+xml", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY % x SYSTEM "URL"> %x;]>' + RDF.format("1")),
    ("application/rdf+xml", '<!DOCTYPE r SYSTEM "URL">' + RDF.format("&x;")),
    ("application/rdf+xml", ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r [<!ENTITY x "y">]>' + RDF.format("&x;")).encode("utf-16").decode("latin-1")),  # noqa: E501
    ("text/turtle", "<http://e/x> <http://e/p> <<( <a:a> <a:b> <a:c> )>> ."),
    ("application/trig", "GRAPH <a:g> { <http://e/x> <http://e/p> 1 }"),
    ("text/turtle", "<http://e/x> <http://e/p> " + "[" * 100_000),
    ("application/ld+json", "[" * 100_000),
    ("application/rdf+xml", "<a>" * 100_000),
    ("multipart/form-data; boundary=x", "--x\r\nno file\r\n--x--"),
    ("image/png", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("media", "body"), HOSTILE)
def test_nothing_is_fetched_or_expanded(writable: httpx.Client, listener: Listener, media: str, body: str) -> None:
    data = body.replace("URL", f"http://127.0.0.1:{listener.port}/").encode("latin-1")
    answer = writable.put(STORE, params={"graph": G}, content=data, headers={"Content-Type": media, **TOKEN})
    assert answer.status_code in {400, 415}, answer.text
    assert "\n" not in answer.json()["detail"]
    assert listener.callers == 0
    assert not asked(writable, "?s <http://e/p> ?o")
    assert writable.get("/healthz").status_code == 200


def test_the_service_and_the_data_set_describe_themselves(writable: httpx.Client, client: httpx.Client) -> None:
    query = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#> SELECT * { %s }"
    for there, languages in ((client, 1), (writable, 2)):
        described = ox.Store()
        described.load(there.get("/sparql", headers={"Accept": "text/turtle"}).content, ox.RdfFormat.TURTLE)
        found = described.query(query % "?service a sd:Service ; sd:endpoint ?endpoint ; sd:supportedLanguage ?language")
        assert len(list(found)) == languages
        formats = list(described.query(query % "?service sd:resultFormat ?format"))
        assert len(formats) == 10
        (count,) = described.query(query % "?set a void:Dataset ; void:triples ?n ; void:sparqlEndpoint ?endpoint ; void:dataDump ?dump")
        counted = there.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()["results"]["bindings"][0]["n"]
        assert count["n"].value == counted["value"]
        assert there.get(count["dump"].value).status_code == 200
    for media, syntax in SYNTAXES.items():
        void = client.get("/.well-known/void", headers={"Accept": media})
        assert void.headers["content-type"].partition(";")[0] == media
        assert len(list(ox.parse(void.content, syntax))) > 20
    assert "<form" in client.get("/sparql", headers={"Accept": "text/html"}).text


def test_an_update_without_end_is_ended_and_changes_nothing(tmp_path: Path) -> None:
    settings = f"store=Path({str(tmp_path)!r}), write_token='一个令牌', query_seconds=2, query_workers=1"
    cross = "INSERT { <a:a> <a:b> ?x } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . BIND(STRLEN(STR(?a)) AS ?x) FILTER(?x > 9999) }"
    with running(settings) as (address, _), httpx.Client(base_url=address, timeout=30) as client:
        assert update(client, "INSERT DATA { <a:a> <a:n> 1 }").status_code == 204
        ended = update(client, cross)
        assert (ended.status_code, ended.json()["type"]) == (503, "/docs#problem-query-too-heavy")
        assert update(client, "INSERT { <a:a> <a:n> 2 } WHERE { <a:a> <a:n> 1 }").status_code == 204
        assert asked(client, "<a:a> <a:n> 2")
        assert not any((tmp_path / "rehearsal").iterdir())
