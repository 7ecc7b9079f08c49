"""What grammar says of the parts whatever the weights say: who does it in a passive, lists go on, nobody does it to itself."""

from collections.abc import Sequence

from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.arguments.survey import begin_of
from kg.model import Kind, Predicate

_NO_AGENT = frozenset((Predicate.OPEN_SOURCES, Predicate.HOLDS_ROLE, Predicate.METRIC, Predicate.PROPOSITION, Predicate.LISTS))


def possible_subjects(choices: Sequence[Candidate], place: Place, thing: Candidate) -> list[Candidate]:
    """Leave out what is the object already or holds the cue; what is opened (`open_sources`) is no company if anything else is there."""
    objects = {name.name for name in thing.names}
    left = [choice for choice in choices if not any(name.name in objects or _on_cue(place, choice, name) for name in choice.names)]
    doing = [choice for choice in left if not _acted_on(place, choice)]
    left = doing if any(choice.names for choice in doing) else left
    if place.predicate is Predicate.OPEN_SOURCES:
        things = [choice for choice in left if choice.names and choice.names[0].kind not in ACTORS]
        return things or left
    return left


def _on_cue(place: Place, choice: Candidate, name: Named) -> bool:
    if choice.clause != place.clause.number or place.predicate in _NO_AGENT - {Predicate.OPEN_SOURCES}:
        return False
    return any(start < name.end and name.start < end for start, end in place.cues)


def _acted_on(place: Place, choice: Candidate) -> bool:
    """Say whether a candidate stands right behind a preposition whose noun is never the doer (`向OpenAI投资`)."""
    if choice.clause != place.clause.number or not choice.names or place.predicate in _NO_AGENT | _PAIRED:
        return False
    return _behind_preposition(place, choice.names[0].start)


def opening_doer(place: Place) -> Candidate | None:
    """Return the name that a clause opens with where nothing between it and the relation's word makes another one the doer.

    In `软银目前势将向OpenAI投资` that is 软银; none in `苹果要求供应商提供`, `飞鹤获得红杉投资`.
    """
    clause, begin = place.clause, begin_of(place.clause)
    if place.predicate in _NO_AGENT or place.predicate is Predicate.FOUNDS or not place.cues:
        return None
    first = next((token for token in clause.tokens if token.start >= begin and token.tag[0] not in "tcdx"), None)
    reference = next((one for one in clause.references if first and one.mention.start == first.start), None)
    doers = ACTORS | _MADE if place.predicate in _OF_THINGS else ACTORS
    if reference is None or reference.kind not in doers or reference.mention.end > place.anchor:
        return None
    between = [token for token in clause.tokens if reference.mention.end <= token.start < place.anchor]
    if any(token.start < reference.mention.end < token.end for token in clause.tokens):
        return None
    if between and (between[0].tag[0] in _GOES_ON or between[0].tag == "vn" or between[0].text in _JOINTS or between[0].text == _OWN):
        return None
    if any(token.text in place.grammar.shifts or token.text in place.grammar.markers for token in between):
        return None
    if (between and between[-1].text == _OWN) or _another_doer(place, reference.mention.end):
        return None
    return Candidate((of_reference(reference),), clause.number, ["opening"])


def _another_doer(place: Place, start: int) -> bool:
    """Say whether another one is named, not behind a preposition, between `start` and the relation's word (`飞鹤将回购红杉持有的股份`)."""
    named = (one.mention for one in place.clause.references if one.kind in ACTORS | {Kind.PERSON})
    between = (mention for mention in named if start <= mention.start and mention.end <= place.anchor)
    return any(not _behind_preposition(place, mention.start) for mention in between)


def recipient(place: Place) -> Candidate | None:
    """Return the name behind the last preposition before the relation's word (`向OpenAI投资`), None where there is none."""
    named = (one for one in reversed(place.clause.references) if one.kind in ACTORS and one.mention.end <= place.anchor)
    found = next((one for one in named if _behind_preposition(place, one.mention.start)), None)
    return None if found is None else Candidate((of_reference(found),), place.clause.number, ["recipient"])


def _behind_preposition(place: Place, start: int) -> bool:
    before = next((token for token in reversed(place.clause.tokens) if token.end <= start), None)
    return before is not None and before.text in place.grammar.prepositions


