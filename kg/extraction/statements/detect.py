"""Which relations a clause states.

A linear model over words scores all predicates at once; trees then weigh the likely ones by how their cue stands in the clause
(first verb or noun, names on which side) and by what the neighbouring clauses state.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.extraction.statements.context import Context
from kg.extraction.statements.features import Piece, clause_features, cue_shape, pieces, setting
from kg.extraction.statements.linear import LinearModel, Scores, model, sigmoid
from kg.extraction.statements.trees import Trees, load_trees
from kg.lexicon import data_directory
from kg.model import Predicate

PREDICATES = tuple(Predicate)
FLOOR = -4.0  # log-odds below which a predicate is not looked at again
THRESHOLD = 0.2  # the probability from which on a relation is looked at; whole statements are chosen by their confidence
_NONE = -9.0  # stands for the score of a clause that is not there


@dataclass(frozen=True, slots=True)
class Pick:
    """A relation that a clause states, with its probability and the cue word that points to it, if any."""

    clause: int
    predicate: Predicate
    probability: float
    cue: str | None


@dataclass(frozen=True, eq=False)
class Detector:
    """`words` scores clauses; `strengths` are the log-odds of each cue word; `trees` decide; picks reach `threshold`."""

    words: LinearModel
    strengths: LinearModel
    trees: Trees
    threshold: float

    def detect(self, context: Context) -> list[Pick]:
        """Return the relations that each clause states, in text order."""
        if not context.clauses:
            return []
        words = [pieces(clause) for clause in context.clauses]
        places, rows = candidates(context, words, self.words.scores(clause_rows(context, words)), self.strengths)
        if not places:
            return []
        chances = sigmoid(self.trees.scores(rows))
        return [
            Pick(number, predicate, float(chance), _cue(context, number, predicate))
            for (number, predicate), chance in zip(places, chances, strict=True)
            if chance >= self.threshold
        ]


def clause_rows(context: Context, words: Sequence[Sequence[Piece]]) -> list[set[str]]:
    """Return the named features of every clause; `words` are the pieces of each."""
    return [clause_features(context, number, row) for number, row in enumerate(words)]


def candidates(
    context: Context, words: Sequence[Sequence[Piece]], scores: Scores, strengths: LinearModel
) -> tuple[list[tuple[int, Predicate]], npt.NDArray[np.float32]]:
    """Return the likely (clause, predicate) pairs and their numbers for the trees, shape (pairs, 36)."""
    numbers, columns = np.nonzero(scores >= FLOOR)
    if not len(numbers):
        return [], np.empty((0, 36), np.float32)
    by_predicate = _columns(strengths)
    around = {number: setting(context, number, words[number]) for number in np.unique(numbers).tolist()}
    rows = [
        [*cue_shape(context.clauses[number], words[number], PREDICATES[column], by_predicate[column]), *around[number]]
        for number, column in zip(numbers.tolist(), columns.tolist(), strict=True)
    ]
    places = [(number, PREDICATES[column]) for number, column in zip(numbers.tolist(), columns.tolist(), strict=True)]
    return places, np.hstack([_rivals(scores, numbers, columns), np.array(rows, np.float32)])


def _rivals(scores: Scores, numbers: npt.NDArray[np.intp], columns: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    """Return eight numbers a pair: its score, the best other one's, its own and the best in the clauses beside, its column and rank."""
    padded = np.pad(scores, ((1, 1), (0, 0)), constant_values=_NONE)
    own, best = scores[numbers, columns], padded.max(1)
    second = np.partition(scores, -2)[:, -2]
    other = np.where(best[numbers + 1] == own, second[numbers], best[numbers + 1])
    rank = (scores[numbers] > own[:, None]).sum(1)
    beside = padded[numbers, columns], padded[numbers + 2, columns], best[numbers], best[numbers + 2]
    return np.stack([own, other, *beside, columns, rank], 1).astype(np.float32)


@functools.lru_cache(maxsize=8)
def _columns(strengths: LinearModel) -> tuple[dict[str, float], ...]:
    return tuple(
        {word: float(strengths.weights[place, column]) for word, place in strengths.index.items()}
        for column in range(len(strengths.labels))
    )


def _cue(context: Context, number: int, predicate: Predicate) -> str | None:
    return next((cue.word for cue in context.clauses[number].cues if predicate.value in cue.points_to), None)


@functools.cache
def detector() -> Detector:
    """Return the detector of data/weights, read once."""
    return Detector(model("detect"), model("cues"), load_trees(data_directory() / "weights" / "detect_trees.npz"), THRESHOLD)
