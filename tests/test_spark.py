"""A build on Spark: the same bytes as on one machine, also where an executor is killed in the middle, and clear words where it cannot."""

import gzip
import io
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pyoxigraph as ox
import pyspark
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from bench.documents import write
from kg.cli import main, on_spark
from kg.errors import EngineError, StoreError
from kg.graph.iris import BASE
from kg.graph.store import Store
from kg.judgements import Judgement, Judgements, Verdict
from kg.judgements import written as as_file
from kg.reading import read
from kg.spark import inputs, requirements
from kg.spark import session as running
from kg.spark.reading import read_all
from kg.spark.storage import MARK, Folder, replaced
from tests.conftest import ROOT

MASTER = "local-cluster[2,1,1024]"
QUICK = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "4",
    "spark.shuffle.io.maxRetries": "1",  # what was on an executor that is gone does not come back
    "spark.shuffle.io.retryWait": "1s",
}
DOCUMENTS = 16
DEADLINE = 60  # seconds
JUDGED = [("徐直军", "华为"), ("华为", "投资者"), ("不存在的公司", "欧拉"), ("鸿蒙", "欧拉")]  # absurd, so that much moves

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Return a session with two executors; compiling what runs once costs more than it gives."""
    with pytest.MonkeyPatch.context() as patch:
        for key, value in QUICK.items():
            patch.setitem(running._ALONE, key, f"{running._ALONE.get(key, '')} {value}".strip())
        yield from _session()


def _session() -> Iterator[SparkSession]:
    with running.session(MASTER) as started:
        context = started.sparkContext
        yield started
        logs = Path(pyspark.__file__).parent / "work" / str(context.applicationId)
    shutil.rmtree(logs, ignore_errors=True)  # where workers of such a cluster write is beside the library


@pytest.fixture(autouse=True)
def _started(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every build use the session that is there."""

    @contextmanager
    def ready(_master: str) -> Iterator[SparkSession]:
        yield spark

    monkeypatch.setattr(on_spark, "session", ready)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of synthetic documents, and one that cannot be read."""
    path = tmp_path_factory.mktemp("documents")
    write(path, DOCUMENTS)
    (path / "00000" / "broken.txt").write_bytes(b"\x00\x01\xff" * 50)
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a verb in this process: its status, what it prints, what it complains of."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def exported(store: Path) -> bytes:
    with Store.open(store, read_only=True) as graph:
        return graph.export("nq")


def written(out: Path) -> list[bytes]:
    """Return the lines of all N-Quads that a build on Spark has written, sorted."""
    return sorted(line for part in out.glob("*/part-*.nq.gz") for line in gzip.decompress(part.read_bytes()).splitlines(keepends=True))


def judged(folder: Path) -> Path:
    """Return a file of judgements."""
    same = [Judgement(Verdict.SAME, *names) for names in JUDGED]
    file = folder / "judgements.tsv"
    file.write_text(as_file(Judgements((*same, Judgement(Verdict.DIFFERENT, "桉屿汽车", "华为")))), "utf-8")
    return file


def executors() -> set[int]:
    """Return the processes of executors that descend from this one."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and b"CoarseGrainedExecutorBackend" in (entry / "cmdline").read_bytes() and _ours(int(entry.name)):
                found.add(int(entry.name))
        except OSError:  # it ended meanwhile
            continue
    return found


def _ours(pid: int) -> bool:
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        if pid == os.getpid():
            return True
    return False


