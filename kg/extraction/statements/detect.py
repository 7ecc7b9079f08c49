"""Which relations a clause states.

A linear model over words scores all predicates at once; trees then weigh the likely ones by how their cue stands in the clause
(first verb or noun, names on which side) and by what the neighbouring clauses state.
"""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.extraction.statements.context import Context
from kg.extraction.statements.features import clause_features, cue_shape, pieces, setting
from kg.extraction.statements.linear import LinearModel, Scores, model, sigmoid
from kg.extraction.statements.trees import Trees, load_trees
from kg.lexicon import data_directory
from kg.model import Predicate

PREDICATES = tuple(Predicate)
FLOOR = -5.0  # log-odds below which a predicate is not looked at again
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
        places, rows = candidates(context, self.words.scores(clause_rows(context)), self.strengths)
        if not places:
            return []
        chances = sigmoid(self.trees.scores(rows))
        return [
            Pick(number, predicate, float(chance), _cue(context, number, predicate))
            for (number, predicate), chance in zip(places, chances, strict=True)
            if chance >= self.threshold
        ]


def clause_rows(context: Context) -> list[set[str]]:
    """Return the named features of every clause."""
    return [clause_features(context, number) for number in range(len(context.clauses))]


def candidates(context: Context, scores: Scores, strengths: LinearModel) -> tuple[list[tuple[int, Predicate]], npt.NDArray[np.float32]]:
    """Return the likely (clause, predicate) pairs and their numbers for the trees, shape (pairs, 36)."""
    places: list[tuple[int, Predicate]] = []
    rows: list[list[float]] = []
    padded = np.vstack([np.full((1, scores.shape[1]), _NONE), scores, np.full((1, scores.shape[1]), _NONE)])
    best = np.sort(scores, 1)[:, ::-1]
    by_predicate = _columns(strengths)
    for number, clause in enumerate(context.clauses):
        likely = np.flatnonzero(scores[number] >= FLOOR)
        if not len(likely):
            continue
        row = pieces(clause)
        around = setting(context, number, row)
        for column in likely:
            own = float(scores[number, column])
            predicate = PREDICATES[column]
            places.append((number, predicate))
            rows.append(
                [
                    own,
                    float(best[number, int(best[number, 0] == own)]),
                    float(padded[number, column]),
                    float(padded[number + 2, column]),
                    float(padded[number].max()),
                    float(padded[number + 2].max()),
                    float(column),
                    float((scores[number] > own).sum()),
                    *cue_shape(clause, row, predicate, by_predicate[column]),
                    *around,
                ]
            )
    return places, np.array(rows, np.float32)


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
