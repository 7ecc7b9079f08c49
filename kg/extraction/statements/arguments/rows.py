"""Rows and runs of nouns: what `、` and 和 join, item by item, and what stands right behind a preposition or 给."""

from collections.abc import Sequence

from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.arguments.survey import WITH
from kg.extraction.statements.context import ClauseContext
from kg.extraction.tokens import Token
from kg.model import Kind, Predicate

NO_AGENT = frozenset((Predicate.OPEN_SOURCES, Predicate.HOLDS_ROLE, Predicate.METRIC, Predicate.PROPOSITION, Predicate.LISTS))
CLAIMS = frozenset((Predicate.METRIC, Predicate.PROPOSITION))
OWN = "的"
JOINTS = frozenset(("、", "和", "与", "及", "以及"))
_PLACES = frozenset((Kind.PLACE, Kind.STATE))
_DEALT = frozenset((Predicate.OWNS, Predicate.ACQUIRES, Predicate.DIVESTS))
_AGREED = frozenset(("订立", "签订", "签署", "签约", "达成"))
_TWO_THINGS = frozenset((Predicate.TARGETS, Predicate.OPERATES_IN, Predicate.PARTNERS_WITH))
RAISED = "融资"  # what a company gets from those who invest in it
PAIRED = frozenset((Predicate.PARTNERS_WITH, Predicate.COMPETES_WITH))


def runs(place: Place) -> list[tuple[int, int]]:
    """Return the runs of nouns of the clause, each as far as the relation's cue (`华为研发` is 华为 and a cue)."""
    return [
        (phrase.start, min([phrase.end, *(cue for cue, _ in place.cues if phrase.start < cue < phrase.end)]))
        for phrase in place.survey.phrases(place.clause.number)
        if phrase.form == "run"
    ]


def whole_row(place: Place, chosen: Candidate) -> Candidate:
    """Return what was chosen item by item, with those that `、`, 和 or 以及 join to it in the clause, before and behind it."""
    clause = place.clause
    if chosen.clause != clause.number or not chosen.names or chosen.names[-1].end <= chosen.names[-1].start:
        return chosen
    parted = place.predicate in _DEALT and any(token.text in _AGREED for token in clause.tokens)  # 甲公司与乙公司订立协议 is no row
    joints = [
        (token.start, token.end)
        for token in clause.tokens
        if (token.tag == "c" or token.text == "、") and not (parted and token.text in WITH)
    ]
    found = runs(place) if joints else []
    starts, ends = dict(found), {end: start for start, end in found}
    names = list(chosen.names)

    def item(start: int, end: int) -> Named | None:
        name = place.survey.named(clause, start, end)
        new = name.name and not any(name.name == other.name for other in names)
        return name if new and not on_cue(place, chosen, name) else None

    for left, right in joints:
        if left == names[-1].end and right in starts and (name := item(right, starts[right])):
            names.append(name)
    for left, right in reversed(joints):
        if right == names[0].start and left in ends and (name := item(ends[left], left)):
            names.insert(0, name)
    items = dict.fromkeys(item for name in names for item in _items(place, name, of_row=len(names) > 1))
    return chosen._replace(names=tuple(items))


def only_places(place: Place, chosen: Candidate) -> Candidate:
    """Return where somebody is active without what is there: cities of `在甲市、乙市设有研发中心`."""
    held = [one.mention.start for one in place.clause.references if one.kind in _PLACES]
    places = tuple(name for name in chosen.names if name.kind in _PLACES or any(name.start <= start < name.end for start in held))
    if place.predicate is not Predicate.OPERATES_IN or not places:
        return chosen
    return chosen._replace(names=tuple(_without_act(place, name) for name in places))


def _without_act(place: Place, name: Named) -> Named:
    """Return a place without what is done there, where that was taken with it: 墨西哥 of `墨西哥建厂`."""
    inside = next((one for one in place.clause.references if one.mention.start == name.start and one.kind in _PLACES), None)
    if inside is None or name.kind is not None or inside.mention.end == name.end:
        return name
    acts = {token.start for token in place.clause.tokens if token.text not in place.grammar.fields} & {start for start, _ in place.cues}
    return of_reference(inside) if inside.mention.end in acts else name


