"""Linear models over named features: how counting helps the grammar choose.

A feature is a string such as `cue:打造` or `before:没有`, so that a weight can be read, explained and argued about. Weights lie in
data/weights as eight-bit integers with one scale a column, the bias as it is; `kg.training` makes them.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from kg.errors import LexiconError
from kg.extraction.statements.packing import packed
from kg.lexicon import data_directory

Scores: TypeAlias = npt.NDArray[np.float32]

_BETWEEN = "\0"  # between features in a file: a feature may hold a line break, for a clause may


class Rounding(NamedTuple):
    """How weights are written: in so many steps up to the heaviest of a column, without features of at most `faint` steps in all."""

    steps: int = 127
    faint: int = 0


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Weights of shape (features + 1, labels); the last row is the bias."""

    labels: tuple[str, ...]
    index: dict[str, int]
    weights: Scores

    def scores(self, rows: Sequence[Iterable[str]]) -> Scores:
        """Return the sums of the weights of each row's features, shape (rows, labels); unknown features count nothing."""
        get = self.index.get
        out = np.empty((len(rows), len(self.labels)), np.float32)
        for number, row in enumerate(rows):
            known = [place for place in map(get, row) if place is not None]
            known.sort()  # sums do not depend on the order of a set
            np.add.reduce(self.weights.take(known, 0), 0, out=out[number])
        out += self.weights[-1]
        return out

    def explain(self, row: Iterable[str], label: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the features of a row that speak most for a label, with their weights."""
        column = self.labels.index(label)
        found = [(feature, float(self.weights[self.index[feature], column])) for feature in row if feature in self.index]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:most]

    def rounded(self, rounding: Rounding) -> "LinearModel":
        """Return the model as it is read again once it was written so."""
        steps, scale = _steps(self.weights[:-1], rounding)
        features = sorted(self.index, key=self.index.__getitem__)
        kept = np.flatnonzero(steps.any(1)).tolist()
        weights = np.vstack([steps[kept] * scale, self.weights[-1:]]).astype(np.float32)
        return LinearModel(self.labels, {features[number]: place for place, number in enumerate(kept)}, weights)

    def dump(self, rounding: Rounding) -> bytes:
        """Return the model as bytes; one that was rounded so before comes out as it is."""
        steps, scale = _steps(self.weights[:-1], rounding)
        features = sorted(self.index, key=self.index.__getitem__)
        kept = np.flatnonzero(steps.any(1)).tolist()
        return packed(
            labels=np.array("\n".join(self.labels)),
            features=np.frombuffer(_BETWEEN.join(features[number] for number in kept).encode(), np.uint8),
            weights=np.ascontiguousarray(steps[kept].T),  # a column's steps beside each other pack better
            scale=scale,
            bias=self.weights[-1],
        )


def _steps(weights: Scores, rounding: Rounding) -> tuple[npt.NDArray[np.int8], Scores]:
    """Return weights in steps, those of faint features as none, and the size of a step in each column."""
    scale = (np.maximum(np.abs(weights).max(0), 1e-6) / rounding.steps).astype(np.float32)
    steps = np.rint(weights / scale).astype(np.int8)
    steps[np.abs(steps.astype(np.int16)).max(1) <= rounding.faint] = 0
    return steps, scale


def survivors(weights: Scores, rounding: Rounding) -> npt.NDArray[np.bool_]:
    """Return which weights are not rounded to nothing, the bias in the last row among them."""
    return np.vstack([_steps(weights[:-1], rounding)[0] != 0, np.ones((1, weights.shape[1]), np.bool_)])


def sigmoid(scores: Scores) -> Scores:
    """Return the probabilities of independent labels."""
    return np.asarray(1 / (1 + np.exp(-scores)), np.float32)


def softmax(scores: Scores) -> Scores:
    """Return the probabilities of labels of which one holds, a row each."""
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True), np.float32)


def load_model(path: Path) -> LinearModel:
    """Read a model; raise LexiconError where the file is missing or not one."""
    try:
        with np.load(path) as parts:
            features = parts["features"].tobytes().decode().split(_BETWEEN)
            steps = parts["weights"].T.astype(np.float32)
            weights = np.ascontiguousarray(np.vstack([steps * parts["scale"], parts["bias"][None, :]]))  # row by row, as they are taken
            labels = tuple(str(parts["labels"]).split("\n"))
    except (OSError, KeyError, ValueError, RuntimeError) as error:  # a RuntimeError where Python was built without lzma
        raise LexiconError(f"{path}: not a readable weights file ({error}); make it again with `make train`") from error
    return LinearModel(labels, {feature: number for number, feature in enumerate(features)}, weights)


@functools.cache
def model(name: str) -> LinearModel:
    """Return the model of data/weights/NAME.npz, read once."""
    return load_model(data_directory() / "weights" / f"{name}.npz")
