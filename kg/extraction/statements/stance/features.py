"""What speaks for a stance, as named features.

A word that bears on the stance (data/lexicon/stance_cues.tsv) counts by its family and by where it stands: before or after the
word that states the relation, earlier in the sentence, in the clause that follows. The frame of the turn (a question, a
rumour), who speaks and the days named count beside it.
"""

from collections.abc import Iterator

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import Cue, family
from kg.extraction.statements.stance.dates import tenses
from kg.extraction.statements.stance.marks import NONE, Marks, strongest
from kg.model import Predicate

_GOVERNING = frozenset(
    (
        *("rebuttal", "hearsay", "rejection", "claim", "hope", "wish", "goal", "forecast", "possible", "intent", "plan", "promise"),
        *("will", "shall", "need", "decision", "condition"),
    )
)
_PARAGRAPH = 30  # clauses looked back for the opening of the paragraph


def stance_features(context: Context, number: int, predicate: Predicate) -> set[str]:
    """Return what speaks for a stance of `predicate` in clause `number`."""
    return features(Marks(context), number, predicate)


def features(marks: Marks, number: int, predicate: Predicate) -> set[str]:
    """Return what speaks for a stance of `predicate` in clause `number`; `marks` are those of its document."""
    context = marks.context
    clause = context.clauses[number]
    name = predicate.value
    start, end = anchor(clause, name)
    found = {f"predicate:{name}"}
    found.update(_frame(context, clause, name))
    found.update(_words(context.view, clause, start, end))
    found.update(_scopes(marks, clause, name, (start, end)))
    found.update(_government(marks, clause, name, start))
    found.update(_around(marks, clause))
    found.update(_who(marks, clause, start))
    return found


def anchor(clause: ClauseContext, predicate: str) -> tuple[int, int]:
    """Return where the last word of the clause that points to the predicate stands, else the end of the clause."""
    for cue in reversed(clause.cues):
        if predicate in cue.points_to:
            return cue.start, cue.end
    return clause.end, clause.end


def _frame(context: Context, clause: ClauseContext, name: str) -> Iterator[str]:
    role = clause.turn.role.value
    yield f"role:{role}"
    yield f"{name}|{role}"
    if clause.attribution.hearsay:
        yield "hearsay"
        yield f"hearsay|{'named' if clause.attribution.speaker else 'unnamed'}"
    if clause.attribution.asked:
        yield "asked"
    if clause.is_question:
        yield f"question|{role}"
    view = context.view
    yield f"end:{view[clause.end : clause.end + 1]}"
    for tense in tenses(view[clause.start : clause.end], context.document.published):
        yield f"day:{tense}"
        yield f"day:{tense}|{name}"


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


def _scopes(marks: Marks, clause: ClauseContext, name: str, anchor: tuple[int, int]) -> Iterator[str]:
    start, end = anchor
    own = marks.of(clause.number)
    before = [mark for mark in own if mark.end <= start]
    after = [mark for mark in own if mark.start >= end]
    earlier = marks.earlier(clause.number)
    for mark in own:
        where = "before" if mark.end <= start else "after" if mark.start >= end else "at"
        kind = family(mark)
        yield f"mark {where}:{mark.word}"
        yield f"{kind} {where}"
        yield f"{kind} {where}|{name}"
    close = clause.number and clause.sentence == marks.context.clauses[clause.number - 1].sentence
    for mark in marks.of(clause.number - 1) if close else ():
        yield f"previous:{family(mark)}"
    for mark in earlier:
        yield f"earlier:{mark.word}"
        yield f"earlier:{family(mark)}"
    tops = []
    for where, group in (("before", before), ("after", after), ("earlier", earlier)):
        top = strongest(group)
        kind = family(top) if top else NONE
        yield f"top {where}:{kind}"
        yield f"top {where}:{kind}|{name}"
        if top:
            yield f"top {where}:{top.word}"
        tops.append(kind)
    if before and before[-1].end == start:
        yield f"adjacent:{family(before[-1])}"
    if clause.is_question and any(family(mark) in ("asking", "question") for mark in own):
        yield f"asks|{clause.turn.role.value}"
    yield f"tops:{tops[0]}|{tops[1]}"
    yield f"tops:{tops[2]}>{tops[0]}"
    yield f"nearest:{family(before[-1]) if before else NONE}"
    yield f"last two:{'+'.join(map(family, before[-2:]))}"


