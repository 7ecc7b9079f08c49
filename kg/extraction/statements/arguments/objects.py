"""What a relation is about: candidates inside and before the clause, described for a linear ranker."""

from collections.abc import Iterator, Sequence

from kg.extraction.statements.arguments.facts import of_reference
from kg.extraction.statements.arguments.names import Named, named
from kg.extraction.statements.arguments.phrases import phrases
from kg.extraction.statements.arguments.places import Candidate, Past, Place, gather_candidates, words_of
from kg.extraction.statements.context import ClauseContext
from kg.extraction.tokens import Token

_BACK = 6
_MOST = 6
_LONGEST = 12
_FAR = 6
_WIDEST = 9
_PLAIN = 1.0  # at this lead of its labels over all others, a stretch is an object nine times in ten
_LIFTS = (0.0, 1.5, 3.0)  # how much a word is helped into a stretch, so that longer ones are proposed too


def object_candidates(place: Place, past: Past) -> list[Candidate]:
    """Return whatever the relation may be about, each once; nothing is the last one."""
    return gather_candidates(place, _proposals(place, past))


_Proposal = tuple[tuple[Named, ...], str, int]


def _proposals(place: Place, past: Past) -> Iterator[_Proposal]:
    context, clause, facts = place.context, place.clause, place.facts
    number = clause.number
    spans = [span for span in place.spans if span.part == "object"]
    if spans:
        names = tuple(named(context, clause, span.start, span.end) for span in spans)
        yield names, f"span{min(int(min(span.score for span in spans)), 5)}", number
        if len(spans) > 1:
            yield from (((name,), "part", number) for name in names)
    for lift in _LIFTS:
        best = _best_stretch(place, lift)
        if best:
            yield (named(context, clause, *best),), f"lift{lift:.0f}", number
    for start, end, form in phrases(clause):
        yield (named(context, clause, start, end),), f"phrase-{form}", number
    for reference in clause.references:
        yield (of_reference(reference),), "here", number
    for order, told in enumerate(reversed(past.told[-3:])):
        near = "s" if context.clauses[told.clause].sentence == clause.sentence else "o"
        same = "=" if told.predicate is place.predicate else ""
        yield told.objects, f"told{order}-{near}{same}", told.clause
        yield told.subjects, f"whom{order}-{near}{same}", told.clause
    seen = 0
    for back in range(number - 1, max(-1, number - 1 - _BACK), -1):
        other = context.clauses[back]
        if other.block < clause.block - 1 or seen >= _MOST:
            break
        where = "s" if other.sentence == clause.sentence else "b" if other.block == clause.block else "o"
        for start, end, form in phrases(other) if where == "s" and number - back < 3 else ():
            yield (named(context, other, start, end),), f"near{number - back}-{form}", back
        for reference, stands in zip(other.references, facts.places[back], strict=True):
            yield (of_reference(reference),), f"back{where}{min(number - back, 4)}-{stands}", back
            seen += 1


def plain_object(place: Place) -> Candidate | None:
    """Return the words labelled as objects where the labels leave no doubt."""
    spans = [span for span in place.spans if span.part == "object"]
    if not spans or min(span.score for span in spans) < _PLAIN:
        return None
    names = tuple(named(place.context, place.clause, span.start, span.end) for span in spans)
    return Candidate(names, place.clause.number, ["plain"]) if all(name.name for name in names) else None


def whole_list(choices: Sequence[Candidate], chosen: Candidate, place: Place) -> Candidate:
    """Return the list that a chosen object is an item of, else what was chosen."""
    spans = [span for span in place.spans if span.part == "object"]
    item = len(chosen.names) == 1 and chosen.clause == place.clause.number and len(spans) > 1
    if item and any(span.start < chosen.names[0].end and chosen.names[0].start < span.end for span in spans):
        return next((choice for choice in choices if choice.origins[0].startswith("span")), chosen)
    return chosen


