"""Stretches of a document as evidence: by their words with a little around them, and by their offsets (Web Annotation)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import ExtractionError
from kg.graph.iris import Iris
from kg.graph.literals import Triple, integer_literal
from kg.graph.vocabulary import OA, RDF, TERMS
from kg.model import Document

CONTEXT = 32  # characters before and after a quote that help to find it again


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a document; `of` says in messages whose it is, `quote` what it should read, None for whatever stands there."""

    start: int
    end: int
    of: str
    quote: str | None = None


def evidence_triples(document: Document, stretch: Stretch, iris: Iris) -> Iterator[Triple]:
    """Yield what is said of a stretch; ExtractionError where the text reads something else there."""
    start, end, text = stretch.start, stretch.end, document.text
    if not 0 <= start < end <= len(text) or stretch.quote not in (None, text[start:end]):
        raise ExtractionError(f"{document.name}: {stretch.of}: the quote is not the text at {start}–{end}; extract the document again")
    node = iris.evidence(document.id, start, end)
    quote, position = iris.selectors(node)
    yield node, RDF["type"], TERMS["Evidence"]
    yield node, RDF["type"], OA["SpecificResource"]
    yield node, OA["hasSource"], iris.document(document.id)
    yield node, OA["hasSelector"], quote
    yield node, OA["hasSelector"], position
    yield quote, RDF["type"], OA["TextQuoteSelector"]
    yield quote, OA["exact"], ox.Literal(text[start:end])
    yield quote, OA["prefix"], ox.Literal(text[max(0, start - CONTEXT) : start])
    yield quote, OA["suffix"], ox.Literal(text[end : end + CONTEXT])
    yield position, RDF["type"], OA["TextPositionSelector"]
    yield position, OA["start"], integer_literal(start)
    yield position, OA["end"], integer_literal(end)
