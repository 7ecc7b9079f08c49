"""What comes out of the store: plain frozen records that know nothing of RDF. Dates are ISO 8601 as coarse as known."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from kg.model import Kind, Predicate, Stance

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
class Finding:
    """Something wrong in the graph: in plain words, and which node it is about."""

    message: str
    node: str
    shape: str | None = None
