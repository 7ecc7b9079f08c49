"""Whether the evidence still stands: every quote in its source, at its place."""

from collections.abc import Iterator

from kg.graph.access import Access, Node
from kg.graph.records import DocumentRecord, Finding
from kg.graph.vocabulary import OA


def misquoted(access: Access, document: DocumentRecord, text: str) -> Iterator[Finding]:
    """Yield a finding for each quote of a document that is not what stands at its offsets in the text."""
    graph = access.iris.graph(document.id)
    for node in sorted(quad.subject.value for quad in access.match(None, OA["hasSource"], Node(document.iri), graph)):
        parts = (Node(f"{node}#quote"), Node(f"{node}#position"))
        values = {quad.predicate: quad.object.value for part in parts for quad in access.match(part, None, None, graph)}
        start, end, quote = int(values[OA["start"]]), int(values[OA["end"]]), values[OA["exact"]]
        if text[start:end] != quote:
            yield Finding(f"{document.name}: the quote {quote!r} is not the text at {start}–{end}; build the document again", node)