def passive(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return doer and thing done to where a word for it parts them (`鹭渡智行被泠湖集团收购`), None elsewhere."""
    clause = place.clause
    if place.predicate in _NO_AGENT or not place.cues:
        return None
    words = place.grammar.markers | (place.grammar.receipts if place.predicate in _RECEIVED else frozenset())
    marker = next((number for number, token in enumerate(clause.tokens) if token.text in words and token.end <= place.anchor), None)
    if marker is None:
        return None
    perfect = clause.tokens[marker + 1 : marker + 2]
    begin = perfect[0].end if perfect and perfect[0].tag[0] == "u" else clause.tokens[marker].end  # 获得了
    found = [span for span in _runs(place) if span[0] >= clause.attribution.content]
    doers = [(start, end) for start, end in found if start == begin and end <= place.anchor]
    done = [(start, end) for start, end in found if end <= clause.tokens[marker].start]
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


_MADE = frozenset((Kind.PRODUCT, Kind.TECHNOLOGY))
_OF_THINGS = frozenset(
    (Predicate.USES, Predicate.SUPPORTS, Predicate.TARGETS, Predicate.REPLACES, Predicate.COMPETES_WITH, Predicate.OPERATES_IN)
)
_GOES_ON = frozenset("nmqabjlsu")  # tags of words that make more of a name than the name itself: 华为手机, 苹果的
_RECEIVED = frozenset((Predicate.INVESTS_IN, Predicate.PERMITS, Predicate.RESTRICTS))  # what is had from others: 获得红杉投资
_PREDICATED = frozenset("vdmc")  # tags of words that no two bare names have between them
_TOGETHER = 4  # clauses back in which the two may have been named
_CLAIMS = frozenset((Predicate.METRIC, Predicate.PROPOSITION))
_OWN = "的"
_JOINTS = frozenset(("、", "和", "与", "及", "以及"))


def belonging(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return owner and what it owns where the clause says what is whose, None elsewhere.

    `MindSpore是华为自己的框架`, `栎声科技是榧木半导体的控股子公司`.
    """
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
    return _part_of(place)


def _part_of(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return parent and part of `甲是乙的全资子公司`, whatever their names are made of."""
    clause, begin = place.clause, begin_of(place.clause)
    link = next((token for token in clause.tokens if token.text == "是" and begin < token.start < place.anchor), None)
    own = next((token for token in reversed(clause.tokens) if link and token.text == _OWN and link.end < token.start < place.anchor), None)
    if (
        link is None
        or own is None
        or any(token.tag[0] in _PREDICATED for token in clause.tokens if token.end <= own.start and token != link)
    ):
        return None
    part, parent = (place.survey.named(clause, *span) for span in ((begin, link.start), (link.end, own.start)))
    if not part.name or not parent.name or part.name in place.pronouns or parent.name in place.pronouns:
        return None
    parent, part = (name if name.kind else name._replace(kind=Kind.COMPANY) for name in (parent, part))
    return Candidate((parent,), clause.number, ["whose"]), Candidate((part,), clause.number, ["whose"])


def both(place: Place) -> tuple[Candidate, Candidate | None] | None:
    """Return whom 双方, 两家公司, 前者 or 后者 means as the doer: of the two that were named together last; None without such a word.

    Where the two do it to each other (`双方合作`) the second is what the relation is to.
    """
    clause = place.clause
    words = [token for token in clause.tokens if begin_of(clause) <= token.start < max(place.anchor, clause.start + 1)]
    whom = next((whom for token in words if (whom := place.grammar.pairs.get(token.text))), None)
    pair = _pair(place) if whom else None
    if whom is None or pair is None or place.predicate in (Predicate.METRIC, Predicate.HOLDS_ROLE):
        return None
    first, second = (Candidate((name,), clause.number, [whom]) for name in pair)
    if whom != "both":
        return (first if whom == "former" else second), None
    return (first, second) if place.predicate in _PAIRED else (Candidate(pair, clause.number, [whom]), None)


def _pair(place: Place) -> tuple[Named, Named] | None:
    """Return the two that were named together last, in this clause before the relation's word or in one of the clauses before it."""
    survey, number = place.survey, place.clause.number
    for back in range(number, max(-1, number - 1 - _TOGETHER), -1):
        clause = survey.context.clauses[back]
        named = [
            of_reference(one) for one in clause.references if one.kind in ACTORS and (back < number or one.mention.end <= place.anchor)
        ]
        found = list({name.name: name for name in named}.values())
        if len(found) > 1:
            return (found[0], found[1]) if found[2:] == [] else None
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
