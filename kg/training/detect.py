"""Weights of the detector: words to predicates, strengths of cues, and the trees on top of both."""

import math
import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from kg.extraction.statements.detect import PREDICATES, THRESHOLD, Detector, candidates, clause_rows
from kg.extraction.statements.features import UNSEEN, pieces
from kg.extraction.statements.linear import LinearModel, Rounding
from kg.extraction.statements.trees import Trees
from kg.training.corpus import Annotated
from kg.training.fitting import fit_independent

_L2 = 2.0
_RARE = 6  # rows that a feature has to stand in: half the features of 3, hardly another figure
ROUNDING = Rounding(10)
STRENGTHS = Rounding(127)
_PARTS = 5  # the trees learn from scores that the linear model gave to documents it had not seen
_NAMES = [predicate.value for predicate in PREDICATES]
_Rows = dict[str, list[set[str]]]


def fit(documents: Sequence[Annotated]) -> Detector:
    """Fit a detector on annotated documents."""
    laid_out = {document.name: [pieces(clause) for clause in document.context.clauses] for document in documents}
    rows = {document.name: clause_rows(document.context, laid_out[document.name]) for document in documents}
    truth = {document.name: targets(document) for document in documents}
    matrices, answers = [], []
    shuffled = list(documents)
    random.Random(0).shuffle(shuffled)
    for part in range(_PARTS):
        unseen = shuffled[part::_PARTS]
        seen = [document for document in shuffled if document not in unseen]
        words, strengths = _fit_words(seen, rows, truth), cue_strengths(seen, truth)
        for document in unseen:
            scores = words.scores(rows[document.name])
            places, matrix = candidates(document.context, laid_out[document.name], scores, strengths)
            matrices.append(matrix)
            answers.append([truth[document.name][number, PREDICATES.index(predicate)] for number, predicate in places])
    trees = _fit_trees(np.vstack([matrix for matrix in matrices if len(matrix)]), np.concatenate(answers))
    return Detector(_fit_words(documents, rows, truth), cue_strengths(documents, truth), trees, THRESHOLD)


def targets(document: Annotated) -> npt.NDArray[np.float32]:
    """Return which predicates each clause states, shape (clauses, predicates).

    A record counts for the last clause of its quote that holds a cue of its predicate, else for the clause its quote ends in.
    """
    clauses = document.context.clauses
    out = np.zeros((len(clauses), len(PREDICATES)), np.float32)
    for last, record in document.records:
        name = record["predicate"]
        number = last
        while number >= 0 and clauses[number].end > record["start"]:
            if any(name in cue.points_to for cue in clauses[number].cues):
                out[number, _NAMES.index(name)] = 1
                break
            number -= 1
        else:
            out[last, _NAMES.index(name)] = 1
    return out


def cue_strengths(documents: Sequence[Annotated], truth: dict[str, npt.NDArray[np.float32]]) -> LinearModel:
    """Return the log-odds that a clause with a cue word states each predicate the word points to, smoothed by the predicate's own."""
    hits: Counter[tuple[str, str]] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    for document in documents:
        for clause in document.context.clauses:
            for pair in {(cue.word, name) for cue in clause.cues for name in cue.points_to}:
                seen[pair] += 1
                hits[pair] += int(truth[document.name][clause.number, _NAMES.index(pair[1])])
    share: dict[str, float] = {}
    for name in _NAMES:
        total = sum(count for pair, count in seen.items() if pair[1] == name)
        share[name] = sum(count for pair, count in hits.items() if pair[1] == name) / max(1, total)
    index = {word: place for place, word in enumerate(sorted({word for word, _ in seen}))}
    weights = np.full((len(index) + 1, len(_NAMES)), UNSEEN, np.float32)
    for (word, name), count in seen.items():
        right = hits[word, name] + 3 * share[name] + 0.01
        weights[index[word], _NAMES.index(name)] = math.log(right / (count - hits[word, name] + 3 * (1 - share[name]) + 0.01))
    return LinearModel(tuple(_NAMES), index, weights).rounded(STRENGTHS)


def _fit_words(documents: Sequence[Annotated], rows: _Rows, truth: dict[str, npt.NDArray[np.float32]]) -> LinearModel:
    features = [row for document in documents for row in rows[document.name]]
    return fit_independent(features, np.vstack([truth[document.name] for document in documents]), _NAMES, _L2, ROUNDING, rare=_RARE)


def _fit_trees(matrix: npt.NDArray[np.float32], answers: npt.NDArray[np.float32]) -> Trees:
    fitted = HistGradientBoostingClassifier(
        max_iter=240,
        learning_rate=0.06,
        max_leaf_nodes=15,
        max_depth=6,
        max_features=0.3,  # of each split: the trees agree less, and are right more often together
        min_samples_leaf=30,
        l2_regularization=5,
        random_state=0,
    ).fit(matrix, answers)
    nodes = [stage[0].nodes for stage in fitted._predictors]
    roots = np.cumsum([0, *(len(tree) for tree in nodes[:-1])]).astype(np.int32)
    every = np.concatenate(nodes)
    offset = np.repeat(roots, [len(tree) for tree in nodes])
    own = np.arange(len(every))
    leaf = every["is_leaf"].astype(bool)
    return Trees(
        np.where(leaf, 0, every["feature_idx"]).astype(np.int16),
        every["num_threshold"].astype(np.float32),
        np.where(leaf, own, every["left"] + offset).astype(np.int32),
        np.where(leaf, own, every["right"] + offset).astype(np.int32),
        every["missing_go_to_left"].astype(bool),
        np.where(leaf, every["value"], 0).astype(np.float32),
        roots,
        float(fitted._baseline_prediction.ravel()[0]),
        int(every["depth"].max()),
    )
