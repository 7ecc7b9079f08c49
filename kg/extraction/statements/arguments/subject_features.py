"""What speaks for a candidate as the subject: a value a field, and which fields make features alone or together."""

from bisect import bisect_left
from collections.abc import Sequence

from kg.extraction.statements.arguments.coded import Columns, features
from kg.extraction.statements.arguments.places import Place, pronoun
from kg.extraction.statements.arguments.subjects import NEVER, Seen
from kg.extraction.statements.arguments.survey import Profile, Sheet, Survey
from kg.extraction.tokens import Token

_SETTING = ("relation", "cue", "stance", "role", "speaks", "refers", "begins", "asks", "spanned", "names", "rival")
_OWN = ("where", "kind", "size", "joint", "begin", "end", "last", "of")
_PROFILE = ("count", "share", "rank", "rank-of-kind", "main", "headed", "titled")
_TEXT = ("heading", "asked", "speaker", "employer", "block", "in-block", "since", "opening", "topic")
_INSIDE = ("lean", "top", "object", "best", "span", "left", "right", "distance", "taken", "framed", "first", "order", "again", "phrase",
           "part", "left-word", "right-word", "first-word", "first-tag", "last-word", "last-tag", "words")  # fmt: skip
_BACK = ("back", "back-order", "level", "back-left", "back-right", "back-framed", "step", "after")
FIELDS = (*_SETTING, *_OWN, *_PROFILE, *_TEXT, *_INSIDE, *_BACK)

_WRITTEN = """
where; kind; where kind; where relation; kind relation; cue where; cue kind
where stance; where role; where speaks; where refers; where begins; where asks; where spanned; where names; where rival
kind stance; kind role; kind speaks; kind refers; kind begins; kind spanned; kind names; kind rival
count; share; rank; rank-of-kind; main kind; headed kind; titled; size; joint; rank kind; size kind
heading titled; heading kind; asked kind; speaker relation; employer relation; speaker kind; block in-block; since kind; since; block kind
topic kind; topic opening
lean; top; object; best; span; lean kind; lean where; best where; span kind; lean object
left; right; left right; left relation; right relation; cue right; left where; right where
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
_NUMBERS = tuple(map(str, range(NEVER + 1)))
_FLAGS = ("", "y")
_NOWHERE = ("",) * len(_INSIDE)
_NEVER_BEFORE = ("",) * len(_BACK)


def describe_subjects(candidates: Sequence[Seen], place: Place, survey: Survey) -> list[tuple[str, ...]]:
    """Return the values of the fields of each candidate."""
    sheet = survey.sheet(place.clause.number)
    setting = _setting(candidates, place, sheet)
    best = max((seen.lean for seen in candidates if seen.inside), default=0.0)
    nearest = min(seen.back for seen in candidates)
    rows = []
    for seen in candidates:
        names = seen.candidate.names
        name = names[0].name if names else ""
        kind = "-" if not names else names[0].kind.value if names[0].kind else "text"
        text = name if kind == "text" else "??"
        rows.append((
            *setting,
            seen.where, kind, _NUMBERS[bisect_left(_SIZE, len(name))], _NUMBERS[min(len(names), 3)],
            text[:2], text[-2:], text[-1], _FLAGS[_OF in text],
            *_of_profile(survey.profile(name)),
            *_in_text(seen, name, place, survey),
            *(_in_clause(seen, best, place.clause.tokens) if seen.inside else _NOWHERE),
            *(_in_past(seen, nearest) if seen.back != NEVER else _NEVER_BEFORE),
        ))  # fmt: skip
    return rows


def columns(rows: Sequence[tuple[str, ...]]) -> Columns:
    """Return the values of many candidates, a column a field."""
    return dict(zip(FIELDS, zip(*rows, strict=True), strict=True))


def subject_rows(rows: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Return the features of each candidate, without those whose last field is blank."""
    return [[feature for feature in row if feature[-1] != _BLANK] for row in features(SUBJECT_TEMPLATES, columns(rows))]


def _setting(candidates: Sequence[Seen], place: Place, sheet: Sheet) -> tuple[str, ...]:
    clause = place.clause
    speaker = clause.attribution.speaker
    speaks = place.facts.kinds.get(speaker) if speaker else None
    spans = [seen.span for seen in candidates if seen.span is not None]
    rival = max((seen.lean for seen in candidates if seen.inside and seen.ahead and not seen.taken), default=None)
    return (
        place.predicate.value,
        next((token.text for token in clause.tokens if token.start >= place.anchor), "-"),
        place.stance.value,
        clause.turn.role.value,
        "-" if speaker is None else speaks.value if speaks else "other",
        pronoun(clause, place.pronouns),
        sheet.begins,
        _FLAGS[clause.is_question],
        _NUMBERS[1 + bisect_left(_SPAN, min(spans))] if spans else "",
        _NUMBERS[min(sum(stand.name.end <= place.anchor for stand in sheet.stands), 4)],
        "" if rival is None else _NUMBERS[bisect_left(_LEAN, rival)],
    )


def _of_profile(profile: Profile) -> tuple[str, ...]:
    return (
        _NUMBERS[bisect_left(_COUNT, profile.count)],
        _NUMBERS[bisect_left(_SHARE, profile.share)],
        _NUMBERS[bisect_left(_RANK, profile.rank)],
        _NUMBERS[min(profile.rank_of_kind, 4)],
        _FLAGS[profile.main],
        _FLAGS[profile.headed],
        _FLAGS[profile.titled],
    )


def _in_text(seen: Seen, name: str, place: Place, survey: Survey) -> tuple[str, ...]:
    clause = place.clause
    return (
        _NUMBERS[seen.heading],
        _NUMBERS[seen.asked],
        _FLAGS[seen.speaker],
        _FLAGS[seen.employer],
        _FLAGS[seen.block],
        _NUMBERS[min(survey.in_block(clause.block, name), 4)],
        _NUMBERS[bisect_left(_SINCE, survey.since(name, clause.start))],
        _NUMBERS[seen.opening],
        _FLAGS[seen.topic],
    )


def _in_clause(seen: Seen, best: float, tokens: Sequence[Token]) -> tuple[str, ...]:
    first, after = seen.words
    return (
        _NUMBERS[bisect_left(_LEAN, seen.lean)],
        _NUMBERS[bisect_left(_LEAN, seen.top)],
        _NUMBERS[bisect_left(_LEAN, seen.object_lean)],
        _FLAGS[seen.lean == best],
        "" if seen.span is None else _NUMBERS[bisect_left(_SPAN, seen.span)],
        seen.left,
        seen.right,
        _NUMBERS[bisect_left(_FAR, seen.distance)],
        _FLAGS[seen.taken],
        _FLAGS[seen.framed],
        _FLAGS[seen.first],
        _NUMBERS[min(seen.order, 5)],
        _FLAGS[seen.again],
        _NUMBERS[seen.phrase],
        _FLAGS[seen.joint],
        tokens[first - 1].text if first else "|",
        tokens[after].text if after < len(tokens) else "|",
        tokens[first].text,
        tokens[first].tag,
        tokens[after - 1].text,
        tokens[after - 1].tag,
        _NUMBERS[min(after - first, 6)],
    )


def _in_past(seen: Seen, nearest: int) -> tuple[str, ...]:
    return (
        _NUMBERS[seen.back],
        _NUMBERS[min(seen.back_order, 5)],
        _NUMBERS[seen.level],
        seen.back_left,
        seen.back_right,
        _FLAGS[seen.back_framed],
        _NUMBERS[min(seen.step, 5)],
        _NUMBERS[seen.back - nearest],
    )
