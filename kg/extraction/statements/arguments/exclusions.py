"""Who has no part in a relation, whatever the weights say: who is acted on does not do it, nobody does it to itself."""

import itertools
from collections.abc import Callable, Sequence

from kg.expressions import compiled
from kg.extraction.statements.arguments.constructions import MADE
from kg.extraction.statements.arguments.doers import ACTS, OF_THINGS, first, opening_doer
from kg.extraction.statements.arguments.facts import ACTORS
from kg.extraction.statements.arguments.measures import behind_comparison
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.ours import of_this_exchange, we_act
from kg.extraction.statements.arguments.ownership import UNDER
from kg.extraction.statements.arguments.places import OURS, Candidate, Place, refutes
from kg.extraction.statements.arguments.posts import NO_HOLDERS
from kg.extraction.statements.arguments.rows import CLAIMS, NO_AGENT, OWN, PAIRED, behind_preposition, given_to, on_cue, runs
from kg.extraction.statements.arguments.survey import WITH
from kg.extraction.statements.arguments.tidying import only_whose
from kg.extraction.statements.cues import PLAIN, family
from kg.model import Kind, Predicate, Role, Stance

_TRANSITIVE = ACTS | {Predicate.OWNS, Predicate.PROVIDES}
_NOT_OF_PEOPLE = frozenset(
    (
        *(Predicate.ACQUIRES, Predicate.COMPETES_WITH, Predicate.DIVESTS, Predicate.EXITS, Predicate.LISTS, Predicate.OPEN_SOURCES),
        *(Predicate.PROVIDES, Predicate.REPLACES, Predicate.SUPPORTS, Predicate.TARGETS, Predicate.USES),
    )
)
_NOT_OF_PLACES = frozenset(
    (
        *(Predicate.ACQUIRES, Predicate.COMPETES_WITH, Predicate.DIVESTS, Predicate.EXITS, Predicate.LISTS, Predicate.OPEN_SOURCES),
        *(Predicate.OPERATES_IN, Predicate.PROVIDES, Predicate.TARGETS, Predicate.USES),
    )
)
_PLACES = frozenset((Kind.PLACE, Kind.STATE))
_NOT_ACTED_ON = NO_AGENT - {Predicate.METRIC} | PAIRED | {Predicate.RESTRICTS}  # who stands behind a preposition may still do it
_AFTER = compiled("(?:全部|正式)?(?:完成|结束|落地|交割|生效|获批)(?:之后|以后|之前|以前|后|前|时)")
_BY = frozenset(("通过", "以", "凭借", "借助", "按照", "根据", "由于"))
_PARTING = frozenset("pcxdw")  # first letters of the tags of words that no noun phrase goes on before
_DETERMINING = frozenset("rmqa")  # first letters of the tags of words that stand before a noun
_NOMINAL = frozenset("nrjxle")  # first letters of the tags of what may be one of two
_WITHIN_FIELDS = frozenset("nrjxlebavs")  # first letters of the tags of what a phrase that names a field is made of
_UP_TO_FIELDS = _WITHIN_FIELDS | frozenset("umqfc")
_AT = "在"
_COMING_FROM = ("来自", "来自于", "来源于", "源自")
_EXCEPT = compiled("除[^,。;]{1,40}?(?:之外|以外|外)")
_FOR_WHOM = compiled("[为给向](?:其|公司)?(?:全资|控股|参股)?(?:子公司|孙公司|关联方|关联公司|参股公司|控股股东|客户|合作伙伴)$")
_MEANS = frozenset(("以", "用", "使用", "利用", "凭借", "通过", "动用"))
_KNOWN = "known"  # where a candidate was seen that only the document as a whole names
_DATED = compiled(r"\d+月\d+日$")  # what an outlet's dateline ends with
_FOR = frozenset(("为", "给"))
_COUNTING = frozenset("mqtf")
_NO_NOUN = frozenset("vdpcuyrsftmq")  # first letters of the tags of words of which none is the noun of a phrase


