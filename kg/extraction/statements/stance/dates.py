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
    if found or len(published) < 7:
        return found
    month, day = published[5:7], published[8:10]
    for named, on in _DAY.findall(text):
        to_the_day = bool(on and day)
        found.add(_order(named.zfill(2) + on.zfill(2), month + day) if to_the_day else _order(named.zfill(2), month))
    return found


def _order(named: str, today: str) -> str:
    return "now" if named == today else "to come" if named > today else "past"
