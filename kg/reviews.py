"""What people have decided of statements: that one stands, that it does not, or how it should read. Kept apart from the statements.

One decision a line of JSON, in the order of its making: the statement's id, the decision, the exchange record as it was read, the
record as corrected, when (ISO 8601) and why. What was accepted or corrected is gold for `kg eval`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from kg.errors import ReviewError
from kg.model import Predicate, Stance
from kg.records import RECORD, Record

CORRECTABLE = ("speaker", "stance", "subject", "predicate", "object", "value", "unit", "when", "due")


class Decision(StrEnum):
    """What was decided of a statement."""

    ACCEPT = "accept"
    REJECT = "reject"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Review:
    """One decision, about the statement of that id, which was read as `record`; `corrected` only where it was corrected."""

    statement: str
    decision: Decision
    record: Record
    corrected: Record | None = None
    date: str = ""
    note: str = ""

    @property
    def gold(self) -> Record | None:
        """Return the record that stands, None where the statement was rejected."""
        return None if self.decision is Decision.REJECT else self.corrected or self.record


@dataclass(frozen=True, slots=True)
class Reviews:
    """Decisions, the last of each statement."""

    made: tuple[Review, ...] = ()

    def of(self, statement: str) -> Review | None:
        """Return what was decided of a statement, None where nothing was."""
        return next((one for one in self.made if one.statement == statement), None)

    def with_one(self, review: Review) -> "Reviews":
        """Return these and one more, which takes the place of what was decided of the same statement before."""
        return Reviews((*(one for one in self.made if one.statement != review.statement), review))

    def without(self, statement: str) -> "Reviews":
        """Return these without what was decided of a statement; ReviewError where nothing was."""
        if self.of(statement) is None:
            raise ReviewError(f"{statement}: nothing was decided of it; there is nothing to undo")
        return Reviews(tuple(one for one in self.made if one.statement != statement))

    def gold(self) -> Iterator[Record]:
        """Yield the records that stand, by document and place, as a gold file has them."""
        records = [one.gold for one in self.made if one.gold is not None]
        yield from sorted(records, key=lambda record: (record["doc"], record["start"], record["end"], record["predicate"]))


def corrected(record: Record, changes: Mapping[str, str]) -> Record:
    """Return a record with some fields changed, an empty text for none; ReviewError where a field or its value is none of ours.

    >>> corrected({"stance": "plans", "due": "2024"}, {"stance": "aims", "due": ""})
    {'stance': 'aims', 'due': None}
    """
    closed: Mapping[str, type[StrEnum]] = {"stance": Stance, "predicate": Predicate}
    for name, value in changes.items():
        if name not in CORRECTABLE:
            raise ReviewError(f"{name}: a correction changes {', '.join(CORRECTABLE)}; the evidence stays as it is")
        if name in closed and value not in set(closed[name]):
            raise ReviewError(f"{name}={value}: choose one of {', '.join(closed[name])}")
    return {**record, **{name: value or None for name, value in changes.items()}}


def read_reviews(path: Path) -> Reviews:
    """Read the decisions of a file, none where there is no file; ReviewError with the line's number where one is malformed."""
    if not path.exists():
        return Reviews()
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"{path}: cannot be read ({error}); give a file that `kg review` wrote") from error
    reviews = Reviews()
    for number, line in enumerate(lines, 1):
        if line.strip():
            reviews = reviews.with_one(_parsed(line, f"{path}:{number}"))
    return reviews


def written(reviews: Reviews) -> str:
    """Return the file that `read_reviews` reads."""
    return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in reviews.made)


def _parsed(line: str, where: str) -> Review:
    try:
        review = Review(**json.loads(line))
        review = replace(review, decision=Decision(review.decision))
        records = [review.record, *([] if review.corrected is None else [review.corrected])]
        complete = all(record.keys() == set(RECORD) for record in records)
    except (ValueError, TypeError, AttributeError) as error:
        raise ReviewError(f"{where}: not a decision ({error}); undo it in the file, or give one that `kg review` wrote") from error
    if not complete or (review.decision is Decision.CORRECT) != (review.corrected is not None):
        raise ReviewError(f"{where}: the decision lacks a field; give a file that `kg review` wrote")
    return review
