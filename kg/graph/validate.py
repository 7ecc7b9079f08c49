"""SHACL over a graph (pyshacl on a plain rdflib graph): what is wrong, in the words of the shapes."""

from kg.graph.records import Finding


def validate(nquads: bytes) -> list[Finding]:
    """Return what the shapes find wrong in N-Quads (`validate(store.export("nq"))`), sorted; an empty list is good news."""
    raise NotImplementedError
