"""Sentence patterns that say who does what to what, whatever the weights say: passives, 把 and 将, 双方, topics."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from kg.expressions import compiled
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.ours import us_and, with_us
from kg.extraction.statements.arguments.places import OURS, Candidate, Place, company_of
from kg.extraction.statements.arguments.rows import (
    CLAIMS,
    NO_AGENT,
    OWN,
    PAIRED,
    RAISED,
    row_of_actors,
    runs,
    whole_row,
)
from kg.extraction.statements.arguments.survey import WITH, opening_name
from kg.extraction.statements.context import ClauseContext
from kg.model import Kind, Predicate

MADE = frozenset((Kind.PRODUCT, Kind.TECHNOLOGY))
_DONE_TO = frozenset(
    (
        Predicate.ACQUIRES,
        Predicate.DIVESTS,
        Predicate.EXITS,
        Predicate.LAUNCHES,
        Predicate.PROVIDES,
        Predicate.REPLACES,
        Predicate.RESTRICTS,
    )
)
_OF_THINGS = frozenset((Predicate.PROVIDES, Predicate.LAUNCHES, Predicate.REPLACES, Predicate.ACQUIRES, Predicate.DIVESTS, Predicate.USES))
_ATTRIBUTED = frozenset((Predicate.OWNS, Predicate.DEVELOPS, Predicate.LAUNCHES))
_RECEIVED = frozenset((Predicate.INVESTS_IN, Predicate.PERMITS, Predicate.RESTRICTS))  # what is had from others: 获得红杉投资
_PROVIDERS = frozenset(("供应商", "供货商", "服务商", "提供商"))  # nouns for who provides
_PARTING = frozenset("xucpmtrqf")  # first letters of the tags of words that stand in no name
_ACTING = frozenset("vda")  # and of those that make none alone: 被强制收购
_NAME = range(2, 9)  # characters of a name
_NAMING = frozenset(("是", "为", "包括", "有"))  # between what somebody is and who that is
_NOT_FOUND = compiled("(?:未|没有?|并未|尚未|暂未)(?:有|曾)?(?:发现|查到|查出|检出)")
_IS_NOT = frozenset(("不是", "并非", "并不是", "不属于", "绝非"))
_LIGHT = frozenset("dtf")  # first letters of the tags of words that may stand between a name and 与
_FROM = ("向", "从", "自")
_BUYS = compiled("(?:大量|长期|批量|独家|直接|集中|继续|首次)*(?:采购|购买|购入|订购|进货|拿货|购进|进口)(?:了|过)?")
_BOUND_FOR = compiled("赴(\\p{Han})(?:二次|双重|主板|挂牌|首次|公开|发行)*(?:上市|IPO|挂牌)")
_WITH_WHAT = frozenset(("用", "以"))
_AGAINST = compiled("(?:决定|拟|已|依法|将)*对")
_MEASURE = compiled("采取|实施|处以|作出|开出|给予")
_CERTIFIED = compiled("[^,]{0,6}?(?:已|均|顺利|成功)*(?:通过|获得|取得|拿到)了?")
_CERTIFICATE = compiled("的?[^,]{0,4}?(?:验证|认证|批准|许可|审批|备案|认可|准入|核准)")
_IT_IS = compiled("(?:而|都|全|其实|实际上)*是由?")
_LICENSING = compiled("(?:授权|许可|准许|允许)(?:给|了)?(?=.{2,16}(?:使用|销售|经营|生产|代理|以))")
_RIVAL = compiled("的?(?:主要|最大|老|直接)?(?:竞争对手|对手|竞品)")
_TAKER = compiled("(?:受让方|受让人|买方|接盘方|收购方|购买方)(?:为|是|系)")
_CLOSING = frozenset("xuyw")  # first letters of the tags of what ends a clause: marks, 了, 的
_WHEN = frozenset("dtpmqf")  # and of what says when or how
_PAIR = 2  # companies at least that do something with each other
_TOGETHER = 4  # clauses back in which the two may have been named


def passive(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return doer and thing done to where a word for it parts them (`鹭渡智行被泠湖集团收购`), None elsewhere."""
    clause = place.clause
    if place.predicate in NO_AGENT or not place.cues or place.word in _PROVIDERS:
        return None
    words = place.grammar.markers | (place.grammar.receipts if place.predicate in _RECEIVED else frozenset())
    marker = next((number for number, token in enumerate(clause.tokens) if token.text in words and token.end <= place.anchor), None)
    if marker is None:
        return None
    perfect = clause.tokens[marker + 1 : marker + 2]
    begin = perfect[0].end if perfect and perfect[0].tag[0] == "u" else clause.tokens[marker].end  # 获得了
    found = [span for span in runs(place) if span[0] >= clause.attribution.content]
    doers = [(start, end) for start, end in found if start == begin and end == place.anchor] or _between(place, begin)
    doers = doers or [(start, end) for start, end in found if start == begin and end <= place.anchor]
    done = [(start, end) for start, end in found if end <= clause.tokens[marker].start]
    if doers and not done and place.predicate is Predicate.INVESTS_IN:
        return _funded(place, doers[0])
    if not doers or not done:
        return None
    whole = _with_owner(place, done, clause.tokens[marker].start)
    last = (one.mention for one in clause.references if one.kind in ACTORS and one.mention.end == whole[1] and one.mention.start > whole[0])
    described = (one for one in last if place.survey.context.view.startswith(OWN, one.start - 1))  # 已退出北美的甲公司
    whole = next(((one.start, one.end) for one in described), whole)
    doer, thing = (Candidate((place.survey.named(clause, *span),), clause.number, ["passive"]) for span in (doers[0], whole))
    row = row_of_actors(place.clause, doers[0][0])
    doer = doer._replace(names=tuple(row)) if len(row) > 1 else whole_row(place, doer)
    return (doer, whole_row(place, thing)) if doer.names[0].name and thing.names[0].name else None


