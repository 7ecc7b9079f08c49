"""Sentence patterns that say who owns whom, whatever the weights say: 是…的子公司, 控股股东, 持股, 所持有的."""

from kg.expressions import compiled
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import OURS, Candidate, Place, company_of
from kg.extraction.statements.arguments.rows import OWN, runs
from kg.extraction.statements.arguments.survey import begin_of, opening_name
from kg.extraction.statements.arguments.tidying import behind_dash
from kg.model import Kind, Predicate

_SHAREHOLDERS = frozenset(("股东", "大股东"))
_LINKS = frozenset("vp")  # first letters of the tags of 是 and 为
_PREDICATED = frozenset("vdmc")  # tags of words that no two bare names have between them
_IS = frozenset(("是", "为", "系", "乃", "成为", "不是", "并非", "并不是", "不再是", "仍是", "仍为", "均为"))
_ADVERBIAL = frozenset("dtc")  # first letters of the tags of words between a name and what it is
_KIN = compiled(
    r"的?\p{Han}{0,8}?(?:(?P<daughter>子公司|孙公司|附属公司|参股公司|旗下公司|成员企业)|(?:股东|母公司|实际控制人|实控人|控制人))$"
)
_PLACES = frozenset((Kind.PLACE, Kind.STATE))
_UNDER = "旗下"
_POINTING = frozenset(("this", "one", "these"))  # what 该, 其 and 这些 refer to, in subject_pronouns.tsv
_NOMINAL = frozenset("nrjxle")  # first letters of the tags of what may be whose owner is named