def _best_stretch(place: Place, lift: float) -> tuple[int, int] | None:
    """Return the stretch of words that looks most like an object when every word is helped by `lift`."""
    tokens, lean = place.clause.tokens, place.object_leanings
    best, chosen = -1e9, None
    for first in range(len(tokens)):
        gain = 0.0
        for last in range(first, min(first + _WIDEST, len(tokens))):
            gain += lean[last] + lift
            if gain > best:
                best, chosen = gain, (tokens[first].start, tokens[last].end)
    return chosen


def describe_object(candidate: Candidate, place: Place) -> list[str]:
    """Return the features of a candidate."""
    clause = place.clause
    relation = place.predicate.value
    first = candidate.names[0] if candidate.names else None
    kind = "nothing" if first is None else first.kind.value if first.kind else "text"
    tagged = "O" if any(span.part == "object" and span.score > 0 for span in place.spans) else ""
    nearest = {origin[:4]: origin for origin in reversed(candidate.origins)}
    out = [
        f"kind-{kind}-{relation}",
        f"kind-{kind}{tagged}",
        f"gap{min(clause.number - candidate.clause, 6)}{tagged}",
        f"gap{min(clause.number - candidate.clause, 3)}{relation}",
        f"joint{min(len(candidate.names), 3)}{relation}",
        f"origins{min(len(candidate.origins), 6)}{tagged}",
    ]
    for origin in nearest.values():
        short = origin.split("-", 1)[0]
        out += [f"{origin}{tagged}", f"{short}{relation}", f"{short}-{kind}", f"{short}-{place.stance.value}"]
    if first is None:
        return out
    other = place.context.clauses[candidate.clause]
    here = candidate.clause == clause.number
    inside = words_of(other, first)
    if not inside:
        return out
    head, opening = other.tokens[inside[-1]], other.tokens[inside[0]]
    before = other.tokens[inside[0] - 1] if inside[0] else None
    after = other.tokens[inside[-1] + 1] if inside[-1] + 1 < len(other.tokens) else None
    mark = "h" if here else "f"
    out += [
        f"{mark}head{head.tag[:2]}",
        f"{mark}head{head.text}",
        f"{relation}head{head.text}",
        f"{relation}{mark}head{head.tag[:2]}",
        f"{mark}first{opening.tag[:2]}",
        f"{mark}first{opening.text}",
        f"{mark}before{_tag(before)}",
        f"{mark}after{_tag(after)}",
        f"{mark}around{_tag(before)}{_tag(after)}",
        f"{mark}before{before.text if before else '<'}",
        f"{mark}after{after.text if after else '>'}",
        f"{relation}{mark}before{_tag(before)}",
        f"{relation}{mark}after{_tag(after)}",
        f"size{min(first.end - first.start, _LONGEST)}{mark}",
        f"words{min(len(inside), 8)}{relation}",
    ]
    if here:
        out += _in_clause(place, clause, inside, relation)
    return out


def _in_clause(place: Place, clause: ClauseContext, inside: Sequence[int], relation: str) -> list[str]:
    lean = [place.object_leanings[n] for n in inside]
    mean, low = sum(lean) / len(lean), min(lean)
    start, end = clause.tokens[inside[0]].start, clause.tokens[inside[-1]].end
    side = "left" if end <= place.anchor else "right" if start > place.anchor else "over"
    words = sum(1 for token in clause.tokens if min(end, place.anchor) <= token.start < max(start, place.anchor))
    wider = place.object_leanings[inside[-1] + 1] if inside[-1] + 1 < len(clause.tokens) else -9.0
    earlier = place.object_leanings[inside[0] - 1] if inside[0] else -9.0
    return [
        f"mean{_level(mean)}",
        f"low{_level(low)}",
        f"mean{_level(mean)}{relation}",
        f"opens{_level(lean[0])}",
        f"ends{_level(lean[-1])}",
        f"wider{_level(wider)}",
        f"earlier{_level(earlier)}",
        f"side{side}{min(words, _FAR)}",
        f"side{side}{relation}",
        f"side{side}{min(words, 3)}{relation}",
    ]


def _level(value: float) -> int:
    return max(-6, min(6, round(value)))


def _tag(token: Token | None) -> str:
    return token.tag[:2] if token else "|"
