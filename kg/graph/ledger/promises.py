"""Plans, aims and predictions with a date or a value as promises: what was read of them later, and what decided them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kg.graph.ledger.entries import Entry
from kg.graph.ledger.keys import Key
from kg.graph.ledger.measures import Comparators, alike, reached
from kg.graph.records import Outcome, Status
from kg.model import Predicate, Stance, digest

_PROMISED = (Stance.PLANS, Stance.AIMS, Stance.PREDICTS)
_SOON = timedelta(days=60)
_NEXT = 3  # promises that are looked at for the one that takes another's place
_READINGS = 50  # readings that are kept of one promise: the first ones, and all that decide


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise: all statements that make it, sorted by time, what was read of it later, and what decided it."""

    id: str
    statements: tuple[Entry, ...]
    commitment: Stance
    party: str | None
    comparator: str | None
    due: str | None
    due_by: str | None  # the last day
    progress: tuple[Entry, ...] = ()
    outcome: Outcome | None = None
    decided_by: Entry | None = None
    revised_to: str | None = None

    @property
    def first(self) -> Entry:
        """The statement that made it first."""
        return self.statements[0]


@dataclass(frozen=True, slots=True)
class Promises:
    """Finds the promises among the statements of one claim."""

    claim: Key
    comparators: Comparators

    def of(self, entries: Sequence[Entry]) -> list[Promise]:
        """Return all promises of statements that are sorted by time, sorted by id; those that were only asked about among them."""
        facts: dict[Key, list[Entry]] = defaultdict(list)
        made: dict[Key, list[Promise]] = defaultdict(list)
        for entry in entries:
            if entry.subject and entry.stance in (Stance.ASSERTS, Stance.DENIES):
                facts[self._subject(entry)].append(entry)
        for key, promise in self._made(entries):
            made[key].append(promise)
        promises: list[Promise] = []
        for key, group in made.items():
            successors = _Successors(group)
            promises.extend(self._decided(promise, successors.of(promise), facts.get(key, ())) for promise in group)
        return sorted([*promises, *self._asked(entries, made)], key=lambda promise: promise.id)

    def _subject(self, entry: Entry) -> Key:
        """Return what a promise and what comes of it have in common: the claim, of a measure with its unit."""
        return (*self.claim, entry.unit or "") if entry.predicate is Predicate.METRIC else self.claim

    def _made(self, entries: Sequence[Entry]) -> Iterator[tuple[Key, Promise]]:
        """Yield the promises, each once, however often it is made."""
        same: dict[Key, list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.stance in _PROMISED and entry.subject and not entry.asked and (_ahead(entry) or entry.amount is not None):
                due = entry.due if _ahead(entry) else None
                same[(*self._subject(entry), entry.voice or "", str(entry.amount or ""), due or "")].append(entry)
        for key, statements in same.items():
            first = statements[0]
            strongest = min((entry.stance for entry in statements), key=_PROMISED.index)
            comparator = self.comparators.of(first) if first.amount is not None else None
            party = first.voice or (first.subject if first.subject_is_entity and first.stance is not Stance.PREDICTS else None)
            yield (
                self._subject(first),
                Promise(
                    digest(*key),
                    tuple(statements),
                    strongest,
                    party,
                    comparator,
                    first.due if _ahead(first) else None,
                    first.due_days[1] if first.due_days and _ahead(first) else None,
                ),
            )

    def _decided(self, promise: Promise, successors: Sequence[Promise], facts: Sequence[Entry]) -> Promise:
        """Return a promise with the readings of later, and the first statement that decides it."""
        later = facts[bisect_right(facts, promise.first.order, key=lambda entry: entry.order) :]
        readings = [entry for entry in later if entry.stance is Stance.ASSERTS and not entry.asked and _bears(promise, entry)]
        candidates = [*self._reached(promise, readings), *_withdrawn(promise, later), *_revised(promise, successors)]
        kept = tuple(readings[:_READINGS])
        if not candidates:
            return replace(promise, progress=kept)
        entry, outcome, successor = min(candidates, key=lambda one: one[0].order)
        return replace(promise, progress=kept, outcome=outcome, decided_by=entry, revised_to=successor)

    def _reached(self, promise: Promise, readings: Sequence[Entry]) -> Iterator[tuple[Entry, Outcome, None]]:
        target = promise.first.amount
        for entry in readings:
            if promise.first.predicate is not Predicate.METRIC:
                enough = target is None or entry.amount is None or reached(target, promise.comparator, entry.amount)
                if enough and _soon(promise, entry):
                    yield entry, Outcome.MET, None
            elif target is not None and entry.amount is not None:
                if reached(target, promise.comparator, entry.amount):
                    yield entry, Outcome.MET if _in_time(promise, entry) else Outcome.MISSED, None
                elif entry.when is not None and promise.first.due_days == entry.when:
                    yield entry, Outcome.MISSED, None

    def _asked(self, entries: Sequence[Entry], made: dict[Key, list[Promise]]) -> Iterator[Promise]:
        """Yield what was asked about with a date, where no answer in the exchange promises or asserts it."""
        answered = {
            (entry.exchange, self._subject(entry))
            for entry in entries
            if entry.exchange is not None and not entry.asked and entry.stance is not Stance.DENIES
        }
        for entry in entries:
            if entry.asked and entry.stance is Stance.REPORTS and entry.due_days and entry.subject:
                if (entry.exchange, self._subject(entry)) in answered or self._subject(entry) in made:
                    continue
                comparator = self.comparators.of(entry) if entry.amount is not None else None
                yield Promise(digest("asked", entry.id), (entry,), Stance.REPORTS, None, comparator, entry.due, entry.due_days[1])


def _ahead(entry: Entry) -> bool:
    """Say whether a statement is due later than it was said: `9月1日宣布将出售` gives the day of the announcement, no date to keep."""
    return entry.due_days is not None and (entry.said is None or entry.due_days[1] > entry.said[1])


def _bears(promise: Promise, entry: Entry) -> bool:
    """Say whether a statement of the same claim tells how it stands with a promise: its time is not before the promise, nor another's."""
    if promise.first.predicate is not Predicate.METRIC:
        said = promise.first.said
        return entry.document != promise.first.document and said is not None and entry.said is not None and said[1] < entry.said[0]
    if entry.amount is None or (entry.document == promise.first.document and entry.start < promise.first.start):
        return False
    if entry.when is None:
        return entry.unit != "%" and entry.document != promise.first.document
    due = promise.first.due_days
    if due is not None and due[0] < due[1]:  # a figure for a period counts what falls into it
        return due[0] <= entry.when[0] and entry.when[1] <= due[1]
    return promise.first.said is None or entry.when[1] >= promise.first.said[0]


def _in_time(promise: Promise, entry: Entry) -> bool:
    time = entry.when or entry.said
    return promise.due_by is None or time is None or time[0] <= promise.due_by


def _soon(promise: Promise, entry: Entry) -> bool:
    """Say whether an act is told as done in time, or so soon after that nothing else is likely meant."""
    if entry.when is not None or promise.due_by is None:
        return _in_time(promise, entry)
    return entry.said is not None and date.fromisoformat(entry.said[0]) <= date.fromisoformat(promise.due_by) + _SOON


def _withdrawn(promise: Promise, later: Sequence[Entry]) -> Iterator[tuple[Entry, Outcome, None]]:
    """Yield what denies a promise: by the party that made it before it is due, by anyone who says it did not come true after."""
    for entry in later:
        if entry.stance is not Stance.DENIES or entry.asked or entry.document == promise.first.document:
            continue
        overdue = promise.due_by is not None and entry.said is not None and entry.said[0] > promise.due_by
        if overdue:
            yield entry, Outcome.MISSED, None
        elif entry.voice is not None and entry.voice == promise.party:
            yield entry, Outcome.WITHDRAWN, None


class _Successors:
    """Of promises of one thing, which may take the place of which: the next by the same party for the same date, or of the same value."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        self._chains: dict[tuple[object, ...], list[Promise]] = defaultdict(list)
        for promise in sorted(promises, key=lambda one: one.first.order):
            for chain in self._of(promise):
                self._chains[chain].append(promise)

    @staticmethod
    def _of(promise: Promise) -> Iterator[tuple[object, ...]]:
        if promise.party is not None:
            yield promise.party, "due", promise.due
            if promise.due is not None:
                yield promise.party, "amount", promise.first.amount

    def of(self, promise: Promise) -> list[Promise]:
        """Return the promises that come next."""
        chains = [self._chains[chain] for chain in self._of(promise)]
        places = [bisect_right(chain, promise.first.order, key=lambda one: one.first.order) for chain in chains]
        return [one for chain, place in zip(chains, places, strict=True) for one in chain[place : place + _NEXT]]


def _revised(promise: Promise, successors: Sequence[Promise]) -> Iterator[tuple[Entry, Outcome, str]]:
    """Yield what the same party promises on a later day in place of it: another date for the same, another value for the same date."""
    for other in successors:
        first, later = promise.first, other.first
        if first.said is None or later.said is None or not first.said[1] < later.said[0] or first.document == later.document:
            continue
        same_value = first.amount == later.amount
        another_value = first.amount is not None and later.amount is not None and not alike(first.amount, later.amount)
        if (promise.due == other.due and another_value) or (same_value and promise.due and other.due and promise.due != other.due):
            yield later, Outcome.REVISED, other.id


def status(outcome: Outcome | None, decided_on: str | None, due_by: str | None, *, asked: bool, as_of: str) -> Status:
    """Return how a promise stands on a day; what was decided after it is not known yet.

    >>> status(Outcome.MET, "2022-11-02", "2022-12-31", asked=False, as_of="2022-06-30").value
    'open'
    >>> status(Outcome.MET, "2022-11-02", "2022-12-31", asked=False, as_of="2023-01-01").value
    'met'
    """
    if asked:
        return Status.ASKED
    if outcome is not None and (decided_on is None or decided_on <= as_of):
        return Status(outcome.lower())
    return Status.DUE if due_by is not None and due_by < as_of else Status.OPEN
