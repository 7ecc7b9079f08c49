"""Whether a clause speaks of a day to come: the year or day it names, held against the document's date."""

import regex

_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d\d(?= ?年)")
_DAY = regex.compile(r"(?<!\d)(1[0-2]|[1-9]) ?月(?: ?(3[01]|[12]\d|[1-9]) ?[日号])?")


def tenses(text: str, published: str | None) -> set[str]:
    """Return `past`, `now` and `to come` for the years and days named in folded text; nothing without a date to hold them against.

    >>> sorted(tenses("2025年的产能", "2024-08-10")), sorted(tenses("9月12日正式发布", "2024-08-10"))
    (['to come'], ['to come'])
    """
    if not published:
        return set()
    found = {_order(year, published[:4]) for year in _YEAR.findall(text)}
    if not found and len(published) >= 7:
        found = {
            _order((month.zfill(2), day.zfill(2)) if day and len(published) == 10 else (month.zfill(2),), _parts(published, bool(day)))
            for month, day in _DAY.findall(text)
        }
    return found


def _parts(published: str, to_the_day: bool) -> tuple[str, ...]:
    return (published[5:7], published[8:10]) if to_the_day and len(published) == 10 else (published[5:7],)


def _order(named: object, today: object) -> str:
    return "now" if named == today else "to come" if named > today else "past"  # type: ignore[operator]
