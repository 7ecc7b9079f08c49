"""What is said to be untrue: the rumour and the words that reject it, in one clause or two (`…的消息不实`, `对此予以否认`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import regex

from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.cues import family
from kg.extraction.statements.denials.wording import wordings
from kg.extraction.statements.stance.marks import Marks
from kg.lexicon import Lexicon
from kg.model import Role

_LEAST = 2  # characters that a claim has
_COURTESY = 10  # characters of `尊敬的投资者`
_BACK = 4  # clauses looked back for what is refuted
_FAR = 12  # where the refuter points back (`上述传闻`)
_QUOTED = regex.compile('[「“"『]([^「」“”"『』]{2,60})[」”"』]')
_MEASURING = frozenset(("metric", "operates_in", "holds_role", "owns"))  # relations whose words are mostly nouns
_TELLING = frozenset("vad")  # first letters of tags
_RELATED = frozenset(("有关", "相关"))
_Wordings: TypeAlias = "dict[str, regex.Pattern[str]]"
_STRIP = " \t\u3000\"'“”‘’「」『』,:;。"


@dataclass(frozen=True, slots=True)
class Refutation:
    """The stretch of text that holds what is refuted, the clause it stands in, and the clause that refutes it.

    `verb` is the one that the refuter repeats (`会延期发布吗?` 不会延期). `outright` is false where nobody says that it is untrue,
    but it came to nothing: that denies an act, not a claim.
    """

    start: int
    end: int
    claim: int
    refuter: int
    outright: bool = True
    verb: str | None = None


def refutations(marks: Marks, lexicon: Lexicon) -> Iterator[Refutation]:
    """Yield what is refuted in a document, in the order of the refuting clauses."""
    known = wordings(lexicon)
    for clause in marks.context.clauses:
        if not clause.stance_cues or marks.context.view[clause.end : clause.end + 1] == "?":
            continue
        kinds = {family(cue) for cue in clause.stance_cues}
        found = _refuted(marks, clause, known) if kinds & {"rejection", "negation"} else None
        if found is None and "rebuttal" in kinds:
            found = _rebutted(marks, clause, known)
        if found is None and "negation" in kinds and known["no_such"].search(marks.context.view, _begin(clause), clause.end):
            found = _earlier(marks, clause, known)
        if found is None and kinds & {"negation", "failure"}:
            found = _answered(marks, clause, known) or _failed(marks, clause, known)
        if found is not None:
            yield found


def confirmations(marks: Marks, lexicon: Lexicon) -> Iterator[Refutation]:
    """Yield what is heard and then confirmed (`公司证实了这一消息`, `消息属实`): the claim, and who confirms it in the refuter's place."""
    known = wordings(lexicon)
    for clause in marks.context.clauses:
        if known["confirmed"].search(marks.context.view, _begin(clause), clause.end) and not clause.is_question:
            found = _earlier(marks, clause, known)
            if found is not None:
                yield found


def _begin(clause: ClauseContext) -> int:
    """Return where what a clause says begins, behind whoever says it."""
    return clause.attribution.content if clause.start <= clause.attribution.content < clause.end else clause.start


def _answered(marks: Marks, clause: ClauseContext, known: _Wordings) -> Refutation | None:
    """Return what a question asks and the first words of the answer flatly deny: with 没有, or by its verb (`要做手机?` 不做)."""
    view, clauses = marks.context.view, marks.context.clauses
    if clause.turn.role is not Role.ANSWER or not _opens(marks, clause):
        return None
    disowned = known["disowned"].match(view, clause.start, clause.end)
    again = None if disowned else known["no_again"].match(view, clause.start, clause.end)
    if not disowned and not again and not known["flat_no"].match(view, clause.start, clause.end):
        return None
    found = _premise(marks, clause, known, ("asked", "asked_whether"))
    if found is None or again is None:
        return found
    repeated = again["verb"] in view[clauses[found.claim].start : clauses[found.claim].end]
    return replace(found, verb=again["verb"]) if repeated else None


