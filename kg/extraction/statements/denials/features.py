"""What speaks for a negation being a statement to file, as named features: no advice, no slogan."""

from collections.abc import Iterator

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import family
from kg.extraction.statements.denials.negations import Reading
from kg.extraction.statements.stance.marks import Marks

_AROUND = 3
_LONGEST = 24


def denial_features(marks: Marks, reading: Reading) -> set[str]:
    """Return what speaks for and against a reading."""
    context = marks.context
    clause = context.clauses[reading.clause]
    found = {f"word:{reading.word}", f"frame:{reading.frame}", f"size:{min(len(reading.positive), _LONGEST) // 3}"}
    found.update(f"claim:{reading.positive[place : place + 2]}" for place in range(len(reading.positive) - 1))
    found.update(_words(clause, reading))
    found.update(_subject(clause, reading))
    found.update(_setting(context, clause))
    found.update(_marks(marks, clause, reading))
    return found


def _words(clause: ClauseContext, reading: Reading) -> Iterator[str]:
    before = ["^", "^", *(f"{token.text}" for token in clause.tokens if token.end <= reading.start)]
    after = [token for token in clause.tokens if token.start >= reading.end]
    yield from (f"left{step}:{word}" for step, word in enumerate(reversed(before[-2:]), 1))
    yield from (f"before:{word}" for word in before)
    yield f"word:{reading.word}|left:{before[-1]}"
    for step, token in enumerate(after[:_AROUND], 1):
        yield f"right{step}:{token.text}"
        yield f"right{step}:{token.tag}"
    yield from (f"after:{token.text}" for token in after)
    yield f"word:{reading.word}|right:{after[0].tag if after else '$'}"
    yield f"word:{reading.word}|right:{after[0].text if after else '$'}"
    yield f"end:{after[-1].text if after else '$'}"


def _subject(clause: ClauseContext, reading: Reading) -> Iterator[str]:
    kind = next((reference.kind.value for reference in clause.references if reference.mention.end <= reading.start), "")
    pronoun = next((token.text for token in clause.tokens if token.tag == "r" and token.end <= reading.start), "")
    noun = any(token.tag[0] in "nj" and token.end <= reading.start for token in clause.tokens)
    yield f"subject:{kind}"
    yield f"pronoun:{pronoun}"
    yield f"who:{kind}|{pronoun}|{noun}"
    yield f"who:{kind or pronoun or noun}|{clause.turn.role.value}"
    for reference in clause.references:
        if reference.mention.start >= reading.end:
            yield f"object:{reference.kind.value}"


def _setting(context: Context, clause: ClauseContext) -> Iterator[str]:
    role = clause.turn.role.value
    yield f"role:{role}"
    yield f"question:{clause.is_question}|{role}"
    yield f"speaker:{clause.attribution.speaker is not None}|{clause.attribution.hearsay}"
    yield f"close:{context.view[clause.end : clause.end + 1]}"
    yield f"length:{min(len(clause.tokens), _LONGEST) // 3}"
    if clause.quantities:
        yield "quantity"
    for step, mark in ((-1, "<"), (1, ">")):
        number = clause.number + step
        if 0 <= number < len(context.clauses):
            other = context.clauses[number]
            same = "=" if other.sentence == clause.sentence else "/" if other.block == clause.block else "#"
            yield f"{mark}{same}"
            if same != "#":
                yield from (f"{mark}{same}{token.text}" for token in other.tokens)


def _marks(marks: Marks, clause: ClauseContext, reading: Reading) -> Iterator[str]:
    for mark in marks.of(clause.number):
        where = "before" if mark.end <= reading.start else "after" if mark.start >= reading.end else "at"
        yield f"{family(mark)} {where}"
    for mark in marks.earlier(clause.number):
        yield f"earlier:{family(mark)}"
    for cue in clause.cues:
        yield from (f"cue:{name}" for name in cue.points_to)
