"""A relation whose parts are looked for, and what in its clause states it."""

from dataclasses import dataclass

from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.cues import Cue
from kg.model import Predicate, Stance


@dataclass(frozen=True, slots=True)
class Anchor:
    """What in the clause states the relation: its cue words, or the quantity that a measure has."""

    spans: tuple[tuple[int, int], ...]
    word: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The relation whose parts are looked for."""

    predicate: Predicate
    stance: Stance
    anchor: Anchor


def anchors(clause: ClauseContext, predicate: Predicate) -> list[Anchor]:
    """Return what may be read as stating `predicate` in a clause: one a quantity for measures, else all its cues together."""
    cues = [cue for cue in clause.cues if predicate in cue.points_to]
    if predicate is Predicate.METRIC and clause.quantities:
        return [Anchor(((quantity.start, quantity.end),), quantity.unit or "-") for quantity in clause.quantities]
    cues = [cue for cue in cues if not _begins_noun(clause, cue)] or cues
    return [Anchor(tuple((cue.start, cue.end) for cue in cues), cues[-1].word if cues else "-")]


def _begins_noun(clause: ClauseContext, cue: Cue) -> bool:
    """Say whether a cue is only the beginning of a noun: 监管 of 监管部门."""
    return any(token.start == cue.start and cue.end < token.end and token.tag == "n" for token in clause.tokens)
