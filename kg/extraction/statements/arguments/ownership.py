"""Sentence patterns that say who owns whom, whatever the weights say: 是…的子公司, 控股股东, 持股, 所持有的."""

from itertools import dropwhile, takewhile

from kg.expressions import compiled
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import OURS, Candidate, Place, company_of
from kg.extraction.statements.arguments.rows import OWN, runs, whole_row
from kg.extraction.statements.arguments.survey import opening_name
from kg.extraction.statements.arguments.tidying import KIN, behind_dash
from kg.extraction.statements.possession import ours
from kg.extraction.tokens import Token
from kg.model import Kind, Predicate

_SHAREHOLDERS = frozenset(("股东", "大股东"))
_LINKS = frozenset("vp")  # first letters of the tags of 是 and 为
_PREDICATED = frozenset("vdmc")  # tags of words that no two bare names have between them
_IS = frozenset(("是", "为", "系", "乃", "成为", "不是", "并非", "并不是", "不再是", "仍是", "仍为", "均为"))
_ADVERBIAL = frozenset("dtc")  # first letters of the tags of words between a name and what it is
_KIN = compiled(
    r"的?\p{Han}{0,8}?(?:(?P<daughter>子公司|孙公司|附属公司|参股公司|旗下公司|成员企业)|(?:股东|母公司|实际控制人|实控人|控制人))$"
)
_BETWEEN = compiled(f"{KIN}[“「]?")
_OF_WHAT_IS_HELD = compiled(
    r"\G占(?:其|公司|本公司|该股东)?(?:个人)?(?:直接)?(?:所)?(?:持有?|拥有)"
)  # of what somebody holds, not of the company
_BECOMES = compiled(
    r"(?P<owned>[\p{Han}\p{L}\d·()]{2,20}?)(?:便|就|也|即|正式|已经?|将会?|仍|不再){0,3}(?:成为|变为|变更为|转为|作为)"
    r"(?P<owner>[\p{Han}\p{L}\d·()]{2,20}?)的?(?:全资|控股|参股|间接|直接){0,2}(?:子公司|孙公司|附属公司)"
)
_HOLDS = compiled("(?:仍|共|合计|共计|累计|直接|间接|实际|总计|现|已|目前|还|尚){0,3}(?:持有|控制)(?:本|上市)?公司(?=[股的已总无流有\\d ])")
_ITS = compiled("其(?:个人)?(?:直接|间接|合计)?(?:所)?持有?的?(?:本|上市)?公司(?!控股|股东)")
_OF_ALL = compiled("\\G(?:约)?占(?:其|本)?(?:公司)?(?:目前|当前|现有|已发行|回购前|注册)?(?:公司)?(?:总股本|股份总数|股本总额|总股份|股本)")
_HOLDERS = ACTORS | {Kind.PERSON}
_AND_ITS = compiled("及其(?:全资|控股|下属|主要|参股)*(?:子公司|孙公司|附属公司|关联公司)")
_PLACES = frozenset((Kind.PLACE, Kind.STATE))
_UNOWNED = frozenset((Kind.PERSON, Kind.PLACE, Kind.STATE))
UNDER = "旗下"
_THERE = frozenset(("当地", "本地", "海外", "境外", "国外", "境内"))
_HAVING = frozenset(("拥有", "坐拥", "握有", "持有"))
_POINTING = frozenset(("this", "one", "these"))  # what 该, 其 and 这些 refer to, in subject_pronouns.tsv
_COUNTING = frozenset("mqu")  # first letters of the tags of what may stand between 旗下 and a name: 2025款
_SHORTEST = 3  # characters of a holder that nothing else shows to be one
_LENGTH = range(2, 12)  # characters of a name
_LONGEST = 12  # characters of a holder that nothing but its place shows to be one
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
    return (
        _ours(place)
        or _kin_between(place)
        or _relative(place)
        or _becoming(place)
        or _holding(place)
        or its_shares(place)
        or _share_of_all(place)
        or _and_its(place)
        or _held(place)
        or _shareholder(place)
        or _part_of(place)
        or _owned_by(place)
        or _branch(place)
        or _right_under(place)
        or _under(place)
        or _under_unnamed(place)
    )


