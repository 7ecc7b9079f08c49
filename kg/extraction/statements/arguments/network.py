"""A small network over coded features: plain weights, and units that add or take away what they exceed zero by."""

import functools

import numpy as np

from kg.extraction.statements.arguments.coded import CodedModel, Columns, Templates
from kg.extraction.statements.linear import LinearModel, Scores


def labels(pairs: int) -> tuple[str, ...]:
    """Return the columns of a network with so many pairs of units.

    >>> labels(1)
    ('right', 'for 0', 'against 0')
    """
    return ("right", *(f"for {number}" for number in range(pairs)), *(f"against {number}" for number in range(pairs)))


def joined(sums: Scores) -> Scores:
    """Return the score of each row from its sums of weights, shape (rows, 1 + 2 * pairs).

    >>> joined(np.array([[1.0, 2.0, -3.0], [1.0, -2.0, 3.0]], np.float32)).tolist()
    [3.0, -2.0]
    """
    pairs = (sums.shape[1] - 1) // 2
    raised = np.maximum(sums[:, 1:], 0)
    return np.asarray(sums[:, 0] + raised[:, :pairs].sum(1) - raised[:, pairs:].sum(1))


class Network:
    """Scores the rows of columns of values."""

    def __init__(self, model: LinearModel, templates: Templates) -> None:
        self._coded = CodedModel(model, templates)

    def scores(self, columns: Columns) -> list[float]:
        """Return the score of each row."""
        return list(joined(self._coded.scores(columns)).tolist())


@functools.lru_cache(maxsize=4)
def network(model: LinearModel, templates: tuple[tuple[str, ...], ...]) -> Network:
    """Return the network that a model holds, its weights laid out for look-up once."""
    return Network(model, templates)