def belonging(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return owner and what it owns where the clause says what is whose, None elsewhere.

    `MindSpore是华为自己的框架`, `栎声科技是榧木半导体的控股子公司`.
    """
    clause = place.clause
    if place.predicate is not Predicate.OWNS:
        return None
    starts = dict(runs(place))
    ends = {end: start for start, end in starts.items()}
    for token in clause.tokens:
        whose, thing = starts.get(token.end), ends.get(token.start)
        if token.text == "是" and whose == place.anchor and thing is not None and thing >= clause.attribution.content:
            owner, owned = place.survey.named(clause, token.end, whose), place.survey.named(clause, thing, token.start)
            return Candidate((owner,), clause.number, ["whose"]), Candidate((owned,), clause.number, ["whose"])
    return _relative(place) or _held(place) or _shareholder(place) or _part_of(place) or _owned_by(place) or _branch(place) or _under(place)


def _relative(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return owner and what it owns where one name is said to be the other's daughter or shareholder, or not to be.

    `甲公司为乙公司控股子公司`, `乙公司并非甲公司的控股股东`: what the one is to the other says which owns which.
    """
    clause, opening = place.clause, opening_name(place.clause)
    if opening is None or opening.kind not in ACTORS | {Kind.PERSON}:
        return None
    behind = [token for token in clause.tokens if token.start >= opening.mention.end]
    link = next((token for token in behind if token.tag[0] not in _ADVERBIAL or token.text in _IS), None)
    if link is None or link.text not in _IS:
        return None
    other = next((one for one in clause.references if one.mention.start == link.end and one.kind in ACTORS), None)
    noun = _KIN.match(place.survey.context.view, other.mention.end, clause.end) if other is not None else None
    if other is None or noun is None or other.entity == opening.entity:
        return None
    owner, owned = (other, opening) if noun["daughter"] else (opening, other)
    return Candidate((of_reference(owner),), clause.number, ["whose"]), Candidate((of_reference(owned),), clause.number, ["whose"])


def _shareholder(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who holds shares of the company, where the clause calls it a shareholder (`持股5%以上的股东甲企业`)."""
    clause = place.clause
    word = next((token for token in clause.tokens if token.text in _SHAREHOLDERS and token.start > place.anchor), None)
    named = next((one for one in clause.references if word and one.mention.start == word.end and one.kind in ACTORS), None)
    company = company_of(place, named.entity) if named else None
    if named is None or company is None:
        return None
    return Candidate((of_reference(named),), clause.number, ["holds"]), Candidate((company,), clause.number, ["holds"])


def _held(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who holds shares that are only spoken of, and whose they are: the company that the clause opens with.

    `飞鹤将回购红杉所持有的股份`.
    """
    clause, opening = place.clause, opening_name(place.clause)
    if not place.survey.context.view.startswith("所", place.anchor) or opening is None or opening.kind not in ACTORS:
        return None
    named = next((one for one in clause.references if one.mention.end == place.anchor and one.entity != opening.entity), None)
    if named is None:
        return None
    return Candidate((of_reference(named),), clause.number, ["held"]), Candidate((of_reference(opening),), clause.number, ["held"])


def _owned_by(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return owner and company of `甲公司的控股股东乙集团`, and of `甲公司上市,母公司为乙集团`.

    公司 alone is whom the speaker speaks for, else whom the document is about.
    """
    clause = place.clause
    for number, token in enumerate(clause.tokens):
        if token.text not in place.grammar.owners:
            continue
        link = [one.end for one in clause.tokens[number + 1 : number + 2] if len(one.text) == 1 and one.tag[0] in _LINKS]  # 为, 是
        named = (one for one in clause.references if one.mention.start in (token.end, *link) and one.kind in ACTORS)
        owner = next((of_reference(one) for one in named), None)
        owned = _owned_before(place, number, owner.name) if owner else None
        if owner is not None and owned is not None and owned.name != owner.name:
            return Candidate((owner,), clause.number, ["whose"]), Candidate((owned,), clause.number, ["whose"])
    return None


def _owned_before(place: Place, number: int, owner: str) -> Named | None:
    """Return the company before a word for its owner, in the clause or, where that begins with the word, at the head of the one before."""
    clause, clauses = place.clause, place.survey.context.clauses
    whose = [one for one in clause.tokens[:number] if one.text != OWN][-1:]
    if not whose:
        other = clauses[clause.number - 1] if clause.number else None
        opening = opening_name(other) if other is not None and other.sentence == clause.sentence else None
        return of_reference(opening) if opening is not None and opening.kind in ACTORS else company_of(place, owner)
    ours = place.pronouns.get(whose[0].text) in OURS or whose[0].tag[0] not in _NOMINAL  # 未收到控股股东甲集团的…
    company = company_of(place, owner) if ours else None
    return next((of_reference(one) for one in clause.references if one.mention.end == whose[0].end and one.kind in ACTORS), company)


def _part_of(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return parent and part of `甲是乙的全资子公司`, whatever their names are made of."""
    clause, begin = place.clause, begin_of(place.clause)
    link = next((token for token in clause.tokens if token.text == "是" and begin < token.start < place.anchor), None)
    own = next((token for token in reversed(clause.tokens) if link and token.text == OWN and link.end < token.start < place.anchor), None)
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


def _branch(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return the company and what it owns somewhere (`美国子公司甲公司`), which is no place's; None elsewhere."""
    starts, ends = ({span[edge] for span in place.cues} for edge in (0, 1))
    somewhere = any(one.kind in _PLACES and one.mention.end in starts for one in place.clause.references)
    named = next((one for one in place.clause.references if one.mention.start in ends and one.kind not in _PLACES), None)
    company = company_of(place, named.entity) if somewhere and named is not None else None
    if named is None or company is None:
        return None
    return Candidate((company,), place.clause.number, ["whose"]), Candidate((of_reference(named),), place.clause.number, ["whose"])


def _under(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return whoever a clause opens with and what is under it, where nobody else is named as its owner (`甲公司发布旗下首款汽车乙`)."""
    clause, opening = place.clause, opening_name(place.clause)
    word = next((token for token in clause.tokens if token.text == _UNDER and (token.start, token.end) in place.cues), None)
    if word is None or opening is None or opening.kind not in ACTORS or opening.mention.end >= word.start:
        return None
    before = next((token for token in reversed(clause.tokens) if token.end <= word.start), None)
    named = next((one for one in clause.references if one.mention.start >= word.end and one.kind not in _PLACES), None)
    thing = of_reference(named) if named is not None else behind_dash(place, clause.end)
    if before is None or before.tag[0] in _NOMINAL or thing is None:
        return None
    return Candidate((of_reference(opening),), clause.number, ["whose"]), Candidate((thing,), clause.number, ["whose"])


def only_refers(place: Place) -> bool:
    """Say whether a clause speaks of who belongs to whom only to refer to it (`出售该子公司`)."""
    if place.predicate is not Predicate.OWNS or not place.cues:
        return False
    pointing = {token.end for token in place.clause.tokens if place.pronouns.get(token.text) in _POINTING}
    named = {one.mention.start for one in place.clause.references}
    return all(start in pointing and end not in named for start, end in place.cues)
