"""Statements as the ledger joins them: one flat row each, with the party that it counts for and the exchange that it stands in.

Who speaks for whom by a post is seen only from all documents together: see `posts`.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kg.graph.access import Access, Node
from kg.graph.vocabulary import CLASSES, DC, DCT, OA, PREDICATES, PROV, RDF, STANCES, TAKINGS, TERMS
from kg.model import Kind, Predicate, Stance, Taking

_PREDICATES = {node: Predicate(predicate) for predicate, node in PREDICATES.items()}
_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}
_TAKINGS = {node: Taking(taking) for taking, node in TAKINGS.items()}

Period = tuple[str, str]  # its first and last day, ISO 8601, so that they compare as text
Column = dict[Node, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement. `voice` is the party it counts for, None where nobody but the outlet says it; `speaker` an entity or a text."""

    id: str
    node: Node
    proposition: Node
    document: str
    document_name: str
    publisher: str | None
    start: int
    quote: str
    speaker: str | None
    speaker_is_entity: bool
    principal: str | None  # whom the statement itself says it is said for
    asked: bool  # by somebody who asks, so that it is a question's premise
    voice: str | None
    by_post: bool  # it is that party only because the speaker holds a post there
    role: str | None  # the speaker's post on that date
    stance: Stance
    subject: str | None
    subject_is_entity: bool
    predicate: Predicate
    object: str | None
    object_is_entity: bool
    value: str | None
    amount: Decimal | None
    unit: str | None
    said: Period | None
    when: Period | None
    due: str | None  # as written
    due_days: Period | None
    exchange: Node | None
    confidence: float

    @property
    def order(self) -> tuple[str, str, int, str]:
        """Sort by date, what has none first, then by document and place in it."""
        return self.said[0] if self.said else "", self.document_name, self.start, self.id


@dataclass(frozen=True, slots=True)
class Answered:
    """An exchange: where its question and answer stand, and how the answer's words take the question."""

    node: Node
    document: str
    question: tuple[int, int] | None
    answer: tuple[int, int]
    wording: Taking


@dataclass(frozen=True, slots=True)
class Entries:
    """All statements in the order of time, all exchanges, and the names that some document takes for a person or for what has posts."""

    entries: tuple[Entry, ...]
    exchanges: tuple[Answered, ...]
    persons: frozenset[str]
    bodies: frozenset[str]


def read_entries(access: Access, askers: Collection[str]) -> Entries:
    """Read all statements of the default graph, where one node stands for an entity however it is called; nobody has a post yet."""
    return _Reader(access, frozenset(askers)).read()


PERSONS: Final = frozenset({Kind.PERSON})
BODIES: Final = frozenset({Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT, Kind.STATE})  # what somebody can hold a post at


