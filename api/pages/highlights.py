"""A text cut up at every edge of its evidence, so that quotes that overlap stay readable: each piece knows all that rests on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.graph.records import StatementRecord
from kg.model import Stance, Statement

_LOUDEST = (Stance.DENIES, Stance.REPORTS, Stance.PLANS, Stance.AIMS, Stance.PREDICTS, Stance.ASSERTS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, the statements that rest on it, and those that begin here."""

    text: str
    statements: tuple[StatementRecord | Statement, ...]
    begins: tuple[str, ...]  # ids

    @property
    def stance(self) -> str:
        """The stance that the piece is coloured by: a denial before all others."""
        return min((one.stance for one in self.statements), key=_LOUDEST.index).value


def pieces(text: str, statements: Sequence[StatementRecord | Statement]) -> Iterator[Piece]:
    """Yield the pieces of a text in order; the statements are sorted by where their quotes begin."""
    edges = sorted({0, len(text), *(edge for one in statements for edge in (one.start, one.end))})
    current: list[StatementRecord | Statement] = []
    waiting = list(reversed(statements))
    for start, end in pairwise(edges):
        current = [one for one in current if one.end > start]
        begun = []
        while waiting and waiting[-1].start <= start:
            begun.append(waiting.pop())
        current.extend(begun)
        yield Piece(text[start:end], tuple(current), tuple(one.id for one in begun))
