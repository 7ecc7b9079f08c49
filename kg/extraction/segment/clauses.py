"""Paragraphs into sentences and clauses: one pass of one regular expression over the folded text."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from kg.expressions import compiled
from kg.extraction.segment.page import Page
from kg.extraction.tokens import Tokenizer, tokenizer
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
    | (?P<mark>[,;:。!?…()【】]+|(?<=[日讯])\s?\||\.{3,}|—+|-{2,}|(?<=%(verbs)s)[“「『])
    """
_LEAD = compiled(
    r"(?:[\s*_#>•·●■◆▲]|- )*(?:\[?\(?\d{1,3}(?:[、)\]]|\.(?!\d))\s*|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))?[\s*_]*"
)
_PAUSE = compiled(r"(?<=\p{Han})[ \u3000\xa0]+(?=\p{Han})")
_BLANK = " \t\r\n\v\f\u3000\xa0\u200b\ufeff"
_LEFT = _BLANK + "*_、,;:。!?…—-·>#|~”’」』】)]}"
_RIGHT = _BLANK + "*_、,;:。!?…—-·|~“‘「『【([{"
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "【": "】", "(": ")", "[": "]", '"': '"'}
_OPENERS = {close: opened for opened, close in _PAIRS.items()}
_HEADED = "【】"  # what the heading of an item in a digest stands in
_UNMARKED = 200  # characters; nobody writes a longer clause, but speech is written down without marks
_BREATH = 16, 80  # the shortest and the longest piece that such speech is cut into
_LONG = 24  # characters; a clause that is longer and full of blanks was cut by the blanks, not by marks
_PIECE = 6, 20  # the shortest and the mean length of what such blanks cut off


def cut(page: Page, turns: Sequence[Turn], lexicon: Lexicon) -> tuple[tuple[Sentence, ...], tuple[Clause, ...]]:
    """Return the sentences (with their end marks) and the clauses (without) of all paragraphs."""
    rules = _rules(lexicon)
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
            for first, last, parts in _sentences(rules, folded, (start, end)):
                clauses.extend([Clause(left, right, len(sentences)) for left, right in parts])
                sentences.append(Sentence(first, last, index, number))
    return tuple(sentences), tuple(clauses)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What cuts: the marks, and where there are none the words that speech goes on with, else any word's beginning."""

    token: "regex.Pattern[str]"
    joint: "regex.Pattern[str]"
    words: Tokenizer


@functools.cache
def _rules(lexicon: Lexicon) -> _Rules:
    """Compile the rules; remarks in brackets and the verbs before a quotation are data."""
    aside = "|".join(f"(?:{pattern.regex.pattern})" for pattern in lexicon.patterns("asides"))
    saying = alternation(row["word"] for row in lexicon.table("label_verbs") if row["saying"] == "yes")
    token = compiled(_TOKEN % {"aside": aside, "verbs": saying}, regex.VERBOSE)
    return _Rules(token, compiled(alternation(lexicon.words("speech_joints"))), tokenizer(lexicon))


def _sentences(rules: _Rules, folded: str, span: Span) -> Iterator[tuple[int, int, list[Span]]]:
    """Yield the span of each sentence in a stretch of text, and its clauses; what has no clause is left out."""
    start, end = span
    start = clause_start = _past_lead(folded, start, end)
    parts: list[Span] = []
    for match in rules.token.finditer(folded, start, end):
        kind = match.lastgroup
        if kind == "whole":
            continue
        parts.extend(_clauses(rules, folded, clause_start, match.start()))
        clause_start = match.end()
        if kind == "end" or (_HEADED[1] in match[0] and folded[start] == _HEADED[0]):  # 【甲公司回应】甲公司…
            if parts:
                yield *_without_blanks(folded, start, clause_start), parts
            start = clause_start = _past_lead(folded, clause_start, end)
            parts = []
    parts.extend(_clauses(rules, folded, clause_start, end))
    if parts:
        yield *_without_blanks(folded, start, end), parts


def _past_lead(folded: str, start: int, end: int) -> int:
    """Return where the words begin: past a bullet, a number, blanks."""
    match = _LEAD.match(folded, start, end)
    return match.end() if match else start


def _clauses(rules: _Rules, folded: str, start: int, end: int) -> Iterator[Span]:
    """Yield the clause between two marks, or several where only blanks, or nothing, divide a long one (speech written down)."""
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
    while end - start > _UNMARKED:
        joints = [match.start() for match in rules.joint.finditer(folded, start + _BREATH[0], start + _BREATH[1])]
        stop = joints[-1] if joints else rules.words.tokenize(folded[start : start + _BREATH[1]], start)[-1].start
        stop = stop if stop > start else start + _BREATH[1]
        yield start, start + len(folded[start:stop].rstrip())
        start = stop
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
