"""The W3C's tests of SPARQL 1.1 Protocol and Graph Store HTTP Protocol, declared from their manifests, each on an empty store."""

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.api.conftest import running
from tests.conformance.manifests import SUITES, Case, Request, Response, cases

TOKEN = {"Authorization": "Bearer conformance"}
PROTOCOL = "protocol/manifest.ttl"
DIRECT, INDIRECT = "graph-store-protocol/manifest-direct.ttl", "graph-store-protocol/manifest-indirect.ttl"
TABLES = {"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"}
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server that may be written to, over a store of its own."""
    directory = tmp_path_factory.mktemp("conformance") / "store"
    settings = f"store=Path({str(directory)!r}), write_token='conformance'"
    with running(settings) as (address, _), httpx.Client(base_url=address, timeout=30, follow_redirects=False) as client:
        yield client


def declared(manifest: str) -> list[object]:
    """Return the tests of a manifest as parameters."""
    return [pytest.param(case, id=case.name) for case in cases(manifest)] if SUITES.is_dir() else []


def test_the_suites_are_whole() -> None:
    if not SUITES.is_dir():
        pytest.skip(f"{SUITES} is not there")
    assert [len(cases(manifest)) for manifest in (PROTOCOL, INDIRECT, DIRECT)] == [34, 9, 4]


def emptied(endpoint: httpx.Client) -> None:
    """Drop all that a test before has written."""
    assert endpoint.post("/update", data={"update": "DROP ALL"}, headers=TOKEN).status_code == 204


@pytest.mark.parametrize("case", declared(PROTOCOL))
def test_sparql_protocol(endpoint: httpx.Client, case: Case) -> None:
    emptied(endpoint)
    for name, data in case.graphs.items():
        put = endpoint.put(
            "/rdf-graph-store", params={"graph": name}, content=data, headers={"Content-Type": "application/n-triples", **TOKEN}
        )
        assert put.status_code == 201
    for request in case.requests:
        changes = "update" in case.name and request.response.boolean is None
        path = request.path.replace("/sparql/", "/update" if changes else "/sparql", 1)
        answer = sent(endpoint, request, path)
        check(request.response, answer)


@pytest.mark.parametrize("case", [*declared(DIRECT), *declared(INDIRECT)])
def test_graph_store_protocol(endpoint: httpx.Client, case: Case) -> None:
    emptied(endpoint)
    locations: dict[str, str] = {}
    for request in case.requests:
        path = request.path.replace("/gsp", "/rdf-graph-store", 1)
        for name, location in locations.items():
            path = path.replace(name, urlencode({"": location})[1:])
        answer = sent(endpoint, request, path)
        check(request.response, answer)
        if request.response.location:
            locations[request.response.location] = answer.headers["location"]
            assert endpoint.get(answer.headers["location"]).status_code == 200


def sent(endpoint: httpx.Client, request: Request, path: str) -> httpx.Response:
    """Send a request, byte for byte as the manifest has it; the token goes with what may write."""
    return endpoint.request(request.method, path, content=request.body, headers={**request.headers, **TOKEN})


def check(expected: Response, answer: httpx.Response) -> None:
    """Compare an answer with what is expected: status, form of result, truth, and the graph up to the names of blank nodes."""
    assert expected.allows(answer.status_code), (answer.status_code, answer.text)
    media = answer.headers.get("content-type", "").partition(";")[0]
    if expected.form == "tabular":
        assert media in TABLES
    elif expected.form == "RDF":
        assert media in GRAPHS
    elif expected.form == "boolean":
        assert media in TABLES
    if expected.boolean is not None:
        assert answer.json()["boolean"] is expected.boolean
    if "content-type" in expected.headers:
        assert media == expected.headers["content-type"].partition(";")[0]
    if expected.body is not None:
        base = "http://www.example/"
        found, wanted = (Graph().parse(data=text, format="turtle", publicID=base) for text in (answer.text, expected.body))
        assert len(wanted) > 0
        assert isomorphic(found, wanted), answer.text
