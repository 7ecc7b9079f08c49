"""What a figure says: its value in digits (or as written where it is a rank or vague) and its unit.

A number is converted only where it matched. What looks like a figure but is none (model numbers, versions, dates, list
numbers) is dropped by `_counts`, whose tests are the documentation of the difference.
"""

from collections.abc import Iterator
from decimal import Decimal

import regex

from kg.extraction.numerals import chinese, plain, scaled
from kg.extraction.values.grammar import Grammar, grammar
from kg.lexicon import Lexicon
from kg.model import Quantity

_DIGITS = dict(zip("一二两三四五六七八九", "1223456789", strict=True))
# What shows that `17年` is 2017 and not seventeen years; that a number is a day or an hour.
_BEFORE_YEAR, _AFTER_YEAR, _DATE_WORDS = tuple("在从于到自是"), tuple("底初末中年开上下"), tuple("年月日号时")
_CLAUSE_STARTS = ("", "。", ";", "!", "?", "\n", ",", ":", "“")
_ENDING = "止"  # before a number of months: how long a period was that ended (`截至6月30日止六个月`)
_LONGEST = 15  # digits; longer ones are telephone, account and register numbers


def quantities(view: str, lexicon: Lexicon, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Return the quantities of folded text between two offsets, in order, never overlapping.

    Values are digits with 万 and 亿 multiplied out, ranges as `low-high` (`3 至 5` as written where one unit serves both),
    fractions, vague amounts (`数十亿`) and ranks (`全球前五`) as written. The unit is the one written, else None.

    >>> [(q.value, q.unit) for q in quantities("开发者超过230万,门店4500个,收入18.8亿元,跻身全球前五", Lexicon())]
    [('2300000', None), ('4500', '个'), ('1880000000', '元'), ('全球前五', None)]
    """
    rules = grammar(lexicon)
    found: list[Quantity] = []
    for match in rules.figure.finditer(view, start, len(view) if end is None else end):
        if not view.endswith(_ENDING, start, match.start()):
            found.extend(_read(match, view, rules))
    return found


def _read(match: "regex.Match[str]", view: str, rules: Grammar) -> Iterator[Quantity]:
    group = match.group
    if group("a"):
        yield from _number(match, view, rules)
        return
    value: str | None
    unit: str | None = None
    if rank := group("rank"):
        value = None if _enumerates(match, view) else rank
    elif group("percent"):
        value, unit = chinese(group("of") or "百"), "%"
    elif group("fraction"):
        value = group("fraction")
    elif group("zero"):
        value = "0"
    elif vague := group("vague"):
        value, unit = (scaled("1", vague[1:]) if vague[0] == "上" and "、" not in vague else vague), group("vu")
    elif group("round"):
        value, unit = scaled("1", group("round")), group("ru")
    elif group("tens"):
        value, unit = plain(Decimal(group("tens")) * 10 + _tenths(match)), "%"
    elif group("halved"):
        value, unit = "0.5", group("halved")
    elif group("dime"):
        value, unit = f"{_DIGITS[group('han')]}.{_DIGITS[group('dime')]}", "块钱"
    elif group("pair"):
        low, high = (scaled(_DIGITS[digit], group("pm")) for digit in group("pair"))
        value, unit = f"{low}-{high}", group("pu")
    else:
        value, unit = _han(match, rules)
    if value is not None:
        yield Quantity(match.start(), match.end(), value, _canonical(unit, rules))


def _enumerates(match: "regex.Match[str]", view: str) -> bool:
    """Whether `第一` only counts the speaker's points (`第一,…`, `第二个问题`)."""
    if not match["rank"].startswith("第"):
        return False
    before, after = view[match.start() - 1 : match.start()], view[match.end() : match.end() + 2]
    return after in ("问题", "方面") or (after[:1] in (",", "、", ":", "是", "。") and before in _CLAUSE_STARTS)


def _han(match: "regex.Match[str]", rules: Grammar) -> tuple[str | None, str | None]:
    """A number in Chinese numerals; in `一个` and `新一代` 一 counts nothing."""
    text, unit = match["han"], match["hu"]
    if match["tenth"]:
        value = chinese(text)
        return (None if value is None else plain(Decimal(value) * 10 + _tenths(match))), "%"
    if text == "一" and (unit in rules.classifiers or match["which"] is not None):
        return None, None
    value = chinese(text)
    if value is not None and match["hm"]:
        value = scaled(value, match["hm"])
    if value is None or not match["half"]:
        return value, unit
    return plain(Decimal(value) + Decimal("0.5")), "个" + unit if match["half"] == "个半" else unit


def _tenths(match: "regex.Match[str]") -> int:
    """The percents behind 成: five of `七成半`, two of `七成二`."""
    return 5 if match["tenths"] == "半" else int(_DIGITS[match["tenths"]]) if match["tenths"] else 0


def _number(match: "regex.Match[str]", view: str, rules: Grammar) -> Iterator[Quantity]:
    """The quantities of a match in Arabic digits: one, a range, or the members of `3780/1715/1540mm`."""
    first, scale, unit = match["a"], match["am"], match["au"]
    last_scale, last_unit = match["bm"], match["cu"] or match["bu"]
    span = match.start(), match.end()
    ratio = rules.ratio.match(view, span[0])
    if ratio and ratio.end() == span[1]:
        yield Quantity(*span, match.group(), None)
        return
    if not _counts(match, view, rules):
        return
    currency = rules.canonical[match["sign"]] if match["sign"] else None
    value = ("-" if match["minus"] else "") + scaled(first, scale)
    if match["b"] is None:
        bare = unit == "起" and scale is not None  # 6.98万起 is a price from which, not a count of cases
        yield Quantity(*span, value, currency or (None if bare else _canonical(unit, rules)))
    elif match["join"][-1] in "/*×":
        for part, part_scale in ((first, scale), (match["b"], last_scale), (match["c"], match["cm"])):
            if part:
                yield Quantity(*span, scaled(part, part_scale), _canonical(last_unit or unit, rules))
    elif unit and unit != last_unit:  # 2.5点至91.2: a change, not a range
        yield Quantity(match.start(), match.start("join"), value, _canonical(unit, rules))
        yield Quantity(match.start("b"), match.end(), scaled(match["b"], last_scale), _canonical(last_unit, rules))
    elif match["join"].strip() in "至到" and not (unit or scale or last_scale) and last_unit != "%":
        yield Quantity(*span, view[match.start("a") : match.end("b")], currency or _canonical(last_unit, rules))
    else:
        shared = last_scale if scale is None and Decimal(scaled(first, None)) < Decimal(scaled(match["b"], None)) else scale
        same = last_unit == unit and Decimal(scaled(match["b"], None)) < Decimal(scaled("1", scale))  # not in 1万到12000
        low, high = scaled(first, shared), scaled(match["b"], last_scale or (scale if same else None))
        yield Quantity(*span, f"{low}-{high}", currency or _canonical(last_unit or unit, rules))


def _counts(match: "regex.Match[str]", view: str, rules: Grammar) -> bool:
    """Whether the digits say how many or how much, and are not a date, a time, a model, a version or a list number."""
    before, after = view[max(0, match.start() - 8) : match.start()], view[match.end() : match.end() + 2]
    unit, scale, first = match["cu"] or match["bu"] or match["au"], match["am"] or match["bm"], match["a"]
    last = before[-1:]
    glued = before.rstrip(" -")[-1:] if first[0] != "-" else ""
    year = len(first) == 4 and first[:2] in ("19", "20")
    if max(len(first), len(match["b"] or "")) > _LONGEST:
        return False
    if (before.rstrip().endswith("第") and scale is None) or last in (".", ":") or after[:1] == ":":
        return False
    if unit == "年":
        short = len(first) == 2 and match["b"] is None and scale is None
        return not year and not (short and (last in _BEFORE_YEAR or after[:1] in _AFTER_YEAR))
    if unit is None and ((year and match["b"]) or after.lstrip()[:1] in _DATE_WORDS):
        return False
    if unit in rules.letters and len(first) < 2:
        return False
    if glued.isascii() and glued.isalpha() and (last.isalpha() or last == "-" or unit is None):
        return bool(scale and unit and last.isalpha())
    if unit == "点" and scale is None and rules.hour.search(before):
        return False
    if scale or unit or match["sign"]:
        return True
    if after[:1].isascii() and after[:1].isalpha():
        return False
    return bool(match["more"] or rules.cue.search(before))


def _canonical(unit: str | None, rules: Grammar) -> str | None:
    """The unit's usual form; `大` in `四大业务` counts, but is no unit."""
    canonical = rules.canonical.get(unit, unit) if unit else None
    return None if canonical == "-" else canonical
