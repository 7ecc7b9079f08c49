"""What the REST paths answer with, as JSON. Field for field what kg.graph.records holds, with links."""

from dataclasses import fields
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.pages import path_to
from kg.errors import ExtractionError
from kg.graph.names import Match, Reason
from kg.graph.periods import bounds
from kg.graph.questions import Question
from kg.graph.records import DocumentRecord, EntityRecord, Link, Relation, StatementRecord
from kg.model import Kind, Predicate, Stance

Record = DocumentRecord | EntityRecord | StatementRecord


def _in_calendar(period: str) -> str:
    try:
        bounds(period)
    except ExtractionError as error:
        raise ValueError(str(error)) from error
    return period


Period = Annotated[str, Field(pattern=r"^\d{4}(-(\d{2}(-\d{2})?|H[12]|Q[1-4]))?$"), AfterValidator(_in_calendar)]


# XML and IRIs have no place for control characters, and no name is so long
Name = Annotated[str, Field(min_length=1, max_length=500)]
NEXT = Field(description="Where the list goes on; null at its end", examples=["/statements?stance=denies&cursor=WyLljY7kuLoiXQ"])
TOTAL = Field(description="How many the whole list has, where that is known without reading it")


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
    """Which statements are wanted; every condition is optional, and all must hold. Entities go by any of their names."""

    entity: Name | None = Field(None, description="Subject, object, speaker or principal", examples=["华为云"])
    subject: Name | None = Field(None, description="What it is said of", examples=["华为"])
    object: Name | None = Field(None, description="What is said to be owned, developed, denied …", examples=["手机业务"])
    speaker: Name | None = Field(None, description="Who said it, or on whose behalf", examples=["徐直军"])
    principal: Name | None = Field(None, description="On whose behalf it was said", examples=["华为"])
    stance: Stance | None = Field(None, description="What the speaker does with it", examples=["denies"])
    predicate: Predicate | None = Field(None, description="The relation", examples=["divests"])
    kind: Kind | None = Field(None, description="What the subject or the object is", examples=["product"])
    since: Period | None = Field(None, description="Said then or later", examples=["2021-09"])
    until: Period | None = Field(None, description="Said then or earlier", examples=["2021-Q4"])
    due_since: Period | None = Field(None, description="Due then or later", examples=["2022-H1"])
    due_until: Period | None = Field(None, description="Due then or earlier", examples=["2023"])
    document: Name | None = Field(None, description="The id or name of a document", examples=["huawei_roundtable_retold"])
    proposition: Name | None = Field(None, description="The id of what is claimed", examples=["5f0c2d7d0f3a9b1e"])
    words: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="Its quote holds all of them, in either script and any width", examples=["手机 出售"]
    )


class DocumentFilter(Schema):
    """Which documents are wanted."""

    since: Period | None = Field(None, description="Published then or later", examples=["2021-09"])
    until: Period | None = Field(None, description="Published then or earlier", examples=["2021-Q4"])
    entity: Name | None = Field(None, description="They speak of this entity", examples=["鸿蒙"])
    publisher: Name | None = Field(None, description="Published by", examples=["上海证券交易所"])


class EntityFilter(Schema):
    """Which entities are wanted."""

    q: str | None = Field(
        None, description="Any name it goes by, a part of one, its pinyin or initials", examples=["鸿蒙", "hongmeng"], max_length=200
    )
    kind: Kind | None = Field(None, description="What some document takes it for", examples=["company"])
    document: Name | None = Field(None, description="The id or name of a document that speaks of it", examples=["huawei_roundtable_retold"])


class StatementList(Schema):
    """A page of statements, newest first; `next` is the path of the page after it.

    So much is looked at for one page and no more: it may hold fewer items than asked, also none, and have a `next`.
    """

    items: list[StatementOut]
    total: int | None = TOTAL
    next: str | None = NEXT


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


class MatchOut(Schema):
    """Why a search found an entity: the name that fits the text, and in what way; `score` is 1 for its canonical name, down to 0."""

    name: str = Field(examples=["HarmonyOS"])
    reason: Reason = Field(examples=["lexicon"])
    score: float = Field(ge=0, le=1, examples=[0.9])

    @classmethod
    def of(cls, match: Match) -> Self:
        """Return the reason for a match."""
        return cls(name=match.name, reason=match.reason, score=match.score)


class EntityItem(EntitySummary):
    """An entity in a list; `match` says why a search found it, and is null where there was no search."""

    match: MatchOut | None = None


class EntityList(Schema):
    """A page of entities, best matches first, without a search by name; `next` is the path of the page after it."""

    items: list[EntityItem]
    total: int | None = TOTAL
    next: str | None = NEXT


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


class LinkOut(Schema):
    """What joins two entities, and in which documents it is said."""

    subject: str = Field(examples=["鸿蒙"])
    predicate: Predicate
    object: str = Field(examples=["开放原子开源基金会"])
    stance: Stance
    documents: list[str]

    @classmethod
    def of(cls, record: Link) -> Self:
        """Return what joins two entities."""
        return cls.model_validate(record)


class EntityDetail(EntitySummary):
    """An entity with what is affirmed of it and the first page of the statements about it or by it.

    `relations` holds the first of them; `neighbours` is the path of all.
    """

    relations: list[RelationOut]
    neighbours: str = Field(examples=["/entities/%E5%8D%8E%E4%B8%BA/neighbours"])
    statement_list: StatementList


class NeighbourOut(Schema):
    """An entity next to another, and what joins them; with a stance other than `asserts` that is what was said, not what is affirmed."""

    id: str = Field(examples=["开放原子开源基金会"])
    url: str
    edges: list[LinkOut]


class NeighbourList(Schema):
    """A page of neighbours by name; `next` is the path of the page after it."""

    entity: str = Field(examples=["鸿蒙"])
    stance: Stance
    items: list[NeighbourOut]
    total: int
    next: str | None = NEXT


class StepOut(Schema):
    """An affirmed edge on the way, as it stands, whichever way it is walked."""

    subject: str = Field(examples=["鸿蒙"])
    predicate: Predicate = Field(examples=["open_sources"])
    object: str = Field(examples=["开放原子开源基金会"])


class WayOut(Schema):
    """One way: the entities it passes, and between each and the next the edges that join them."""

    entities: list[str] = Field(examples=[["华为", "鸿蒙", "开放原子开源基金会"]])
    hops: list[list[StepOut]]


class PathOut(Schema):
    """The shortest ways between two entities; none where they are farther apart than asked, or not joined at all."""

    source: str = Field(examples=["华为"])
    target: str = Field(examples=["开放原子开源基金会"])
    length: int | None = Field(description="In hops; null where there is no way", examples=[2])
    ways: list[WayOut]


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
    total: int | None = TOTAL
    next: str | None = NEXT


class DocumentDetail(DocumentSummary):
    """A document with its text and all its statements, whose offsets count Unicode code points of the text."""

    text: str = Field(examples=["徐直军表示，华为不会放弃手机业务。"])
    statement_list: list[StatementOut]
    annotations: str = Field(description="The path of its statements as Web Annotations")


class QuestionOut(Schema):
    """A question that can be asked by name; `parameters` gives each its type, entity, date (its last day) or from (its first)."""

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
    """What is claimed, whoever says so, and the statements that express it, oldest first."""

    id: str
    url: str
    iri: str
    subject: str | None = Field(examples=["海川集团"])
    predicate: Predicate
    object: str | None = Field(examples=["蓝鲸云"])
    statements: list[StatementOut]
    next: str | None = Field(description="Where older ones are listed, if there are very many", examples=[None])
