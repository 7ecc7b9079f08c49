"""What grammar says of the parts whatever the weights say: who does it in a passive, lists go on, nobody does it to itself."""

from collections.abc import Sequence

from kg.extraction.statements.arguments.facts import ACTORS
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.model import Predicate

_NO_AGENT = frozenset((Predicate.OPEN_SOURCES, Predicate.HOLDS_ROLE, Predicate.METRIC, Predicate.PROPOSITION, Predicate.LISTS))


def possible_subjects(choices: Sequence[Candidate], place: Place, thing: Candidate) -> list[Candidate]:
    """Leave out what is the object already or holds the cue; what is opened (`open_sources`) is no company if anything else is there."""
    objects = {name.name for name in thing.names}
    left = [choice for choice in choices if not any(name.name in objects or _on_cue(place, choice, name) for name in choice.names)]
    if place.predicate is Predicate.OPEN_SOURCES:
        things = [choice for choice in left if choice.names and choice.names[0].kind not in ACTORS]
        return things or left
    return left


def _on_cue(place: Place, choice: Candidate, name: Named) -> bool:
    if choice.clause != place.clause.number or place.predicate in _NO_AGENT - {Predicate.OPEN_SOURCES}:
        return False
    return any(start < name.end and name.start < end for start, end in place.cues)


def passive(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return doer and thing done to where a word for it parts them (`鹭渡智行被泠湖集团收购`), None elsewhere."""
    clause = place.clause
    if place.predicate in _NO_AGENT or not place.cues:
        return None
    marker = next((token for token in clause.tokens if token.text in place.markers and token.end <= place.anchor), None)
    if marker is None:
        return None
    found = [span for span in _runs(place) if span[0] >= clause.attribution.content]
    doers = [(start, end) for start, end in found if start == marker.end and end <= place.anchor]
    done = [(start, end) for start, end in found if end <= marker.start]
    if not doers or not done:
        return None
    doer, thing = (Candidate((place.survey.named(clause, *span),), clause.number, ["passive"]) for span in (doers[0], done[0]))
    return (whole_row(place, doer), whole_row(place, thing)) if doer.names[0].name and thing.names[0].name else None


def _runs(place: Place) -> list[tuple[int, int]]:
    """Return the runs of nouns of the clause, each as far as the relation's cue (`华为研发` is 华为 and a cue)."""
    runs = []
    for phrase in place.survey.phrases(place.clause.number):
        if phrase.form == "run":
            runs.append((phrase.start, min([phrase.end, *(cue for cue, _ in place.cues if phrase.start < cue < phrase.end)])))
    return runs


_CLAIMS = frozenset((Predicate.METRIC, Predicate.PROPOSITION))
_OWN = "的"
_JOINTS = frozenset(("、", "和", "与", "及", "以及"))


def belonging(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return owner and what it owns where the clause says what is whose (`MindSpore是华为自己的框架`), None elsewhere."""
    clause = place.clause
    if place.predicate is not Predicate.OWNS or not place.cues:
        return None
    starts = dict(_runs(place))
    ends = {end: start for start, end in starts.items()}
    for token in clause.tokens:
        whose, thing = starts.get(token.end), ends.get(token.start)
        if token.text == "是" and whose == place.anchor and thing is not None and thing >= clause.attribution.content:
            owner, owned = place.survey.named(clause, token.end, whose), place.survey.named(clause, thing, token.start)
            return Candidate((owner,), clause.number, ["whose"]), Candidate((owned,), clause.number, ["whose"])
    return None


def _items(place: Place, name: Named, *, of_row: bool) -> list[Named]:
    """Return the items of a row that was taken for one thing (`手机、平板与手表`), not of a mere pair, nor where it has what follows."""
    clause = place.clause
    joints = [token for token in clause.tokens if name.start < token.start and token.end < name.end and token.text in _JOINTS]
    rest = place.survey.context.view[joints[0].end : name.end] if joints else _OWN
    if name.kind is not None or place.predicate in _CLAIMS or not (of_row or any(token.text == "、" for token in joints)) or _OWN in rest:
        return [name]
    edges = [name.start, *(edge for token in joints for edge in (token.start, token.end)), name.end]
    found = [place.survey.named(clause, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    return [item for item in found if item.name] or [name]


def whole_row(place: Place, chosen: Candidate) -> Candidate:
    """Return what was chosen item by item, with those that `、`, 和 or 以及 join to it in the clause, before and behind it."""
    clause = place.clause
    if chosen.clause != clause.number or not chosen.names or chosen.names[-1].end <= chosen.names[-1].start:
        return chosen
    runs = _runs(place)
    joints = [(token.start, token.end) for token in clause.tokens if token.tag == "c" or token.text == "、"]
    starts, ends = dict(runs), {end: start for start, end in runs}
    names = list(chosen.names)

    def item(start: int, end: int) -> Named | None:
        name = place.survey.named(clause, start, end)
        new = name.name and not any(name.name == other.name for other in names)
        return name if new and not _on_cue(place, chosen, name) else None

    for left, right in joints:
        if left == names[-1].end and right in starts and (name := item(right, starts[right])):
            names.append(name)
    for left, right in reversed(joints):
        if right == names[0].start and left in ends and (name := item(ends[left], left)):
            names.insert(0, name)
    items = dict.fromkeys(item for name in names for item in _items(place, name, of_row=len(names) > 1))
    return chosen._replace(names=tuple(items))


_PAIRED = frozenset((Predicate.PARTNERS_WITH, Predicate.COMPETES_WITH))


def whole_subject(place: Place, chosen: Candidate) -> Candidate:
    """Return a subject with those joined to it, where the other one is not what the relation is to (`华为和小米合作`)."""
    return chosen if place.predicate in _PAIRED else whole_row(place, chosen)
