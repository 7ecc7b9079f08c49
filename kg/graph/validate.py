"""SHACL over a graph (pyshacl on a plain rdflib graph): what is wrong, in the words of the shapes."""

import functools

import pyoxigraph as ox
import rdflib
from pyshacl import validate as check
from rdflib.namespace import RDF, SH

from kg.errors import ValidationError
from kg.graph.records import Finding
from ontology.terms import DIRECTORY


def validate(nquads: bytes) -> list[Finding]:
    """Return what the shapes find wrong in N-Quads (`validate(store.export("nq"))`), sorted; an empty list is good news.

    Graphs are merged first: what is right in each must be right in all together. ValidationError where it is no N-Quads.
    """
    try:
        triples = sorted({str(quad.triple) for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS)})
    except SyntaxError as error:
        raise ValidationError(f"the graph is not N-Quads ({error}); export it again") from error
    graph = rdflib.Graph().parse(data=" .\n".join([*triples, ""]), format="nt")
    _, report, _ = check(graph, shacl_graph=_shapes(), ont_graph=_ontology(), inference="none", inplace=True)
    return sorted(
        {_finding(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)}, key=lambda one: (one.node, one.message)
    )


def _finding(report: rdflib.Graph, result: rdflib.term.Node) -> Finding:
    shape = report.value(result, SH.sourceShape)
    return Finding(
        message=str(report.value(result, SH.resultMessage)),
        node=str(report.value(result, SH.focusNode)),
        shape=str(shape) if isinstance(shape, rdflib.URIRef) else None,
    )


@functools.cache
def _shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(DIRECTORY / "shapes.ttl")


@functools.cache
def _ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(DIRECTORY / "core.ttl")
