"""Dates and periods, resolved to ISO 8601 as coarse as the text.

One expression finds every candidate. What a date leaves out is taken from what stands nearest: the year from the sentence,
the day of `今日` from the dateline of the news item (`3月31日消息`), everything else from the document's own date.
"""

import datetime
import functools
from bisect import bisect_right
from dataclasses import dataclass

import cn2an
import regex

from kg.lexicon import Lexicon, alternation
from kg.model import TimeExpression

_NUMERAL = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_NO_MONTH = r"(?![饼球嫂])"
_WEEKDAYS = "一二三四五六日天"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "首": 1, "末": 4}
_FIVE_YEAR_PLANS = {"十一五": 2010, "十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030}


@dataclass(frozen=True, slots=True)
class _Day:
    """A date as coarse as known: a year, perhaps a month, perhaps a day."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def exact(self) -> datetime.date | None:
        return datetime.date(self.year, self.month, self.day) if self.month and self.day else None

    def __str__(self) -> str:
        return "-".join([str(self.year), *(f"{part:02}" for part in (self.month, self.day) if part)])


@dataclass(frozen=True, slots=True)
class _Reader:
    """The compiled expressions of one lexicon and the offsets of its words."""

    time: "regex.Pattern[str]"
    now: "regex.Pattern[str]"
    dateline: "regex.Pattern[str]"
    future: "regex.Pattern[str]"
    before: "regex.Pattern[str]"
    after: "regex.Pattern[str]"
    offsets: dict[tuple[str, str], int]


@functools.lru_cache(maxsize=4)
def _reader(lexicon: Lexicon) -> _Reader:
    words: dict[str, list[str]] = {}
    offsets = {}
    for row in lexicon.table("date_words"):
        words.setdefault(row["kind"], []).append(row["word"])
        offsets[row["kind"], row["word"]] = int(row["value"])
    one_of = {kind: alternation(found) for kind, found in words.items()}
    day = r"(?P<day>3[01]|[12]\d|0?[1-9])\s?[日号](?![线楼店])"
    part = (
        rf"(?:年?(?P<edge>[底末初中])(?![国心药信])|(?:的)?(?P<from>{_MONTH})\s?月?\s?(?:份)?\s?[-~–—至到、]\s?(?P<month>{_MONTH})\s?月(?:份)?{_NO_MONTH}"
        rf"|(?P<month>{_MONTH})\s?月(?:份)?{_NO_MONTH}(?:\s?{day}|(?P<third>[上中下]旬|[初底末中]))?"
        rf"|(?P<half>[上下])半年|(?<![新上下每这本当前后几首])第?\s?(?P<quarter>[一二三四1-4首末])\s?(?:季度|财季|季(?!后|节))|(?P<q>Q[1-4]|H[12])(?![A-Za-z\d])"
        rf"|(?:前|头)\s?(?P<first>{_NUMERAL})\s?个?(?P<firstunit>月|季度))"
    )
    year = (
        rf"(?:(?<![\d.])(?P<year>(?:19|20)\d\d)\s?(?:年度?|财年|(?={one_of['report']}))|(?<![\d.])(?P<short>\d\d)(?:年度?|财年)|(?P<hanyear>[一二][〇零九][〇零一二三四五六七八九]{{2}})年"
        rf"|(?P<relyear>{one_of['year']})|(?P<sameyear>{one_of['same_year']}))"
    )
    time = "|".join(
        (
            r"(?<![\d./-])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>1[0-2]|0?[1-9])(?:(?P=sep)(?P<d>3[01]|[12]\d|0?[1-9]))?(?![\d./%-]|\s?[万亿元倍年])",
            r"(?<!\d)(?P<fromyear>(?:19|20)\d\d)\s?年?\s?[-~–—至到]\s?(?P<toyear>(?:19|20)\d\d)\s?年(?!\d)",
            r"(?<!\d)(?P<qy>(?:19|20)\d\d)\s?(?P<q>Q[1-4]|H[12])(?![A-Za-z\d])",
            rf"{year}\s?(?:的\s?)?(?:(?P<period>同期)|{part}|[“\"「]?\s?(?P<festival>{one_of['festival']})|(?P<season>{one_of['season']}))?",
            rf"(?P<relmonth>{one_of['month']})(?:\s?{day}|[初底末中])?",
            rf"(?P<samemonth>{one_of['same_month']})(?:\s?{day})?",
            rf"(?P<week>{one_of['week']})(?P<weekday>[{_WEEKDAYS}])?",
            rf"(?<![一二三四五六七八九\d每双单两几上下本这])(?:周|星期|礼拜)(?P<weekday>[{_WEEKDAYS}])(?![年岁])",
            rf"(?P<relday>{one_of['day']})",
            rf"(?P<sameday>{one_of['same_day']})",
            rf"(?P<samequarter>{one_of['same_quarter']})|(?P<lastquarter>{one_of['last_quarter']})",
            rf"(?P<span>未来|今后|此后|接下来)的?\s?(?:(?:半|{_NUMERAL})\s?(?:个月|年)?\s?[-~至到]\s?)?(?P<count>半|{_NUMERAL})\s?(?P<countunit>个?月|年)(?![代级前])",
            rf"(?<![第\d过近去前])(?P<count>半|{_NUMERAL})\s?(?P<countunit>个月|年)(?P<way>以?内|之内|以?后|之后|以?前|之前)",
            r"(?P<plan>十[一二三四五]五)(?![十百])",
            r"(?P<inyear>年内)",
            r"(?<!去年|上年|年)(?P<period>同期)",
            rf"(?P<newyear>{one_of['new_year']})",
            rf"(?<=[将在于到])(?P<season>{one_of['season']})",
            r"(?<![\d一二三四五六七八九十本上下个])月(?P<monthedge>[底末初])",
            part,
            r"(?<![\d.])(?P<day>3[01]|[12]\d|0?[1-9])\s?日(?![线本元均活])",
        )
    )
    return _Reader(
        regex.compile(rf"(?=[\d一二两三四五六七八九十半今去上昨前明来后本这下当同次翌该周星礼未此接年月首末新春夏秋冬暑Q第头H])(?:{time})"),
        regex.compile(one_of["now"]),
        regex.compile(
            rf"^.{{0,24}}?(?P<month>{_MONTH})\s?月\s?(?P<day>\d{{1,2}})\s?日.{{0,6}}?(?:{one_of['dateline']})|^(?P<heading>#)",
            regex.MULTILINE,
        ),
        regex.compile(one_of["future"]),
        regex.compile(one_of["deadline_before"] + r"\s?$"),
        regex.compile(r"\s?" + one_of["deadline_after"]),
        offsets,
    )


def time_expressions(view: str, published: str | None, lexicon: Lexicon, start: int = 0, end: int | None = None) -> list[TimeExpression]:
    """Return the dates and periods of folded text, in order; what cannot be resolved or is no possible date is left out.

    `published` is ISO 8601 as coarse as known. Read a whole document at once where possible: `同期`, `次日` and datelines
    look back.

    >>> [t.iso for t in time_expressions("今年上半年开始测试,明年年底上市,到2030年覆盖全国", "2021-09-24", Lexicon())]
    ['2021-H1', '2022-12', '2030']
    >>> time_expressions("2月30日", "2021-09-24", Lexicon())
    []
    """
    reader = _reader(lexicon)
    end = len(view) if end is None else end
    resolver = _Resolver(view, _parse(published), reader)
    found = []
    for match in reader.time.finditer(view, start, end):
        for iso in resolver.resolve(match):
            found.append(TimeExpression(match.start(), match.end(), iso, _deadline(match, view, reader)))
    return found


def now_expressions(view: str, published: str | None, lexicon: Lexicon, start: int = 0, end: int | None = None) -> list[TimeExpression]:
    """Return `目前`, `现在`, `截至目前` as the document's date; a figure holds on it, most other statements do not need it."""
    if published is None:
        return []
    matches = _reader(lexicon).now.finditer(view, start, len(view) if end is None else end)
    return [TimeExpression(match.start(), match.end(), published, False) for match in matches]


def _parse(published: str | None) -> _Day | None:
    if published is None:
        return None
    parts = [int(part) for part in published[:10].split("-") if part.isdigit()]
    return _Day(*parts[:3]) if parts else None


def _deadline(match: "regex.Match[str]", view: str, reader: _Reader) -> bool:
    """Whether the wording says "by then": `到2030年`, `年底前`, `未来三年`, `年内`."""
    if match["span"] or match["plan"] or match["inyear"] or (match["way"] or "").endswith("内"):
        return True
    return bool(reader.after.match(view, match.end())) or bool(reader.before.search(view[max(0, match.start() - 5) : match.start()]))


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    try:
        return int(cn2an.cn2an(text, "smart"))
    except ValueError:
        return None


class _Resolver:
    """Resolves the matches of one text in order, remembering the date named last."""

    def __init__(self, view: str, published: _Day | None, reader: _Reader) -> None:
        self._view, self._published, self._reader = view, published, reader
        self._last: tuple[int, _Day] | None = None
        self._period_named: str | None = None
        self._clock_starts, self._clocks = self._datelines()

    def _datelines(self) -> tuple[list[int], list[_Day | None]]:
        """Where each news item begins, and the day its dateline gives (None past a heading)."""
        starts, days = [], []
        for match in self._reader.dateline.finditer(self._view):
            day = None
            if match["month"]:
                month, number = _number(match["month"]), _number(match["day"])
                day = self._nearest(month, number, False) if month else None
            starts.append(match.start())
            days.append(day)
        return starts, days

    def _today(self, offset: int) -> _Day | None:
        """The day that `今日` means at an offset: the item's dateline, else the document's date."""
        index = bisect_right(self._clock_starts, offset) - 1
        return (self._clocks[index] if index >= 0 else None) or self._published

    def _earlier(self, offset: int) -> _Day | None:
        """The date named last in the same paragraph."""
        if self._last is None or "\n" in self._view[self._last[0] : offset]:
            return None
        return self._last[1]

    def _is_future(self, match: "regex.Match[str]") -> bool:
        """Whether the clause speaks of what is to come (`将于5月`, `年底前`)."""
        view, start, end = self._view, match.start(), match.end()
        left = max(view.rfind(mark, max(0, start - 24), start) for mark in ",。;\n!?")
        right = min((index for mark in ",。;\n!?" if (index := view.find(mark, end, end + 24)) >= 0), default=end + 24)
        return bool(self._reader.future.search(view[max(left, start - 24) + 1 : start] + "|" + view[end:right])) or bool(
            self._reader.after.match(view, end)
        )

    def resolve(self, match: "regex.Match[str]") -> list[str]:
        """Return the ISO forms of one match: none, one, or every year of a range of years."""
        if match["fromyear"]:
            self._last = match.end(), _Day(int(match["toyear"]))
            first, last = int(match["fromyear"]), int(match["toyear"])
            return [str(year) for year in range(first, last + 1)] if first < last < first + 6 else [match["fromyear"], match["toyear"]]
        if match["qy"]:
            self._period_named = f"{match['qy']}-{match['q']}"
            return [self._period_named]
        try:
            resolved = self._resolve(match)
        except (ValueError, OverflowError):  # 2月30日 is no day
            return []
        if resolved is None:
            return []
        if isinstance(resolved, _Day):
            if resolved.day:
                datetime.date(resolved.year, resolved.month or 1, resolved.day)
            rough = {"初": 1, "中": 5}.get(match["edge"] or "")  # 年中 is no month, but what follows in the year comes after it
            self._last = match.end(), _Day(resolved.year, rough) if rough else resolved
        else:
            self._last, self._period_named = (match.end(), _Day(int(resolved[:4]))), resolved
        return [str(resolved)]

    def _resolve(self, match: "regex.Match[str]") -> _Day | str | None:
        today = self._today(match.start())
        offset = self._reader.offsets
        if match["y"]:
            return _checked(_Day(int(match["y"]), int(match["m"]), int(match["d"]) if match["d"] else None))
        if match["relday"]:
            return _shifted(today, offset["day", match["relday"]])
        if match["period"]:
            return self._same_period(match)
        if match["sameday"]:
            earlier = self._last[1] if self._last and self._last[0] > match.start() - 400 else None
            if earlier is None or earlier.day is None:
                earlier = today if today != self._published else None
            return _shifted(earlier, offset["same_day", match["sameday"]])
        if match["week"] or match["weekday"]:
            return self._week(match, today)
        if match["relmonth"] or match["samemonth"]:
            base = today if match["relmonth"] else self._earlier(match.start())
            if base is None or base.month is None:
                return None
            shift = offset["month", match["relmonth"]] if match["relmonth"] else offset["same_month", match["samemonth"]]
            month = _months(base, shift)
            return _checked(_Day(month.year, month.month, int(match["day"]) if match["day"] else None))
        if match["count"]:
            return self._count(match)
        if match["plan"]:
            year = _FIVE_YEAR_PLANS.get(match["plan"])
            return _Day(year) if year else None
        if match["samequarter"] or match["lastquarter"]:
            return None
        if match["inyear"] or (match["season"] and not match["relyear"] and not match["year"]):
            return _Day(today.year) if today else None
        if match["newyear"]:
            return _Day(today.year + (today.month == 12)) if today else None
        if match["monthedge"]:
            return _Day(today.year, today.month) if today and today.month else None
        return self._calendar(match)

    def _week(self, match: "regex.Match[str]", today: _Day | None) -> _Day | None:
        exact = today.exact if today else None
        if exact is None:
            return None
        monday = exact - datetime.timedelta(days=exact.weekday())
        weekday = min(_WEEKDAYS.index(match["weekday"]), 6) if match["weekday"] else None
        if not match["week"]:
            assert weekday is not None
            day = monday + datetime.timedelta(days=weekday)
            if day > exact and not self._is_future(match):
                day -= datetime.timedelta(days=7)
            return _Day(day.year, day.month, day.day)
        monday += datetime.timedelta(weeks=self._reader.offsets["week", match["week"]])
        day = monday + datetime.timedelta(days=3 if weekday is None else weekday)
        return _Day(day.year, day.month, None if weekday is None else day.day)

    def _count(self, match: "regex.Match[str]") -> _Day | None:
        base = self._today(match.start())
        years = match["countunit"] == "年"
        number = 0.5 if match["count"] == "半" else _number(match["count"])
        if base is None or number is None:
            return None
        sign = -1 if (match["way"] or "").endswith("前") else 1
        earlier = self._earlier(match.start())
        if earlier and match["way"] and (match["way"].endswith("内") or (sign > 0 and self._leads(match))):
            base = earlier
        if years and (number > 1 or (sign < 0 and number == 1)):
            return _Day(base.year + sign * int(number))
        if base.month is None:
            return _Day(base.year + sign * int(number)) if years else None
        months = int(number * 12) if years else max(1, int(number))
        return _months(base, sign * months)

    def _leads(self, match: "regex.Match[str]") -> bool:
        """Whether the expression opens its clause, as `一年后` does where it goes on from a date named before."""
        return self._view[match.start() - 1 : match.start()] in ("", ",", "。", ";", "\n", "但")

    def _same_period(self, match: "regex.Match[str]") -> str | None:
        """`去年同期`: the period named last (`2022-Q3`), in the year that is said; `同期`: the period itself."""
        year = self._year(match)
        named = self._period_named
        if year is None:
            return named if match[0] == "同期" else None
        if named is None:
            return str(year)
        return f"{year}{named[4:]}"

    def _calendar(self, match: "regex.Match[str]") -> _Day | str | None:
        """A year with its part, or a part (`8月底`, `三季度`, `23日`) whose year is to be found."""
        year = self._year(match)
        explicit = any(match[name] for name in ("year", "short", "hanyear", "relyear", "sameyear"))
        if explicit and year is None:
            return None
        if match["festival"]:
            return _Day(year, self._reader.offsets["festival", match["festival"]]) if year else None
        if match["from"]:
            return self._months_range(match, year)
        if match["month"]:
            month = _number(match["month"])
            day = int(match["day"]) if match["day"] else None
            if month is None:
                return None
            if year and match["day"] and self._view.startswith(("止年度", "止财政年度", "止财年"), match.end()):
                return _Day(year)
            return _checked(_Day(year, month, day)) if year else self._monthly(match, month, day)
        if match["day"]:
            return self._bare_day(int(match["day"]), match)
        if match["half"] or match["quarter"] or match["q"] or match["first"]:
            return self._period(match, year)
        if match["edge"]:
            if year is None:
                if not match[0].startswith("年") or self._published is None:
                    return None
                early = (self._published.month or 12) <= 2 and match["edge"] in "底末" and not self._is_future(match)
                year = self._published.year - early
            return _Day(year, 12) if match["edge"] in "底末" else _Day(year)
        return _Day(year) if year else None

    def _year(self, match: "regex.Match[str]") -> int | None:
        if match["year"]:
            return int(match["year"])
        if match["hanyear"]:
            return int("".join(str("〇一二三四五六七八九".index(char)) if char != "零" else "0" for char in match["hanyear"]))
        if match["short"]:
            return self._short_year(match)
        if match["relyear"] and (today := self._today(match.start())):
            return today.year + self._reader.offsets["year", match["relyear"]]
        if match["sameyear"] and (earlier := self._earlier(match.start())):
            return earlier.year + self._reader.offsets["same_year", match["sameyear"]]
        return None

    def _short_year(self, match: "regex.Match[str]") -> int | None:
        """`17年` is 2017 where it begins a clause, follows a preposition or goes on with a month or 年底; else a duration."""
        number, before = int(match["short"]), self._view[match.start() - 1 : match.start()]
        latest = (self._published.year if self._published else 2099) % 100 + 10
        if number > latest:
            return None
        clear = match["short"][0] == "0" or match["month"] or match["edge"] or match["half"] or match["quarter"]
        leads = not before or before in "在从于到自是至我,。;\n(“"
        after = self._view[match.end() : match.end() + 1]
        return 2000 + number if clear or (leads and after not in tuple("来间前后内以的多")) else None

    def _monthly(self, match: "regex.Match[str]", month: int, day: int | None) -> _Day | None:
        """A month without its year goes on from an earlier year that the sentence, or for a coming month the passage, is about."""
        future = self._is_future(match)
        if self._last and self._published and not future:
            offset, named = self._last
            between = self._view[offset : match.start()]
            same = not regex.search("[。!?\n]", between)
            coming = self._published.month is not None and month > self._published.month and len(between) < 400
            if (same or coming) and named.month and named.year < self._published.year and month >= named.month:
                return _checked(_Day(named.year, month, day))
        return self._nearest(month, day, future)

    def _nearest(self, month: int, day: int | None, future: bool) -> _Day | None:
        """Give a month or day its year: the latest past one, but the coming one where the clause looks ahead or it is near."""
        base = self._published
        if base is None:
            return None
        if base.month is None:
            return _checked(_Day(base.year, month, day))
        ahead = month - base.month + ((day or base.day or 1) - (base.day or 1)) / 31
        year = base.year
        if ahead > 0 and not future and ahead > 3:
            year -= 1
        elif future and ahead < -4:
            year += 1
        return _checked(_Day(year, month, day))

    def _bare_day(self, day: int, match: "regex.Match[str]") -> _Day | None:
        """`23日`: the latest such day that is not after the document's date, or the coming one where the clause looks ahead."""
        base = self._earlier(match.start())
        if base and base.month:
            return _checked(_Day(base.year, base.month, day))
        base = self._today(match.start())
        if base is None or base.month is None:
            return None
        future = self._is_future(match)
        shift = 0
        if base.day and day > base.day and not future:
            shift = -1
        month = _months(base, shift)
        return _checked(_Day(month.year, month.month, day))

    def _months_range(self, match: "regex.Match[str]", year: int | None) -> _Day | str | None:
        """`1-8月` is the year so far, `4-6月` the quarter, `6至7月` its later month."""
        first, last = _number(match["from"]), _number(match["month"])
        if first is None or last is None:
            return None
        base = _Day(year) if year else self._nearest(last, None, self._is_future(match))
        if base is None or first >= last:
            return None
        named = {(1, 3): "Q1", (4, 6): "Q2", (7, 9): "Q3", (10, 12): "Q4", (1, 6): "H1", (7, 12): "H2"}.get((first, last))
        if named:
            return f"{base.year}-{named}"
        return _Day(base.year) if first == 1 else _Day(base.year, last)

    def _period(self, match: "regex.Match[str]", year: int | None) -> _Day | str | None:
        """`上半年`, `三季度`, `Q3`, `前8个月`; without a year the latest that has begun, the coming one where the clause looks ahead."""
        base = self._published
        if year is None and base is None:
            return None
        if match["first"]:
            number = _number(match["first"])
            if year is None:
                assert base is not None
                year = base.year
            if match["firstunit"] == "月" and "个" not in match[0]:
                return None
            name = {("月", 3): "Q1", ("月", 6): "H1", ("季度", 1): "Q1", ("季度", 2): "H1"}.get((match["firstunit"], number or 0))
            return f"{year}-{name}" if name else _Day(year)
        name = match["q"] or (f"H{1 if match['half'] == '上' else 2}" if match["half"] else f"Q{_QUARTERS[match['quarter']]}")
        if year is None:
            assert base is not None
            year = base.year
            begins = (int(name[1]) - 1) * (3 if name[0] == "Q" else 6) + 1
            if base.month and begins > base.month and not self._is_future(match) and not (name == "H2" and base.month > 3):
                year -= 1
        return f"{year}-{name}"


def _checked(day: _Day) -> _Day:
    """The same day; ValueError where the calendar has no such day."""
    datetime.date(day.year, day.month or 1, day.day or 1)
    return day


def _shifted(day: _Day | None, days: int) -> _Day | None:
    exact = day.exact if day else None
    if exact is None:
        return None
    other = exact + datetime.timedelta(days=days)
    return _Day(other.year, other.month, other.day)


def _months(day: _Day, months: int) -> _Day:
    total = day.year * 12 + (day.month or 1) - 1 + months
    return _Day(total // 12, total % 12 + 1)
