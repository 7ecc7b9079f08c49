"""Sentence patterns that say who does what to what, whatever the weights say: passives, 把 and 将, parts and owners, 双方, topics."""

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
    WITH,
    behind_preposition,
    given_to,
    runs,
    whole_row,
)
from kg.extraction.statements.arguments.survey import begin_of, opening_name
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
_DEALS = frozenset((Predicate.ACQUIRES, Predicate.INVESTS_IN))
_RECEIVED = frozenset((Predicate.INVESTS_IN, Predicate.PERMITS, Predicate.RESTRICTS))  # what is had from others: 获得红杉投资
_SHAREHOLDERS = frozenset(("股东", "大股东"))
_NAMING = frozenset(("是", "为", "包括", "有"))  # between what somebody is and who that is
_CLOSING = frozenset("xuyw")  # first letters of the tags of what ends a clause: marks, 了, 的
_WHEN = frozenset("dtpmqf")  # and of what says when or how
_LINKS = frozenset("vp")  # first letters of the tags of 是 and 为
_PREDICATED = frozenset("vdmc")  # tags of words that no two bare names have between them
_TOGETHER = 4  # clauses back in which the two may have been named


def passive(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return doer and thing done to where a word for it parts them (`鹭渡智行被泠湖集团收购`), None elsewhere."""
    clause = place.clause
    if place.predicate in NO_AGENT or not place.cues:
        return None
    words = place.grammar.markers | (place.grammar.receipts if place.predicate in _RECEIVED else frozenset())
    marker = next((number for number, token in enumerate(clause.tokens) if token.text in words and token.end <= place.anchor), None)
    if marker is None:
        return None
    perfect = clause.tokens[marker + 1 : marker + 2]
    begin = perfect[0].end if perfect and perfect[0].tag[0] == "u" else clause.tokens[marker].end  # 获得了
    found = [span for span in runs(place) if span[0] >= clause.attribution.content]
    doers = [(start, end) for start, end in found if start == begin and end <= place.anchor]
    done = [(start, end) for start, end in found if end <= clause.tokens[marker].start]
    if doers and not done and place.predicate is Predicate.INVESTS_IN:
        return _funded(place, doers[0])
    if not doers or not done:
        return None
    doer, thing = (Candidate((place.survey.named(clause, *span),), clause.number, ["passive"]) for span in (doers[0], done[0]))
    return (whole_row(place, doer), whole_row(place, thing)) if doer.names[0].name and thing.names[0].name else None


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
        if token.text not in place.grammar.disposals or token.start < begin_of(clause):
            continue
        end = _noun_end(place, number + 1)
        if end is not None and end <= place.anchor:
            name = place.survey.named(clause, token.end, end)
            return whole_row(place, Candidate((name,), clause.number, ["disposal"])) if name.name else None
    return None


def talked_about(place: Place) -> Candidate | None:
    """Return whom talks are held with about a deal (`与甲公司就收购事项进行接触`), None elsewhere."""
    clause = place.clause
    if place.predicate not in _DEALS:
        return None
    over = {token.start for token in clause.tokens if token.text == "就" and token.end <= place.anchor}
    begins = {token.end for token in clause.tokens if token.text in WITH}
    named = (one for one in clause.references if one.mention.start in begins and one.mention.end in over and one.kind in ACTORS)
    other = next(named, None)
    return None if other is None else Candidate((of_reference(other),), clause.number, ["talks"])


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


def buyer(place: Place) -> Candidate | None:
    """Return who buys where somebody sells: the name right behind 给 in `把仿制药业务卖给了岫东制药`; None elsewhere."""
    if place.predicate is not Predicate.ACQUIRES or not any(Predicate.DIVESTS in cue.points_to for cue in place.clause.cues):
        return None
    named = given_to(place)
    return None if named is None else Candidate((named,), place.clause.number, ["buyer"])


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
    return _held(place) or _shareholder(place) or _part_of(place) or _owned_by(place)


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
        return of_reference(opening) if opening is not None and opening.kind in ACTORS else None
    company = company_of(place, owner) if place.pronouns.get(whose[0].text) in OURS else None
    return next((of_reference(one) for one in clause.references if one.mention.end == whose[0].end and one.kind in ACTORS), company)


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


def both(place: Place) -> tuple[Candidate, Candidate | None] | None:
    """Return whom 双方, 两家公司, 前者 or 后者 means as the doer: of the two that were named together last; None without such a word.

    Where the two do it to each other (`双方合作`) the second is what the relation is to.
    """
    clause = place.clause
    words = [token for token in clause.tokens if begin_of(clause) <= token.start < max(place.anchor, clause.start + 1)]
    whom = next((whom for token in words if (whom := place.grammar.pairs.get(token.text)) and whom != "joint"), None)
    pair = _pair(place) if whom else None
    if whom is None or pair is None or place.predicate in (Predicate.METRIC, Predicate.HOLDS_ROLE):
        return None
    first, second = (Candidate((name,), clause.number, [whom]) for name in pair)
    if whom != "both":
        return (first if whom == "former" else second), None
    return (first, second) if place.predicate in PAIRED else (Candidate(pair, clause.number, [whom]), None)


def jointly(place: Place) -> Candidate | None:
    """Return the two who do it together, the first named before the other (`甲公司联合乙公司成立…`) or at the head of the clause before."""
    clause, clauses = place.clause, place.survey.context.clauses
    if place.predicate in PAIRED | NO_AGENT:
        return None
    words = (token for token in clause.tokens if begin_of(clause) <= token.start and token.end <= place.anchor)
    word = next((token for token in words if place.grammar.pairs.get(token.text) == "joint"), None)
    other = next((one for one in clause.references if word and one.mention.start == word.end and one.mention.end <= place.anchor), None)
    if word is None or other is None:
        return with_us(place)
    if other.kind not in ACTORS:
        return None
    first = opening_name(clause)
    before = clauses[clause.number - 1] if clause.number and word.start == begin_of(clause) else None
    if before is not None and before.sentence == clause.sentence:
        first = opening_name(before)
    if first is None or first.kind not in ACTORS or first.mention.start >= word.start or first.entity == other.entity:
        return None
    return Candidate((of_reference(first), of_reference(other)), clause.number, ["joint"])


def related(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who has whom as a partner or rival (`甲公司的主要对手是乙公司`, `我们和甲公司联合开发`), None elsewhere."""
    clause, opening = place.clause, opening_name(place.clause)
    pair = us_and(place, clause.end) if place.predicate is Predicate.PARTNERS_WITH else None
    if pair is not None:
        return Candidate(pair[:1], clause.number, ["related"]), Candidate(pair[1:], clause.number, ["related"])
    if place.predicate in PAIRED and opening is None:
        return _first_of_ours(place)
    if place.predicate not in PAIRED or opening is None or opening.mention.end > place.anchor:
        return None
    behind = [token for token in clause.tokens if token.start >= opening.mention.end]
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
        if len(found) > 1:
            return (found[0], found[1]) if found[2:] == [] else None
    return None


def opened(place: Place, chosen: Candidate) -> Candidate | None:
    """Return the thing right before the word for opening (`我们的编译器去年就开源了`), where what was chosen stands elsewhere."""
    if place.predicate is not Predicate.OPEN_SOURCES or chosen.clause == place.clause.number or not place.cues:
        return None
    start = begin_of(place.clause)
    names = [place.survey.named(place.clause, *span) for span in runs(place) if start <= span[0] and span[1] <= place.anchor]
    things = [
        name
        for name in names
        if name.name and name.kind not in ACTORS and name.kind is not Kind.PERSON and not behind_preposition(place, name.start)
    ]
    return Candidate((things[-1],), place.clause.number, ["opened"]) if things else None


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
    name = chosen.names[0]
    return Candidate((of_reference(opening),), other.number, ["topic"]) if name.start >= opening.mention.end else None
