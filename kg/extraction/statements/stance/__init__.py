"""In which stance a clause states a relation: grammar gives named features, a linear model weighs them."""

from collections.abc import Sequence

from kg.extraction.statements.context import Context
from kg.extraction.statements.linear import LinearModel, softmax
from kg.extraction.statements.stance.features import anchor, features, stance_features
from kg.extraction.statements.stance.marks import Marks
from kg.extraction.statements.stance.rules import intended, ruled
from kg.model import Predicate, Stance

__all__ = ["judge", "stance_features"]

_TRUST = 0.9  # in a rule: how often the frames of `ruled` are right on annotated documents


def judge(context: Context, picks: Sequence[tuple[int, Predicate]], model: LinearModel) -> list[tuple[Stance, float]]:
    """Return the stance of each pick, a clause's number and a predicate that it states, with its probability."""
    if not picks:
        return []
    marks = Marks(context)
    chances = softmax(model.scores([features(marks, number, predicate) for number, predicate in picks]))
    found = []
    for (number, predicate), row in zip(picks, chances, strict=True):
        start = anchor(context.clauses[number], predicate.value)[0]
        settled = ruled(marks, number, start)
        if settled is None and model.labels[int(row.argmax())] == Stance.ASSERTS and intended(marks, number, start):
            settled = Stance.PLANS
        place = model.labels.index(settled) if settled else int(row.argmax())
        found.append((Stance(model.labels[place]), max(float(row[place]), _TRUST if settled else 0.0)))
    return found