def test_an_executor_that_is_killed_loses_and_doubles_nothing(
    spark: SparkSession, folder: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    judgements = judged(tmp_path)
    monkeypatch.setattr(inputs, "_TOGETHER", 2)
    killed: list[int] = []

    def kill() -> None:
        """End an executor as soon as a part of the reading is done, and another part is not."""
        deadline = time.monotonic() + DEADLINE
        out = tmp_path / "out.building" / "_read"
        while time.monotonic() < deadline:
            if any(out.glob("_temporary/0/task_*")):
                killed.append(min(executors()))
                os.kill(killed[0], signal.SIGKILL)
                return
            time.sleep(0.02)

    thread = Thread(target=kill)
    thread.start()
    options = ("--ner", "none", "--judgements", judgements)
    on_cluster = run("build", "--engine", "spark", "--store", tmp_path / "out", folder, *options)
    thread.join(DEADLINE)
    assert killed
    assert killed[0] not in executors()
    assert run("build", "--store", tmp_path / "one", folder, *options) == on_cluster
    assert (on_cluster[0], on_cluster[2].count("\n"), "broken.txt" in on_cluster[2]) == (1, 1, True)
    assert b"".join(written(tmp_path / "out")) == exported(tmp_path / "one")
    statements = spark.read.parquet(str(tmp_path / "out" / "statements"))
    with Store.open(tmp_path / "one", read_only=True) as store:
        assert statements.count() == statements.select("id").distinct().count() == store.summary().statements
    with Store.in_memory() as store:
        store.restore(ox.parse(io.BytesIO(b"".join(written(tmp_path / "out"))), format=ox.RdfFormat.N_QUADS))  # type: ignore[arg-type]
        assert store.ledger.state == store.ledger_state()
    failures = [
        json.loads(line) for part in (tmp_path / "out" / "failures").glob("part-*") for line in part.read_text("utf-8").splitlines()
    ]
    assert [one["source"] for one in failures] == ["broken.txt"]
    assert not (tmp_path / "out.building").exists()


def test_what_ends_the_process_that_reads_it_is_read_apart_at_the_third_try(spark: SparkSession) -> None:
    def deadly(rows: Iterable[Any], *, apart: bool) -> Iterator[tuple[str, str]]:
        for row in rows:
            if not apart:
                os._exit(1)
            yield row.source, "its process ended"

    items = spark.createDataFrame([("a.txt",), ("b.txt",)], "source string").coalesce(1)
    found = read_all(spark, items, deadly, BASE).collect()
    assert [(row.source, row.failure) for row in found] == [("a.txt", "its process ended"), ("b.txt", "its process ended")]


def test_tables_are_read_like_files_with_all_that_is_said_of_them(spark: SparkSession, folder: Path, tmp_path: Path, run: Run) -> None:
    files = sorted(folder.rglob("*.txt"))[-6:]
    (tmp_path / "files").mkdir()
    for file in (one for text in files for one in (text, text.with_suffix(".yaml")) if one.exists()):
        shutil.copy(file, tmp_path / "files")
    known = [read(file) for file in files]
    rows = [{"source": one.source, "text": one.text, "title": one.title, "published": one.published, "extra": 7} for one in known]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows[:2]), "utf-8")
    table = spark.createDataFrame(rows[2:4], "source string, text string, title string, published string")
    table.select(F.col("source").alias("name"), "text", "title", F.to_date("published").alias("date")).write.parquet(
        str(tmp_path / "b.parquet")
    )
    names, index = tmp_path / "names.tsv", tmp_path / "index.tsv"
    names.write_text("\n".join((ROOT / "data/lexicon/names.tsv").read_text("utf-8").splitlines()[:40]) + "\n", "utf-8")
    index.write_text(f"name\tdate\n{known[0].name}\t2001-02-03\n{known[5].name}\t2004-05-06\n", "utf-8")
    out = tmp_path / "out"
    (out / "documents").mkdir(parents=True)
    (out / MARK).write_text("{}", "utf-8")
    (out / "documents" / "part-00099.nq.gz").write_bytes(gzip.compress(b"of an earlier build"))
    (tmp_path / "out.building" / "_read").mkdir(parents=True)  # of a build that was killed
    reviewed = judged(out)
    options = ("--ner", "none", "--publisher", "潮间带周刊", "--lexicon", names, "--index", index)
    on_spark = run("build", "--engine", "spark", "--store", out, tmp_path / "a.jsonl", tmp_path / "b.parquet", *files[4:], *options)
    assert (on_spark[0], on_spark[2]) == (0, "")
    assert run("build", "--store", tmp_path / "one", tmp_path / "files", *options, "--judgements", reviewed) == on_spark
    assert b"".join(written(out)) == exported(tmp_path / "one")
    assert reviewed.exists()


def test_what_is_no_table_of_documents_is_refused(spark: SparkSession, tmp_path: Path, run: Run) -> None:
    def refusal(*rows: object) -> str:
        (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        status, out, err = run("build", "--engine", "spark", "--store", tmp_path / "out", tmp_path / "a.jsonl")
        assert (status, out, err.count("\n")) == (2, "", 1)
        return err

    assert "no column 'text' among body, source; a table of documents has source and text" in refusal({"source": "a", "body": "b"})
    assert "the column 'text' is bigint, and has to be text" in refusal({"source": "a", "text": 7})
    assert "a, c: the name of more than one document" in refusal(*({"source": name, "text": "云"} for name in "acbca"))
    assert "rows whose source is empty" in refusal({"source": "a", "text": "云"}, {"source": " ", "text": "云"})
    assert "cannot be read as a table" in run("build", "--engine", "spark", "--store", tmp_path / "out", tmp_path / "none.parquet")[2]
    assert "standard input" in run("build", "--engine", "spark", "--store", tmp_path / "out", "-")[2]
    assert "--master" in run("build", "--engine", "spark", "--store", tmp_path / "out", tmp_path, "--workers", "2")[2]
    assert "--reader llm" in run("build", "--engine", "spark", "--store", tmp_path / "out", tmp_path, "--reader", "llm")[2]
    assert not (tmp_path / "out").exists()


def test_a_folder_of_something_else_is_left_alone_and_one_that_was_being_replaced_comes_back(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("words", "utf-8")
    with pytest.raises(StoreError, match="holds something else"), replaced(Folder(spark, str(tmp_path))):
        pass
    former = tmp_path / "out.former"
    former.mkdir()
    (former / MARK).write_text("{}", "utf-8")
    with pytest.raises(EngineError), replaced(Folder(spark, str(tmp_path / "out"))) as fresh:
        fresh.within(MARK).write(b"half")
        raise EngineError("given up")
    assert (tmp_path / "out" / MARK).read_text("utf-8") == "{}"
    assert not former.exists()


def test_what_is_missing_is_named_with_what_to_install(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("build", "--engine", "spark", "--store", tmp_path / "out", tmp_path)
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n", "utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert run(*arguments) == (2, "", f"kg: Spark needs Java 17 or newer, and {old} is 11; set JAVA_HOME to a newer one\n")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    status, _, err = run(*arguments)
    assert (status, err.count("\n"), "apt-get install openjdk-17-jre-headless" in err) == (2, 1, True)
    monkeypatch.setattr(requirements, "find_spec", lambda _name: None)
    status, _, err = run(*arguments)
    assert (status, err.count("\n"), "pip install '.[spark]'" in err) == (2, 1, True)
