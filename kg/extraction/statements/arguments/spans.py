"""Which words of a clause are the subject, the object and the role of a relation: a linear model labels the words."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.linear import LinearModel, Scores
from kg.extraction.tokens import Token
from kg.model import Predicate, Stance

OUT = "out"
PARTS = ("subject", "object", "value")
LABELS = (OUT, *(f"{part}{mark}" for part in PARTS for mark in ("+", "")))  # "subject+" begins one, "subject" goes on with it
_BEGINS = {LABELS.index(f"{part}+"): LABELS.index(part) for part in PARTS}
_NEVER = -1e9
_FAR = 6
_PAIRS = {"“": "”", "「": "」", "《": "》", "(": ")", '"': '"', "『": "』"}


@dataclass(frozen=True, slots=True)
class Anchor:
    """What in the clause states the relation: its cue words, or the quantity that a measure has."""

    spans: tuple[tuple[int, int], ...]
    word: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of whole words that plays a part; `score` is how much better its labels suit than `out`, a word."""

    start: int
    end: int
    part: str
    score: float


def anchors(clause: ClauseContext, predicate: Predicate) -> list[Anchor]:
    """Return what may be read as stating `predicate` in a clause: one a quantity for measures, else all its cues together."""
    cues = [cue for cue in clause.cues if predicate in cue.points_to]
    if predicate is Predicate.METRIC and clause.quantities:
        return [Anchor(((quantity.start, quantity.end),), quantity.unit or "-") for quantity in clause.quantities]
    return [Anchor(tuple((cue.start, cue.end) for cue in cues), cues[-1].word if cues else "-")]


def clause_features(clause: ClauseContext) -> list[list[str]]:
    """Return what a clause says of each of its words, whatever relation is looked for."""
    tokens = clause.tokens
    words = ["<", "<", *(token.text for token in tokens), ">", ">"]
    tags = ["<", "<", *(token.tag for token in tokens), ">", ">"]
    marks = [_mark(token, clause) for token in tokens]
    quoted = _quoted(tokens)
    last = len(tokens) - 1
    rows = []
    for place in range(len(tokens)):
        at = place + 2
        word, tag = words[at], tags[at]
        rows.append(
            [
                f"w:{word}",
                f"t:{tag}",
                f"w-1:{words[at - 1]}",
                f"w+1:{words[at + 1]}",
                f"w-2:{words[at - 2]}",
                f"w+2:{words[at + 2]}",
                f"t-1:{tags[at - 1]}",
                f"t+1:{tags[at + 1]}",
                f"t:{tags[at - 1]}{tag}",
                f"t:{tag}{tags[at + 1]}>",
                f"t:{tags[at - 2]}{tags[at - 1]}{tag}",
                f"t:{tags[at - 1]}{tag}{tags[at + 1]}>",
                f"m:{marks[place]}",
                f"m:{marks[place]}{marks[place - 1] if place else '<'}",
                f"m:{marks[place]}{marks[place + 1] if place < last else '>'}>",
                f"q:{quoted[place]}{place in (0, last)}",
                f"at:{min(place, 4)}",
                f"till:{min(last - place, 4)}",
                f"end:{word[-1]}{tag[0]}",
                f"told:{tokens[place].start < clause.attribution.content}",
            ]
        )
    return rows


@dataclass(frozen=True, slots=True)
class Wanted:
    """The relation whose parts are looked for."""

    predicate: Predicate
    stance: Stance
    anchor: Anchor


def relation_features(clause: ClauseContext, wanted: Wanted) -> list[list[str]]:
    """Return what the relation looked for says of each word of a clause."""
    tokens = clause.tokens
    relation = wanted.predicate.value
    places = _anchor_places(tokens, wanted.anchor)
    preposition = "-"
    rows = []
    for place, token in enumerate(tokens):
        tag, mark = token.tag, _mark(token, clause)
        side, steps = _distance(place, places)
        near = f"{side}{min(steps, _FAR)}"
        before, after = (tokens[place - 1] if place else None), (tokens[place + 1] if place + 1 < len(tokens) else None)
        rows.append(
            [
                f"{near}",
                f"{near}{tag}",
                f"{side}{tag}{mark}",
                f"{relation}{near}",
                f"{relation}{near}{tag}",
                f"{relation}{side}{tag}",
                f"{relation}{side}{mark}",
                f"{relation}w{token.text}",
                f"{relation}w-{before.text if before else '<'}",
                f"{relation}w+{after.text if after else '>'}",
                f"{relation}t{before.tag if before else '<'}{tag}{after.tag if after else '>'}",
                f"{relation}p{side}{preposition}",
                f"p{side}{preposition}{tag}",
                f"{wanted.anchor.word}{side}{min(steps, 2)}",
                f"{relation}at{min(place, 2)}{side}",
                f"{relation}{wanted.stance.value}{side}{tag[0]}",
            ]
        )
        if tag in ("p", "c", "uj") or token.text == "、":
            preposition = token.text
    return rows