def possible_subjects(choices: Sequence[Candidate], place: Place, thing: Candidate) -> list[Candidate]:
    """Leave out what is the object or shares its words, what holds the cue or no noun, who only asks; what is opened is no company."""
    ruled_out = _Exclusions(place, thing)
    left = [choice for choice in choices if not ruled_out(choice)]
    left = _of_this_sentence(place, left)
    parted = place.survey.facts.digest or place.survey.facts.headed_items  # better nobody than somebody of another item
    for near, strictly in ((_of_this_item(place, left), parted), (of_this_exchange(place, left), False)):
        nearer = [choice for choice in near if choice in left]
        left = nearer if strictly or any(choice.names for choice in nearer) else left
    doing = [choice for choice in left if not (_acted_on(place, choice) or _behind_act(place, choice) or _only_with(place, choice))]
    left = doing if any(choice.names for choice in doing) else left
    told = [choice for choice in left if not any(_only_says(place, choice, name) for name in choice.names)]
    left = told if any(choice.names for choice in told) else left
    if place.predicate is Predicate.OPEN_SOURCES:
        things = [choice for choice in left if choice.names and choice.names[0].kind not in ACTORS]
        return things or left
    return left


_Test = Callable[[Place, Candidate, Named], bool]


class _Exclusions:
    """Says of names why they cannot be the subject of one relation; what holds of the relation alone is looked at once."""

    def __init__(self, place: Place, thing: Candidate) -> None:
        """Look at a relation, and at what was chosen as its object."""
        predicate, opening = place.predicate, first(place)
        receiver = given_to(place) if predicate in (Predicate.DIVESTS, Predicate.PROVIDES) else None
        if predicate is Predicate.HOLDS_ROLE:  # at whom a post is held is an organisation, else nobody's words are taken by it
            thing = thing._replace(names=tuple(name for name in thing.names if name.kind in ACTORS))
        self._place, self._thing = place, thing
        self._anywhere, self._elsewhere, self._here = _TESTS[predicate]
        self._excepted = _exceptions(place)
        self._others = {name.name for name in thing.names} | _besides_us(place) | ({receiver.name} if receiver else set())
        self._asker = place.clause.attribution.speaker if place.clause.turn.role is Role.QUESTION else None
        refers = place.pronouns.get(opening.text) if opening is not None else None
        self._ours = refers in OURS
        self._claimed_from = opening.end if opening and self._ours and predicate is Predicate.PROPOSITION else None
        acts = predicate not in CLAIMS
        called = acts and refers == "company"
        acting = acts and opening is not None and opening.end <= place.anchor and we_act(place, place.clause)
        self._from_elsewhere = ACTORS if called else ACTORS | {Kind.PERSON} if acting else None  # kinds of who 公司 and 我们 may be

    def __call__(self, choice: Candidate) -> bool:
        """Say whether one of its names rules a candidate out."""
        return any(self._out(choice, name) for name in choice.names)

    def _out(self, choice: Candidate, name: Named) -> bool:
        """Say whether a name of a candidate rules it out."""
        place = self._place
        if (
            name.name in self._others
            or (name.name == self._asker and name.kind is None)
            or (choice.clause == self._thing.clause and _overlaps(place, name, self._thing))
            or (self._excepted and _within(self._excepted, name))
            or _fails(self._anywhere, place, choice, name)
        ):
            return True
        if choice.clause != place.clause.number and _fails(self._elsewhere, place, choice, name):
            return True
        if _is_here(place, choice, name):
            claimed = self._claimed_from is not None and name.kind is None and name.start >= self._claimed_from
            return claimed or (self._ours and _behind_with(place, name)) or _fails(self._here, place, choice, name)
        return self._from_elsewhere is not None and name.kind not in self._from_elsewhere


