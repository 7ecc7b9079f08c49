"""Lines of a document, and what each of them is: title, heading, paragraph, note or furniture."""

import functools
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

import regex

from kg.expressions import compiled
from kg.extraction.segment.labels import Label
from kg.extraction.segment.page import Page
from kg.lexicon import Lexicon
from kg.model import Block, BlockKind, Document

_LINE = compiled(r"[^\s\u200b\ufeff](?:[^\n\r\v\f\x85\u2028\u2029]*[^\s\u200b\ufeff])?")
_FRONT_MATTER = compiled(r"\A\ufeff?---[ \t]*\r?\n(?:[^\n]*\n){0,60}?(?=---[ \t]*(?:\r?\n|\Z))")
_MARKDOWN_HEADING = compiled(r"#{1,6}\s*(?=\S)")
_LIST_ITEM = compiled(r"(?:[-*+•●] |[•●·▪])\s*\S")
_BOLD_LINE = compiled(r"(\*\*|__)(?P<inner>(?:(?!\1).)+)\1")
_END_MARK = compiled(r"[。!?;…](?:[(\[【][^()\[\]【】]*[)\]】])?[”’」』)\]】*_\"]*$|\.{3,}$|[^\d\W]\.$|[:,、]$")
_WIDEST_HEADING = 34  # in Han characters; a headline seldom has more, a paragraph seldom less
_LONGEST_NOTE = 200  # characters; no line of furniture or note needs more to be known as one
_LONGEST_LINK_HEAD = 16  # characters
_STARTS_ANEW = compiled(rf"{_MARKDOWN_HEADING.pattern}|{_LIST_ITEM.pattern}|[^:\s]{{1,12}}:|\d{{1,3}}[.、)]")
_WRAPPED = 6  # broken lines that make a text look wrapped
_NARROWEST = 18  # columns
_NUMBERED = compiled(r"\(?\d{1,2}[.、)]")


def find_blocks(document: Document, folded: str, lexicon: Lexicon) -> Page:
    """Return the document's lines, each with its kind, in order; blank lines are left out."""
    furniture, notes, asides, links = (_any_of(lexicon, name) for name in ("furniture", "notes", "asides", "link_lists"))
    front = _FRONT_MATTER.match(folded)
    body = front.end() if front else 0
    blocks: list[Block] = []
    linking = False
    lines = [match.span() for match in _LINE.finditer(folded)]
    for start, end in _unwrapped(lines, folded):
        line = folded[start:end]
        if len(line) <= _LONGEST_LINK_HEAD and links.search(line):
            linking = True
        elif linking:
            linking = not _END_MARK.search(line) and not _MARKDOWN_HEADING.match(line)
        if start < body or linking or furniture.search(line[:_LONGEST_NOTE]):
            kind = BlockKind.FURNITURE
        elif len(line) <= _LONGEST_NOTE and notes.search(line):
            kind = BlockKind.NOTE
        elif _is_heading(line) and not asides.search(line):
            kind = BlockKind.HEADING
        else:
            kind = BlockKind.PARAGRAPH
        blocks.append(Block(start, end, kind))
    if all(block.kind is not BlockKind.PARAGRAPH for block in blocks):  # a sentence or two, typed without end marks
        return Page(document, folded, tuple(_plain_as_paragraphs(blocks, folded)))
    return Page(document, folded, tuple(_with_title(_with_lists(blocks, folded), document)))


def spoken(blocks: Sequence[Block], labels: Iterable[Label]) -> tuple[Block, ...]:
    """Return the blocks with those that carry a speaker's label as paragraphs, however short they are."""
    labelled = {label.block for label in labels}
    return tuple(replace(block, kind=BlockKind.PARAGRAPH) if index in labelled else block for index, block in enumerate(blocks))


def _unwrapped(lines: list[tuple[int, int]], folded: str) -> list[tuple[int, int]]:
    """Join the lines of paragraphs that were broken at a fixed width; most texts come back as they are."""
    widths = [
        _columns(folded[start:end])
        if folded.count("\n", end, following) == 1 and not _END_MARK.search(folded[max(start, end - 6) : end])
        else 0
        for (start, end), (following, _) in itertools.pairwise(lines)
    ]
    broken = sorted(width for width in widths if width)
    if len(broken) < _WRAPPED or len(broken) * 2 < len(lines):
        return lines
    full = broken[int(len(broken) * 0.9)] * 0.85
    if full < _NARROWEST or sum(width >= full for width in broken) < len(broken) * 0.7:
        return lines
    joined = lines[:1]
    for width, (start, end) in zip(widths, lines[1:], strict=True):
        if width >= full and not _STARTS_ANEW.match(folded, start, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _with_title(blocks: list[Block], document: Document) -> list[Block]:
    """Make the first heading the title if no paragraph stands above it, or a line that says what the title is."""
    for index, block in enumerate(blocks):
        known = document.title and document.text[block.start : block.end].strip("#* ") == document.title
        if block.kind is BlockKind.HEADING or (known and block.kind is BlockKind.PARAGRAPH):
            blocks[index] = replace(block, kind=BlockKind.TITLE)
        if blocks[index].kind in (BlockKind.PARAGRAPH, BlockKind.TITLE):
            break
    return blocks


def _plain_as_paragraphs(blocks: list[Block], folded: str) -> list[Block]:
    return [
        replace(block, kind=BlockKind.PARAGRAPH)
        if block.kind is BlockKind.HEADING and _is_plain(folded[block.start : block.end])
        else block
        for block in blocks
    ]


def _with_lists(blocks: list[Block], folded: str) -> list[Block]:
    """Make a list of short lines below a paragraph paragraphs: its items say something, headings only announce.

    A list has three lines, or two that are numbered or stand below a colon.
    """
    lines = [folded[block.start : block.end] for block in blocks]
    first = next((index for index, block in enumerate(blocks) if block.kind is BlockKind.PARAGRAPH), len(blocks))
    start = first + 1
    while start < len(blocks):
        stop = start
        while stop < len(blocks) and blocks[stop].kind is BlockKind.HEADING and _is_plain(lines[stop]):
            stop += 1
        told = lines[start - 1].endswith(":") or all(_NUMBERED.match(line) for line in lines[start:stop])
        if stop - start >= (2 if told else 3) and blocks[start - 1].kind is not BlockKind.FURNITURE:
            blocks[start:stop] = [replace(block, kind=BlockKind.PARAGRAPH) for block in blocks[start:stop]]
        start = max(stop, start + 1)
    return blocks


def _is_plain(line: str) -> bool:
    return not _MARKDOWN_HEADING.match(line) and not _BOLD_LINE.fullmatch(line)


def _is_heading(line: str) -> bool:
    if _MARKDOWN_HEADING.match(line):
        return True
    if len(line) > 2 * _WIDEST_HEADING or _LIST_ITEM.match(line):
        return False
    bold = _BOLD_LINE.fullmatch(line)
    inner = bold["inner"] if bold else line
    return _columns(inner) <= _WIDEST_HEADING and not _END_MARK.search(inner)


def _columns(line: str) -> float:
    """Width in Han characters: Latin letters and digits count half."""
    return sum(0.5 if char < "\u2e80" else 1 for char in line)


@functools.cache
def _any_of(lexicon: Lexicon, name: str) -> "regex.Pattern[str]":
    return compiled("|".join(f"(?:{pattern.regex.pattern})" for pattern in lexicon.patterns(name)), regex.IGNORECASE)
