"""What speaks for candidates as the subjects of relations: a column a field, and which fields make features alone or together."""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from kg.extraction.statements.arguments.coded import Column, Columns, Numbers, counts, features, flags, levels, texts
from kg.extraction.statements.arguments.places import Place, pronoun
from kg.extraction.statements.arguments.spans import overlapping
from kg.extraction.statements.arguments.subjects import NEVER, Seen
from kg.extraction.statements.arguments.survey import side
from kg.extraction.statements.arguments.words import EDGE, NONE, Rows
from kg.model import Kind

_WRITTEN = """
where; kind; where kind; where relation; kind relation; cue where; cue kind
where stance; where role; where speaks; where refers; where begins; where asks; where spanned; where names; where rival
kind stance; kind role; kind speaks; kind refers; kind begins; kind spanned; kind names; kind rival
count; share; rank; rank-of-kind; main kind; headed kind; titled; size; joint; rank kind; size kind
heading titled; heading kind; asked kind; speaker relation; employer relation; speaker kind; block in-block; since kind; since; block kind
topic kind; topic opening
lean; top; object; best; span; lean kind; lean where; best where; span kind; lean object
left; right; left right; left relation; right relation; cue right; left where; right where
way ahead; way ahead relation; way ahead kind; way right
distance; taken; framed; first; order; again; phrase; part; phrase kind; taken kind; first order
left-word; left-word relation; right-word; right-word relation
first-word; last-word; first-tag kind; last-tag kind; words kind
begin; end; last; end relation; last relation; of
back; back-order; level; back-framed; step; opening; back-left back-right; back back-order; back level; back-left begins; back kind
where after; after kind; level kind; opening kind
"""
SUBJECT_TEMPLATES = tuple(tuple(fields.split()) for fields in _WRITTEN.replace("\n", ";").split(";") if fields.strip())

_LEAN = (-5.0, -3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0)
_SPAN = (0.01, 0.5, 1.0, 2.0, 3.0, 5.0)
_SHARE = (0.01, 0.03, 0.06, 0.1, 0.2, 0.35, 0.5)
_COUNT = (0, 1, 2, 3, 5, 8, 15)
_RANK = (0, 1, 2, 3, 5, 9)
_SINCE = (-2, -1, 15, 30, 60, 120, 250, 500, 1500)
_FAR = (-8, -4, -2, -1, 0, 1, 2, 3, 5, 9)
_SIZE = (1, 2, 3, 4, 6, 8, 12, 20)
_OF = "的"
_BLANK = "\x1f"
_KINDS = {kind: place for place, kind in enumerate([*Kind, None])}
_KIND_NAMES = (*(kind.value for kind in Kind), "text", "-")
_UNNAMED = "??"  # stands for a name that is no text: its characters say nothing
_MEASURES = (  # what is noted of each candidate as a number
    *("order", "again", "phrase", "joint", "opening", "topic", "heading", "asked", "speaker", "employer", "block"),
    *("back", "back_order", "level", "back_framed", "step"),
)
_measures = attrgetter(*_MEASURES)


class _Offered:
    """The candidates of all places, a row each; `inside` are the rows of those that are words of their relation's clause.

    `owner` is the place of each row, `low` and `high` the lines of the first word of those inside and of the one behind their last.
    """

    def __init__(self, asked: Sequence[tuple[Place, Sequence[Seen]]]) -> None:
        self.places = [place for place, _ in asked]
        self.survey = self.places[0].survey
        self.words = self.survey.words
        self.rows = Rows(self.words, [(place.clause, place.cues) for place in self.places])
        self.every = [seen for _, candidates in asked for seen in candidates]
        self.owner: Numbers = np.repeat(np.arange(len(asked)), [len(candidates) for _, candidates in asked])
        self.inside = np.array([seen.stretch is not None for seen in self.every])
        stretches = [seen.stretch for seen in self.every if seen.stretch is not None]
        self.starts, self.ends = np.array(stretches, np.int64).reshape(-1, 2).T
        self.own = self.owner[self.inside]
        self.low, self.high = self.words.inside(self.rows.clauses[self.own], self.starts, self.ends)
        self.anchors: Numbers = np.array([place.anchor for place in self.places])
        self.ahead = self.ends <= self.anchors[self.own]
        parts = [[span for span in place.spans if span.part != "subject"] for place in self.places]
        self.taken = overlapping(parts, self.own, (self.starts, self.ends)).any(0)
        measures = np.fromiter(chain.from_iterable(map(_measures, self.every)), np.int64).reshape(-1, len(_MEASURES))
        self.measures: dict[str, Numbers] = dict(zip(_MEASURES, measures.T, strict=True))


def subject_columns(asked: Sequence[tuple[Place, Sequence[Seen]]]) -> Columns:
    """Return a row a candidate, for the candidates of many places one after another."""
    offered = _Offered(asked)
    leanings = _leanings(offered)
    return {
        **_of_places(offered, leanings["lean"]),
        **_of_names(offered),
        **_in_text(offered),
        **_in_clause(offered, leanings),
        **_in_past(offered),
    }


