"""Who holds whose shares, and who buys or sells some, where a frame says so: 持股40%, 第一大股东为, 持有其18%, 股东甲公司拟减持."""

from collections.abc import Iterator

from kg.expressions import compiled
from kg.extraction.statements.arguments.constructions import both
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import OURS, Candidate, Place, company_of
from kg.extraction.statements.arguments.rows import JOINTS, whole_row
from kg.extraction.statements.arguments.survey import opening_name
from kg.extraction.statements.context import ClauseContext
from kg.model import Kind, Predicate

_HOLDERS = ACTORS | {Kind.PERSON}
_SHARE = compiled(
    r"(?:将|拟|分别|合计|共|共同|目前|现|则|各|仍|还|直接|间接){0,3}(?:持股(?:比例)?(?:为|达|占)?|持有|占股)约?\d[\d.]*%"
    r"(?:的?(?:股权|股份|股票|权益|股|份额))?$"
)
_HELD = compiled("(?:持有|控股|入股)(?=[^,%]*%)")
_FOUNDED = compiled("(?:成立|设立|组建|创立|新设|合资)了?")
_RANK = "(?:控股|第[一二三四五]大|最大|单一最?大|大|主要)"
_HOLDER_IS = compiled(f"的?{_RANK}?股东(?:、实际控制人)?(?:为|是|系)(?:自然人|境外法人)?")
_IS_HOLDER = compiled(f"(?:为|是|系|成为|不是|并非|并不是)(?:公司|本公司|其)?的?{_RANK}股东(?:[、和及](?:实际控制人|实控人))*$")
_ITS = compiled("持有其(?=[\\d股约的]|全部|多数|部分|任何)")
_NOT = compiled("(?:也|亦|均|并|从|尚|仍|还|目前|现|已)*(?:未|没有|不再|不)?曾?(?:直接|间接|合计|共计)*")  # between a holder and 持有
_CHANGED = compiled(
    "(?:的)?(?:实际控制人|控股股东|第一大股东|实控人)(?:将|拟|已|正式)?由(?P<old>[^,]{2,20}?)(?:变更为|变为|变成|更换为|改为)(?P<new>[^,]{2,20})$"
)
_TRADED = ("减持", "增持")
_NEAR = 4  # clauses of a sentence looked back