def _fails(tests: Sequence[_Test], place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether one of some tests rules a name out."""
    for test in tests:  # noqa: SIM110 - a generator for each name took as long as the tests
        if test(place, choice, name):
            return True
    return False


def _is_here(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether words of the clause itself name a candidate."""
    return choice.clause == place.clause.number and name.end > name.start


def _only_says(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether a person named before what is denied in the clause only says so: 王小明 of `王小明否认了资金紧张的说法`."""
    attribution = place.clause.attribution
    speaks = name.kind is Kind.PERSON and name.name == attribution.speaker and name.end <= attribution.content
    return speaks and place.stance is Stance.DENIES and place.predicate is Predicate.PROPOSITION and _is_here(place, choice, name)


def _of_this_item(place: Place, choices: Sequence[Candidate]) -> list[Candidate]:
    """Leave out who is named in other items only: of a digest, or under other headings where the last one names somebody."""
    start, survey = place.clause.start, place.survey
    speaker = place.clause.attribution.speaker
    spoken = {speaker, survey.facts.employers.get(speaker or "")}
    if survey.facts.digest:
        return [choice for choice in choices if all(name.name in spoken or _in_paragraph(place, choice, name) for name in choice.names)]
    if not survey.facts.headed_items and not any(name.kind in ACTORS for name in survey.facts.heading(start)):
        return list(choices)
    return [
        choice
        for choice in choices
        if not any(name.kind is not None and name.name not in spoken and not survey.in_item(start, name.name) for name in choice.names)
    ]


def _of_this_sentence(place: Place, choices: Sequence[Candidate]) -> list[Candidate]:
    """Leave out of who holds a post who is named in other sentences, where this one names a person (`原总经理邵坤辞职,不再任职`)."""
    clauses, sentence = place.survey.context.clauses, place.clause.sentence
    near = [
        choice
        for choice in choices
        if clauses[choice.clause].sentence == sentence and any(name.kind is Kind.PERSON and name.end > name.start for name in choice.names)
    ]
    return near if near and place.predicate is Predicate.HOLDS_ROLE else list(choices)


def _in_paragraph(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether the paragraph names an entity, or has the words that were taken for somebody."""
    block = place.clause.block
    if name.kind is not None:
        return place.survey.in_block(block, name.name) > 0
    return place.survey.context.clauses[choice.clause].block == block


def _besides_us(place: Place) -> frozenset[str]:
    """Return whom a clause that says 我们 cannot mean by it: the speaker's partners, who is named beside a 我们 of the sentence.

    In `我们跟甲公司签了约` that is 甲公司, as in `甲公司不是我们的对手,我们不做芯片`; none in `我们甲公司`.
    """
    we = frozenset(word for word, refers in place.pronouns.items() if refers == "we")
    if not any(token.text in we for token in place.clause.tokens):
        return frozenset()
    found = place.survey.facts.partners | place.survey.beside(place.clause.attribution.speaker, place.pronouns)
    opening = first(place)
    if opening is None or opening.text not in we:
        return found
    clauses = place.survey.context.clauses
    for number in range(place.clause.number, -1, -1):
        clause = clauses[number]
        if clause.sentence != place.clause.sentence:
            break
        ends = {token.end for token in clause.said if place.pronouns.get(token.text) == "we"}
        if ends:
            found |= {one.entity for one in clause.references if one.mention.start not in ends and one.mention.start >= clause.begin}
    return found


def _overlaps(place: Place, name: Named, thing: Candidate) -> bool:
    """Say whether a name shares words with what the relation is to: `全资子公司云岭智造` and 云岭智造; claims name whom they are about."""
    return place.predicate not in CLAIMS and any(name.start < one.end and one.start < name.end for one in thing.names)


def _no_noun(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether words of the clause hold no noun, only say how something is stated, or hold the relation's own word."""
    in_clause = choice.clause == place.clause.number
    return in_clause and (_acts_only(place, name) or _says_how(place, name) or on_cue(place, choice, name))


def _acts_only(place: Place, name: Named) -> bool:
    """Say whether a stretch of the clause that is no name holds verbs and words of grammar only (`拟投资`)."""
    if name.kind is not None or place.predicate in CLAIMS:
        return False
    tokens = [token for token in place.clause.tokens if name.start <= token.start and token.end <= name.end]
    before = next((token for token in reversed(place.clause.tokens) if token.end <= name.start), None)
    negated = before is not None and before.tag == "d" and bool(tokens) and tokens[0].tag[0] == "v"  # 也不销售
    return bool(tokens) and (negated or all(token.tag[0] in _NO_NOUN and token.tag != "vn" for token in tokens))


def _names_nothing(place: Place, words: Sequence[Named]) -> bool:
    """Say whether words of the clause only say how, or hold only verbs, grammar and words that name nothing: `开始批量供货`."""
    return place.predicate not in CLAIMS and any(_says_how(place, name) or _without_noun(place, name) for name in words)


def _without_noun(place: Place, name: Named) -> bool:
    """Say whether words only count or say when (十年 of `做十年`), or their only nouns name nothing."""
    tokens = [token for token in place.clause.tokens if name.start <= token.start and token.end <= name.end]
    if tokens and all(token.tag[0] in _COUNTING for token in tokens):
        return True
    empty = [token for token in tokens if token.text in place.grammar.nothings]
    if not empty:
        return False
    how = {cue.start for cue in place.clause.stance_cues}
    rest = (token for token in tokens if token not in empty and token.start not in how)
    return all(token.tag[0] in _NO_NOUN | {"a"} and token.tag != "vn" for token in rest)


def _only_with(place: Place, choice: Candidate) -> bool:
    """Say whether a candidate stands behind 与 or 跟 with nobody before it who does it with them (`没有与任何机构接触`)."""
    if choice.clause != place.clause.number or not choice.names or place.predicate in CLAIMS:
        return False
    before = [token for token in place.clause.said if token.end <= choice.names[0].start]
    while before and before[-1].tag[0] in _DETERMINING:  # 任何, 一家
        before.pop()
    return bool(before) and before[-1].text in WITH and not any(token.tag[0] in _NOMINAL for token in before[:-1])


def _behind_with(place: Place, name: Named) -> bool:
    """Say whether a name stands right behind 与 or 跟: whom 我们 or 公司 does it with."""
    return any(token.end == name.start and token.text in WITH for token in place.clause.tokens)


def _says_how(place: Place, name: Named) -> bool:
    """Say whether a stretch of the clause that is no name only says how something is stated: 是不是, 网传, 计划."""
    if name.kind is not None or place.predicate is Predicate.METRIC:
        return False
    cues = (cue for cue in place.clause.stance_cues if family(cue) != PLAIN)
    return any(cue.start <= name.start and name.end <= cue.end for cue in cues)


def _only_served(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name stands behind 为 or 给, with which a clause begins: 甲公司 of `为包括甲公司在内的企业提供`."""
    opening = first(place)
    return opening is not None and opening.text in _FOR and opening.end <= name.start and name.end <= place.anchor


def _under_another(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name stands behind 旗下, by which it is owned: it owns nothing that stands beside it there."""
    return place.word == UNDER and any(end <= name.start for _, end in place.cues)


def _only_brings(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether somebody only asks or brings news wherever named: 甲日报 of `甲日报记者提问`."""
    return name.name in place.survey.facts.bringing


def _only_counts_others(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether who is quoted, or whom he speaks for, counts others: the clause does not name it nor say 我们 (`甲研究院称,销量下降`).

    In annotated documents of 760 statements of such speakers 4 are about themselves.
    """
    speaker = place.clause.attribution.speaker
    if (
        not speaker
        or name.name not in (speaker, place.survey.facts.employers.get(speaker))
        or not name.name.endswith(place.grammar.researchers)
    ):
        return False
    said = _is_here(place, choice, name) and name.start >= place.clause.begin
    return not said and not any(place.pronouns.get(token.text) in OURS for token in place.clause.said)


def _says_when(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether what follows a stretch makes it say when: 交易 of `交易完成后`, which holds nothing."""
    return name.kind is None and name.end > name.start and _AFTER.match(place.survey.context.view, name.end) is not None


def _only_surpassed(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name only says whom a rank or figure is above or below: 乙公司 of `甲公司超过乙公司位居第一`."""
    return behind_comparison(place, name.start)


def _behind_verb(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name stands behind the verb that a clause opens with, which has it done to it: 门店 of `拥有门店3200家`.

    Not so whoever what is said is the attribute of: `拥有3200家门店的甲公司`.
    """
    opening = first(place)
    opens = opening is not None and opening.tag == "v" and (opening.start, opening.end) in place.cues and opening.end <= name.start
    return opens and not place.survey.context.view.endswith(OWN, 0, name.start)


def _only_denies(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name stands before the verb of denying and another behind it, of whom something is denied: `甲否认乙放弃造车`."""
    if place.stance is not Stance.DENIES:
        return False
    rebuttal = next((cue for cue in place.clause.stance_cues if family(cue) == "rebuttal"), None)
    if rebuttal is None or not name.end <= rebuttal.start < place.anchor:
        return False
    return any(rebuttal.end == one.mention.start and one.mention.end <= place.anchor for one in place.clause.references)


def _only_of_another(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name before the relation's word only says whose what is named behind it is."""
    return name.end <= place.anchor and only_whose(place, name)


def _is_means(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a phrase stands behind 以 or 用, by which something is done: 资金 of `拟以自有资金回购股份`."""
    if name.kind is not None:
        return False
    before = [token for token in place.clause.tokens if token.end <= name.start]
    while before and before[-1].tag[0] in _WITHIN_FIELDS and before[-1].text not in _MEANS:
        before.pop()
    return bool(before) and before[-1].text in _MEANS


def _says_where(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name stands in a phrase of 在 that tells in what field something is so: 南美 of `在南美植保市场的占有率`."""
    before = [token for token in place.clause.tokens if token.end <= name.start]
    while before and before[-1].tag[0] in _WITHIN_FIELDS and before[-1].text != _AT:
        before.pop()
    if not before or before[-1].text != _AT:
        return False
    behind = (token for token in place.clause.tokens if token.start >= name.end)
    goes_on = itertools.takewhile(lambda token: token.tag[0] in _UP_TO_FIELDS, behind)
    return any(token.text in place.grammar.fields for token in goes_on)


def _only_where(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether a name of another clause only says there where something is done (`在岚州设立子公司`) or said (`在微博上写道`)."""
    other = place.survey.context.clauses[choice.clause]
    before = next((token.text for token in other.tokens if token.end == name.start), None)
    if before == _AT and other.start < name.end <= other.attribution.content:
        return True
    return name.kind in _PLACES and before is not None and before in place.grammar.prepositions | {_AT}


def _somebody_elsewhere(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether a person is not in the clause, not even by 他 or in the mouth by 我们, and its act is one of organisations or things."""
    if name.kind is not Kind.PERSON:
        return False
    pronouns = {"person", "we"} if name.name == place.clause.attribution.speaker else {"person"}
    return not _is_here(place, choice, name) and not any(place.pronouns.get(token.text) in pronouns for token in place.clause.tokens)


def _acted_on(place: Place, choice: Candidate) -> bool:
    """Say whether a candidate stands right behind a preposition whose noun is never the doer (`向OpenAI投资`)."""
    if choice.clause != place.clause.number or not choice.names or place.predicate in _NOT_ACTED_ON:
        return False  # `在美国的制裁下`
    return behind_preposition(place, choice.names[0].start)


def _suffers(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether a name stands before 被 and a verb, without who does it: who stops it is not 甲公司 of `甲公司的收购被否决`."""
    if choice.clause != place.clause.number or name.kind in _PLACES:
        return False
    verbs = {start for start, _ in place.cues}
    return any(token.text in place.grammar.markers and token.end in verbs and name.end <= token.start for token in place.clause.tokens)


def _behind_act(place: Place, choice: Candidate) -> bool:
    """Say whether a candidate is only named behind the word for an act, where nobody stands who does it (`投资设立甲公司`)."""
    if choice.clause != place.clause.number or not choice.names or place.predicate not in ACTS or not place.cues:
        return False
    return choice.names[0].start >= max(end for _, end in place.cues)


def without_doer(candidates: Sequence[Candidate], place: Place) -> list[Candidate]:
    """Leave out of what an act may be done to the name that the clause opens with, who does it, and what other items tell of."""
    behind = max((end for _, end in place.cues), default=place.clause.end)
    excepted = _exceptions(place)
    candidates = [
        one
        for one in _of_this_item(place, candidates)
        if not (_no_thing(place, one) or (excepted and any(_within(excepted, name) for name in one.names)))
    ]
    if place.predicate not in ACTS:
        return candidates
    if place.predicate is Predicate.EXITS and any(one.end == behind and one.text in place.grammar.whole for one in place.clause.tokens):
        return [one for one in candidates if not any(name.kind in ACTORS and name.end <= place.anchor for name in one.names)]
    if place.predicate is not Predicate.INVESTS_IN and not any(start >= behind for start, _ in runs(place)):
        return candidates  # `嘉樾工厂不会关闭`: what stands first may be what it is done to
    doer, opening = opening_doer(place), first(place)
    name = doer.names[0].name if doer else None
    ours = opening.start if opening and opening.end <= place.anchor and place.pronouns.get(opening.text) in OURS else None
    candidates = [one for one in candidates if not _by_means(place, one)]
    return [one for one in candidates if not any(each.name == name or (ours is not None and each.start == ours) for each in one.names)]


def _by_means(place: Place, choice: Candidate) -> bool:
    """Say whether a candidate stands before the relation's word as what it is done by: 远期合约 of `通过远期合约出售了`."""
    if choice.clause != place.clause.number or not choice.names or choice.names[0].end > place.anchor:
        return False
    for token in reversed([token for token in place.clause.tokens if token.start < choice.names[0].start]):
        if token.tag[0] in _PARTING:
            return token.text in _BY
    return False


def _no_thing(place: Place, choice: Candidate) -> bool:
    """Say whether a candidate is no name but words of the clause that are cut off or name nothing."""
    if choice.clause != place.clause.number:
        return False
    words = [name for name in choice.names if name.kind is None and name.end > name.start]
    return bool(words) and (_cuts_word(place, words) or _names_nothing(place, words))


def _cuts_word(place: Place, words: Sequence[Named]) -> bool:
    """Say whether words begin inside one for the stance, or behind what rejects it all: 信息 of 不实信息."""
    cues = place.clause.stance_cues
    rejected = min((cue.start for cue in cues if family(cue) == "rejection" and cue.start > place.anchor), default=place.clause.end)
    return any(name.start > rejected or any(cue.start < name.start < cue.end for cue in cues) for name in words)


def _exceptions(place: Place) -> list[tuple[int, int]]:
    """Return the stretches of the sentence that are excepted from what is said: `除甲公司外` of `除甲公司外,乙公司没有其他子公司`."""
    context = place.survey.context
    sentence = context.layout.sentences[place.clause.sentence]
    spans = (found.span() for found in _EXCEPT.finditer(context.view, sentence.start, sentence.end))
    return [(start, end) for start, end in spans if not start <= place.anchor < end]


def _within(stretches: Sequence[tuple[int, int]], name: Named) -> bool:
    """Say whether a name begins in one of some stretches."""
    return any(start <= name.start < end for start, end in stretches)


def _site(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a place of the clause is only where something is founded or owned: 越南 of `在越南设立子公司`."""
    return name.kind in _PLACES and place.survey.context.view.endswith(_AT, 0, name.start)


def _only_source(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name only says where a figure comes from: 甲公司 of `来自甲公司的收入占31%`."""
    return place.survey.context.view.endswith(_COMING_FROM, 0, name.start)


def _guaranteed(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name is whom something is provided to, behind what it is (`为全资子公司乙公司提供担保`)."""
    if name.end > place.anchor:
        return False
    return _FOR_WHOM.search(place.survey.context.view, place.clause.start, name.start) is not None


def _of_wrong_kind(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether the relation is none of what a name is the name of."""
    predicate = place.predicate
    return (
        (predicate in _NOT_OF_PLACES and name.kind in _PLACES)
        or (predicate in ACTS and name.kind is Kind.PLACE)
        or (choice.origins[0] == _KNOWN and name.kind in MADE and predicate not in OF_THINGS)
    )


def _says_nothing(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether words that are no name name nothing, or say that something is not so."""
    return name.kind is None and (name.name in place.grammar.nothings or _DATED.search(name.name) is not None or refutes(place, name))


def _in_figure(place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether words that are no name are a part of a figure: kg of `达到300Wh/kg`."""
    figures = place.clause.quantities
    return name.kind is None and any(figure.start <= name.start and name.end <= figure.end for figure in figures)


def _behind_pair(place: Place, choice: Candidate, name: Named) -> bool:
    """Say whether words that are no name stand behind what two do together."""
    return name.kind is None and choice.clause == place.clause.number and name.start > place.anchor


def _holds_none(_place: Place, _choice: Candidate, name: Named) -> bool:
    """Say whether a name is none of whom anybody would hold a post."""
    return name.kind in NO_HOLDERS


_EVERY = frozenset(Predicate)
# what rules a name out of which relations: wherever it stands, where words of another clause or of none name it, in the clause itself
_ANYWHERE: tuple[tuple[_Test, frozenset[Predicate]], ...] = (
    (_of_wrong_kind, _EVERY),
    (_says_nothing, _EVERY),
    (_only_counts_others, _EVERY),
    (_says_when, _EVERY),
    (_behind_pair, PAIRED),
    (_somebody_elsewhere, _NOT_OF_PEOPLE),
    (_suffers, frozenset({Predicate.RESTRICTS})),
    (_no_noun, _EVERY),
)
_ELSEWHERE: tuple[tuple[_Test, frozenset[Predicate]], ...] = (
    (_only_brings, _EVERY),
    (_only_where, _EVERY - {Predicate.PERMITS}),  # 向欧盟递交申请
    (_holds_none, frozenset({Predicate.HOLDS_ROLE})),
)
_HERE: tuple[tuple[_Test, frozenset[Predicate]], ...] = (
    (_only_source, frozenset({Predicate.METRIC})),
    (_site, frozenset({Predicate.FOUNDS, Predicate.OWNS})),
    (_guaranteed, frozenset({Predicate.PROVIDES})),
    (_only_served, frozenset({Predicate.PROVIDES})),
    (_under_another, frozenset({Predicate.OWNS})),
    (_says_where, _EVERY - {Predicate.RESTRICTS}),
    (_only_of_another, _EVERY - {Predicate.OWNS}),
    (_only_surpassed, frozenset({Predicate.METRIC})),
    (_behind_verb, _TRANSITIVE),
    (_only_denies, _EVERY),
    (_is_means, _EVERY),
    (_in_figure, _EVERY),
)
_TESTS = {
    predicate: tuple(tuple(test for test, of in tests if predicate in of) for tests in (_ANYWHERE, _ELSEWHERE, _HERE))
    for predicate in Predicate
}
