"""Weights that rank candidates: of each group the right ones should outweigh the others."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize

from kg.extraction.statements.linear import LinearModel, Rounding


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates for one place: the features of each, and which are right (at least one)."""

    rows: Sequence[Collection[str]]
    right: Sequence[bool]


def fit_ranking(groups: Sequence[Group], l2: float, rounding: Rounding, *, rare: int = 6) -> LinearModel:
    """Return one weight a feature, such that in each group the right candidates together get most of the probability."""
    rows = [row for group in groups for row in group.rows]
    right = np.array([flag for group in groups for flag in group.right], bool)
    begins = np.cumsum([0, *(len(group.rows) for group in groups)])[:-1]
    sizes = np.array([len(group.rows) for group in groups])
    counts = Counter(feature for row in rows for feature in row)
    index = {feature: number for number, feature in enumerate(sorted(f for f, count in counts.items() if count >= rare))}
    places = [sorted(index[feature] for feature in row if feature in index) for row in rows]
    indices = np.array([place for row in places for place in row], np.int32)
    matrix = sp.csr_matrix((np.ones(len(indices)), indices, np.cumsum([0, *map(len, places)])), shape=(len(rows), len(index)))
    transposed = matrix.T.tocsr()

    def objective(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = matrix @ weights
        raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, begins), sizes))
        total = np.add.reduceat(raised, begins)
        good = np.add.reduceat(raised * right, begins) + 1e-12
        off = raised / np.repeat(total, sizes) - raised * right / np.repeat(good, sizes)
        return float(-np.log(good / total).sum() + 0.5 * l2 * weights @ weights), transposed @ off + l2 * weights

    found = minimize(objective, np.zeros(len(index)), jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return LinearModel(("right",), index, np.append(found.x, 0).astype(np.float32)[:, None]).rounded(rounding)