def holding(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who holds shares and whose they are where one of these frames says so; None elsewhere, and of any other relation."""
    if place.predicate is not Predicate.OWNS:
        return None
    return _changed(place) or _ranked(place) or _its(place) or _share(place)


def traded(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who adds to or sells shares and whose they are, where no company is named behind the verb (`股东甲公司计划减持`)."""
    clause, view = place.clause, place.survey.context.view
    if place.predicate not in (Predicate.DIVESTS, Predicate.INVESTS_IN) or not view.startswith(_TRADED, place.anchor):
        return None
    named = [one for one in clause.references if one.kind in _HOLDERS and one.mention.start >= clause.begin]
    if not named or any(one.mention.start >= place.anchor and one.kind in ACTORS for one in named):
        return None
    holder = next((one for one in reversed(named) if one.mention.end <= place.anchor), None)
    ours = place.pronouns.get(view[clause.begin : clause.begin + 2]) in OURS
    if holder is None or not (len(named) > 1 or ours or holder.kind is Kind.PERSON):
        return None
    first = next((one for one in named if one.entity != holder.entity and one.kind is not Kind.PERSON), None)
    if first is not None and not any(mark in JOINTS for mark in view[first.mention.end : holder.mention.start]):
        return _pair(place, of_reference(holder), of_reference(first), "traded")
    found = _pair(place, of_reference(holder), company_of(place, holder.entity), "traded")
    if found is None or first is None or first.entity == found[1].names[0].name:
        return found
    return found[0]._replace(names=(of_reference(first), of_reference(holder))), found[1]  # 甲公司、实际控制人李明均无减持计划


def _changed(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return the new holder where a clause tells of a change (`甲公司实际控制人由李明变更为王芳`)."""
    clause = place.clause
    found = _CHANGED.search(place.survey.context.view, clause.begin, clause.end)
    if found is None:
        return None
    owned = _ending(place, found.start()) or company_of(place)
    return _pair(place, place.survey.named(clause, *found.span("new")), owned, "changed")


def _ranked(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who is called which shareholder (`甲公司第一大股东为乙公司`, `丙公司为第二大股东`)."""
    holder, company = _shareholder(place, place.clause)
    if holder is None or company is None or holder.name == company.name:
        return None
    return whole_row(place, Candidate((holder,), place.clause.number, ["holder"])), _one(place, company)


def _shareholder(place: Place, clause: ClauseContext) -> tuple[Named | None, Named | None]:
    """Return the shareholder whom a clause names as such, and whose it is, which a clause before may say."""
    view, begin = place.survey.context.view, clause.begin
    starts, ends = ({one.mention.start: one for one in clause.references}, {one.mention.end: one for one in clause.references})
    if (found := _HOLDER_IS.search(view, begin, clause.end)) is not None:
        holder, whose = starts.get(found.end()), ends.get(found.start())
    elif (found := _IS_HOLDER.search(view, begin, clause.end)) is not None:
        holder, whose = ends.get(found.start()), None
    else:
        return None, None
    if holder is None or holder.kind not in _HOLDERS:
        return None, None
    if whose is not None and whose.kind in ACTORS:
        return of_reference(holder), of_reference(whose)
    others = (_shareholder(place, other)[1] for other in _before(place, clause.number))
    return of_reference(holder), next(filter(None, others), None) or company_of(place, holder.entity)


def _its(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who holds what of the one named before (`据乙公司披露,甲公司持有其15%的股份`)."""
    clause = place.clause
    found = _ITS.search(place.survey.context.view, clause.start, clause.end)
    whoever = (
        one for one in reversed(clause.references) if found and _NOT.fullmatch(place.survey.context.view, one.mention.end, found.start())
    )
    holder = next((of_reference(one) for one in whoever if one.kind in _HOLDERS), None)
    if holder is None:
        return None
    named = [one for other in (clause, *_before(place)) for one in reversed(other.references) if one.mention.end <= holder.start]
    return _pair(place, holder, next((of_reference(one) for one in named if one.kind in ACTORS and one.entity != holder.name), None), "its")


def _share(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who holds a share of what the sentence spoke of: `甲持有丙51%,乙持有30%`, `合资成立丙,后者持股40%`."""
    clause, begin = place.clause, place.clause.begin
    found = _SHARE.search(place.survey.context.view, begin, clause.end)
    if found is None or any(one.mention.start >= found.start() for one in clause.references):
        return None
    called = next((token.text for token in clause.tokens if token.start == begin and token.end == found.start()), "")
    if found.start() == begin:
        told = ((holder, whose) for holder, whose in (_shareholder(place, other) for other in _before(place)) if holder is not None)
        holder, owned = next(told, (None, None))
        return _pair(place, holder, owned, "share")
    one_of_two = both(place) if called in place.grammar.pairs else None
    holder = one_of_two[0].names[0] if one_of_two is not None else _ending(place, found.start())
    if holder is None and place.pronouns.get(called) in OURS:
        holder = company_of(place)
    owned = next((named for other in _before(place) for named in _spoken_of(place, other)), None)
    return _pair(place, holder, owned, "share")


def _spoken_of(place: Place, clause: ClauseContext) -> Iterator[Named]:
    """Yield whose shares a clause says somebody holds, or what it says is founded."""
    view = place.survey.context.view
    for pattern in (_HELD, _FOUNDED):
        found = pattern.search(view, clause.start, clause.end)
        if found is not None:
            yield from (of_reference(one) for one in clause.references if one.kind in ACTORS and one.mention.start >= found.end())


def _before(place: Place, number: int | None = None) -> Iterator[ClauseContext]:
    """Yield the clauses before that clause in the sentence, else before the relation's own, the nearest first."""
    number, clauses = place.clause.number if number is None else number, place.survey.context.clauses
    near = reversed(clauses[max(0, number - _NEAR) : number])
    return (one for one in near if one.sentence == place.clause.sentence)


def _ending(place: Place, end: int) -> Named | None:
    """Return the name that ends there, else the one that the clause opens with, where it ends there."""
    named = (one for one in place.clause.references if one.mention.end == end and one.kind in _HOLDERS)
    opening = opening_name(place.clause)
    return next(map(of_reference, named), None) or (of_reference(opening) if opening and opening.mention.end == end else None)


def _one(place: Place, name: Named) -> Candidate:
    return Candidate((name,), place.clause.number, ["holds"])


def _pair(place: Place, holder: Named | None, company: Named | None, origin: str) -> tuple[Candidate, Candidate] | None:
    if holder is None or company is None or not holder.name or holder.name in place.pronouns or holder.name == company.name:
        return None
    return Candidate((holder,), place.clause.number, [origin]), _one(place, company)