def subject_rows(place: Place, candidates: Sequence[Seen]) -> list[list[str]]:
    """Return the features of each candidate, without those whose last field is blank."""
    rows = features(SUBJECT_TEMPLATES, subject_columns([(place, candidates)]))
    return [[feature for feature in row if feature[-1] != _BLANK] for row in rows]


def _leanings(offered: _Offered) -> dict[str, npt.NDArray[np.float64]]:
    """Return how much the words of candidates look like a subject, on the whole and at most, and at most like an object."""
    whom, what = (
        np.concatenate([*rows, [0.0]]).astype(np.float64)
        for rows in ([place.leanings for place in offered.places], [place.object_leanings for place in offered.places])
    )
    first, after = offered.rows.row(offered.own, offered.low), offered.rows.row(offered.own, offered.high)
    between = np.stack([first, after], 1).ravel()
    return {
        "lean": np.add.reduceat(whom, between)[::2] / (after - first),
        "top": np.maximum.reduceat(whom, between)[::2],
        "object": np.maximum.reduceat(what, between)[::2],
    }


def _of_places(offered: _Offered, lean: npt.NDArray[np.float64]) -> Columns:
    """Return what all candidates for one place have in common."""
    places, owner = offered.places, offered.owner
    free = offered.ahead & ~offered.taken
    rival = np.full(len(places), -np.inf)
    np.maximum.at(rival, offered.own[free], lean[free])
    least = np.full(len(places), np.inf)
    spans = [(number, seen.span) for number, seen in zip(owner.tolist(), offered.every, strict=True) if seen.span is not None]
    for number, score in spans:
        least[number] = min(least[number], score)
    strings = {
        "relation": [place.predicate.value for place in places],
        "stance": [place.stance.value for place in places],
        "role": [place.clause.turn.role.value for place in places],
        "speaks": [_speaks(place) for place in places],
        "refers": [pronoun(place.clause, place.pronouns) for place in places],
        "begins": [_begins(place) for place in places],
        "names": [
            str(min(sum(stand.name.end <= place.anchor for stand in place.survey.stands(place.clause.number)), 4)) for place in places
        ],
    }
    numbers = {
        "asks": flags([place.clause.is_question for place in places]),
        "spanned": Column(["", *map(str, range(1, 9))], np.where(np.isinf(least), 0, 1 + np.searchsorted(_SPAN, least))),
        "rival": levels(rival, _LEAN).only(~np.isinf(rival)),
        "cue": _cues(offered),
    }
    return {field: Column(values, owner) for field, values in strings.items()} | {
        field: column.at(owner) for field, column in numbers.items()
    }


def _cues(offered: _Offered) -> Column:
    """Return the first word of each place's clause that begins at its anchor or behind it."""
    words, clauses = offered.words, offered.rows.clauses
    end = words.first[clauses] + words.count[clauses]
    line = np.clip(np.searchsorted(words.starts, offered.anchors), words.first[clauses], end)
    return Column(words.text.values, np.where(line < end, words.text.places[line], NONE))


def _speaks(place: Place) -> str:
    """Return what the speaker is: `-` without one, `other` where the document says nothing of it."""
    speaker = place.clause.attribution.speaker
    if speaker is None:
        return "-"
    kind = place.survey.facts.kinds.get(speaker) if speaker else None
    return kind.value if kind else "other"


def _begins(place: Place) -> str:
    """Return the class of the first word of what is said."""
    begin = place.clause.begin
    return next((side(token) for token in place.clause.tokens if token.start >= begin and token.tag != "x"), "-")


def _of_names(offered: _Offered) -> Columns:
    """Return what is known of candidates wherever they stand: their names, and how the document speaks of them."""
    firsts = [seen.candidate.names[0] if seen.candidate.names else None for seen in offered.every]
    names = texts([name.name if name else "" for name in firsts])
    kinds = np.array([_KINDS[name.kind] if name else len(_KINDS) for name in firsts])
    text = texts([name.name if name and name.kind is None else _UNNAMED for name in firsts])
    profiles = [offered.survey.profile(name) for name in names.values]
    own = {
        "begin": [name[:2] for name in text.values],
        "end": [name[-2:] for name in text.values],
        "last": [name[-1] for name in text.values],
        "of": ["y" if _OF in name else "" for name in text.values],
    }
    known = {
        "size": levels([len(name) for name in names.values], _SIZE),
        "count": levels([profile.count for profile in profiles], _COUNT),
        "share": levels([profile.share for profile in profiles], _SHARE),
        "rank": levels([profile.rank for profile in profiles], _RANK),
        "rank-of-kind": counts([profile.rank_of_kind for profile in profiles], 4),
        "main": flags([profile.main for profile in profiles]),
        "headed": flags([profile.headed for profile in profiles]),
        "titled": flags([profile.titled for profile in profiles]),
    }
    return {
        "where": texts([seen.where for seen in offered.every]),
        "kind": Column(_KIND_NAMES, kinds),
        "joint": counts([len(seen.candidate.names) for seen in offered.every], 3),
        **{field: Column(values, text.places) for field, values in own.items()},
        **{field: column.at(names.places) for field, column in known.items()},
    }


