"""Exchange records: what is compared of a statement, and the files that hold gold and predicted ones."""

import functools
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from kg.errors import ReadError
from kg.model import Predicate, Stance, Statement
from kg.records import NAMES, filled

_DROPPED = str.maketrans("", "", " \t\u3000\xa0\"'“”‘’《》「」『』·、,,。()()")


@dataclass(frozen=True, slots=True)
class Claim:
    """The fields of an exchange record that are compared, its unit only with other extractions; `core` is whether missing it counts."""

    doc: str
    start: int
    end: int
    quote: str
    speaker: str | None
    stance: Stance
    subject: str | None
    predicate: Predicate
    object: str | None
    value: str | None
    when: str | None
    due: str | None
    unit: str | None = None
    core: bool = True


def claim(statement: Statement) -> Claim:
    """Return the compared fields of an extracted statement."""
    return Claim(**{field.name: getattr(statement, field.name) for field in fields(Claim) if field.name != "core"})


def read_claims(path: Path, text: Callable[[str], str] | None = None) -> list[Claim]:
    """Read a file of exchange records, one JSON object a line; raise ReadError with the line's number where one is malformed.

    `text` gives the text of a document by its name, for records that leave its words out.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot be read ({error}); give a file of JSON Lines in UTF-8") from error
    return [_parse(line, f"{path}:{number}", text) for number, line in enumerate(lines, 1) if line.strip()]


def _parse(line: str, where: str, text: Callable[[str], str] | None) -> Claim:
    try:
        record = json.loads(line)
        if any(isinstance(record.get(name), list) for name in NAMES):
            if text is None:
                raise ReadError(f"{where}: the record gives names by where they stand; say with --corpus in which documents")
            record = filled(record, text(record["doc"]))
        value = record.get("value")
        return Claim(
            doc=record["doc"],
            start=int(record["start"]),
            end=int(record["end"]),
            quote=record.get("quote") or "",
            speaker=record.get("speaker"),
            stance=Stance(record["stance"]),
            subject=record.get("subject"),
            predicate=Predicate(record["predicate"]),
            object=record.get("object"),
            value=None if value is None else str(value),
            when=record.get("when"),
            due=record.get("due"),
            unit=record.get("unit"),
            core=record.get("core", True),
        )
    except KeyError as error:
        raise ReadError(f"{where}: the record has no field {error}; see the fields of an exchange record") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ReadError(f"{where}: not an exchange record ({error})") from error


def read_aliases(path: Path) -> dict[str, int]:
    """Read lines of tab-separated names of one thing; return for each normalised name the number of its line."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot be read ({error}); give tab-separated names in UTF-8") from error
    return {normalise(name): number for number, line in enumerate(lines) for name in line.split("\t") if name}


@functools.lru_cache(maxsize=65536)
def normalise(name: str | None) -> str:
    """Return a name without the differences of writing that say nothing.

    >>> normalise("《Ｍａｔｅ Book》")
    'matebook'
    """
    return unicodedata.normalize("NFKC", name or "").casefold().translate(_DROPPED)
