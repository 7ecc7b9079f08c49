"""What kinds, relations and stances are called, as the ontology has it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pyoxigraph as ox

from api.reconciliation.messages import Type
from kg.graph.vocabulary import CLASSES, PREDICATES, STANCES
from kg.model import Kind, Predicate, Stance
from ontology.terms import DIRECTORY

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_LANGUAGES = ("zh", "en")


@cache
def _ontology() -> ox.Store:
    graph = ox.Store()
    graph.load(path=str(DIRECTORY / "core.ttl"), format=ox.RdfFormat.TURTLE)
    return graph


@cache
def label(of: Kind | Predicate | Stance) -> str:
    """Return the Chinese and the English name of a term.

    >>> label(Kind.COMPANY)
    '企业 · company'
    """
    node = CLASSES[of] if isinstance(of, Kind) else PREDICATES[of] if isinstance(of, Predicate) else STANCES[of]
    labels: Iterator[Any] = _ontology().quads_for_pattern(node, ox.NamedNode(f"{_RDFS}label"), None)
    found = {quad.object.language: quad.object.value for quad in labels}
    return " · ".join(found[language] for language in _LANGUAGES)


@cache
def kind_type(kind: Kind) -> Type:
    """Return a kind as a type, with the kinds that are broader.

    >>> kind_type(Kind.COMPANY).broader[0].id
    'organisation'
    """
    kinds = {node: Kind(each) for each, node in CLASSES.items()}
    above: Iterator[Any] = _ontology().quads_for_pattern(CLASSES[kind], ox.NamedNode(f"{_RDFS}subClassOf"), None)
    broader = [kind_type(kinds[quad.object]) for quad in above if quad.object in kinds]
    return Type(id=kind.value, name=label(kind), broader=sorted(broader, key=lambda each: each.id) or None)


def kinds_of(identifier: str) -> frozenset[Kind]:
    """Return the kinds that a type stands for, those below it included; none for an unknown one.

    >>> sorted(kinds_of("organisation"))
    [<Kind.COMPANY: 'company'>, <Kind.ORGANISATION: 'organisation'>]
    """
    wanted = next((kind for kind in Kind if identifier in {kind.value, CLASSES[kind].value}), None)
    if wanted is None:
        return frozenset()
    return frozenset(kind for kind in Kind if kind is wanted or any(each.id == wanted.value for each in kind_type(kind).broader or ()))