def _with_owner(place: Place, done: Sequence[tuple[int, int]], stop: int) -> tuple[int, int]:
    """Return the first run of words before `stop`, with the thing of its own that ends there: 甲公司的芯片 of `甲公司的芯片由…`."""
    start, end = done[0]
    own = next((token.end for token in place.clause.tokens if token.start == end and token.text == OWN), None)
    things = [last for first, last in done if own is not None and first >= own]
    return (start, things[-1]) if things and things[-1] == stop and place.predicate in _OF_THINGS else (start, end)


def _between(place: Place, begin: int) -> list[tuple[int, int]]:
    """Return the stretch from a word for a doer to the relation's word, where it can be a name that is cut into other words (滴答出行)."""
    tokens = [token for token in place.clause.tokens if begin <= token.start and token.end <= place.anchor]
    plain = all(token.tag[0] not in _PARTING for token in tokens) and any(token.tag[0] not in _ACTING for token in tokens)
    return [(begin, place.anchor)] if tokens and plain and place.anchor - begin in _NAME else []


def _funded(place: Place, doer: tuple[int, int]) -> tuple[Candidate, Candidate] | None:
    """Return who funds and whom: the name that the clause before or behind opens with (`甲公司完成融资,由乙资本领投`)."""
    clause, clauses = place.clause, place.survey.context.clauses
    earlier = [one for one in clauses[max(0, clause.number - _TOGETHER) : clause.number] if one.sentence == clause.sentence]
    behind = [one for one in clauses[clause.number + 1 : clause.number + 2] if one.sentence == clause.sentence and RAISED in _words(one)]
    named = (opening_name(other) for other in (*reversed(earlier), *behind))
    whom = next((one for one in named if one is not None and one.kind in ACTORS), None)
    name = place.survey.named(clause, *doer)
    if whom is None or not name.name or name.name == whom.entity:
        return None
    return Candidate((name,), clause.number, ["passive"]), Candidate((of_reference(whom),), clause.number, ["passive"])


def _words(clause: ClauseContext) -> str:
    return "".join(token.text for token in clause.tokens)


def disposed(place: Place) -> Candidate | None:
    """Return what stands right behind the word for what is done to (`将青禾云出售给…`), None without one before the relation's word."""
    clause = place.clause
    if place.predicate not in _DONE_TO:
        return None
    for number, token in enumerate(clause.tokens):
        if token.text not in place.grammar.disposals or token.start < clause.begin:
            continue
        end = _noun_end(place, number + 1)
        if end is not None and end <= place.anchor:
            name = place.survey.named(clause, token.end, end)
            return whole_row(place, Candidate((name,), clause.number, ["disposal"])) if name.name else None
    return None


