"""Who is meant as the subject: candidates inside and before the clause, described for a linear ranker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named, named
from kg.extraction.statements.arguments.phrases import phrases
from kg.extraction.statements.arguments.places import Candidate, Past, Place, gather_candidates, pronoun, words_of
from kg.extraction.statements.context import ClauseContext, Context
from kg.model import Kind, Role

_BACK = 8
_MOST = 7
_LONGEST = 12


def subject_candidates(place: Place, past: Past) -> list[Candidate]:
    """Return whoever may be the subject, each once, with everything that speaks for it; nobody is the last one."""
    return gather_candidates(place, _proposals(place, past))


_Proposal = tuple[tuple[Named, ...], str, int]


def _proposals(place: Place, past: Past) -> Iterator[_Proposal]:
    yield from _within(place)
    yield from _before(place)
    yield from _told(place, past)
    yield from _known(place)


def _within(place: Place) -> Iterator[_Proposal]:
    """Names in the clause itself."""
    context, clause = place.context, place.clause
    number = clause.number
    subjects = [span for span in place.spans if span.part == "subject"]
    if subjects:
        names = tuple(named(context, clause, span.start, span.end) for span in subjects)
        yield names, f"span{min(int(min(span.score for span in subjects) * 2), 8)}", number
        if len(subjects) > 1:
            yield from (((name,), "part", number) for name in names)
    others = [span for span in place.spans if span.part != "subject"]
    for reference, stands in zip(clause.references, place.facts.places[number], strict=True):
        mention = reference.mention
        taken = any(span.start < mention.end and mention.start < span.end for span in others)
        side = "inside" if taken else "ahead" if mention.end <= place.anchor else "behind"
        yield (of_reference(reference),), f"{side}-{stands}", number
    for start, end, form in phrases(clause):
        if form != "wide" and start >= clause.attribution.content:
            yield (named(context, clause, start, end),), f"phrase-{form}{'ahead' if end <= place.anchor else 'behind'}", number
    opening = _opening(context, clause, place.anchor)
    if opening:
        yield (opening,), "opening0", number


def _before(place: Place) -> Iterator[_Proposal]:
    """Names in the clauses before, near ones first."""
    context, clause, facts = place.context, place.clause, place.facts
    number, seen = clause.number, 0
    for back in range(number - 1, max(-1, number - 1 - _BACK), -1):
        other = context.clauses[back]
        same = other.sentence == clause.sentence
        if not same and other.block < clause.block - 1:
            break
        where = "s" if same else "b" if other.block == clause.block else "o"
        gap = min(number - back, 4)
        if same and gap <= 3:
            opening = _opening(context, other, other.end)
            if opening:
                yield (opening,), f"opening{gap}", back
        for order, (reference, stands) in enumerate(zip(other.references, facts.places[back], strict=True)):
            yield (of_reference(reference),), f"back{where}{gap}-{min(order, 2)}-{stands}", back
            seen += 1
        if seen >= _MOST:
            break


def _told(place: Place, past: Past) -> Iterator[_Proposal]:
    """Subjects of the statements before."""
    clause = place.clause
    for order, told in enumerate(reversed(past.told[-3:])):
        gap = clause.number - told.clause
        same = place.context.clauses[told.clause].sentence == clause.sentence
        alike = "=" if told.predicate is place.predicate else ""
        yield told.subjects, f"told{order}-{'s' if same else 'o'}{min(gap, 4)}{alike}-{told.sure}", told.clause


def _known(place: Place) -> Iterator[_Proposal]:
    """Whoever the document is about, the heading and the question name, and the speaker stands for."""
    clause, facts = place.clause, place.facts
    number, start = clause.number, clause.start
    for order, name in enumerate(facts.ranked[:3]):
        yield (facts.entity(name, start),), f"rank{order}", number
    if facts.main:
        yield (facts.entity(facts.main, start),), "main", number
    for order, headed in enumerate(facts.heading(start)[:2]):
        yield (headed,), f"head{order}", number
    if clause.block in facts.openings and facts.openings[clause.block].start < start:
        yield (facts.openings[clause.block],), "block", number
    if clause.turn.role is Role.ANSWER:
        for order, asked in enumerate(facts.question(start)[:4]):
            yield (asked,), f"asked{order}", number
    speaker = clause.attribution.speaker
    if speaker:
        yield (facts.entity(speaker, start),), "speaker", number
        if speaker in facts.employers:
            yield (facts.entity(facts.employers[speaker], start),), "employer", number


def _opening(context: Context, clause: ClauseContext, until: int) -> Named | None:
    """Return the noun phrase that a clause opens with: the words before its first verb, adverb or preposition."""
    start = end = None
    for token in clause.tokens:
        if token.start < clause.attribution.content:
            continue
        noun = token.tag[0] in "nmqabejls" or token.tag == "vn" or (token.tag == "uj" and start is not None)
        inside = any(r.mention.start <= token.start < r.mention.end for r in clause.references)
        if token.end > until or not (noun or inside):
            if start is None and token.tag[0] in "tcdx" and token.end <= until:
                continue
            break
        start = token.start if start is None else start
        if token.tag != "uj":
            end = token.end
    if start is None or end is None or not 2 <= end - start <= 2 * _LONGEST:
        return None
    return named(context, clause, start, end)


def _begins(clause: ClauseContext) -> str:
    """Return the tag of the first word of what is said: a verb or adverb there tells of a subject left out."""
    return next((token.tag[:2] for token in clause.tokens if token.start >= clause.attribution.content and token.tag != "x"), "-")


def _beside(clause: ClauseContext, name: Named) -> list[str]:
    """Return the words and tags around a name, and its last word."""
    inside = words_of(clause, name)
    if not inside:
        return []
    before = clause.tokens[inside[0] - 1] if inside[0] else None
    after = clause.tokens[inside[-1] + 1] if inside[-1] + 1 < len(clause.tokens) else None
    left, right = before.tag[:2] if before else "|", after.tag[:2] if after else "|"
    return [
        f"left-{before.text if before else '|'}",
        f"right-{after.text if after else '|'}",
        f"left-{left}-",
        f"right-{right}-",
        f"beside-{left}{right}",
        f"head-{clause.tokens[inside[-1]].text}",
        f"head-{clause.tokens[inside[-1]].tag[:2]}-",
    ]


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all candidates for one place have in common."""

    refers: str  # what the clause's pronoun refers to
    spanned: str  # whether words of the clause are labelled as the subject
    voice: str  # who talks: the role of the turn, and whether anyone is quoted
    begins: str  # the tag of the first word


