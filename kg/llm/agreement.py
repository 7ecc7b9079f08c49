"""What two readers make of one text: what both say is surer, what one denies and the other does not is a dispute, the rest stands."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.llm.grounding import key
from kg.model import Dispute, Statement


@dataclass(frozen=True, slots=True)
class Agreement:
    """The statements of both readers, in the order of the text, and where they differ."""

    statements: tuple[Statement, ...]
    disputes: tuple[Dispute, ...]


def agree(by_rules: Sequence[Statement], by_model: Iterable[Statement]) -> Agreement:
    """Return what both readers say together.

    Two statements are one claim where their evidence overlaps and relation, subject and object are the same but for what one leaves out. In
    the same stance they are kept as one, that of the rules, as sure as two independent witnesses are; in another stance both are kept
    and disputed.
    """
    kept = dict(enumerate(by_rules))
    order = sorted(kept, key=lambda index: by_rules[index].start)
    starts = [by_rules[index].start for index in order]
    longest = max((one.end - one.start for one in by_rules), default=0)
    added: list[Statement] = []
    disputes: list[Dispute] = []
    for theirs in by_model:
        near = order[bisect_left(starts, theirs.start - longest) : bisect_left(starts, theirs.end)]
        same = [index for index in near if _one_claim(by_rules[index], theirs)]
        agreeing = [index for index in same if by_rules[index].stance is theirs.stance]
        if agreeing:
            index = agreeing[0]
            kept[index] = _surer(kept[index], theirs)
            continue
        added.append(theirs)
        disputes += [Dispute(by_rules[index].id, theirs.id) for index in same]
    statements = sorted(
        [*kept.values(), *added], key=lambda s: (s.start, s.end, s.predicate, s.stance, s.subject or "", s.object or "", s.id)
    )
    return Agreement(tuple(statements), tuple(disputes))


def _one_claim(ours: Statement, theirs: Statement) -> bool:
    overlap = ours.start < theirs.end and theirs.start < ours.end
    return overlap and ours.predicate is theirs.predicate and _alike(ours.subject, theirs.subject) and _alike(ours.object, theirs.object)


def _alike(one: str | None, other: str | None) -> bool:
    """Say whether two names may be of one thing: the same letters, the one within the other, or one not given.

    >>> _alike("云业务", "公司的云业务"), _alike("云业务", "汽车")
    (True, False)
    """
    if one is None or other is None:
        return True
    first, second = key(one), key(other)
    return first in second or second in first


def _surer(ours: Statement, theirs: Statement) -> Statement:
    """Return a statement that both readers have made. Its id does not depend on how sure it is, nor on who made it."""
    confidence = round(1 - (1 - ours.confidence) * (1 - theirs.confidence), 3)
    return replace(ours, confidence=max(ours.confidence, confidence), rule=f"{ours.rule} and {theirs.rule}")