def whole_subject(place: Place, chosen: Candidate) -> Candidate:
    """Return a subject with those joined to it, where the other one is not what the relation is to (`华为和小米合作`)."""
    if place.predicate not in PAIRED:
        return whole_row(place, chosen)
    if chosen.clause == place.clause.number or len(chosen.names) != 1:
        return chosen
    row = row_of_actors(place.survey.context.clauses[chosen.clause], chosen.names[0].start)
    return chosen._replace(names=tuple(row)) if len(row) > 1 else chosen  # 甲、乙出席大会,并与丙签约


def _items(place: Place, name: Named, *, of_row: bool) -> list[Named]:
    """Return the items of a row that was taken for one thing (`手机、平板与手表`), not of a mere pair, nor where it has what follows."""
    clause = place.clause
    if name.kind is not None or place.predicate in CLAIMS:
        return [name]
    joints = [token for token in clause.tokens if name.start < token.start and token.end < name.end and token.text in JOINTS]
    rest = place.survey.context.view[joints[0].end : name.end] if joints else OWN
    row = of_row or any(token.text == "、" for token in joints) or _named_each(place, name, joints) or _nouns_each(place, name, joints)
    if not row or OWN in rest:
        return [name]
    edges = [name.start, *(edge for token in joints for edge in (token.start, token.end)), name.end]
    found = [place.survey.named(clause, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    return [item for item in found if item.name] or [name]


def _named_each(place: Place, name: Named, joints: Sequence[Token]) -> bool:
    """Say whether of the two that a word joins each holds a name: `宁德时代电池和英伟达芯片`."""
    held = [one.mention for one in place.clause.references if name.start <= one.mention.start and one.mention.end <= name.end]
    return len(joints) == 1 and any(one.end <= joints[0].start for one in held) and any(one.start >= joints[0].end for one in held)


def _nouns_each(place: Place, name: Named, joints: Sequence[Token]) -> bool:
    """Say whether of the two that a word joins each is no more than nouns, which as a market, a place or a partner are two things.

    In annotated documents they are two records in 125 of 171 such pairs; of other relations mostly one.
    """
    inside = [token for token in place.clause.tokens if name.start <= token.start and token.end <= name.end]
    words = [token for token in inside if token not in joints]
    nouns = all(token.tag[0] in "nj" or token.tag == "vn" for token in words)
    return place.predicate in _TWO_THINGS and len(joints) == 1 and nouns and len(words) > 1


def row_of_actors(clause: ClauseContext, begin: int) -> list[Named]:
    """Return the organisations that begin there and are joined to each other: 甲 and 乙 of `由甲与乙共同出资`."""
    named = {one.mention.start: one for one in clause.references if one.kind in ACTORS}
    joints = {token.start: token.end for token in clause.tokens if token.text in JOINTS}
    row: list[Named] = []
    start: int | None = begin
    while start in named:
        row.append(of_reference(named[start]))
        start = joints.get(row[-1].end)
    return row


def behind_preposition(place: Place, start: int) -> bool:
    """Say whether what begins there, or what it is joined to, stands behind a preposition whose noun is never the doer."""
    before = next((token for token in reversed(place.clause.tokens) if token.end <= start and token.tag != "ul"), None)  # 给了
    if before is not None and before.text in JOINTS:
        joined = next((one for one in place.clause.references if one.mention.end == before.start), None)
        return joined is not None and behind_preposition(place, joined.mention.start)
    return before is not None and before.text in place.grammar.prepositions


def given_to(place: Place) -> Named | None:
    """Return the name right behind 给, None where there is none."""
    clause = place.clause
    for number, token in enumerate(clause.tokens):
        if not token.text.endswith(place.grammar.gives):
            continue
        behind = next((one for one in clause.tokens[number + 1 :] if one.tag[0] != "u"), None)
        named = next((one for one in clause.references if behind and one.mention.start == behind.start and one.kind in ACTORS), None)
        if named is not None and place.survey.context.view.startswith(OWN, named.mention.end):  # 卖给美国的甲公司
            own = named.mention.end + len(OWN)
            named = next((one for one in clause.references if one.mention.start == own and one.kind in ACTORS), named)
        if named is not None:
            return of_reference(named)
    return None


def on_cue(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether a name shares words with what states the relation."""
    if choice.clause != place.clause.number or place.predicate in NO_AGENT - {Predicate.OPEN_SOURCES}:
        return False
    return any(start < name.end and name.start < end for start, end in place.cues)