def describe_subjects(candidates: Sequence[Candidate], place: Place) -> list[list[str]]:
    """Return the features of each candidate."""
    clause = place.clause
    setting = _Setting(
        pronoun(clause, place.pronouns),
        "S" if any(span.part == "subject" for span in place.spans) else "",
        f"{clause.turn.role.value[0]}{'s' if clause.attribution.speaker else ''}",
        _begins(clause),
    )
    return [_describe(candidate, place, setting) for candidate in candidates]


def _describe(candidate: Candidate, place: Place, setting: _Setting) -> list[str]:
    facts, clause = place.facts, place.clause
    refers, spanned, voice, begins = setting.refers, setting.spanned, setting.voice, setting.begins
    relation = place.predicate.value
    first = candidate.names[0] if candidate.names else None
    kind = "nobody" if first is None else first.kind.value if first.kind else "text"
    out = [
        f"kind-{kind}-{relation}",
        f"kind-{kind}-{refers}{spanned}",
        f"kind-{kind}-{relation}-{place.stance.value}",
        f"kind-{kind}-{voice}{refers}",
        f"gap{min(clause.number - candidate.clause, 8)}{spanned}",
        f"joint{min(len(candidate.names), 3)}",
        f"origins{min(len(candidate.origins), 6)}{spanned}",
    ]
    nearest = {origin.split("-", 1)[0].rstrip("0123456789"): origin for origin in reversed(candidate.origins)}
    out += [f"{origin}{spanned}" for origin in nearest.values()]
    for origin in nearest.values():
        if origin.startswith("told"):
            out += [f"{origin[:5]}{origin[-1]}{spanned}", f"{origin[:7]}{origin[-1]}{kind}"]
        if origin.startswith("back"):
            out += [f"{origin[:5]}{origin[6:]}", f"stands{origin[8:]}", f"{origin[:6]}{origin[8:]}"]
    out += [f"{source}-{begins}{spanned}" for source in nearest]
    if first is not None and clause.start <= first.start < first.end <= clause.end and candidate.clause == clause.number:
        lean = [value for token, value in zip(clause.tokens, place.leanings, strict=True) if first.start <= token.start < first.end]
        level = max(-6, min(6, round(sum(lean) / len(lean)))) if lean else "?"
        out += [f"lean{level}", f"lean{level}{spanned}", f"lean{level}{kind}", *_beside(clause, first)]
    for origin in [origin.split("-", 1)[0] for origin in nearest.values()]:
        out += [f"{origin}", f"{origin}{spanned}{refers}", f"{origin}-{kind}", f"{origin}-{relation}", f"{origin}-{voice}{refers}"]
    if first is not None:
        name = first.name
        order = facts.ranked.index(name) if name in facts.ranked else 9
        out += [
            f"count{min(facts.counts.get(name, 0), 6)}{spanned}",
            f"order{min(order, 5)}{spanned}{refers}",
            f"headed{name in facts.headed}{spanned}",
            f"speaks{name == clause.attribution.speaker}{relation}",
            f"size{min(len(name), _LONGEST)}{kind}",
            f"main{name == facts.main}{first.kind in ACTORS or first.kind is Kind.PRODUCT}{voice}",
        ]
    return out
