"""Linear models: what is written is what is read."""

from pathlib import Path

import numpy as np
import pytest

from kg.errors import LexiconError
from kg.extraction.statements.linear import LinearModel, Rounding, load_model

MODEL = LinearModel(
    ("a", "b"),
    {"w:造": 0, "g:车\n": 1, "faint": 2},
    np.array([[1.27, 0.0], [-0.5, 0.8], [0.01, -0.01], [0.3, -1.27]], np.float32),
)


def written(model: LinearModel, path: Path, rounding: Rounding) -> LinearModel:
    path.write_bytes(model.dump(rounding))
    return load_model(path)


def test_a_model_reads_back_as_written_line_breaks_and_all(tmp_path: Path) -> None:
    again = written(MODEL, tmp_path / "m.npz", Rounding())
    assert again.labels == MODEL.labels
    assert again.index == MODEL.index
    assert np.allclose(again.weights, MODEL.weights, atol=0.006)


def test_faint_features_are_left_out_and_the_others_keep_their_weights(tmp_path: Path) -> None:
    again = written(MODEL, tmp_path / "m.npz", Rounding(faint=3))
    assert set(again.index) == {"w:造", "g:车\n"}
    assert np.allclose(again.scores([{"g:车\n"}]), MODEL.scores([{"g:车\n"}]), atol=0.02)


@pytest.mark.parametrize("rounding", [Rounding(), Rounding(8), Rounding(8, 1)])
def test_a_rounded_model_is_written_as_it_is(tmp_path: Path, rounding: Rounding) -> None:
    rounded = MODEL.rounded(rounding)
    again = written(rounded, tmp_path / "m.npz", rounding)
    assert again.index == rounded.index and (again.weights == rounded.weights).all()
    assert (again.weights[-1] == MODEL.weights[-1]).all()  # however few the steps, the bias is as it was


def test_what_is_no_model_is_refused_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "m.npz").write_bytes(b"nothing")
    with pytest.raises(LexiconError, match="make train"):
        load_model(tmp_path / "m.npz")
