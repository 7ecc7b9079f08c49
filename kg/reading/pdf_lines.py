"""Lines of pages → paragraphs: running heads and page numbers go, a sentence that was broken at the margin is whole again.

PDF knows characters and places, not paragraphs. Chinese is set in squares, so a line's width can be told from its characters: a line as
wide as the text column that ends in no mark goes on in the next.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

_EDGE = 2  # lines at the top and foot of a page that may be furniture
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[\s\-–—·.|/]*\d{1,4}(?:\s*/\s*\d{1,4})?[\s\-–—·.|]*")
_ENDS = re.compile(r"[。！？!?；;：:…](?:[”’」』）)\]】]*)$")
_GOES_ON = re.compile(r"[，、,（(《“‘「『\-]$")
_SLACK = 6  # halves of a square: what must not begin a line is taken along from the next
_NARROWEST = 24  # halves of a square
_LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")


def paragraphs(pages: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the paragraphs of pages that are given as lines.

    >>> list(paragraphs([["公司昨日在上海召开说明会，", "称不会出售手机业务。", "- 1 -"], ["会后发布公告。", "- 2 -"]]))
    ['公司昨日在上海召开说明会，称不会出售手机业务。', '会后发布公告。']
    """
    lines = [line for page in without_furniture(pages) for line in page]
    column = _column(lines)
    whole = last = ""
    for line in lines:
        if whole and _continued(whole, last, column):
            whole += _glue(whole, line) + line
        else:
            if whole:
                yield whole
            whole = line
        last = line
    if whole:
        yield whole


def without_furniture(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the pages' lines without page numbers, and without what stands at the edge of half of the pages, its numbers apart."""
    seen = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})

    def furniture(line: str) -> bool:
        fewest = 2 if _DIGITS.search(line) else 3
        return bool(_PAGE_NUMBER.fullmatch(line)) or seen[_key(line)] >= max(fewest, len(pages) / 2)

    kept = []
    for page in pages:
        edges = {*range(_EDGE), *range(len(page) - _EDGE, len(page))}
        kept.append([line for number, line in enumerate(page) if number not in edges or not furniture(line)])
    return kept


def _edges(page: Sequence[str]) -> Iterator[str]:
    yield from page[:_EDGE]
    yield from page[max(_EDGE, len(page) - _EDGE) :]


def _key(line: str) -> str:
    return "".join(_DIGITS.sub("#", line).split())


def _width(line: str) -> int:
    """Return a line's width in halves of a square.

    >>> _width("华为5G")
    6
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)


def _column(lines: Sequence[str]) -> int:
    """Return the width that most lines come up to; where lines are few, that of the widest."""
    widths = [width for width in map(_width, lines) if width >= _NARROWEST]
    if not widths:
        return _NARROWEST
    counts = Counter(widths)
    return max(counts, key=lambda width: (sum(counts[width - less] for less in range(_SLACK + 1)), width))


def _continued(whole: str, last: str, column: int) -> bool:
    """Say whether a paragraph so far, which ends in the line `last`, goes on in the next."""
    if _GOES_ON.search(whole):
        return True
    return not _ENDS.search(whole) and _width(last) >= column - _SLACK


def _glue(before: str, after: str) -> str:
    """Return a blank between two words that letters are written with, else nothing."""
    return " " if _LATIN.match(before[-1]) and _LATIN.match(after) else ""
