"""Documents read with weights that have not seen them: fold by fold, each in a process of its own."""

import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from kg.errors import ReadError
from kg.extraction.statements.assemble import statements
from kg.lexicon import Lexicon
from kg.model import Statement, digest
from kg.training.corpus import Annotated
from kg.training.models import fit_models

_FEWEST = 3  # documents, for weights to be fitted and checked within them
_GIVEN: list["_Fits"] = []  # what a process fits and reads; it is handed over once, when the process begins


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in the documents of a fold, with weights fitted on a share of all others."""

    fold: int
    share: float
    documents: int  # that the weights were fitted on
    records: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class _Fits:
    documents: Sequence[Annotated]
    folds: Sequence[Sequence[str]]
    lexicon: Lexicon

    def reading(self, task: tuple[int, float]) -> Reading:
        number, share = task
        held = [document for document in self.documents if document.name in self.folds[number]]
        others = part(_outside(self.folds[number], self.documents), share)
        models = fit_models(others, self.lexicon)
        found = tuple(statement for document in held for statement in statements(document.context, self.lexicon, models)[0])
        return Reading(number, share, len(others), sum(len(document.records) for document in others), found)


def part(documents: Sequence[Annotated], share: float) -> list[Annotated]:
    """Return a share of the documents, drawn by their names; a smaller share is part of a larger one."""
    drawn = sorted(documents, key=lambda document: digest(document.name))[: ceil(share * len(documents))]
    names = {document.name for document in drawn}
    return [document for document in documents if document.name in names]


def unseen(
    folds: Sequence[Sequence[str]], documents: Sequence[Annotated], lexicon: Lexicon, *, shares: Sequence[float] = (1.0,), jobs: int = 1
) -> Iterator[Reading]:
    """Yield what is read in each fold of document names with weights fitted on each share of all other documents.

    The largest share comes first, fold by fold. So many `jobs` run at a time; what they find does not depend on it.
    ReadError where some weights would have too little to be fitted on.
    """
    if any(len(part(_outside(fold, documents), share)) < _FEWEST for fold in folds for share in shares):
        raise ReadError(f"weights are fitted on {_FEWEST} documents at least; give more gold documents, fewer folds, or no smaller shares")
    tasks = [(number, share) for share in sorted(shares, reverse=True) for number in range(len(folds))]
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None  # the documents need not be copied then
    given = _Fits(documents, folds, lexicon)
    with multiprocessing.get_context(method).Pool(min(jobs, len(tasks)), _GIVEN.append, (given,)) as pool:
        yield from pool.imap(_read, tasks)


def _outside(fold: Sequence[str], documents: Sequence[Annotated]) -> list[Annotated]:
    return [document for document in documents if document.name not in fold]


def _read(task: tuple[int, float]) -> Reading:
    return _GIVEN[0].reading(task)
