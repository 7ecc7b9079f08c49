"""Gradient-boosted trees over numeric features, evaluated with numpy for many rows at once."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kg.errors import LexiconError

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
        places = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        numbers = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            cells = rows[numbers, self.feature[places]]
            to_left = np.where(np.isnan(cells), self.missing_left[places], cells <= self.threshold[places])
            places = np.where(to_left, self.left[places], self.right[places])
        return np.asarray(self.value[places].sum(1) + self.baseline, np.float32)

    def dump(self) -> bytes:
        """Return the trees as bytes; the same trees give the same bytes."""
        buffer = io.BytesIO()
        fields = {name: getattr(self, name) for name in _FIELDS}
        np.savez_compressed(buffer, **fields, shape=np.array([self.baseline, self.depth]))
        return buffer.getvalue()


def load_trees(path: Path) -> Trees:
    """Read trees; raise LexiconError where the file is missing or holds none."""
    try:
        with np.load(path) as parts:
            baseline, depth = parts["shape"]
            return Trees(**{name: parts[name] for name in _FIELDS}, baseline=float(baseline), depth=int(depth))
    except (OSError, KeyError, ValueError) as error:
        raise LexiconError(f"{path}: not a readable weights file ({error}); make it again with `make train`") from error
