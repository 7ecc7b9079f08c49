"""What was found by comparing, as RDF. Apart from `comparing`, so that what is found can be read without how it is written."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import pyoxigraph as ox

from kg.graph.iris import Iris
from kg.graph.ledger.answers import Taken
from kg.graph.ledger.entries import Entry
from kg.graph.ledger.links import Link
from kg.graph.ledger.promises import Promise
from kg.graph.ledger.sources import Sources, hearsay_depth
from kg.graph.literals import Triple, day, decimal_literal, integer_literal, moment
from kg.graph.vocabulary import PROV, RDF, STANCES, TAKINGS, TERMS


def entry_triples(entry: Entry, iris: Iris) -> Iterator[Triple]:
    """Yield through how many voices a statement is heard, and whom it counts for by which post."""
    yield entry.node, TERMS["hearsayDepth"], integer_literal(hearsay_depth(entry))
    if entry.voice is not None and entry.by_post:  # else the statement itself says it
        yield entry.node, TERMS["voice"], iris.entity(entry.voice)
    if entry.role is not None:
        yield entry.node, TERMS["speakerRole"], ox.Literal(entry.role)


def link_triples(link: Link, iris: Iris) -> Iterator[Triple]:
    """Yield a link, and the node that says on what it rests."""
    node, kind = iris.link(link.type, link.later.id, link.earlier.id), TERMS[link.type]
    yield link.later.node, kind, link.earlier.node
    yield node, RDF["type"], TERMS["Link"]
    yield node, TERMS["linkType"], kind
    yield node, TERMS["later"], link.later.node
    yield node, TERMS["earlier"], link.earlier.node
    yield node, TERMS["basis"], ox.Literal(link.basis)
    yield node, PROV["wasDerivedFrom"], link.later.node
    yield node, PROV["wasDerivedFrom"], link.earlier.node
    if link.quantifier is not None:
        yield node, TERMS["quantifier"], ox.Literal(link.quantifier)


def promise_triples(promise: Promise, iris: Iris) -> Iterator[Triple]:
    """Yield a promise, what is known of how it went, and what decided it."""
    node, first = iris.promise(promise.id), promise.first
    yield node, RDF["type"], TERMS["Promise"]
    yield node, TERMS["commitment"], STANCES[promise.commitment]
    yield node, TERMS["commitsTo"], first.proposition
    yield node, TERMS["promisedIn"], first.node
    for entry in (*promise.statements, *promise.progress, *([promise.decided_by] if promise.decided_by else [])):
        yield node, PROV["wasDerivedFrom"], entry.node
    if promise.party is not None:
        yield node, TERMS["promisedBy"], iris.entity(promise.party)
    if first.said is not None:
        yield node, TERMS["promisedOn"], day(first.said[0])
    if first.value is not None:
        yield node, TERMS["targetValue"], ox.Literal(first.value)
    if first.amount is not None:
        yield node, TERMS["targetAmount"], decimal_literal(first.amount)
    if first.unit is not None:
        yield node, TERMS["targetUnit"], ox.Literal(first.unit)
    if promise.comparator is not None:
        yield node, TERMS["comparator"], ox.Literal(promise.comparator)
    if promise.due is not None and promise.due_by is not None:
        yield node, TERMS["dueDate"], moment(promise.due)
        yield node, TERMS["dueBy"], day(promise.due_by)
    for entry in promise.progress:
        yield node, TERMS["progress"], entry.node
    if promise.outcome is not None and promise.decided_by is not None:
        yield node, TERMS["promiseOutcome"], TERMS[promise.outcome]
        yield node, TERMS["decidedBy"], promise.decided_by.node
        if promise.decided_by.said is not None:
            yield node, TERMS["decidedOn"], day(promise.decided_by.said[0])
    if promise.outcome is not None and promise.revised_to is not None:
        yield node, TERMS["revisedTo"], iris.promise(promise.revised_to)


def taken_triples(found: Taken) -> Iterator[Triple]:
    """Yield how an answer takes its question, and by which statements that is seen."""
    node = found.exchange.node
    yield node, TERMS["outcome"], TAKINGS[found.outcome]
    for entry in found.premises:
        yield node, TERMS["premise"], entry.node
    for entry in found.replies:
        yield node, TERMS["reply"], entry.node
    for entry in (*found.premises, *found.replies):
        yield node, PROV["wasDerivedFrom"], entry.node


def source_triples(source: Sources) -> Iterator[Triple]:
    """Yield who said a proposition first, and how many say it of their own."""
    yield source.first.proposition, TERMS["firstSaidIn"], source.first.node
    yield source.first.proposition, TERMS["independentSources"], integer_literal(source.independent)


def related_triples(propositions: Iterable[ox.NamedNode]) -> Iterator[Triple]:
    """Yield that propositions say nearly the same: each with the next, both ways."""
    for one, other in pairwise(sorted(propositions, key=lambda node: node.value)):
        yield one, TERMS["relatedTo"], other
        yield other, TERMS["relatedTo"], one
