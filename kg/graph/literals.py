"""Dates and numbers as literals that every store keeps as they are."""

from collections.abc import Iterator
from decimal import Decimal

import pyoxigraph as ox

from kg.graph.periods import bounds
from kg.graph.vocabulary import TERMS, XSD

Term = ox.NamedNode | ox.Literal
Triple = tuple[ox.NamedNode, ox.NamedNode, Term]

_PERIOD_TYPES = {4: XSD["gYear"], 7: XSD["gYearMonth"], 10: XSD["date"]}


def moment(iso: str) -> ox.Literal:
    """Return a date or period as a literal whose type says how coarse it is; ExtractionError where it is none.

    >>> moment("2022-12").datatype.value, moment("2021-H1").datatype.value
    ('http://www.w3.org/2001/XMLSchema#gYearMonth', 'https://w3id.org/corporate-statement-kg/ontology#period')
    """
    bounds(iso)
    coarse = "H" in iso or "Q" in iso or "/" in iso
    return ox.Literal(iso, datatype=TERMS["period"] if coarse else _PERIOD_TYPES[len(iso)])


def dated(node: ox.NamedNode, term: str, stem: str, iso: str | None) -> Iterator[Triple]:
    """Yield a date and the first and last day it spans, so that SPARQL can compare it whatever its granularity."""
    if iso is None:
        return
    first, last = bounds(iso)
    yield node, TERMS[term], moment(iso)
    yield node, TERMS[f"{stem}Start"], day(first.isoformat())
    yield node, TERMS[f"{stem}End"], day(last.isoformat())


def day(iso: str) -> ox.Literal:
    """Return a day as a literal."""
    return ox.Literal(iso, datatype=XSD["date"])


def integer_literal(number: int) -> ox.Literal:
    """Return a whole number as a literal."""
    # xsd:nonNegativeInteger would be truer, but stores that normalise numbers give back xsd:integer
    return ox.Literal(str(number), datatype=XSD["integer"])


def decimal_literal(number: Decimal) -> ox.Literal:
    """Return a number in the one form that every store keeps as it is: no exponent, no trailing zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ox.Literal("0" if text in {"-0", ""} else text.lstrip("+"), datatype=XSD["decimal"])
