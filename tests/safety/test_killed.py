"""SIGKILL at random moments: whatever the writer was doing, each document is there whole or not at all, and the next one goes on."""

import random
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from tests.forked import PROCESSES
from tests.safety import loader
from tests.safety.conftest import Load
from tests.safety.soundness import held

KILLS = 50
SEED = 20210924


@dataclass(frozen=True)
class Loader:
    """A process that loads, and what it tells."""

    process: ForkServerProcess
    told: "Connection[None, str]"

    def said(self) -> str:
        """Return the next word of the loader, nothing where it ended without one."""
        try:
            return self.told.recv()
        except EOFError:
            return ""

    def ended(self) -> bool:
        """Wait for its end; return whether it came to its end by itself."""
        self.process.join()
        word = self.said()
        self.told.close()
        return word == "done"


def started(directory: Path, load: Load) -> Loader:
    """Start a loader; return it once its store is open."""
    told, telling = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=loader.main, args=(directory, load.file, 300, telling))
    process.start()
    telling.close()
    begun = Loader(process, told)
    assert begun.said() == "open"
    return begun


def taken(directory: Path, load: Load) -> float:
    """Load all; return how long that takes."""
    process = started(directory, load)
    begun = time.monotonic()
    assert process.ended()
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
        process.process.kill()
        killed += not process.ended()
        found = held(directory, load.world)
        partial += len(found) > 0 and found != complete
        assert started(directory, load).ended()
        assert held(directory, load.world) == complete
    with capsys.disabled():
        sys.stdout.write(f"\nkilled {killed} of {KILLS}, {partial} with a part of the documents; loading takes {seconds:.2f} s\n")
    assert killed >= KILLS // 2
    assert partial >= KILLS // 5
