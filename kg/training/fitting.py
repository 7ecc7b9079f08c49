"""Logistic regression over named features by L-BFGS, many labels at once.

Weights are rounded as they are written. Those that come to nothing are left out, and the others fitted again without them, which
regains what the left ones did (as pruned networks are trained on: Han et al. 2015, Learning both Weights and Connections).
"""

from collections import Counter
from collections.abc import Callable, Sequence, Set

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize

from kg.extraction.statements.linear import LinearModel, Rounding, survivors

_STEPS, _STEPS_AGAIN = 60, 30  # of L-BFGS
_FREE = 10.0  # stands for whose a row is, so that this weighs next to nothing against `l2`
Rows = Sequence[Set[str]]
_Matrix = npt.NDArray[np.floating]
_Residuals = Callable[[_Matrix], tuple[float, _Matrix]]  # scores to loss and its gradient


def fit_independent(
    rows: Rows, targets: npt.NDArray[np.float32], labels: Sequence[str], l2: float, rounding: Rounding, *, rare: int = 3
) -> LinearModel:
    """Fit one yes-or-no model a label; `targets` has shape (rows, labels), features of fewer than `rare` rows are left out."""
    index, matrix = _matrix(rows, rare)
    return LinearModel(tuple(labels), index, _minimise(matrix, *_independent(targets), l2, rounding)).rounded(rounding)


def fit_adapted(
    rows: Rows,
    targets: npt.NDArray[np.float32],
    labels: Sequence[str],
    l2: float,
    rounding: Rounding,
    *,
    own: Sequence[bool],
    rare: int = 3,
) -> LinearModel:
    """Fit yes-or-no models for a domain, `own` of the rows, with others' help.

    Each feature has a weight that both share and one of each domain's own, which says where its answers differ; returned are the sums
    for the domain (Daumé III 2007, Frustratingly Easy Domain Adaptation).
    """
    index, matrix = _matrix(rows, rare)
    whole = sp.hstack([matrix, np.full((len(rows), 1), _FREE, np.float32)]).tocsr()  # with whose the row is alone
    mine = sp.diags(np.array(own, np.float32))
    apart = sp.hstack([whole, mine @ whole, whole - mine @ whole]).tocsr().astype(np.float32)
    weights = _minimise(apart, *_independent(targets), l2, None)
    count = whole.shape[1]
    found = weights[:count] + weights[count : 2 * count]
    found[-1] = _FREE * found[-1] + weights[-1]
    return LinearModel(tuple(labels), index, found).rounded(rounding)


def fit_exclusive(
    rows: Rows, answers: Sequence[str], labels: Sequence[str], l2: float, rounding: Rounding, *, rare: int = 3
) -> LinearModel:
    """Fit one model that chooses one of the labels; `answers` holds the right label of each row."""
    index, matrix = _matrix(rows, rare)
    targets = np.zeros((len(rows), len(labels)), np.float32)
    targets[np.arange(len(rows)), [labels.index(answer) for answer in answers]] = 1
    bias = np.log(targets.mean(0) + 1e-4)

    def residuals(scores: _Matrix) -> tuple[float, _Matrix]:
        raised = np.exp(scores - scores.max(1, keepdims=True))
        chances = raised / raised.sum(1, keepdims=True)
        return float(-np.log((chances * targets).sum(1) + 1e-12).sum()), chances - targets

    return LinearModel(tuple(labels), index, _minimise(matrix, bias, residuals, l2, rounding)).rounded(rounding)


def _independent(targets: npt.NDArray[np.float32]) -> tuple[_Matrix, _Residuals]:
    """Return the bias to begin with and the loss of one yes-or-no model a label."""
    prior = targets.mean(0)
    bias = np.log((prior + 1e-4) / (1 - prior + 1e-4))

    def residuals(scores: _Matrix) -> tuple[float, _Matrix]:
        loss = np.logaddexp(0, scores).sum() - (targets * scores).sum()
        return float(loss), 1 / (1 + np.exp(-scores)) - targets

    return bias, residuals


def _matrix(rows: Rows, rare: int) -> tuple[dict[str, int], sp.csr_matrix]:
    counts = Counter(feature for row in rows for feature in row)
    index = {feature: number for number, feature in enumerate(sorted(f for f, count in counts.items() if count >= rare))}
    places = [sorted(index[feature] for feature in row if feature in index) for row in rows]
    indices = np.array([place for row in places for place in row], np.int32)
    starts = np.cumsum([0, *map(len, places)])
    return index, sp.csr_matrix((np.ones(len(indices), np.float32), indices, starts), shape=(len(rows), len(index)))


def _minimise(matrix: sp.csr_matrix, bias: _Matrix, residuals: _Residuals, l2: float, rounding: Rounding | None) -> npt.NDArray[np.float32]:
    """Return weights of shape (features + 1, labels), those that `rounding` leaves fitted twice; the bias is not held down by `l2`."""
    features, labels = matrix.shape[1], len(bias)
    transposed = matrix.T.tocsr()

    def objective(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat.reshape(features + 1, labels).astype(np.float32)
        loss, off = residuals(matrix @ weights[:-1] + weights[-1])
        gradient = np.vstack([transposed @ off + l2 * weights[:-1], off.sum(0)]) * kept
        return loss + 0.5 * l2 * float((weights[:-1] ** 2).sum()), gradient.ravel().astype(np.float64)

    def least(start: _Matrix, steps: int) -> npt.NDArray[np.float32]:
        found = minimize(objective, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 6})
        return np.asarray(found.x.reshape(features + 1, labels), np.float32)

    kept = np.ones((features + 1, labels), np.bool_)
    weights = least(np.vstack([np.zeros((features, labels)), bias]), _STEPS)
    if rounding is not None:
        kept = survivors(weights, rounding)
        weights = least((weights * kept).astype(np.float64), _STEPS_AGAIN)
    return weights
