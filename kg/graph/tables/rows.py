"""What the default graph says of a node, as rows of the tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from kg.errors import ExtractionError
from kg.graph.access import Access, Node, Properties, by_node, text_of
from kg.graph.names import compared
from kg.graph.periods import bounds
from kg.graph.vocabulary import DCT, OA, PREDICATES, PROV, RDF, SKOS, STANCES, TERMS

LABELS: Final = (SKOS["prefLabel"], SKOS["altLabel"])
_OURS = {node.value: str(value) for terms in (STANCES, PREDICATES) for value, node in terms.items()}
_DIGITS: Final = 18  # of a number that SQLite holds

Told = dict[Node, Properties]  # what a graph says of nodes, one value a property


class DocumentRow(NamedTuple):
    """A document in the order of all: the newest first, then by name and id."""

    id: str
    name: str
    place: int
    first: int | None
    last: int | None


class StatementRow(NamedTuple):
    """A statement, as far as it is counted, put in order and chosen; stances and predicates go by their values where they are ours."""

    typed: bool
    document: str | None
    begins: int | None  # where its quote stands in the text
    ends: int | None
    stance: str | None
    predicate: str | None
    said: str
    start: str | None
    due_first: int | None
    due_last: int | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class Nodes:
    """Reads nodes of a graph, which go by a short name: without the base where it is the store's own."""

    access: Access
    _own: dict[Node, Properties] = field(default_factory=dict)  # what the graphs say that were read as a whole

    def short(self, node: Node) -> str:
        """Return the short name of a node."""
        return node.value.removeprefix(self.access.iris.base)

    def node(self, short: str) -> Node:
        """Return the node of a short name."""
        return Node(short if ":" in short.partition("/")[0] else self.access.iris.base + short)

    def name(self, short: str) -> str:
        """Return what a node was minted from, its IRI where it is not the store's own."""
        node = self.node(short)
        return self.access.iris.key(node.value) or node.value

    def document(self, node: Node) -> DocumentRow | None:
        """Return a document of ours that has a name, None where it is none."""
        own = self.properties(node)
        name, issued, key = own.get(DCT["identifier"]), text_of(own.get(DCT["issued"])), self.access.iris.key(node.value)
        if name is None or key is None or node != self.access.iris.document(key):
            return None
        return document_row(key, name.value, issued)

    def entity(self, node: Node) -> frozenset[str] | None:
        """Return the kinds of an entity that has a name, None where it has none."""
        if not any(self.access.match(node, SKOS["prefLabel"], None)):
            return None
        return frozenset(quad.object.value for quad in self.access.match(node, RDF["type"], None))

    def names(self, node: Node) -> frozenset[str]:
        """Return the names of an entity."""
        labels = chain.from_iterable(self.access.match(node, term, None) for term in LABELS)
        return frozenset(quad.object.value for quad in labels if isinstance(quad.object, ox.Literal))

    def statement(self, node: Node) -> tuple[StatementRow, frozenset[str]] | None:
        """Return a statement with the entities that it is about or by, None where it is none."""
        own = self.properties(node)
        proposition = own.get(TERMS["expresses"])
        claim = self.properties(proposition) if isinstance(proposition, Node) else {}
        roles = [(node, PROV["wasAttributedTo"]), (node, TERMS["onBehalfOf"])]
        roles += [(proposition, RDF[end]) for end in ("subject", "object") if isinstance(proposition, Node)]
        mentioned = chain.from_iterable(self._values(*role) for role in roles)
        entities = frozenset(self.short(term) for term in mentioned if isinstance(term, Node))
        stance, typed = own.get(TERMS["stance"]), own.get(RDF["type"]) == TERMS["Statement"]
        if not typed and stance is None and not entities:
            return None
        document, (quote, begins, ends) = own.get(PROV["wasDerivedFrom"]), self._evidence(own)
        return StatementRow(
            typed,
            self.access.iris.key(document.value) if isinstance(document, Node) else None,
            begins,
            ends,
            _value(stance),
            _value(claim.get(RDF["predicate"])),
            text_of(own.get(TERMS["saidOn"])) or "",
            text_of(own.get(TERMS["saidStart"])),
            *_days(text_of(own.get(TERMS["due"]))),
            None if quote is None else compared(quote),
        ), entities

    def is_a(self, cls: str, node: Node) -> bool:
        """Say whether a node is a document or a proposition."""
        return self._own.get(node, {}).get(RDF["type"]) == TERMS[cls] or any(self.access.match(node, RDF["type"], TERMS[cls]))

    def properties(self, node: Node) -> Properties:
        """Return what is said of a node, one value a property."""
        return self._own.get(node) or self.access.properties(node)

    def _values(self, node: Node, predicate: Node) -> Iterator[Any]:
        """Return all values of a property; those who write statements of their own may give it several."""
        own = self._own.get(node)
        if own is None:
            return (quad.object for quad in self.access.match(node, predicate, None))
        return iter([own[predicate]] if predicate in own else [])

    def _evidence(self, own: Properties) -> tuple[str | None, int | None, int | None]:
        """Return the quote that a statement rests on, and where it begins and ends."""
        evidence = own.get(TERMS["evidence"])
        if not isinstance(evidence, Node):
            return None, None, None
        words, position = map(self.properties, self.access.iris.selectors(evidence))
        return text_of(words.get(OA["exact"])), _offset(position.get(OA["start"])), _offset(position.get(OA["end"]))

    def read(self, graph: Node, told: Told | None = None) -> set[str]:
        """Return what `of_graph` does of a document's graph, and remember what it says, where no other graph says it of these nodes.

        A graph lies together on disk, which what the default graph says of a node does not: it takes a tenth of the time. What is said of
        an exchange, the graph of the ledger says, too. `told` is what that graph says, where it is known.
        """
        own = by_node(self.access.match(None, None, None, graph)) if told is None else told
        self._own.update((node, said) for node, said in own.items() if TERMS["inDocument"] not in said)
        return {self.short(node) for node, said in own.items() if any(mark in said for mark in _MARKS["graph"])}

    def of_graph(self, graph: Node) -> Iterator[str]:
        """Yield the short names of the nodes that a graph speaks of; of our own graphs only those that a table has."""
        marks = _MARKS.get(self.short(graph).partition("/")[0])
        if marks is None:
            found = (quad.subject for quad in self.access.match(None, None, None, graph))
        else:
            found = (quad.subject for mark in marks for quad in self.access.match(None, mark, None, graph))
        return (self.short(node) for node in found if isinstance(node, Node))