def _ours(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return whom a speaker speaks for and what he calls his own by its name (`我们的鹿铃平台`)."""
    named = next((of_reference(reference) for _, reference in ours(place.clause, place.pronouns)), None)
    owner = company_of(place) if named is not None else None
    if named is None or owner is None or owner.name == named.name:
        return None
    number = place.clause.number
    return Candidate((owner,), number, ["ours"]), whole_row(place, Candidate((named,), number, ["ours"]))


def _kin_between(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return owner and what it owns where a word for a daughter or a holder stands right between their names.

    `甲公司的子公司乙公司` is owned by 甲公司, and `甲公司的股东乙公司` owns it, whoever else the clause names before.
    """
    clause = place.clause
    starts = {one.mention.start: of_reference(one) for one in clause.references}
    ends = {end: place.survey.named(clause, start, end) for start, end in runs(place) if end - start in _LENGTH}
    ends |= {one.mention.end: of_reference(one) for one in clause.references}
    for found in _BETWEEN.finditer(place.survey.context.view, clause.start, clause.end):
        before, behind = ends.get(found.start()), starts.get(found.end())
        if before is None or behind is None or before.name == behind.name or before.name in place.pronouns:
            continue
        if before.name in _THERE and found["daughter"]:
            before = company_of(place, behind.name) or before  # 当地子公司甲
        owner, owned = (before, behind) if found["daughter"] else (behind, before)
        if owner.kind in (_HOLDERS - _PLACES) | {None} and owned.kind not in _UNOWNED:
            return Candidate((owner,), clause.number, ["whose"]), Candidate((owned,), clause.number, ["whose"])
    return None


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


def _becoming(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return owner and what it owns where one becomes the other's daughter, whatever their names look like (`甲将成为乙的全资子公司`)."""
    clause = place.clause
    found = _BECOMES.match(place.survey.context.view, clause.begin, clause.end)
    if found is None:
        return None
    owner, owned = (place.survey.named(clause, *found.span(part)) for part in ("owner", "owned"))
    if place.pronouns.get(owner.name) in OURS:
        owner = company_of(place, owned.name) or owner
    if owned.name in place.pronouns or not owner.name or not owned.name:
        return None
    return Candidate((owner,), clause.number, ["whose"]), Candidate((owned,), clause.number, ["whose"])


def _holding(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who holds shares of the company, and the company (`甲集团合计持有公司股份3,000万股`)."""
    clause, view = place.clause, place.survey.context.view
    found = next((one for one in _HOLDS.finditer(view, clause.start, clause.end)), None)
    if found is None:
        return None
    named = (one for one in clause.references if one.mention.end == found.start() and one.kind in ACTORS | {Kind.PERSON})
    begin = clause.begin
    before = [token for token in clause.tokens if begin <= token.start and token.end <= found.start()]
    stands = 1 < found.start() - begin <= _LONGEST and all(token.tag[0] in _NOMINAL or token.tag == "ns" for token in before)
    holder = next(map(of_reference, named), place.survey.named(clause, begin, found.start()) if stands else None)
    return None if holder is not None and holder.name in place.pronouns else _of_company(place, holder, clause.number)


def _of_company(place: Place, holder: Named | None, number: int) -> tuple[Candidate, Candidate] | None:
    """Return a holder, who stands in the clause of that number, and the company whose shares are held; None where either is unknown."""
    company = company_of(place, holder.name) if holder is not None else None
    if holder is None or company is None or company.name == holder.name:
        return None
    return Candidate((holder,), number, ["holds"]), Candidate((company,), place.clause.number, ["holds"])


def its_shares(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who holds or sells shares that a clause calls 其所持, and the company (`甲集团拟将其持有的公司5%股份转让给乙集团`)."""
    clause, view = place.clause, place.survey.context.view
    found = _ITS.search(view, clause.start, clause.end)
    if found is None:
        return None
    clauses = place.survey.context.clauses
    near = [one for one in clauses[max(0, clause.number - 1) : clause.number + 1] if one.sentence == clause.sentence]
    named = [one for other in reversed(near) for one in other.references if one.mention.end <= found.start() and one.kind in _HOLDERS]
    return _of_company(place, next(map(of_reference, named), None), clause.number)


def _share_of_all(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who holds the share of the company that a clause gives, where the one before says who holds how much (`占公司总股本的27%`)."""
    clause, clauses = place.clause, place.survey.context.clauses
    if not clause.number or not _OF_ALL.match(place.survey.context.view, clause.start, clause.end):
        return None
    other = clauses[clause.number - 1]
    held = _HOLDS.search(place.survey.context.view, other.start, other.end) if other.sentence == clause.sentence else None
    named = (one for one in reversed(other.references) if held and one.mention.end <= held.start() and one.kind in _HOLDERS)
    return _of_company(place, next(map(of_reference, named), None), other.number)


def _and_its(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return owner and daughter of `甲公司及其子公司乙公司`."""
    clause = place.clause
    starts, ends = ({one.mention.start: one for one in clause.references}, {one.mention.end: one for one in clause.references})
    for found in _AND_ITS.finditer(place.survey.context.view, clause.start, clause.end):
        owner, owned = ends.get(found.start()), starts.get(found.end())
        if owner is not None and owned is not None and owner.kind in ACTORS:
            whom, what = (Candidate((of_reference(one),), clause.number, ["whose"]) for one in (owner, owned))
            return whom, what
    return None


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
    of_us = place.pronouns.get(whose[0].text) in OURS or whose[0].tag[0] not in _NOMINAL  # 未收到控股股东甲集团的…
    company = company_of(place, owner) if of_us else None
    named = next((of_reference(one) for one in clause.references if one.mention.end == whose[0].end and one.kind not in _UNOWNED), company)
    return named or (_opening_words(place, number) if not of_us else None)


def _opening_words(place: Place, number: int) -> Named | None:
    """Return the words that a clause opens with before its word of that number, where they can be no more than a name (`甲社交母公司`)."""
    clause, begin = place.clause, place.clause.begin
    before = [token for token in clause.tokens[:number] if token.start >= begin]
    owned = place.survey.named(clause, begin, before[-1].end) if before else None
    nominal = all(token.tag[0] in _NOMINAL for token in before)
    return owned if owned is not None and nominal and _SHORTEST <= len(owned.name) <= _LONGEST else None


def _part_of(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return parent and part of `甲是乙的全资子公司`, whatever their names are made of."""
    clause, begin = place.clause, place.clause.begin
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


def _under_word(place: Place) -> Token | None:
    """Return 旗下 where it states the relation."""
    cues = {start for start, _ in place.cues}  # of 旗下 or 旗下的
    return next((token for token in place.clause.tokens if token.text == UNDER and token.start in cues), None)


def _right_under(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return whom 旗下 stands right behind, and what is under it, whoever else the clause names (`甲公司拟收购乙公司旗下的工厂`)."""
    clause, word = place.clause, _under_word(place)
    owner = next((one for one in clause.references if word and one.mention.end == word.start and one.kind in ACTORS), None)
    if word is None or owner is None or opening_name(clause) in (None, owner):
        return None
    quoted = any(mark in place.survey.context.view[word.end : clause.end] for mark in "“「《")
    if quoted or sum(one.mention.start >= word.end for one in clause.references) > 1:
        return None  # 旗下的短视频应用“甲”: the weights know better which name it is
    thing = _named_under(place, word) or _words_under(place, word)
    if thing is None:
        return None
    return Candidate((of_reference(owner),), clause.number, ["whose"]), Candidate((thing,), clause.number, ["whose"])


def _under(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return whoever a clause opens with and what is under it, where nobody else is named as its owner (`甲公司发布旗下首款汽车乙`)."""
    clause, opening = place.clause, opening_name(place.clause)
    word = _under_word(place)
    if word is None or opening is None or opening.kind not in ACTORS or opening.mention.end >= word.start:
        return None
    before = next((token for token in reversed(clause.tokens) if token.end <= word.start), None)
    thing = _named_under(place, word) or behind_dash(place, clause.end)
    if before is None or before.tag[0] in _NOMINAL or thing is None:
        return None
    return Candidate((of_reference(opening),), clause.number, ["whose"]), Candidate((thing,), clause.number, ["whose"])


def _named_under(place: Place, word: Token) -> Named | None:
    """Return the name behind 旗下; where it stands behind a preposition, what stands before that (云业务 of `将旗下云业务出售给甲公司`)."""
    clause = place.clause
    named = next((one for one in clause.references if one.mention.start >= word.end and one.kind not in _PLACES), None)
    if named is None:
        return None
    between = [token for token in clause.tokens if word.end <= token.start and token.end <= named.mention.start]
    if not any(token.tag == "p" for token in between):
        return of_reference(named)
    return _words_under(place, word)


def _words_under(place: Place, word: Token) -> Named | None:
    """Return the nominal words right behind 旗下 or 旗下的, None where there are none."""
    begin = word.end + len(OWN) * place.survey.context.view.startswith(OWN, word.end)
    behind = [token for token in place.clause.tokens if token.start >= begin]
    verbal = len(behind) > 1 and behind[0].tag[0] == "v" and behind[1].tag[0] in _NOMINAL  # 充电业务
    phrase = [*behind[:verbal], *takewhile(lambda token: token.tag[0] in _NOMINAL, behind[verbal:])]
    return place.survey.named(place.clause, begin, phrase[-1].end) if phrase else None


def _under_unnamed(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return what a clause opens with, though it be no name, and what is under it (`甲车业旗下乙汽车`)."""
    clause, word = place.clause, _under_word(place)
    thing = next((one for one in clause.references if word and one.mention.start >= word.end and one.kind not in _PLACES), None)
    if word is None or thing is None or any(clause.begin < one.mention.end <= word.start for one in clause.references):
        return None
    between = [token for token in clause.tokens if word.end <= token.start and token.end <= thing.mention.start]
    owner = _opening_words(place, clause.tokens.index(word))
    if owner is None or place.pronouns.get(owner.name) or any(token.tag[0] not in _COUNTING for token in between):
        return None  # 旗下的甲中心由乙持有
    return Candidate((owner,), clause.number, ["whose"]), Candidate((of_reference(thing),), clause.number, ["whose"])


def possessor(place: Place) -> Candidate | None:
    """Return the organisation that a clause opens with, right before that it has something (`甲矿业拥有两座锂矿`)."""
    clause, opening = place.clause, opening_name(place.clause)
    verb = next((token for token in clause.tokens if token.text in _HAVING and (token.start, token.end) in place.cues), None)
    if verb is None or opening is None or opening.kind not in ACTORS or opening.mention.end > verb.start:
        return None
    between = [token for token in clause.tokens if opening.mention.end <= token.start and token.end <= verb.start]
    return Candidate((of_reference(opening),), clause.number, ["has"]) if all(one.tag[0] in _ADVERBIAL for one in between) else None


def possessed(place: Place) -> Candidate | None:
    """Return the words behind the one that says that somebody has something, without how many they are (锂矿 of `拥有两座锂矿`)."""
    behind = max((end for _, end in place.cues), default=place.clause.end)
    tokens = dropwhile(lambda token: token.tag[0] in _COUNTING, (token for token in place.clause.tokens if token.start >= behind))
    begin = next((token.start for token in tokens), -1)
    span = next((span for span in runs(place) if span[0] == begin), None)
    return Candidate((place.survey.named(place.clause, *span),), place.clause.number, ["had"]) if span is not None else None


def only_refers(place: Place) -> bool:
    """Say whether a clause speaks of who belongs to whom only to refer to it (`出售该子公司`, `占其所持股份的80%`)."""
    if place.predicate is not Predicate.OWNS or not place.cues:
        return False
    view, clause = place.survey.context.view, place.clause
    if _OF_WHAT_IS_HELD.match(view, clause.start, clause.end):
        return True
    if _OF_ALL.match(view, clause.start, clause.end) and _share_of_all(place) is None:
        return True
    pointing = {token.end for token in place.clause.tokens if place.pronouns.get(token.text) in _POINTING}
    named = {one.mention.start for one in place.clause.references}
    return all(start in pointing and end not in named for start, end in place.cues)
