"""What speaks for and against candidates as the objects of relations, a column a field."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kg.extraction.statements.arguments.coded import Column, Columns, Numbers, counts, flags, texts
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.arguments.spans import Span, lies, overlapping
from kg.extraction.statements.arguments.words import Rows
from kg.extraction.statements.context import ClauseContext
from kg.model import Kind, Predicate, Quantity

_LONGEST = 12
_FAR = 6
_STEEPEST = 6
_LEVELS = [str(step - _STEEPEST) for step in range(2 * _STEEPEST + 1)]
_ABSENT = -9.0  # the leaning of the word beyond the end of a clause
_ORIGINS = ("span", "lift", "phra", "here", "told", "whom", "near")
_LEANINGS = ("mean", "low", "opens", "ends", "wider", "earlier", "lead", "gain", "sum")
_KINDS = {kind: place for place, kind in enumerate([*Kind, None])}
_KIND_NAMES = (*(kind.value for kind in Kind), "text", "nothing")
_SIDES = ("none", "over", "left", "right")
_NOWHERE, _OVER, _LEFT, _RIGHT = range(len(_SIDES))
_OVERLAPS = ("none", "off", "same", "in", "over", "cross")
_SAME, _IN, _AROUND, _ACROSS = range(2, len(_OVERLAPS))
_NOBODY = Named("", None, 0, 0)
_Values = npt.NDArray[np.float64]

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
    *((field,) for field in _LEANINGS),
    *((field, "relation") for field in ("mean", "lead", "gain")),
    ("sum", "words"),
    ("side", "steps"),
    ("side", "relation"),
    ("side", "steps3", "relation"),
    ("side", "steps3", "cue"),
    ("side", "firsttag", "cue"),
    ("side", "between", "relation"),
    ("side", "way"),
    ("side", "way", "relation"),
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


class _Offered:
    """The candidates of all places, a row each.

    `inside`: where a candidate is words of its relation's own clause; `low` and `high`: the lines of its first word, and of the one
    behind its last; `said`: where it is words at all.
    """

    def __init__(self, asked: Sequence[tuple[Place, Sequence[Candidate]]]) -> None:
        self.places = [place for place, _ in asked]
        self.words = self.places[0].survey.words
        self.rows = Rows(self.words, [(place.clause, place.cues) for place in self.places])
        self.candidates = [candidate for _, candidates in asked for candidate in candidates]
        self.owner: Numbers = np.repeat(np.arange(len(asked)), [len(candidates) for _, candidates in asked])
        self.firsts = [candidate.names[0] if candidate.names else _NOBODY for candidate in self.candidates]
        self.starts: Numbers = np.array([name.start for name in self.firsts])
        self.ends: Numbers = np.array([name.end for name in self.firsts])
        clause: Numbers = np.array([candidate.clause for candidate in self.candidates])
        self.back = self.rows.clauses[self.owner] - clause
        self.some = np.array([bool(candidate.names) for candidate in self.candidates])
        within, across = (find(clause, self.starts, self.ends) for find in (self.words.inside, self.words.across))
        self.low, self.high = (np.where(self.back == 0, *both) for both in zip(within, across, strict=True))
        self.said = self.some & (self.low < self.high)
        self.inside = self.said & (self.back == 0)


def object_columns(asked: Sequence[tuple[Place, Sequence[Candidate]]]) -> Columns:
    """Return a row a candidate, for the candidates of many places one after another."""
    offered = _Offered(asked)
    return {**_of_places(offered), **_of_candidates(offered), **_of_words(offered), **_in_clause(offered), **_by_quantity(offered)}


def _of_places(offered: _Offered) -> Columns:
    """Return what all candidates for one place have in common."""
    places = offered.places
    measured = [_measured(place) for place in places]
    rows = (
        [place.predicate.value for place in places],
        [place.stance.value for place in places],
        [place.word for place in places],
        [(quantity.unit or ("-" if quantity.value[:1].isdigit() else "rank")) if quantity else "" for quantity, _ in measured],
        [order for _, order in measured],
        ["O" if any(span.part == "object" for span in place.spans) else "" for place in places],
    )
    names = ("relation", "stance", "cue", "unit", "order", "tagged")
    return {name: Column(row, offered.owner) for name, row in zip(names, rows, strict=True)}


def _measured(place: Place) -> tuple[Quantity | None, str]:
    """Return the quantity that a measure is read off, and which of the clause's it is."""
    if place.predicate is not Predicate.METRIC:
        return None, ""
    quantities = place.clause.quantities
    own = [number for number, quantity in enumerate(quantities) if (quantity.start, quantity.end) in place.cues[:1]]
    return (quantities[own[-1]], f"{min(own[-1], 2)}/{min(len(quantities), 3)}") if own else (None, "")


