"""Stretches of a text that nobody speaks of: codes of shares, and who sends or writes a news item."""

from collections.abc import Iterator

from kg.extraction import listed
from kg.lexicon import Lexicon

_BYLINE = "writer"


def senders(view: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield where a folded text names the outlet that an item is from (`江城网8月1日讯`), or who wrote it."""
    return (match.span("outlet") for pattern in lexicon.patterns("datelines") for match in pattern.regex.finditer(view))


def bylines(view: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield what no clause says anything with: codes of shares, and whole lines of who writes (`本报讯(记者 王小明)`)."""
    yield from listed.codes(view)
    for pattern in lexicon.patterns("datelines"):
        if pattern.name.endswith(_BYLINE):
            yield from (match.span("outlet") for match in pattern.regex.finditer(view))
