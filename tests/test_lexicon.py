"""The data files: every table loads, every pattern proves its examples, and the reader refuses what is malformed."""

from pathlib import Path

import pytest

from kg.errors import LexiconError
from kg.folding import fold
from kg.lexicon import Lexicon, Pattern, alternation, data_directory, read_patterns, read_table

TABLES = sorted((data_directory() / "lexicon").glob("*.tsv"))
WORDINGS = sorted((data_directory() / "patterns").glob("*.yaml"))
PATTERNS = [pytest.param(pattern, id=f"{path.stem}-{pattern.name}") for path in WORDINGS for pattern in read_patterns(path)]

HEADER = "# purpose: words of the test\n# columns: word\tkind\n# origin: the test\n# licence: Apache-2.0\n"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_table_loads_and_holds_rows(path: Path) -> None:
    assert Lexicon().table(path.stem)


@pytest.mark.parametrize("path", WORDINGS, ids=lambda path: path.stem)
def test_every_pattern_file_loads_and_names_each_wording_once(path: Path) -> None:
    names = [pattern.name for pattern in Lexicon().patterns(path.stem)]
    assert names
    assert len(names) == len(set(names))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_proves_its_examples_and_counterexamples(pattern: Pattern) -> None:
    assert [text for text in pattern.examples if not pattern.regex.search(fold(text))] == []
    assert [text for text in pattern.counterexamples if pattern.regex.search(fold(text))] == []


def test_the_first_column_is_the_words(tmp_path: Path) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "cues.tsv").write_text(HEADER + "否认\tdenial\n澄清\tdenial\n", "utf-8")
    assert Lexicon(tmp_path).words("cues") == ("否认", "澄清")


def test_the_names_of_a_user_come_after_those_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "names.tsv").write_text(HEADER + "安屿\tcompany\n", "utf-8")
    mine = {"word": "岭湖", "kind": "company"}
    assert Lexicon(tmp_path, names=(mine,)).words("names") == ("安屿", "岭湖")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEADER + "否认\tdenial\n澄清\n", r"\.tsv:6: 1 columns instead of 2 \(word, kind\)"),
        (HEADER + "否认\tdenial\textra\n", r"\.tsv:5: 3 columns instead of 2"),
        (HEADER + "\tdenial\n", r"\.tsv:5: the first cell is empty"),
        (HEADER + "否认 \tdenial\n", r"\.tsv:5: the first cell is empty or a cell has blanks"),
        (HEADER + "否认\tdenial\n否认\tdenial\n", r"\.tsv:6: stands twice"),
        (HEADER + "澄清\tdenial\n否认\tdenial\n", r"\.tsv:6: not sorted \(after '澄清\\tdenial'\)"),
        (HEADER + "cafe\u0301\tdenial\n", r"\.tsv:5: not in Unicode NFC"),
        (HEADER.replace("# licence: Apache-2.0\n", "") + "否认\tdenial\n", r"\.tsv:4: the header lacks licence"),
        ("否认\tdenial\n", r"\.tsv:1: the header lacks purpose, columns, origin, licence"),
    ],
)
def test_a_malformed_table_is_refused_with_the_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "cues.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(LexiconError, match=complaint) as refusal:
        read_table(path)
    assert "\n" not in str(refusal.value)


def test_a_table_that_is_missing_or_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cues.tsv"
    with pytest.raises(LexiconError, match="cannot be read as UTF-8"):
        read_table(path)
    path.write_bytes(HEADER.encode() + "否认\tdenial\n".encode("gb18030"))
    with pytest.raises(LexiconError, match="cannot be read as UTF-8"):
        read_table(path)


ENTRY = """
- name: rejects
  pattern: '否认|澄清'
  examples: [公司否认此事, 公司澄清此事]
  counterexamples: [公司确认此事]
"""


def test_a_pattern_is_compiled_with_its_proofs(tmp_path: Path) -> None:
    path = tmp_path / "denials.yaml"
    path.write_text(ENTRY, "utf-8")
    (pattern,) = read_patterns(path)
    assert pattern.name == "rejects"
    assert pattern.regex.search("公司否认此事")
    assert pattern.counterexamples == ("公司确认此事",)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("  examples: [公司否认此事, 公司澄清此事]\n", "", "entry 1: needs exactly name, pattern, examples, counterexamples"),
        ("公司否认此事, ", "", r"entry 1 \(rejects\): needs two examples and a counter-example"),
        ("[公司确认此事]", "[]", r"entry 1 \(rejects\): needs two examples and a counter-example"),
        ("否认|澄清", "否认|(澄清", r"entry 1 \(rejects\): missing \)"),
        ("name: rejects", "name: [", "cannot be read as YAML"),
    ],
)
def test_a_malformed_pattern_is_refused_with_its_number(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in ENTRY
    path = tmp_path / "denials.yaml"
    path.write_text(ENTRY.replace(old, new), "utf-8")
    with pytest.raises(LexiconError, match=complaint):
        read_patterns(path)


def test_an_alternation_prefers_the_longest_and_takes_words_literally() -> None:
    assert alternation(["将", "C++", "将会"]) == r"(?:C\+\+|将会|将)"


def test_every_main_verb_is_a_cue_of_its_relation() -> None:
    cues = {(row["cue"], row["predicate"]) for row in Lexicon().table("predicate_cues")}
    assert [row["verb"] for row in Lexicon().table("main_verbs") if (row["verb"], row["predicate"]) not in cues] == []
