"""The name under which a company's shares are listed (`证券简称:航霖股份`), and the code that stands behind a company's name."""

from collections.abc import Iterable, Iterator
from typing import Final

import regex

from kg.expressions import compiled
from kg.extraction.naming import stops, trimmed_left
from kg.extraction.tokens import Token, tokenizer
from kg.extraction.usage import legal_endings
from kg.extraction.wording import BINDING, grammatical
from kg.lexicon import Lexicon
from kg.model import Kind, Layout, Mention

RULE: Final = "listing"
_HEAD: Final = 400  # characters
_GIVEN = compiled(r"(?:证券|股票|公司|A股)简称 ?: ?(?P<name>(?:\*?ST ?)?[\p{Han}A-Za-z0-9]{2,8}?)(?=[\s,;、。()|]|$)")
_MARKET = r"(?:SZ|SH|BJ|HK|US|NYSE|NASDAQ|Nasdaq|SEHK|HKEX|港股|美股|A股|纽交所|纳斯达克|上交所|深交所|港交所)"
_CODE = compiled(
    rf"\((?:(?:股票|证券)?(?:代码|代号) ?:? ?)?(?:{_MARKET} ?[:.]? ?(?:\d{{4,6}}|[A-Z]{{1,6}})|\d{{5,6}}"
    r"|\d{4,6}\.[A-Z]{1,2}|[A-Z]{1,6}\.(?:US|N|O|OQ|NYSE|NASDAQ))\)"
)
_BEFORE_CODE = regex.compile(r"(?r)[\p{Han}A-Za-z0-9*-]{2,12}")
# what says how a share is traded, and words that a full name parts with others
_BOARD = compiled(r"^\*?ST ?|(?:-[UWV]+|[AB])$|股份$|集团$")


def shares(view: str, _layout: Layout, _lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the names in a document's head that it says are those of a share."""
    for found in _GIVEN.finditer(view, 0, _HEAD):
        yield Mention(*found.span("name"), found["name"], Kind.COMPANY, RULE)


def codes(view: str) -> list[tuple[int, int]]:
    """Return where the codes of shares stand in brackets: they tell of the company before them, and part nothing.

    >>> codes("甲公司(01234.HK)总裁、乙公司(SZ 002009)"), codes("(2022)(AI)(NYSE:ABC)")
    ([(3, 13), (19, 30)], [(10, 20)])
    """
    return [found.span() for found in _CODE.finditer(view)]


def coded(view: str, _layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the company that the code of a share stands right behind: `岚川优通(01234.HK)`."""
    for code, _ in codes(view):
        run = _BEFORE_CODE.match(view, max(0, code - 12), code)
        words = tokenizer(lexicon).tokenize(run[0], run.start()) if run else []
        named: list[Token] = []
        while words and not grammatical(words[-1]) and words[-1].tag not in BINDING and words[-1].text not in stops(lexicon):
            named.append(words.pop())
        if named:
            start = trimmed_left(view, named[-1].start, code, lexicon)
            if code - start > 1 and not view[start:code].isdigit():
                yield Mention(start, code, view[start:code], Kind.COMPANY, "code")


def share_of(share: str, names: Iterable[str], lexicon: Lexicon) -> str | None:
    """Return the company that a share is short for: of full legal names, the first one that has the share's characters in their order.

    >>> share_of("航霖股份", ["江苏凯莱新材料有限公司", "浙江航霖纺织股份有限公司", "绍兴航霖印染有限公司"], Lexicon())
    '浙江航霖纺织股份有限公司'
    >>> share_of("南汽集团", ["南屿汽车集团股份有限公司"], Lexicon()), share_of("岭光", ["南屿汽车集团股份有限公司"], Lexicon())
    ('南屿汽车集团股份有限公司', None)
    """
    trunk = _BOARD.sub("", share) or share
    return next((name for name in names if name.endswith(legal_endings(lexicon)) and _in_order(trunk, name)), None)


def _in_order(part: str, whole: str) -> bool:
    characters = iter(whole)
    return all(character in characters for character in part)
