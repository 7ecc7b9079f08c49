"""Questions and answers into RDF, in their document's own graph."""

from collections.abc import Iterator

import pyoxigraph as ox

from kg.graph.evidence import Stretch, evidence_triples
from kg.graph.iris import Iris
from kg.graph.literals import Triple
from kg.graph.vocabulary import RDF, TAKINGS, TERMS
from kg.model import Extraction


def exchange_triples(extraction: Extraction, iris: Iris) -> Iterator[Triple]:
    """Yield the exchanges of a document with the words of question and answer; who answered is an entity where statements name it."""
    document = extraction.document
    known = {entity.name for entity in extraction.entities}
    for exchange in extraction.exchanges:
        node = iris.exchange(document.id, exchange.answer_start)
        yield node, RDF["type"], TERMS["Exchange"]
        yield node, TERMS["inDocument"], iris.document(document.id)
        yield node, TERMS["wording"], TAKINGS[exchange.taking]
        if exchange.asker is not None:
            yield node, TERMS["askedBy"], ox.Literal(exchange.asker)
        if exchange.answerer is not None and exchange.answerer in known:
            yield node, TERMS["answeredBy"], iris.entity(exchange.answerer)
        elif exchange.answerer is not None:
            yield node, TERMS["answeredByText"], ox.Literal(exchange.answerer)
        spans = {"question": (exchange.question_start, exchange.question_end), "answer": (exchange.answer_start, exchange.answer_end)}
        for term, (start, end) in spans.items():
            if start is not None and end is not None:
                yield node, TERMS[term], iris.evidence(document.id, start, end)
                yield from evidence_triples(document, Stretch(start, end, term), iris)
