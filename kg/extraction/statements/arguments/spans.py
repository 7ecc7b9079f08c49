"""Which words of a clause are the subject, the object and the role of a relation: a linear model labels the words."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.extraction.statements.arguments.coded import CodedModel, Flags, Numbers
from kg.extraction.statements.arguments.columns import CLAUSE_TEMPLATES, RELATION_TEMPLATES, clause_columns, relation_columns
from kg.extraction.statements.arguments.wanted import Wanted
from kg.extraction.statements.arguments.words import Rows, Words
from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.linear import LinearModel, Scores

OUT = "out"
PARTS = ("subject", "object", "value")
LABELS = (OUT, *(f"{part}{mark}" for part in PARTS for mark in ("+", "")))  # "subject+" begins one, "subject" goes on with it
_BEGINS = {LABELS.index(f"{part}+"): LABELS.index(part) for part in PARTS}
_BEGIN, _ON = list(_BEGINS), list(_BEGINS.values())
_COLUMNS = {
    part: (
        [n for n, label in enumerate(LABELS) if label.startswith(part)],
        [n for n, label in enumerate(LABELS) if not label.startswith(part)],
    )
    for part in PARTS
}
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of whole words that plays a part; `score` is how much better its labels suit than `out`, a word."""

    start: int
    end: int
    part: str
    score: float


class Tagger:
    """Scores the labels of words, for all relations of a document at once."""

    def __init__(self, model: LinearModel) -> None:
        self._clause = CodedModel(model, CLAUSE_TEMPLATES)
        self._relation = CodedModel(model, RELATION_TEMPLATES, len(CLAUSE_TEMPLATES))

    def scores(self, words: Words, asked: Sequence[tuple[ClauseContext, Wanted]]) -> list[Scores]:
        """Return the scores of the labels of each clause's words, shape (words, labels); no clause may be without words."""
        if not asked:
            return []
        rows = Rows(words, [(clause, wanted.anchor.spans) for clause, wanted in asked])
        numbers = np.unique(rows.clauses)
        lines = words.lines(numbers)
        own = self._clause.scores(clause_columns(words, lines))[np.searchsorted(lines, rows.lines)]
        columns = {**clause_columns(words, rows.lines), **relation_columns(rows, [wanted for _, wanted in asked])}
        return np.split(own + self._relation.scores(columns), rows.begins[1:-1])


@functools.lru_cache(maxsize=4)
def tagger(model: LinearModel) -> Tagger:
    """Return the tagger of a model, laid out once."""
    return Tagger(model)


def leanings(scores: Scores, part: str) -> Scores:
    """Return how much more each word looks like a part than like anything else, from the scores of its labels."""
    own, others = _COLUMNS[part]
    return np.asarray(scores[:, own].max(1) - scores[:, others].max(1))


def decode(asked: Sequence[Scores]) -> list[list[int]]:
    """Return the best label of each word of each clause, where a part goes on only after it began."""
    if not asked:
        return []
    lengths = np.array([len(scores) for scores in asked])
    steps, rows = int(lengths.max()), np.arange(len(asked))
    padded = np.zeros((steps, len(asked), len(LABELS)), np.float32)
    for number, scores in enumerate(asked):
        padded[: len(scores), number] = scores
    best = padded[0].copy()
    best[:, _ON] = _NEVER
    sums, back = [best], []
    for place in range(1, steps):
        begins, on = best[:, _BEGIN], best[:, _ON]
        top = best.argmax(1)
        sources = np.repeat(top[:, None], len(LABELS), 1)
        sources[:, _ON] = np.where(begins >= on, _BEGIN, _ON)
        reached = np.repeat(best[rows, top][:, None], len(LABELS), 1)
        reached[:, _ON] = np.maximum(begins, on)
        best = reached + padded[place]
        back.append(sources)
        sums.append(best)
    path = np.empty((len(asked), steps), np.int64)
    last = np.array(sums)[lengths - 1, rows].argmax(1)
    for place in range(steps - 1, -1, -1):
        inside = place < lengths - 1
        path[:, place] = last = np.where(inside, back[place][rows, path[:, place + 1]], last) if place + 1 < steps else last
    return [labels[:length] for labels, length in zip(path.tolist(), lengths.tolist(), strict=True)]


def read_spans(clause: ClauseContext, scores: Scores, path: Sequence[int]) -> list[Span]:
    """Return the stretches that the labels of a clause's words mark."""
    spans = []
    tokens, rows = clause.tokens, scores.tolist()
    place = 0
    while place < len(path):
        if path[place] not in _BEGINS:
            place += 1
            continue
        on, first = _BEGINS[path[place]], place
        place += 1
        while place < len(path) and path[place] == on:
            place += 1
        gain = sum(rows[n][path[n]] - rows[n][0] for n in range(first, place)) / (place - first)
        spans.append(Span(tokens[first].start, tokens[place - 1].end, LABELS[on], gain))
    return spans


def overlapping(spans: Sequence[Sequence[Span]], owner: Numbers, stretch: tuple[Numbers, Numbers]) -> Flags:
    """Say which spans of its place each row's stretch overlaps, shape (most spans of a place, rows)."""
    return lies(spans, owner, stretch)[0]


def lies(spans: Sequence[Sequence[Span]], owner: Numbers, stretch: tuple[Numbers, Numbers]) -> tuple[Flags, Numbers, Numbers]:
    """Return which spans are overlapped, where they begin and where they end, each of shape (most spans of a place, rows)."""
    most = max([1, *map(len, spans)])
    table = np.zeros((2, most, len(spans)), np.int64)
    for place, some in enumerate(spans):
        for number, span in enumerate(some):
            table[:, number, place] = span.start, span.end
    left, right = table[:, :, owner]
    start, end = stretch
    return (left < end) & (start < right), left, right
