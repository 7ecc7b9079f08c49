"""Pictures: both kinds in both formats, with Chinese glyphs, the same bytes each time; and what cannot be drawn is said."""

import io
import sys
from pathlib import Path

import matplotlib.image
import pytest

from kg.cli import app
from kg.errors import KgError
from kg.graph import pictures
from kg.graph.store import Store
from tests.graph_fixtures import extraction


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plot") / "store"
    with Store.open(path) as filled:
        filled.add(extraction())
    return path


def drawn(store: Path, file: Path, *flags: str) -> bytes:
    """Return the picture that `kg plot` makes."""
    app(["plot", "青禾科技", "--store", str(store), "-o", str(file), *flags], prog_name="kg", standalone_mode=False)
    return file.read_bytes()


@pytest.mark.parametrize("flags", [(), ("--timeline",), ("--depth", "2", "--stance", "denies")], ids=["around", "years", "denied"])
def test_a_picture_is_the_same_each_time(store: Path, tmp_path: Path, flags: tuple[str, ...]) -> None:
    svg = drawn(store, tmp_path / "one.svg", *flags)
    assert svg == drawn(store, tmp_path / "two.svg", *flags)
    assert svg.startswith(b"<?xml") and b"<svg" in svg
    png = drawn(store, tmp_path / "one.png", *flags)
    image = matplotlib.image.imread(io.BytesIO(png))
    assert image.shape[0] > 500
    assert image.std() > 0.02, "something is drawn"


def test_chinese_glyphs_are_there(store: Path, tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    drawn(store, tmp_path / "one.svg")
    assert [str(warning.message) for warning in recwarn if "missing from" in str(warning.message)] == []


def test_denied_edges_are_dashed_and_red(store: Path, tmp_path: Path) -> None:
    svg = drawn(store, tmp_path / "one.svg").decode()
    dashed = [line for line in svg.splitlines() if "stroke-dasharray" in line and pictures.COLOURS[pictures.Stance.DENIES] in line]
    assert dashed


@pytest.mark.parametrize(("file", "words"), [("one.pdf", "svg or png"), ("missing/one.svg", "folder you may write to")])
def test_what_cannot_be_written_is_said(store: Path, tmp_path: Path, file: str, words: str) -> None:
    with pytest.raises(KgError, match=words):
        drawn(store, tmp_path / file)


def test_a_machine_without_a_chinese_font_is_told_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures.fontManager, "ttflist", [])
    monkeypatch.setattr(pictures, "findSystemFonts", list)
    with pytest.raises(KgError, match="fonts-noto-cjk"):
        pictures.font()


def test_a_font_that_was_installed_since_matplotlib_listed_them_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures.fontManager, "ttflist", [])
    assert pictures.font() in pictures.FONTS


def test_without_matplotlib_the_extra_is_named(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kg.graph.pictures", None)
    with pytest.raises(KgError, match=r"corporate-statement-kg\[plot\]"):
        drawn(store, tmp_path / "one.svg")
