"""A document in passages that a model can read at once: whole paragraphs where they fit, with what was said before and by whom."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg.extraction.statements.context import Context
from kg.model import BlockKind, Kind, Layout, Turn

LONGEST = 1600  # characters of a passage; more in one answer, and models begin to leave things out
BEFORE = 400  # characters of what was said before
_SKIPPED = frozenset({BlockKind.FURNITURE})


@dataclass(frozen=True, slots=True)
class Speech:
    """Who speaks in a stretch of a passage, and whether it asks, answers or tells."""

    begins: str
    speaker: str | None
    role: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document, at `start` to `end`; up to `own` it repeats the end of the passage before."""

    start: int
    own: int
    end: int
    text: str
    before: str
    turns: tuple[Speech, ...]
    names: tuple[tuple[str, Kind], ...]


def chunks(context: Context) -> Iterator[Chunk]:
    """Yield the passages of a document in order, each at most LONGEST characters, without what is page furniture.

    A paragraph that is longer is cut between sentences, and the last sentence is then read again at the head of the next passage, so that
    evidence of two sentences is never cut. What is in that sentence alone belongs to the passage before.
    """
    text = context.document.text
    starts = [reference.mention.start for reference in context.references]
    for start, own, end in _packed(context.layout):
        inside = context.references[bisect_left(starts, start) : bisect_left(starts, end)]
        yield Chunk(
            start,
            own,
            end,
            text[start:end],
            text[max(0, start - BEFORE) : start].strip(),
            tuple(_speeches(context.layout.turns, start, end, text)),
            tuple(sorted({(one.entity, one.kind) for one in inside})),
        )


def _packed(layout: Layout) -> Iterator[tuple[int, int, int]]:
    """Yield where passages begin, where what is new in them begins, and where they end."""
    begin: int | None = None
    end = 0
    for start, own, stop in _units(layout):
        if begin is not None and (own > start or stop - begin > LONGEST):
            yield begin, begin, end
            begin = None
        if own > start:
            yield start, own, stop
            continue
        begin = start if begin is None else begin
        end = stop
    if begin is not None:
        yield begin, begin, end


def _units(layout: Layout) -> Iterator[tuple[int, int, int]]:
    """Yield the blocks that are read, and of one that is too long its pieces, which begin with the last sentence of the piece before."""
    starts = [sentence.start for sentence in layout.sentences]
    for block in layout.blocks:
        if block.kind in _SKIPPED:
            continue
        if block.end - block.start <= LONGEST:
            yield block.start, block.start, block.end
            continue
        sentences = layout.sentences[bisect_left(starts, block.start) : bisect_left(starts, block.end)]
        begin = own = block.start
        for before, sentence in pairwise(sentences):
            if sentence.end - begin > LONGEST and before.end > own:
                yield begin, own, before.end
                begin, own = before.start, before.end
        yield begin, own, block.end


def _speeches(turns: tuple[Turn, ...], start: int, end: int, text: str) -> Iterator[Speech]:
    for turn in turns:
        if turn.start < end and turn.end > start:
            yield Speech(text[max(start, turn.start) : min(end, turn.start + 12)].strip(), turn.speaker, turn.role.value)
