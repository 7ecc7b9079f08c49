"""Training texts that others wrote come out of clones of their repositories as they were annotated, or not at all."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.training.corpus import read_records
from kg.training.texts import texts

ROOT = Path(__file__).parents[1]
PUBLIC = ROOT / "data" / "training" / "public"
JUDGED = ROOT / "data" / "training" / "judged"


def git(clone: Path, *words: str) -> str:
    command = ["git", "-C", str(clone), "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def described(tmp_path: Path) -> Path:
    """A folder of descriptions, beside `clones` with a repository of three files, whose later commit changes them."""
    clone = tmp_path / "clones" / "someone" / "news"
    clone.mkdir(parents=True)
    git(clone, "init", "-q")
    (clone / "flash.json").write_text(
        json.dumps([{"input": " 岚木股份公告，拟收购乙嵩医疗。 "}, ["题", "栌山乳业否认停产。"]], ensure_ascii=False), "utf-8"
    )
    (clone / "list.csv").write_text('\ufeffUID,content\n7,"甲公司\n  表示，不裁员。"\n', "utf-8")
    (clone / "page.md").write_text("# 早报\n![图](a.png)泠湖云上线。\n", "utf-8")
    git(clone, "add", "-A")
    git(clone, "commit", "-qm", "one")
    commit = git(clone, "rev-parse", "HEAD")
    (clone / "page.md").write_text("改了", "utf-8")
    git(clone, "commit", "-qam", "two")
    folder = tmp_path / "described"
    folder.mkdir()
    rows = "\n".join(f"{name}\tsomeone/news\t{commit}\t{path}" for name, path in (("f", "flash.json"), ("l", "list.csv"), ("p", "page.md")))
    (folder / "sources.tsv").write_text(f"name\trepository\tcommit\tpath\n{rows}\n", "utf-8")
    parts = [
        ["f", [0, "input"], [1, 16]],
        "\n\n",
        ["f", [1, 1], [0, 9]],
        "\n",
        ["l", [0, "content"], [0, 3, 6, 13]],
        "\n",
        ["p", [], [16, 22]],
        "\n",
    ]
    text = "岚木股份公告，拟收购乙嵩医疗。\n\n栌山乳业否认停产。\n甲公司表示，不裁员。\n泠湖云上线。\n"
    one = {"doc": "one", "date": "2024-05", "sha256": hashlib.sha256(text.encode()).hexdigest(), "parts": parts}
    (folder / "texts.jsonl").write_text(json.dumps(one, ensure_ascii=False) + "\n", "utf-8")
    return folder


def test_a_text_is_put_together_out_of_files_as_they_were(described: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg.training.texts", str(described), str(tmp_path / "clones"), str(tmp_path / "out")]
    subprocess.run(command, check=True, cwd=ROOT)
    assert (tmp_path / "out" / "one.txt").read_text("utf-8").endswith("甲公司表示，不裁员。\n泠湖云上线。\n")
    assert (tmp_path / "out" / "index.tsv").read_text("utf-8") == "name\tdate\none\t2024-05\n"


def test_another_text_than_was_annotated_is_refused(described: Path, tmp_path: Path) -> None:
    path = described / "texts.jsonl"
    path.write_text(path.read_text("utf-8").replace("[0, 9]", "[0, 8]"), "utf-8")
    with pytest.raises(ReadError, match="another text than was annotated"):
        list(texts(described, tmp_path / "clones"))


def test_a_clone_that_is_not_there_is_named(described: Path, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"someone.news.*clone the repository someone/news there"):
        list(texts(described, tmp_path / "elsewhere"))


def test_every_public_text_has_its_records_either_to_learn_from_or_to_judge() -> None:
    described = [json.loads(line) for line in (PUBLIC / "texts" / "texts.jsonl").read_text("utf-8").splitlines()]
    lengths = {
        one["doc"]: sum(
            len(part) if isinstance(part, str) else sum(end - start for start, end in zip(part[2][::2], part[2][1::2], strict=True))
            for part in one["parts"]
        )
        for one in described
    }
    learned, judged = ({path.stem: path for path in folder.glob("*.jsonl")} for folder in (PUBLIC, JUDGED))
    assert not learned.keys() & judged.keys()
    assert learned.keys() | judged.keys() == lengths.keys()
    for name, path in (learned | judged).items():
        for record in read_records(path, " " * lengths[name]):
            assert 0 <= record["start"] < record["end"] <= lengths[name], name
