"""Everything the earlier stages found, laid out clause by clause, for the parts that decide what is stated."""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kg.extraction.statements.cues import Cue, predicate_cues, stance_cues
from kg.extraction.tokens import Token, Tokenizer, tokenizer
from kg.extraction.unread import bylines
from kg.lexicon import Lexicon
from kg.model import Attribution, Document, Kind, Layout, Quantity, Reference, Role, Turn

_Item = TypeVar("_Item")
_VERB = "v"  # first letter of the tags of verbs
_CALLED = frozenset((Kind.COMPANY, Kind.ORGANISATION, Kind.PERSON))  # whose names point to nothing by their parts: 股份 of 甲股份


@dataclass(frozen=True, slots=True)
class ClauseContext:
    """One clause with all that lies in it; offsets are those of the document.

    What is said begins at `begin`, behind the words that tell who speaks, and `said` are its words.
    """

    number: int
    start: int
    begin: int
    end: int
    sentence: int
    block: int
    turn: Turn
    is_question: bool
    tokens: tuple[Token, ...]
    said: tuple[Token, ...]
    cues: tuple[Cue, ...]
    stance_cues: tuple[Cue, ...]
    references: tuple[Reference, ...]
    quantities: tuple[Quantity, ...]
    attribution: Attribution

    @property
    def asked(self) -> bool:
        """Whether the clause stands in a question turn."""
        return self.turn.role is Role.QUESTION


@dataclass(frozen=True, slots=True)
class Context:
    """A document as the statement stage sees it. `references` are sorted by start."""

    document: Document
    view: str
    layout: Layout
    references: tuple[Reference, ...]
    clauses: tuple[ClauseContext, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the stages before found in one document, each sorted by start; one attribution a clause."""

    layout: Layout
    references: Sequence[Reference]
    quantities: Sequence[Quantity]
    attributions: Sequence[Attribution]


def build_context(document: Document, view: str, findings: Findings, lexicon: Lexicon) -> Context:
    """Lay out the findings clause by clause; `view` is the folded text of the document."""
    layout = findings.layout
    words = tokenizer(lexicon)
    unread = {place for start, end in bylines(view, lexicon) for place in range(start, end)}
    cues = _outside_names(predicate_cues(lexicon).find(view), findings.references, words)
    stances = _outside_names(stance_cues(lexicon).find(view), findings.references, words)
    cue_starts = [cue.start for cue in cues]
    stance_starts = [cue.start for cue in stances]
    quantities = [quantity for quantity in findings.quantities if quantity.start not in unread]
    quantity_starts = [quantity.start for quantity in quantities]
    reference_starts = [reference.mention.start for reference in findings.references]
    clauses = []
    for number, clause in enumerate(layout.clauses):
        sentence = layout.sentences[clause.sentence]
        start, end = clause.start, clause.end
        attribution = findings.attributions[number]
        begin = max(start, attribution.content)
        tokens = tuple(word for word in words.tokenize(view[start:end], start) if word.start not in unread)
        clauses.append(
            ClauseContext(
                number,
                start,
                begin,
                end,
                clause.sentence,
                sentence.block,
                layout.turns[sentence.turn],
                "?" in view[sentence.end - 1 : sentence.end + 1],
                tokens,
                tokens if begin == start else tuple(word for word in tokens if word.start >= begin),
                tuple(_inside(cues, cue_starts, start, end)),
                tuple(_inside(stances, stance_starts, start, end)),
                tuple(_inside(findings.references, reference_starts, start, end)),
                tuple(_inside(quantities, quantity_starts, start, end)),
                attribution,
            )
        )
    return Context(document, view, layout, tuple(findings.references), tuple(clauses))


def _outside_names(cues: Iterable[Cue], references: Iterable[Reference], words: Tokenizer) -> list[Cue]:
    """Leave out cues that are only a part of a name, but for a verb that one ends with, which may be none of it (`甲投资乙科技`)."""
    ends = {place: one.mention.end for one in references if one.kind in _CALLED for place in range(one.mention.start + 1, one.mention.end)}
    return [
        cue
        for cue in cues
        if cue.end > (end := ends.get(cue.start, cue.start)) or (cue.end == end and words.tokenize(cue.word)[0].tag[0] == _VERB)
    ]


def _inside(items: Sequence[_Item], starts: list[int], start: int, end: int) -> Sequence[_Item]:
    return items[bisect.bisect_left(starts, start) : bisect.bisect_left(starts, end)]
