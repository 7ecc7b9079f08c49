"""What the REST paths answer with, as JSON. Field for field what kg.graph.records holds, with links."""

from dataclasses import fields
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.pages import path_to
from kg.errors import ExtractionError
from kg.graph.periods import bounds
from kg.graph.questions import Question
from kg.graph.records import DocumentRecord, EntityRecord, Relation, StatementRecord
from kg.model import Kind, Predicate, Stance

Record = DocumentRecord | EntityRecord | StatementRecord


def _in_calendar(period: str) -> str:
    try:
        bounds(period)
    except ExtractionError as error:
        raise ValueError(str(error)) from error
    return period


Period = Annotated[str, Field(pattern=r"^\d{4}(-(\d{2}(-\d{2})?|H[12]|Q[1-4]))?$"), AfterValidator(_in_calendar)]


class Schema(BaseModel):
    """Frozen, and read from the records' attributes."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def _fields(record: Record) -> dict[str, Any]:
    """Return a record's fields by name; a schema takes those that it has."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


class Health(Schema):
    """The server answers, and this is what it serves."""

    status: str = Field(examples=["ok"])
    documents: int
    statements: int
    entities: int


class ProblemOut(Schema):
    """An error (RFC 9457)."""

    type: str = Field(examples=["/docs#problem-not-found"])
    title: str
    status: int
    detail: str = Field(description="What is wrong, where, and what to do")
    instance: str


class Evidence(Schema):
    """The words a statement rests on. Offsets are Unicode code points into the document's text, the end exclusive."""

    document: str
    document_name: str
    document_title: str | None
    document_url: str
    start: int
    end: int
    quote: str = Field(examples=["华为不会放弃手机业务"])
    prefix: str
    suffix: str

    @classmethod
    def of(cls, record: StatementRecord) -> Self:
        """Return the evidence of a statement."""
        return cls(**_fields(record), document_url=path_to("documents", record.document))


class StatementOut(Schema):
    """Who said what, about what, when, in which words. A denial has the positive predicate and the stance `denies`."""

    id: str
    url: str
    iri: str
    speaker: str | None = Field(examples=["徐直军"])
    speaker_kind: Kind | None
    on_behalf_of: str | None = Field(examples=["华为"])
    stance: Stance
    subject: str | None = Field(examples=["华为"])
    subject_kind: Kind | None
    predicate: Predicate
    object: str | None = Field(examples=["手机业务"])
    object_kind: Kind | None
    value: str | None
    unit: str | None
    when: str | None = Field(examples=["2021-H1"])
    due: str | None
    said_on: str | None = Field(examples=["2021-09-24"])
    proposition: str
    proposition_url: str
    rule: str
    confidence: float
    evidence: Evidence

    @classmethod
    def of(cls, record: StatementRecord) -> Self:
        """Return a statement with its links."""
        return cls(
            **_fields(record),
            url=path_to("statements", record.id),
            proposition_url=path_to("propositions", record.proposition),
            evidence=Evidence.of(record),
        )


class StatementFilter(Schema):
    """Which statements are wanted; every condition is optional, and all must hold."""

    speaker: str | None = Field(None, description="Who said it, or on whose behalf", examples=["徐直军"])
    stance: Stance | None = Field(None, description="What the speaker does with it", examples=["denies"])
    predicate: Predicate | None = Field(None, description="The relation", examples=["divests"])
    since: Period | None = Field(None, description="Said then or later", examples=["2021-09"])
    until: Period | None = Field(None, description="Said then or earlier", examples=["2021-Q4"])
    entity: str | None = Field(None, description="Subject, object, speaker or principal, by any name", examples=["华为云"])
    document: str | None = Field(None, description="The id or name of a document")


class StatementList(Schema):
    """A page of statements, newest first; `next` is the path of the page after it."""

    items: list[StatementOut]
    total: int
    next: str | None


class EntitySummary(Schema):
    """An entity as it stands in a list. `id` is its canonical name."""

    id: str = Field(examples=["华为"])
    url: str
    iri: str
    label_en: str | None
    kinds: list[Kind]
    aliases: list[str]
    statements: int = Field(description="How many statements it is subject, object or speaker of")
    first: str | None = Field(description="The earliest date it is spoken of")
    last: str | None

    @classmethod
    def of(cls, record: EntityRecord) -> Self:
        """Return an entity with its links."""
        return cls(**_fields(record), id=record.name, url=path_to("entities", record.name))


class EntityList(Schema):
    """A page of entities; `next` is the path of the page after it."""

    items: list[EntitySummary]
    total: int
    next: str | None


class RelationOut(Schema):
    """A plain edge between two entities: affirmed, and never denied, planned, aimed at, predicted or rumoured."""

    subject: str = Field(examples=["鸿蒙"])
    predicate: Predicate
    object: str = Field(examples=["开放原子开源基金会"])
    documents: list[str]

    @classmethod
    def of(cls, record: Relation) -> Self:
        """Return a plain edge."""
        return cls.model_validate(record)


class EntityDetail(EntitySummary):
    """An entity with what is affirmed of it and the first page of the statements about it or by it."""

    relations: list[RelationOut]
    statement_list: StatementList


class DocumentSummary(Schema):
    """A document as it stands in a list."""

    id: str
    url: str
    iri: str
    name: str
    source: str
    title: str | None
    publisher: str | None
    published: str | None
    author: str | None
    statements: int

    @classmethod
    def of(cls, record: DocumentRecord) -> Self:
        """Return a document with its links."""
        return cls(**_fields(record), url=path_to("documents", record.id))


class DocumentList(Schema):
    """A page of documents, newest first; `next` is the path of the page after it."""

    items: list[DocumentSummary]
    total: int
    next: str | None


class DocumentDetail(DocumentSummary):
    """A document with its text and all its statements, whose offsets count Unicode code points of the text."""

    text: str
    statement_list: list[StatementOut]


class QuestionOut(Schema):
    """A question that can be asked by name; `parameters` gives each its type, entity or date."""

    name: str = Field(examples=["who-denied-what"])
    url: str
    meaning: str
    meaning_zh: str
    parameters: dict[str, str]
    sparql: str

    @classmethod
    def of(cls, question: Question) -> Self:
        """Return a question with its link."""
        return cls(
            name=question.name,
            url=path_to("questions", question.name),
            meaning=question.meaning,
            meaning_zh=question.meaning_zh,
            parameters=dict(question.parameters),
            sparql=question.sparql,
        )


class PropositionOut(Schema):
    """What is claimed, whoever says so, and every statement that expresses it, oldest first."""

    id: str
    url: str
    subject: str | None
    predicate: Predicate
    object: str | None
    statements: list[StatementOut]
