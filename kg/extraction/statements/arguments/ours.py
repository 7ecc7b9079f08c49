"""Who is meant by 我们 and 公司, and where nobody is named: the company of who speaks, asks or answers."""

from collections.abc import Sequence

from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import OURS, Candidate, Place, answerer, company_of
from kg.extraction.statements.arguments.rows import NO_AGENT, PAIRED
from kg.extraction.statements.arguments.survey import WITH, first_word, opening_name, undated
from kg.extraction.statements.context import ClauseContext
from kg.model import Kind, Predicate, Role, Stance

_NOUNS = frozenset("nrjx")  # first letters of the tags of what a clause may have for a subject
_PLACE = "ns"
_ABOUT_WHAT_IS_SPOKEN_OF = frozenset(
    (Predicate.HOLDS_ROLE, Predicate.PROPOSITION, Predicate.REPLACES, Predicate.SUPPORTS, Predicate.TARGETS, Predicate.USES)
)
_GIVEN = frozenset((Predicate.PERMITS, Predicate.RESTRICTS))
_TO = frozenset(("向", "给"))
_NOT_GOING_ON = frozenset((Predicate.OPEN_SOURCES, Predicate.HOLDS_ROLE))
_ALSO = frozenset(("也", "亦", "更", "且", "并", "但", "而且", "并且", "但也", "同时"))
_COMPANY = "公司"
_POINTING = ("该", "这")  # before somebody named last, who need not be the one that speaks
_BEFORE_WITH = frozenset("dvc")  # first letters of the tags of what may stand before it: 正, 并无, 没有
_TOGETHER = frozenset(("共同", "联合", "一起", "合资", "携手"))


