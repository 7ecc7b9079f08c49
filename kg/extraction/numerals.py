"""Numerals in digits: `1.4` and 万 make 14000, 二十七 makes 27."""

from decimal import Decimal, InvalidOperation

HAN = "零〇一二两三四五六七八九十百千万亿"
FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"  # as in contracts and on cheques, where nobody can add a stroke
_PLAIN = str.maketrans(FORMAL, "一二三四五六七八九十百千")
_ZEROS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_UNITS = ("亿", "万", "千", "百", "十")
_COUNTS = ("亿", "万")  # before which any number may stand
_DIGITS = {
    char: digit for digit, chars in enumerate(("零〇0", "一1", "二两2", "三3", "四4", "五5", "六6", "七7", "八8", "九9")) for char in chars
}


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

    >>> chinese("二十七"), chinese("三点五亿"), chinese("两亿三"), chinese("叁佰万"), chinese("二零二一")
    ('27', '350000000', '230000000', '3000000', None)
    """
    text = text.translate(_PLAIN)
    if text.isascii():
        return text
    if len(text) > 3 and not set(text) & set("十百千万亿点"):
        return None
    try:
        if "点" in text and text[-1] in "万亿":
            return plain(number_of(text.rstrip("万亿")).scaleb(sum(_ZEROS[char] for char in text if char in "万亿")))
        if text[-2:-1] in ("百", "千", "万", "亿") and text[-1] not in _ZEROS:  # 两亿三: the last digit counts tenths of an 亿
            return plain(number_of(text[:-1]) + number_of(text[-1]).scaleb(_ZEROS[text[-2]] - 1))
        return plain(number_of(text))
    except ValueError:
        return None


def number_of(text: str) -> Decimal:
    """Return the number that numerals stand for, Arabic digits among them; ValueError where they are in an impossible order.

    >>> [str(number_of(text)) for text in ("二十七", "一百零五", "十万", "三点一四", "3万5千", "二〇", "1.5")]
    ['27', '105', '100000', '3.14', '35000', '20', '1.5']
    """
    if text.isascii():
        return _decimal(text)
    whole, _, fraction = text.partition("点")
    number = Decimal(_counted(whole))
    return number + Decimal(_figures(fraction)).scaleb(-len(fraction)) if fraction else number


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error


def _counted(text: str) -> int:
    """Return the whole number that numerals stand for: those before 亿 counted in it, likewise 万, 千, 百 and 十."""
    for unit in _UNITS:
        before, found, after = text.rpartition(unit)
        if not found:
            continue
        size: int = 10 ** _ZEROS[unit]
        rest = _counted(after.lstrip("零〇") or "零") if after else 0
        many = 1 if unit == "十" and not before.strip("零〇") else _counted(before)
        if rest >= size or (many > 9 and unit not in _COUNTS):
            raise ValueError(text)
        return many * size + rest
    return _figures(text)


def _figures(text: str) -> int:
    """Return digits read one by one."""
    if not text or any(char not in _DIGITS for char in text):
        raise ValueError(text)
    return int("".join(str(_DIGITS[char]) for char in text))
