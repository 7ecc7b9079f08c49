"""What several tests share: the command, in a process of its own or in this one, and a store of the samples, built by it."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, settings

from kg.cli import main

settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # how slow a machine is, is no fault
settings.load_profile("tests")

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
COMMAND = [sys.executable, "-c", "from kg.cli import main; main()"]


@dataclass(frozen=True)
class Outcome:
    """What a run of the command left behind."""

    status: int
    out: str
    err: str


Kg = Callable[..., Outcome]


@pytest.fixture
def kg(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kg:
    """Run the command in this process."""

    def run(*arguments: str | Path, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return Outcome(cast(int, end.value.code or 0), captured.out, captured.err)

    return run


def built(directory: Path, seed: str) -> Path:
    """Return a store of the samples, built by a process of its own whose hashes are seeded as given."""
    command = [*COMMAND, "build", "--store", str(directory), str(SAMPLES)]
    run = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return directory


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of the samples."""
    return built(tmp_path_factory.mktemp("build") / "store", "1")
