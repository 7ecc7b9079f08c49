"""Lines of a document, and what each of them is: title, heading, paragraph, note or furniture."""

import functools
from collections.abc import Iterator

import regex

from kg.lexicon import Lexicon
from kg.model import Block, BlockKind, Document

_LINE = regex.compile(r"[^\s\u200b\ufeff](?:[^\n\r\v\f\x85\u2028\u2029]*[^\s\u200b\ufeff])?")
_FRONT_MATTER = regex.compile(r"\A\ufeff?---[ \t]*\r?\n(?:[^\n]*\n)*?(?=---[ \t]*(?:\r?\n|\Z))")
_MARKDOWN_HEADING = regex.compile(r"#{1,6}\s*(?=\S)")
_BOLD_LINE = regex.compile(r"(\*\*|__)(?P<inner>(?:(?!\1).)+)\1")
_END_MARK = regex.compile(r"[。!?;…][”’」』)\]】*_\"]*$|\.{3,}$|[^\d\W]\.$|[:,、]$")
_NUMBERED = regex.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[((][一二三四五六七八九十]{1,3}[))]|\d{1,2}[.、]\s?(?=\D)|第[一二三四五六七八九十\d]{1,3}[章节部]|[■●▲◆★□])"
)
_LONGEST_HEADING = 34  # in columns of a Han character; a headline seldom has more, a paragraph seldom less
_LONGEST_NOTE = 200


def find_blocks(document: Document, folded: str, lexicon: Lexicon) -> tuple[Block, ...]:
    """Return the document's lines, each with its kind, in order; blank lines are left out."""
    return tuple(_classified(document, folded, lexicon))


def _classified(document: Document, folded: str, lexicon: Lexicon) -> Iterator[Block]:
    furniture, notes = _any_of(lexicon, "furniture"), _any_of(lexicon, "notes")
    front = _FRONT_MATTER.match(folded)
    body = front.end() if front else 0
    titled = False
    for match in _LINE.finditer(folded):
        start, end, line = match.start(), match.end(), match[0]
        if start < body or furniture.search(line[:_LONGEST_NOTE]):
            kind = BlockKind.FURNITURE
        elif len(line) <= _LONGEST_NOTE and notes.search(line):
            kind = BlockKind.NOTE
        elif _is_heading(line):
            kind = BlockKind.HEADING if titled else BlockKind.TITLE
            titled = True
        else:
            kind = BlockKind.PARAGRAPH
            titled = True
        yield Block(start, end, kind)


def _is_heading(line: str) -> bool:
    if _MARKDOWN_HEADING.match(line):
        return True
    if len(line) > 2 * _LONGEST_HEADING:
        return False
    bold = _BOLD_LINE.fullmatch(line)
    inner = bold["inner"] if bold else line
    return _columns(inner) <= _LONGEST_HEADING and not _END_MARK.search(inner)


def _columns(line: str) -> float:
    """Width in Han characters: Latin letters and digits count half."""
    return sum(0.5 if char < "\u2e80" else 1 for char in line)


@functools.cache
def _any_of(lexicon: Lexicon, name: str) -> "regex.Pattern[str]":
    return regex.compile("|".join(f"(?:{pattern.regex.pattern})" for pattern in lexicon.patterns(name)), regex.IGNORECASE)
