"""A proposed record becomes a statement only where the text bears it out; else it is rejected, and the cause is counted."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kg.extraction.dates import time_expressions
from kg.extraction.statements.consistency import identified
from kg.extraction.statements.context import Context
from kg.extraction.values import quantities
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.llm.chunks import Chunk
from kg.llm.grounding import Letters, composed, in_order, key
from kg.llm.prompt import CHOICES, NEEDED, TEXTS
from kg.model import Kind, Predicate, Stance, Statement

CONFIDENCE = 0.8  # of what a model alone has read: so often two careful annotators agree on a whole record
_SENTENCES = 2  # that evidence may span
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?|-H[12]|-Q[1-4])?")
_CLAIMS = frozenset({Stance.DENIES, Stance.PLANS, Stance.AIMS, Stance.PREDICTS})
_TEXT_OBJECTS = frozenset({Predicate.METRIC, Predicate.PROPOSITION})
_WITHOUT_OBJECT = frozenset({Predicate.OPEN_SOURCES, Predicate.LISTS, Predicate.FOUNDS})


class Cause(StrEnum):
    """Why a record was rejected."""

    MALFORMED = "not a record of the form asked for"
    CUT_OFF = "cut off"
    QUOTE = "quote not in the passage"
    REPEATED = "quote in what was read before"
    LENGTH = "quote of more than two sentences"
    PREDICATE = "no such predicate"
    STANCE = "no such stance"
    KIND = "no such kind"
    SUBJECT = "subject not in the text"
    OBJECT = "object not in the text"
    SPEAKER = "speaker not in the text"
    VALUE = "value or unit not in the evidence"
    DATE = "date not in the text"


class Rejected(Exception):
    """A record is not borne out by the text."""

    def __init__(self, cause: Cause) -> None:
        """Name the cause."""
        super().__init__(cause.value)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Where a quote stands, and the sentences around it, which may hold its figures."""

    start: int
    end: int
    quote: str
    around: str
    near: str  # the letters of the passage and of what was said before


