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

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from kg.evaluation.claims import Claim, normalise
from kg.model import Predicate, Stance

_NAMED = frozenset({Predicate.OWNS, Predicate.OPEN_SOURCES, Predicate.TARGETS})
_ALIKE = 0.6  # the least Dice coefficient of two names' characters that makes them the same
_INSIDE = 0.7  # how well a name agrees with a longer one that holds it
_SLACK = 80  # evidence longer than twice the gold's and this many characters more proves nothing


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
    """The whole comparison; `missed` and `spurious` are the core gold records and the predictions without a partner."""

    statement: Figures
    relation: Figures
    detection: Figures
    named: Figures
    denials: Figures
    speaker: Share
    when_due: Share
    value: Share
    missed: tuple[Claim, ...]
    spurious: tuple[Claim, ...]

    def rows(self) -> Iterator[tuple[str, Figures | Share]]:
        """Yield the name and the figures of each criterion, in the order of the module's table."""
        for field in fields(self):
            figures = getattr(self, field.name)
            if isinstance(figures, Figures | Share):
                yield field.name, figures


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


class _Comparison:
    """How well two claims agree, by each criterion: 0 for not at all, more for better."""

    def __init__(self, aliases: Mapping[str, int]) -> None:
        self._aliases = aliases

    def names(self, gold: str | None, predicted: str | None) -> float:
        """Return 1 for the same name, down to 0 for a different one."""
        left, right = normalise(gold), normalise(predicted)
        if left == right:
            return 1.0
        if not left or not right:
            return 0.0
        if left in self._aliases and self._aliases[left] == self._aliases.get(right):
            return 1.0
        dice = 2 * (Counter(left) & Counter(right)).total() / (len(left) + len(right))
        inside = min(len(left), len(right)) >= 2 and (left in right or right in left)
        return max(dice if dice >= _ALIKE else 0.0, _INSIDE if inside else 0.0)

    def relation(self, gold: Claim, predicted: Claim) -> float:
        if gold.predicate is not predicted.predicate:
            return 0.0
        subject = self.names(gold.subject, predicted.subject)
        object_ = self.names(gold.object, predicted.object)
        return subject + object_ if subject and object_ else 0.0

    def statement(self, gold: Claim, predicted: Claim) -> float:
        return self.relation(gold, predicted) if gold.stance is predicted.stance else 0.0

    def detection(self, gold: Claim, predicted: Claim) -> float:
        return float(gold.predicate is predicted.predicate and gold.stance is predicted.stance)

    def denial(self, gold: Claim, predicted: Claim) -> float:
        return self.names(gold.object or gold.predicate, predicted.object or predicted.predicate)


def _covered(gold: Claim, predicted: Claim) -> float:
    """Return the share of the shorter evidence that both cover."""
    length, other = gold.end - gold.start, predicted.end - predicted.start
    if other > 2 * length + _SLACK:
        return 0.0
    shared = min(gold.end, predicted.end) - max(gold.start, predicted.start)
    return max(0, shared) / max(1, min(length, other))


def _match(golds: Sequence[Claim], predictions: Sequence[Claim], agree: Callable[[Claim, Claim], float]) -> list[tuple[int, int]]:
    """Return index pairs of the claims that stand for each other, each at most once, the best pairs first."""
    by_document: defaultdict[str, list[int]] = defaultdict(list)
    for number, predicted in enumerate(predictions):
        by_document[predicted.doc].append(number)
    pairs = []
    for index, gold in enumerate(golds):
        for number in by_document[gold.doc]:
            covered = _covered(gold, predictions[number])
            quality = agree(gold, predictions[number]) if covered else 0.0
            if quality:
                pairs.append((-(quality + 0.1 * covered), index, number))
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, number in sorted(pairs):
        if index not in chosen and number not in taken:
            chosen[index] = number
            taken.add(number)
    return list(chosen.items())


def _figures(chosen: Iterable[tuple[int, int]], golds: Sequence[Claim], predictions: Sequence[Claim]) -> Figures:
    indexes = [index for index, _ in chosen]
    return Figures(len(indexes), sum(golds[i].core for i in indexes), sum(gold.core for gold in golds), len(predictions))


def _share(agreements: Iterable[bool]) -> Share:
    verdicts = list(agreements)
    return Share(sum(verdicts), len(verdicts))


def _same_number(gold: str, predicted: str | None) -> bool:
    if predicted is None:
        return False
    try:
        return float(gold) == float(predicted)
    except ValueError:
        return normalise(gold) == normalise(predicted)


def score(golds: Sequence[Claim], predicted: Iterable[Claim], aliases: Mapping[str, int] | None = None) -> Scores:
    """Compare `predicted` with `golds`; predictions about documents that no gold record names are left out.

    `aliases` are what `read_aliases` returns.
    """
    comparison = _Comparison(aliases or {})
    documents = {gold.doc for gold in golds}
    predictions = [claim for claim in predicted if claim.doc in documents]

    def compare(agree: Callable[[Claim, Claim], float], counts: Callable[[Claim], bool]) -> Figures:
        some, others = [gold for gold in golds if counts(gold)], [claim for claim in predictions if counts(claim)]
        return _figures(_match(some, others, agree), some, others)

    statements = _match(golds, predictions, comparison.statement)
    relations = _match(golds, predictions, comparison.relation)
    related = [(golds[i], predictions[j]) for i, j in relations]
    dates = [pair for gold, found in related for pair in ((gold.when, found.when), (gold.due, found.due)) if pair[0]]
    found, right = {index for index, _ in statements}, {number for _, number in statements}
    return Scores(
        statement=_figures(statements, golds, predictions),
        relation=_figures(relations, golds, predictions),
        detection=compare(comparison.detection, lambda claim: True),
        named=compare(comparison.statement, lambda claim: claim.predicate in _NAMED or claim.stance is Stance.DENIES),
        denials=compare(comparison.denial, lambda claim: claim.stance is Stance.DENIES),
        speaker=_share(comparison.names(gold.speaker, found.speaker) > 0 for gold, found in related),
        when_due=_share(gold == found for gold, found in dates),
        value=_share(_same_number(gold.value, found.value) for gold, found in related if gold.value is not None),
        missed=tuple(gold for index, gold in enumerate(golds) if index not in found and gold.core),
        spurious=tuple(claim for number, claim in enumerate(predictions) if number not in right),
    )
