"""Tables that are kept: what is damaged, anybody else's or out of date is made again, and changes nothing in what is read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import regex
from jieba import finalseg

from kg.expressions import Expressions
from kg.extraction.dictionary import Dictionary, dictionary
from kg.extraction.jieba_words import made
from kg.lexicon import Lexicon
from kg.shelf import keep, kept

ROOT = Path(__file__).parents[1]
PARTS = {"华": ({"华为": 3}, (0.5, None)), "": 7}
TEXT = "安屿科技董事长周远5月6日表示，公司没有出售云业务的计划，预计2025年收入达3亿元。\n记者：是否属实？\n周远：不属实。"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def shelves(home: Path) -> list[Path]:
    """Return the files that are kept."""
    return sorted(home.rglob("*.shelf"))


def test_what_was_kept_is_there_again() -> None:
    keep("words", "a key", PARTS)
    found = kept("words", "a key")
    assert found is not None
    assert dict(found) == PARTS
    assert kept("words", "another key") is None
    assert kept("expressions", "a key") is None


@pytest.mark.parametrize("damage", [lambda content: b"", lambda content: content[:-1], lambda content: content[:9] + b"!" + content[10:]])
def test_what_is_damaged_is_not_there(home: Path, damage) -> None:  # type: ignore[no-untyped-def]
    keep("words", "a key", PARTS)
    (file,) = shelves(home)
    file.write_bytes(damage(file.read_bytes()))
    assert kept("words", "a key") is None
    keep("words", "a key", PARTS)
    assert kept("words", "a key") is not None


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_others_may_write_is_not_trusted(home: Path, what: str) -> None:
    keep("words", "a key", PARTS)
    (file,) = shelves(home)
    (file if what == "file" else file.parent).chmod(0o777)
    assert kept("words", "a key") is None


def test_a_few_are_kept_and_the_oldest_goes(home: Path) -> None:
    for number in range(6):
        keep("words", str(number), PARTS)
        for age, file in enumerate(shelves(home)):
            os.utime(file, (file.stat().st_mtime - age, file.stat().st_mtime - 1))
    assert len(shelves(home)) == 4
    assert kept("words", "5") is not None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    keep("words", "a key", PARTS)
    assert kept("words", "a key") is None


@pytest.mark.parametrize(
    ("pattern", "flags", "text"),
    [
        (r"(?P<year>\d{4})年|(?r)(?<=第)\p{Han}+", 0, "华为2021年第三"),
        (r"(?V1)(?<=[不未])(?=[向与])", 0, "未向"),
        ("KIRIN", int(regex.IGNORECASE), "麒麟kirin"),
        (r"“[^“”]*+(?:”|$)", 0, "他说“不会”"),
    ],
)
def test_an_expression_that_was_kept_finds_the_same(pattern: str, flags: int, text: str) -> None:
    first = Expressions()
    first.compiled(pattern, flags)
    first.keep()
    again = Expressions()
    expression, fresh = again.compiled(pattern, flags), regex.compile(pattern, flags)
    assert not again._fresh
    assert [(one.span(), one.groupdict()) for one in expression.finditer(text)] == [
        (one.span(), one.groupdict()) for one in fresh.finditer(text)
    ]
    assert (expression.pattern, expression.flags, expression.groupindex) == (fresh.pattern, fresh.flags, fresh.groupindex)


def test_flags_tell_expressions_apart() -> None:
    first = Expressions()
    assert first.compiled("KIRIN", int(regex.IGNORECASE)).search("kirin")
    first.keep()
    assert not Expressions().compiled("KIRIN", 0).search("kirin")


def test_the_model_of_unknown_words_is_that_of_jieba() -> None:
    words = dictionary(Lexicon())
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "data" / "training" / "own").glob("*.txt"))[:40]]
    assert texts
    for text in texts:
        for line in text.split():
            for start in range(0, len(line), 3):
                characters = line[start : start + 7]
                assert words.modelled(characters) == tuple(finalseg.cut(characters))


def test_a_word_of_the_lexicon_is_in_the_dictionary_with_its_tag() -> None:
    words = Dictionary(made({"华为云": "nz", "发布": "n"}, ["岫屿云"]))
    assert words["华"].tags["华为云"] == "nz"
    assert words["发"].tags["发布"] == "n"
    assert words["岫"].worths["岫屿云"] < 0
    assert words["岫"].worths["岫屿"] == 0
    assert "岫屿云" not in words["岫"].tags


def test_a_text_says_the_same_with_and_without_what_is_kept(home: Path) -> None:
    def said() -> str:
        code = "from kg.cli import main; main()"
        command = [sys.executable, "-c", code, "extract", "-", "--ner", "none", "--date", "2024-05-06"]
        run = subprocess.run(command, cwd=ROOT, input=TEXT, check=True, capture_output=True, text=True, encoding="utf-8")
        assert not run.stderr
        return run.stdout

    first = said()
    assert len(first.splitlines()) > 1
    assert {file.name.partition("-")[0] for file in shelves(home)} == {"expressions", "words"}
    assert said() == first
    for file in shelves(home):
        file.write_bytes(file.read_bytes()[:-100])
    assert said() == first