def bought_from(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who supplies what somebody buys of him: 乙公司 and 芯片 of `甲公司向乙公司采购芯片`; None elsewhere."""
    clause = place.clause
    if place.predicate is not Predicate.PROVIDES:
        return None
    view = place.survey.context.view
    for one in clause.references:
        bought = _BUYS.match(view, one.mention.end, clause.end) if one.kind in ACTORS else None
        if bought is None or not view.endswith(_FROM, clause.start, one.mention.start):
            continue
        span = next((span for span in place.survey.phrases(clause.number) if span.start == bought.end() and span.form == "run"), None)
        thing = () if span is None else (place.survey.named(clause, span.start, span.end),)
        return Candidate((of_reference(one),), clause.number, ["seller"]), Candidate(thing, clause.number, ["bought"])
    return None


def made_by(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who made or has something, and the thing, where a relative clause says so: 甲公司 and 乙 of `侵犯甲公司拥有的乙`.

    Only where the verb stands right behind the name and 的 right behind the verb, whoever else the clause speaks of.
    """
    clause, view = place.clause, place.survey.context.view
    if place.predicate not in _ATTRIBUTED:
        return None
    ends = {one.mention.end: one for one in clause.references if one.kind in ACTORS}
    for start, end in sorted(place.cues):
        maker = ends.get(start)
        verb = any(token.start == start and token.tag[0] == "v" for token in clause.tokens)
        if maker is None or not verb or not view.startswith(OWN, end) or maker.mention.start <= clause.begin:
            continue
        if any(token.end == maker.mention.start and token.tag == "p" for token in clause.tokens):
            continue  # 在英国大学做的
        tokens = [token for token in clause.tokens if token.start >= end + len(OWN)]
        while tokens and tokens[0].tag[0] in "mqrb":
            tokens.pop(0)
        begin = tokens[0].start if tokens else -1
        named = next((one for one in clause.references if one.mention.start == begin), None)
        span = next((phrase for phrase in place.survey.phrases(clause.number) if phrase.start == begin and phrase.form == "run"), None)
        thing = of_reference(named) if named else place.survey.named(clause, span.start, span.end) if span else None
        if thing is not None and thing.name:
            return Candidate((of_reference(maker),), clause.number, ["maker"]), Candidate((thing,), clause.number, ["made"])
    return None


def acted_against(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who restricts whom, where a frame names both (`甲局对乙采取…措施`); None elsewhere."""
    if place.predicate is not Predicate.RESTRICTS:
        return None
    pairs = _parted_by(_AGAINST, place)
    measured = (pair for pair in pairs if _MEASURE.match(place.survey.context.view, pair[1].end, place.clause.end))
    return next((_two(place.clause, who, whom) for who, whom in measured), None)


def certified(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who permits what, where a clause says whose certificate that has (`甲的芯片通过乙的认证`); None elsewhere."""
    if place.predicate is not Predicate.PERMITS:
        return None
    pairs = _parted_by(_CERTIFIED, place)
    had = (pair for pair in pairs if _CERTIFICATE.match(place.survey.context.view, pair[1].end, place.clause.end))
    return next((_two(place.clause, who, what) for what, who in had), None)


def _parted_by(pattern: "regex.Pattern[str]", place: Place) -> Iterator[tuple[Named, Named]]:
    """Yield each two names of a clause that nothing but what a pattern matches stands between."""
    starts = {one.mention.start: one for one in place.clause.references}
    for one in place.clause.references:
        found = pattern.match(place.survey.context.view, one.mention.end, place.clause.end)
        other = starts.get(found.end()) if found is not None else None
        if other is not None and other.entity != one.entity:
            yield of_reference(one), of_reference(other)


def licensed(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who lets whom do something, named right behind the verb (`公司从未授权甲使用商标`); None elsewhere."""
    clause, opening = place.clause, opening_name(place.clause)
    found = _LICENSING.search(place.survey.context.view, clause.start, clause.end) if place.predicate is Predicate.PERMITS else None
    whom = next((one for one in clause.references if found and one.mention.start == found.end() and one.kind in ACTORS), None)
    if found is None or whom is None:
        return None
    named = of_reference(opening) if opening is not None and opening.mention.end <= found.start() else None
    first = next((token for token in clause.tokens if token.start == clause.begin), None)
    if named is None and first is not None and place.pronouns.get(first.text) in OURS:
        named = company_of(place, whom.entity)
    return None if named is None or named.name == whom.entity else _two(clause, named, of_reference(whom))


def cleft(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who is said to have done it, and to what the clause before speaks of (`电机不是我们做的,是甲公司提供的`); None elsewhere."""
    clause, view = place.clause, place.survey.context.view
    if place.predicate not in _ATTRIBUTED | {Predicate.PROVIDES} or not clause.number or view[clause.end - 1 : clause.end] != OWN:
        return None
    begin = _IT_IS.match(view, clause.begin, clause.end)
    doer = next((one for one in clause.references if begin and one.mention.start == begin.end() and one.kind in ACTORS), None)
    before = place.survey.context.clauses[clause.number - 1]
    if doer is None or before.sentence != clause.sentence or not any(start == doer.mention.end for start, _ in place.cues):
        return None
    first = next((one for one in before.references if one.mention.start == before.begin), None)
    return None if first is None or first.entity == doer.entity else _two(clause, of_reference(doer), of_reference(first))


def rival_of(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return two rivals where one is called the other's right between their names (`甲公司的竞争对手乙公司`); None elsewhere."""
    if place.predicate is not Predicate.COMPETES_WITH:
        return None
    rivals = ((other, one) for one, other in _parted_by(_RIVAL, place) if one.kind in ACTORS and other.kind in ACTORS)
    return next((_two(place.clause, *pair) for pair in rivals), None)


def transferred_to(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who takes over and what, where a clause names only him (`甲拟转让所持乙35%股权,受让方为丙`); None elsewhere."""
    clause, clauses = place.clause, place.survey.context.clauses
    found = _TAKER.search(place.survey.context.view, clause.start, clause.end) if place.predicate is Predicate.ACQUIRES else None
    taker = next((one for one in clause.references if found and one.mention.start == found.end() and one.kind in ACTORS), None)
    if taker is None:
        return None
    before = [one for one in clauses[max(0, clause.number - _TOGETHER) : clause.number] if one.sentence == clause.sentence]
    sold = next((one for other in reversed(before) for one in reversed(other.references) if one.kind in ACTORS), None)
    return None if sold is None else _two(clause, of_reference(taker), of_reference(sold))


def _two(clause: ClauseContext, whom: Named, what: Named) -> tuple[Candidate, Candidate]:
    return Candidate((whom,), clause.number, ["frame"]), Candidate((what,), clause.number, ["frame"])


def listed_abroad(place: Place) -> Candidate | None:
    """Return where shares are to be listed, where the clause calls the place by one character: 香港 of `赴港上市`."""
    found = _BOUND_FOR.search(place.survey.context.view, place.clause.start, place.clause.end)
    if found is None or found[1] not in place.grammar.abroad or place.predicate is not Predicate.LISTS:
        return None
    return Candidate((Named(*place.grammar.abroad[found[1]], *found.span(1)),), place.clause.number, ["bound for"])


def _noun_end(place: Place, number: int) -> int | None:
    """Return where the noun phrase or name ends that begins with a word of the clause, before the relation's word; else None."""
    tokens = place.clause.tokens
    if number >= len(tokens):
        return None
    start = tokens[number].start
    cue = min((begin for begin, _ in place.cues if begin > start), default=place.clause.end)
    named = (one.mention.end for one in place.clause.references if one.mention.start == start)
    phrases = (min(one.end, cue) for one in place.survey.phrases(place.clause.number) if one.start == start)
    nouns = {token.end for token in tokens if token.tag[0] in "nj" or token.tag in ("vn", "x", "eng")}
    return max((end for end in (*named, *phrases) if end in nouns), default=None)


def _first_of_ours(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return the company and its partner or rival where a clause names that one behind what it is (`首个合作伙伴是甲公司`)."""
    clause = place.clause
    link = next((token for token in clause.tokens if token.text in _NAMING and any(token.start == end for _, end in place.cues)), None)
    named = (one for one in clause.references if link and one.mention.start == link.end and one.kind in ACTORS)
    other = next(named, None)
    company = company_of(place, other.entity) if other else None
    if other is None or company is None:
        return None
    return Candidate((company,), clause.number, ["related"]), Candidate((of_reference(other),), clause.number, ["related"])


def founded(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return what came to be, and nobody who founded it, where a clause tells no more than that (`甲公司成立于1998年`)."""
    opening = opening_name(place.clause)
    if place.predicate is not Predicate.FOUNDS or opening is None or opening.kind not in ACTORS or opening.mention.end > place.anchor:
        return None
    between = [token for token in place.clause.tokens if opening.mention.end <= token.start < place.anchor]
    behind = any(start >= place.anchor for start, _ in runs(place)) or any(one is not opening for one in place.clause.references)
    if behind or any(token.tag[0] not in "dt" for token in between):
        return None
    return Candidate((of_reference(opening),), place.clause.number, ["founded"]), Candidate((), place.clause.number, ["nobody"])


def closed(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return whose unit it is, and the unit, where a clause says that it closes (`岚州工厂将于年底关停`); None elsewhere."""
    clause = place.clause
    if place.predicate is not Predicate.EXITS or not place.cues:
        return None
    end = max(end for _, end in place.cues)
    behind = next((token for token in clause.tokens if token.start >= end), None)
    unit = next((one for one in reversed(clause.references) if one.mention.end <= place.anchor), None)
    if unit is None or unit.kind is not Kind.UNIT or (behind is not None and behind.tag[0] not in _CLOSING):
        return None
    if any(token.tag[0] not in _WHEN for token in clause.tokens if unit.mention.end <= token.start < place.anchor):
        return None
    owner = company_of(place)
    whom = (owner,) if owner is not None and owner.name != unit.entity else ()
    return Candidate(whom, clause.number, ["closed"]), Candidate((of_reference(unit),), clause.number, ["closed"])


def both(place: Place) -> tuple[Candidate, Candidate | None] | None:
    """Return whom 双方, 两家公司, 前者 or 后者 means as the doer: of the two that were named together last; None without such a word.

    Where the two do it to each other (`双方合作`) the second is what the relation is to.
    """
    clause = place.clause
    words = [token for token in clause.said if token.start < max(place.anchor, clause.start + 1)]
    whom = next((whom for token in words if (whom := place.grammar.pairs.get(token.text)) and whom != "joint"), None)
    pair = _pair(place) if whom else None
    if whom is None or pair is None or place.predicate in (Predicate.METRIC, Predicate.HOLDS_ROLE):
        return None
    first, second = (Candidate((name,), clause.number, [whom]) for name in pair)
    if whom != "both":
        return (first if whom == "former" else second), None
    return (first, second) if place.predicate in PAIRED else (Candidate(pair, clause.number, [whom]), None)


def among_themselves(place: Place, thing: Candidate) -> tuple[Candidate, Candidate] | None:
    """Return who does it and what, where several companies announce what they do: nobody of another sentence does it.

    Of `甲公司、乙公司和丙公司宣布成立合资企业` all three found it, and the first has the others as partners.
    """
    clause = place.clause
    named = [one for one in clause.references if one.kind in ACTORS]
    row = list({one.entity: of_reference(one) for one in named if one.mention.end <= place.anchor}.values())
    if len(row) < _PAIR or len(row) < len({one.entity for one in named}) or place.predicate in NO_AGENT:
        return None
    if place.predicate in PAIRED:
        return Candidate(tuple(row[:1]), clause.number, ["joint"]), Candidate(tuple(row[1:]), clause.number, ["joint"])
    behind = max((end for _, end in place.cues), default=place.anchor)
    things = [name for name in thing.names if name.start >= place.anchor]
    things = things or [place.survey.named(clause, *span) for span in runs(place) if span[0] >= behind][:1]
    return (Candidate(tuple(row), clause.number, ["joint"]), Candidate(tuple(things), clause.number, ["joint"])) if things else None


def announced_ban(place: Place, thing: Candidate) -> tuple[Candidate, Candidate] | None:
    """Return who announces a ban and what is banned, where what is announced begins with it (`甲公司宣布禁止使用乙`); None elsewhere."""
    clause, attribution = place.clause, place.clause.attribution
    if place.predicate is not Predicate.RESTRICTS or not place.cues or place.anchor != clause.begin:
        return None
    speaker = next((one for one in clause.references if one.entity == attribution.speaker and one.mention.end <= attribution.content), None)
    if speaker is None or speaker.kind not in ACTORS:
        return None
    things = tuple(name for name in thing.names if name.name != speaker.entity)
    if not things:
        behind = max(end for _, end in place.cues)
        things = tuple(of_reference(one) for one in clause.references if one.mention.start >= behind)[:1]
    return Candidate((of_reference(speaker),), clause.number, ["announced"]), Candidate(things, clause.number, ["announced"])


def jointly(place: Place) -> Candidate | None:
    """Return the two who do it together, the first named before the other (`甲公司联合乙公司成立…`) or at the head of the clause before."""
    clause, clauses = place.clause, place.survey.context.clauses
    if place.predicate in PAIRED | NO_AGENT:
        return None
    words = (token for token in clause.said if token.end <= place.anchor)
    word = next((token for token in words if place.grammar.pairs.get(token.text) == "joint"), None)
    other = next((one for one in clause.references if word and one.mention.start == word.end and one.mention.end <= place.anchor), None)
    if word is None or other is None:
        return with_us(place)
    if other.kind not in ACTORS:
        return None
    first = opening_name(clause)
    before = clauses[clause.number - 1] if clause.number and word.start == clause.begin else None
    if before is not None and before.sentence == clause.sentence:
        first = opening_name(before)
    if first is None or first.kind not in ACTORS or first.mention.start >= word.start or first.entity == other.entity:
        return None
    return Candidate((of_reference(first), of_reference(other)), clause.number, ["joint"])


def related(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who has whom as a partner or rival (`甲公司的主要对手是乙公司`, `我们和甲公司联合开发`, `甲公司跟乙公司合作`), else None."""
    clause, opening = place.clause, opening_name(place.clause)
    pair = us_and(place, clause.end) if place.predicate is Predicate.PARTNERS_WITH else None
    if pair is not None:
        return Candidate(pair[:1], clause.number, ["related"]), Candidate(pair[1:], clause.number, ["related"])
    if place.predicate in PAIRED and opening is None:
        return _first_of_ours(place)
    if place.predicate not in PAIRED or opening is None or opening.mention.end > place.anchor:
        return None
    behind = [token for token in clause.tokens if token.start >= opening.mention.end]
    with_ = next((token for token in behind if token.tag[0] not in _LIGHT), None)
    others = row_of_actors(place.clause, with_.end) if with_ is not None and with_.text in WITH and opening.kind in ACTORS else []
    if others and others[-1].end <= place.anchor:
        return Candidate((of_reference(opening),), clause.number, ["related"]), Candidate(tuple(others), clause.number, ["related"])
    link = next((token for token in behind if token.text in _NAMING and token.start >= place.anchor), None)
    named = next((one for one in clause.references if link and one.mention.start == link.end), None)
    if not behind or behind[0].text != OWN or named is None:
        return None
    whom = whole_row(place, Candidate((of_reference(named),), clause.number, ["related"]))
    return Candidate((of_reference(opening),), clause.number, ["related"]), whom


def _pair(place: Place) -> tuple[Named, Named] | None:
    """Return the two that were named together last, in this clause before the relation's word or in one of the clauses before it."""
    survey, number = place.survey, place.clause.number
    for back in range(number, max(-1, number - 1 - _TOGETHER), -1):
        clause = survey.context.clauses[back]
        named = [
            of_reference(one)
            for one in clause.references
            if one.kind in ACTORS - {Kind.STATE} and (back < number or one.mention.end <= place.anchor)
        ]
        if any(place.pronouns.get(token.text) in OURS for token in clause.tokens) and (company := company_of(place)):
            named.insert(0, company)  # 公司与甲公司…
        found = list({name.name: name for name in named}.values())
        ends = {token.start: token.end for token in clause.tokens if token.text in WITH}
        joined = [(one, other) for one, other in pairwise(found) if ends.get(one.end) == other.start]
        if len(joined) == 1:
            return joined[0]  # 甲公司与乙公司合资成立丙公司
        if len(found) > 1:
            return (found[0], found[1]) if found[2:] == [] else None
    return None


def topic_before(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the name that the clause before opens with where the one chosen only stands further on in it, and nobody in this clause.

    In `蓝湾OS是基于安卓开发的系统,面向年轻家庭` who 面向 is said of is 蓝湾OS.
    """
    clause, clauses = place.clause, place.survey.context.clauses
    if chosen.clause != clause.number - 1 or not chosen.names or place.predicate in CLAIMS:
        return None
    other = clauses[chosen.clause]
    opening = opening_name(other)
    if opening is None or other.sentence != clause.sentence or opening.kind not in (ACTORS - {Kind.STATE}) | MADE:
        return None
    if place.predicate is Predicate.HOLDS_ROLE:
        return None  # 甲公司董事长李明离职,现任乙公司总裁
    name = chosen.names[0]
    return Candidate((of_reference(opening),), other.number, ["topic"]) if name.start >= opening.mention.end else None


def replacing(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return the new and the old where names stand on both sides of the word (`甲公司取代乙公司`, `用甲公司的系统替换乙公司`)."""
    clause = place.clause
    if place.predicate is not Predicate.REPLACES or not place.cues:
        return None
    begin, end = place.cues[-1]
    after = {token.end for token in clause.tokens if token.start == end and token.tag[0] == "u"}
    old = next((one for one in clause.references if one.mention.start in {end, *after}), None)
    instrument = next((token for token in reversed(clause.tokens) if token.end <= begin and token.text in _WITH_WHAT), None)
    opening = opening_name(clause)
    if old is None or opening is None or opening.mention.end > begin:
        return None
    if instrument is not None:
        new = place.survey.named(clause, instrument.end, begin)
    elif any(token.tag[0] not in _WHEN for token in clause.tokens if opening.mention.end <= token.start < begin):
        return None
    else:
        new = of_reference(opening)
    if not new.name or new.name == old.entity:
        return None
    return Candidate((new,), clause.number, ["replacing"]), Candidate((of_reference(old),), clause.number, ["replacing"])


def this_thing(place: Place) -> Candidate | None:
    """Return the product that 该, 这款 and the like before a word for things mean: the one named last (`该平台已上线`); else None."""
    clause, clauses = place.clause, place.survey.context.clauses
    said = [token for token in clause.said if token.tag[0] not in "tcd"][:2]
    word = "".join(token.text for token in said)
    if not said or place.pronouns.get(said[0].text) != "this" or not word.endswith(place.grammar.things) or said[-1].end > place.anchor:
        return None
    for back in range(clause.number - 1, max(-1, clause.number - 1 - _TOGETHER), -1):
        if clauses[back].block != clause.block:
            break
        named = next((one for one in reversed(clauses[back].references) if one.kind in MADE), None)
        if named is not None:
            return Candidate((of_reference(named),), clause.number, ["this"])
    return None


def measured_of(place: Place, chosen: Candidate) -> Candidate | None:
    """Return whom a sentence names first, where what is measured was taken to be another's, named behind a verb on the way to it.

    In `晶湃拥有员工860人,客户包括小米,收入19亿元` the revenue is that of 晶湃. None elsewhere.
    """
    clause, clauses = place.clause, place.survey.context.clauses
    name = chosen.names[0] if len(chosen.names) == 1 else None
    if place.predicate is not Predicate.METRIC or name is None or name.kind not in ACTORS or not chosen.clause < clause.number:
        return None
    other = clauses[chosen.clause]
    if other.sentence != clause.sentence or not any(token.tag == "v" and token.end <= name.start for token in other.said):
        return None
    sentence = (one for one in clauses[max(0, clause.number - _TOGETHER) : clause.number] if one.sentence == clause.sentence)
    first = next((one for each in sentence for one in each.references if one.kind in ACTORS - {Kind.STATE}), None)
    if first is None or first.entity == name.name:
        return None
    return Candidate((of_reference(first),), clause.number, ["sentence"])


def not_found(place: Place) -> Candidate | None:
    """Return of whom it is said that something was not found (`市监局未发现甲公司使用过期原料`), None elsewhere."""
    found = _NOT_FOUND.search(place.survey.context.view, place.clause.start, place.clause.end)
    if place.predicate is not Predicate.PROPOSITION or found is None:
        return None
    of_whom = next((one for one in place.clause.references if one.mention.start == found.end() and one.kind in ACTORS), None)
    return Candidate((of_reference(of_whom),), place.clause.number, ["not found"]) if of_whom is not None else None


def not_so(place: Place) -> Candidate | None:
    """Return what a clause opens with where it says what that is not (`甲公司并非公司关联方`), None elsewhere."""
    opening = opening_name(place.clause)
    if place.predicate is not Predicate.PROPOSITION or opening is None or opening.kind not in ACTORS | MADE:
        return None
    words = (token for token in place.clause.said if token.start >= opening.mention.end)
    first = next((token.text for token in words if token.tag != "d" or token.text in _IS_NOT), None)
    return Candidate((of_reference(opening),), place.clause.number, ["opening"]) if first in _IS_NOT else None
