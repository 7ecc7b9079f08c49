"""SIGKILL at random moments: whatever the writer was doing, each document is there whole or not at all, and the next one goes on."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.safety.conftest import Load
from tests.safety.soundness import held

KILLS = 50
SEED = 20210924


def started(directory: Path, load: Load) -> "subprocess.Popen[str]":
    """Start a loader; return it once its store is open."""
    command = [sys.executable, "-m", "tests.safety.loader", str(directory), str(load.file), "300"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    return process


def ended(process: "subprocess.Popen[str]") -> bool:
    """Kill a loader; return whether it had come to its end before."""
    process.kill()
    return "done" in process.communicate()[0]


def taken(directory: Path, load: Load) -> float:
    """Load all; return how long that takes."""
    process = started(directory, load)
    begun = time.monotonic()
    process.communicate()
    return time.monotonic() - begun


def test_killed_at_fifty_moments_while_loading(tmp_path: Path, load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    seconds = min(taken(tmp_path / name, load) for name in ("first", "whole"))
    complete = held(tmp_path / "whole", load.world)
    assert len(complete) == load.documents
    moments = random.Random(SEED)
    killed, partial = 0, 0
    for number in range(KILLS):
        directory = tmp_path / str(number)
        process = started(directory, load)
        time.sleep(moments.uniform(0, seconds))
        killed += not ended(process)
        found = held(directory, load.world)
        partial += len(found) > 0 and found != complete
        assert started(directory, load).communicate()[0] == "done\n"
        assert held(directory, load.world) == complete
    with capsys.disabled():
        sys.stdout.write(f"\nkilled {killed} of {KILLS}, {partial} with a part of the documents; loading takes {seconds:.2f} s\n")
    assert killed >= KILLS // 2
    assert partial >= KILLS // 5
