"""Weights of the model that says which negated clauses are statements, from gold denials."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from kg.extraction.statements.arguments.facts import gather
from kg.extraction.statements.denials.features import denial_features
from kg.extraction.statements.denials.negations import readings
from kg.extraction.statements.denials.wording import spelled_out
from kg.extraction.statements.linear import LinearModel, Rounding
from kg.extraction.statements.stance.marks import Marks
from kg.lexicon import Lexicon
from kg.model import Stance
from kg.training.corpus import Annotated
from kg.training.fitting import fit_adapted

L2 = 16.0
ROUNDING = Rounding(34, 2)
_ALIKE = 0.6  # the share of common characters from which on two wordings say the same


def examples(document: Annotated, lexicon: Lexicon) -> tuple[list[set[str]], list[float]]:
    """Return the features of each negation of a document, and 1 where a gold denial says what it denies, else 0."""
    context = document.context
    marks, company = Marks(context), gather(context, lexicon).main
    denied = [record for _, record in document.records if record["stance"] == Stance.DENIES]
    rows: list[set[str]] = []
    answers: list[float] = []
    for clause in context.clauses:
        here = [record["object"] or "" for record in denied if record["start"] < clause.end and clause.start < record["end"]]
        for reading in readings(context, clause, lexicon):
            claim = spelled_out(reading.positive, company, None, lexicon)
            rows.append(denial_features(marks, reading))
            answers.append(float(any(alike(gold, claim) for gold in here)))
    return rows, answers


def alike(one: str, other: str) -> bool:
    """Say whether two wordings say the same: one holds the other, or most of their characters are common.

    >>> alike("有影响", "对公司有影响"), alike("有影响", "出售资产")
    (True, False)
    """
    one, other = one.replace(" ", ""), other.replace(" ", "")
    if min(len(one), len(other)) >= 2 and (one in other or other in one):
        return True
    common = sum((Counter(one) & Counter(other)).values())
    return bool(one and other) and 2 * common >= _ALIKE * (len(one) + len(other))


def fit(documents: Iterable[Annotated], lexicon: Lexicon, l2: float = L2, rare: int = 3) -> LinearModel:
    """Return the model that says how likely a negation is a statement, fitted to gold denials; public texts have weights of their own."""
    rows: list[set[str]] = []
    answers: list[float] = []
    own: list[bool] = []
    for document in documents:
        some, right = examples(document, lexicon)
        rows += some
        answers += right
        own += [not document.public] * len(some)
    return fit_adapted(rows, np.array(answers, np.float32)[:, None], ["denial"], l2, ROUNDING, own=own, rare=rare)
