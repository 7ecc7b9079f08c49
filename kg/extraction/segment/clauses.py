"""Paragraphs into sentences and clauses: one pass of one regular expression over the folded text."""

import bisect
from collections.abc import Sequence

import regex

from kg.model import Block, BlockKind, Clause, Sentence, Turn

_TOKEN = regex.compile(
    r"""
      (?P<whole>                                   # holds marks that cut nothing
          https?://[\w./?=&%:;,\#~+-]+
        | \d{1,3}(?:,\d{3})+(?!\d) | \d+:\d+(?::\d+)*
        | 《[^《》\n]{1,60}》
        | \([^()\n。]{1,24}\)
        | [“「『][^“”「」『』\n。:;]{1,10}(?<![,!?…])[”」』]
      )
    | (?P<end>(?:[。!?]|(?<=[\u3400-\u9fff])\.(?=\s|$)|(?<=[a-z)])\.(?=\s+[A-Z]))[。!?…]*[”’」』)\]】*"]*(?![,、的这那了之])\s*)
    | (?P<mark>[,;:。!?…]+|\.{3,}|—+|-{2,})
    """,
    regex.VERBOSE,
)
_LEAD = regex.compile(r"(?:[\s*_#>•·●■◆▲]|- )*(?:\[?\(?\d{1,3}(?:[、)\]]|\.(?!\d))\s*)?[\s*_]*")
_BLANK = " \t\r\n\v\f\u3000\xa0\u200b\ufeff"
_LEFT = _BLANK + "*_、,;:。!?…—-·>#|~”’」』】)]}"
_RIGHT = _BLANK + "*_、,;:。!?…—-·|~“‘「『【([{"
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "【": "】", "(": ")", "[": "]", '"': '"'}
_OPENERS = {close: opened for opened, close in _PAIRS.items()}


def cut(folded: str, blocks: Sequence[Block], turns: Sequence[Turn]) -> tuple[tuple[Sentence, ...], tuple[Clause, ...]]:
    """Return the sentences (with their end marks) and the clauses (without) of all paragraphs that lie in a turn."""
    sentences: list[Sentence] = []
    clauses: list[Clause] = []
    starts = [turn.start for turn in turns]
    for number, block in enumerate(blocks):
        if block.kind is not BlockKind.PARAGRAPH:
            continue
        which = bisect.bisect_right(starts, block.end - 1) - 1
        if which < 0 or turns[which].end < block.end or turns[which].start >= block.end:
            continue
        start = max(block.start, turns[which].start)
        lead = _LEAD.match(folded, start, block.end)
        start = lead.end() if lead else start
        _cut_paragraph(folded, start, block.end, which, number, sentences, clauses)
    return tuple(sentences), tuple(clauses)


def _cut_paragraph(folded: str, start: int, end: int, turn: int, block: int, sentences: list[Sentence], clauses: list[Clause]) -> None:
    sentence_start = clause_start = start
    pending: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(folded, start, end):
        if match.lastgroup == "whole":
            continue
        span = _trim(folded, clause_start, match.start())
        if span:
            pending.append(span)
        clause_start = match.end()
        if match.lastgroup == "end":
            _close(folded, sentence_start, match.end(), turn, block, pending, sentences, clauses)
            sentence_start, pending = match.end(), []
    span = _trim(folded, clause_start, end)
    if span:
        pending.append(span)
    _close(folded, sentence_start, end, turn, block, pending, sentences, clauses)


def _close(
    folded: str,
    start: int,
    end: int,
    turn: int,
    block: int,
    pending: list[tuple[int, int]],
    sentences: list[Sentence],
    clauses: list[Clause],
) -> None:
    if not pending:
        return
    while folded[start] in _BLANK:
        start += 1
    while folded[end - 1] in _BLANK:
        end -= 1
    number = len(sentences)
    sentences.append(Sentence(start, end, turn, block))
    clauses.extend(Clause(first, last, number) for first, last in pending)


def _trim(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """Take marks, blanks and quotation marks without a partner off both ends; None if nothing is left."""
    while True:
        while start < end and folded[start] in _LEFT:
            start += 1
        while start < end and folded[end - 1] in _RIGHT:
            end -= 1
        if start >= end:
            return None
        first, last = folded[start], folded[end - 1]
        closing, opening = _PAIRS.get(first), _OPENERS.get(last)
        if closing is None and opening is None:
            return start, end
        partner = folded.find(closing, start + 1, end) if closing else end
        if closing and (partner < 0 or (partner == end - 1 and first != "(")):
            start += 1
            continue
        if opening and folded.rfind(opening, start, end - 1) < 0:
            end -= 1
            continue
        return start, end
