"""Statements and exchanges as rows of tables, and the records they stand for. Ids stand in rows, nodes in records.

Rows are what is kept of statements until those with a key in common are together: by one machine in a file, by many in what they send.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from kg.graph.iris import Iris
from kg.graph.ledger.entries import Answered, Entry, Period
from kg.model import Predicate, Stance, Taking

Row = Any  # whose columns are attributes

# columns, each with the type that Spark has for it
STATEMENT: Mapping[str, str] = MappingProxyType(
    {
        "id": "string",
        "proposition": "string",
        "document": "string",
        "document_name": "string",
        "publisher": "string",
        "start": "int",
        "quote": "string",
        "speaker": "string",
        "speaker_is_entity": "boolean",
        "principal": "string",
        "asked": "boolean",
        "voice": "string",
        "by_post": "boolean",
        "role": "string",
        "stance": "string",
        "subject": "string",
        "subject_is_entity": "boolean",
        "predicate": "string",
        "object": "string",
        "object_is_entity": "boolean",
        "value": "string",
        "amount": "string",
        "unit": "string",
        "said_from": "string",
        "said_to": "string",
        "when_from": "string",
        "when_to": "string",
        "due": "string",
        "due_from": "string",
        "due_to": "string",
        "exchange": "string",
        "confidence": "double",
    }
)
KEYS: Mapping[str, str] = MappingProxyType({"claim": "array<string>", "related": "array<string>"})  # what statements are compared by
EXCHANGE: Mapping[str, str] = MappingProxyType(
    {
        "id": "string",
        "document": "string",
        "question_from": "int",
        "question_to": "int",
        "answer_from": "int",
        "answer_to": "int",
        "wording": "string",
    }
)


class Records:
    """Records to rows and back."""

    def __init__(self, iris: Iris) -> None:
        self._iris = iris

    def statement(self, entry: Entry) -> tuple[object, ...]:
        """Return the row of a statement."""
        return (
            entry.id,
            self._iris.key(entry.proposition.value),
            entry.document,
            entry.document_name,
            entry.publisher,
            entry.start,
            entry.quote,
            entry.speaker,
            entry.speaker_is_entity,
            entry.principal,
            entry.asked,
            entry.voice,
            entry.by_post,
            entry.role,
            entry.stance.value,
            entry.subject,
            entry.subject_is_entity,
            entry.predicate.value,
            entry.object,
            entry.object_is_entity,
            entry.value,
            None if entry.amount is None else str(entry.amount),
            entry.unit,
            *(entry.said or (None, None)),
            *(entry.when or (None, None)),
            entry.due,
            *(entry.due_days or (None, None)),
            None if entry.exchange is None else self._iris.key(entry.exchange.value),
            entry.confidence,
        )

    def entry(self, row: Row) -> Entry:
        """Return the statement of a row."""
        return Entry(
            id=row.id,
            node=self._iris.statement(row.id),
            proposition=self._iris.proposition(row.proposition),
            document=row.document,
            document_name=row.document_name,
            publisher=row.publisher,
            start=row.start,
            quote=row.quote,
            speaker=row.speaker,
            speaker_is_entity=bool(row.speaker_is_entity),
            principal=row.principal,
            asked=bool(row.asked),
            voice=row.voice,
            by_post=bool(row.by_post),
            role=row.role,
            stance=Stance(row.stance),
            subject=row.subject,
            subject_is_entity=bool(row.subject_is_entity),
            predicate=Predicate(row.predicate),
            object=row.object,
            object_is_entity=bool(row.object_is_entity),
            value=row.value,
            amount=None if row.amount is None else Decimal(row.amount),
            unit=row.unit,
            said=_period(row.said_from, row.said_to),
            when=_period(row.when_from, row.when_to),
            due=row.due,
            due_days=_period(row.due_from, row.due_to),
            exchange=None if row.exchange is None else self._iris.exchange_of(row.exchange),
            confidence=row.confidence,
        )

    def entries(self, rows: Iterable[Row]) -> list[Entry]:
        """Return the statements of rows in the order of time."""
        return sorted(map(self.entry, rows), key=lambda entry: entry.order)

    def exchange(self, answered: Answered) -> tuple[object, ...]:
        """Return the row of an exchange."""
        question = answered.question or (None, None)
        return self._iris.key(answered.node.value), answered.document, *question, *answered.answer, answered.wording.value

    def answered(self, row: Row) -> Answered:
        """Return the exchange of a row."""
        question = None if row.question_from is None else (row.question_from, row.question_to)
        node = self._iris.exchange_of(row.id)
        return Answered(node, row.document, question, (row.answer_from, row.answer_to), Taking(row.wording))


def _period(first: str | None, last: str | None) -> Period | None:
    return None if first is None or last is None else (first, last)
