"""What a clause and a relation looked for in it say of each word, a column of strings a field."""

from collections.abc import Sequence

from kg.extraction.statements.arguments.wanted import Anchor, Wanted
from kg.extraction.statements.context import ClauseContext
from kg.extraction.tokens import Token

_FAR = 6
_JOINING = ("p", "c", "uj")
_PAIRS = {"“": "”", "「": "」", "《": "》", "(": ")", '"': '"', "『": "』"}
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
)
_Columns = dict[str, list[str]]


def clause_columns(clause: ClauseContext) -> _Columns:
    """Return what a clause says of each of its words, whatever relation is looked for, a column a field."""
    tokens = clause.tokens
    count = len(tokens)
    words = ["<", "<", *(token.text for token in tokens), ">", ">"]
    tags = ["<", "<", *(token.tag for token in tokens), ">", ">"]
    kinds = [tag[0] for tag in tags]
    marks = ["<", *(_mark(token, clause) for token in tokens), ">"]
    till = [str(min(count - 1 - place, 4)) for place in range(count)]
    return {
        "word": words[2:-2],
        "word-1": words[1:-3],
        "word+1": words[3:-1],
        "word-2": words[:-4],
        "word+2": words[4:],
        "tag": tags[2:-2],
        "tag-1": tags[1:-3],
        "tag+1": tags[3:-1],
        "tag-2": tags[:-4],
        "kind": kinds[2:-2],
        "kind-1": kinds[1:-3],
        "kind+1": kinds[3:-1],
        "mark": marks[1:-1],
        "mark-1": marks[:-2],
        "mark+1": marks[2:],
        "quoted": _quoted(tokens),
        "edge": ["y" if place in (0, count - 1) else "" for place in range(count)],
        "at": [str(min(place, 4)) for place in range(count)],
        "at2": [str(min(place, 2)) for place in range(count)],
        "till": till,
        "till2": [steps if steps < "2" else "2" for steps in till],
        "last": [token.text[-1] for token in tokens],
        "told": ["y" if token.start < clause.attribution.content else "" for token in tokens],
    }


def relation_columns(clause: ClauseContext, wanted: Wanted) -> _Columns:
    """Return what the relation looked for says of each word of a clause, a column a field."""
    tokens = clause.tokens
    count = len(tokens)
    places = _anchor_places(tokens, wanted.anchor)
    joint, joints = "-", []
    for token in tokens:
        joints.append(joint)
        if token.tag in _JOINING or token.text == "、":
            joint = token.text
    ways = [_distance(place, places) for place in range(count)]
    return {
        "near": [f"{side}{min(steps, _FAR)}" for side, steps in ways],
        "near2": [f"{side}{min(steps, 2)}" for side, steps in ways],
        "side": [side for side, _ in ways],
        "verbs": _verbs_between(tokens, places),
        "joint": joints,
        "relation": [wanted.predicate.value] * count,
        "stance": [wanted.stance.value] * count,
        "cue": [wanted.anchor.word] * count,
    }


def _verbs_between(tokens: Sequence[Token], places: Sequence[int]) -> list[str]:
    """Return how many verbs, at most two, stand between each word and the nearest word of the anchor."""
    if not places:
        return ["-"] * len(tokens)
    before = [0]
    for token in tokens:
        before.append(before[-1] + (token.tag[0] == "v" and token.tag != "vn"))
    out = []
    for place in range(len(tokens)):
        nearest = min(places, key=lambda other: abs(other - place))
        low, high = min(place, nearest) + 1, max(place, nearest)
        out.append(str(min(before[high] - before[low], 2)) if high > low else "0")
    return out


def _anchor_places(tokens: Sequence[Token], anchor: Anchor) -> list[int]:
    return [n for n, token in enumerate(tokens) if any(start < token.end and token.start < end for start, end in anchor.spans)]


def _distance(place: int, places: list[int]) -> tuple[str, int]:
    """Return the side of the nearest word of the anchor that a word stands on, and how many words off."""
    if not places:
        return "none", 0
    nearest = min(places, key=lambda other: abs(other - place))
    return ("at" if nearest == place else "left" if place < nearest else "right"), abs(nearest - place)


def _mark(token: Token, clause: ClauseContext) -> str:
    """Say whether a word lies in a reference (and of which kind), a quantity or a cue."""
    for reference in clause.references:
        if reference.mention.start <= token.start < reference.mention.end:
            return f"{reference.kind.value}{'+' if reference.mention.start == token.start else ''}"
    if any(quantity.start <= token.start < quantity.end for quantity in clause.quantities):
        return "number"
    return "cue" if any(cue.start <= token.start < cue.end for cue in clause.cues) else ""


def _quoted(tokens: Sequence[Token]) -> list[str]:
    """Return for each word the mark that it stands between, if any."""
    inside, closing, marks = "", "", []
    for token in tokens:
        if token.text == closing:
            inside = closing = ""
        marks.append(inside)
        if not closing and token.text in _PAIRS:
            inside, closing = token.text, _PAIRS[token.text]
    return marks
