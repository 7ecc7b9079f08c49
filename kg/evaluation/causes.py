"""What went wrong with each record, and where: every gold record and every prediction stands in exactly one verdict.

Records that stand for each other are found first, as `scoring` finds them. Of what is left, a gold record and a prediction
whose evidence overlaps are taken for one attempt if they have the stance and the predicate in common, or one of the two and
the subject or the object; the pairs that have most in common first. Where a pair differs in several fields, the first cause
in the order of `Cause` names it.
"""

import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kg.evaluation.agreement import Agreement, covered, match, same_number
from kg.evaluation.claims import Claim, normalise
from kg.model import Predicate, Stance


class Cause(StrEnum):
    """What is wrong with a gold record or a prediction; the first that holds counts."""

    MISSED = "missed relation"
    PREDICATE = "wrong predicate"
    STANCE = "wrong stance"
    ARGUMENTS = "wrong subject and object"
    SUBJECT = "wrong subject"
    OBJECT = "wrong object"
    VALUE = "wrong value"
    DATE = "wrong date"
    SPEAKER = "wrong speaker"
    NONE = "right"
    DUPLICATE = "duplicate"
    UNFILED = "not in gold"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a gold record, of a prediction, or of both where the one is the attempt at the other.

    `detail` says more of the cause: which words were there, or where the right name stands.
    """

    cause: Cause
    detail: str
    gold: Claim | None
    found: Claim | None

    @property
    def claim(self) -> Claim:
        """The gold record, or the prediction where there is none."""
        claim = self.gold or self.found
        assert claim is not None
        return claim

    @property
    def is_error(self) -> bool:
        """Whether something is wrong that counts: an optional record may be missed."""
        return self.cause is not Cause.NONE and (self.found is not None or (self.gold is not None and self.gold.core))


class Source:
    """A document as far as causes are sought in it: its text, where its sentences are, and the names that were found in it."""

    def __init__(self, text: str, sentences: Sequence[tuple[int, int]], names: Sequence[str]) -> None:
        self.text = text
        self.sentences = tuple(sentences)
        self.names = frozenset(map(normalise, names))
        kept = [(offset, plain) for offset, char in enumerate(text) for plain in normalise(char)]
        self._offsets = [offset for offset, _ in kept]
        self._plain = "".join(plain for _, plain in kept)

    def place(self, name: str, claim: Claim) -> str:
        """Return where a name stands, as seen from the quote of a record."""
        wanted = normalise(name)
        start, end = (bisect.bisect_left(self._offsets, offset) for offset in (claim.start, claim.end))
        if wanted in self._plain[start:end]:
            return "in the quote"
        if wanted in self._plain[:start]:
            return "before the quote"
        return "after the quote" if wanted in self._plain[end:] else "nowhere in the text"

    def sentence(self, claim: Claim) -> tuple[int, int]:
        """Return the sentence in which the evidence ends; the evidence itself where no sentence holds it."""
        number = bisect.bisect_left(self.sentences, (claim.end,)) - 1
        within = number >= 0 and claim.start < self.sentences[number][1]
        return self.sentences[number] if within else (claim.start, claim.end)


Cued = Callable[[str, Predicate], bool]  # whether a quote has a cue word for a predicate


class _Tracer:
    """Finds the cause for each pair, each missed record and each prediction too many."""

    def __init__(self, agreement: Agreement, sources: Mapping[str, Source], cued: Cued) -> None:
        self._agreement = agreement
        self._sources = sources
        self._cued = cued

    def attempt(self, gold: Claim, found: Claim) -> float:
        """Return how much an attempt and its gold record have in common, 0 where it is none."""
        predicate, stance = gold.predicate is found.predicate, gold.stance is found.stance
        named = [
            bool(left and right) and self._agreement.names(left, right) > 0
            for left, right in ((gold.object, found.object), (gold.subject, found.subject))
        ]
        if predicate and stance:
            return 8.0 + sum(named)
        return 4.0 * predicate + 2.0 * named[0] + named[1] if (predicate or stance) and any(named) else 0.0

    def of_pair(self, gold: Claim, found: Claim) -> Verdict:
        """Return the verdict of a gold record and the prediction that stands for it or tries to."""
        cause, detail = self._cause(gold, found)
        return Verdict(cause, detail, gold, found)

    def _cause(self, gold: Claim, found: Claim) -> tuple[Cause, str]:
        if gold.predicate is not found.predicate:
            return Cause.PREDICATE, f"{found.predicate} for {gold.predicate}"
        if gold.stance is not found.stance:
            return Cause.STANCE, f"{found.stance} for {gold.stance}"
        subject, object_ = (self._agreement.names(*pair) > 0 for pair in ((gold.subject, found.subject), (gold.object, found.object)))
        if not subject:
            place = self._wrong_name(gold.subject, found.subject, gold)
            if place == "in the quote" and gold.doc in self._sources and normalise(gold.subject) not in self._sources[gold.doc].names:
                place = "in the quote, not found as a name"
            return (Cause.SUBJECT if object_ else Cause.ARGUMENTS), place
        if not object_:
            return Cause.OBJECT, self._wrong_name(gold.object, found.object, gold)
        if not same_number(gold.value, found.value):
            return Cause.VALUE, _difference(gold.value, found.value)
        for field in ("when", "due"):
            right, given = getattr(gold, field), getattr(found, field)
            if right != given:
                return Cause.DATE, f"{field}: {_difference(right, given)}"
        if not self._agreement.names(gold.speaker, found.speaker):
            return Cause.SPEAKER, _difference(gold.speaker, found.speaker)
        return Cause.NONE, ""

    def _wrong_name(self, right: str | None, given: str | None, gold: Claim) -> str:
        if right is None or given is None:
            return _difference(right, given)
        if _in_part(normalise(right), normalise(given)):
            return "cut or worded otherwise"
        source = self._sources.get(gold.doc)
        if source is not None:
            return source.place(right, gold)
        return "in the quote" if normalise(right) in normalise(gold.quote) else "not in the quote"

    def of_missed(self, gold: Claim, there: Sequence[Claim]) -> Verdict:
        """Return the verdict of a gold record that nothing stands for; `there` are the predictions of the same evidence."""
        if any(found.predicate is gold.predicate and found.stance is gold.stance for found in there):
            detail = "one of several"
        elif gold.predicate is Predicate.PROPOSITION:
            detail = "a claim in words of its own"
        else:
            detail = "a cue in the quote" if self._cued(gold.quote, gold.predicate) else "no cue in the quote"
        return Verdict(Cause.MISSED, detail, gold, None)

    def of_unfiled(self, found: Claim, there: Sequence[Claim]) -> Verdict:
        """Return the verdict of a prediction that stands for no gold record; `there` are the gold records of the same evidence."""
        if any(self._agreement.statement(gold, found) for gold in there):
            return Verdict(Cause.DUPLICATE, "", None, found)
        if any(gold.predicate is found.predicate and gold.stance is found.stance for gold in there):
            detail = "one too many of its relation"
        else:
            detail = "other relations there" if there else "nothing there"
        return Verdict(Cause.UNFILED, detail, None, found)


def verdicts(
    golds: Sequence[Claim],
    predicted: Sequence[Claim],
    aliases: Mapping[str, int],
    *,
    sources: Mapping[str, Source],
    cued: Cued,
) -> list[Verdict]:
    """Return what became of every gold record and every prediction, in the order of documents and their text.

    Predictions about documents that no gold record names are left out. `sources` may lack documents; of those it is not said
    where in the text a name stands. Optional gold records that nothing stands for have no verdict.
    """
    agreement = Agreement(aliases)
    tracer = _Tracer(agreement, sources, cued)
    documents = {gold.doc for gold in golds}
    predictions = [claim for claim in predicted if claim.doc in documents]
    right = match(golds, predictions, agreement.statement)
    free = _left(len(golds), (i for i, _ in right))
    loose = _left(len(predictions), (j for _, j in right))
    tries = match([golds[i] for i in free], [predictions[j] for j in loose], tracer.attempt)
    pairs = [*right, *((free[i], loose[j]) for i, j in tries)]
    found = [tracer.of_pair(golds[i], predictions[j]) for i, j in pairs]
    there = _by_document(predictions)
    for i in _left(len(golds), (i for i, _ in pairs)):
        if golds[i].core:
            found.append(tracer.of_missed(golds[i], [claim for claim in there[golds[i].doc] if covered(golds[i], claim)]))
    there = _by_document(golds)
    for j in _left(len(predictions), (j for _, j in pairs)):
        found.append(tracer.of_unfiled(predictions[j], [gold for gold in there[predictions[j].doc] if covered(gold, predictions[j])]))
    return sorted(found, key=lambda verdict: (verdict.claim.doc, verdict.claim.start, verdict.claim.end, verdict.gold is None))


@dataclass(frozen=True, slots=True)
class Count:
    """How many records have a cause, one of its details or any, and how many of those are denials."""

    cause: Cause
    detail: str | None  # None for all that have the cause
    records: int
    share: float  # of all records that were counted
    denials: int


def counts(verdicts: Iterable[Verdict]) -> Iterator[Count]:
    """Yield the records by cause in the order of `Cause`, each cause followed by its details, the most frequent first."""
    found = list(verdicts)
    for cause in Cause:
        of_cause = [verdict for verdict in found if verdict.cause is cause]
        details = Counter(verdict.detail for verdict in of_cause)
        ranked = sorted(details.items(), key=lambda item: (-item[1], item[0]))
        for detail in [None, *(detail for detail, _ in ranked if detail)] if of_cause else []:
            mine = [verdict for verdict in of_cause if detail in (None, verdict.detail)]
            denials = sum(verdict.claim.stance is Stance.DENIES for verdict in mine)
            yield Count(cause, detail, len(mine), len(mine) / len(found), denials)


def _left(count: int, taken: Iterable[int]) -> list[int]:
    """Return the indexes that are not taken."""
    return sorted(set(range(count)).difference(taken))


def _by_document(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    found: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.doc].append(claim)
    return found


def _difference(right: str | None, given: str | None) -> str:
    """Say how a field differs from the gold's.

    >>> _difference("2023", None), _difference(None, "2023"), _difference("2023", "2024")
    ('none found', 'none in gold', 'another')
    """
    return "none in gold" if right is None else "none found" if given is None else "another"


def _in_part(right: str, given: str) -> bool:
    """Say whether more than half of the shorter name stands in the longer one in one piece.

    >>> _in_part("车载操作系统", "操作系统内核"), _in_part("安屿科技", "岭湖科技")
    (True, False)
    """
    shorter, longer = sorted((right, given), key=len)
    size = len(shorter) // 2 + 1
    return size >= 2 and any(shorter[start : start + size] in longer for start in range(len(shorter) - size + 1))