def _in_text(offered: _Offered) -> Columns:
    """Return what the text around says of candidates: its headings, its question, its speaker, its paragraph."""
    survey, noted = offered.survey, offered.measures
    named = [
        (place.clause, seen.candidate.names[0].name if seen.candidate.names else "")
        for place, seen in zip([offered.places[owner] for owner in offered.owner.tolist()], offered.every, strict=True)
    ]
    return {
        "heading": counts(noted["heading"]),
        "asked": counts(noted["asked"]),
        "speaker": flags(noted["speaker"]),
        "employer": flags(noted["employer"]),
        "block": flags(noted["block"]),
        "in-block": counts([survey.in_block(clause.block, name) for clause, name in named], 4),
        "since": levels([survey.since(name, clause.start) for clause, name in named], _SINCE),
        "opening": counts(noted["opening"]),
        "topic": flags(noted["topic"]),
    }


def _in_clause(offered: _Offered, leanings: dict[str, npt.NDArray[np.float64]]) -> Columns:
    """Return how the words of candidates stand in the clause, blank for those that are not in it."""
    words, inside, own = offered.words, offered.inside, offered.own
    low, high, ahead = offered.low, offered.high, offered.ahead
    clauses = offered.rows.clauses[own]
    begins: Numbers = np.array([place.clause.begin for place in offered.places])[own]
    anchors = offered.anchors
    cue, _ = words.inside(offered.rows.clauses, anchors, anchors + 1)
    ends = np.array([place.clause.end for place in offered.places])
    cue = np.where(anchors < ends, cue, words.first[offered.rows.clauses] + words.count[offered.rows.clauses])[own]
    best = np.full(len(offered.places), -np.inf)
    np.maximum.at(best, own, leanings["lean"])
    span = np.array([-1.0 if seen.span is None else seen.span for seen in offered.every])
    spanned = np.array([seen.span is not None for seen in offered.every])
    first = words.starts[low] <= begins
    noted = {name: values[inside] for name, values in offered.measures.items()}
    columns = {
        "lean": levels(leanings["lean"], _LEAN),
        "top": levels(leanings["top"], _LEAN),
        "object": levels(leanings["object"], _LEAN),
        "best": flags(leanings["lean"] == best[own]),
        "span": levels(span[inside], _SPAN).only(spanned[inside]),
        "left": Column([*words.side.values, "<"], np.where(first, len(words.side.values), words.side.places[low - 1])),
        "right": words.side.at(high),
        "distance": levels(np.where(ahead, cue - high, cue - low), _FAR),
        "way": words.ways(np.where(ahead, high, cue + 1), np.where(ahead, cue, low)),
        "ahead": flags(ahead),
        "taken": flags(offered.taken),
        "framed": flags(offered.ends <= words.content[clauses]),
        "first": flags(first),
        "order": counts(noted["order"], 5),
        "again": flags(noted["again"]),
        "phrase": counts(noted["phrase"]),
        "part": flags(noted["joint"]),
        "left-word": _beside(offered, low - 1, words.place[low] == 0),
        "right-word": _beside(offered, high, words.behind[high - 1] == 0),
        "first-word": words.text.at(low),
        "first-tag": words.tag.at(low),
        "last-word": words.text.at(high - 1),
        "last-tag": words.tag.at(high - 1),
        "words": counts(high - low, 6),
    }
    return {field: column.spread(inside) for field, column in columns.items()}


def _beside(offered: _Offered, lines: Numbers, beyond: npt.NDArray[np.bool_]) -> Column:
    words = offered.words
    return Column(words.text.values, np.where(beyond, EDGE, words.text.places[lines]))


def _in_past(offered: _Offered) -> Columns:
    """Return how candidates stand in the clauses before, blank for those that are not in them."""
    noted = offered.measures
    back = noted["back"]
    nearest = np.full(len(offered.places), NEVER)
    np.minimum.at(nearest, offered.owner, back)
    columns = {
        "back": counts(back),
        "back-order": counts(noted["back_order"], 5),
        "level": counts(noted["level"]),
        "back-left": texts([seen.back_left for seen in offered.every]),
        "back-right": texts([seen.back_right for seen in offered.every]),
        "back-framed": flags(noted["back_framed"]),
        "step": counts(noted["step"], 5),
        "after": counts(back - nearest[offered.owner]),
    }
    return {field: column.only(back != NEVER) for field, column in columns.items()}