def _of_candidates(offered: _Offered) -> Columns:
    """Return what is known of candidates wherever they stand: their kind, and why they are thought of."""
    candidates = offered.candidates
    kinds = np.array([_KINDS[name.kind] for name in offered.firsts])
    return {
        "kind": Column(_KIND_NAMES, np.where(offered.some, kinds, len(_KIND_NAMES) - 1)),
        "gap": counts(offered.back, 6),
        "joint": counts([len(candidate.names) for candidate in candidates], 3),
        "origins": counts([len(candidate.origins) for candidate in candidates], 6),
        "where": Column(("h", "f"), np.where(offered.back == 0, 0, 1)),
        **_origins(candidates),
    }


def _origins(candidates: Sequence[Candidate]) -> Columns:
    """Return the first origin of each sort that every candidate has."""
    origins = texts([origin for candidate in candidates for origin in candidate.origins])
    owner = np.repeat(np.arange(len(candidates)), [len(candidate.origins) for candidate in candidates])
    sorts = Column([origin[:4] for origin in origins.values], origins.places)
    columns = {}
    for sort in _ORIGINS:
        ours = np.flatnonzero(sorts.holds(sort.__eq__))[::-1]
        places = np.full(len(candidates), -1)
        places[owner[ours]] = origins.places[ours]  # the first one is written last
        columns[sort] = Column(origins.values, places)
    return columns


def _of_words(offered: _Offered) -> Columns:
    """Return the first and the last word of each candidate, and those beside it."""
    words, said = offered.words, offered.said
    low, high = offered.low[said], offered.high[said]
    tag = Column([tag[:2] for tag in words.tag.values], words.tag.places)
    beside = Column(["|" if tag in "<>" else tag for tag in tag.values], tag.places)
    initial = Column([text[0] for text in words.text.values], words.text.places)
    columns = {
        "head": words.text.at(high - 1),
        "headtag": tag.at(high - 1),
        "headchar": words.last.at(high - 1),
        "first": words.text.at(low),
        "firsttag": tag.at(low),
        "firstchar": initial.at(low),
        "before": words.text.at(low - 1),
        "after": words.text.at(high),
        "beforetag": beside.at(low - 1),
        "aftertag": beside.at(high),
        "size": counts((offered.ends - offered.starts)[said], _LONGEST),
        "words": counts(high - low, 8),
    }
    return {field: column.spread(said) for field, column in columns.items()}


def _in_clause(offered: _Offered) -> Columns:
    """Say how the words of candidates suit the labels, and how they stand to the cue and to the words labelled."""
    words, rows, inside = offered.words, offered.rows, offered.inside
    owner, low, high = offered.owner[inside], offered.low[inside], offered.high[inside]
    first, after = rows.row(owner, low), rows.row(owner, high)
    begin, end = words.starts[low], words.ends[high - 1]
    objects = [[span for span in place.spans if span.part == "object"] for place in offered.places]
    others = [[span for span in place.spans if span.part != "object"] for place in offered.places]
    columns = {
        **_leanings(offered, owner, (first, after)),
        **_to_cue(rows, (first, after - 1), low),
        "atend": flags(words.behind[high - 1] == 0),
        "overlap": _overlap(objects, owner, (begin, end)),
        "onsubject": flags(overlapping(others, owner, (begin, end)).any(0)),
    }
    return {field: column.spread(inside) for field, column in columns.items()}


def _leanings(offered: _Offered, owner: Numbers, span: tuple[Numbers, Numbers]) -> Columns:
    """Return how much the words of candidates look like an object: all, the least, those at the ends and beyond, and to the best."""
    words, inside = offered.words, offered.inside
    first, after = span
    lean = np.concatenate([*(place.object_leanings for place in offered.places), [_ABSENT]]).astype(np.float64)
    between = np.stack([first, after], 1).ravel()
    total, least = (reduce(lean, between)[::2] for reduce in (np.add.reduceat, np.minimum.reduceat))
    mean = total / (after - first)
    last = words.behind[offered.high[inside] - 1] == 0
    opens = words.place[offered.low[inside]] == 0
    found = {
        "mean": mean,
        "low": least,
        "opens": lean[first],
        "ends": lean[after - 1],
        "wider": np.where(last, _ABSENT, lean[after]),
        "earlier": np.where(opens, _ABSENT, lean[first - 1]),
        "lead": mean - _best(mean, owner, len(offered.places)),
        "gain": total - _best(total, owner, len(offered.places)),
        "sum": total / 2,
    }
    return {field: _levels(values) for field, values in found.items()}


