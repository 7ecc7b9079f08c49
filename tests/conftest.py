"""What several tests share: a store of the samples, built by the command itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
COMMAND = [sys.executable, "-c", "from kg.cli import main; main()"]


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
