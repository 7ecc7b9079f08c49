"""SHACL over a graph (pyshacl on a plain rdflib graph): what is wrong, in the words of the shapes."""

import functools

import pyoxigraph as ox
import rdflib
from pyshacl import validate as check
from rdflib.namespace import RDF, SH

from kg.errors import ValidationError
from kg.graph.records import Finding
from ontology.terms import DIRECTORY, KG


def validate(nquads: bytes) -> list[Finding]:
    """Return what the shapes find wrong in N-Quads (`validate(store.export("nq"))`), sorted; an empty list is good news.

    Graphs are merged first: what is right in each must be right in all together. ValidationError where it is no N-Quads.
    """
    try:
        triples = sorted({str(quad.triple) for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS)})
    except SyntaxError as error:
        raise ValidationError(f"the graph is not N-Quads ({error}); export it again") from error
    graph = rdflib.Graph().parse(data=" .\n".join([*triples, ""]), format="nt").parse(DIRECTORY / "core.ttl")
    _, report, _ = check(graph, shacl_graph=_shapes(), inference="none", inplace=True)
    return sorted(
        {_finding(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)}, key=lambda one: (one.node, one.message)
    )


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
