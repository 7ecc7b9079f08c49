"""What the REST paths of the ledger answer with: links, promises, questions with their answers, and where a statement comes from."""

from dataclasses import fields
from typing import Self

from pydantic import Field

from api.pages import path_to
from api.schemas import NEXT, TOTAL, Name, Period, PropositionOut, Schema, StatementOut
from kg.graph.records import (
    AttributionRecord,
    Basis,
    ExchangeRecord,
    LinkRecord,
    LinkType,
    PromiseRecord,
    Status,
)
from kg.model import Stance, Taking


class StatementLinkOut(Schema):
    """How a later statement bears on an earlier one."""

    id: str
    iri: str
    type: LinkType
    basis: Basis
    quantifier: str | None = Field(description="The word by which a denial covers all that is said", examples=["全是"])
    later: StatementOut
    earlier: StatementOut

    @classmethod
    def of(cls, record: LinkRecord) -> Self:
        """Return a link with both statements."""
        return cls(
            id=record.id,
            iri=record.iri,
            type=record.type,
            basis=record.basis,
            quantifier=record.quantifier,
            later=StatementOut.of(record.later),
            earlier=StatementOut.of(record.earlier),
        )


class StatementLinkList(Schema):
    """A page of links, newest first; `next` is the path of the page after it."""

    items: list[StatementLinkOut]
    total: int | None = TOTAL
    next: str | None = NEXT


class PromiseOut(Schema):
    """A plan, aim or prediction with a date or a value, and how it stands on a day."""

    id: str
    iri: str
    status: Status
    commitment: Stance = Field(description="`reports` where it was only asked about and not confirmed", examples=["plans"])
    party: str | None = Field(examples=["华为"])
    promised_on: str | None = Field(examples=["2021-09-24"])
    value: str | None = Field(examples=["300000000"])
    unit: str | None = Field(examples=["台"])
    comparator: str | None = Field(description="`>=`, `<=` or `~`, where the text has it", examples=[">="])
    due: str | None = Field(examples=["2022"])
    due_by: str | None = Field(description="The last day", examples=["2022-12-31"])
    statements: int = Field(description="How often it was said")
    statement: StatementOut
    progress: list[StatementOut] = Field(description="Later readings of the same")
    decided: StatementOut | None = Field(description="The statement that decides what came of it")
    revised_to: str | None = Field(description="The promise in its place")

    @classmethod
    def of(cls, record: PromiseRecord) -> Self:
        """Return a promise with its statements."""
        values = {field.name: getattr(record, field.name) for field in fields(record)}
        return cls(
            **values
            | {
                "statement": StatementOut.of(record.statement),
                "progress": [StatementOut.of(one) for one in record.progress],
                "decided": None if record.decided is None else StatementOut.of(record.decided),
            }
        )


class PromiseList(Schema):
    """A page of promises as they stood on a day, those due first before the others; `next` is the path of the page after it."""

    as_of: str = Field(examples=["2022-12-31"])
    items: list[PromiseOut]
    total: int | None = TOTAL
    next: str | None = NEXT


class AnswerOut(Schema):
    """A question and its answer, and how it takes the question. Where a narrator tells that somebody evades, there is no question."""

    id: str
    iri: str
    document: str
    document_name: str
    document_url: str
    said_on: str | None
    asker: str | None = Field(examples=["记者"])
    question: str | None = Field(examples=["请问华为会不会放弃手机业务？"])
    answerer: str | None = Field(examples=["徐直军"])
    answer: str = Field(examples=["不会。"])
    outcome: Taking
    premises: list[StatementOut] = Field(description="What the question supposes")
    replies: list[StatementOut] = Field(description="What the answer states about that")

    @classmethod
    def of(cls, record: ExchangeRecord) -> Self:
        """Return an exchange with its statements."""
        values = {field.name: getattr(record, field.name) for field in fields(record)}
        return cls(
            **values
            | {
                "document_url": path_to("documents", record.document),
                "premises": [StatementOut.of(one) for one in record.premises],
                "replies": [StatementOut.of(one) for one in record.replies],
            }
        )


class AnswerList(Schema):
    """A page of questions with their answers, document by document; `next` is the path of the page after it."""

    items: list[AnswerOut]
    total: int | None = TOTAL
    next: str | None = NEXT


class AttributionOut(Schema):
    """Through whom a reader hears a statement, from the outlet to the organisation that the speaker speaks for."""

    publisher: str | None = Field(examples=["澎湃新闻"])
    author: str | None
    speaker: str | None = Field(examples=["徐直军"])
    role: str | None = Field(examples=["轮值董事长"])
    organisation: str | None = Field(examples=["华为"])
    depth: int = Field(description="How many voices stand between the reader and the claim", examples=[1])
    copy_of: str | None = Field(description="A statement in nearly the same words elsewhere, by id")

    @classmethod
    def of(cls, record: AttributionRecord) -> Self:
        """Return a chain of attribution."""
        return cls.model_validate(record)


class PropositionDetail(PropositionOut):
    """A proposition with what the ledger knows of it: who said it first, its sources, how its statements bear on others."""

    first: str | None = Field(description="The id of the statement that said it first")
    independent_sources: int
    related: list[str] = Field(description="The paths of propositions that say nearly the same")
    links: list[StatementLinkOut]


class LinkFilter(Schema):
    """Which links are wanted; every condition is optional."""

    type: LinkType | None = Field(None, description="How the later statement bears on the earlier one", examples=["deniesRumour"])
    about: Name | None = Field(None, description="The later statement is about this entity, or by it", examples=["华为"])
    since: Period | None = Field(None, description="The later statement was said then or later", examples=["2021-09"])
    until: Period | None = Field(None, description="The later statement was said then or earlier", examples=["2021-Q4"])


class PromiseFilter(Schema):
    """Which promises are wanted; every condition is optional."""

    as_of: Period | None = Field(None, description="How they stood at the end of that; today unless given", examples=["2022-12-31"])
    status: Status | None = Field(None, description="How they stood", examples=["due"])
    about: Name | None = Field(None, description="They are about this entity, or by it", examples=["华为"])
    due_since: Period | None = Field(None, description="Due then or later", examples=["2022-H1"])
    due_until: Period | None = Field(None, description="Due then or earlier", examples=["2023"])


class AnswerFilter(Schema):
    """Which answers are wanted; every condition is optional."""

    outcome: Taking | None = Field(None, description="How they take the question", examples=["evades"])
    speaker: Name | None = Field(None, description="Who answered", examples=["徐直军"])
    document: Name | None = Field(None, description="The id or name of a document", examples=["huawei_roundtable_retold"])
