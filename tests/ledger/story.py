"""What invented companies are told to have said, document by document."""

from collections.abc import Sequence
from typing import Any

from kg.model import Document, Entity, Exchange, Extraction, Kind, Predicate, Stance, Statement, Taking, digest

KINDS = {
    "青禾科技": Kind.COMPANY,
    "青禾云": Kind.UNIT,
    "北山汽车": Kind.COMPANY,
    "禾OS": Kind.PRODUCT,
    "林一舟": Kind.PERSON,
    "新川日报": Kind.ORGANISATION,
    "开放源码基金会": Kind.ORGANISATION,
    "监管机构": Kind.ORGANISATION,
    "路透社": Kind.ORGANISATION,
    "服务器": Kind.CONCEPT,
}
Said = tuple[str, Stance, tuple[str | None, Predicate, str | None], dict[str, Any]]


def said(quote: str, stance: Stance, subject: str | None, predicate: Predicate, obj: str | None, **fields: Any) -> Said:
    """Return what somebody says: its words, its stance, its claim and what else is known of it."""
    return quote, stance, (subject, predicate, obj), fields


def told(
    name: str, published: str | None, *things: Said, asked: Sequence[tuple[str, str, Taking]] = (), publisher: str = "新川日报"
) -> Extraction:
    """Return a document that says these things in this order; `asked` are questions with their answers among the quotes."""
    quotes = [quote for quote, *_ in things] + [part for question, answer, _ in asked for part in (question, answer)]
    text = "\n".join(dict.fromkeys(quotes))
    document = Document(digest(name, text), name, text, f"samples/{name}.txt", name, publisher, published)
    statements = []
    for quote, stance, (subject, predicate, obj), fields in things:
        start = text.index(quote)
        values: dict[str, Any] = dict.fromkeys(("speaker", "value", "unit", "when", "due", "on_behalf_of")) | fields
        statements.append(
            Statement(
                doc=name,
                start=start,
                end=start + len(quote),
                quote=quote,
                stance=stance,
                subject=subject,
                predicate=predicate,
                object=obj,
                id=digest(document.id, quote, stance, subject, predicate, obj, values["value"], values["speaker"]),
                subject_kind=KINDS.get(subject or ""),
                object_kind=KINDS.get(obj or ""),
                speaker_kind=KINDS.get(values["speaker"] or ""),
                rule="hand",
                confidence=1.0,
                **values,
            )
        )
    names = sorted({part for one in statements for part in (one.subject, one.object, one.speaker) if part in KINDS})
    exchanges = []
    for question, answer, taking in asked:
        begin, reply = text.index(question), text.index(answer)
        exchanges.append(Exchange(begin, begin + len(question), reply, reply + len(answer), "记者", "林一舟", taking))
    entities = tuple(Entity(part, KINDS[part]) for part in names)
    return Extraction(document, entities, tuple(statements), (), exchanges=tuple(exchanges))
