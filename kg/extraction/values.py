"""Figures: numbers with their units, ranges, fractions, vague amounts, ranks and superlatives.

One expression finds every candidate; a number is converted only where it matched. What looks like a figure but is none
(model numbers, versions, dates, list numbers) is dropped by `_number`, whose tests are the documentation of the difference.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import cn2an
import regex

from kg.lexicon import Lexicon, alternation
from kg.model import Quantity

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\s{0,2}\.\d+)?)"
_MAGNITUDE = r"(?:万亿|亿万|(?:[十百千]多?)?[万亿]|个亿|千(?![克瓦米兆字])|百(?![分货度]))"
_HAN = "零〇一二两三四五六七八九十百千万亿"
_ZEROS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_DIGITS = dict(zip("一二两三四五六七八九", "1223456789", strict=True))
_JOIN = r"[-~–—至到]"
# What shows that `17年` is 2017 and not seventeen years; that a number is a day or an hour.
_BEFORE_YEAR, _AFTER_YEAR, _DATE_WORDS = "在从于到自是", "底初末中年开上下", tuple("年月日号时")


@dataclass(frozen=True, slots=True)
class _Reader:
    """The compiled expression of one lexicon, its units' canonical forms, and what may announce a bare number."""

    figure: "regex.Pattern[str]"
    cue: "regex.Pattern[str]"
    hour: "regex.Pattern[str]"
    canonical: dict[str, str]
    classifiers: frozenset[str]
    letters: frozenset[str]


@functools.lru_cache(maxsize=4)
def _reader(lexicon: Lexicon) -> _Reader:
    rows = lexicon.table("units")
    signs = alternation(row["unit"] for row in rows if row["kind"] == "sign")
    named = sorted((row for row in rows if row["kind"] != "sign"), key=lambda row: -len(row["unit"]))
    one = "|".join(regex.escape(row["unit"]) + _guard(row["kind"], row["not_before"]) for row in named)
    unit = rf"(?:{one})(?:\s?/\s?(?:{one}|[日月天]|股|人)|每(?:{one}))?"
    more = "(?:多|余|几|来|[+])"
    digits = (
        rf"(?P<sign>{signs})?(?P<minus>(?<![A-Za-z\d)%])-)?(?P<a>{_NUMBER})\s?(?P<more>{more}(?![种个]))?\s?(?P<am>{_MAGNITUDE})?\s?(?P<more>{more})?"
        rf"(?:\s?(?P<au>{unit}))?"
        rf"(?:(?P<join>\s?{_JOIN}\s?|/|\\?[*×])(?P<b>{_NUMBER})\s?(?P<bm>{_MAGNITUDE})?(?P<more>{more})?(?:\s?(?P<bu>{unit}))?"
        rf"(?:(?:/|\\?[*×])(?P<c>{_NUMBER})\s?(?P<cm>{_MAGNITUDE})?(?:\s?(?P<cu>{unit}))?)?)?"
    )
    figures = "|".join(
        (
            _ranks(lexicon),
            rf"(?P<percent>百分)(?:之(?P<of>[{_HAN}]+(?:点[{_HAN}]+)?|{_NUMBER})|百(?!分))",
            rf"(?P<fraction>(?:[{_HAN}]+|\d+)分之(?:[{_HAN}]+|\d+)|一半)",
            r"(?P<zero>清零|归零|(?<=[为到])零(?=[,。;!?、)\s]|$))",
            rf"(?P<vague>(?:数以)?[十百千万亿]+计(?![算划])|成千上万|(?:(?:好几|[数几上])[十百千万亿]+(?:、(?:乃至)?[数几上]?[十百千万亿]+)?"
            rf"|十几)(?:万|亿)?(?![科达象度货姓事])|千百|(?:好几|几)(?={unit})|数(?=[个家名年天次款种台项周]))(?:\s?(?P<vu>{unit}))?",
            rf"(?<=[近超过破逾达约])(?P<round>[十百千万亿]+)(?:(?P<ru>{unit})|(?=[了的,。;!?、)\s]|大关|$))",
            r"(?<![\d.])(?P<tens>\d(?:\.\d)?)成(?![为立功员本都长熟果份交绩型])",
            rf"(?P<pair>(?<![第周期{_HAN}])[一二两三四五六七八九]{{2}})(?P<pm>[十百千万亿]*)(?:\s?(?P<pu>{unit})|(?<=[万亿]))",
            rf"(?<![第周期初{_HAN}])(?P<which>(?<=[这那新上下每某同哪]))?(?P<han>[零一二两三四五六七八九十][{_HAN}]*(?:点[{_HAN}]+)?)(?:多|余|几|来)?(?P<hm>个?亿|万)?(?:多|余)?"
            rf"(?:(?P<half>个半)(?P<hu>月|小时|季度)|(?P<tenth>成)(?![为立功员本都长熟果份交绩型])|\s?(?P<hu>{unit})(?P<half>半(?!导))?|(?<=[万亿]多?))",
            digits,
        )
    )
    return _Reader(
        regex.compile(figures),
        regex.compile(alternation(lexicon.words("figure_cues")) + r"\s?$"),
        regex.compile(alternation(row["word"] for row in lexicon.table("date_words") if row["kind"] == "hour") + r"\s?$"),
        {row["unit"]: row["canonical"] for row in rows},
        frozenset(row["unit"] for row in rows if row["kind"] == "classifier"),
        frozenset(row["unit"] for row in rows if row["kind"] == "letter"),
    )


