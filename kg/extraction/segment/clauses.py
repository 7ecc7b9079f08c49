"""Paragraphs into sentences and clauses: one pass of one regular expression over the folded text."""

import functools
from collections.abc import Iterator, Sequence

import regex

from kg.extraction.segment.page import Page
from kg.lexicon import Lexicon, alternation
from kg.model import BlockKind, Clause, Sentence, Turn

Span = tuple[int, int]

_TOKEN = r"""
      (?P<mark>%(aside)s | !\[[^\[\]\n]*\]\([^()\s]*\))
    | (?P<whole>                                   # holds marks that cut nothing
          https?://[\w./?=&%%:;,\#~+-]+
        | \d{1,3}(?:,\d{3})+(?!\d) | \d+:\d+(?::\d+)*
        | 《[^《》\n]{1,60}》
        | \([^()\n。\p{Han}]{1,60}\) | \([^()\n。?!]{1,4}\) | \([^()\n。?!]{5,24}\)(?!\s*(?:[,;:。!?]|$))
        | [“「『][^“”「」『』\n。:;]{1,10}(?<![,!?…])[”」』]
      )
    | (?P<end>
          (?:。|(?<=\p{Han})\.(?=\s|$|\p{Han})|(?<=[a-z)])\.(?=\s+[A-Z]))[。!?…]*[”’」』)\]】*"]*(?![,、])\s*
        | [!?][。!?…]*(?![”’」』)\]】*"]+\p{Han})[”’」』)\]】*"]*(?![,、])\s*
      )
    | (?P<mark>[,;:。!?…()【】]+|\.{3,}|—+|-{2,}|(?<=%(verbs)s)[“「『])
    """
_LEAD = regex.compile(
    r"(?:[\s*_#>•·●■◆▲]|- )*(?:\[?\(?\d{1,3}(?:[、)\]]|\.(?!\d))\s*|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))?[\s*_]*"
)
_PAUSE = regex.compile(r"(?<=\p{Han})[ \u3000\xa0]+(?=\p{Han})")
_BLANK = " \t\r\n\v\f\u3000\xa0\u200b\ufeff"
_LEFT = _BLANK + "*_、,;:。!?…—-·>#|~”’」』】)]}"
_RIGHT = _BLANK + "*_、,;:。!?…—-·|~“‘「『【([{"
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "【": "】", "(": ")", "[": "]", '"': '"'}
_OPENERS = {close: opened for opened, close in _PAIRS.items()}
_LONG = 24  # characters; a clause that is longer and full of blanks was cut by the blanks, not by marks
_PIECE = 6, 20  # the shortest and the mean length of what such blanks cut off


def cut(page: Page, turns: Sequence[Turn], lexicon: Lexicon) -> tuple[tuple[Sentence, ...], tuple[Clause, ...]]:
    """Return the sentences (with their end marks) and the clauses (without) of all paragraphs."""
    token = _token(lexicon)
    folded = page.folded
    sentences: list[Sentence] = []
    clauses: list[Clause] = []
    which = 0
    for number, block in enumerate(page.blocks):
        if block.kind is not BlockKind.PARAGRAPH:
            continue
        while which < len(turns) and turns[which].end <= block.start:
            which += 1
        for index in range(which, len(turns)):
            if turns[index].start >= block.end:
                break
            start, end = max(block.start, turns[index].start), min(block.end, turns[index].end)
            for first, last, parts in _sentences(token, folded, (start, end)):
                clauses.extend([Clause(left, right, len(sentences)) for left, right in parts])
                sentences.append(Sentence(first, last, index, number))
    return tuple(sentences), tuple(clauses)


@functools.cache
def _token(lexicon: Lexicon) -> "regex.Pattern[str]":
    """Compile the marks; remarks in brackets and the verbs before a quotation are data."""
    aside = "|".join(f"(?:{pattern.regex.pattern})" for pattern in lexicon.patterns("asides"))
    saying = alternation(row["word"] for row in lexicon.table("label_verbs") if row["saying"] == "yes")
    return regex.compile(_TOKEN % {"aside": aside, "verbs": saying}, regex.VERBOSE)


def _sentences(token: "regex.Pattern[str]", folded: str, span: Span) -> Iterator[tuple[int, int, list[Span]]]:
    """Yield the span of each sentence in a stretch of text, and its clauses; what has no clause is left out."""
    start, end = span
    start = clause_start = _past_lead(folded, start, end)
    parts: list[Span] = []
    for match in token.finditer(folded, start, end):
        kind = match.lastgroup
        if kind == "whole":
            continue
        parts.extend(_clauses(folded, clause_start, match.start()))
        clause_start = match.end()
        if kind == "end":
            if parts:
                yield *_without_blanks(folded, start, clause_start), parts
            start = clause_start = _past_lead(folded, clause_start, end)
            parts = []
    parts.extend(_clauses(folded, clause_start, end))
    if parts:
        yield *_without_blanks(folded, start, end), parts


def _past_lead(folded: str, start: int, end: int) -> int:
    """Return where the words begin: past a bullet, a number, blanks."""
    match = _LEAD.match(folded, start, end)
    return match.end() if match else start


def _clauses(folded: str, start: int, end: int) -> Iterator[Span]:
    """Yield the clause between two marks, or several where only blanks divide a long one (speech written down)."""
    span = _trim(folded, start, end)
    if not span:
        return
    start, end = span
    if end - start > _LONG:
        pauses = list(_PAUSE.finditer(folded, start, end))
        if len(pauses) > 1 and (end - start) <= _PIECE[1] * (len(pauses) + 1):
            for pause in pauses:
                if pause.start() - start >= _PIECE[0] <= end - pause.end():
                    yield start, pause.start()
                    start = pause.end()
    yield start, end


def _without_blanks(folded: str, start: int, end: int) -> Span:
    while folded[start] in _BLANK:
        start += 1
    while folded[end - 1] in _BLANK:
        end -= 1
    return start, end


def _trim(folded: str, start: int, end: int) -> Span | None:
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
        elif opening and folded.rfind(opening, start, end - 1) < 0:
            end -= 1
        else:
            return start, end
