"""Whose voice a stretch of text is: the turns of an interview, a question-and-answer page, or narration."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from kg.extraction.segment.labels import Label
from kg.extraction.segment.names import ANSWER, QUESTION, Known, Names, names
from kg.extraction.segment.page import Page
from kg.lexicon import Lexicon
from kg.model import Block, BlockKind, Role, Turn

_ANONYMOUS = regex.compile(r" \d+$")
_SUBTITLE = "—"  # opens the second line of a headline: ——专访某公司总经理王小明
_ENDS_ASKING = regex.compile(r"\?[”」』*_)\s]*$")


@dataclass(frozen=True, slots=True)
class _Part:
    """All that stands under one label: what was said, how many turns are numbered, how many follow a question, who it says asks."""

    key: str
    said: tuple[str, ...]
    numbered: int
    following: int
    asker: str | None

    def asking(self) -> float:
        """Share of turns that are numbered or end in a question mark."""
        return max(self.numbered, sum(1 for text in self.said if _ENDS_ASKING.search(text))) / len(self.said)

    def wondering(self) -> float:
        """Share of turns with a question mark anywhere."""
        return sum(1 for text in self.said if "?" in text) / len(self.said)

    def replying(self) -> float:
        """Share of turns that come right after a question under a word such as `记者`."""
        return self.following / len(self.said)

    def length(self) -> float:
        """Mean length of a turn."""
        return sum(map(len, self.said)) / len(self.said)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What stands before the conversation: the headline, the introduction, the bylines, who attends; and the longest mean turn."""

    title: str
    introduction: str
    byline: str
    attending: str
    longest: float


def find_turns(page: Page, labels: Sequence[Label], lexicon: Lexicon) -> tuple[Turn, ...]:
    """Return the turns in order; together they cover every paragraph. Without labels there is one, narration."""
    folded, blocks = page.folded, page.blocks
    if not blocks:
        return ()
    beyond = blocks[-1].end + 1
    if not labels:
        return _narration(0, beyond, blocks)
    finish = _end_of_transcript(labels[-1].block, blocks)
    stops = [*(label.start for label in labels[1:]), finish]
    spans = [(label.content, _last_end(label, stop, blocks)) for label, stop in zip(labels, stops, strict=True)]
    parts = _parts(folded, labels, spans, names(lexicon))
    setting = _setting(page, labels[0], parts, names(lexicon))
    voices = _voices(parts, setting, folded, lexicon)
    turns = [
        Turn(end - len(folded[start:end].lstrip()), start + len(folded[start:end].rstrip()), *voices[label.key])
        for label, (start, end) in zip(labels, spans, strict=True)
        if folded[start:end].strip()
    ]
    return (*_narration(0, labels[0].start, blocks), *turns, *_narration(finish, beyond, blocks))


def _narration(start: int, stop: int, blocks: Sequence[Block]) -> tuple[Turn, ...]:
    inside = [block for block in blocks if start <= block.start < stop]
    return (Turn(inside[0].start, inside[-1].end, Role.NARRATION),) if inside else ()


def _end_of_transcript(last_label: int, blocks: Sequence[Block]) -> int:
    """Return where the last answer ends: before the next heading or furniture; captions do not end it."""
    for block in blocks[last_label + 1 :]:
        if block.kind in (BlockKind.HEADING, BlockKind.FURNITURE):
            return block.start
    return blocks[-1].end + 1


def _last_end(label: Label, stop: int, blocks: Sequence[Block]) -> int:
    """Return the end of the label's last block before `stop`; a label in the middle of a block cuts it there."""
    end = label.content
    for block in blocks[label.block :]:
        if block.start >= stop:
            break
        end = max(end, min(block.end, stop))
    return end


