"""Sums of weights for single rows of features: what ranks candidates, faster than matrices for a dozen rows."""

import functools
from collections.abc import Iterable, Mapping

from kg.extraction.statements.linear import LinearModel


@functools.lru_cache(maxsize=8)
def weights(model: LinearModel) -> Mapping[str, float]:
    """Return the weight of each feature of a model with one label."""
    return {feature: float(model.weights[place, 0]) for feature, place in model.index.items()}


def total(known: Mapping[str, float], row: Iterable[str]) -> float:
    """Return the sum of the weights of a row; unknown features count nothing.

    >>> total({"kind-company": 1.5, "gap0": -0.5}, ["kind-company", "gap0", "gap1"])
    1.0
    """
    return sum(filter(None, map(known.get, row)))
