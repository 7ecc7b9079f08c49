"""Which date a statement takes: when it holds, or by when it is due."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kg.expressions import compiled
from kg.extraction.dates.candidates import AHEAD, Claim, Timeline, against, candidates, features
from kg.model import Predicate, Stance, TimeExpression

_MONTH = compiled(r"\d{1,2}月(?:\d{1,2}[日号]|[底初中末]|上旬|中旬|下旬)?")
_MONTHLY = 7  # characters of a month
_LONG_AGO, _YEAR = 5, 12  # months
_MARGIN = 1.0  # by how much more has to speak for no date than for one; chosen in folds by document


class Weights(Protocol):
    """What weighs features: a row of scores for each row of features."""

    def scores(self, rows: Sequence[Iterable[str]]) -> npt.NDArray[np.float32]:
        """Return the sums of the weights of each row's features, shape (rows, labels)."""
        ...


def choose_times(line: Timeline, span: tuple[int, int], claim: Claim, weights: Weights) -> tuple[str | None, str | None]:
    """Return when and due of a statement whose quote is `span`, either or both None.

    Of the dates in the quote, in its sentence and farther back the one that the weights speak most for, unless clearly more
    speaks for none. It is `due` where it lies ahead, `when` where it has begun; what is asserted has no date to come.
    """
    found = candidates(line, span, claim)
    if not found:
        return None, None
    scores = weights.scores(features(line, span, claim, found))[:, 0]
    best = int(scores[:-1].argmax())
    if scores[best] < scores[-1] - _MARGIN:
        return None, None
    return _assigned(line, span, found[best].time, claim)


def _assigned(line: Timeline, span: tuple[int, int], time: TimeExpression, claim: Claim) -> tuple[str | None, str | None]:
    """Return a date as when or due, by stance and by whether it lies ahead; a figure of the year just over is expected of that year."""
    stance = claim.stance
    begun, over = against(time.iso, line.published)
    if stance is Stance.PREDICTS and claim.predicate is Predicate.METRIC and over and _just_over(time.iso, line.published):
        return time.iso, None
    if stance is Stance.ASSERTS:
        return (time.iso if begun else None), None
    future = line.grammar.future
    if stance in AHEAD and over and not _named_year(line.view, time) and (coming := _a_year_on(time.iso, line.published)) is not None:
        return None, coming  # 9月10日开售, told in May
    if stance in AHEAD:
        past = over and not time.deadline and not future.search(line.view, max(0, time.start - 4), time.start)
        return (time.iso, None) if past else (None, time.iso)
    ahead = not begun or (not over and (time.deadline or bool(future.search(line.view, *span))))
    return (None, time.iso) if ahead else (time.iso, None)


def _named_year(view: str, time: TimeExpression) -> bool:
    """Whether the words of a date say which year it is in."""
    return _MONTH.match(view, time.start, time.end) is None


def _a_year_on(iso: str, published: str | None) -> str | None:
    """Return a day or month a year later where it is long past and then to come: the text took the year for granted."""
    if published is None or len(published) < _MONTHLY or len(iso) < _MONTHLY:
        return None
    ago = 12 * (int(published[:4]) - int(iso[:4])) + int(published[5:7]) - int(iso[5:7])
    return f"{int(iso[:4]) + 1}{iso[4:]}" if _LONG_AGO <= ago < _YEAR else None


def _just_over(iso: str, published: str | None) -> bool:
    """Whether a period ended in the year of publication or the one before."""
    return published is not None and int(published[:4]) - int(iso[:4]) <= 1
