"""What a date looks like: one expression for every form, compiled once for a lexicon.

The named groups are the parts of a date (`year`, `relyear`, `month`, `day`, `quarter`, …); resolution reads them.
"""

import functools
from dataclasses import dataclass

import regex

from kg.expressions import compiled
from kg.lexicon import Lexicon, alternation

_NUMERAL = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_MONTH = r"(?<![\d.])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])(?!个)"
_MONTH_WORD = r"月(?:份)?(?![饼球嫂]|合约|合同)"
_DAY_NUMBER = r"3[01]|[12]\d|0?[1-9]"
_HAN_DAY = r"三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
_DASH = r"\s?[-~–—至到]\s?"
_CENTURY = r"(?:19|20)\d\d"
_NOT_BY = "提谈看得想受达遇收听见做"  # 到 behind these is their complement and says no "by then"
WEEKDAYS = "一二三四五六日天"


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled expressions of one lexicon, and what its words mean: `offsets["day", "昨日"] == -1`."""

    time: "regex.Pattern[str]"
    now: "regex.Pattern[str]"
    dateline: "regex.Pattern[str]"
    future: "regex.Pattern[str]"
    before_deadline: "regex.Pattern[str]"
    after_deadline: "regex.Pattern[str]"
    year_end: "regex.Pattern[str]"
    period_ended: "regex.Pattern[str]"
    said: "regex.Pattern[str]"
    before_compared: "regex.Pattern[str]"
    after_compared: "regex.Pattern[str]"
    undated: "regex.Pattern[str]"
    presented: "regex.Pattern[str]"
    multiple: "regex.Pattern[str]"
    aspect: "regex.Pattern[str]"
    row: "regex.Pattern[str]"
    offsets: dict[tuple[str, str], int]


@functools.lru_cache(maxsize=4)
def grammar(lexicon: Lexicon) -> Grammar:
    """Compile the grammar of dates for a lexicon, once."""
    words: dict[str, list[str]] = {}
    offsets = {}
    for row in lexicon.table("date_words"):
        words.setdefault(row["kind"], []).append(row["word"])
        offsets[row["kind"], row["word"]] = int(row["value"])
    one_of = {kind: alternation(found) for kind, found in words.items()}
    forms = "|".join(
        (
            *_written_out(),
            *_relative(one_of),
            *_counted(one_of),
            _part(),
            rf"(?<![\d.])(?P<day>{_DAY_NUMBER})\s?日(?![线本元均活]|[之以]?[内后])",
        )
    )
    return Grammar(
        time=compiled(
            rf"(?=[\d一二两三四五六七八九十半今去上昨前明来后本这下当同次翌该周星礼未此接年月首末新春夏秋冬暑Q第头H全])(?:{forms})"
        ),
        now=compiled(one_of["now"]),
        dateline=compiled(
            rf"^(?:.{{0,24}}?(?P<month>{_MONTH})\s?月\s?(?P<day>\d{{1,2}})\s?日.{{0,6}}?{one_of['dateline']}"
            rf"|\W{{0,3}}(?P<leadmonth>{_MONTH})\s?月\s?(?P<leadday>\d{{1,2}})\s?日|(?P<heading>#))",
            regex.MULTILINE,
        ),
        future=compiled(one_of["future"]),
        before_deadline=compiled(rf"(?<![{_NOT_BY}]){one_of['deadline_before']}\s?$"),
        after_deadline=compiled(r"\s?" + one_of["deadline_after"]),
        year_end=compiled(r"\s?" + one_of["year_end"]),
        period_ended=compiled(rf"\s?止(?:的|之)?(?:(?P<months>{_NUMERAL})\s?个月|(?:财政|会计)?年度)"),
        said=compiled(one_of["say"] + r"[^,。;]{0,4}[,:“「]"),
        before_compared=compiled(one_of["compare"] + r"\s?$"),
        after_compared=compiled(r"[^,。;]{0,8}?" + one_of["compared"]),
        undated=compiled(one_of["undated"]),
        presented=compiled(one_of["presented"]),
        multiple=compiled(r"的\s?[\d.一二两三四五六七八九十百几]+多?倍"),
        aspect=compiled(one_of["aspect"]),
        row=compiled(one_of["row"]),
        offsets=offsets,
    )


def _written_out() -> tuple[str, ...]:
    """`2021-09-24`, `2021.9`, `2011~2013年`, `2021Q3`."""
    return (
        rf"(?<![\d./-])(?P<y>{_CENTURY})(?P<sep>[-/.])(?P<m>1[0-2]|0?[1-9])(?:(?P=sep)(?P<d>{_DAY_NUMBER}))?(?![\d./%-]|\s?[万亿元倍年])",
        rf"(?<!\d)(?P<fromyear>{_CENTURY})\s?年?{_DASH}(?P<toyear>{_CENTURY})\s?年(?!\d)",
        rf"(?<!\d)(?P<quarteryear>{_CENTURY})\s?(?P<q>Q[1-4]|H[12])(?![A-Za-z\d])",
    )


def _relative(one_of: dict[str, str]) -> tuple[str, ...]:
    """Years with their parts, and months, weeks and days counted from the document's date or from the date named before."""
    year = (
        rf"(?:(?<![\d.])(?P<year>{_CENTURY})\s?(?:年度?|财年|(?={one_of['report']}))|(?<![\d.])(?P<shortyear>\d\d)(?:年度?|财年)"
        rf"|(?P<hanyear>[一二][〇零九][〇零一二三四五六七八九]{{2}})年|(?P<relyear>{one_of['year']})(?!(?<=后年)[销产均营利])|(?P<sameyear>{one_of['same_year']}))"
    )
    rest = rf"(?P<period>同期)|{_part('|H[12]')}|[“\"「]?\s?(?P<festival>{one_of['festival']})|(?P<yearseason>{one_of['season']})"
    day = rf"(?P<day>{_DAY_NUMBER})\s?[日号]"
    return (
        rf"{year}(?:\s?(?:的\s?)?(?:{rest}))?",
        rf"(?P<relmonth>{one_of['month']})(?:\s?{day}|[初底末中])?",
        rf"(?P<samemonth>{one_of['same_month']})(?:\s?{day})?",
        rf"(?P<week>{one_of['week']})(?![期年岁转])(?P<weekday>[{WEEKDAYS}])?",
        rf"(?<![一二三四五六七八九\d每双单两几上下本这])(?:周|星期|礼拜)(?P<weekday>[{WEEKDAYS}])(?![年岁])",
        rf"(?P<relday>{one_of['day']})",
        rf"(?P<sameday>{one_of['same_day']})",
        rf"(?P<lastquarter>{one_of['last_quarter']})|(?P<samequarter>{one_of['same_quarter']})(?!节)",
        rf"(?<!年\s?)(?P<wholeyear>{one_of['whole_year']})",
        rf"(?P<plan>{one_of['plan']})(?![十百])",
        r"(?<![\d一二三四五六七八九十几])(?P<inyear>年内)",
        r"(?<!年)(?P<period>同期)",
        rf"(?P<newyear>{one_of['new_year']})",
        rf"(?<=[将在于到])(?P<season>{one_of['season']})",
        r"(?<![\d一二三四五六七八九十本上下个])月(?P<monthedge>[底末初])",
    )