def _anchor_places(tokens: Sequence[Token], anchor: Anchor) -> list[int]:
    return [n for n, token in enumerate(tokens) if any(start < token.end and token.start < end for start, end in anchor.spans)]


def _distance(place: int, places: list[int]) -> tuple[str, int]:
    """Return the side of the nearest word of the anchor that a word stands on, and how many words off."""
    if not places:
        return "none", 0
    nearest = min(places, key=lambda other: abs(other - place))
    return ("at" if nearest == place else "left" if place < nearest else "right"), abs(nearest - place)


def _mark(token: Token, clause: ClauseContext) -> str:
    """Say whether a word lies in a reference (and of which kind), a quantity or a cue."""
    for reference in clause.references:
        if reference.mention.start <= token.start < reference.mention.end:
            return f"{reference.kind.value}{'+' if reference.mention.start == token.start else ''}"
    if any(quantity.start <= token.start < quantity.end for quantity in clause.quantities):
        return "number"
    return "cue" if any(cue.start <= token.start < cue.end for cue in clause.cues) else ""


def _quoted(tokens: Sequence[Token]) -> list[str]:
    """Return for each word the mark that it stands between, if any."""
    inside, closing, marks = "", "", []
    for token in tokens:
        if token.text == closing:
            inside = closing = ""
        marks.append(inside)
        if not closing and token.text in _PAIRS:
            inside, closing = token.text, _PAIRS[token.text]
    return marks


def sums(model: LinearModel, rows: Sequence[Sequence[str]]) -> Scores:
    """Return the summed weights of rows of features, without the bias; every row must have as many features as the others."""
    get, unknown = model.index.get, len(model.index)
    places = np.array([[get(feature, unknown) for feature in row] for row in rows], np.int32)
    return np.asarray(_without_bias(model)[places].sum(1), np.float32)


@functools.lru_cache(maxsize=4)
def _without_bias(model: LinearModel) -> Scores:
    """Return the weights with a last row of zeros, for features that the model does not know."""
    known = model.weights.copy()
    known[-1] = 0
    return known


def leanings(scores: Scores, part: str) -> list[float]:
    """Return how much more each word looks like a part than like anything else."""
    own = [label for label, name in enumerate(LABELS) if name.startswith(part)]
    return list((scores[:, own].max(1) - np.delete(scores, own, 1).max(1)).tolist())


def decode(scores: Scores) -> list[int]:
    """Return the best label of each word, where a part goes on only after it began."""
    labels = range(len(LABELS))
    rows = scores.tolist()
    best, back = [_NEVER if label in _BEGINS.values() else rows[0][label] for label in labels], []
    for row in rows[1:]:
        top = max(labels, key=best.__getitem__)
        sources = [top] * len(LABELS)
        for begin, on in _BEGINS.items():
            sources[on] = begin if best[begin] >= best[on] else on
        back.append(sources)
        best = [best[sources[label]] + row[label] for label in labels]
    path = [max(labels, key=best.__getitem__)]
    for sources in reversed(back):
        path.append(sources[path[-1]])
    path.reverse()
    return path


def read_spans(clause: ClauseContext, scores: Scores, path: Sequence[int]) -> list[Span]:
    """Return the stretches that the labels of a clause's words mark."""
    spans = []
    tokens = clause.tokens
    place = 0
    while place < len(path):
        if path[place] not in _BEGINS:
            place += 1
            continue
        on, first = _BEGINS[path[place]], place
        place += 1
        while place < len(path) and path[place] == on:
            place += 1
        gain = sum(float(scores[n, path[n]] - scores[n, 0]) for n in range(first, place)) / (place - first)
        spans.append(Span(tokens[first].start, tokens[place - 1].end, LABELS[on], gain))
    return spans
