"""Compare two extractions of the same documents: statements gained, lost and changed.

A statement that differs in nothing but where it stands is the same. Of the rest, two are one statement that changed where
they have the predicate and some evidence in common; those that differ in the fewest fields are put together first. What then
stands alone was lost or gained.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from kg.evaluation.claims import Claim

FIELDS = ("stance", "subject", "object", "value", "unit", "when", "due", "speaker", "quote")


@dataclass(frozen=True, slots=True)
class Change:
    """A statement before and after; it was gained where there is no `old`, lost where there is no `new`."""

    old: Claim | None
    new: Claim | None

    @property
    def kind(self) -> str:
        """`gained`, `lost` or `changed`."""
        return "gained" if self.old is None else "lost" if self.new is None else "changed"

    @property
    def claim(self) -> Claim:
        """The statement as it is, or was where it is lost."""
        claim = self.new or self.old
        assert claim is not None
        return claim

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that changed; none where the statement was gained or lost."""
        return () if self.old is None or self.new is None else tuple(_changed(self.old, self.new))


def differences(old: Iterable[Claim], new: Iterable[Claim]) -> list[Change]:
    """Return what differs between two extractions, in the order of documents and their text."""
    before, after = list(old), list(new)
    for key in (_exactly, _wherever):  # of the same words twice, the one that stayed in its place is the same one
        before, after = _without_the_same(before, after, key)
    changes = [Change(one, other) for one, other in _pairs(before, after)]
    gone, come = {id(change.old) for change in changes}, {id(change.new) for change in changes}
    changes += [Change(one, None) for one in before if id(one) not in gone]
    changes += [Change(None, other) for other in after if id(other) not in come]
    return sorted(changes, key=lambda change: (change.claim.doc, change.claim.start, change.claim.end, change.kind))


def _changed(old: Claim, new: Claim) -> Iterator[str]:
    return (field for field in FIELDS if getattr(old, field) != getattr(new, field))


def _wherever(claim: Claim) -> Hashable:
    return (claim.doc, claim.predicate, *(getattr(claim, field) for field in FIELDS))


def _exactly(claim: Claim) -> Hashable:
    return (claim.start, claim.end, _wherever(claim))


def _without_the_same(old: list[Claim], new: list[Claim], key: Callable[[Claim], Hashable]) -> tuple[list[Claim], list[Claim]]:
    """Return both without the statements that the other has too, each taken out once."""
    waiting: defaultdict[Hashable, list[Claim]] = defaultdict(list)
    for claim in old:
        waiting[key(claim)].append(claim)
    left = []
    for claim in new:
        same = waiting[key(claim)]
        if same:
            same.pop(0)
        else:
            left.append(claim)
    return [claim for claims in waiting.values() for claim in claims], left


def _pairs(old: Iterable[Claim], new: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Yield the statements that changed with what they became, each once."""
    groups: defaultdict[Hashable, tuple[list[Claim], list[Claim]]] = defaultdict(lambda: ([], []))
    for side, claims in enumerate((old, new)):
        for claim in claims:
            groups[claim.doc, claim.predicate][side].append(claim)
    for before, after in groups.values():
        candidates = sorted(
            (sum(1 for _ in _changed(one, other)), abs(one.start - other.start), i, j)
            for i, one in enumerate(before)
            for j, other in enumerate(after)
            if _share_evidence(one, other)
        )
        gone: set[int] = set()
        come: set[int] = set()
        for _, _, i, j in candidates:
            if i not in gone and j not in come:
                gone.add(i)
                come.add(j)
                yield before[i], after[j]


def _share_evidence(old: Claim, new: Claim) -> bool:
    """Say whether two quotes overlap in one text, or the one holds the other where the text around them has changed."""
    start, end = max(old.start, new.start), min(old.end, new.end)
    if start < end and old.quote[start - old.start : end - old.start] == new.quote[start - new.start : end - new.start]:
        return True
    return bool(old.quote and new.quote) and (old.quote in new.quote or new.quote in old.quote)
