"""Products that a text names by brand and designation: `智界 R7`, `骁龙 8`, `iPhone 16 系列`."""

import functools
from collections.abc import Iterator, Sequence

import regex

from kg.expressions import compiled
from kg.extraction.naming import stops
from kg.lexicon import Lexicon, Row, alternation
from kg.model import Kind, Mention

_BRANDS = frozenset((Kind.COMPANY, Kind.PRODUCT))
_COUNTED_FROM_NOUGHT = compiled(r" ?0[0-9]{1,2}[A-Z]{0,2}(?![0-9A-Za-z.%])")  # 极氪 009: nobody counts so
_NUMBERED = frozenset((Kind.PRODUCT, Kind.TECHNOLOGY))


@functools.lru_cache(maxsize=4)
def number_of_model(lexicon: Lexicon) -> str:
    """Return the expression for a number that can be a model's: no year, none that counts or measures something."""
    units = [row["unit"] for row in lexicon.table("units") if row["kind"] != "sign"]
    latin = alternation(unit for unit in units if unit.isascii())
    han = "|".join(_counting(row) for row in lexicon.table("units") if not row["unit"].isascii())
    measured = rf"(?![0-9.]+ ?{latin}(?![A-Za-z0-9]))"
    counted = rf"(?![0-9.~]| ?(?:[%年月日号时十百千万亿余多第]|{han}))"
    digits = r"[0-9]{1,4}+(?:\.[0-9]{1,2}+)?+[A-Za-z]{0,3}+(?![A-Za-z])(?:-[A-Z][A-Za-z0-9]*+)?+"
    return rf"(?!(?:19|20)[0-9][0-9](?![0-9])){measured}{digits}{counted}"


def _counting(row: Row) -> str:
    """Return the expression for a unit in Chinese characters, where it is one (not the 起 of 起售价)."""
    other_word = "" if row["not_before"] == "-" else f"(?![{row['not_before']}])"
    return f"{regex.escape(row['unit'])}{other_word}"


@functools.lru_cache(maxsize=4)
def _edition(lexicon: Lexicon) -> "regex.Pattern[str]":
    (pattern,) = lexicon.patterns("editions")
    return pattern.regex


@functools.lru_cache(maxsize=4)
def _number(lexicon: Lexicon) -> "regex.Pattern[str]":
    return compiled(f" ?{number_of_model(lexicon)}")


def designated(view: str, found: Sequence[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """Yield each brand in `found` together with the designation and the edition behind it.

    A Latin name belongs to the brand before it, unless the lexicon has it or the text uses it alone too.
    """
    alone = _alone(view, found)
    following = {mention.start: mention for mention in found}
    for mention in found:
        if mention.kind not in _BRANDS | _NUMBERED:
            continue
        end = mention.end
        model = following.get(end + (view[end : end + 1] == " "))
        if (
            model is not None
            and mention.kind in _BRANDS
            and mention.rule != "suffix"
            and model.rule == "latin"
            and model.kind in _NUMBERED
            and not mention.text.isascii()
            and model.text not in alone
            and model.text not in stops(lexicon)
        ):
            end = model.end
        elif number := (_number(lexicon).match(view, end) if mention.kind in _NUMBERED else _COUNTED_FROM_NOUGHT.match(view, end)):
            end = number.end()
        if (end > mention.end or mention.kind is Kind.PRODUCT) and (edition := _edition(lexicon).match(view, end)):
            end = edition.end()
        if end > mention.end:
            yield Mention(mention.start, end, view[mention.start : end], Kind.PRODUCT, "designation")


def _alone(view: str, found: Sequence[Mention]) -> frozenset[str]:
    """Return the Latin names that stand somewhere without a brand before them."""
    branded = {end + (view[end : end + 1] == " ") for end in (mention.end for mention in found if mention.kind in _BRANDS)}
    return frozenset(mention.text for mention in found if mention.rule == "latin" and mention.start not in branded)
