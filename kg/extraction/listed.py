"""The name under which a company's shares are listed, where a notice or a record of a meeting gives it (`证券简称:航霖股份`)."""

from collections.abc import Iterable, Iterator
from typing import Final

from kg.expressions import compiled
from kg.extraction.usage import legal_endings
from kg.lexicon import Lexicon
from kg.model import Kind, Layout, Mention

RULE: Final = "listing"
_HEAD: Final = 400  # characters
_GIVEN = compiled(r"(?:证券|股票|公司|A股)简称 ?: ?(?P<name>(?:\*?ST ?)?[\p{Han}A-Za-z0-9]{2,8}?)(?=[\s,;、。()|]|$)")
# what says how a share is traded, and words that a full name parts with others
_BOARD = compiled(r"^\*?ST ?|(?:-[UWV]+|[AB])$|股份$|集团$")


def shares(view: str, _layout: Layout, _lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the names in a document's head that it says are those of a share."""
    for found in _GIVEN.finditer(view, 0, _HEAD):
        yield Mention(*found.span("name"), found["name"], Kind.COMPANY, RULE)


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
