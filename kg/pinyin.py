"""How Chinese names are spelled in Latin letters, for finding them on a keyboard that has no Chinese."""

from functools import lru_cache
from typing import NamedTuple

_REMEMBERED = 200_000  # names: about 60 MB


class Spelling(NamedTuple):
    """A name without tones or blanks: whole syllables, and their first letters. What is not Chinese stays, in small letters."""

    whole: str
    initials: str


@lru_cache(maxsize=_REMEMBERED)
def spelling(name: str) -> Spelling | None:
    """Return how a name is spelled; None where no Chinese character is in it.

    >>> spelling("重庆长安"), spelling("鲸OS")
    (Spelling(whole='chongqingchangan', initials='cqca'), Spelling(whole='jingos', initials='jos'))
    >>> spelling("MindSpore") is None
    True
    """
    if name.isascii():
        return None
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - loads for a quarter of a second what only a search by spelling needs

    whole = squeezed("".join(lazy_pinyin(name)))
    if whole == squeezed(name):
        return None
    return Spelling(whole, squeezed("".join(lazy_pinyin(name, style=Style.FIRST_LETTER))))


def squeezed(text: str) -> str:
    """Return a text in small letters without the blanks and apostrophes that pinyin is written with.

    >>> squeezed("Hong Meng"), squeezed("Xi'an")
    ('hongmeng', 'xian')
    """
    return "".join(character for character in text.casefold() if not character.isspace() and character not in "'’-")
