"""A small network that ranks: like the linear ranker, with units that let features count together."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from kg.extraction.statements.arguments.network import joined, labels
from kg.extraction.statements.linear import LinearModel, Rounding
from kg.training.ranking import Group

_PAIRS = 4
_ROUNDS = 4
_AVERAGED, _EVERY = 2, 4  # rounds at the end of which each fourth step counts in the mean
_BATCH = 128
_STEP = 0.003
_DROPPED = 0.3  # share of the features left out of a batch
_DECAY = 1e-5
_NOISE = 0.01
_Matrix = npt.NDArray[np.float32]


def fit_network(groups: Sequence[Group], rounding: Rounding, *, rare: int = 10) -> LinearModel:
    """Return weights such that in each group the right candidates together get most of the probability; the same groups give the same."""
    rows = [row for group in groups for row in group.rows]
    counts = Counter(feature for row in rows for feature in row)
    index = {feature: number for number, feature in enumerate(sorted(f for f, count in counts.items() if count >= rare))}
    places = [sorted(index[feature] for feature in row if feature in index) for row in rows]
    indices = np.array([place for row in places for place in row], np.int32)
    matrix = sp.csr_matrix((np.ones(len(indices), np.float32), indices, np.cumsum([0, *map(len, places)])), shape=(len(rows), len(index)))
    right = np.array([flag for group in groups for flag in group.right], np.float32)
    begins = np.cumsum([0, *(len(group.rows) for group in groups)])
    return LinearModel(labels(_PAIRS), index, _descend(matrix, right, begins)).rounded(rounding)


def _descend(matrix: sp.csr_matrix, right: _Matrix, begins: npt.NDArray[np.int64]) -> _Matrix:
    """Go down the gradient in batches of groups, with steps that Adam scales and that grow smaller; return the mean of the last rounds.

    The mean of weights along the way generalises better than the last of them (Izmailov et al. 2018, Averaging Weights Leads to Wider
    Optima), and hangs less on the order of the groups.
    """
    random = np.random.default_rng(0)
    weights = random.normal(0, _NOISE, (matrix.shape[1] + 1, 2 * _PAIRS + 1)).astype(np.float32)
    weights[:, 0] = 0
    signs = np.array([1.0] * _PAIRS + [-1.0] * _PAIRS, np.float32)
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    total = np.zeros_like(weights, np.float64)
    count, number, averaged = len(begins) - 1, 0, 0
    for round_ in range(_ROUNDS):
        step = _STEP * (1 - 0.9 * round_ / _ROUNDS)
        order = random.permutation(count)
        for first in range(0, count, _BATCH):
            chosen = order[first : first + _BATCH]
            sizes = begins[chosen + 1] - begins[chosen]
            lines = np.concatenate([np.arange(begins[group], begins[group + 1]) for group in chosen])
            part = matrix[lines].copy()
            part.data *= (random.random(len(part.data)) > _DROPPED) / np.float32(1 - _DROPPED)
            sums = np.asarray(part @ weights[:-1] + weights[-1], np.float32)
            off = _off(joined(sums), right[lines], sizes)
            back = np.concatenate([off[:, None], off[:, None] * signs * (sums[:, 1:] > 0)], 1)
            gradient = np.vstack([part.T @ back, back.sum(0)])
            number += 1
            mean += 0.1 * (gradient - mean)
            spread += 0.001 * (gradient**2 - spread)
            weights -= step * (mean / (1 - 0.9**number)) / (np.sqrt(spread / (1 - 0.999**number)) + 1e-8) + _DECAY * weights
            if round_ >= _ROUNDS - _AVERAGED and number % _EVERY == 0:
                total += weights
                averaged += 1
    return (total / averaged).astype(np.float32) if averaged else weights


def _off(scores: _Matrix, right: _Matrix, sizes: npt.NDArray[np.int64]) -> _Matrix:
    """Return for each candidate how far its probability is off, a mean over the groups."""
    begins = np.cumsum([0, *sizes])[:-1]
    raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, begins), sizes))
    total = np.repeat(np.add.reduceat(raised, begins), sizes)
    good = np.repeat(np.add.reduceat(raised * right, begins), sizes) + 1e-9
    return np.asarray((raised / total - raised * right / good) / len(sizes), np.float32)