def _guard(kind: str, not_before: str) -> str:
    """What must not follow a unit: letters after a Latin one, and what makes another word of a Chinese one."""
    if kind in ("latin", "letter"):
        return "(?![A-Za-z])"
    return "" if not_before == "-" else f"(?![{not_before}])"


def _ranks(lexicon: Lexicon) -> str:
    """The alternatives for `全球前五`, `第二大`, `首款`, `国内最活跃`, `龙头`."""
    words: dict[str, list[str]] = {}
    for row in lexicon.table("ranks"):
        words.setdefault(row["kind"], []).append(row["word"])
    scope = rf"(?:{alternation(words['scope'])}(?:范围内|内|上)?\s?)?"
    number = r"\s?(?:[一二三四五六七八九十百]++|\d++)"
    return (
        rf"(?P<rank>{scope}(?:第{number}(?:\s?(?:大(?!会|道|学)|款|个|家|名|位|次|部|辆|股|梯队|优先))?+(?!{_NOT_A_RANK})"
        rf"|前{number}(?:大|强|名|位)?(?![\d万亿千百.%]|\s?[年月日天个周季期次任届轮者款台]|\s?[A-Za-z])"
        rf"|首{alternation(words['first'])}|最[为具]?{alternation(words['superlative'])}|{alternation(words['word'])})(?:之一)?"
        r"|TOP ?\d+|(?:[十百]|\d+)强(?=之|企|[,。;、)\s]))"
    )


_NOT_A_RANK = r"\s?(?:[万亿季章条届期页代轮天年日周批类步点者方手节集问题号财篇种句回行]|时间|阶段|部分|块)"


