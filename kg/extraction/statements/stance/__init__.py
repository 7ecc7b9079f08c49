"""In which stance a clause states a relation: grammar gives named features, a linear model weighs them."""

from collections.abc import Sequence

from kg.extraction.statements.context import Context
from kg.extraction.statements.linear import LinearModel, softmax
from kg.extraction.statements.stance.features import features, stance_features
from kg.extraction.statements.stance.marks import Marks
from kg.model import Predicate, Stance

__all__ = ["judge", "stance_features"]


def judge(context: Context, picks: Sequence[tuple[int, Predicate]], model: LinearModel) -> list[tuple[Stance, float]]:
    """Return the stance of each pick, a clause's number and a predicate that it states, with its probability."""
    if not picks:
        return []
    marks = Marks(context)
    chances = softmax(model.scores([features(marks, number, predicate) for number, predicate in picks]))
    return [(Stance(model.labels[place]), float(row[place])) for row in chances for place in [int(row.argmax())]]
