"""In which stance a clause states a relation: grammar gives named features, a linear model weighs them."""

from collections.abc import Sequence

from kg.extraction.statements.context import Context
from kg.extraction.statements.linear import LinearModel, softmax
from kg.extraction.statements.possession import ours, pronouns
from kg.extraction.statements.stance.features import anchor, features, stance_features
from kg.extraction.statements.stance.marks import Marks
from kg.extraction.statements.stance.rules import (
    closed,
    deniable,
    left_possible,
    only_negated,
    planned,
    ruled,
    supposed,
    talked_of,
    unable,
    unasserted,
    unknown,
)
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance

__all__ = ["judge", "stance_features"]

_CLAIM = Predicate.PROPOSITION  # which nobody asserts
_SURE = 0.7  # the probability from which on the weights know better than that what is heard is not asserted
_TRUST = 0.9  # in a rule: how often the frames of `ruled` are right on annotated documents


def judge(context: Context, picks: Sequence[tuple[int, Predicate]], model: LinearModel, lexicon: Lexicon) -> list[tuple[Stance, float]]:
    """Return the stance of each pick, a clause's number and a predicate that it states, with its probability."""
    if not picks:
        return []
    marks = Marks(context)
    chances = softmax(model.scores([features(marks, number, predicate) for number, predicate in picks]))
    found = []
    for (number, predicate), row in zip(picks, chances, strict=True):
        start, end = anchor(context.clauses[number], predicate.value)
        settled = Stance.REPORTS if unknown(marks, number, start, lexicon) else ruled(marks, number, predicate, start, lexicon)
        settled = settled or (Stance.DENIES if unable(marks, number, end, lexicon) else None)
        if settled is None and left_possible(marks, number, start, lexicon):
            settled = Stance.PREDICTS
        if settled is None and supposed(marks, number, start, lexicon):
            settled = Stance.PREDICTS
        if settled is None and predicate is not Predicate.HOLDS_ROLE and talked_of(marks, number, start, lexicon):
            settled = Stance.REPORTS
        if predicate is Predicate.OWNS and any(ours(context.clauses[number], pronouns(lexicon))):
            settled = Stance.ASSERTS
        if settled is None and closed(marks, number, predicate, lexicon):
            settled = Stance.ASSERTS
        if model.labels[int(row.argmax())] == Stance.DENIES and not deniable(marks, number, lexicon):
            row[model.labels.index(Stance.DENIES)] = 0.0
        negative = model.labels[int(row.argmax())] == Stance.DENIES and only_negated(marks, number)
        unnamed = context.clauses[number].attribution.hearsay and context.clauses[number].attribution.speaker is None
        planned_or_not = model.labels[int(row.argmax())] == Stance.PLANS or (negative and predicate is not Predicate.HOLDS_ROLE)
        if settled is None and unnamed and predicate is not _CLAIM and planned_or_not:
            settled = Stance.REPORTS
        likely = model.labels[int(row.argmax())]
        unplanned = likely == Stance.PLANS and predicate is not _CLAIM and not planned(marks, number)
        if settled is None and (unplanned or likely == Stance.ASSERTS):
            settled = unasserted(marks, number, predicate, start, lexicon, sure=float(row.max()) >= _SURE)
            settled = settled or (Stance.ASSERTS if unplanned else None)
        place = model.labels.index(settled) if settled else int(row.argmax())
        found.append((Stance(model.labels[place]), max(float(row[place]), _TRUST if settled else 0.0)))
    return found