class _Reader:
    """Reads column by column: a scan of one property costs less than as many look-ups."""

    def __init__(self, access: Access, askers: frozenset[str]) -> None:
        self._access = access
        self._askers = askers

    def read(self) -> Entries:
        """Return all there is."""
        exchanges = sorted(self._exchanges(), key=lambda one: (one.document, one.answer))
        entries = sorted(self._entries(exchanges), key=lambda entry: entry.order)
        return Entries(tuple(entries), tuple(exchanges), self._of_kind(PERSONS), self._of_kind(BODIES))

    def _column(self, predicate: Node) -> Column:
        return {quad.subject: quad.object for quad in self._access.match(None, predicate, None)}

    def _texts(self, predicate: Node) -> dict[Node, str]:
        return {node: term.value for node, term in self._column(predicate).items()}

    def _period(self, stem: str) -> dict[Node, Period]:
        first, last = self._texts(TERMS[f"{stem}Start"]), self._texts(TERMS[f"{stem}End"])
        return {node: (day, last[node]) for node, day in first.items()}

    def _name(self, term: Any) -> tuple[str | None, bool]:
        if term is None:
            return None, False
        return (self._access.key(term), True) if isinstance(term, Node) else (term.value, False)

    def _of_kind(self, kinds: Collection[Kind]) -> frozenset[str]:
        return frozenset(self._access.key(quad.subject) for kind in kinds for quad in self._access.match(None, RDF["type"], CLASSES[kind]))

    def _entries(self, exchanges: Sequence[Answered]) -> Iterator[Entry]:
        stances, expressed = self._column(TERMS["stance"]), self._column(TERMS["expresses"])
        predicates, subjects, objects = self._column(RDF["predicate"]), self._column(RDF["subject"]), self._column(RDF["object"])
        speakers, called, principals = (
            self._column(PROV["wasAttributedTo"]),
            self._texts(TERMS["speakerText"]),
            self._column(TERMS["onBehalfOf"]),
        )
        evidence, exact, starts = self._column(TERMS["evidence"]), self._texts(OA["exact"]), self._texts(OA["start"])
        sources, names, publishers = self._column(PROV["wasDerivedFrom"]), self._texts(DCT["identifier"]), self._texts(DC["publisher"])
        values, amounts, units = self._texts(TERMS["value"]), self._texts(TERMS["amount"]), self._texts(TERMS["unit"])
        said, when, due, due_days = self._period("said"), self._period("when"), self._texts(TERMS["due"]), self._period("due")
        confidences = self._texts(TERMS["confidence"])
        places = _Places(exchanges)

        def place(node: Node) -> tuple[str, int]:
            quote, position = self._access.iris.selectors(evidence[node])
            return exact[quote], int(starts[position])

        for node, stance in stances.items():
            proposition, document = expressed[node], sources[node]
            quote, start = place(node)
            speaker_node = speakers.get(node)
            own = self._name(speaker_node)[0]
            speaker = own or called.get(node)
            principal = self._name(principals.get(node))[0]
            subject, subject_is_entity = self._name(subjects.get(proposition))
            obj, object_is_entity = self._name(objects.get(proposition))
            identifier = self._access.key(document)
            yield Entry(
                id=self._access.key(node),
                node=node,
                proposition=proposition,
                document=identifier,
                document_name=names[document],
                publisher=publishers.get(document),
                start=start,
                quote=quote,
                speaker=speaker,
                speaker_is_entity=own is not None,
                principal=principal,
                asked=speaker in self._askers,
                voice=principal or own,
                by_post=False,
                role=None,
                stance=_STANCES[stance],
                subject=subject,
                subject_is_entity=subject_is_entity,
                predicate=_PREDICATES[predicates[proposition]],
                object=obj,
                object_is_entity=object_is_entity,
                value=values.get(node),
                amount=Decimal(amounts[node]) if node in amounts else None,
                unit=units.get(node),
                said=said.get(node),
                when=when.get(node),
                due=due.get(node),
                due_days=due_days.get(node),
                exchange=places.at(identifier, start),
                confidence=float(confidences[node]),
            )

    def _exchanges(self) -> Iterator[Answered]:
        documents, questions, answers = self._column(TERMS["inDocument"]), self._column(TERMS["question"]), self._column(TERMS["answer"])
        wordings = self._column(TERMS["wording"])
        if not documents:
            return
        starts, ends = self._texts(OA["start"]), self._texts(OA["end"])

        def span(evidence: Node) -> tuple[int, int]:
            position = self._access.iris.selectors(evidence)[1]
            return int(starts[position]), int(ends[position])

        for node, document in documents.items():
            question = span(questions[node]) if node in questions else None
            yield Answered(node, self._access.key(document), question, span(answers[node]), _TAKINGS[wordings[node]])


class _Places:
    """Which exchange a place in a document belongs to."""

    def __init__(self, exchanges: Sequence[Answered]) -> None:
        self._starts: Mapping[str, list[tuple[int, int, Node]]] = defaultdict(list)
        for one in exchanges:
            if one.question is not None:
                self._starts[one.document].append((one.question[0], one.answer[1], one.node))
        for spans in self._starts.values():
            spans.sort(key=lambda span: span[:2])

    def at(self, document: str, start: int) -> Node | None:
        """Return the exchange there, or None."""
        spans = self._starts.get(document)
        if not spans:
            return None
        number = bisect_right(spans, start, key=lambda span: span[0]) - 1
        return spans[number][2] if number >= 0 and start < spans[number][1] else None
