"""Compare extracted statements with gold ones: which were found, and how many of their fields agree.

A predicted record can stand for one gold record at most, and only where their evidence overlaps. Names agree when they are
the same but for width, case, spaces and quotation marks, when one line of the aliases holds both, or when they are alike.

  statement   predicate, stance, subject and object agree
  relation    predicate, subject and object agree, whatever the stance
  detection   predicate and stance agree, whatever the arguments
  named       statement, over owns, open_sources, targets and all that is denied
  denials     denied statements alone: the object agrees, whatever predicate and subject
  speaker, when_due, value: of the gold records that relation matched, the share whose field agrees too

A gold record that is not core is optional: finding it is right, missing it is not counted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from kg.evaluation.agreement import Agreement, match, same_number
from kg.evaluation.claims import Claim
from kg.model import Predicate, Stance

_NAMED = frozenset({Predicate.OWNS, Predicate.OPEN_SOURCES, Predicate.TARGETS})


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one criterion: predictions that are right, core gold records found, core gold records, predictions."""

    right: int
    core_found: int
    core: int
    predicted: int

    @property
    def precision(self) -> float:
        """Return the share of the predictions that are right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the core gold records that were found."""
        return self.core_found / self.core if self.core else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall, 0 where no core record was found.

        >>> Figures(right=2, core_found=1, core=2, predicted=4).f1
        0.5
        """
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.core_found else 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the matched records that have a field agree in it."""

    agreeing: int
    of: int

    @property
    def accuracy(self) -> float | None:
        """Return the share that agrees, None where nothing was matched."""
        return self.agreeing / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Scores:
    """The whole comparison."""

    statement: Figures
    relation: Figures
    detection: Figures
    named: Figures
    denials: Figures
    speaker: Share
    when_due: Share
    value: Share

    def rows(self) -> Iterator[tuple[str, Figures | Share]]:
        """Yield the name and the figures of each criterion, in the order of the module's table."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


def as_record(figures: Figures | Share) -> dict[str, float | int | None]:
    """Return the figures as a JSON object, shares rounded to four places."""
    if isinstance(figures, Share):
        return {"accuracy": None if figures.accuracy is None else round(figures.accuracy, 4), "of": figures.of}
    return {
        "p": round(figures.precision, 4),
        "r": round(figures.recall, 4),
        "f1": round(figures.f1, 4),
        "right": figures.right,
        "core_found": figures.core_found,
        "core": figures.core,
        "predicted": figures.predicted,
    }


def _figures(chosen: Iterable[tuple[int, int]], golds: Sequence[Claim], predictions: Sequence[Claim]) -> Figures:
    indexes = [index for index, _ in chosen]
    return Figures(len(indexes), sum(golds[i].core for i in indexes), sum(gold.core for gold in golds), len(predictions))


def _share(agreements: Iterable[bool]) -> Share:
    verdicts = list(agreements)
    return Share(sum(verdicts), len(verdicts))


def score(golds: Sequence[Claim], predicted: Iterable[Claim], aliases: Mapping[str, int] | None = None) -> Scores:
    """Compare `predicted` with `golds`; predictions about documents that no gold record names are left out.

    `aliases` are what `read_aliases` returns.
    """
    comparison = Agreement(aliases or {})
    documents = {gold.doc for gold in golds}
    predictions = [claim for claim in predicted if claim.doc in documents]

    def compare(agree: Callable[[Claim, Claim], float], counts: Callable[[Claim], bool]) -> Figures:
        some, others = [gold for gold in golds if counts(gold)], [claim for claim in predictions if counts(claim)]
        return _figures(match(some, others, agree), some, others)

    statements = match(golds, predictions, comparison.statement)
    relations = match(golds, predictions, comparison.relation)
    related = [(golds[i], predictions[j]) for i, j in relations]
    dates = [pair for gold, found in related for pair in ((gold.when, found.when), (gold.due, found.due)) if pair[0]]
    return Scores(
        statement=_figures(statements, golds, predictions),
        relation=_figures(relations, golds, predictions),
        detection=compare(comparison.detection, lambda claim: True),
        named=compare(comparison.statement, lambda claim: claim.predicate in _NAMED or claim.stance is Stance.DENIES),
        denials=compare(comparison.denial, lambda claim: claim.stance is Stance.DENIES),
        speaker=_share(comparison.names(gold.speaker, found.speaker) > 0 for gold, found in related),
        when_due=_share(gold == found for gold, found in dates),
        value=_share(same_number(gold.value, found.value) for gold, found in related if gold.value is not None),
    )
