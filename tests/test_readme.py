"""The answers in README.md are those that its commands print, over a store of the samples.

    python -m tests.test_readme

writes them anew after a change to extraction; read the difference before you commit it.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import COMMAND, ROOT, built

README = ROOT / "README.md"
_ANSWERED = re.compile(r"^\$ \.venv/bin/kg (?P<command>.+) --store build/demo-store\n(?P<answer>(?:(?!\$ |```).*\n)*)", re.MULTILINE)


def answer(command: str, store: Path) -> str:
    """Return what the command prints about the store."""
    run = subprocess.run([*COMMAND, *command.split(), "--store", str(store)], cwd=ROOT, check=True, capture_output=True, text=True)
    return run.stdout


def test_the_answers_are_real(samples: Path) -> None:
    asked = list(_ANSWERED.finditer(README.read_text("utf-8")))
    assert len(asked) >= 5
    for question in asked:
        assert question["answer"] == answer(question["command"], samples), question["command"]
        assert question["answer"].count("\n") > 2, "a question without an answer shows nothing"


def main() -> None:
    """Write the answers into the README."""
    with tempfile.TemporaryDirectory() as directory:
        store = built(Path(directory) / "store", "0")
        text = README.read_text("utf-8")
        README.write_text(_ANSWERED.sub(lambda found: f"{found[0].splitlines()[0]}\n{answer(found['command'], store)}", text), "utf-8")
    sys.stdout.write("README.md has the answers of today\n")


if __name__ == "__main__":
    main()