def _opens(marks: Marks, clause: ClauseContext) -> bool:
    """Say whether nothing but courtesies (`您好`) stands between a clause of an answer and its question."""
    for other in reversed(marks.context.clauses[: clause.number]):
        if other.turn != clause.turn or other.cues or other.end - other.start > _COURTESY:
            return other.turn.role is Role.QUESTION
    return False


def _failed(marks: Marks, clause: ClauseContext, known: _Wordings) -> Refutation | None:
    """Return the clause before, in the same sentence, where what it tells came to nothing."""
    clauses = marks.context.clauses
    if not clause.number or not known["failed"].search(marks.context.view, clause.start, clause.end):
        return None
    other = clauses[clause.number - 1]
    if other.sentence != clause.sentence or known["others"].search(marks.context.view, clause.start, clause.end):
        return None
    return Refutation(other.start, other.end, other.number, clause.number, outright=False)


def _refuted(marks: Marks, clause: ClauseContext, known: _Wordings) -> Refutation | None:
    context = marks.context
    view = context.view
    begin = _begin(clause)
    match = known["refuted"].search(view, begin, clause.end)
    if match is None:
        return None
    if known["premise"].search(view, begin, match.start()):
        return _premise(marks, clause, known)
    if known["mild"].search(match[0]) and not known["heard"].search(view, clause.start, match.start()):
        return None
    span = _claim(marks, (begin, match.start()), known)
    return Refutation(*span, clause.number, clause.number) if span else _earlier(marks, clause, known)


def _premise(marks: Marks, clause: ClauseContext, known: _Wordings, wordings: Sequence[str] = ("asked",)) -> Refutation | None:
    """Return what the question before an answer takes for granted: `是否得到了支持?` where `你的假设是错误的`."""
    clauses = marks.context.clauses
    number = clause.number
    while number and clauses[number].turn.role is not Role.QUESTION:
        number -= 1
    while clauses[number].turn.role is Role.QUESTION:
        begin = clauses[number].begin
        found = (known[wording].search(marks.context.view, begin, clauses[number].end) for wording in wordings)
        asked = next((one for one in found if one and not known["pointing"].match(one["claim"])), None)
        if asked:
            return Refutation(*asked.span("claim"), number, clause.number)
        if not number:
            break
        number -= 1
    return None


def _rebutted(marks: Marks, clause: ClauseContext, known: _Wordings) -> Refutation | None:
    match = known["rebuttal"].search(marks.context.view, clause.start, clause.end)
    if match is None:
        return None
    span = _claim(marks, (match.end(), clause.end), known)
    return Refutation(*span, clause.number, clause.number) if span else _earlier(marks, clause, known)


def _claim(marks: Marks, span: tuple[int, int], known: _Wordings) -> tuple[int, int] | None:
    """Return the claim inside a stretch, without the words that introduce it as a rumour; None where it only points to one.

    What names no act is all that is heard of its subject: the claim is then `有关芯片的传闻` itself.
    """
    view = marks.context.view
    start, end = span
    if known["pointing"].match(view, start, end):
        return None
    opening = known["rumour_opening"].match(view, start, end)
    quoted = _QUOTED.search(view, start, end)
    if quoted and (quoted.start() <= (opening.end() if opening else start) + 2 or 2 * len(quoted[0]) > end - start):
        return quoted.span(1)
    start = opening.end() if opening else start
    asked = known["asked"].search(view, start, end)
    start = asked.start("claim") if asked else start
    closing = known["rumour_closing"].search(view, start, end)
    noun = closing.end("noun") if closing else -1
    end = closing.start() if closing else end
    while start < end and view[start] in _STRIP:
        start += 1
    while start < end and view[end - 1] in _STRIP:
        end -= 1
    if end - start < _LEAST or known["pointing"].match(view, start, end):
        return None
    return (start, noun) if noun > 0 and not _acts(marks, start, end) else (start, end)


