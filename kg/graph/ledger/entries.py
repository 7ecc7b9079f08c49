"""Statements as the ledger joins them: one flat record each, with the party that it counts for and the exchange that it stands in."""

from dataclasses import dataclass
from decimal import Decimal

from kg.graph.access import Node
from kg.model import Predicate, Stance, Taking

Period = tuple[str, str]  # its first and last day, ISO 8601, so that they compare as text
Pair = tuple[str, str]  # the ids of a rumour and of its denial


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
