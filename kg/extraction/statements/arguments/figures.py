"""Which quantities of a clause belong to a relation."""

from collections.abc import Sequence

from kg.extraction.statements.arguments.wanted import Wanted
from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.linear import LinearModel
from kg.model import Quantity

QUANTITY_LABELS = ("no", "yes")


def quantity_features(clause: ClauseContext, quantity: Quantity, wanted: Wanted) -> list[str]:
    """Return what speaks for and against a quantity as the value of a relation."""
    relation = wanted.predicate.value
    tokens = clause.tokens
    before = [token for token in tokens if token.end <= quantity.start][-2:]
    after = [token for token in tokens if token.start >= quantity.end][:2]
    near = _gap(quantity, wanted.anchor.spans)
    unit = quantity.unit or ("rank" if not quantity.value[:1].isdigit() else "-")
    only = len(clause.quantities) == 1
    return [
        relation,
        f"{relation}u{unit}",
        f"u{unit}",
        f"{relation}{near}",
        f"{relation}only{only}",
        f"{relation}b{before[-1].text if before else '<'}",
        f"{relation}a{after[0].text if after else '>'}",
        f"b{before[-1].text if before else '<'}",
        f"b2{before[0].text if len(before) > 1 else '<'}",
        f"a{after[0].text if after else '>'}",
        f"a2{after[1].text if len(after) > 1 else '>'}",
        f"b{before[-1].tag if before else '<'}a{after[0].tag if after else '>'}{relation}",
        f"u{unit}only{only}",
        f"u{unit}a{after[0].tag if after else '>'}",
        f"small{len(quantity.value) < 2}{unit}",
        f"stance{wanted.stance.value}{relation}",
    ]


def belongs(model: LinearModel, clause: ClauseContext, quantity: Quantity, wanted: Wanted) -> bool:
    """Say whether a quantity is the value of a relation."""
    scores = model.scores([quantity_features(clause, quantity, wanted)])[0]
    return bool(scores[1] > scores[0])


def _gap(quantity: Quantity, spans: Sequence[tuple[int, int]]) -> str:
    if not spans:
        return "none"
    start, end = min(spans, key=lambda span: abs(span[0] - quantity.start))
    side = "after" if quantity.start >= end else "before" if quantity.end <= start else "in"
    gap = max(quantity.start - end, start - quantity.end, 0)
    return f"{side}{0 if gap < 2 else 1 if gap < 6 else 2}"
