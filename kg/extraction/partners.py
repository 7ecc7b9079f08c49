"""Who is somebody else than those who speak: whom 我们 or 你们 does something with."""

from collections.abc import Sequence

from kg.lexicon import Lexicon
from kg.model import Reference

_REACH = 16  # characters from 我们 to the name


def beside_us(view: str, references: Sequence[Reference], lexicon: Lexicon) -> frozenset[str]:
    """Return the entities that stand right beside 我们 or 你们: 甲公司 of `我们没有和甲公司谈过`, nobody of `你们怎么看美国和甲公司`."""
    (beside,) = (pattern.regex for pattern in lexicon.patterns("attribution") if pattern.name == "beside_us")
    starts = ((one.entity, one.mention.start) for one in references)
    return frozenset(entity for entity, start in starts if beside.search(view, max(0, start - _REACH), start))
