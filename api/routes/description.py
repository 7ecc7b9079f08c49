"""What the endpoint can do (SPARQL 1.1 Service Description) and what it holds (VoID), in every syntax of RDF."""

import json
from collections.abc import Iterator

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import unless_gone
from api.deps import Contents, contents_of
from api.errors import Busy, QueryTooHeavy
from api.negotiation import GRAPHS, RESULTS, choose
from api.query.jobs import Dataset
from api.query.pool import Pool
from api.query.results import SYNTAXES
from api.routes.lists import Responses
from api.writing import Writer
from kg.graph.vocabulary import PREFIXES
from ontology.terms import KG

router = APIRouter(tags=["sparql"])
_SD, _VOID, _DCT = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#", "http://purl.org/dc/terms/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_FORMATS = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
    "application/n-quads": "N-Quads",
    "application/trig": "TriG",
}
_COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"
_DESCRIBED: Responses = {200: {"content": {offer.media: {} for offer in GRAPHS}}}

Value = ox.NamedNode | ox.BlankNode | ox.Literal


@router.get("/.well-known/void", response_class=Response, responses=_DESCRIBED)
async def void(request: Request) -> Response:
    """Describe the data set: how much there is, where to ask, and an example."""
    return await service_description(request, choose(request.headers.get("accept"), GRAPHS))


async def service_description(request: Request, media: str) -> Response:
    """Return the description of service and data set, in a media type of GRAPHS."""
    triples = [*_service(request), *await _dataset(request)]
    prefixes = {**PREFIXES, "sd": _SD, "void": _VOID, "formats": "http://www.w3.org/ns/formats/"}
    return Response(ox.serialize(triples, format=SYNTAXES[media], prefixes=prefixes), media_type=media)


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _service(request: Request) -> Iterator[ox.Triple]:
    writer: Writer = request.app.state.writer
    endpoint = f"{_root(request)}/sparql"
    service, dataset, default = ox.NamedNode(endpoint), ox.NamedNode(_own_name(request)), ox.BlankNode("default")
    yield _said(service, _TYPE, f"{_SD}Service")
    yield _said(service, f"{_SD}endpoint", endpoint)
    yield _said(service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query")
    if writer.token is not None:
        updates = ox.NamedNode(f"{_root(request)}/update")
        yield _said(updates, _TYPE, f"{_SD}Service")
        yield _said(updates, f"{_SD}endpoint", updates)
        yield _said(updates, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Update")
        yield _said(updates, f"{_SD}defaultDataset", dataset)
        yield _said(updates, f"{_SD}feature", f"{_SD}UnionDefaultGraph")
    yield _said(service, f"{_SD}feature", f"{_SD}UnionDefaultGraph")
    for offer in (*RESULTS, *GRAPHS):
        yield _said(service, f"{_SD}resultFormat", f"http://www.w3.org/ns/formats/{_FORMATS[offer.media]}")
    yield _said(service, f"{_SD}defaultDataset", dataset)
    yield _said(dataset, _TYPE, f"{_SD}Dataset")
    yield _said(dataset, f"{_SD}defaultGraph", default)
    yield _said(default, _TYPE, f"{_SD}Graph")


async def _dataset(request: Request) -> list[ox.Triple]:
    """Return what is said of the data set; the triples are counted by a query worker, and left out where that takes too long."""
    contents: Contents = await contents_of(request)
    summary = await run_in_threadpool(lambda: contents.summary)
    writer: Writer = request.app.state.writer
    root, dataset = _root(request), ox.NamedNode(_own_name(request))
    triples = [
        _said(dataset, _TYPE, f"{_VOID}Dataset"),
        _said(dataset, f"{_DCT}title", ox.Literal("Who said what, about what, when, in which words", language="en")),
        _said(dataset, f"{_DCT}title", ox.Literal("谁在何时就何事说了什么，原话如何", language="zh")),
        _said(dataset, f"{_DCT}modified", ox.Literal(writer.changed.isoformat(), datatype=ox.NamedNode(f"{_XSD}dateTime"))),
        _said(dataset, f"{_VOID}sparqlEndpoint", f"{root}/sparql"),
        _said(dataset, f"{_VOID}uriSpace", ox.Literal(writer.base)),
        _said(dataset, f"{_VOID}vocabulary", str(KG)),
        _said(dataset, f"{_VOID}documents", ox.Literal(summary.documents)),
        _said(dataset, f"{_VOID}entities", ox.Literal(summary.entities)),
        _said(dataset, f"{_VOID}dataDump", f"{root}/export.nq"),
        _said(dataset, f"{_VOID}feature", "http://www.w3.org/ns/formats/N-Quads"),
    ]
    count = await _counted(request, contents)
    if count is not None:
        triples += [_said(node, f"{_VOID}triples", ox.Literal(count)) for node in (dataset, ox.BlankNode("default"))]
    return triples


async def _counted(request: Request, contents: Contents) -> int | None:
    if contents.triples is None:
        pool: Pool = request.app.state.pool
        client = request.client.host if request.client else ""
        running = pool.answer(_COUNT, RESULTS[0].media, Dataset(), client=client)
        try:
            _, body = await unless_gone(request, running)
        except (Busy, QueryTooHeavy):
            return None
        contents.triples = int(json.loads(body)["results"]["bindings"][0]["n"]["value"])
    return contents.triples


def _own_name(request: Request) -> str:
    return f"{_root(request)}/.well-known/void#dataset"


def _said(subject: ox.NamedNode | ox.BlankNode, predicate: str, value: Value | str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value) if isinstance(value, str) else value)
