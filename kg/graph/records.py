"""What comes out of the store: plain frozen records that know nothing of RDF. Dates are ISO 8601 as coarse as known."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from kg.model import Kind, Predicate, Stance, Taking

Item = TypeVar("Item")
Key = tuple[str | int, ...]  # an item's place in its list: it depends on nothing but the item, so that a list goes on where it was left


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Item]):
    """A stretch of a list: its items, and the key after which to go on, None at the end.

    It may hold fewer items than were asked for, also none, and not be the last: so much is looked at for one stretch and no more.
    `total` is how many the whole list has, where that is known without reading it.
    """

    items: list[Item]
    after: Key | None
    total: int | None = None


class Change(StrEnum):
    """What adding a document did to the store."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A stored document, without its text (see `Store.text`)."""

    id: str
    iri: str
    name: str
    source: str
    title: str | None
    publisher: str | None
    published: str | None
    author: str | None
    statements: int


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A stored statement with its evidence. `subject`, `object`, `speaker` are entity names where the kind beside them is set."""

    id: str
    iri: str
    document: str  # the document's id
    document_name: str
    document_title: str | None
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    speaker: str | None
    speaker_kind: Kind | None
    on_behalf_of: str | None
    stance: Stance
    subject: str | None
    subject_kind: Kind | None
    predicate: Predicate
    object: str | None
    object_kind: Kind | None
    value: str | None
    unit: str | None
    when: str | None
    due: str | None
    said_on: str | None
    proposition: str  # its id: the same for a rumour, its denial and a later assertion
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """An entity with all that the stored documents call it. `kinds` has the most frequent first."""

    name: str
    iri: str
    kinds: tuple[Kind, ...]
    aliases: tuple[str, ...]
    label_en: str | None
    statements: int  # as subject, object or speaker
    first: str | None  # the earliest date it is spoken of
    last: str | None

    @property
    def kind(self) -> Kind:
        """The kind that most documents give it."""
        return self.kinds[0]


@dataclass(frozen=True, slots=True)
class Relation:
    """A plain edge: affirmed by at least one statement, between two entities."""

    subject: str
    predicate: Predicate
    object: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Two entities next to each other in the graph: a plain edge, or what a statement of another stance says of both."""

    subject: str
    predicate: Predicate
    object: str
    stance: Stance
    documents: tuple[str, ...]


class LinkType(StrEnum):
    """How a later statement bears on an earlier one; the values are terms of the ontology."""

    DENIES_RUMOUR = "deniesRumour"
    CONFIRMS = "confirms"
    REVERSES = "reverses"
    RESTATES = "restates"
    UPDATES = "updates"
    CONFLICTS = "conflictsWith"
    COPIES = "copies"


class Basis(StrEnum):
    """Why two statements are linked."""

    CLAIM = "same claim"
    TOLD = "claim told in words"
    COVERED = "covered by a denial of all"
    MEASURE = "same measure"
    WORDS = "same words"


class Outcome(StrEnum):
    """What came of a promise; the values are terms of the ontology."""

    MET = "Met"
    MISSED = "Missed"
    REVISED = "Revised"
    WITHDRAWN = "Withdrawn"


class Status(StrEnum):
    """How a promise stands on a day."""

    OPEN = "open"
    DUE = "due"  # its day has passed, and nothing decides it
    MET = "met"
    MISSED = "missed"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    ASKED = "asked"  # only asked about, not confirmed


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """How a later statement bears on an earlier one; `quantifier` is the word by which a denial covers all, where one does."""

    id: str
    iri: str
    type: LinkType
    basis: Basis
    quantifier: str | None
    later: StatementRecord
    earlier: StatementRecord


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """A plan, aim or prediction with a date or a value, and how it stands on a day.

    `comparator` is `>=`, `<=` or `~` as the text has it, `statements` how often it was said. `commitment` is reports where it was only
    asked about. `decided` is the statement that decides, `revised_to` the id of the promise in its place.
    """

    id: str
    iri: str
    status: Status
    commitment: Stance
    party: str | None
    promised_on: str | None
    value: str | None
    unit: str | None
    comparator: str | None
    due: str | None
    due_by: str | None
    statements: int
    statement: StatementRecord
    progress: tuple[StatementRecord, ...]
    decided: StatementRecord | None
    revised_to: str | None


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """A question and its answer, and how it takes the question: accepts, rejects, evades or answers. Narrated evasions have no question."""

    id: str
    iri: str
    document: str
    document_name: str
    said_on: str | None
    asker: str | None
    question: str | None
    answerer: str | None
    answer: str
    outcome: Taking
    premises: tuple[StatementRecord, ...]
    replies: tuple[StatementRecord, ...]


@dataclass(frozen=True, slots=True)
class AttributionRecord:
    """Through whom a reader hears a statement: outlet, reporter, speaker, the speaker's post on that date, and for whom they speak.

    `depth` counts the voices between the reader and the claim; `copy_of` is a statement of the same words elsewhere, by id.
    """

    publisher: str | None
    author: str | None
    speaker: str | None
    role: str | None
    organisation: str | None
    depth: int
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class SourcesRecord:
    """Where a proposition comes from: the id of its first statement, how many independent sources it has, and nearly equal propositions."""

    first: str | None
    independent: int
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a store holds, counted."""

    documents: int
    statements: int
    propositions: int
    entities: int
    by_stance: tuple[tuple[Stance, int], ...]
    by_predicate: tuple[tuple[Predicate, int], ...]
    by_kind: tuple[tuple[Kind, int], ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """How often an entity is spoken of: in how many statements, and the earliest and the latest date of these."""

    statements: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in the graph: in plain words, and which node it is about."""

    message: str
    node: str
    shape: str | None = None
