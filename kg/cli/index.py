"""A table of documents that an analyst keeps: name, date, publisher and so on, a line a document."""

from collections.abc import Mapping
from pathlib import Path

import regex

from kg.errors import ReadError
from kg.reading.metadata import Metadata, check_date

_ASIDE = regex.compile(r"\([^()]*\)|（[^（）]*）")
_SYNONYMS = {"date": "published", "document": "name", "doc": "name"}
_FIELDS = ("title", "publisher", "published", "author")


def columns(line: str) -> list[str]:
    """Return the columns that a table's first line names, with tabs or commas between them.

    >>> columns("name\\tdate\\tpublisher")
    ['name', 'published', 'publisher']
    >>> columns("# our files: name, date (ISO 8601, as known), publisher")
    ['name', 'published', 'publisher']
    """
    text = _ASIDE.sub("", line.removeprefix("#")).rpartition(":")[2]
    names = [cell.strip().casefold() for cell in text.split("\t" if "\t" in text else ",")]
    return [_SYNONYMS.get(name, name) for name in names]


def read_index(path: Path) -> Mapping[str, Metadata]:
    """Read a table of documents, by name without the file's ending.

    The first line names the columns: `name` and any of `date`, `title`, `publisher`, `author`; others are passed over.
    ReadError with the line's number where it is malformed.
    """
    try:
        first, *lines = path.read_text("utf-8-sig").splitlines() or [""]
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot be read ({error}); give a tab-separated table in UTF-8") from error
    names = columns(first)
    if "name" not in names:
        raise ReadError(f"{path}:1: no column 'name'; let the first line name the columns, e.g. name, date, publisher")
    documents: dict[str, Metadata] = {}
    for number, line in enumerate(lines, 2):
        if not line.strip() or line.startswith("#"):
            continue
        row = dict(zip(names, (cell.strip() for cell in line.split("\t")), strict=False))
        if not row.get("name"):
            raise ReadError(f"{path}:{number}: no name; every row names its document")
        if row.get("published"):
            check_date(row["published"], f"{path}:{number}")
        documents[row["name"]] = Metadata(*(row.get(field) or None for field in _FIELDS))
    return documents
