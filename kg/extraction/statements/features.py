"""What a clause looks like: named features for the linear model, and numbers about one predicate's cue for the trees."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import Cue
from kg.extraction.tokens import Token
from kg.model import Kind, Predicate, Role

_LIST_MARKS = frozenset("、和与及")
_CLASSES = "Rmu&vndpacrtfxqzijklbosyegh$^"
_KINDS = {kind.value: number for number, kind in enumerate(Kind)}
_ROLES = {role: number for number, role in enumerate(Role)}
_FAR = 20  # a distance in words that stands for "none"
UNSEEN = -1.5  # strength (log-odds) of a cue that training never saw: a little below the usual


class Piece(NamedTuple):
    """A word of a clause, or a name in it: `form` is the word (`#` for a number) or the name's kind in angle brackets."""

    form: str
    tag: str
    word_class: str
    start: int
    end: int


def pieces(clause: ClauseContext) -> list[Piece]:
    """Return the words of a clause with each name drawn together to one piece."""
    return list(_pieces(clause))


def _pieces(clause: ClauseContext) -> Iterator[Piece]:
    references = iter(clause.references)
    reference = next(references, None)
    shown = None
    for token in clause.tokens:
        while reference is not None and reference.mention.end <= token.start:
            reference = next(references, None)
        if reference is not None and reference.mention.start < token.end:
            if reference is not shown:
                yield Piece(f"<{reference.kind.value}>", token.tag, "R", token.start, reference.mention.end)
            shown = reference
            continue
        form = _form(token)
        yield Piece(form, token.tag, _word_class(form, token), token.start, token.end)


def _form(token: Token) -> str:
    return "#" if token.tag == "m" or token.text[0].isdigit() else token.text


def _word_class(form: str, token: Token) -> str:
    if form == "#":
        return "m"
    return "&" if token.text in _LIST_MARKS else token.tag[:1]


def clause_features(context: Context, number: int, row: Sequence[Piece]) -> set[str]:
    """Return the named features of a clause: its words, its cues with their neighbours, its setting, the clauses beside it."""
    clause = context.clauses[number]
    forms = [piece.form for piece in row]
    points = {name for cue in clause.cues for name in cue.points_to}
    found = [f"w:{form}" for form in forms]
    found += [f"b:{first}_{second}" for first, second in zip(["^", *forms], [*forms, "$"], strict=True)]
    for cue in clause.cues:
        found += _cue_features(cue, row)
    found += [f"p:{name}" for name in points]
    found += [f"s:{cue.word}" for cue in clause.stance_cues]
    found += [f"rk:{reference.kind.value}" for reference in clause.references]
    if clause.quantities:
        found += [f"u:{quantity.unit}" for quantity in clause.quantities]
        found += [f"Qp:{name}" for name in points]
        first = clause.quantities[0]
        found.append("q>" + next((piece.form for piece in row if piece.start >= first.end), "$"))
        found.append("q<" + next((piece.form for piece in reversed(row) if piece.end <= first.start), "^"))
    verbless = all(piece.word_class != "v" for piece in row)
    attribution = clause.attribution
    found += (
        f"qn{min(3, len(clause.quantities))}",
        f"refs{min(3, len(clause.references))}",
        f"len{min(9, len(row) // 2)}",
        f"role:{clause.turn.role.value}",
        f"spk:{bool(attribution.speaker)}{attribution.hearsay}",
        f"frame:{attribution.content > clause.start}{attribution.content >= clause.end}",
    )
    if clause.is_question:
        found.append("?")
    if verbless:
        found.append("verbless")
    text = context.view[clause.start : clause.end]
    found += [f"g:{first}{second}" for first, second in pairwise(text) if not first.isdigit()]
    for step, mark in ((-1, "<"), (1, ">")):
        found += _beside(context, number, step, mark, verbless)
    return set(found)


