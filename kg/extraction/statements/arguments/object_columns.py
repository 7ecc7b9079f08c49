"""What speaks for and against a candidate as the object of a relation, a string a field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.extraction.statements.arguments.places import Candidate, Place, words_of
from kg.extraction.statements.context import ClauseContext
from kg.extraction.tokens import Token
from kg.model import Predicate, Quantity

_LONGEST = 12
_FAR = 6
_ORIGINS = ("span", "lift", "phrase", "here", "told", "whom", "near", "back")
_ROLES = ("relation", "kind", "tagged", "stance")
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
_FIELDS = tuple(dict.fromkeys(field for fields in OBJECT_TEMPLATES for field in fields))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all candidates for one place have in common."""

    place: Place
    cue: str
    quantity: Quantity | None
    order: str
    cues: tuple[int, ...]  # the numbers of the words of the cues
    spans: tuple[tuple[int, int], ...]
    subjects: tuple[tuple[int, int], ...]


def surroundings(place: Place) -> Surroundings:
    """Return what is said once of a place."""
    clause = place.clause
    quantity, order = None, "-"
    if place.predicate is Predicate.METRIC:
        for number, one in enumerate(clause.quantities):
            if place.cues and (one.start, one.end) == place.cues[0]:
                quantity, order = one, f"{min(number, 2)}/{min(len(clause.quantities), 3)}"
    return Surroundings(
        place,
        place.word,
        quantity,
        order,
        tuple(n for n, token in enumerate(clause.tokens) if any(s < token.end and token.start < e for s, e in place.cues)),
        tuple((span.start, span.end) for span in place.spans if span.part == "object"),
        tuple((span.start, span.end) for span in place.spans if span.part != "object"),
    )


def object_columns(asked: Sequence[tuple[Place, Sequence[Candidate]]]) -> dict[str, list[str]]:
    """Return a row a candidate, for the candidates of many places one after another."""
    rows: list[Mapping[str, str]] = []
    for place, candidates in asked:
        around = surroundings(place)
        inside = [_words(place, candidate) for candidate in candidates]
        means = [
            _mean(place, words) for candidate, words in zip(candidates, inside, strict=True) if candidate.clause == place.clause.number
        ]
        best = max((mean for mean, _ in means), default=0.0), max((total for _, total in means), default=0.0)
        rows += (_describe(candidate, words, around, best) for candidate, words in zip(candidates, inside, strict=True))
    return {field: [row.get(field, "") for row in rows] for field in _FIELDS}


def _words(place: Place, candidate: Candidate) -> Sequence[int]:
    return words_of(place.context.clauses[candidate.clause], candidate.names[0]) if candidate.names else ()


def _mean(place: Place, words: Sequence[int]) -> tuple[float, float]:
    total = sum(place.object_leanings[n] for n in words)
    return (total / len(words), total) if words else (-9.0, -9.0)


def _describe(candidate: Candidate, inside: Sequence[int], around: Surroundings, best: tuple[float, float]) -> dict[str, str]:
    place = around.place
    clause = place.clause
    first = candidate.names[0] if candidate.names else None
    here = candidate.clause == clause.number
    unit = "" if around.quantity is None else around.quantity.unit or ("-" if around.quantity.value[:1].isdigit() else "rank")
    out = {origin[:4] if origin[:2] != "ph" else "phrase": origin for origin in reversed(candidate.origins)}
    out |= {
        "relation": place.predicate.value,
        "stance": place.stance.value,
        "cue": around.cue,
        "unit": unit,
        "order": around.order,
        "kind": "nothing" if first is None else first.kind.value if first.kind else "text",
        "tagged": "O" if around.spans else "",
        "gap": str(min(clause.number - candidate.clause, 6)),
        "joint": str(min(len(candidate.names), 3)),
        "origins": str(min(len(candidate.origins), 6)),
        "where": "h" if here else "f",
    }
    if first is None or not inside:
        return out
    tokens = place.context.clauses[candidate.clause].tokens
    head, opening = tokens[inside[-1]], tokens[inside[0]]
    before = tokens[inside[0] - 1] if inside[0] else None
    after = tokens[inside[-1] + 1] if inside[-1] + 1 < len(tokens) else None
    out |= {
        "head": head.text,
        "headtag": head.tag[:2],
        "headchar": head.text[-1],
        "first": opening.text,
        "firsttag": opening.tag[:2],
        "firstchar": opening.text[0],
        "before": before.text if before else "<",
        "after": after.text if after else ">",
        "beforetag": _tag(before),
        "aftertag": _tag(after),
        "size": str(min(first.end - first.start, _LONGEST)),
        "words": str(min(len(inside), 8)),
    }
    if here:
        out |= _in_clause(place, inside, around, best)
        if around.quantity is not None:
            out |= _by_quantity(clause, (first.start, first.end), around.quantity)
    return out


def _in_clause(place: Place, inside: Sequence[int], around: Surroundings, best: tuple[float, float]) -> dict[str, str]:
    tokens = place.clause.tokens
    low, high = inside[0], inside[-1]
    lean = place.object_leanings
    mean, total = _mean(place, inside)
    side, steps, between = "none", 0, range(0)
    if around.cues:
        near = min(around.cues, key=lambda cue: min(abs(cue - low), abs(cue - high)))
        if near < low:
            side, steps, between = "right", low - near - 1, range(near + 1, low)
        elif near > high:
            side, steps, between = "left", near - high - 1, range(high + 1, near)
        else:
            side = "over"
    return {
        "mean": _level(mean),
        "low": _level(min(lean[n] for n in inside)),
        "opens": _level(lean[low]),
        "ends": _level(lean[high]),
        "wider": _level(lean[high + 1] if high + 1 < len(tokens) else -9.0),
        "earlier": _level(lean[low - 1] if low else -9.0),
        "lead": _level(mean - best[0]),
        "gain": _level(total - best[1]),
        "sum": _level(total / 2),
        "side": side,
        "steps": str(min(steps, _FAR)),
        "steps3": str(min(steps, 3)),
        "between": "".join(tokens[n].tag[0] for n in between) if steps < 3 else "far",
        "verbs": str(min(sum(tokens[n].tag[0] == "v" for n in between), 2)),
        "atend": "y" if high == len(tokens) - 1 else "",
        "overlap": _overlap((tokens[low].start, tokens[high].end), around.spans),
        "onsubject": "y" if any(s < tokens[high].end and tokens[low].start < e for s, e in around.subjects) else "",
    }


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


def _by_quantity(clause: ClauseContext, stretch: tuple[int, int], quantity: Quantity) -> dict[str, str]:
    """Say how a stretch stands to the quantity of a measure: before or after, how far, with which words between."""
    start, end = stretch
    side, low, high = ("b", end, quantity.start) if end <= quantity.start else ("a", quantity.end, start)
    between = [token for token in clause.tokens if low <= token.start < high]
    return {
        "measured": f"{side}{min(len(between), 4)}",
        "amid": side + ("".join(token.text for token in between) if len(between) < 3 else "far"),
        "past": "y" if any(low <= other.start < high for other in clause.quantities) else "",
    }


def _level(value: float) -> str:
    return str(max(-6, min(6, round(value))))


def _tag(token: Token | None) -> str:
    return token.tag[:2] if token else "|"
