"""A view of a text for matching: half-width, simplified, and character for character as long as the original.

Offsets found in the view are offsets into the text, so nothing ever edits a document to read it.
"""

import functools
import unicodedata

import opencc

_HAN = range(0x3400, 0xA000)
# words of Taiwan and Hong Kong for what is written otherwise on the mainland, each as long as its other form
_REGIONAL = {
    **{"报导": "报道", "计画": "计划", "晶片": "芯片", "软体": "软件", "硬体": "硬件", "网路": "网络"},
    **{"伺服器": "服务器", "人工智慧": "人工智能"},
}
_BARS = dict.fromkeys(map(ord, "丨│┃"), "|")  # what parts a dateline from its news
_KEPT = frozenset("…")  # NFKC would make three full stops of it


@functools.cache
def _table() -> dict[int, str]:
    """Single characters that have a different folded form; both sides are one code point."""
    to_simplified = opencc.OpenCC("t2s")
    han = "".join(map(chr, _HAN))
    simplified = to_simplified.convert("\n".join(han)).split("\n")  # a line each, so that none is converted by its neighbours
    table = {ord(char): other for char, other in zip(han, simplified, strict=True) if other != char and len(other) == 1}
    for code in (*range(0xA0, 0x3400), *range(0xF900, 0xFB00), *range(0xFE30, 0xFFF0)):
        char = chr(code)
        other = unicodedata.normalize("NFKC", char)
        other = table.get(ord(other), other) if len(other) == 1 else other  # of ㊠ 项, not 項
        if other != char and len(other) == 1 and char not in _KEPT:
            table[code] = other
    return {code: table.get(ord(other), other) for code, other in table.items()} | _BARS  # 薴 is 苧, and that 苎


def fold(text: str) -> str:
    """Return the view of `text` that every stage matches against; `len(fold(text)) == len(text)` always.

    >>> fold("華為宣布：２０２５年推出ＭａｔｅＢｏｏｋ，")
    '华为宣布:2025年推出MateBook,'
    >>> fold("據報導,該計畫")
    '据报道,该计划'
    """
    view = text.translate(_table())
    for word, other in _REGIONAL.items():
        view = view.replace(word, other)
    return view
