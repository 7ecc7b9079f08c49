"""Numerals in digits: `1.4` and 万 make 14000, 二十七 makes 27."""

from decimal import Decimal

import cn2an

HAN = "零〇一二两三四五六七八九十百千万亿"
_ZEROS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


def scaled(number: str, magnitude: str | None) -> str:
    """Multiply out; without a magnitude the digits stay as written, but for blanks and thousands' commas.

    >>> scaled("1.4", "万"), scaled("2,300", None), scaled("1.70", None)
    ('14000', '2300', '1.70')
    """
    digits = "".join(number.split()).replace(",", "")
    if not magnitude:
        return digits
    return plain(Decimal(digits).scaleb(sum(_ZEROS.get(char, 0) for char in magnitude)))


def plain(number: Decimal) -> str:
    """Write a number without exponent, and without a decimal point where it is whole."""
    return str(int(number)) if number == number.to_integral_value() else format(number.normalize(), "f")


def chinese(text: str) -> str | None:
    """Chinese numerals in digits, or None where they are no number but a string of digits (`二零二一`).

    >>> chinese("二十七"), chinese("三点五亿"), chinese("两亿三"), chinese("二零二一")
    ('27', '350000000', '230000000', None)
    """
    if text.isascii():
        return text
    if len(text) > 3 and not set(text) & set("十百千万亿点"):
        return None
    try:
        if "点" in text and text[-1] in "万亿":
            return plain(_smart(text.rstrip("万亿")).scaleb(sum(_ZEROS[char] for char in text if char in "万亿")))
        if text[-2:-1] in ("百", "千", "万", "亿") and text[-1] not in _ZEROS:  # 两亿三: the last digit counts tenths of an 亿
            return plain(_smart(text[:-1]) + _smart(text[-1]).scaleb(_ZEROS[text[-2]] - 1))
        return plain(_smart(text))
    except (ValueError, KeyError):  # KeyError is what cn2an raises for numerals in an impossible order
        return None


def _smart(text: str) -> Decimal:
    return Decimal(str(cn2an.cn2an(text, "smart")))
