"""Whose words stand between quotation marks."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from kg.extraction.attribution.scene import Frame
from kg.extraction.attribution.words import Words

_MARKS = regex.compile(r"“[^“”]*+(?:“[^“”]*+”[^“”]*+)*+(?:”|$)|「[^「」]*+(?:「[^「」]*+」[^「」]*+)*+(?:」|$)|\"[^\"]*+(?:\"|$)")
_INNER_STOP = regex.compile(r"[,。!?;…]")
_SENTENCE_END = regex.compile(r"[。!?]")
_CITING = frozenset(("cite", "report"))
_CLOSING = 2  # characters in which a quotation ends with a stop
_AFTER = 60
_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in marks, from the opening mark to behind the closing one; what is only so called is no quotation."""

    start: int
    end: int


def quotations(text: str, start: int, end: int, words: Words) -> list[Quotation]:
    """Return the quotations of a paragraph of folded text: after a colon, or with a comma or stop of their own.

    >>> from kg.extraction.attribution.words import words
    >>> from kg.lexicon import Lexicon
    >>> text = "李明说:“不会停产。”他谈到了“黑土地”。"
    >>> [text[quotation.start:quotation.end] for quotation in quotations(text, 0, len(text), words(Lexicon()))]
    ['“不会停产。”']
    """
    found = []
    for marks in _MARKS.finditer(text, start, end):
        led = words.patterns["leads_in"].search(text, max(start, marks.start() - _BEFORE), marks.start())
        if led or _INNER_STOP.search(text, marks.start(), marks.end()):
            found.append(Quotation(marks.start(), marks.end()))
    return found


def owner(text: str, quotation: Quotation, frames: Sequence[Frame], end: int) -> Frame | None:
    """Return the frame whose source the quotation belongs to: right before it, else right behind it, else None.

    What cites a paper behind a quotation that ends with a stop begins a sentence of its own (`“…。”据《甲报》了解,…`).
    """
    before = [frame for frame in frames if frame.end <= quotation.start + 1 and frame.kind != "hearsay"]
    if before and not _SENTENCE_END.search(text, before[-1].end, quotation.start):
        return before[-1]
    limit = min(end, quotation.end + _AFTER)
    stop = _SENTENCE_END.search(text, quotation.end, limit)
    limit = stop.start() if stop else limit
    closed = _SENTENCE_END.search(text, quotation.end - _CLOSING, quotation.end) is not None
    behind = (frame for frame in frames if quotation.end <= frame.start < limit and not (closed and frame.kind in _CITING))
    return next(behind, None)
