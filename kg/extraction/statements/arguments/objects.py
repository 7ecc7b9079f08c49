"""What a relation is about: candidates inside and before the clause, the likeliest chosen for all relations of a document at once."""

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kg.extraction.statements.arguments.coded import CodedModel
from kg.extraction.statements.arguments.facts import of_reference
from kg.extraction.statements.arguments.names import Named, named
from kg.extraction.statements.arguments.object_columns import OBJECT_TEMPLATES, object_columns
from kg.extraction.statements.arguments.phrases import phrases
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.linear import LinearModel

TOLD = 2  # so many relations before are looked at
_BACK = 2
_WIDEST = 9
_LIFTS = (0.0, 1.5, 3.0)  # how much a word is helped into a stretch, so that longer ones are proposed too
_Proposal = tuple[tuple[Named, ...], str, int]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the words' labels say of a relation before: in which clause, of which predicate, whom and what."""

    place: Place
    subjects: tuple[Named, ...]
    objects: tuple[Named, ...]


def earlier(place: Place) -> Earlier:
    """Return what the labels of a place's words say."""
    return Earlier(place, _labelled(place, "subject"), _labelled(place, "object"))


def _labelled(place: Place, part: str) -> tuple[Named, ...]:
    return tuple(named(place.context, place.clause, span.start, span.end) for span in place.spans if span.part == part)


class Gatherer:
    """Gathers what the relations of one document may be about."""

    def __init__(self) -> None:
        self._phrases: dict[int, list[tuple[Named, str]]] = {}

    def candidates(self, place: Place, before: Sequence[Earlier]) -> list[Candidate]:
        """Return whatever a relation may be about, each once; nothing is the last one.

        Only where no word of the clause is labelled as its object is it looked for in the clauses before, and in the relations
        `before`, whose last ones count.
        """
        found: dict[tuple[str, ...], Candidate] = {}
        for names, origin, clause in self._proposals(place, before):
            key = tuple([name.name for name in names])
            if key in found:
                found[key].origins.append(origin)
            elif key and all(key) and not any(name in place.pronouns for name in key):
                found[key] = Candidate(names, clause, [origin])
        found[()] = Candidate((), place.clause.number, ["nobody"])
        return list(found.values())

    def _proposals(self, place: Place, before: Sequence[Earlier]) -> Iterator[_Proposal]:
        context, clause = place.context, place.clause
        number = clause.number
        spans = [span for span in place.spans if span.part == "object"]
        if spans:
            names = _labelled(place, "object")
            yield names, f"span{min(int(min(span.score for span in spans)), 5)}", number
            if len(spans) > 1:
                yield from (((name,), "part", number) for name in names)
        for lift in _LIFTS:
            best = _best_stretch(place, lift)
            if best:
                yield (named(context, clause, *best),), f"lift{lift:.0f}", number
        for name, form in self._named_phrases(context, clause):
            yield (name,), f"phrase-{form}", number
        for reference in clause.references:
            yield (of_reference(reference),), "here", number
        if spans:
            return
        for order, told in enumerate(reversed(before[-TOLD:])):
            near = "s" if told.place.clause.sentence == clause.sentence else "o"
            same = "=" if told.place.predicate is place.predicate else ""
            yield told.objects, f"told{order}-{near}{same}", told.place.clause.number
            if order == 0:
                yield told.subjects, f"whom{order}-{near}{same}", told.place.clause.number
        for back in range(number - 1, max(-1, number - 1 - _BACK), -1):
            other = context.clauses[back]
            if other.sentence != clause.sentence:
                break
            for name, form in self._named_phrases(context, other):
                yield (name,), f"near{number - back}-{form}", back

    def _named_phrases(self, context: Context, clause: ClauseContext) -> list[tuple[Named, str]]:
        found = self._phrases.get(clause.number)
        if found is None:
            found = [(named(context, clause, start, end), form) for start, end, form in phrases(clause)]
            self._phrases[clause.number] = found
        return found


def _best_stretch(place: Place, lift: float) -> tuple[int, int] | None:
    """Return the stretch of words, not too long, that looks most like an object when every word is helped by `lift`."""
    tokens, lean = place.clause.tokens, place.object_leanings
    until = [0.0, *itertools.accumulate(value + lift for value in lean)]  # a stretch is worth the difference of two of these
    best, chosen = -1e9, None
    for end in range(1, len(until)):
        start = max(0, end - _WIDEST)
        low = min(until[start:end])
        if until[end] - low > best:
            best = until[end] - low
            chosen = until.index(low, start, end), end
    return (tokens[chosen[0]].start, tokens[chosen[1] - 1].end) if chosen else None


@functools.lru_cache(maxsize=4)
def ranker(model: LinearModel) -> CodedModel:
    """Return the ranker of objects, laid out once."""
    return CodedModel(model, OBJECT_TEMPLATES)


def choose(model: LinearModel, asked: Sequence[tuple[Place, Sequence[Candidate]]]) -> list[tuple[Candidate, float]]:
    """Return the likeliest candidate of each place with its share of the probability."""
    if not asked:
        return []
    scores = ranker(model).scores(object_columns(asked))[:, 0]
    begins = np.cumsum([0, *(len(candidates) for _, candidates in asked)]).tolist()
    chosen = []
    for place, (_, candidates) in enumerate(asked):
        own = scores[begins[place] : begins[place + 1]]
        best = int(own.argmax())
        chosen.append((candidates[best], 1 / math.fsum(np.exp(own - own[best]).tolist())))
    return chosen