def _cue_features(cue: Cue, row: Sequence[Piece]) -> list[str]:
    place = next((place for place, piece in enumerate(row) if piece.start >= cue.end), len(row))
    next_form, next_tag = (row[place].form, row[place].tag) if place < len(row) else ("$", "$")
    names_after = {piece.form for piece in row[place:] if piece.word_class == "R"}
    ahead = [piece for piece in row[:place] if piece.end <= cue.start]
    last_form, last_tag = (ahead[-1].form, ahead[-1].tag) if ahead else ("^", "^")
    names_before = {piece.form for piece in ahead if piece.word_class == "R"}
    word = cue.word
    found = [f"c:{word}", f"cn:{word}|{next_form}", f"cp:{word}|{last_form}", f"ct:{word}|{next_tag}", f"cq:{word}|{last_tag}"]
    for name in cue.points_to:
        found += [f"pb:{name}|{form}" for form in names_before]
        found += [f"pk:{name}|{form}" for form in names_after]
        found += (f"pt:{name}|{next_tag}", f"pp:{name}|{last_tag}", f"pn:{name}|{next_form}", f"pv:{name}|{last_form}")
    return found


def _beside(context: Context, number: int, step: int, mark: str, verbless: bool) -> list[str]:
    """Return the features of the clause before or after, in the same paragraph."""
    other_number = number + step
    if not 0 <= other_number < len(context.clauses):
        return []
    clause, other = context.clauses[number], context.clauses[other_number]
    if other.block != clause.block:
        return [f"{mark}block"]
    side = f"{mark}=" if other.sentence == clause.sentence else f"{mark}/"
    points = {name for cue in other.cues for name in cue.points_to}
    found = [side, *[f"{side}p:{name}" for name in points], *[f"{side}s:{cue.word}" for cue in other.stance_cues]]
    if verbless:
        found += [f"{mark}nv:{name}" for name in points]
    return found + [f"{side}w:{_form(token)}" for token in other.tokens]


def setting(context: Context, number: int, row: Sequence[Piece]) -> list[float]:
    """Return twelve numbers about a clause, whatever the predicate: its size, its names and figures, who speaks and how."""
    clause = context.clauses[number]
    attribution = clause.attribution
    return [
        len(row),
        len(clause.references),
        len(clause.quantities),
        clause.is_question,
        _ROLES[clause.turn.role],
        attribution.hearsay,
        attribution.speaker is not None,
        sum(piece.word_class == "v" for piece in row),
        len(clause.stance_cues),
        number > 0 and context.clauses[number - 1].sentence == clause.sentence,
        attribution.content > clause.start,
        attribution.content >= clause.end,
    ]


def cue_shape(clause: ClauseContext, row: Sequence[Piece], predicate: Predicate, strengths: dict[str, float]) -> list[float]:
    """Return sixteen numbers about the strongest cue of a predicate in a clause, all NaN where it has none.

    How many cues; strength; whether it is the first verb; the classes of the words beside it; the kinds of the names before and
    after; how far they are; where in the clause it stands; its length; the verbs before it; its own class.
    """
    cues = [cue for cue in clause.cues if predicate.value in cue.points_to]
    if not cues:
        return [np.nan] * 16
    cue = max(cues, key=lambda cue: strengths.get(cue.word, UNSEEN))
    first = next((place for place, piece in enumerate(row) if piece.end > cue.start), 0)
    past = next((place for place, piece in enumerate(row) if piece.start >= cue.end), len(row))
    classes = ["^", "^", *(piece.word_class for piece in row), "$", "$"]
    before = next((place for place in range(first - 1, -1, -1) if row[place].word_class == "R"), None)
    after = next((place for place in range(past, len(row)) if row[place].word_class == "R"), None)
    verbs_before = sum(piece.word_class == "v" for piece in row[:first])
    return [
        len(cues),
        strengths.get(cue.word, UNSEEN),
        verbs_before == 0,
        _CLASSES.find(classes[past + 2]),
        _CLASSES.find(classes[first + 1]),
        _CLASSES.find(classes[past + 3]),
        _CLASSES.find(classes[first]),
        len(_KINDS) if before is None else _KINDS[row[before].form[1:-1]],
        len(_KINDS) if after is None else _KINDS[row[after].form[1:-1]],
        first if before is None else first - before,
        _FAR if after is None else after - past,
        first,
        len(row) - past,
        len(cue.word),
        verbs_before,
        _CLASSES.find(classes[first + 2]),
    ]
