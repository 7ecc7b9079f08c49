"""Dates as coarse as the text (`2021-09-24`, `2022-12`, `2021`, `2021-H1`, `2021-Q2`, `2021/2023`) and the days they span."""

import calendar
import re
from datetime import date

from kg.errors import ExtractionError

_FORM = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})(?:-(?P<day>\d{2}))?|H(?P<half>[12])|Q(?P<quarter>[1-4])))?")


def bounds(iso: str) -> tuple[date, date]:
    """Return the first and the last day of a period; ExtractionError where it is none.

    >>> [str(day) for day in bounds("2022-12")], [str(day) for day in bounds("2021-H1")]
    (['2022-12-01', '2022-12-31'], ['2021-01-01', '2021-06-30'])
    """
    begin, slash, end = iso.partition("/")
    if slash:
        return bounds(begin)[0], bounds(end)[1]
    match = _FORM.fullmatch(iso)
    if match is None:
        raise ExtractionError(f"{iso!r} is no date or period; write it as 2021-09-24, 2021-09, 2021, 2021-H1 or 2021-Q2")
    year = int(match["year"])
    try:
        if match["day"]:
            day = date(year, int(match["month"]), int(match["day"]))
            return day, day
        if match["month"]:
            return _months(year, int(match["month"]), 1)
        if match["half"]:
            return _months(year, 6 * int(match["half"]) - 5, 6)
        if match["quarter"]:
            return _months(year, 3 * int(match["quarter"]) - 2, 3)
        return _months(year, 1, 12)
    except ValueError as error:
        raise ExtractionError(f"{iso!r} is in no calendar ({error}); correct the date") from error


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    begin = date(year, first, 1)
    last = first + count - 1
    return begin, date(year, last, calendar.monthrange(year, last)[1])
