"""A full disk and a directory that may not be written: an error in one line, nothing lost, and on it goes once there is room."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.graph.store import Store
from tests.conftest import COMMAND, ROOT, SAMPLES
from tests.safety.confinement import confined
from tests.safety.conftest import Load
from tests.safety.soundness import held

NO_MOUNT = "this machine lets nobody mount a file system; the test with a limit on the size of files stands in"


def run(command: list[str], **environment: str) -> "subprocess.CompletedProcess[str]":
    """Return how a command ended and what it said."""
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False, capture_output=True, text=True)


def small(directory: Path, size: str) -> list[str]:
    """Return the command prefix for a small file system; skip where there can be none."""
    prefix = confined(directory, size)
    if prefix is None:
        pytest.skip(NO_MOUNT)
    return prefix


@pytest.mark.parametrize("how", ["disk", "limit"])
def test_a_full_disk_loses_nothing(tmp_path: Path, load: Load, how: str) -> None:
    prefix = small(tmp_path, "24m") if how == "disk" else []
    ended = run([*prefix, sys.executable, "-m", "tests.safety.filler", str(tmp_path), str(load.file), how])
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    for error in [*report["one by one"], report["in bulk"], report["withdrawn"]]:
        assert error.startswith(("nothing was written (", "nothing was changed ("))
        assert "free some space" in error
        assert "\n" not in error
    assert len(report["one by one"]) == load.documents - 1
    assert len(report["still there"]) == 1
    assert report["findings"] == []
    assert report["there again"] == report["still there"]
    assert report["with room"] is None
    if how == "limit":  # the small file system is gone
        assert len(held(tmp_path / "store", load.world)) == load.documents


@pytest.mark.parametrize("room", ["64k", "4m"])
def test_a_build_on_a_full_disk_says_so_in_one_line(tmp_path: Path, room: str) -> None:
    build = [*COMMAND, "build", "--ner", "none", "--store", str(tmp_path / "store"), str(SAMPLES)]
    ended = run([*small(tmp_path, room), *build])
    assert ended.returncode not in (0, None)
    assert "Traceback" not in ended.stderr
    (line,) = ended.stderr.strip().splitlines()
    assert "No space left on device" in line


READ_ONLY = """
set -e
{build} > /dev/null
mount -o remount,ro {place}
! {build} || exit 7
! {serve} || exit 8
{verify}
"""


def test_a_read_only_directory_can_be_read_and_nothing_else(tmp_path: Path) -> None:
    quoted = f"'{COMMAND[0]}' -c '{COMMAND[2]}'"
    store = f"--store {tmp_path}/store"
    script = READ_ONLY.format(
        place=tmp_path,
        build=f"{quoted} build --ner none {store} {SAMPLES}/feimu_investor_qa.txt",
        serve=f"{quoted} serve {store} --port 0",
        verify=f"{quoted} verify {store}",
    )
    ended = run([*small(tmp_path, "24m"), "sh", "-c", script], KG_WRITE_TOKEN="let me in")
    assert ended.returncode == 0, ended.stderr
    assert "quotes stand in their sources" in ended.stdout
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 2
    for line in lines:
        assert "Read-only file system" in line
        assert "rights" in line


def test_a_directory_without_rights_is_refused_and_left_alone(tmp_path: Path, load: Load) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; the test of a read-only file system stands in")
    held_before = sorted(path.name for path in tmp_path.iterdir())
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="rights"):
            Store.open(tmp_path / "store")
    finally:
        tmp_path.chmod(0o700)
    assert sorted(path.name for path in tmp_path.iterdir()) == held_before
