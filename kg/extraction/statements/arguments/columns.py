"""What a clause and a relation looked for in it say of each word, a column a field."""

from collections.abc import Sequence

import numpy as np

from kg.extraction.statements.arguments.coded import Column, Columns, Numbers, counts, flags
from kg.extraction.statements.arguments.wanted import Wanted
from kg.extraction.statements.arguments.words import Rows, Words

_FAR = 6
_SIDES = ("none", "at", "left", "right")
_NOWHERE, _AT, _LEFT, _RIGHT = range(len(_SIDES))
CLAUSE_TEMPLATES = (
    ("word",),
    ("tag",),
    ("word-1",),
    ("word+1",),
    ("word-2",),
    ("word+2",),
    ("tag-1",),
    ("tag+1",),
    ("tag-1", "tag"),
    ("tag", "tag+1"),
    ("tag-2", "tag-1", "tag"),
    ("tag-1", "tag", "tag+1"),
    ("mark",),
    ("mark-1", "mark"),
    ("mark", "mark+1"),
    ("quoted", "edge"),
    ("at",),
    ("till",),
    ("last", "kind"),
    ("told",),
)
RELATION_TEMPLATES = (
    ("near",),
    ("near", "tag"),
    ("side", "tag", "mark"),
    ("relation", "near"),
    ("relation", "near", "tag"),
    ("relation", "side", "tag"),
    ("relation", "side", "mark"),
    ("relation", "word"),
    ("relation", "word-1"),
    ("relation", "word+1"),
    ("relation", "kind-1", "tag", "kind+1"),
    ("relation", "side", "joint"),
    ("side", "joint", "tag"),
    ("cue", "near2"),
    ("relation", "at2", "side"),
    ("relation", "stance", "side", "kind"),
    ("relation", "side", "last"),
    ("cue", "side", "kind"),
    ("relation", "side", "till2", "kind"),
    ("side", "verbs", "kind", "relation"),
    ("side", "way"),
    ("relation", "side", "way"),
    ("side", "way", "mark"),
)


def clause_columns(words: Words, lines: Numbers) -> Columns:
    """Return what the clauses say of each of these words, whatever relation is looked for."""
    place, behind = words.place[lines], words.behind[lines]
    return {
        "word": words.text.at(lines),
        "word-1": words.text.at(lines - 1),
        "word+1": words.text.at(lines + 1),
        "word-2": words.text.at(lines - 2),
        "word+2": words.text.at(lines + 2),
        "tag": words.tag.at(lines),
        "tag-1": words.tag.at(lines - 1),
        "tag+1": words.tag.at(lines + 1),
        "tag-2": words.tag.at(lines - 2),
        "kind": words.kind.at(lines),
        "kind-1": words.kind.at(lines - 1),
        "kind+1": words.kind.at(lines + 1),
        "mark": words.mark.at(lines),
        "mark-1": words.mark.at(lines - 1),
        "mark+1": words.mark.at(lines + 1),
        "quoted": words.quoted.at(lines),
        "edge": flags((place == 0) | (behind == 0)),
        "at": counts(place, 4),
        "at2": counts(place, 2),
        "till": counts(behind, 4),
        "till2": counts(behind, 2),
        "last": words.last.at(lines),
        "told": flags(words.starts[lines] < words.content[words.clause[lines]]),
    }


def relation_columns(rows: Rows, wanted: Sequence[Wanted]) -> Columns:
    """Return what the relations looked for say of each word of their clauses."""
    words, owner, lines = rows.words, rows.owner, rows.lines
    nearest, side, steps = _ways(rows)
    begins = lines[rows.begins[owner]]  # a relation without a cue word is seen from before its clause
    near = np.where(nearest < 0, begins - 1, lines + nearest - np.arange(len(lines)))
    verbs = words.verbs_before[np.maximum(lines, near)] - words.verbs_before[np.minimum(lines, near) + 1]
    return {
        "near": _nearness(side, steps, _FAR),
        "near2": _nearness(side, steps, 2),
        "side": Column(_SIDES, side),
        "verbs": Column(("0", "1", "2", "-"), np.where(side == _NOWHERE, 3, np.clip(verbs, 0, 2))),
        "way": words.ways(np.minimum(lines, near) + 1, np.maximum(lines, near)),
        "joint": words.joint.at(lines),
        "relation": Column([one.predicate.value for one in wanted], owner),
        "stance": Column([one.stance.value for one in wanted], owner),
        "cue": Column([one.anchor.word for one in wanted], owner),
    }


def _ways(rows: Rows) -> tuple[Numbers, Numbers, Numbers]:
    """Return the nearest row that holds a word of the cue, the side of it that each row is on, and how many words off."""
    place = np.arange(len(rows.lines))
    left, right = rows.left, rows.right
    nearest = np.where((left >= 0) & ((right < 0) | (place - left <= right - place)), left, right)
    side = np.select([nearest < 0, nearest == place, nearest > place], [_NOWHERE, _AT, _LEFT], _RIGHT)
    return nearest, side, np.where(nearest < 0, 0, np.abs(nearest - place))


def _nearness(side: Numbers, steps: Numbers, most: int) -> Column:
    values = [f"{name}{number}" for name in _SIDES for number in range(most + 1)]
    return Column(values, side * (most + 1) + np.minimum(steps, most))
