"""What a figure looks like: one expression for every form, compiled once for a lexicon.

The named groups tell the forms apart (`rank`, `percent`, `fraction`, `vague`, `han`, `a` for digits, …); reading reads them.
"""

import functools
from dataclasses import dataclass

import regex

from kg.expressions import compiled
from kg.extraction.numerals import FORMAL, HAN
from kg.lexicon import Lexicon, Row, alternation

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\s{0,2}\.\d+)?)"
_MAGNITUDE = r"(?:万亿|亿万|(?:[十百千]多?)?[万亿]|个多?亿|千(?![克瓦米兆字])|百(?![分货度]))"
_MORE = r"(?:多|余|几|来|[+])"
_TENTH = r"成(?P<tenths>半(?![导年天数])|[一二三四五六七八九](?=[,。;!?、)的]|$))?(?![为立功员本都长熟果份交绩型])"
_ONES = "一二两三四五六七八九"
_ENDS = ",。;!?、)"
_CLOSE = rf"(?=[了的{_ENDS}\s]|$)"
_NOT_A_RANK = r"\s?(?:[万亿季章条届期页代轮天年日周批类步点者方手节集问题号财篇种句回行]|时间|阶段|部分|块)"
_NOT_A_LEADING_NUMBER = r"[\d万亿千百.%]|\s?[年月日天个周季期次任届轮者款台A-Za-z]"


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled expression of one lexicon, its units' canonical forms, and what may announce a bare number."""

    figure: "regex.Pattern[str]"
    cue: "regex.Pattern[str]"
    hour: "regex.Pattern[str]"
    ratio: "regex.Pattern[str]"
    canonical: dict[str, str]
    classifiers: frozenset[str]
    letters: frozenset[str]


@functools.lru_cache(maxsize=4)
def grammar(lexicon: Lexicon) -> Grammar:
    """Compile the grammar of figures for a lexicon, once."""
    rows = lexicon.table("units")
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        kinds.setdefault(row["kind"], []).append(row)
    unit, currency = "(?&any_unit)", alternation(row["unit"] for row in kinds["currency"])
    forms = (
        *_ranks(lexicon),
        *_shares(),
        *_vague(unit, currency),
        *_chinese(unit),
        _digits(unit, alternation(row["unit"] for row in kinds["sign"])),
    )
    hours = (row["word"] for row in lexicon.table("date_words") if row["kind"] == "hour")
    return Grammar(
        figure=compiled(f"(?(DEFINE){_unit(rows)})(?:{'|'.join(forms)})"),
        cue=compiled(alternation(lexicon.words("figure_cues")) + r"\s?$"),
        hour=compiled(alternation(hours) + r"\s?$"),
        ratio=compiled(r"(?<![\d/.A-Za-z])([1-9])/(?!\1)([2-9]|[1-9]0|15)(?![\d/.年月日号季]|\s?[A-Za-z])"),
        canonical={row["unit"]: row["canonical"] for row in rows},
        classifiers=frozenset(row["unit"] for row in kinds["classifier"]),
        letters=frozenset(row["unit"] for row in kinds["letter"]),
    )


def _unit(rows: tuple[Row, ...]) -> str:
    """A unit or a rate (`元/吨`, `元每吨`), longest first, each with what must not follow it; written once, for it is long."""
    named = sorted((row for row in rows if row["kind"] != "sign"), key=lambda row: -len(row["unit"]))
    one = "|".join(regex.escape(row["unit"]) + _guard(row) for row in named)
    return rf"(?P<one_unit>{one})(?P<any_unit>(?&one_unit)(?:\s?/\s?(?:(?&one_unit)|[日月天股人])|每(?&one_unit))?)"


def _guard(row: Row) -> str:
    """What must not follow a unit: letters after a Latin one, and what makes another word of a Chinese one."""
    if row["kind"] in ("latin", "letter"):
        return "(?![A-Za-z])"
    return "" if row["not_before"] == "-" else f"(?![{row['not_before']}])"


def _ranks(lexicon: Lexicon) -> tuple[str, ...]:
    """`全球前五`, `第二大`, `首款`, `国内最活跃`, `龙头`, `十强之一`."""
    words: dict[str, list[str]] = {}
    for row in lexicon.table("ranks"):
        words.setdefault(row["kind"], []).append(row["word"])
    since = rf"近?(?:\d+|[{HAN}]+)\s?年多?以?来的?(?:单日|单月|单季|同期)?|近(?:\d+|[{HAN}]+)\s?年(?=之最)"
    scope = rf"(?:(?:{since}|{alternation(words['scope'])}(?:范围内|内|上)?)\s?)?"
    number = r"\s?(?:[一二三四五六七八九十百]++|\d++)"
    counted = r"(?:\s?(?:大(?!会|道|学)|款|个|家|名|位|次|部|辆|股|梯队|优先))?+"
    ranked = "|".join(
        (
            rf"第{number}{counted}(?!{_NOT_A_RANK})",
            rf"(?<![目之以此提当日眼面])前{number}(?!成)(?:大|强|名|位)?(?!{_NOT_A_LEADING_NUMBER})",
            rf"首{alternation(words['first'])}",
            rf"最[为具]?{alternation(words['superlative'])}",
            alternation(words["word"]),
        )
    )
    return (rf"(?P<rank>{scope}(?:{ranked})(?:之一)?|TOP ?\d+|(?:[十百]|\d+)强(?:之一|(?=[企,。;、)\s])))",)


