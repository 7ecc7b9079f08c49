"""Compares what was read out of a marked sentence with what its arrows and crosses say."""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from kg.folding import fold
from kg.model import Statement
from tests.marked import Expected, Marked, Silent

ALIKE = 0.6  # Dice coefficient of the characters, as statements are scored against gold
UNSPOKEN = str.maketrans("", "", " \t\n\"'“”‘’《》「」『』·、,。()")


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
