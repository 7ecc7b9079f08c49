"""What a date means: a match of the grammar, resolved to ISO 8601 as coarse as the text.

What a date leaves out is taken from what stands nearest: the year from the sentence, the day of `今日` from the dateline of
the news item (`3月31日消息`), everything else from the document's own date.
"""

import datetime
from bisect import bisect_right

import regex

from kg.extraction.dates.day import Day
from kg.extraction.dates.grammar import WEEKDAYS, Grammar
from kg.extraction.numerals import number_of

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "首": 1, "末": 4}
_SPANS = {(1, 3): "Q1", (4, 6): "Q2", (7, 9): "Q3", (10, 12): "Q4", (1, 6): "H1", (7, 12): "H2"}
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_ROUGH = {"初": 1, "中": 5}  # 年中 is no month, but a month named after it comes after it
_STOPS = ",。;\n!?"
_SAME_PASSAGE = 400  # characters
_TURN = 3  # until this month what is told of a year is told of the one just past
_GOALS = ("目标", "指引", "预期", "预计", "力争")  # behind 全年: of the year that goes on
_SOON = 6  # months; a quarter that begins within them is the coming one, a later one last year's


class Resolver:
    """Resolves the matches of one text in order, remembering the date and the period named last."""

    def __init__(self, view: str, published: Day | None, grammar: Grammar) -> None:
        self._view, self._published, self._grammar = view, published, grammar
        self._last: tuple[int, Day] | None = None
        self._period_named: str | None = None
        self._items = self._datelines()

    def resolve(self, match: "regex.Match[str]") -> list[str]:
        """Return the ISO forms of one match: none, one, or every year or month that it names."""
        try:
            resolved = self._resolve(match)
        except (ValueError, OverflowError):  # 2月30日 is no day
            return []
        if not resolved:
            return []
        last = resolved[-1]
        if isinstance(last, Day):
            rough = _ROUGH.get(match["edge"] or "")
            self._last = match.end(), Day(last.year, rough) if rough else last
            if last.month and last.day is None:
                self._period_named = str(last)
        else:
            self._last, self._period_named = (match.end(), Day(int(last[:4]))), last
        return [str(one) for one in resolved]

    def _resolve(self, match: "regex.Match[str]") -> list[Day | str]:
        if match["fromyear"]:
            first, last = int(match["fromyear"]), int(match["toyear"])
            return [Day(year) for year in (range(first, last + 1) if first < last < first + 6 else (first, last))]
        if match["quarteryear"]:
            return [f"{match['quarteryear']}-{match['q']}"]
        if match["frommonth"]:
            return self._month_range(match)
        one = self._relative(match) or self._calendar(match)
        return [one] if one else []

    def _relative(self, match: "regex.Match[str]") -> Day | str | None:
        """What is counted from the document's date, the item's, or the date named before; None for what is not."""
        today, offsets = self._today(match.start()), self._grammar.offsets
        if match["y"]:
            return Day(int(match["y"]), int(match["m"]), int(match["d"]) if match["d"] else None)
        if match["period"]:
            return self._same_period(match)
        if match["plan"]:
            return Day(offsets["plan", match["plan"]])
        if match["lastquarter"] or match["samequarter"]:
            return self._quarter_named(match)
        if match["wholeyear"]:
            return self._whole_year(match)
        if match["sameday"]:
            return self._same_day(match)
        if match["samemonth"]:
            earlier = self._earlier(match.start())
            return self._month(match, earlier, offsets["same_month", match["samemonth"]])
        if today is None:
            return None
        if match["relday"]:
            return today.days_later(offsets["day", match["relday"]])
        if match["week"] or match["weekday"]:
            return self._week(match, today)
        if match["relmonth"]:
            return self._month(match, today, offsets["month", match["relmonth"]])
        if match["count"]:
            return self._counted(match, today)
        if match["inyear"] or match["season"]:
            return Day(today.year)
        if match["newyear"]:
            return Day(today.year + (today.month == 12))
        if match["monthedge"] and today.month:
            return Day(today.year, today.month)
        return None

    def _calendar(self, match: "regex.Match[str]") -> Day | str | None:
        """A year with its part, or a part (`8月底`, `三季度`, `23日`) whose year is to be found."""
        year = self._year(match)
        if year is None and any(match[name] for name in ("year", "shortyear", "hanyear", "relyear", "sameyear")):
            return None
        day = _number(match["day"]) if match["day"] else None
        if match["month"]:
            month = _number(match["month"])
            if year and day and self._grammar.year_end.match(self._view, match.end()):
                return Day(year)
            date = Day(year, month, day) if year else self._yearless(match, month, day)
            return self._period_to(date, match) or date
        if day and not match["relmonth"] and not match["samemonth"]:
            return self._bare_day(day, match)
        if match["half"] or match["quarter"] or match["q"] or match["first"]:
            return self._part_of_year(match, year)
        if match["edge"]:
            return self._edge(match, year)
        if year and match["festival"]:
            return Day(year, self._grammar.offsets["festival", match["festival"]])
        return Day(year) if year else None

    def _period_to(self, date: Day | None, match: "regex.Match[str]") -> Day | str | None:
        """The period that ends on a day: `截至2019年6月30日止六个月` is a half, `止年度` of 31 December a year; None for any other."""
        found = self._grammar.period_ended.match(self._view, match.end()) if date and date.day else None
        if found is None or date is None or date.month is None:
            return None
        months = _number(found["months"]) if found["months"] else 12
        if (months, date.month) == (12, 12):
            return Day(date.year)
        span = _SPANS.get((date.month - months + 1, date.month))
        return f"{date.year}-{span}" if span else None

    # What stands nearest

    def _datelines(self) -> tuple[list[int], list[Day | None]]:
        """Where each news item begins, and the day that its dateline gives (None past a heading)."""
        starts: list[int] = []
        days: list[Day | None] = []
        for match in self._grammar.dateline.finditer(self._view):
            month, day = match["month"] or match["leadmonth"], match["day"] or match["leadday"]
            try:
                date = self._nearest(_number(month), _number(day), future=False) if month else None
            except ValueError:
                continue
            if match["leadmonth"] and (not days or days[-1] is not None or not self._is_recent(date)):
                continue  # without 消息 only the date that opens an item, under its heading, is a dateline
            starts.append(match.start())
            days.append(date)
        return starts, days

    def _is_recent(self, date: Day | None) -> bool:
        """Whether a date lies within the four days before the document's own."""
        return date is not None and self._published is not None and any(self._published.days_later(-days) == date for days in range(5))

    def _today(self, offset: int) -> Day | None:
        """The day that `今日` means at an offset: the item's dateline, else the document's date."""
        starts, days = self._items
        index = bisect_right(starts, offset) - 1
        return (days[index] if index >= 0 else None) or self._published

    def _earlier(self, offset: int) -> Day | None:
        """The date named last in the same paragraph."""
        if self._last is None or "\n" in self._view[self._last[0] : offset]:
            return None
        return self._last[1]

    def _in_passage(self, offset: int) -> Day | None:
        """The date named last within the last few hundred characters."""
        return self._last[1] if self._last and offset - self._last[0] < _SAME_PASSAGE else None

    def _looks_ahead(self, match: "regex.Match[str]") -> bool:
        """Whether the clause speaks of what is to come (`将于5月`, `年底前`)."""
        view, start, end = self._view, match.start(), match.end()
        left = max(start - 24, 0, *(view.rfind(mark, max(0, start - 24), start) + 1 for mark in _STOPS))
        right = min((index for mark in _STOPS if (index := view.find(mark, end, end + 24)) >= 0), default=end + 24)
        future = self._grammar.future
        return bool(future.search(view, left, start) or future.search(view, end, right) or self._grammar.after_deadline.match(view, end))

    # One kind of expression each

    def _same_day(self, match: "regex.Match[str]") -> Day | None:
        """`当日`, `次日`: from the day named last in the passage, else from the item's dateline."""
        today = self._today(match.start())
        base = self._in_passage(match.start())
        if base is None or base.day is None:
            base = today if today != self._published else None
        return base.days_later(self._grammar.offsets["same_day", match["sameday"]]) if base else None

    def _same_period(self, match: "regex.Match[str]") -> str | None:
        """`去年同期`: the period named last, a year earlier (`2022-Q3` gives `2021-Q3`); `同期`: that period itself."""
        named, year = self._period_named, self._year(match)
        if match.group() == "同期":
            return named
        if named and match["relyear"]:
            year = int(named[:4]) + self._grammar.offsets["year", match["relyear"]]
        return f"{year}{named[4:] if named else ''}" if year else None

    def _quarter_named(self, match: "regex.Match[str]") -> str | None:
        """`当季` is the quarter named last in the passage, `上季度` the one before it; without one, counted from the document's date."""
        earlier, named, base = self._in_passage(match.start()), self._period_named or "", self._published
        if earlier and named[5:6] == "Q":
            number = int(named[:4]) * 4 + int(named[6]) - 1
        elif base and base.month:
            number = base.year * 4 + (base.month - 1) // 3
        else:
            return None
        number -= bool(match["lastquarter"])
        return f"{number // 4}-Q{number % 4 + 1}"

    def _whole_year(self, match: "regex.Match[str]") -> Day | None:
        """`全年`: the year named last in the paragraph; without one the document's, at its turn the one just past, but of a goal."""
        earlier, base = self._earlier(match.start()), self._published
        if base and self._view.startswith(_GOALS, match.end()):
            return Day(base.year)
        if base is None or (earlier and earlier.year <= base.year):
            return Day(earlier.year) if earlier else None
        return Day(base.year - ((base.month or 12) <= _TURN and not self._looks_ahead(match)))

    def _month(self, match: "regex.Match[str]", base: Day | None, months: int) -> Day | None:
        if base is None or base.month is None:
            return None
        month = base.months_later(months)
        return Day(month.year, month.month, _number(match["day"]) if match["day"] else None)

    def _week(self, match: "regex.Match[str]", today: Day) -> Day | None:
        """`上周四` is a day, `上周` the month that its Thursday lies in; `周三` the latest one, or the coming one."""
        if today.month is None or today.day is None:
            return None
        weekday = datetime.date(today.year, today.month, today.day).weekday()
        target = min(WEEKDAYS.index(match["weekday"]), 6) if match["weekday"] else 3
        if match["week"]:
            day = today.days_later(target - weekday + 7 * self._grammar.offsets["week", match["week"]])
            return day if match["weekday"] or day is None else Day(day.year, day.month)
        return today.days_later(target - weekday - (7 if target > weekday and not self._looks_ahead(match) else 0))

    def _counted(self, match: "regex.Match[str]", today: Day) -> Day | None:
        """`未来三年`, `两年前`: a year where years are counted, a month where months are (or a single year to come), else a day."""
        unit, sign = match["countunit"], -1 if match["ago"] else 1
        number = 0.5 if match["count"] == "半" else _counted_number(match["count"])
        base = self._counted_from(match, today, number)
        in_tale = match.group().endswith("里") or (match["later"] and unit not in ("年", "月", "个月") and base == today)
        if in_tale and not self._looks_ahead(match):
            return None  # `两天后`, `六年里` in a tale are counted from what only its words tell
        if unit in "天日周" or unit.endswith("星期"):
            return base.days_later(sign * int(number * (1 if unit in "天日" else 7)))
        years = unit == "年"
        if years and (number > 1 or (match["ago"] and number == 1) or base.month is None):
            return Day(base.year + sign * int(number))
        return base.months_later(sign * int(number * 12 if years else max(1, number))) if base.month else None

    def _counted_from(self, match: "regex.Match[str]", today: Day, number: float) -> Day:
        """The date that is counted from: one named in the clause (`自3月1日起两年内`) or told of before in a tale, else the document's."""
        start = match.start()
        if match["within"]:
            named = self._last[1] if self._last and not set(self._view[self._last[0] : start]) & set(_STOPS) else None
            return named or today
        before = self._view[start - 1 : start]
        opens = not before or before in _STOPS or ("opening", before) in self._grammar.offsets
        named = self._in_passage(start) if match["later"] and opens else None
        told = named is not None and (match["countunit"] != "年" or named.year + number <= today.year)
        return named if named and told else today

    def _year(self, match: "regex.Match[str]") -> int | None:
        if match["year"]:
            return int(match["year"])
        if match["hanyear"]:
            return int(match["hanyear"].translate(_HAN_DIGITS))
        if match["shortyear"]:
            return self._short_year(match)
        if match["relyear"] and (today := self._today(match.start())):
            return today.year + self._grammar.offsets["year", match["relyear"]]
        if match["sameyear"] and (earlier := self._earlier(match.start())):
            return earlier.year + self._grammar.offsets["same_year", match["sameyear"]]
        return None

    def _short_year(self, match: "regex.Match[str]") -> int | None:
        """`17年` is 2017 where it begins a clause, follows a preposition or goes on with a month or 年底; else a duration."""
        number, before = int(match["shortyear"]), self._view[match.start() - 1 : match.start()]
        if number > (self._published.year if self._published else 2089) % 100 + 10:
            return None
        clear = match["shortyear"][0] == "0" or match["month"] or match["edge"] or match["half"] or match["quarter"]
        leads = (not before or before in "在从于到自是至我(“" + _STOPS) and self._view[match.end() : match.end() + 1] not in tuple(
            "来间前后内以的多"
        )
        return 2000 + number if clear or leads else None

    def _yearless(self, match: "regex.Match[str]", month: int, day: int | None) -> Day | None:
        """A month without its year goes on from an earlier year that the sentence, or for a coming month the passage, is about."""
        future = self._looks_ahead(match)
        if self._last and self._published and not future:
            offset, named = self._last
            between = self._view[offset : match.start()]
            same = not regex.search("[。!?\n]", between)
            coming = self._published.month is not None and month > self._published.month and len(between) < _SAME_PASSAGE
            if (same or coming) and named.month and named.year < self._published.year and month >= named.month:
                return Day(named.year, month, day)
        return self._nearest(month, day, future)

    def _nearest(self, month: int, day: int | None, future: bool) -> Day | None:
        """Give a month or day its year: the latest, but the coming one where it is near or the clause looks ahead."""
        base = self._published
        if base is None:
            return None
        if base.month is None:
            return Day(base.year, month, day)
        ahead = month - base.month + ((day or base.day or 1) - (base.day or 1)) / 31
        if future:
            return Day(base.year + (ahead < -4), month, day)
        return Day(base.year - (ahead > 3), month, day)

    def _bare_day(self, day: int, match: "regex.Match[str]") -> Day | None:
        """`23日`: of the month named before in the paragraph, else the latest such day, or the coming one where the clause looks ahead."""
        base = self._earlier(match.start())
        if base and base.month:
            return Day(base.year, base.month, day)
        base = self._today(match.start())
        if base is None or base.month is None:
            return None
        month = base.months_later(-1 if base.day and day > base.day and not self._looks_ahead(match) else 0)
        return Day(month.year, month.month, day)

    def _month_range(self, match: "regex.Match[str]") -> list[Day | str]:
        """`1-8月` is the year so far, `4-6月` the quarter, `6至7月` its later month, `7、8月` two months."""
        first, last = _number(match["frommonth"]), _number(match["month"])
        year = self._year(match)
        base = Day(year) if year else self._nearest(last, None, self._looks_ahead(match))
        if base is None or first >= last:
            return []
        if match["list"]:
            return [Day(base.year, first), Day(base.year, last)]
        if (first, last) in _SPANS:
            return [f"{base.year}-{_SPANS[first, last]}"]
        return [Day(base.year) if first == 1 else Day(base.year, last)]

    def _part_of_year(self, match: "regex.Match[str]", year: int | None) -> Day | str | None:
        """`上半年`, `三季度`, `Q3`, `前8个月`; without a year the latest, or the coming one where it is near or the clause looks ahead."""
        base = self._published
        if year is None and base is None:
            return None
        if match["first"]:
            months = _number(match["first"]) * (3 if "季" in match["firstunit"] else 1)
            span = _SPANS.get((1, months))
            year = year or (base.year if base else 0)
            return f"{year}-{span}" if span else Day(year)
        name = match["q"] or (f"H{2 if match['half'] == '下' else 1}" if match["half"] else f"Q{_QUARTERS[match['quarter']]}")
        if year is None and base is not None:
            begins = (int(name[1]) - 1) * (3 if name[0] == "Q" else 6) + 1
            over = base.month is not None and begins > base.month + _SOON if name[0] == "Q" else begins > (base.month or 12) <= _TURN
            year = base.year - (over and not self._looks_ahead(match))
        return f"{year}-{name}"

    def _edge(self, match: "regex.Match[str]", year: int | None) -> Day | None:
        """`年底` is December, `年初` and `年中` are no month; at the turn of the year `年底` is the one just past."""
        late = match["edge"] in "底末"
        if year is None:
            base = self._published
            if base is None or not match.group().startswith("年"):
                return None
            year = base.year - (late and (base.month or 12) <= 2 and not self._looks_ahead(match))
        return Day(year, 12) if late else Day(year)


def _counted_number(text: str) -> int:
    """How many are counted at most: `两三` are three."""
    pair = len(text) == 2 and not set(text) & set("十0123456789")
    return _number(text[-1] if pair else text)


def _number(text: str) -> int:
    """A numeral of either kind; ValueError where it is none."""
    return int(text) if text.isdigit() else int(number_of(text))
