"""Which words of a clause are the subject, the object and the role of a relation: a linear model labels the words."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kg.extraction.statements.arguments.coded import CodedModel, Columns
from kg.extraction.statements.arguments.columns import CLAUSE_TEMPLATES, RELATION_TEMPLATES, clause_columns, relation_columns
from kg.extraction.statements.arguments.wanted import Wanted
from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.linear import LinearModel, Scores

OUT = "out"
PARTS = ("subject", "object", "value")
LABELS = (OUT, *(f"{part}{mark}" for part in PARTS for mark in ("+", "")))  # "subject+" begins one, "subject" goes on with it
_BEGINS = {LABELS.index(f"{part}+"): LABELS.index(part) for part in PARTS}
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

    def scores(self, asked: Sequence[tuple[ClauseContext, Wanted]]) -> list[Scores]:
        """Return the scores of the labels of each clause's words, shape (words, labels); no clause may be without words."""
        clauses = {clause.number: clause for clause, _ in asked}
        if not clauses:
            return []
        columns = {number: clause_columns(clause) for number, clause in clauses.items()}
        apart = self._clause.scores(_joined(list(columns.values()), self._clause.fields))
        begins = np.cumsum([0, *(len(clause.tokens) for clause in clauses.values())])
        own = {number: apart[begins[place] : begins[place + 1]] for place, number in enumerate(clauses)}
        parts = [columns[clause.number] | relation_columns(clause, wanted) for clause, wanted in asked]
        related = self._relation.scores(_joined(parts, self._relation.fields))
        ends = np.cumsum([len(clause.tokens) for clause, _ in asked]).tolist()
        return [own[clause.number] + related[end - len(clause.tokens) : end] for (clause, _), end in zip(asked, ends, strict=True)]


def _joined(parts: Sequence[Columns], fields: Iterable[str]) -> Columns:
    return {field: [value for part in parts for value in part[field]] for field in fields}


@functools.lru_cache(maxsize=4)
def tagger(model: LinearModel) -> Tagger:
    """Return the tagger of a model, laid out once."""
    return Tagger(model)


def leanings(scores: Scores, part: str) -> list[float]:
    """Return how much more each word looks like a part than like anything else."""
    own, others = _COLUMNS[part]
    return list((scores[:, own].max(1) - scores[:, others].max(1)).tolist())


def decode(asked: Sequence[Scores]) -> list[list[int]]:
    """Return the best label of each word of each clause, where a part goes on only after it began."""
    if not asked:
        return []
    lengths = [len(scores) for scores in asked]
    padded = np.zeros((len(asked), max(lengths), len(LABELS)), np.float32)
    for number, scores in enumerate(asked):
        padded[number, : len(scores)] = scores
    best = padded[:, 0].copy()
    best[:, list(_BEGINS.values())] = _NEVER
    back = np.zeros(padded.shape, np.int8)
    sums = [best]
    for place in range(1, padded.shape[1]):
        sources = np.repeat(best.argmax(1)[:, None], len(LABELS), 1)
        for begin, on in _BEGINS.items():
            sources[:, on] = np.where(best[:, begin] >= best[:, on], begin, on)
        best = np.take_along_axis(best, sources, 1) + padded[:, place]
        back[:, place] = sources
        sums.append(best)
    paths = []
    for number, length in enumerate(lengths):
        path = [int(sums[length - 1][number].argmax())]
        for place in range(length - 1, 0, -1):
            path.append(int(back[number, place, path[-1]]))
        paths.append(path[::-1])
    return paths


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
