"""SHACL over a graph (pyshacl on a plain rdflib graph): what is wrong, in the words of the shapes."""

import functools
from collections import defaultdict

import pyoxigraph as ox
import rdflib
from pyshacl import validate as check
from rdflib.namespace import RDF, SH

from kg.errors import ValidationError
from kg.graph.records import Finding
from ontology.terms import DIRECTORY, KG


def validate(nquads: bytes) -> list[Finding]:
    """Return what the shapes find wrong in N-Quads (`validate(store.export("nq"))`), sorted; an empty list is good news.

    Each document is checked by itself, its statements with its entity records: it must stand without the others, and a
    plain edge needs a statement of its own document. ValidationError where the bytes are no N-Quads.
    """
    documents: dict[str, set[str]] = defaultdict(set)
    try:
        for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
            graph = quad.graph_name
            documents[graph.value.rpartition("/")[2] if isinstance(graph, ox.NamedNode) else ""].add(f"{quad.triple} .\n")
    except SyntaxError as error:
        raise ValidationError(f"the graph is not N-Quads ({error}); export it again") from error
    findings = {finding for _, triples in sorted(documents.items()) for finding in _findings("".join(sorted(triples)))}
    return sorted(findings, key=lambda finding: (finding.node, finding.message))


def _findings(triples: str) -> list[Finding]:
    graph = rdflib.Graph().parse(data=triples, format="nt")
    for triple in _ontology():
        graph.add(triple)
    _, report, _ = check(graph, shacl_graph=_shapes(), inference="none", inplace=True)
    return [_finding(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)]


def _finding(report: rdflib.Graph, result: rdflib.term.Node) -> Finding:
    shape, node = report.value(result, SH.sourceShape), report.value(result, SH.focusNode)
    if str(node).startswith(str(KG)):  # the peg of a constraint over the whole graph; what is wrong is the value
        node = report.value(result, SH.value)
    return Finding(
        message=str(report.value(result, SH.resultMessage)),
        node=str(node),
        shape=str(shape) if isinstance(shape, rdflib.URIRef) else None,
    )


@functools.cache
def _shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(DIRECTORY / "shapes.ttl")


@functools.cache
def _ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(DIRECTORY / "core.ttl")
