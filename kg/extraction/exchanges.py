"""Questions and how they were answered: which turns belong together, and whether an answer's words accept, reject or evade.

Only wording is looked at here. Whether an answer asserts or denies what a question supposes is seen where their statements are compared.
"""

import functools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from kg.expressions import compiled
from kg.lexicon import Lexicon, alternation
from kg.model import Exchange, Kind, Layout, Reference, Role, Taking, Turn

_VOICES = frozenset({Kind.COMPANY, Kind.UNIT, Kind.PERSON, Kind.ORGANISATION, Kind.STATE})
_BEGINNING = 80  # characters: who says more than that before evading has answered
_ADDRESS = compiled(r"^(?:[^,:;。!?]{0,12}?(?:您好|你好|好的|谢谢|感谢)[^,:;。!?]{0,24}[,:;。!?]\s*)*")


def exchanges(view: str, layout: Layout, references: Sequence[Reference], lexicon: Lexicon) -> Iterator[Exchange]:
    """Yield the exchanges of a document in the order of its text; `view` is the folded text, `references` are sorted.

    Turns of questions and the turns of answers that follow them are one exchange. In narration, a sentence that tells that somebody
    evades is one without a question; whoever is named last before the evading does it.
    """
    wordings = _wordings(lexicon)
    runs = [(role, list(turns)) for role, turns in groupby(layout.turns, key=lambda turn: turn.role)]
    for (role, asked), (following, answered) in pairwise(runs):
        if role is Role.QUESTION and following is Role.ANSWER:
            yield _exchange(view, asked, answered, wordings)
    starts = [reference.mention.start for reference in references]
    for sentence in layout.sentences:
        evading = wordings.evasion(view[sentence.start : sentence.end])
        if evading is not None and layout.turns[sentence.turn].role is Role.NARRATION:
            before = references[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.start + evading)]
            who = [reference.entity for reference in before if reference.kind in _VOICES]
            yield Exchange(None, None, sentence.start, sentence.end, None, who[-1] if who else None, Taking.EVADES)


def _exchange(view: str, asked: Sequence[Turn], answered: Sequence[Turn], wordings: "Wordings") -> Exchange:
    start, end = answered[0].start, answered[-1].end
    speakers = [turn.speaker for turn in answered if turn.speaker]
    return Exchange(
        asked[0].start,
        asked[-1].end,
        start,
        end,
        next((turn.speaker for turn in asked if turn.speaker), None),
        speakers[0] if speakers else None,
        wordings.taking(view[start:end]),
    )


class Wordings:
    """The words by which answers take a question, from the table of answer words."""

    def __init__(self, lexicon: Lexicon) -> None:
        words: dict[str, list[str]] = {taking: [] for taking in Taking}
        for row in lexicon.table("answer_words"):
            words[row["taking"]].append(row["word"])
        self._opening = {taking: compiled(_alone(words[taking])) for taking in (Taking.REJECTS, Taking.ACCEPTS)}
        self._evasion = compiled(alternation(words[Taking.EVADES]))

    def evasion(self, text: str) -> int | None:
        """Return where in a text words that give no answer begin, None where there are none."""
        found = self._evasion.search(text)
        return None if found is None else found.start()

    def taking(self, answer: str) -> Taking:
        """Return how an answer takes its question, as far as its words tell: by a yes or no that opens it, else by an evasion in it."""
        body = answer[_greeted(answer) :]
        for taking, opening in self._opening.items():
            if opening.match(body):
                return taking
        return Taking.EVADES if self.evasion(body[:_BEGINNING]) is not None else Taking.ANSWERS


@functools.lru_cache(maxsize=4)
def _wordings(lexicon: Lexicon) -> Wordings:
    return Wordings(lexicon)


def _alone(words: Iterable[str]) -> str:
    """Return the expression for words of which a single character (对) counts only where it stands alone (对于 does not)."""
    words = list(words)
    short = alternation(word for word in words if len(word) == 1)
    return rf"(?:{alternation(word for word in words if len(word) > 1)}|{short}(?=[^\w]|$))"


def _greeted(answer: str) -> int:
    """Return where an answer begins after its courtesies."""
    greeting = _ADDRESS.match(answer)
    return greeting.end() if greeting else 0
