"""Annotated documents: each with its context, and its gold records by the clause that carries them."""

import bisect
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.extraction.statements.context import Context
from kg.records import Record, filled

_PUBLIC = "web_"  # what the names of public texts begin with


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document's context and its gold records, each with the number of the clause in which its quote ends."""

    name: str
    context: Context
    records: tuple[tuple[int, Record], ...]

    @property
    def public(self) -> bool:
        """Whether the text is a public one, which was annotated once, by many hands."""
        return self.name.startswith(_PUBLIC)


def read_records(path: Path, text: str) -> list[Record]:
    """Read the gold records of a document, those that leave its words out filled with them, sorted by where their quote stands."""
    with path.open(encoding="utf-8") as lines:
        records = [filled(json.loads(line), text) for line in lines if line.strip()]
    return sorted(records, key=lambda record: (record["start"], record["end"]))


def annotated(context: Context, records: Sequence[Record]) -> Annotated:
    """Return a document with its gold records."""
    return Annotated(context.document.name, context, tuple(align(context, records)))


def align(context: Context, records: Sequence[Record]) -> Iterator[tuple[int, Record]]:
    """Yield each record with the number of the last clause that its quote reaches; records outside all clauses are left out."""
    starts = [clause.start for clause in context.clauses]
    for record in records:
        number = bisect.bisect_left(starts, record["end"]) - 1
        if number >= 0 and context.clauses[number].end > record["start"]:
            yield number, record


def folds(names: Sequence[str], count: int) -> list[list[str]]:
    """Deal documents out into folds, round robin over the sorted names.

    >>> folds(["c", "a", "b"], 2)
    [['a', 'c'], ['b']]
    """
    ordered = sorted(names)
    return [ordered[start::count] for start in range(count)]