def meant(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the company that is meant without being named, where another one was chosen; None elsewhere."""
    return (
        _of_us(place, chosen)
        or _himself(place, chosen)
        or _speaks_of_itself(place, chosen)
        or _measured_of_us(place, chosen)
        or _answering(place, chosen)
        or _by_us(place, chosen)
        or _going_on(place, chosen)
        or _company_asked(place, chosen)
        or _spoken_for(place, chosen)
    )


def of_this_exchange(place: Place, choices: Sequence[Candidate]) -> list[Candidate]:
    """Leave out who is named in other questions and answers only, but for who answers and whom they speak for."""
    if place.clause.turn.role is Role.NARRATION:
        return list(choices)
    own = _speaking(place)
    return [choice for choice in choices if not any(_strays(place, name, own) for name in choice.names)]


def _company_asked(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the company that answers, where nobody was found but in other questions and answers (`是否考虑分拆子公司?`); else None."""
    if place.clause.turn.role is Role.NARRATION or not chosen.names:
        return None
    own = _speaking(place)
    company = company_of(place)
    if company is None or not all(_strays(place, name, own) for name in chosen.names):
        return None
    return Candidate((company,), place.clause.number, ["company"])


def _spoken_for(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the company of a person who says 我们 of what companies do (`我们联合开发的样品`), None elsewhere."""
    clause = place.clause
    person = chosen.names[0] if len(chosen.names) == 1 else None
    if person is None or person.kind is not Kind.PERSON or person.name != clause.attribution.speaker:
        return None
    we = any(place.pronouns.get(token.text) == "we" and len(token.text) > 1 for token in clause.tokens)
    company = company_of(place) if we and place.predicate is not Predicate.HOLDS_ROLE else None
    return None if company is None else Candidate((company,), clause.number, ["company"])


def _speaks_of_itself(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the company that speaks, else whom the paragraph begins with, where what is said begins with 公司 and another was chosen.

    `甲局约谈乙公司。乙公司回应称,公司从未要求商家二选一`: 乙公司. None where somebody of the clause itself was chosen.
    """
    clause, facts = place.clause, place.survey.facts
    company = None if clause.attribution.hearsay or clause.turn.role is not Role.NARRATION else company_of(place)
    speaker = clause.attribution.speaker
    if company is None or (speaker is not None and facts.kinds.get(speaker) not in ACTORS - {Kind.STATE}):
        return None
    begin = clause.begin
    opens = any(token.start == begin and place.pronouns.get(token.text) == "company" for token in clause.tokens)
    here = any(clause.start <= name.start < name.end <= clause.end for name in chosen.names)
    if not opens or here or any(name.name == company.name for name in chosen.names):
        return None
    return Candidate((company,), clause.number, ["company"])


def _himself(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the person who is quoted where what is claimed begins with 他, and nobody was chosen whom that can mean; else None."""
    clause = place.clause
    speaker, content = clause.attribution.speaker, clause.begin
    first = next((token for token in clause.tokens if token.start >= content), None)
    if place.predicate is not Predicate.PROPOSITION or first is None or place.pronouns.get(first.text) != "person":
        return None
    person = place.survey.facts.entity(speaker, first.start) if speaker else None
    if person is None or person.kind is not Kind.PERSON or any(name.kind is Kind.PERSON for name in chosen.names):
        return None
    return Candidate((person,), clause.number, ["himself"])


def _measured_of_us(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the company where a figure's clause begins with 我们 or 公司, and another one was taken (`甲去年营收90亿元,我们21亿元`)."""
    clause = place.clause
    first = first_word(undated(clause.said), place.pronouns)
    if place.predicate is not Predicate.METRIC or first is None or first.text not in place.pronouns:
        return None
    of_us = place.pronouns[first.text] == "we" and len(first.text) > 1
    here = any(name.end > name.start and chosen.clause == clause.number for name in chosen.names)
    company = company_of(place) if of_us or (first.text == _COMPANY and clause.attribution.speaker is not None) else None
    if company is None or here or all(name.kind not in ACTORS or name.name == company.name for name in chosen.names):
        return None
    return Candidate((company,), clause.number, ["company"])


def _by_us(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the company where a clause that begins with what is spoken of goes on with 我们 (`装载机我们卖了3200台`), else None."""
    clause = place.clause
    here = any(name.end > name.start and chosen.clause == clause.number for name in chosen.names)
    if here or place.predicate in _ABOUT_WHAT_IS_SPOKEN_OF:
        return None
    company = company_of(place) if we_act(place, clause) else None
    return None if company is None else Candidate((company,), clause.number, ["company"])


def _answering(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the company that answers where an answer opens with 公司 and a verb (`公司力争年底前完成流片`), else None."""
    clause, said = place.clause, place.clause.said
    acts = len(said) > 1 and said[0].text == _COMPANY and said[1].tag[0] in "vdt"
    here = any(name.end > name.start and chosen.clause == clause.number for name in chosen.names)
    if clause.turn.role is not Role.ANSWER or not acts or here or place.predicate is not Predicate.PROPOSITION:
        return None
    company = company_of(place)
    return None if company is None else Candidate((company,), clause.number, ["company"])


def we_act(place: Place, clause: ClauseContext) -> bool:
    """Say whether a clause has 我们 as who acts: behind no preposition, and not as whose something is."""
    said, stances = clause.said, {cue.start for cue in clause.stance_cues}  # 计划 may be tagged as a noun
    for before, word, behind in zip([None, *said], said, [*said[1:], None], strict=False):
        acting = behind is not None and (behind.tag[0] in "vdtp" or behind.start in stances)
        if acting and place.pronouns.get(word.text) == "we" and len(word.text) > 1:
            return before is None or before.tag[0] not in "pv"
    return False


def _speaking(place: Place) -> frozenset[str | None]:
    """Return who asks or answers, and whom they speak for."""
    clause, employers = place.clause, place.survey.facts.employers
    speakers = {clause.attribution.speaker, answerer(place)} if clause.asked else {clause.attribution.speaker}
    company = company_of(place)
    return frozenset(speakers | {employers.get(speaker or "") for speaker in speakers} | ({company.name} if company else set()))


def _strays(place: Place, name: Named, own: frozenset[str | None]) -> bool:
    """Say whether a name that is none of `own` stands neither in the question that the clause belongs to nor in the answers to it."""
    return name.kind is not None and name.name not in own and not place.survey.in_exchange(place.clause.start, name.name)


def _going_on(place: Place, chosen: Candidate) -> Candidate | None:
    """Return whom an earlier clause of the sentence opens with, where nobody of the sentence was chosen: a name, 我们 or 公司.

    `我们不造车,主要做软件`, `曜石将推出轿车,明年进入欧洲`. None where the clause itself begins with somebody.
    """
    clause, clauses = place.clause, place.survey.context.clauses
    also = _denies_also(place)
    stands = chosen.clause == clause.number if also else clauses[chosen.clause].sentence == clause.sentence
    here = stands and any(name.end > name.start and not _done_to(place, clauses[chosen.clause], name) for name in chosen.names)
    measured = place.predicate is Predicate.METRIC  # 归母净利润 of `公司实现营收…,归母净利润…` is nobody
    claimed = place.predicate is Predicate.PROPOSITION and any(name.kind is not Kind.PERSON for name in chosen.names)
    if here or (claimed and not also) or place.predicate in _NOT_GOING_ON:
        return None
    if opening_name(clause) is not None if measured else _opens(place, clause) is not None:
        return None
    for number in range(clause.number - 1, -1, -1):
        earlier = clauses[number]
        if earlier.sentence != clause.sentence:
            break
        opening, name = _opens(place, earlier), opening_name(earlier)
        if name is not None and name.kind in ACTORS - {Kind.STATE}:
            return Candidate((of_reference(name),), number, ["going on"])
        if opening is not None:
            own = (place.pronouns.get(opening) in OURS and not opening.startswith(_POINTING)) or we_act(place, earlier)
            company = company_of(place) if own else None
            return None if company is None else Candidate((company,), clause.number, ["going on"])
    return None


def _denies_also(place: Place) -> bool:
    """Say whether a clause denies one thing more of whoever the clause before is about: `公司与甲公司无关,也没有接触过`."""
    first = next(iter(place.clause.said), None)
    return place.stance is Stance.DENIES and first is not None and first.text in _ALSO


def _done_to(place: Place, clause: ClauseContext, name: Named) -> bool:
    """Say whether a name stands behind 向 or 给 in an earlier clause, where nobody is who acts: 甲公司 of `公司向甲公司供应`."""
    before = next((token for token in reversed(clause.tokens) if token.end <= name.start), None)
    given = place.predicate in _GIVEN  # 向欧盟递交申请,希望拿到批准
    return clause is not place.clause and before is not None and before.text in _TO and not given


def _opens(place: Place, clause: ClauseContext) -> str | None:
    """Return the pronoun or noun that what a clause says begins with, but for adverbs, times and joints; None where it is another word."""
    said = [token for token in undated(clause.said) if token.tag[0] not in "tcd"]
    if len(said) > 1 and said[0].tag == _PLACE and said[1].text in place.pronouns:
        del said[0]  # 墨西哥我们评估过
    first = first_word(said, place.pronouns)
    return first.text if first is not None and (first.text in place.pronouns or first.tag[0] in _NOUNS) else None


def _of_us(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the company where what is said of it and another was taken to be said of that one (`公司与甲公司不存在关联关系`)."""
    pair = us_and(place, place.clause.end) if place.predicate not in PAIRED | NO_AGENT - {Predicate.PROPOSITION} else None
    taken = pair is not None and any(name.name == pair[1].name for name in chosen.names)
    return Candidate(pair[:1], place.clause.number, ["company"]) if pair is not None and taken else None


def us_and(place: Place, end: int) -> tuple[Named, Named] | None:
    """Return the company and the one named with it before `end` in a clause (`我们和甲公司`), None elsewhere."""
    clause = place.clause
    words = clause.said
    ours = [token.end for token in words if place.pronouns.get(token.text) in OURS]
    for word in words:
        if word.text not in WITH or not ours or word.start < ours[0]:
            continue
        between = [token for token in words if ours[0] <= token.start < word.start]
        if any(token.tag[0] not in _BEFORE_WITH for token in between):
            return None
        named = (one for one in clause.references if one.kind in ACTORS and one.kind is not Kind.STATE)
        other = next((one for one in named if word.end <= one.mention.start and one.mention.end <= end), None)
        company = company_of(place, other.entity) if other else None
        return (company, of_reference(other)) if other is not None and company is not None else None
    return None


def with_us(place: Place) -> Candidate | None:
    """Return the company and whom it does it together with (`公司与甲公司共同出资设立…`), None elsewhere."""
    clause = place.clause
    together = next((token.start for token in clause.tokens if token.text in _TOGETHER and token.end <= place.anchor), None)
    pair = us_and(place, together) if together is not None else None
    return None if pair is None else Candidate(pair, clause.number, ["joint"])
