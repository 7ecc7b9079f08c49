"""Annotated documents: each with its context, and its gold records by the clause that carries them."""

import bisect
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.extraction.statements.context import Context

Record = Mapping[str, Any]

_NAMES = ("subject", "object", "speaker")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document's context and its gold records, each with the number of the clause in which its quote ends."""

    name: str
    context: Context
    records: tuple[tuple[int, Record], ...]


def read_records(path: Path, text: str) -> list[Record]:
    """Read the gold records of a document, sorted by where their quote stands.

    A record may leave the text out: `quote` is then what stands at its offsets, and a name given as `[start, end]` what stands
    there.
    """
    with path.open(encoding="utf-8") as lines:
        records = [_filled(json.loads(line), text) for line in lines if line.strip()]
    return sorted(records, key=lambda record: (record["start"], record["end"]))


def _filled(record: dict[str, Any], text: str) -> Record:
    record.setdefault("quote", text[record["start"] : record["end"]])
    for field in _NAMES:
        if isinstance(record[field], list):
            start, end = record[field]
            record[field] = text[start:end]
    return record


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
