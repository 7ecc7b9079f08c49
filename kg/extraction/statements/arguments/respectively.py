"""What belongs together in its order: each company and its own figure of `甲公司、乙公司分别盈利3亿元、5亿元`."""

import itertools
from collections.abc import Iterator, Sequence

import regex

from kg.extraction.statements.arguments.facts import of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.arguments.rows import CLAIMS, JOINTS
from kg.extraction.statements.arguments.survey import Survey
from kg.extraction.statements.context import ClauseContext
from kg.model import Predicate, Quantity

_EACH = regex.compile(r"分别|分(?=为-?\d[^,]*[、和与及]-?\d)")
_ADVERBS = frozenset("dv")  # first letters of the tags of what stands before 分别: 拟, 将
_COUNTING = frozenset("dvmqu")  # and of what stands between a row and what is told of each: 三家的
_PREPOSITION = "p"
_BRACKETED = regex.compile(r"[（(][^（）()]*[）)]")
Shared = tuple[Candidate, Candidate, Quantity | None]


def each_at(view: str, clause: ClauseContext) -> int:
    """Return where a clause says that each has its own (`分别`, `分为12%、7%`), -1 where it does not."""
    found = _EACH.search(view, clause.start, clause.end)
    return found.start() if found else -1


def shared_out(place: Place, subject: Candidate, thing: Candidate, quantity: Quantity | None) -> Iterator[Shared]:
    """Yield subject, object and quantity of each statement: of a row whose items have a figure each, every item with its own.

    A measure is asked for figure by figure, so that only the item of this quantity is yielded; anything else once for all figures.
    """
    figures, counted = _figures(place), _counted(place, thing)
    if counted:
        yield from ((subject, thing._replace(names=(one,)), counted.get(one)) for one in thing.names)
        return
    whom = next((row for row in (_parted(place, subject, thing), _row(place, subject)) if len(row) == len(figures) > 1), None)
    if whom is not None and _each(place, subject):
        shared = [(subject._replace(names=(one,)), thing, figure) for one, figure in zip(whom, figures, strict=True)]
    elif len(figures) > 1 and len(thing.names) == len(figures) and place.predicate not in CLAIMS and _each(place, subject):
        shared = [(subject, thing._replace(names=(one,)), figure) for one, figure in zip(thing.names, figures, strict=True)]
    else:
        mixed = len(figures) > 1 and len(subject.names) > 1 and _each(place, subject)  # whose which figure is, nobody can tell
        if place.predicate is not Predicate.METRIC or not (mixed or (quantity not in figures[:1] and _unparted(place, subject))):
            yield subject, thing, quantity
        return
    if place.predicate is not Predicate.METRIC:
        yield from shared
    elif quantity is not None:
        number = max(0, sum(figure.start <= quantity.start for figure in figures) - 1)  # in brackets the same once more
        yield shared[number][0], thing, quantity


def _counted(place: Place, thing: Candidate) -> dict[Named, Quantity]:
    """Return how many there are of each item of a list that says so before each: `覆盖22个省份、180个城市`; nothing of any other."""
    if place.predicate in CLAIMS or len(thing.names) == 1 or thing.clause != place.clause.number:
        return {}
    counts = {one.end: one for one in place.clause.quantities}
    found = {one: counts[one.start] for one in thing.names if one.start in counts}
    return found if len(found) > 1 else {}


def _unparted(place: Place, subject: Candidate) -> bool:
    """Say whether a subject opens a row before 分别 that could not be told apart: the first figure is its own, the others are not."""
    clause = place.clause
    at = each_at(place.survey.context.view, clause)
    if len(subject.names) != 1 or subject.clause != clause.number:
        return False
    opening = next((one.mention for one in clause.references if one.mention.start == subject.names[0].start), None)
    return opening is not None and any(opening.end == token.start < at and token.text in JOINTS for token in clause.tokens)


def _figures(place: Place) -> list[Quantity]:
    """Return the quantities of the clause outside brackets, behind 分别 where it has that."""
    view, clause = place.survey.context.view, place.clause
    at = each_at(view, clause)
    bracketed = [found.span() for found in _BRACKETED.finditer(view, clause.start, clause.end)]
    return [one for one in clause.quantities if one.start > at and not any(start <= one.start < end for start, end in bracketed)]


def _each(place: Place, subject: Candidate) -> bool:
    """Say whether a clause says that each has its own, or goes on with a row of figures about those of whom one before said it."""
    view, clause, other = place.survey.context.view, place.clause, place.survey.context.clauses[subject.clause]
    if each_at(view, clause) >= 0:
        return True
    figures = _figures(place)
    row = all(view[one.end : two.start].strip() in JOINTS for one, two in itertools.pairwise(figures))
    return row and other.sentence == clause.sentence and each_at(view, other) >= 0


def _row(place: Place, subject: Candidate) -> Sequence[Named]:
    """Return a subject with those that it is joined to where it stands, in the order of the text."""
    if len(subject.names) != 1:
        return sorted(subject.names, key=lambda one: one.start)
    [named] = subject.names
    rows = _rows(place.survey, place.survey.context.clauses[subject.clause])
    return next((row for row in rows if any(one.name == named.name or named.start <= one.start < named.end for one in row)), [named])


def _parted(place: Place, subject: Candidate, thing: Candidate) -> Sequence[Named]:
    """Return what stands before 分别, part by part of what `、` or 和 join, from where the subject begins.

    Where what is told of each stands there too, what stands before that: 甲, 乙 and 丙 of `甲、乙、丙三家的利润分别为`; nothing where that
    is a row itself.
    """
    clause = place.clause
    at = each_at(place.survey.context.view, clause)
    before = [one for one in thing.names if thing.clause == clause.number and one.start < at]
    if subject.clause != clause.number or not subject.names or at < 0 or len(before) > 1:
        return ()
    at = before[0].start if before else at
    tokens = [token for token in clause.tokens if min(one.start for one in subject.names) <= token.start and token.end <= at]
    if any(token.tag == _PREPOSITION for token in tokens):
        return ()  # 在欧洲和东南亚
    named = {one.mention.end: of_reference(one) for one in clause.references}
    while tokens and tokens[-1].tag[0] in (_COUNTING if before else _ADVERBS) and tokens[-1].end not in named:
        tokens.pop()
    joined = [token.text in JOINTS for token in tokens]
    parts = [list(part) for joint, part in itertools.groupby(zip(tokens, joined, strict=True), key=lambda one: one[1]) if not joint]
    edges = [(part[0][0].start, part[-1][0].end) for part in parts]
    whole = {end: one for end, one in named.items() if any(start <= one.start and end == edge for start, edge in edges)}
    return [whole.get(end) or place.survey.named(clause, start, end) for start, end in edges]


def _rows(survey: Survey, clause: ClauseContext) -> list[list[Named]]:
    """Return the names of a clause in rows of those that `、` or 和 join, also behind the code of a share (`甲公司(600001)、乙公司`)."""
    joints = {token.end: token.start for token in clause.tokens if token.text in JOINTS}
    rows: list[list[Named]] = []
    for reference in clause.references:
        one = of_reference(reference)
        if rows and joints.get(one.start) == survey.behind_code(rows[-1][-1].end):
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows
