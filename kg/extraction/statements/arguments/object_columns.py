"""What speaks for and against a candidate as the object of a relation, a string a field."""

import bisect
from collections.abc import Sequence

from kg.extraction.statements.arguments.coded import Columns
from kg.extraction.statements.arguments.places import Candidate, Place, words_of
from kg.extraction.statements.context import ClauseContext
from kg.extraction.tokens import Token
from kg.model import Predicate, Quantity

_LONGEST = 12
_FAR = 6
_STEEPEST = 6
_LEVELS = [str(step - _STEEPEST) for step in range(2 * _STEEPEST + 1)]
_ORIGINS = ("span", "lift", "phra", "here", "told", "whom", "near")
_HERE = ("mean", "low", "opens", "ends", "wider", "earlier", "lead", "gain", "sum")

OBJECT_TEMPLATES = (
    ("kind", "relation"),
    ("kind", "tagged"),
    ("gap", "tagged"),
    ("gap", "relation"),
    ("joint", "relation"),
    ("joint", "overlap"),
    ("origins", "tagged"),
    *((origin, field) for origin in _ORIGINS for field in ("tagged", "relation", "kind")),
    ("head", "where"),
    ("head", "relation"),
    ("headtag", "where"),
    ("headtag", "where", "relation"),
    ("headchar", "relation"),
    ("headchar", "side"),
    ("first", "where"),
    ("firsttag", "where"),
    ("firstchar", "relation"),
    ("beforetag", "where"),
    ("aftertag", "where"),
    ("beforetag", "aftertag", "where"),
    ("before", "where"),
    ("after", "where"),
    ("beforetag", "relation", "where"),
    ("aftertag", "relation", "where"),
    ("before", "relation"),
    ("size", "where"),
    ("words", "relation"),
    *((field,) for field in _HERE),
    *((field, "relation") for field in ("mean", "lead", "gain")),
    ("sum", "words"),
    ("side", "steps"),
    ("side", "relation"),
    ("side", "steps3", "relation"),
    ("side", "steps3", "cue"),
    ("side", "firsttag", "cue"),
    ("side", "between", "relation"),
    ("side", "verbs", "relation"),
    ("side", "verbs", "atend"),
    ("side", "steps3", "atend", "relation"),
    ("side", "steps3", "atend", "headtag"),
    ("side", "steps3", "stance", "relation"),
    ("overlap",),
    ("overlap", "relation"),
    ("onsubject", "relation"),
    ("onsubject", "overlap"),
    ("gap", "cue"),
    ("gap", "unit", "order"),
    ("measured",),
    ("measured", "unit"),
    ("measured", "headtag"),
    ("measured", "order"),
    ("amid",),
    ("unit", "headchar"),
    ("unit", "head"),
    ("past", "measured"),
)
_FIXED = ("relation", "stance", "cue", "unit", "order", "tagged")
_OWN = ("kind", "gap", "joint", "origins", "where", *_ORIGINS)
_WORDS = ("head", "headtag", "headchar", "first", "firsttag", "firstchar", "before", "after", "beforetag", "aftertag", "size", "words")
_INSIDE = (*_HERE, "side", "steps", "steps3", "between", "verbs", "atend", "overlap", "onsubject")
_MEASURED = ("measured", "amid", "past")
_FIELDS = (*_FIXED, *_OWN, *_WORDS, *_INSIDE, *_MEASURED)
_NO_WORDS, _NOT_INSIDE, _NOT_MEASURED = ("",) * len(_WORDS), ("",) * len(_INSIDE), ("",) * len(_MEASURED)
_Strings = tuple[str, ...]


class _Surroundings:
    """What all candidates for one place have in common."""

    def __init__(self, place: Place) -> None:
        clause = place.clause
        self.place = place
        self.quantity: Quantity | None = None
        order = unit = ""
        if place.predicate is Predicate.METRIC:
            for number, one in enumerate(clause.quantities):
                if place.cues and (one.start, one.end) == place.cues[0]:
                    self.quantity, order = one, f"{min(number, 2)}/{min(len(clause.quantities), 3)}"
                    unit = one.unit or ("-" if one.value[:1].isdigit() else "rank")
        self.starts = [token.start for token in clause.tokens]
        self.cues = [n for start, end in place.cues for n in range(*self.words(start, end))]
        self.spans = [(span.start, span.end) for span in place.spans if span.part == "object"]
        self.subjects = [(span.start, span.end) for span in place.spans if span.part != "object"]
        tagged = "O" if self.spans else ""
        self.fixed = (place.predicate.value, place.stance.value, place.word, unit, order, tagged)

    def words(self, start: int, end: int) -> tuple[int, int]:
        """Return the numbers of the first word of a stretch of the clause, and of the first one behind it."""
        return max(bisect.bisect_right(self.starts, start) - 1, 0), bisect.bisect_left(self.starts, end)


def object_columns(asked: Sequence[tuple[Place, Sequence[Candidate]]]) -> Columns:
    """Return a row a candidate, for the candidates of many places one after another."""
    rows: list[_Strings] = []
    for place, candidates in asked:
        around = _Surroundings(place)
        number = place.clause.number
        lean = place.object_leanings
        stretches: list[tuple[int, int] | None] = []
        for candidate in candidates:
            here = candidate.names and candidate.clause == number
            stretches.append(around.words(candidate.names[0].start, candidate.names[0].end) if here else None)
        totals = [sum(lean[stretch[0] : stretch[1]]) if stretch else 0.0 for stretch in stretches]
        inside = [(total / (s[1] - s[0]), total) for s, total in zip(stretches, totals, strict=True) if s and s[1] > s[0]]
        best = max((mean for mean, _ in inside), default=0.0), max((total for _, total in inside), default=0.0)
        rows += (_describe(candidate, stretch, around, best) for candidate, stretch in zip(candidates, stretches, strict=True))
    return dict(zip(_FIELDS, zip(*rows, strict=True), strict=True))


def _describe(candidate: Candidate, stretch: tuple[int, int] | None, around: _Surroundings, best: tuple[float, float]) -> _Strings:
    place = around.place
    first = candidate.names[0] if candidate.names else None
    origins = {origin[:4]: origin for origin in reversed(candidate.origins)}
    own = (
        "nothing" if first is None else first.kind.value if first.kind else "text",
        str(min(place.clause.number - candidate.clause, 6)),
        str(min(len(candidate.names), 3)),
        str(min(len(candidate.origins), 6)),
        "h" if candidate.clause == place.clause.number else "f",
        *(origins.get(origin, "") for origin in _ORIGINS),
    )
    if first is None:
        return (*around.fixed, *own, *_NO_WORDS, *_NOT_INSIDE, *_NOT_MEASURED)
    if stretch is None:
        words = words_of(place.context.clauses[candidate.clause], first)
        low, high = (words[0], words[-1] + 1) if words else (0, 0)
    else:
        low, high = stretch
    if low >= high:
        return (*around.fixed, *own, *_NO_WORDS, *_NOT_INSIDE, *_NOT_MEASURED)
    said = _said(place.context.clauses[candidate.clause].tokens, low, high, first.end - first.start)
    if stretch is None:
        return (*around.fixed, *own, *said, *_NOT_INSIDE, *_NOT_MEASURED)
    measured = _NOT_MEASURED if around.quantity is None else _by_quantity(place.clause, (first.start, first.end), around.quantity)
    return (*around.fixed, *own, *said, *_in_clause(around, low, high - 1, best), *measured)


def _said(tokens: Sequence[Token], low: int, high: int, size: int) -> _Strings:
    """Return the first and the last word of a stretch, and those beside it."""
    head, opening = tokens[high - 1], tokens[low]
    before = tokens[low - 1] if low else None
    after = tokens[high] if high < len(tokens) else None
    return (
        head.text,
        head.tag[:2],
        head.text[-1],
        opening.text,
        opening.tag[:2],
        opening.text[0],
        before.text if before else "<",
        after.text if after else ">",
        before.tag[:2] if before else "|",
        after.tag[:2] if after else "|",
        str(min(size, _LONGEST)),
        str(min(high - low, 8)),
    )


def _in_clause(around: _Surroundings, low: int, high: int, best: tuple[float, float]) -> _Strings:
    """Say how a stretch of the clause suits the labels of its words and where it stands to the cue; `high` is its last word."""
    tokens, lean = around.place.clause.tokens, around.place.object_leanings
    own = lean[low : high + 1]
    total = sum(own)
    mean = total / len(own)
    side, steps, between = "none", 0, range(0)
    if around.cues:
        near = min(around.cues, key=lambda cue: min(abs(cue - low), abs(cue - high)))
        if near < low:
            side, steps, between = "right", low - near - 1, range(near + 1, low)
        elif near > high:
            side, steps, between = "left", near - high - 1, range(high + 1, near)
        else:
            side = "over"
    start, end = tokens[low].start, tokens[high].end
    return (
        _level(mean),
        _level(min(own)),
        _level(own[0]),
        _level(own[-1]),
        _level(lean[high + 1] if high + 1 < len(tokens) else -9.0),
        _level(lean[low - 1] if low else -9.0),
        _level(mean - best[0]),
        _level(total - best[1]),
        _level(total / 2),
        side,
        str(min(steps, _FAR)),
        str(min(steps, 3)),
        "".join([tokens[n].tag[0] for n in between]) if steps < 3 else "far",
        str(min(sum(tokens[n].tag[0] == "v" for n in between), 2)),
        "y" if high == len(tokens) - 1 else "",
        _overlap((start, end), around.spans),
        "y" if any(left < end and start < right for left, right in around.subjects) else "",
    )


def _overlap(stretch: tuple[int, int], spans: Sequence[tuple[int, int]]) -> str:
    """Say how a stretch lies to the words labelled as objects: the same, in one, over, across, off them."""
    start, end = stretch
    found = "off" if spans else "none"
    for left, right in spans:
        if left < end and start < right:
            same, within, over = (left, right) == stretch, left <= start and end <= right, start <= left and right <= end
            found = "same" if same else "in" if within else "over" if over else "cross"
            break
    return found + ("+" if len(spans) > 1 else "")


def _by_quantity(clause: ClauseContext, stretch: tuple[int, int], quantity: Quantity) -> _Strings:
    """Say how a stretch stands to the quantity of a measure: before or after, how far, with which words between."""
    start, end = stretch
    side, low, high = ("b", end, quantity.start) if end <= quantity.start else ("a", quantity.end, start)
    between = [token for token in clause.tokens if low <= token.start < high]
    return (
        f"{side}{min(len(between), 4)}",
        side + ("".join([token.text for token in between]) if len(between) < 3 else "far"),
        "y" if any(low <= other.start < high for other in clause.quantities) else "",
    )


def _level(value: float) -> str:
    return _LEVELS[min(max(int(value + _STEEPEST + 0.5), 0), 2 * _STEEPEST)]
