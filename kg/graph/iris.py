"""Names into IRIs and back. With rdf, the only place that mints IRIs: entities readable, the rest by digest."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph as ox

from kg.errors import StoreError
from kg.model import digest

BASE = "https://w3id.org/corporate-statement-kg/"

# What RFC 3987 lets stand in one path segment, `_` apart: it stands for a space. Spaces of all kinds and what has no shape
# (U+3000, U+200B, marks of direction) are let through by it but not by every parser, nor seen by any reader.
_SEGMENT = (
    r"A-Za-z0-9\-.~!$&'()*+,;=:@\u00A0-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF\U00010000-\U0001FFFD\U00020000-\U0002FFFD\U00030000-\U0003FFFD"
)
_FORBIDDEN = re.compile(rf"[^{_SEGMENT}]|\s|[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]")
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+/")
_DOTS = {".": "%2E", "..": "%2E%2E"}


def segment(name: str) -> str:
    """Return a name as a path segment of an IRI: readable, a space as `_`, only what IRIs forbid percent-encoded.

    >>> segment("华为云"), segment("Harmony OS"), segment("C/D_E")
    ('华为云', 'Harmony_OS', 'C%2FD%5FE')
    """
    encoded = _FORBIDDEN.sub(_encode, name)
    return _DOTS.get(encoded, encoded)


def _encode(match: re.Match[str]) -> str:
    return "_" if match[0] == " " else "".join(f"%{byte:02X}" for byte in match[0].encode())


def unsegment(encoded: str) -> str:
    """Return the name that a path segment stands for, also where a client has percent-encoded all of it.

    >>> unsegment("Harmony_OS"), unsegment("C%2FD%5FE"), unsegment("%E5%8D%8E%E4%B8%BA")
    ('Harmony OS', 'C/D_E', '华为')
    """
    return unquote(encoded.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints every IRI of the data under one base."""

    base: str = BASE

    def __post_init__(self) -> None:
        """Refuse a base under which no IRI would be valid."""
        if not _BASE.fullmatch(self.base):
            raise StoreError(f"{self.base!r} cannot be a base IRI; give an http(s) address that ends in '/'")

    def entity(self, name: str) -> ox.NamedNode:
        """Return the IRI of an entity.

        >>> Iris().entity("华为云").value
        'https://w3id.org/corporate-statement-kg/entity/华为云'
        """
        return self._mint("entity", name)

    def document(self, document: str) -> ox.NamedNode:
        """Return the IRI of a document, from its id."""
        return self._mint("document", document)

    def graph(self, document: str) -> ox.NamedNode:
        """Return the name of the graph that holds all a document says."""
        return self._mint("graph", document)

    def entities_graph(self, document: str) -> ox.NamedNode:
        """Return the name of the graph that holds the entity records a document gave rise to."""
        return self._mint("entities", document)

    @property
    def judgements(self) -> ox.NamedNode:
        """The name of the graph that holds which entities were judged the same, and which different."""
        return ox.NamedNode(f"{self.base}judgements")

    @property
    def ledger(self) -> ox.NamedNode:
        """The name of the graph that holds what was found by comparing statements."""
        return ox.NamedNode(f"{self.base}ledger")

    @property
    def unnamed(self) -> ox.NamedNode:
        """The name of the graph that holds what was written without naming a graph."""
        return ox.NamedNode(f"{self.base}unnamed")

    def statement(self, statement: str) -> ox.NamedNode:
        """Return the IRI of a statement, from its id."""
        return self._mint("statement", statement)

    def proposition(self, proposition: str) -> ox.NamedNode:
        """Return the IRI of a proposition, from its id."""
        return self._mint("proposition", proposition)

    def reading(self, document: str, model: str, prompt: str) -> ox.NamedNode:
        """Return the IRI of what a chat model was asked about a document, with which prompt."""
        return self._mint("reading", digest(document, model, prompt))

    def evidence(self, document: str, start: int, end: int) -> ox.NamedNode:
        """Return the IRI of the stretch of a document that statements rest on."""
        return self._mint("evidence", digest(document, str(start), str(end)))

    def exchange(self, document: str, start: int) -> ox.NamedNode:
        """Return the IRI of a question and its answer, by where the answer begins."""
        return self._mint("exchange", digest(document, str(start)))

    def exchange_of(self, exchange: str) -> ox.NamedNode:
        """Return the IRI of a question and its answer, from its id."""
        return self._mint("exchange", exchange)

    def link(self, kind: str, later: str, earlier: str) -> ox.NamedNode:
        """Return the IRI of a link of some type between two statements, from their ids."""
        return self._mint("link", digest(kind, later, earlier))

    def promise(self, promise: str) -> ox.NamedNode:
        """Return the IRI of a promise, from its id."""
        return self._mint("promise", promise)

    def selectors(self, evidence: ox.NamedNode) -> tuple[ox.NamedNode, ox.NamedNode]:
        """Return the IRIs of what says where a piece of evidence stands: by its words, and by its offsets."""
        return ox.NamedNode(f"{evidence.value}#quote"), ox.NamedNode(f"{evidence.value}#position")

    def key(self, iri: str) -> str | None:
        """Return what an IRI was minted from: an entity's name, another node's id; None where it is not ours.

        >>> Iris().key("https://w3id.org/corporate-statement-kg/entity/华为云")
        '华为云'
        """
        if not iri.startswith(self.base):
            return None
        return unsegment(iri[len(self.base) :].partition("/")[2]) or None

    def _mint(self, kind: str, rest: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self.base}{kind}/{segment(rest)}")
