"""What a relation is about: candidates inside and before the clause, the likeliest chosen for all relations of a document at once."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kg.extraction.statements.arguments.coded import CodedModel
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.object_columns import OBJECT_TEMPLATES, object_columns
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.linear import LinearModel

_TOLD = 2  # so many relations before are looked at
_BACK = 2
_WIDEST = 9
_LIFTS = (0.0, 1.5, 3.0)  # how much a word is helped into a stretch, so that longer ones are proposed too
_Stretch = tuple[int, int]
_Proposal = tuple[tuple[Named, ...], str, int]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What the words' labels say of a relation before: in which clause, of which predicate, whom and what."""

    place: Place
    subjects: tuple[Named, ...]
    objects: tuple[Named, ...]


def object_candidates(places: Sequence[Place], sought: Sequence[int]) -> list[list[Candidate]]:
    """Return whatever the relations sought, by their numbers among those of a document, may be about, each once; nothing is the last.

    Only where no word of the clause is labelled as its object is it looked for in the clauses before, and in the relations before.
    """
    told = [_Earlier(place, _labelled(place, "subject"), _labelled(place, "object")) for place in places]
    stretches = _best_stretches([places[number] for number in sought])
    return [
        _distinct(places[number], _proposals(places[number], best, told[max(0, number - _TOLD) : number]))
        for number, best in zip(sought, stretches, strict=True)
    ]


def _labelled(place: Place, part: str) -> tuple[Named, ...]:
    return tuple([place.survey.named(place.clause, span.start, span.end) for span in place.spans if span.part == part])


def _distinct(place: Place, proposals: Iterator[_Proposal]) -> list[Candidate]:
    found: dict[str | tuple[str, ...], Candidate] = {}  # by the name, by all names of joint ones
    pronouns = place.pronouns.keys()
    for names, origin, clause in proposals:
        key = names[0].name if len(names) == 1 else tuple([name.name for name in names])
        if key in found:
            found[key].origins.append(origin)
        elif key and (key not in pronouns if isinstance(key, str) else all(key) and pronouns.isdisjoint(key)):
            found[key] = Candidate(names, clause, [origin])
    return [*found.values(), Candidate((), place.clause.number, ["nobody"])]


def _proposals(place: Place, stretches: Sequence[_Stretch], before: Sequence[_Earlier]) -> Iterator[_Proposal]:
    survey, clause = place.survey, place.clause
    number = clause.number
    spans = [span for span in place.spans if span.part == "object"]
    if spans:
        names = _labelled(place, "object")
        yield names, f"span{min(int(min(span.score for span in spans)), 5)}", number
        if len(spans) > 1:
            yield from (((name,), "part", number) for name in names)
    for lift, (start, end) in zip(_LIFTS, stretches, strict=True):
        yield (survey.named(clause, start, end),), f"lift{lift:.0f}", number
    for phrase in survey.phrases(number):
        yield (phrase.name,), f"phrase-{phrase.form}", number
    for stand in survey.stands(number):
        yield (stand.name,), "here", number
    if spans:
        return
    for order, told in enumerate(reversed(before)):
        near = "s" if told.place.clause.sentence == clause.sentence else "o"
        same = "=" if told.place.predicate is place.predicate else ""
        yield told.objects, f"told{order}-{near}{same}", told.place.clause.number
        if order == 0:
            yield told.subjects, f"whom{order}-{near}{same}", told.place.clause.number
    for back in range(number - 1, max(-1, number - 1 - _BACK), -1):
        if survey.context.clauses[back].sentence != clause.sentence:
            break
        for phrase in survey.phrases(back):
            yield (phrase.name,), f"near{number - back}-{phrase.form}", back


def _best_stretches(places: Sequence[Place]) -> list[list[_Stretch]]:
    """Return for each lift the stretch of words, not too long, that looks most like an object when every word is helped by it.

    A stretch is worth the difference of two sums: of the words as far as its end, and of those before it.
    """
    if not places:
        return []
    sizes = np.array([len(place.object_leanings) for place in places])
    worths = np.zeros((len(places), int(sizes.max())))
    for number, place in enumerate(places):
        worths[number, : sizes[number]] = place.object_leanings
    sums = np.cumsum(worths + np.array(_LIFTS)[:, None, None], 2)
    before = np.full((*sums.shape[:2], sums.shape[2] + _WIDEST), np.inf)
    before[:, :, _WIDEST - 1] = 0.0
    before[:, :, _WIDEST:] = sums
    windows = np.lib.stride_tricks.sliding_window_view(before, _WIDEST, 2)[:, :, :-1]
    beyond = np.arange(worths.shape[1]) >= sizes[:, None]
    last = np.where(beyond, -np.inf, sums - windows.min(3)).argmax(2)
    window = np.take_along_axis(windows, last[:, :, None, None], 2)[:, :, 0]
    first = last - (_WIDEST - 1) + window.argmin(2)
    return [
        [(place.clause.tokens[begin].start, place.clause.tokens[end].end) for begin, end in zip(begins, ends, strict=True)]
        for place, begins, ends in zip(places, first.T.tolist(), last.T.tolist(), strict=True)
    ]


@functools.lru_cache(maxsize=4)
def ranker(model: LinearModel) -> CodedModel:
    """Return the ranker of objects, laid out once."""
    return CodedModel(model, OBJECT_TEMPLATES)


def choose(model: LinearModel, asked: Sequence[tuple[Place, Sequence[Candidate]]]) -> list[tuple[Candidate, float]]:
    """Return the likeliest candidate of each place with its share of the probability."""
    if not asked:
        return []
    scores = ranker(model).scores(object_columns(asked))[:, 0]
    sizes = np.array([len(candidates) for _, candidates in asked])
    begins = np.cumsum(sizes) - sizes
    best = np.maximum.reduceat(scores, begins)
    owners = np.repeat(np.arange(len(asked)), sizes)
    shares = 1 / np.add.reduceat(np.exp(scores - best[owners]).astype(np.float64), begins)
    tops = np.flatnonzero(scores == best[owners])
    chosen = tops[np.searchsorted(owners[tops], np.arange(len(asked)))] - begins
    return [(candidates[top], share) for (_, candidates), top, share in zip(asked, chosen.tolist(), shares.tolist(), strict=True)]