def _acts(marks: Marks, start: int, end: int) -> bool:
    """Say whether a stretch holds a word of a relation, a verb, an adjective or an adverb."""
    clause = next((one for one in marks.context.clauses if one.start <= start < one.end), None)
    if clause is None:
        return True
    if any(start <= cue.start and cue.end <= end and cue.points_to[0] not in _MEASURING for cue in clause.cues):
        return True
    return any(token.tag[0] in _TELLING and token.text not in _RELATED and start <= token.start < end for token in clause.tokens)


def _denies(marks: Marks, clause: ClauseContext) -> bool:
    """Say whether a clause holds a word of negation."""
    return any(family(mark) == "negation" for mark in marks.of(clause.number))


def _earlier(marks: Marks, clause: ClauseContext, known: _Wordings) -> Refutation | None:
    """Return the claim of the clauses before a refuter that only points to it."""
    clauses, view = marks.context.clauses, marks.context.view
    back = known["pointed_back"].search(view, clause.start, clause.end) is not None
    denier = clause.attribution.speaker if known["rebuttal"].search(view, clause.start, clause.end) else None
    for number in range(clause.number - 1, max(-1, clause.number - 1 - (_FAR if back else _BACK)), -1):
        other = clauses[number]
        near = other.sentence == clause.sentence
        heard = other.attribution.hearsay or marks.hears(number) or other.turn.role is Role.QUESTION
        heard = heard or (other.is_question and clause.number == number + 1)  # “甲公司要退出?那是谣言”
        heard = heard or known["topic"].match(view, other.start, other.end) is not None
        heard = heard or any(known[name].search(view, other.start, other.end) for name in ("quoted_talk", "told_by_some"))
        heard = heard or (denier is not None and other.sentence == clause.sentence - 1 and _of_another(marks, other, denier))
        if any(known[name].search(view, other.start, other.end) for name in ("inquiring", "evasion", "no_answer", "checked")):
            continue  # 记者致电甲公司, 对此不予置评: what is refuted stands before it
        if known["refuted"].search(view, other.start, other.end) or (near and not heard and back):
            continue  # 工厂运转正常,上述传闻不实: what the refuter says himself he does not refute
        if not near and not heard:
            if back and (other.attribution.speaker != clause.attribution.speaker or not _denies(marks, other)):
                continue
            return None
        if not heard and other.attribution.speaker == clause.attribution.speaker and _denies(marks, other):
            return None  # 公司暂无建厂计划: it was denied already
        content = other.attribution.content
        frame = other.start < content >= other.end and not heard  # `甲公司表示`: no claim
        begin = content if other.start <= content < other.end else other.start
        span = None if frame else _claim(marks, (begin, other.end), known)
        if span and (_acts(marks, *span) or known["heard"].search(view, *span)):
            return _quoted_whole(marks, Refutation(*span, number, clause.number))
    return None


def _of_another(marks: Marks, clause: ClauseContext, denier: str) -> bool:
    """Say whether a clause holds what somebody else than the denier claims: `李明认为公司会亏损。公司予以否认`."""
    attribution = clause.attribution
    return attribution.speaker not in (None, denier) and attribution.content < clause.end and not _denies(marks, clause)


def _quoted_whole(marks: Marks, found: Refutation) -> Refutation:
    """Return what is refuted with all of the quotation that it ends: `“甲公司裁员,比例五成”`."""
    context = marks.context
    sentence = context.layout.sentences[context.clauses[found.claim].sentence]
    quoted = next((one for one in _QUOTED.finditer(context.view, sentence.start, sentence.end + 1) if one.end(1) == found.end), None)
    if quoted is None or quoted.start(1) >= found.start:
        return found
    first = next((one.number for one in context.clauses if one.start <= quoted.start(1) < one.end), found.claim)
    return replace(found, start=quoted.start(1), claim=first)
