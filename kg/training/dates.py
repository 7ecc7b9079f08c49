"""Weights for the date of a statement: of those that come into question, gold's, or none."""

from collections.abc import Iterable, Iterator

from kg.extraction.dates import Claim, candidates, features, timeline
from kg.extraction.statements.linear import LinearModel, Rounding
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance
from kg.records import Record
from kg.training.corpus import Annotated
from kg.training.ranking import Group, fit_ranking

ROUNDING = Rounding(127, 1)


def fit(documents: Iterable[Annotated], lexicon: Lexicon) -> LinearModel:
    """Return the weights of dates."""
    return fit_ranking([group for document in documents for group in groups(document, lexicon)], 25.0, ROUNDING, rare=5)


def groups(document: Annotated, lexicon: Lexicon) -> Iterator[Group]:
    """Yield the dates of each record that has any to choose from; one whose date is not among them teaches nothing."""
    context = document.context
    line = timeline(context.view, context.document.published, lexicon)
    for number, record in document.records:
        span = evidence(document, number, record)
        figures = (quantity.start for quantity in context.clauses[number].quantities if quantity.value == record["value"])
        claim = Claim(Stance(record["stance"]), Predicate(record["predicate"]), next(figures, None))
        found = candidates(line, span, claim)
        gold = record["when"] or record["due"]
        right = [*(one.time.iso == gold for one in found), gold is None]
        if found and any(right):
            yield Group(features(line, span, claim, found), right)


def evidence(document: Annotated, number: int, record: Record) -> tuple[int, int]:
    """Return a record's evidence as extraction cuts it: its last clause, with the one before it where the quote begins there."""
    clauses = document.context.clauses
    clause, before = clauses[number], clauses[max(number - 1, 0)]
    wider = record["start"] < clause.start and before.sentence == clause.sentence
    return (before if wider else clause).start, clause.end