def _parts(folded: str, labels: Sequence[Label], spans: Sequence[tuple[int, int]], words: Names) -> list[_Part]:
    said: dict[str, list[str]] = {}
    numbered: Counter[str] = Counter()
    following: Counter[str] = Counter()
    askers: dict[str, str] = {}
    asked = False
    for label, (start, end) in zip(labels, spans, strict=True):
        said.setdefault(label.key, []).append(folded[start:end])
        numbered[label.key] += label.numbered
        following[label.key] += asked
        if label.asker:
            askers[label.key] = label.asker
        known = words.known.get(label.key)
        asked = known is not None and known.role is Role.QUESTION and _ENDS_ASKING.search(folded, start, end) is not None
    return [_Part(key, tuple(texts), numbered[key], following[key], askers.get(key)) for key, texts in said.items()]


def _setting(page: Page, first: Label, parts: Sequence[_Part], words: Names) -> _Setting:
    """Read the lines before the first label; short ones before the first paragraph are bylines, or say who attends."""
    title = page.document.title or ""
    bylines = [page.document.author or "", page.document.publisher or ""]
    prose = False
    for block in page.blocks[: first.block]:
        line = page.folded[block.start : block.end]
        prose = prose or block.kind is BlockKind.PARAGRAPH
        if block.kind is BlockKind.TITLE:
            title = title or line
        elif line.startswith(_SUBTITLE):
            title = f"{title}\n{line}"
        elif block.kind is BlockKind.NOTE or not prose:
            bylines.append(line)
    above = page.folded[: first.start]
    attending = [found["names"] for found in words.attendance.finditer(above)]
    return _Setting(title, above, " ".join(bylines), " ".join(attending), max(part.length() for part in parts))


def _voices(parts: Sequence[_Part], setting: _Setting, folded: str, lexicon: Lexicon) -> dict[str, tuple[Role, str | None]]:
    """Give every label its role and speaker; a bare `答` is the one person whom headline and introduction present."""
    words = names(lexicon)
    platform = _on_investor_platform(f"{setting.title}\n{folded}", lexicon)
    answering = Known(Role.ANSWER, None, words.known[ANSWER].on_platform)
    pair = len(parts) == 2 and any(part.key in words.known for part in parts)  # then the other one answers, be it with a question
    voices: dict[str, tuple[Role, str | None]] = {}
    for part in parts:
        known = words.known.get(part.key) or words.known.get(part.asker or "")
        known = known or (words.known[QUESTION] if not pair and _asks(part, setting, words) else answering)
        named = known.speaker if known is not answering or _ANONYMOUS.search(part.key) else part.key
        voices[part.key] = (known.role, known.on_platform if platform and part.key in words.known else named)
    if any(voice == (Role.ANSWER, None) for voice in voices.values()):
        askers = [part.key for part in parts if voices[part.key][0] is Role.QUESTION]
        person = words.interviewee(f"{setting.title}\n{setting.introduction}", folded, askers)
        voices = {key: (role, person if (role, speaker) == (Role.ANSWER, None) else speaker) for key, (role, speaker) in voices.items()}
    return voices


def _asks(part: _Part, setting: _Setting, words: Names) -> bool:
    """Whether a named label is the interviewer's.

    The first opinion wins: who replies, question marks, headline and who attends, byline, outlet, fewer question marks, length.
    """
    if part.replying() > 0.5 and not words.outlet.fullmatch(part.key):
        return False
    if part.asking() > 0.7:
        return True
    if part.key in setting.title or part.key in setting.attending:
        return False
    if part.key in setting.byline or words.outlet.fullmatch(part.key):
        return True
    if part.asking() > 0.5:
        return True
    return part.wondering() >= 0.3 and part.length() * 2 < setting.longest


def _on_investor_platform(text: str, lexicon: Lexicon) -> bool:
    """Whether the wordings of an exchange's question-and-answer platform come up at least twice; the headline counts twice."""
    hits = 0
    for pattern in lexicon.patterns("investor_platform"):
        hits += sum(1 for _, _ in zip(range(2), pattern.regex.finditer(text), strict=False))
    return hits > 1
