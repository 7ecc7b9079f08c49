"""Every marked sentence of tests/phenomena goes through the extractor; each file must keep the floor its header records.

    python -m tests.test_phenomena [--failed] [NAME …]

prints, sentence by sentence, what passes and what is missing or too much, and the count that a header's floor may be raised to.
"""

import argparse
import functools
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.extraction.pipeline import Pipeline
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Statement
from kg.reading import Metadata, read_text
from tests.marked import Expected, Marked, Phenomenon, Silent, read_marked

FILES = sorted(Path(__file__).with_name("phenomena").glob("*.txt"))
ALIKE = 0.6  # Dice coefficient of the characters, as statements are scored against gold
UNSPOKEN = str.maketrans("", "", " \t\n\"'“”‘’《》「」『』·、,。()")


@functools.cache
def pipeline() -> Pipeline:
    return Pipeline(Lexicon(), ner="none")


def read_out(marked: Marked) -> tuple[Statement, ...]:
    """Return what is extracted from a sentence, read as a document of its date."""
    document = read_text(marked.text, "sentence.txt", Metadata(published=marked.date))
    return pipeline().extract(document).statements


def complaints(marked: Marked, statements: tuple[Statement, ...]) -> Iterator[str]:
    """Say what is missing and what is too much; nothing for a sentence that is read right."""
    for expected in marked.expected:
        if not any(meets(statement, expected) for statement in statements):
            fields = "".join(f" {name}={value or '-'}" for name, value in expected.fields)
            yield f"missing: {expected.stance} {expected.subject or '-'} {expected.predicate} {expected.object or '-'}{fields}"
    for silent in marked.silent:
        for statement in statements:
            if breaks(statement, silent, marked.expected):
                yield f"too much: {show(statement)}"


def meets(statement: Statement, expected: Expected) -> bool:
    if (statement.stance, statement.predicate) != (expected.stance, expected.predicate):
        return False
    if expected.cue and not (statement.start <= expected.cue[0] and expected.cue[1] <= statement.end):
        return False
    if not (alike(statement.subject, expected.subject) and alike(statement.object, expected.object)):
        return False
    return has(statement, expected.fields)


def breaks(statement: Statement, silent: Silent, expected: tuple[Expected, ...]) -> bool:
    if silent.other:
        return not any(meets(statement, one) for one in expected)
    return silent.stance in (None, statement.stance) and silent.predicate in (None, statement.predicate) and has(statement, silent.fields)


def has(statement: Statement, fields: tuple[tuple[str, str | None], ...]) -> bool:
    """Tell whether the fields hold: names as names are compared, all else to the letter."""
    names = {"subject", "object", "speaker"}
    return all(alike(getattr(statement, name), value) if name in names else getattr(statement, name) == value for name, value in fields)


def alike(found: str | None, wanted: str | None) -> bool:
    """Tell whether two names are the same, one stands in the other, or they share most of their characters."""
    if found is None or wanted is None:
        return found is wanted
    one, other = (unicodedata.normalize("NFKC", fold(name)).casefold().translate(UNSPOKEN) for name in (found, wanted))
    if not one or not other:
        return one == other
    shared = sum((Counter(one) & Counter(other)).values())
    return one in other or other in one or 2 * shared / (len(one) + len(other)) >= ALIKE


def show(statement: Statement) -> str:
    fields = "".join(f" {name}={value}" for name in ("speaker", "value", "unit", "when", "due") if (value := getattr(statement, name)))
    return f"{statement.stance} {statement.subject or '-'} {statement.predicate} {statement.object or '-'}{fields} «{statement.quote}»"


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
