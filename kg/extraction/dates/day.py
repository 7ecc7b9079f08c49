"""A date as coarse as known."""

import datetime
from dataclasses import dataclass

from kg.errors import ExtractionError


@dataclass(frozen=True, slots=True)
class Day:
    """A date as coarse as known: a year, perhaps a month, perhaps a day. ValueError where the calendar has no such day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        datetime.date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, iso: str | None) -> "Day | None":
        """Read `2021-09-24`, `2025-03` or `2020`; None for None, ExtractionError for what is no date."""
        try:
            return None if iso is None else cls(*map(int, iso[:10].split("-")))
        except (ValueError, TypeError) as error:
            raise ExtractionError(f"the document's date {iso!r} is no ISO 8601 date; give 2021-09-24, 2021-09 or 2021") from error

    def days_later(self, days: int) -> "Day | None":
        """The day so many days later; None where only the month or year is known."""
        if self.month is None or self.day is None:
            return None
        other = datetime.date(self.year, self.month, self.day) + datetime.timedelta(days=days)
        return Day(other.year, other.month, other.day)

    def months_later(self, months: int) -> "Day":
        """The month so many months later."""
        total = self.year * 12 + (self.month or 1) - 1 + months
        return Day(total // 12, total % 12 + 1)

    def __str__(self) -> str:
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)])
