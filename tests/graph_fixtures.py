"""A tiny world of invented companies, built by hand: what the extraction would hand over to the graph."""

from dataclasses import replace
from typing import Any

from kg.model import Document, Entity, Extraction, Kind, Predicate, Stance, Statement, digest

NAMES = {
    "青禾科技": Kind.COMPANY,
    "青禾云": Kind.UNIT,
    "禾OS": Kind.PRODUCT,
    "开放源码基金会": Kind.ORGANISATION,
    "林一舟": Kind.PERSON,
    "服务器": Kind.CONCEPT,
    "北山汽车": Kind.COMPANY,
}
ALIASES = {"禾OS": ("Grain OS", "GrainOS"), "青禾科技": ("青禾", "Qinghe Technology")}

TEXT = (
    "青禾科技董事长林一舟在发布会上说,青禾云是青禾科技的子公司。\n"
    "他表示,青禾科技没有出售青禾云的计划。\n"
    "禾OS已经捐赠给开放源码基金会,面向服务器。\n"
    "青禾科技计划2022年底前推出300万台设备。\n"
    "记者问:北山汽车会收购青禾云吗?\n"
)


def document(text: str = TEXT, *, name: str = "qinghe", source: str | None = None, published: str | None = "2021-09-24") -> Document:
    """Return a document with all its fields."""
    source = source or f"samples/{name}.txt"
    return Document(digest(text, source), name, text, source, "青禾科技发布会", "新川日报", published, "周记者")


def statement(of: Document, quote: str, claim: tuple[str | None, Predicate, str | None], **fields: Any) -> Statement:
    """Return a statement whose evidence is the first place of `quote`; kinds come from NAMES. An assertion unless told."""
    subject, predicate, obj = claim
    start = of.text.index(quote)
    speaker, stance = fields.get("speaker"), fields.get("stance", Stance.ASSERTS)
    plain = Statement(
        doc=of.name,
        start=start,
        end=start + len(quote),
        quote=quote,
        speaker=speaker,
        stance=stance,
        subject=subject,
        predicate=predicate,
        object=obj,
        value=None,
        unit=None,
        when=None,
        due=None,
        id=digest(of.id, str(start), str(start + len(quote)), speaker, stance, subject, predicate, obj),
        subject_kind=NAMES.get(subject or ""),
        object_kind=NAMES.get(obj or ""),
        speaker_kind=NAMES.get(speaker or ""),
        on_behalf_of=None,
        rule="hand",
        confidence=0.9,
    )
    return replace(plain, **fields)


def extraction(of: Document | None = None, statements: tuple[Statement, ...] | None = None) -> Extraction:
    """Return the whole little world: an ownership, a denial, a gift with its target, a promise, a question, a measure."""
    of = of or document()
    if statements is None:
        lin: dict[str, Any] = {"speaker": "林一舟", "on_behalf_of": "青禾科技"}
        statements = (
            statement(of, "青禾云是青禾科技的子公司", ("青禾科技", Predicate.OWNS, "青禾云"), **lin),
            statement(of, "青禾科技没有出售青禾云的计划", ("青禾科技", Predicate.DIVESTS, "青禾云"), stance=Stance.DENIES, **lin),
            statement(of, "禾OS已经捐赠给开放源码基金会", ("禾OS", Predicate.OPEN_SOURCES, "开放源码基金会")),
            statement(of, "面向服务器", ("禾OS", Predicate.TARGETS, "服务器")),
            statement(
                of,
                "青禾科技计划2022年底前推出300万台设备",
                ("青禾科技", Predicate.LAUNCHES, "设备"),
                stance=Stance.PLANS,
                value="3000000",
                unit="台",
                due="2022",
            ),
            statement(of, "北山汽车会收购青禾云吗", ("北山汽车", Predicate.ACQUIRES, "青禾云"), stance=Stance.REPORTS, speaker="记者"),
        )
    named = sorted({name for item in statements for name in (item.subject, item.object, item.speaker) if name in NAMES})
    return Extraction(of, tuple(Entity(name, NAMES[name], ALIASES.get(name, ())) for name in named), statements, ())
