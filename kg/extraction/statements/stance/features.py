"""What speaks for a stance, as named features.

A word that bears on the stance (data/lexicon/stance_cues.tsv) counts by its family and by where it stands: before or after the
word that states the relation, earlier in the sentence, in the clause that follows. The frame of the turn (a question, a
rumour) counts beside it.
"""

from collections.abc import Iterator

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import Cue
from kg.model import Predicate

_REACH = 6  # clauses that a plan or a denial earlier in the sentence may govern
_SILENT = frozenset(("plain",))
_STRENGTH = (
    "hearsay",
    "rejection",
    "rhetorical",
    "negation",
    "question",
    "condition",
    "wish",
    "forecast",
    "possible",
    "goal",
    "plan",
    "promise",
    "will",
    "need",
    "shall",
    "ability",
    "done",
    "ongoing",
    "decision",
    "opinion",
    "purpose",
    "effect",
    "later",
    "going on",
    "now",
)
_ORDER = {family: place for place, family in enumerate(_STRENGTH)}


def stance_features(context: Context, number: int, predicate: Predicate) -> set[str]:
    """Return what speaks for a stance of `predicate` in clause `number`."""
    clause = context.clauses[number]
    name = predicate.value
    start, end = _anchor(clause, name)
    role = clause.turn.role.value
    features = {f"predicate:{name}", f"role:{role}", f"{name}|{role}"}
    features.update(_frame(context, clause, role))
    features.update(_words(context.view, clause, start, end))
    features.update(_marks(context, clause, name, start, end))
    features.update(_around(context, clause))
    return features


def _anchor(clause: ClauseContext, predicate: str) -> tuple[int, int]:
    """Return where the last word of the clause that points to the predicate stands, else the end of the clause."""
    for cue in reversed(clause.cues):
        if predicate in cue.points_to:
            return cue.start, cue.end
    return clause.end, clause.end


def _frame(context: Context, clause: ClauseContext, role: str) -> Iterator[str]:
    attribution = clause.attribution
    if attribution.hearsay:
        yield "hearsay"
        yield f"hearsay|{'named' if attribution.speaker else 'unnamed'}"
    if attribution.asked:
        yield "asked"
    if clause.is_question:
        yield f"question|{role}"
    if attribution.speaker:
        yield "speaker"
    yield f"end:{context.view[clause.end : clause.end + 1]}"


def _words(view: str, clause: ClauseContext, start: int, end: int) -> Iterator[str]:
    previous = "^"
    for token in clause.tokens:
        where = "before" if token.end <= start else "after" if token.start >= end else "at"
        text = token.text if token.tag != "m" else "0"
        yield f"{where}:{text}"
        yield f"word:{text}"
        yield f"{previous}+{text}"
        previous = text
    yield f"{previous}+$"
    if start < end:
        yield f"cue:{view[start:end]}"
    yield f"left:{view[max(clause.start, start - 1) : start]}"
    yield f"left2:{view[max(clause.start, start - 2) : start]}"
    yield f"right:{view[end : min(end + 1, clause.end)]}"


def _marks(context: Context, clause: ClauseContext, name: str, start: int, end: int) -> Iterator[str]:
    before: list[Cue] = []
    after: list[Cue] = []
    for mark in _heard(clause):
        where = "before" if mark.end <= start else "after" if mark.start >= end else "at"
        (family,) = mark.points_to
        yield f"mark {where}:{mark.word}"
        yield f"{family} {where}"
        yield f"{family} {where}|{name}"
        if where != "at":
            (before if where == "before" else after).append(mark)
    earlier: list[Cue] = []
    for step in range(1, _REACH + 1):
        number = clause.number - step
        if number < 0 or context.clauses[number].sentence != clause.sentence:
            break
        marks = _heard(context.clauses[number])
        for mark in marks:
            yield f"earlier:{mark.word}"
            yield f"{'previous' if step == 1 else 'earlier'}:{mark.points_to[0]}"
        earlier = marks + earlier
    tops = []
    for where, marks in (("before", before), ("after", after), ("earlier", earlier)):
        top = min(marks, key=_rank, default=None)
        family = top.points_to[0] if top else "-"
        yield f"top {where}:{family}"
        yield f"top {where}:{family}|{name}"
        if top:
            yield f"top {where}:{top.word}"
        tops.append(family)
    yield f"tops:{tops[0]}|{tops[1]}"
    yield f"tops:{tops[2]}>{tops[0]}"
    yield f"nearest:{before[-1].points_to[0] if before else '-'}"
    yield f"last two:{'+'.join(mark.points_to[0] for mark in before[-2:])}"


def _rank(mark: Cue) -> int:
    return _ORDER.get(mark.points_to[0], 99)


def _around(context: Context, clause: ClauseContext) -> Iterator[str]:
    clauses = context.clauses
    if clause.number + 1 < len(clauses):
        after = clauses[clause.number + 1]
        where = "next" if after.sentence == clause.sentence else "next sentence"
        for mark in _heard(after):
            yield f"{where}:{mark.word}"
            yield f"{where}:{mark.points_to[0]}"
    first = clause.number
    while first and clauses[first - 1].sentence == clause.sentence:
        first -= 1
    if first:
        before = clauses[first - 1]
        if before.is_question:
            yield f"after question|{before.turn.role.value}"
        for mark in _heard(before):
            yield f"last sentence:{mark.points_to[0]}"


def _heard(clause: ClauseContext) -> list[Cue]:
    """Return the marks of a clause that are words of their own: 将 in 将军 is none."""
    starts, ends = {token.start for token in clause.tokens}, {token.end for token in clause.tokens}
    return [mark for mark in clause.stance_cues if mark.points_to[0] not in _SILENT and mark.start in starts and mark.end in ends]
