"""Builds that are interrupted, repeated and shared out: nothing is lost, doubled or read twice, and the bytes are the same."""

import multiprocessing
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.documents import write
from kg.cli import main
from kg.cli.done import FILE, Done, Entry
from kg.cli.options import Ner
from kg.cli.reader import Failure
from kg.cli.workers import Read, Task, read_by
from kg.errors import ReadError
from kg.extraction.pipeline import Pipeline
from kg.graph.iris import BASE
from kg.graph.keeping import keep_ledger
from kg.graph.store import Store
from kg.reading import Metadata
from tests.conftest import ROOT

# what was read is stored every fifth of a second, so that these few documents are not all in one transaction
COMMAND = [sys.executable, "-c", "from kg.graph import writing; writing._SECONDS = 0.2; from kg.cli import main; main()"]
DOCUMENTS = 24
KILLS = 3
SEED = 20210924

Build = Callable[..., str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of synthetic documents, and one that cannot be read."""
    path = tmp_path_factory.mktemp("documents")
    write(path, DOCUMENTS)
    (path / "00000" / "broken.txt").write_bytes(b"\x00\x01\xff" * 50)
    return path


def started(store: Path, folder: Path, workers: int) -> "subprocess.Popen[str]":
    """Start a build that SIGINT ends, also where the tests run behind a shell that has it ignored (`make test &`)."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [*COMMAND, "build", "--store", str(store), str(folder), "--ner", "none", "--workers", str(workers)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(store: Path, folder: Path, workers: int) -> str:
    """Build to the end; return what is printed."""
    process = started(store, folder, workers)
    out, err = process.communicate()
    assert process.returncode == 1, err
    assert err.count("\n") == 1
    assert "broken.txt" in err
    return out


def exported(store: Path) -> bytes:
    with Store.open(store, read_only=True) as graph:
        return graph.export("nq")


def counts(out: str) -> tuple[int, int]:
    """Return how many documents were added and how many unchanged."""
    found = re.search(r"(\d+) added, (\d+) unchanged, 0 replaced, 1 failed", out)
    assert found, out
    return int(found[1]), int(found[2])


def remembered(store: Path) -> int:
    """Return how many documents a build has stored so far."""
    if not (store / FILE).exists():
        return 0
    with closing(sqlite3.connect(store / FILE)) as rows:
        try:
            (count,) = rows.execute("SELECT COUNT(*) FROM done").fetchone()
        except sqlite3.OperationalError:  # the file is there, its table not yet
            return 0
    return int(count)


def test_a_build_that_is_killed_goes_on_where_it_was_and_ends_with_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert counts(finished(tmp_path / "whole", folder, 1)) == (DOCUMENTS, 0)
    moments = random.Random(SEED)
    for number in range(KILLS):
        process = started(tmp_path / "killed", folder, 1 + number % 2)
        while number and not remembered(tmp_path / "killed"):
            time.sleep(0.02)
        time.sleep(moments.uniform(0, 1))
        process.kill()
        process.communicate()
    added, unchanged = counts(finished(tmp_path / "killed", folder, 2))
    assert added + unchanged == DOCUMENTS
    assert unchanged > 0
    assert exported(tmp_path / "killed") == exported(tmp_path / "whole")


def test_a_build_that_is_interrupted_keeps_what_it_read_and_says_how_to_go_on(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()  # documents enough for many seconds
    for number in range(20):
        for path in folder.rglob("*.txt"):
            (tmp_path / "many" / f"{number}_{path.name}").write_bytes(path.read_bytes())
    process = started(tmp_path / "store", tmp_path / "many", 2)
    while not (tmp_path / "store" / FILE).exists():
        time.sleep(0.05)
    time.sleep(1)  # now it waits for its processes, which take some seconds to start; while it imports, Python may lose a signal
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert err == "kg: interrupted; nothing that was stored is lost, and the same command goes on\n"


@pytest.fixture
def build(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Build:
    """Build four documents in this process; returns the first line that is printed."""
    (tmp_path / "four").mkdir()
    for path in sorted(folder.rglob("*.txt"))[-4:]:
        (tmp_path / "four" / path.name).write_bytes(path.read_bytes())

    def run(*options: str) -> str:
        monkeypatch.setattr(sys, "argv", ["kg", "build", "--store", str(tmp_path / "s"), str(tmp_path / "four"), "--ner", "none", *options])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out.partition("\n")[0]

    return run


def test_what_has_not_changed_is_not_read_again(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build() == "4 documents read: 4 added, 0 unchanged, 0 replaced, 0 failed"
    read: list[str] = []
    extract = Pipeline.extract
    monkeypatch.setattr(Pipeline, "extract", lambda self, document: read.append(document.name) or extract(self, document))
    assert build() == "4 documents read: 0 added, 4 unchanged, 0 replaced, 0 failed"
    assert read == []
    first, second, *_ = sorted((tmp_path / "four").iterdir())
    first.write_text(first.read_text("utf-8") + "\n公司否认出售云业务。\n", "utf-8")
    with Store.open(tmp_path / "s") as store:
        store.withdraw(second.stem)
    assert build() == "4 documents read: 1 added, 2 unchanged, 1 replaced, 0 failed"
    assert read == [first.stem, second.stem]
    assert build("--publisher", "潮间带周刊") == "4 documents read: 0 added, 0 unchanged, 4 replaced, 0 failed"
    read.clear()
    monkeypatch.setattr("kg.cli.building.rules_digest", lambda *_choices, lexicon: "other rules")
    assert build("--publisher", "潮间带周刊") == "4 documents read: 0 added, 4 unchanged, 0 replaced, 0 failed"
    assert len(read) == 4


def test_the_ledger_may_be_left_for_later(build: Build, tmp_path: Path) -> None:
    build("--no-ledger")
    with Store.open(tmp_path / "s") as store:
        assert keep_ledger(store)
    build()
    with Store.open(tmp_path / "s") as store:
        assert not keep_ledger(store)


def test_what_is_remembered_of_builds_may_be_lost_or_damaged(build: Build, tmp_path: Path) -> None:
    build()
    (tmp_path / "s" / FILE).write_bytes(b"no database at all" * 99)
    assert build() == "4 documents read: 0 added, 4 unchanged, 0 replaced, 0 failed"


def test_entries_are_found_by_source_and_key(tmp_path: Path) -> None:
    done = Done(tmp_path / FILE)
    entry = Entry("a.txt", "key", "id", "digest", Counter({"two": 2}))
    done.keep([entry])
    assert done.find("a.txt", "key") == entry
    assert done.find("a.txt", "other") is None
    done.close()


def test_a_process_that_dies_costs_one_document(folder: Path) -> None:
    files = sorted(folder.rglob("*.txt"))[-12:]
    others = set(multiprocessing.active_children())  # servers of other tests
    outcomes = []
    for outcome in read_by(2, Task(Metadata(), None, Ner.NONE, None), files, BASE):
        if not outcomes:
            reader = next(iter(set(multiprocessing.active_children()) - others))
            os.kill(reader.pid or 0, signal.SIGKILL)
        outcomes.append(outcome)
    assert [outcome.path for outcome in outcomes] == files
    failed = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert len(failed) <= 1
    assert all("signal 9" in outcome.reason for outcome in failed)
    assert set(multiprocessing.active_children()) <= others


def test_an_error_of_who_lists_the_documents_reaches_who_takes_them(folder: Path) -> None:
    def files() -> Iterator[Path]:
        yield from sorted(folder.rglob("*.txt"))[-1:]
        raise ReadError("no more")

    with pytest.raises(ReadError, match="no more"):
        assert all(isinstance(outcome, Read) for outcome in read_by(2, Task(Metadata(), None, Ner.NONE, None), files(), BASE))


def test_processes_do_not_ask_a_model(build: Build) -> None:
    assert build("--workers", "2", "--reader", "llm") == ""