def _counted(one_of: dict[str, str]) -> tuple[str, ...]:
    """`未来三年`, `两年前`, `5年内`, `18个月后`."""
    count = rf"(?P<count>半|{_NUMERAL})"
    unbound = r"(?<![第\d一二三四五六七八九十近前述这那]|[过短]去?的?\s?)"  # 过去三年里 lies behind, 这三年内 is another's
    return (
        rf"(?P<span>{one_of['span']})的?\s?(?:(?:半|{_NUMERAL})\s?(?:个月|年)?{_DASH})?{count}\s?(?P<countunit>个?月|年)(?![代级前])",
        rf"{unbound}{count}\s?(?P<countunit>个月|年)(?:(?P<within>[以之]?内|里)|(?P<later>以?后|之后)|(?P<ago>以?前|之前))",
        rf"{unbound}{count}\s?(?P<countunit>天|周|个?星期)(?:(?P<within>[以之]?内)|(?P<later>以?后|之后)|(?P<ago>以?前|之前))",
        rf"{unbound}(?<![月年]){count}\s?(?P<countunit>日)(?:(?P<within>[以之]?内)|(?P<later>之?后))",
    )


def _part(half: str = "") -> str:
    """What may follow a year or stand alone: `10月25日`, `8月底`, `1-8月`, `上半年`, `第三季度`, `前8个月`, `年底`."""
    day = rf"(?P<day>{_DAY_NUMBER}|{_HAN_DAY})\s?[日号](?![线楼店])"
    return (
        r"(?:年?(?P<edge>[底末初中])(?![国心药信])"
        rf"|(?P<frommonth>{_MONTH})\s?(?:{_MONTH_WORD})?(?:{_DASH}|(?P<list>、))(?P<month>{_MONTH})\s?{_MONTH_WORD}"
        rf"|(?P<month>{_MONTH})\s?{_MONTH_WORD}(?:\s?{day}|[上中下]旬|[初底末中])?"
        r"|(?P<half>[上下])半年(?:度|报)?|(?P<half>半)年[度报]"
        r"|(?<![新上下每这本当前后几首])第?\s?(?P<quarter>[一二三四1-4首末])\s?(?:季度|财季|季(?!后|节))"
        rf"|(?P<q>Q[1-4]{half})(?![A-Za-z\d])"
        rf"|[前头]\s?(?P<first>{_NUMERAL})\s?(?P<firstunit>个月|个?季度))"
    )