def _shares() -> tuple[str, ...]:
    """`百分之十五`, `三分之一`, `6成`, and nothing at all (`清零`)."""
    return (
        rf"(?P<percent>百分)(?:之(?P<of>[{HAN}]+(?:点[{HAN}]+)?|{_NUMBER})|百(?!分))",
        rf"(?<![\d{HAN}])(?P<fraction>(?:[{HAN}]++|\d++)分之(?:[{HAN}]+|\d+)|一半)",
        rf"(?<![\d.])(?P<tens>\d(?:\.\d)?){_TENTH}",
        rf"(?P<zero>清零|归零|(?<=[为到])零{_CLOSE})",
    )


def _vague(unit: str, currency: str) -> tuple[str, ...]:
    """`数十亿`, `几千`, `十几`, `百亿计`, `上百`; and round figures (`破亿`, `近百元`, `百亿美元`, `千亿规模`)."""
    tens = "[十百千万亿]"
    amounts = "|".join(
        (
            rf"(?<!{tens})(?:数以)?{tens}++计(?![算划])",
            "成千上万|千百",
            rf"(?:好几|[数几上]){tens}+(?:、(?:乃至)?[数几上]?{tens}+)?(?:万|亿)?(?![科达象度货姓事])",
            r"十几(?:万|亿)?(?![科达象度货姓事])",
            rf"(?:好几|几)(?={unit})",
            r"数(?=[个家名年天次款种台项周])",
        )
    )
    return (
        rf"(?P<vague>{amounts})(?:\s?(?P<vu>{unit}))?",
        rf"(?<=[近超过破逾达约])(?P<round>{tens}+)(?:(?P<ru>{unit})|{_CLOSE}|(?=大关))",
        rf"(?<![\d{HAN}数几多余]\s?)(?P<round>[十百千]?(?:万?亿|万))(?:(?P<ru>{currency})|(?=量级|规模|级别|参数))",
    )


def _chinese(unit: str) -> tuple[str, ...]:
    """`两家`, `二十七个`, `三成`, `两亿三`, `八块七`, `两个半月`, `半个月`, `一年半`, and neighbouring digits for a range (`八九千万`)."""
    not_behind = f"(?<![第周期初{HAN}])"
    which = "(?P<which>(?<=[这那新上下每某同哪]))?"
    number = rf"(?P<han>[零一二两三四五六七八九十][{HAN}]*(?:点[{HAN}]+)?)(?:多|余|几|来)?(?P<hm>个?多?亿|万)?(?:多|余)?"
    bare = rf"(?<=[万亿]多?)|(?<=[百千万亿][{_ONES}]){_CLOSE}"
    ending = rf"(?P<half>个半)(?P<hu>月|小时|季度)|(?P<tenth>{_TENTH})|\s?(?P<hu>{unit})(?P<half>半(?!导))?|{bare}"
    return (
        rf"{not_behind}(?P<han>[{_ONES}])块(?P<dime>[{_ONES}])(?=[{_ENDS}到至降涨]|$)",
        r"(?<!半)半(?P<halved>个(?:月|小时|钟头|百分点))",
        rf"{not_behind}(?P<pair>[一二两三四五六七八九]{{2}})(?P<pm>[十百千万亿]*)(?:\s?(?P<pu>{unit})|(?<=[万亿]))",
        rf"{not_behind}{which}{number}(?:{ending})",
        rf"(?P<han>[{FORMAL}][{FORMAL}零万亿]+)(?:(?=[元圆])(?P<hu>{unit})整?|圆整?)",
    )


def _digits(unit: str, signs: str) -> str:
    """`230万`, `US$12亿`, `3780/1715/1540mm`, `23亿-25亿元`: up to three numbers `a`, `b`, `c`, each with magnitude and unit."""

    def number(name: str) -> str:
        more = f"(?P<more>{_MORE})?"
        return rf"(?P<{name}>{_NUMBER})\s?(?P<more>{_MORE}(?![种个]))?\s?(?P<{name}m>{_MAGNITUDE})?\s?{more}(?:\s?(?P<{name}u>{unit}))?"

    join = r"(?P<join>\s?[-~–—至到]\s?|/|\\?[*×])"
    return rf"(?P<sign>{signs})?(?P<minus>(?<![A-Za-z\d)%])-)?{number('a')}(?:{join}{number('b')}(?:(?:/|\\?[*×]){number('c')})?)?"
