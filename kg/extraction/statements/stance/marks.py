"""The words of a clause that bear on the stance, read once a clause."""

from collections.abc import Iterable
from dataclasses import replace

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import PLAIN, Cue, family

NONE = "-"
# Who wins where several stand before a relation: `希望将` wishes, `将不会` denies, `据悉将` passes on.
_STRENGTH = (
    *("rebuttal", "hearsay", "rejection", "rhetorical", "negation", "asking", "question", "condition", "claim", "hope", "wish"),
    *(
        "forecast",
        "possible",
        "goal",
        "intent",
        "plan",
        "promise",
        "failure",
        "leaving",
        "will",
        "need",
        "shall",
        "ability",
        "done",
        "ongoing",
        "decision",
        "opinion",
    ),
    *("purpose", "effect", "later", "going on", "now", "disposal"),
)
_ASKED_WHETHER = 2  # characters; 会不会 asks, though `贵行会不会` be cut at 行会
_TAKES = "将"  # before what something is done to; not so 将向, 将成为
_NOUNS = frozenset("nrmx")
_ORDER = {family: place for place, family in enumerate(_STRENGTH)}


class Marks:
    """The marks of a document's clauses; each clause is read when first asked for."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.kinds = {reference.entity: reference.kind.value for reference in reversed(context.references)}
        self._hearsay: dict[int, bool] = {}
        self._of: dict[int, list[Cue]] = {}
        self._earlier: dict[int, list[Cue]] = {}

    def of(self, number: int) -> list[Cue]:
        """Return the marks of a clause that are words of their own: 将 in 将军 is none."""
        found = self._of.get(number)
        if found is None:
            found = self._of[number] = _words_of_their_own(self.context.clauses[number])
        return found

    def hears(self, number: int) -> bool:
        """Say whether a clause has a word of hearsay."""
        found = self._hearsay.get(number)
        if found is None:
            found = self._hearsay[number] = any(family(mark) == "hearsay" for mark in self.of(number))
        return found

    def earlier(self, number: int) -> list[Cue]:
        """Return the marks of the clauses before this one in its sentence."""
        found = self._earlier.get(number)
        if found is None:
            clauses = self.context.clauses
            found = []
            if number and clauses[number - 1].sentence == clauses[number].sentence:
                found = [*self.earlier(number - 1), *self.of(number - 1)]
            self._earlier[number] = found
        return found


def rank(name: str) -> int:
    """Return the place of a family among those that win over others, 0 the strongest."""
    return _ORDER[name]


def strongest(marks: Iterable[Cue]) -> Cue | None:
    """Return the mark that wins over the others, the first of equals."""
    return min(marks, key=lambda mark: rank(family(mark)), default=None)


def _words_of_their_own(clause: ClauseContext) -> list[Cue]:
    if not clause.stance_cues:
        return []
    starts, ends = {token.start for token in clause.tokens}, {token.end for token in clause.tokens}
    verbs = {cue.start for cue in clause.cues}
    nouns = {token.start for token in clause.tokens if token.tag[0] in _NOUNS} | {r.mention.start for r in clause.references}
    found = []
    for mark in clause.stance_cues:
        if family(mark) != PLAIN and _stands_alone(mark, starts, ends, verbs):
            # `将公司出售`: right before a noun 将 is the preposition that marks what is disposed of, no future
            takes = family(mark) == "will" and mark.word.endswith(_TAKES)
            disposes = takes and (mark.end in nouns or (mark.end + 1 in nouns and mark.end not in starts))
            found.append(replace(mark, points_to=("disposal",)) if disposes else mark)
    return found


def _stands_alone(mark: Cue, starts: set[int], ends: set[int], verbs: set[int]) -> bool:
    """Tell a word from a part of one; 不 before a relation's word, and 不到 after a verb, are words however the cutter cuts."""
    if family(mark) == "negation" and (mark.end in verbs or (len(mark.word) > 1 and mark.end in ends)):
        return True
    if family(mark) == "asking" and len(mark.word) > _ASKED_WHETHER:
        return True
    return mark.start in starts and mark.end in ends