def quantities(view: str, lexicon: Lexicon, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Return the quantities of folded text between two offsets, in order, never overlapping.

    Values are digits with 万 and 亿 multiplied out, ranges as `low-high` (`3 至 5` as written where one unit serves both),
    fractions, vague amounts (`数十亿`) and ranks (`全球前五`) as written. The unit is the one written, else None.

    >>> [(q.value, q.unit) for q in quantities("开发者超过230万,门店4500个,收入18.8亿元,跻身全球前五", Lexicon())]
    [('2300000', None), ('4500', '个'), ('1880000000', '元'), ('全球前五', None)]
    """
    reader = _reader(lexicon)
    found: list[Quantity] = []
    for match in reader.figure.finditer(view, start, len(view) if end is None else end):
        found.extend(_read(match, view, reader))
    return found


def _read(match: "regex.Match[str]", view: str, reader: _Reader) -> Iterator[Quantity]:
    group = match.group
    if group("a"):
        yield from _number(match, view, reader)
        return
    value: str | None
    unit: str | None = None
    if rank := group("rank"):
        value = None if _enumerates(match, view) else rank
    elif group("percent"):
        value, unit = _chinese(group("of") or "百"), "%"
    elif group("fraction"):
        value = group("fraction")
    elif group("zero"):
        value = "0"
    elif vague := group("vague"):
        value, unit = (_scaled("1", vague[1:]) if vague[0] == "上" and "、" not in vague else vague), group("vu")
    elif group("round"):
        value, unit = _scaled("1", group("round")), group("ru")
    elif group("tens"):
        value, unit = _plain(Decimal(group("tens")) * 10), "%"
    elif group("pair"):
        low, high = (_scaled(_DIGITS[digit], group("pm")) for digit in group("pair"))
        value, unit = f"{low}-{high}", group("pu")
    else:
        value, unit = _han(match, reader)
    if value is not None:
        yield Quantity(match.start(), match.end(), value, _canonical(unit, reader))


def _enumerates(match: "regex.Match[str]", view: str) -> bool:
    """Whether `第一` only counts the speaker's points (`第一,…`, `第二个问题`)."""
    if not match["rank"].startswith("第"):
        return False
    before, after = view[match.start() - 1 : match.start()], view[match.end() : match.end() + 2]
    return after in ("问题", "方面") or (
        after[:1] in (",", "、", ":", "是", "。") and before in ("", "。", ";", "!", "?", "\n", ",", ":", "“")
    )


def _han(match: "regex.Match[str]", reader: _Reader) -> tuple[str | None, str | None]:
    """A number in Chinese numerals; in `一个` and `新一代` 一 counts nothing."""
    text, unit = match["han"], match["hu"]
    if match["tenth"]:
        value = _chinese(text)
        return (None if value is None else _plain(Decimal(value) * 10)), "%"
    if text == "一" and (unit in reader.classifiers or match["which"] is not None):
        return None, None
    value = _chinese(text)
    if value is not None and match["hm"]:
        value = _scaled(value, match["hm"])
    if value is None or not match["half"]:
        return value, unit
    return _plain(Decimal(value) + Decimal("0.5")), "个" + unit if match["half"] == "个半" else unit


def _number(match: "regex.Match[str]", view: str, reader: _Reader) -> Iterator[Quantity]:
    """The quantities of a match in Arabic digits: one, a range, or the members of `3780/1715/1540mm`."""
    first, scale, unit = match["a"], match["am"], match["au"]
    last_scale, last_unit = match["bm"], match["cu"] or match["bu"]
    if not _counts(match, view, reader):
        return
    span = match.start(), match.end()
    currency = reader.canonical[match["sign"]] if match["sign"] else None
    value = ("-" if match["minus"] else "") + _scaled(first, scale)
    if match["b"] is None:
        bare = unit == "起" and scale is not None  # 6.98万起 is a price from which, not a count of cases
        yield Quantity(*span, value, currency or (None if bare else _canonical(unit, reader)))
    elif match["join"][-1] in "/*×":
        for part, part_scale in ((first, scale), (match["b"], last_scale), (match["c"], match["cm"])):
            if part:
                yield Quantity(*span, _scaled(part, part_scale), _canonical(last_unit or unit, reader))
    elif unit and unit != last_unit:  # 2.5点至91.2: a change, not a range
        yield Quantity(match.start(), match.start("join"), value, _canonical(unit, reader))
        yield Quantity(match.start("b"), match.end(), _scaled(match["b"], last_scale), _canonical(last_unit, reader))
    elif match["join"].strip() in "至到" and not (unit or scale or last_scale) and last_unit != "%":
        yield Quantity(*span, view[match.start("a") : match.end("b")], currency or _canonical(last_unit, reader))
    else:
        shared = last_scale if scale is None and Decimal(_scaled(first, None)) < Decimal(_scaled(match["b"], None)) else scale
        low, high = _scaled(first, shared), _scaled(match["b"], last_scale or (scale if last_unit == unit else None))
        yield Quantity(*span, f"{low}-{high}", currency or _canonical(last_unit or unit, reader))


def _counts(match: "regex.Match[str]", view: str, reader: _Reader) -> bool:
    """Whether the digits say how many or how much, and are not a date, a time, a model, a version or a list number."""
    before, after = view[max(0, match.start() - 8) : match.start()], view[match.end() : match.end() + 2]
    unit, scale, first = match["cu"] or match["bu"] or match["au"], match["am"] or match["bm"], match["a"]
    last = before[-1:]
    glued = before.rstrip(" -")[-1:] if first[0] != "-" else ""
    year = len(first) == 4 and first[:2] in ("19", "20")
    if (before.rstrip().endswith("第") and scale is None) or last in (".", ":") or after[:1] == ":":
        return False
    if unit == "年":
        short = len(first) == 2 and match["b"] is None and scale is None
        return not year and not (short and ((last and last in _BEFORE_YEAR) or (after[:1] and after[0] in _AFTER_YEAR)))
    if unit is None and ((year and match["b"]) or after.lstrip()[:1] in _DATE_WORDS):
        return False
    if unit in reader.letters and len(first) < 2:
        return False
    if glued.isascii() and glued.isalpha() and (last.isalpha() or last == "-" or unit is None):
        return bool(scale and unit and last.isalpha())
    if unit == "点" and scale is None and reader.hour.search(before):
        return False
    if scale or unit or match["sign"]:
        return True
    if after[:1].isascii() and after[:1].isalpha():
        return False
    return bool(match["more"] or reader.cue.search(before))


def _canonical(unit: str | None, reader: _Reader) -> str | None:
    """The unit's usual form; `大` in `四大业务` counts, but is no unit."""
    canonical = reader.canonical.get(unit, unit) if unit else None
    return None if canonical == "-" else canonical


def _scaled(number: str, magnitude: str | None) -> str:
    """Multiply out: ('1.4', '万') gives '14000'; without a magnitude the digits stay as written."""
    digits = "".join(number.split()).replace(",", "")
    if not magnitude:
        return digits
    return _plain(Decimal(digits).scaleb(sum(_ZEROS.get(char, 0) for char in magnitude)))


def _plain(number: Decimal) -> str:
    return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize(), "f")


def _chinese(text: str) -> str | None:
    """Chinese numerals in digits, or None where they are no number (`二零二一`, `三四五`)."""
    if text.isascii():
        return text
    if len(text) > 3 and not set(text) & set("十百千万亿点"):
        return None
    try:
        return _plain(Decimal(str(cn2an.cn2an(text, "smart"))))
    except ValueError:
        return None
