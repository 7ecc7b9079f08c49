"""Reads the W3C's manifests of HTTP exchanges: what is sent, and what has to come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Namespace, Node
from rdflib.collection import Collection

SUITES = Path(__file__).parents[3] / "shared" / "conformance" / "sparql" / "sparql11"
_MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_HT = Namespace("http://www.w3.org/2011/http#")
_CNT = Namespace("http://www.w3.org/2011/content#")
_UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclass(frozen=True, slots=True)
class Response:
    """What is expected: one of these statuses (`201`, `2xx`), and, where given, a body, a form of result, an answer, a Location."""

    statuses: tuple[str, ...]
    headers: dict[str, str]
    body: str | None
    boolean: bool | None
    form: str | None
    location: str | None

    def allows(self, status: int) -> bool:
        """Say whether a status is one of those expected."""
        return any(str(status) == wanted or (wanted.endswith("xx") and str(status)[0] == wanted[0]) for wanted in self.statuses)


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    response: Response


@dataclass(frozen=True, slots=True)
class Case:
    """A test of a manifest: graphs that are there before, by name, as N-Triples, and requests in order."""

    name: str
    title: str
    graphs: dict[str, str]
    requests: tuple[Request, ...]


def cases(manifest: str) -> list[Case]:
    """Return the tests of a manifest, a path below SUITES, in its order."""
    path = SUITES / manifest
    graph = Graph().parse(path, publicID=path.as_uri())
    (entries,) = graph.objects(None, _MF.entries)
    return [_case(graph, node) for node in Collection(graph, entries)]


def _case(graph: Graph, node: Node) -> Case:
    data = {
        str(graph.value(item, RDFS.label)): Path(str(graph.value(item, _UT.graph)).removeprefix("file://")).read_text()
        for item in graph.objects(node, _UT.graphData)
    }
    (action,) = graph.objects(node, _MF.action)
    requests = tuple(_request(graph, item) for item in _list(graph, action, _HT.requests))
    return Case(str(node).rpartition("#")[2], " ".join(str(graph.value(node, _MF.name)).split()), data, requests)


def _list(graph: Graph, node: Node, predicate: Node) -> Iterator[Node]:
    found = graph.value(node, predicate)
    if found is not None and found != RDF.nil:
        yield from Collection(graph, found)


def _request(graph: Graph, node: Node) -> Request:
    response = graph.value(node, _HT.resp)
    assert response is not None
    boolean = graph.value(response, _MF.expectedBoolean)
    form, location = graph.value(response, _MF.expectedFormat), graph.value(response, _MF.expectedLocation)
    expected = Response(
        statuses=tuple(_status(str(status).rpartition("#")[2]) for status in graph.objects(response, _MF.expectedStatus)),
        headers=_headers(graph, response),
        body=_text(graph, response)[0],
        boolean=None if boolean is None else bool(boolean.toPython()),
        form=None if form is None else str(form),
        location=None if location is None else str(location),
    )
    text, encoding = _text(graph, node)
    body = None if text is None else text.encode(encoding)
    method, path = graph.value(node, _HT.methodName), graph.value(node, _HT.absolutePath)
    return Request(str(method), str(path), _headers(graph, node), body, expected)


def _status(name: str) -> str:
    named = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}
    return named.get(name) or name.removeprefix("StatusCode")


def _headers(graph: Graph, node: Node) -> dict[str, str]:
    return {str(graph.value(item, _HT.fieldName)): str(graph.value(item, _HT.fieldValue)) for item in _list(graph, node, _HT.headers)}


def _text(graph: Graph, node: Node) -> tuple[str | None, str]:
    body = graph.value(node, _HT.body)
    if body is None:
        return None, "utf-8"
    return str(graph.value(body, _CNT.chars)), str(graph.value(body, _CNT.characterEncoding))