_MARKS: dict[str, tuple[Node, ...]] = {
    "graph": (TERMS["stance"], RDF["predicate"], DCT["identifier"], TERMS["inDocument"]),
    "entities": (SKOS["prefLabel"],),
    "ledger": (TERMS["linkType"], TERMS["commitment"], TERMS["outcome"]),
}


# all that rows are made of: of a document's quads a third
_READ: Final = (
    *(TERMS[name] for name in ("stance", "expresses", "onBehalfOf", "saidOn", "saidStart", "due", "evidence", "inDocument")),
    *(PROV["wasAttributedTo"], PROV["wasDerivedFrom"], DCT["identifier"], DCT["issued"], OA["exact"], OA["start"], OA["end"]),
    *(RDF["type"], RDF["subject"], RDF["predicate"], RDF["object"]),
)
_LINES: Final = re.compile(rb"^\S+ (?:%b) .*$" % b"|".join(re.escape(str(one).encode()) for one in _READ), re.MULTILINE)


def told_of(graph: Node, nquads: bytes) -> Told:
    """Return what N-Quads say in a graph, as far as rows are made of it: lines that are none of it are not parsed."""
    ending = f" {graph} .".encode()
    lines = b"\n".join(line for line in _LINES.findall(nquads) if line.endswith(ending))
    return by_node(ox.parse(lines, format=ox.RdfFormat.N_QUADS))


def document_row(document: str, name: str, issued: str | None) -> DocumentRow:
    """Return the row of a document.

    >>> document_row("0a", "notice", "2021")
    DocumentRow(id='0a', name='notice', place=-737791, first=737791, last=738155)
    """
    if issued is None:
        return DocumentRow(document, name, 0, None, None)
    first, last = (day.toordinal() for day in bounds(issued))
    return DocumentRow(document, name, -first, first, last)


def _days(due: str | None) -> tuple[int | None, int | None]:
    """Return the first and the last day of a period, None where there is none that could be read."""
    try:
        first, last = (None, None) if due is None else (day.toordinal() for day in bounds(due))
    except ExtractionError:
        return None, None
    return first, last


def _offset(term: Any) -> int | None:
    """Return an offset, None where others wrote something else in its place."""
    text = text_of(term) or ""
    return int(text) if text.isdecimal() and len(text) < _DIGITS else None


def _value(term: Any) -> str | None:
    """Return what one of our stances or predicates is called in records, the IRI of another."""
    return None if term is None else _OURS.get(term.value, term.value)
