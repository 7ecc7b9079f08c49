"""Gradient-boosted trees over numeric features, evaluated with numpy for many rows at once."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kg.errors import LexiconError
from kg.extraction.statements.packing import packed

_FIELDS = ("feature", "threshold", "left", "right", "missing_left", "value", "roots")


@dataclass(frozen=True, eq=False)
class Trees:
    """All trees' nodes in one array a field; a leaf is its own child. `depth` is the longest way to a leaf."""

    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    missing_left: npt.NDArray[np.bool_]
    value: npt.NDArray[np.float32]
    roots: npt.NDArray[np.int32]
    baseline: float
    depth: int

    def scores(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the log-odds of each row, shape (rows,); NaN stands for a feature that a row does not have."""
        columns = rows.shape[1]
        # Each row lies there twice: what it lacks is less than every threshold in the first half, and not so in the second.
        cells = np.hstack([np.where(np.isnan(rows), -np.inf, rows), rows]).ravel()
        begins = 2 * columns * np.arange(len(rows), dtype=np.int32)[:, None]
        offsets = self.feature + np.where(self.missing_left, 0, columns).astype(np.int32)
        children = np.stack([self.right, self.left], 1).ravel()
        places = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            to_left = cells.take(begins + offsets.take(places)) <= self.threshold.take(places)
            places = children.take(2 * places + to_left)
        return np.asarray(self.value.take(places).sum(1) + self.baseline, np.float32)

    def dump(self) -> bytes:
        """Return the trees as bytes; the same trees give the same bytes."""
        return packed(**{name: getattr(self, name) for name in _FIELDS}, shape=np.array([self.baseline, self.depth]))


def load_trees(path: Path) -> Trees:
    """Read trees; raise LexiconError where the file is missing or holds none."""
    try:
        with np.load(path) as parts:
            baseline, depth = parts["shape"]
            return Trees(**{name: parts[name] for name in _FIELDS}, baseline=float(baseline), depth=int(depth))
    except (OSError, KeyError, ValueError) as error:
        raise LexiconError(f"{path}: not a readable weights file ({error}); make it again with `make train`") from error