def _government(marks: Marks, clause: ClauseContext, name: str, start: int) -> Iterator[str]:
    """Yield what an earlier word of the sentence makes of this clause: a wish goes on until a new subject or a turn of thought."""
    governor = _governor(marks, clause)
    own = next((family(mark) for mark in reversed(marks.of(clause.number)) if mark.end <= start), NONE)
    fresh = _fresh(clause)
    yield f"clause:{fresh}"
    if not governor:
        yield f"free:{own}"
        return
    kind = family(governor)
    away = sum(governor.end < other.start <= clause.start for other in marks.context.clauses[max(0, clause.number - 4) : clause.number + 1])
    yield f"under:{kind}"
    yield f"under:{kind}|{fresh}"
    yield f"under:{kind}|{min(away, 3)}"
    yield f"under:{kind}|{own}"
    yield f"under:{kind}|{own}|{fresh}"
    yield f"under:{kind}|{name}"
    yield f"under:{governor.word}|{fresh}"


def _governor(marks: Marks, clause: ClauseContext) -> Cue | None:
    """Return the first governing word of the nearest clause before this one that has any: in `希望努力` it is the hope."""
    clauses = marks.context.clauses
    number = clause.number
    while number and clauses[number - 1].sentence == clause.sentence:
        number -= 1
        found = next((mark for mark in marks.of(number) if family(mark) in _GOVERNING), None)
        if found:
            return found
    return None


def _fresh(clause: ClauseContext) -> str:
    """Return how a clause begins: with a subject of its own (a name, a pronoun, a noun), or as one that goes on."""
    first = clause.tokens[0] if clause.tokens else None
    if not first:
        return NONE
    if clause.references and clause.references[0].mention.start <= first.end:
        return "name"
    return first.tag[0]


def _around(marks: Marks, clause: ClauseContext) -> Iterator[str]:
    clauses = marks.context.clauses
    number = clause.number
    if number + 1 < len(clauses):
        where = "next" if clauses[number + 1].sentence == clause.sentence else "next sentence"
        for mark in marks.of(number + 1):
            yield f"{where}:{mark.word}"
            yield f"{where}:{family(mark)}"
    first = number
    while first and clauses[first - 1].sentence == clause.sentence:
        first -= 1
    if not first:
        return
    before = clauses[first - 1]
    if before.is_question:
        yield f"after question|{before.turn.role.value}"
    for mark in marks.of(first - 1):
        yield f"last sentence:{family(mark)}"
    if before.block == clause.block:
        opening = first - 1
        heard = False
        while opening > 0 and clauses[opening - 1].block == clause.block and first - opening < _PARAGRAPH:
            heard = heard or marks.hears(opening)
            opening -= 1
        if heard or marks.hears(opening):
            yield "heard in the paragraph"
        if clauses[opening].attribution.hearsay:
            yield "paragraph of hearsay"


def _who(marks: Marks, clause: ClauseContext, start: int) -> Iterator[str]:
    speaker = clause.attribution.speaker
    subject = next((reference for reference in clause.references if reference.mention.end <= start), None)
    kind = subject.kind.value if subject else NONE
    yield f"subject:{kind}"
    if not speaker:
        yield "no speaker"
        return
    yield "speaker"
    known = marks.kinds.get(speaker, NONE)
    yield f"speaker:{known}"
    yield f"speaker:{known}>{kind}"
    if subject and subject.entity == speaker:
        yield "of itself"
