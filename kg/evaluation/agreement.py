"""When a predicted record stands for a gold one: evidence that overlaps, and names that are the same or alike."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from kg.evaluation.claims import Claim, normalise

_ALIKE = 0.6  # the least Dice coefficient of two names' characters that makes them the same
_INSIDE = 0.7  # how well a name agrees with a longer one that holds it
_SLACK = 80  # evidence longer than twice the gold's and this many characters more proves nothing


class Agreement:
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


def covered(gold: Claim, predicted: Claim) -> float:
    """Return the share of the shorter evidence that both cover."""
    length, other = gold.end - gold.start, predicted.end - predicted.start
    if other > 2 * length + _SLACK:
        return 0.0
    shared = min(gold.end, predicted.end) - max(gold.start, predicted.start)
    return max(0, shared) / max(1, min(length, other))


def match(golds: Sequence[Claim], predictions: Sequence[Claim], agree: Callable[[Claim, Claim], float]) -> list[tuple[int, int]]:
    """Return index pairs of the claims that stand for each other, each at most once, the best pairs first."""
    by_document: defaultdict[str, list[int]] = defaultdict(list)
    for number, predicted in enumerate(predictions):
        by_document[predicted.doc].append(number)
    pairs = []
    for index, gold in enumerate(golds):
        for number in by_document[gold.doc]:
            shared = covered(gold, predictions[number])
            quality = agree(gold, predictions[number]) if shared else 0.0
            if quality:
                pairs.append((-(quality + 0.1 * shared), index, number))
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, number in sorted(pairs):
        if index not in chosen and number not in taken:
            chosen[index] = number
            taken.add(number)
    return list(chosen.items())


def same_number(gold: str | None, predicted: str | None) -> bool:
    """Say whether two values are the same number, or the same words where they are none."""
    if gold is None or predicted is None:
        return gold is predicted
    try:
        return float(gold) == float(predicted)
    except ValueError:
        return normalise(gold) == normalise(predicted)
