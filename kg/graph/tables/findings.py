"""What was found by comparing statements, as the graph has it: links, promises, and questions with their answers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from kg.graph.access import Access, Node, text_of
from kg.graph.records import Basis, LinkType, Outcome
from kg.graph.vocabulary import OA, PROV, RDF, STANCES, TAKINGS, TERMS
from kg.model import Stance, Taking

_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}
_TAKINGS = {node: Taking(taking) for taking, node in TAKINGS.items()}
_TYPES = {TERMS[kind]: kind for kind in LinkType}
_OUTCOMES = {TERMS[outcome]: outcome for outcome in Outcome}
FINDINGS: Final = ("link/", "promise/", "exchange/")


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link; `later` and `earlier` are ids of statements, `said` the first day of the later one."""

    id: str
    type: LinkType
    later: str
    earlier: str
    basis: Basis
    quantifier: str | None
    said: str | None


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise; `statement`, `progress` and `decided_by` are ids of statements."""

    id: str
    commitment: Stance
    statement: str
    statements: int
    party: str | None
    promised_on: str | None
    value: str | None
    unit: str | None
    comparator: str | None
    due: str | None
    due_by: str | None
    progress: tuple[str, ...]
    outcome: Outcome | None
    decided_by: str | None
    decided_on: str | None
    revised_to: str | None


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """A question and its answer; `premises` and `replies` are ids of statements."""

    id: str
    document: str
    question: str | None
    answer: str
    start: int
    asker: str | None
    answerer: str | None
    outcome: Taking
    premises: tuple[str, ...]
    replies: tuple[str, ...]


class Source(Protocol):
    """Where what is said of a node is read."""

    def term(self, predicate: Node, node: Node) -> Any:
        """Return the only value of a property, None where there is none."""
        ...

    def terms(self, predicate: Node, node: Node) -> list[Any]:
        """Return all values of a property."""
        ...


@dataclass(frozen=True, slots=True)
class ByNode:
    """Reads findings one after another, each as a whole, and of other nodes the single properties that are asked for."""

    access: Access
    _finding: dict[Node, dict[Node, list[Any]]] = field(default_factory=dict)  # the last one

    def term(self, predicate: Node, node: Node) -> Any:
        """Return the only value of a property, None where there is none."""
        return next(iter(self.terms(predicate, node)), None)

    def terms(self, predicate: Node, node: Node) -> list[Any]:
        """Return all values of a property."""
        if not node.value.startswith(FINDINGS, len(self.access.iris.base)):
            return [quad.object for quad in self.access.match(node, predicate, None)]
        own = self._finding.get(node)
        if own is None:
            self._finding.clear()
            own = self._finding[node] = defaultdict(list)
            for quad in self.access.match(node, None, None):
                own[quad.predicate].append(quad.object)
        return own.get(predicate, [])


@dataclass(frozen=True, slots=True)
class ByProperty:
    """Reads a property of all nodes at once, as a store far away is soonest read."""

    access: Access
    _columns: dict[Node, dict[Node, list[Any]]] = field(default_factory=dict)

    def term(self, predicate: Node, node: Node) -> Any:
        """Return the only value of a property, None where there is none."""
        return next(iter(self.terms(predicate, node)), None)

    def terms(self, predicate: Node, node: Node) -> list[Any]:
        """Return all values of a property."""
        column = self._columns.get(predicate)
        if column is None:
            column = self._columns[predicate] = {}
            for quad in self.access.match(None, predicate, None):
                column.setdefault(quad.subject, []).append(quad.object)
        return column.get(node, [])


@dataclass(frozen=True, slots=True)
class Findings:
    """Reads findings; each with the names of the entities that it is about or by."""

    access: Access
    source: Source

    def link(self, node: Node) -> tuple[LinkRow, frozenset[str]] | None:
        """Return a link, None where it is none."""
        kind = self.source.term(TERMS["linkType"], node)
        if kind is None:
            return None
        later = self.source.term(TERMS["later"], node)
        row = LinkRow(
            self.access.key(node),
            _TYPES[kind],
            self.access.key(later),
            self._key("earlier", node) or "",
            Basis(self._text("basis", node) or ""),
            self._text("quantifier", node),
            self._text("saidStart", later),
        )
        return row, frozenset(self._about(later))

    def promise(self, node: Node) -> tuple[PromiseRow, frozenset[str]] | None:
        """Return a promise, None where it is none."""
        commitment = self.source.term(TERMS["commitment"], node)
        if commitment is None:
            return None
        statement = self.source.term(TERMS["promisedIn"], node)
        party, decided, progress = self._key("promisedBy", node), self._key("decidedBy", node), self._keys(TERMS["progress"], node)
        row = PromiseRow(
            self.access.key(node),
            _STANCES[commitment],
            self.access.key(statement),
            len({*self._keys(PROV["wasDerivedFrom"], node)} - {*progress, decided}),
            party,
            self._text("promisedOn", node),
            self._text("targetValue", node),
            self._text("targetUnit", node),
            self._text("comparator", node),
            self._text("dueDate", node),
            self._text("dueBy", node),
            progress,
            _OUTCOMES.get(self.source.term(TERMS["promiseOutcome"], node)),
            decided,
            self._text("decidedOn", node),
            self._key("revisedTo", node),
        )
        return row, frozenset(self._about(statement)) | ({party} if party is not None else set())

    def exchange(self, node: Node) -> ExchangeRow | None:
        """Return a question and its answer, None where it is none."""
        document = self.source.term(TERMS["inDocument"], node)
        if document is None:
            return None
        answer = self.source.term(TERMS["answer"], node)
        start = self.source.term(OA["start"], self.access.iris.selectors(answer)[1])
        return ExchangeRow(
            self.access.key(node),
            self.access.key(document),
            self._words(self.source.term(TERMS["question"], node)),
            self._words(answer) or "",
            int(start.value),
            self._text("askedBy", node),
            self._key("answeredBy", node) or self._text("answeredByText", node),
            _TAKINGS[self.source.term(TERMS["outcome"], node) or self.source.term(TERMS["wording"], node)],
            self._keys(TERMS["premise"], node),
            self._keys(TERMS["reply"], node),
        )

    def _about(self, statement: Node) -> Iterator[str]:
        proposition = self.source.term(TERMS["expresses"], statement)
        ends = [] if proposition is None else [self.source.term(RDF[end], proposition) for end in ("subject", "object")]
        voices = [self.source.term(role, statement) for role in (PROV["wasAttributedTo"], TERMS["onBehalfOf"])]
        return (self.access.key(term) for term in (*ends, *voices) if isinstance(term, Node))

    def _text(self, name: str, node: Node) -> str | None:
        return text_of(self.source.term(TERMS[name], node))

    def _key(self, name: str, node: Node) -> str | None:
        term = self.source.term(TERMS[name], node)
        return None if term is None else self.access.key(term)

    def _keys(self, predicate: Node, node: Node) -> tuple[str, ...]:
        return tuple(sorted(map(self.access.key, self.source.terms(predicate, node))))

    def _words(self, evidence: Node | None) -> str | None:
        return None if evidence is None else text_of(self.source.term(OA["exact"], self.access.iris.selectors(evidence)[0]))
