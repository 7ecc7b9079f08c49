"""Backup and restore: the same bytes, nothing overwritten, nothing half."""

import gzip
import hashlib
import json
import subprocess
import sys

import pytest

from kg.errors import StoreError
from kg.graph.backup import backup, restore
from kg.graph.store import Store
from tests.conftest import COMMAND, ROOT
from tests.graph_fixtures import extraction


@pytest.fixture
def file(tmp_path):
    with Store.open(tmp_path / "store", base="https://graph.example.org/") as store, (tmp_path / "backup").open("wb") as output:
        store.add(extraction())
        store.judge([("青禾科技", "北山汽车")])
        assert backup(store, output) == store.export("nq").count(b"\n")
    return tmp_path / "backup"


def kg(*arguments):
    return subprocess.run([*COMMAND, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def triples(store):
    return sorted(str(quad) for quad in store.graph)


def test_a_restored_store_is_the_one_that_was_backed_up(file, tmp_path):
    restore(file, tmp_path / "deep" / "restored")
    with Store.open(tmp_path / "store", read_only=True) as store, Store.open(tmp_path / "deep" / "restored", read_only=True) as restored:
        assert restored.export("nq") == store.export("nq") and triples(restored) == triples(store)
        assert restored.iris.base == "https://graph.example.org/" and not restored.verify()
        with (tmp_path / "second").open("wb") as output:
            backup(restored, output)
    assert (tmp_path / "second").read_bytes() == file.read_bytes()


def test_an_empty_store_can_be_kept_too(tmp_path):
    with Store.in_memory() as store, (tmp_path / "backup").open("wb") as output:
        assert backup(store, output) == 0
    assert restore(tmp_path / "backup", tmp_path / "restored") == 0
    assert Store.open(tmp_path / "restored").documents() == []


def test_the_file_can_be_read_without_this_program(file):
    first, rest = gzip.decompress(file.read_bytes()).split(b"\n", 1)
    said = json.loads(first.removeprefix(b"# corporate-statement-kg backup "))
    assert said["sha256"] == hashlib.sha256(rest).hexdigest() and said["quads"] == rest.count(b"\n") > 100


def test_nothing_is_overwritten(file, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one").write_text("亲爱的", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    for place in ("store", "letters", "letters/one"):
        with pytest.raises(StoreError, match="not overwritten"):
            restore(file, tmp_path / place)
    refused = kg("backup", tmp_path / "store", file)
    assert refused.returncode == 2 and "not overwritten" in refused.stderr
    assert sorted(tmp_path.rglob("*")) == before
    (tmp_path / "empty").mkdir()
    restore(file, tmp_path / "empty")


def harmed(data: bytes, how: str) -> bytes:
    text = gzip.decompress(data)
    return {
        "cut": data[: len(data) // 2],
        "flipped": data[:500] + bytes([data[500] ^ 1]) + data[501:],
        "a line less": gzip.compress(text[: text[:-1].rindex(b"\n") + 1]),
        "a letter other": gzip.compress(text.replace("子公司".encode(), "分公司".encode(), 1)),
        "no backup": gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n"),
        "of tomorrow": gzip.compress(text.replace(b'"version": 1', b'"version": 2', 1)),
        "not compressed": text,
        "nothing": b"",
    }[how]


@pytest.mark.parametrize(
    "how", ["cut", "flipped", "a line less", "a letter other", "no backup", "of tomorrow", "not compressed", "nothing"]
)
def test_a_damaged_file_is_refused_before_anything_is_written(file, tmp_path, how):
    (tmp_path / "harmed").write_bytes(harmed(file.read_bytes(), how))
    before = sorted(tmp_path.rglob("*"))
    refused = kg("restore", tmp_path / "harmed", tmp_path / "restored")
    assert refused.returncode == 2 and refused.stderr.count("\n") == 1 and "harmed: " in refused.stderr, refused.stderr
    assert sorted(tmp_path.rglob("*")) == before


KILLED = """
import os, sys
from pathlib import Path
from kg.graph import store
from kg.graph.backup import restore
write = store.Store.restore
def killed(self, quads):
    write(self, quads)
    os.kill(os.getpid(), 9)
store.Store.restore = killed
restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_restore_that_is_killed_leaves_no_store(file, tmp_path):
    run = subprocess.run([sys.executable, "-c", KILLED, str(file), str(tmp_path / "restored")], cwd=ROOT, check=False)
    assert run.returncode == -9 and not (tmp_path / "restored").exists()
    assert restore(file, tmp_path / "restored") > 0


def test_the_command_says_what_it_did(tmp_path, file):
    kept, made = kg("backup", tmp_path / "store", tmp_path / "kept"), kg("restore", tmp_path / "kept", tmp_path / "made")
    assert (kept.returncode, made.returncode) == (0, 0), kept.stderr + made.stderr
    assert kept.stdout.startswith("backed up: ") and made.stdout.startswith("restored: ")
    assert (tmp_path / "kept").read_bytes() == file.read_bytes()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert kg("backup", tmp_path / "none", tmp_path / "other").returncode == 2 and not (tmp_path / "other").exists()