class Verifier:
    """Checks records against one document; `rule` is what the statements will say they were read by."""

    def __init__(self, context: Context, lexicon: Lexicon, rule: str) -> None:
        """Find once what the document can bear out: its letters, names, dates and voices."""
        self._context, self._lexicon, self._rule = context, lexicon, rule
        document = context.document
        about = (document.text, document.title, document.publisher, document.author)
        self._text = key("\n".join(part for part in about if part))
        self._names: dict[str, tuple[str, Kind]] = {}
        for one in context.references:
            for name in (one.mention.text, one.entity, one.canonical):
                if name is not None:
                    self._names.setdefault(key(name), (one.entity, one.kind))
        self._voices = {row[column] for row in lexicon.table("turn_labels") for column in ("speaker", "on_platform")} - {""}
        times = {time.iso for time in time_expressions(context.view, document.published, lexicon)}
        self._measures = frozenset(lexicon.words("measure_words"))
        self._years = {iso[:4] for iso in times} | ({document.published[:4]} if document.published else set())
        self._sentences = [sentence.start for sentence in context.layout.sentences]

    def verify(self, record: Any, chunk: Chunk, passage: Letters) -> Statement:
        """Return the statement that a record of a passage is; Rejected where it is none. `passage` is the passage's letters."""
        fields = _fields(record)
        predicate, stance = Predicate(str(fields["predicate"])), Stance(str(fields["stance"]))
        if predicate is Predicate.PROPOSITION and stance not in _CLAIMS:
            raise Rejected(Cause.PREDICATE)
        evidence = self._evidence(str(fields["quote"]), chunk, passage)
        subject, subject_kind = self._argument(fields["subject"], fields["subject_kind"], evidence, Cause.SUBJECT)
        extra = self._measures if predicate is Predicate.METRIC else frozenset()
        obj, object_kind = self._argument(fields["object"], fields["object_kind"], evidence, Cause.OBJECT, extra)
        if subject is None and predicate is not Predicate.PROPOSITION:
            raise Rejected(Cause.SUBJECT)
        if obj is None and predicate not in _WITHOUT_OBJECT:
            raise Rejected(Cause.OBJECT)
        speaker, speaker_kind = self._speaker(fields["speaker"], fields["speaker_kind"])
        self._check_value(fields, predicate, evidence)
        for date in (fields["when"], fields["due"]):
            if date is not None and (not _DATE.fullmatch(date) or date[:4] not in self._years):
                raise Rejected(Cause.DATE)
        return identified(
            Statement(
                doc=self._context.document.name,
                start=evidence.start,
                end=evidence.end,
                quote=evidence.quote,
                speaker=speaker,
                stance=stance,
                subject=subject,
                predicate=predicate,
                object=obj,
                value=fields["value"],
                unit=fields["unit"],
                when=fields["when"],
                due=fields["due"],
                id="",
                subject_kind=subject_kind,
                object_kind=None if predicate in _TEXT_OBJECTS else object_kind,
                speaker_kind=speaker_kind,
                on_behalf_of=self._speaker(fields["on_behalf_of"], None)[0] if speaker else None,
                rule=self._rule,
                confidence=CONFIDENCE,
            )
        )

    def _evidence(self, quote: str, chunk: Chunk, passage: Letters) -> _Evidence:
        found = passage.find(quote, chunk.own - chunk.start)
        if found is None:
            raise Rejected(Cause.REPEATED if passage.find(quote) else Cause.QUOTE)
        start, end = chunk.start + found[0], chunk.start + found[1]
        first = max(0, bisect_right(self._sentences, start) - 1)
        last = max(first + 1, bisect_left(self._sentences, end))
        if last - first > _SENTENCES:
            raise Rejected(Cause.LENGTH)
        text, sentences = self._context.document.text, self._context.layout.sentences[first:last]
        around = (
            text[min(start, *(one.start for one in sentences)) : max(end, *(one.end for one in sentences))]
            if sentences
            else text[start:end]
        )
        return _Evidence(start, end, text[start:end], around, key(f"{chunk.before}\n{chunk.text}"))

    def _argument(
        self, name: str | None, kind: str | None, evidence: _Evidence, cause: Cause, extra: frozenset[str] = frozenset()
    ) -> tuple[str | None, Kind | None]:
        """Return what records of this document call a subject or object, and its kind; Rejected where the text does not have it."""
        if name is None:
            return None, None
        known = self._names.get(key(name))
        if known is not None:
            return known
        if key(name) not in self._text and not in_order(name, evidence.quote) and not composed(name, evidence.near, extra):
            raise Rejected(cause)
        return name, None if kind is None else Kind(kind)

    def _speaker(self, name: str | None, kind: str | None) -> tuple[str | None, Kind | None]:
        if name is None:
            return None, None
        known = self._names.get(key(name))
        if known is not None:
            return known
        if name not in self._voices and key(name) not in self._text:
            raise Rejected(Cause.SPEAKER)
        return name, Kind.PERSON if kind is None else Kind(kind)

    def _check_value(self, fields: Mapping[str, str | None], predicate: Predicate, evidence: _Evidence) -> None:
        """Raise Rejected where the value is not one of the figures, ranks or posts that stand at the evidence, or the unit is another."""
        value, unit = fields["value"], fields["unit"]
        found = quantities(fold(evidence.around), self._lexicon)
        words = key(evidence.around)
        if value is not None:
            figures = {one.value for one in found}
            text = self._text if predicate is Predicate.HOLDS_ROLE else words
            if value not in figures and key(value) not in text:
                raise Rejected(Cause.VALUE)
        if unit is not None and unit not in {one.unit for one in found} and key(unit) not in words:
            raise Rejected(Cause.VALUE)


def _fields(record: Any) -> dict[str, str | None]:
    """Return the fields of a record; Rejected where they are of another form, or beside the closed lists."""
    if not isinstance(record, dict) or not record.keys() <= {*TEXTS, *CHOICES}:
        raise Rejected(Cause.MALFORMED)
    fields: dict[str, str | None] = {}
    for name in (*TEXTS, *CHOICES):
        value = record.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and name == "value":
            value = f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        if not isinstance(value, str | None):
            raise Rejected(Cause.MALFORMED)
        fields[name] = (value.strip() or None) if value is not None else None
    if any(fields[name] is None for name in NEEDED):
        raise Rejected(Cause.MALFORMED)
    for name, choices in CHOICES.items():
        if fields[name] is not None and fields[name] not in choices:
            raise Rejected({"stance": Cause.STANCE, "predicate": Cause.PREDICATE}.get(name, Cause.KIND))
    return fields
