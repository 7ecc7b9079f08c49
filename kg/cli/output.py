"""What verbs print: rows as a table, CSV or JSON, and files that are there whole or not at all."""

import csv
import io
import json
import os
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from itertools import accumulate
from pathlib import Path
from typing import IO

from kg.cli.options import TableFormat
from kg.errors import KgError

Cell = str | int | float | None

_WIDEST = 80  # columns of the terminal that a cell of a table may take


def say(line: str = "") -> None:
    """Print a line of the result."""
    sys.stdout.write(line + "\n")


def note(line: str) -> None:
    """Print a line about the work, apart from the result."""
    sys.stderr.write(line + "\n")


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes; a Chinese character takes two.

    >>> width("华为 ok")
    7
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def shortened(text: str, widest: int) -> str:
    """Return a text on one line, cut with an ellipsis where it would take more than `widest` columns.

    >>> shortened("安屿科技否认\\n出售云业务", 14)
    '安屿科技否认 …'
    """
    line = " ".join(text.split())
    if width(line) <= widest:
        return line
    columns = accumulate(map(width, line))
    return "".join(char for char, column in zip(line, columns, strict=True) if column < widest) + "…"


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows as text with aligned columns under a ruled header; numbers stand to the right, long texts are cut.

    >>> print(table(["who", "n"], [["华为", 12], ["a", None]]))
    who    n
    ----  --
    华为  12
    a
    """
    cells = [["" if cell is None else shortened(str(cell), _WIDEST) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(columns, *cells, strict=True)]
    numeric = [
        any(cell is not None for cell in column) and all(isinstance(cell, int | float | None) for cell in column)
        for column in zip(*rows, strict=True)
    ]
    right = numeric or [False] * len(columns)

    def line(texts: Sequence[str]) -> str:
        padded = (
            " " * (wide - width(text)) + text if rightly else text + " " * (wide - width(text))
            for text, wide, rightly in zip(texts, widths, right, strict=True)
        )
        return "  ".join(padded).rstrip()

    return "\n".join([line(columns), "  ".join("-" * wide for wide in widths), *map(line, cells)])


def listing(records: Sequence[object]) -> str:
    """Return records of one kind as a table of those of their fields that say something; a record in a record by its text.

    >>> from kg.model import Unresolved
    >>> print(listing([Unresolved(0, 2, "公司", "no antecedent"), Unresolved(9, 10, "其", "two antecedents")]))
    start  end  text  reason
    -----  ---  ----  ---------------
        0    2  公司  no antecedent
        9   10  其    two antecedents
    """
    rows = [_cells(record) for record in records]
    columns = [name for name in dict.fromkeys(name for row in rows for name in row) if any(row.get(name) is not None for row in rows)]
    return table(columns, [[row.get(name) for name in columns] for row in rows])


def _cells(record: object) -> dict[str, Cell]:
    if isinstance(record, str) or not is_dataclass(record):
        return {"": str(record)}
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: value if isinstance(value, Cell) else str(getattr(value, "text", value)) for name, value in values.items()}


def rendered(columns: Sequence[str], rows: Sequence[Sequence[Cell]], form: TableFormat) -> str:
    """Return rows as a table, as CSV with a header, or as a JSON array of objects."""
    if form is TableFormat.TABLE:
        return table(columns, rows)
    if form is TableFormat.JSON:
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue().removesuffix("\n")


@contextmanager
def written(path: Path | None) -> Iterator[IO[bytes]]:
    """Give a file to write to that takes its name only once it is whole; standard output where there is no path."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise KgError(f"{path}: cannot be written ({error.strerror}); give a file in a folder you may write to") from error
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as output:
            yield output
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    except OSError as error:
        raise KgError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        partial.unlink(missing_ok=True)


def _umask() -> int:
    """Return the process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