def _best(values: _Values, owner: Numbers, size: int) -> _Values:
    """Return for each row the largest value of its place."""
    best = np.full(size, -np.inf)
    np.maximum.at(best, owner, values)
    return best[owner]


def _levels(values: _Values) -> Column:
    return Column(_LEVELS, np.clip((values + _STEEPEST + 0.5).astype(np.int64), 0, 2 * _STEEPEST))


def _to_cue(rows: Rows, span: tuple[Numbers, Numbers], lines: Numbers) -> Columns:
    """Say on which side of the nearest word of the cue candidates stand, how far, and what stands between."""
    words = rows.words
    first, last = span
    near = rows.nearest(first, last)
    side = np.select([near < 0, near < first, near > last], [_NOWHERE, _RIGHT, _LEFT], _OVER)
    ways = [side == _RIGHT, side == _LEFT]
    steps = np.select(ways, [first - near - 1, near - last - 1], 0)
    begin = lines + np.select(ways, [near + 1 - first, last + 1 - first], 0)
    verbs = np.concatenate([[0], np.cumsum(words.kind.holds("v".__eq__))])
    kinds = words.kind.values
    size = len(kinds)
    one, two = words.kind.places[begin], words.kind.places[begin + 1]
    between = np.select([steps == 0, steps == 1, steps == 2], [0, 2 + one, 2 + size + one * size + two], 1)
    return {
        "side": Column(_SIDES, side),
        "steps": counts(steps, _FAR),
        "steps3": counts(steps, 3),
        "between": Column(["", "far", *kinds, *(left + right for left in kinds for right in kinds)], between),
        "verbs": counts(verbs[begin + steps] - verbs[begin], 2),
        "way": words.ways(begin, begin + steps),
    }


def _overlap(spans: Sequence[Sequence[Span]], owner: Numbers, stretch: tuple[Numbers, Numbers]) -> Column:
    """Say how stretches lie to the words labelled as objects: the same, in one, over, across, off them; `+` where there are several."""
    start, end = stretch
    meets, left, right = lies(spans, owner, stretch)
    number = meets.argmax(0)[None]
    hit, left, right = (np.take_along_axis(table, number, 0)[0] for table in (meets, left, right))
    several = np.array([len(some) for some in spans])[owner]
    how = np.select(
        [several == 0, ~hit, (left == start) & (right == end), (left <= start) & (end <= right), (start <= left) & (right <= end)],
        [0, 1, _SAME, _IN, _AROUND],
        _ACROSS,
    )
    return Column([*_OVERLAPS, *(f"{name}+" for name in _OVERLAPS)], how + len(_OVERLAPS) * (several > 1))


def _by_quantity(offered: _Offered) -> Columns:
    """Say how candidates stand to the quantity of a measure: before or after, how far, with which words between."""
    quantities = [_measured(place)[0] for place in offered.places]
    starts = [[token.start for token in place.clause.tokens] for place in offered.places]
    measured = offered.inside & np.array([quantity is not None for quantity in quantities])[offered.owner]
    rows = np.flatnonzero(measured)
    found = [("", "", "")]
    for row, place in zip(rows.tolist(), offered.owner[rows].tolist(), strict=True):
        quantity = quantities[place]
        assert quantity is not None  # of a measured row
        name = offered.firsts[row]
        found.append(_to_quantity(offered.places[place].clause, starts[place], (name.start, name.end), quantity))
    which = np.zeros(len(offered.candidates), np.int64)
    which[rows] = np.arange(1, len(rows) + 1)
    return {field: texts(values).at(which) for field, values in zip(("measured", "amid", "past"), zip(*found, strict=True), strict=True)}


def _to_quantity(clause: ClauseContext, starts: list[int], stretch: tuple[int, int], quantity: Quantity) -> tuple[str, str, str]:
    start, end = stretch
    side, low, high = ("b", end, quantity.start) if end <= quantity.start else ("a", quantity.end, start)
    first, end = bisect_left(starts, low), bisect_left(starts, high)
    between = max(0, end - first)
    return (
        f"{side}{min(between, 4)}",
        side + ("".join([token.text for token in clause.tokens[first:end]]) if between < 3 else "far"),
        "y" if any(low <= other.start < high for other in clause.quantities) else "",
    )
