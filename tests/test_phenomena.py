"""Every marked sentence of tests/phenomena goes through the extractor; each file must keep the floor its header records.

    python -m tests.test_phenomena [--failed] [NAME …]

prints, sentence by sentence, what passes and what is missing or too much, and the count that a header's floor may be raised to.
"""

import argparse
import functools
import sys
from pathlib import Path

import pytest

from kg.extraction.pipeline import Pipeline
from kg.lexicon import Lexicon
from kg.model import Statement
from kg.reading import Metadata, read_text
from tests.judge import complaints, show
from tests.marked import Marked, Phenomenon, read_marked

FILES = sorted(Path(__file__).with_name("phenomena").glob("*.txt"))


@functools.cache
def pipeline() -> Pipeline:
    return Pipeline(Lexicon(), "none")


def read_out(marked: Marked) -> tuple[Statement, ...]:
    """Return what is extracted from a sentence, read as a document of its date."""
    document = read_text(marked.text, "sentence.txt", Metadata(published=marked.date))
    return pipeline().extract(document).statements


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_floor_is_kept(path: Path) -> None:
    phenomenon = read_marked(path)
    failed = {sentence.line: found for sentence in phenomenon.sentences if (found := list(complaints(sentence, read_out(sentence))))}
    passed = phenomenon.total - len(failed)
    report = "\n".join(f"{path.name}:{line}: {'; '.join(found)}" for line, found in failed.items())
    assert passed >= phenomenon.passed, f"{passed}/{phenomenon.total} pass, the floor is {phenomenon.passed}:\n{report}"


def report(phenomenon: Phenomenon, failed_only: bool) -> int:
    """Print the sentences of one file with what is wrong in each; return how many pass."""
    passed = 0
    for sentence in phenomenon.sentences:
        statements = read_out(sentence)
        wrong = list(complaints(sentence, statements))
        passed += not wrong
        if failed_only and not wrong:
            continue
        sys.stdout.write(f"{'FAIL' if wrong else 'pass'} {phenomenon.name}:{sentence.line} {sentence.text!r}\n")
        sys.stdout.writelines(f"       {line}\n" for line in wrong)
        if wrong:
            sys.stdout.writelines(f"       found: {show(statement)}\n" for statement in statements)
    sys.stdout.write(f"==== {phenomenon.name}: {passed}/{phenomenon.total} pass, floor {phenomenon.passed}\n")
    return passed


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.test_phenomena", description="Report sentence by sentence what passes.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="files under tests/phenomena without .txt; all of them unless given")
    parser.add_argument("--failed", action="store_true", help="only the sentences that fail")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - {path.stem for path in FILES}
    if unknown:
        parser.error(f"no phenomenon {', '.join(sorted(unknown))}; one of {', '.join(path.stem for path in FILES)}")
    phenomena = [read_marked(path) for path in FILES if not options.names or path.stem in options.names]
    passed = sum(report(phenomenon, options.failed) for phenomenon in phenomena)
    sys.stdout.write(f"==== all: {passed}/{sum(phenomenon.total for phenomenon in phenomena)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
