"""Counts over years as bars: where each bar stands and how high it is, for an inline picture without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.model import Stance

WIDTH, HEIGHT, FOOT = 720, 120, 18  # of the picture, in its own units; the foot is for the years


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a year's column: so many statements in one stance."""

    stance: str
    year: int
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars, and the years with the middle of each column."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[int, float], ...]


def timeline(counts: Mapping[tuple[int, Stance], int]) -> Timeline:
    """Return the columns of all years from the first to the last, stances upon each other in their order.

    >>> [(bar.stance, bar.height) for bar in timeline({(2021, Stance.DENIES): 1, (2021, Stance.ASSERTS): 3}).bars]
    [('asserts', 76.5), ('denies', 25.5)]
    """
    if not counts:
        return Timeline((), ())
    first, last = min(year for year, _ in counts), max(year for year, _ in counts)
    columns = list(range(first, last + 1))
    tallest = max(sum(counts.get((year, stance), 0) for stance in Stance) for year in columns)
    step = min(WIDTH / len(columns), 64.0)
    bars: list[Bar] = []
    for number, year in enumerate(columns):
        top = float(HEIGHT - FOOT)
        for stance in Stance:
            count = counts.get((year, stance), 0)
            if count:
                height = (HEIGHT - FOOT) * count / tallest
                top -= height
                bars.append(
                    Bar(stance.value, year, count, round(number * step + 2, 1), round(top, 1), round(step - 4, 1), round(height, 1))
                )
    return Timeline(tuple(bars), _labelled(columns, step))


def _labelled(columns: Sequence[int], step: float) -> tuple[tuple[int, float], ...]:
    """Return every year's place, or of many only every so many."""
    each = max(1, round(36 / step))
    return tuple((year, round((number + 0.5) * step, 1)) for number, year in enumerate(columns) if number % each == 0)
