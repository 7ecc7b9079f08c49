"""What was chosen as a subject or object, made presentable: no words cut along with a name, the direction in which a measure changed."""

import functools
from collections.abc import Sequence

import regex

from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import OURS, Candidate, GrammarWords, Place, company_of, refutes
from kg.extraction.statements.arguments.rows import CLAIMS, JOINTS, OWN
from kg.extraction.statements.arguments.survey import DATE_ENDS
from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.cues import family
from kg.extraction.tokens import Token
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate

_CUT_ALONG = frozenset(("u", "y", "c", "d", "p"))  # first letters of the tags of words that no name ends with
ADVERBS = frozenset(("d", "ad"))
_DATED = regex.compile(r"(?<=[0-9])[月年日](?=\p{Han})")  # the end of a date, cut along with what is measured
_YEAR = 4  # digits
_NOUN = 2  # characters
_BEFORE_NOUNS = frozenset(("n", "ns", "vn", "nz", "nt"))
_POINTING = ("该", "这项", "这一", "此项")  # before a thing that was named
_NEAR = 6  # clauses before, in which it was
_MOTION = "议案"
_BECAUSE = frozenset(("因", "因为", "由于"))
_NAMING = frozenset("njxelbrm")  # first letters of the tags of what a thing's name or kind may begin with
_PLACES = frozenset((Kind.PLACE, Kind.STATE))
# what says, between two names, that the one belongs to the other or owns it
KIN = (
    "的?(?:全资|控股|参股|间接|直接|境外|海外|香港|下属|核心){0,2}"
    "(?:(?P<daughter>子公司|孙公司|附属公司|旗下公司)|(?:控股|第[一二三]?大|最大|大|原始|战略)?股东|投资方|母公司)"
)
_KIN = regex.compile(f"{KIN}|旗下的?|的(?:主要|最大)?(?:竞争对手|对手|合作伙伴|合作方|供应商|客户|代工厂|经销商|代理商)")
_WHOSE = regex.compile("(?:自主)?(?:拥有|自研|研发|开发|研制|生产|打造|推出|发布|设计|提供)的|(?P<of>的)")
_HELD_OF = regex.compile("(?:其|所|直接|间接|合计)*(?:持有?的?)?")
_SHARES = regex.compile(r"的?(?:[\d.,]+%?)?的?(?:股权|股份|股票|全部|剩余)*(?:作价)?")
_FOR = frozenset(("为", "给"))
_ASPECTS = frozenset(("了", "过"))
_HEADQUARTERS = "总部"
_BOARD = regex.compile("(?:董事会|监事会|股东大会|股东会)$")
_DASH = regex.compile(r"[”」]?(?:——|—|--)[“「]?")
_CLOSING = frozenset("”』」》")
_ACTING = frozenset(("v", "p"))
_NOUNS = frozenset("njl")  # first letters of the tags of what may be a kind of thing
_JOINING = frozenset("cpdx")  # and of words that part two phrases
_AMONG = frozenset(("在内", "等"))
_APPOSED = frozenset((Kind.PRODUCT, Kind.TECHNOLOGY, Kind.COMPANY, Kind.UNIT, Kind.ORGANISATION, Kind.PERSON))
_COMPANIES = frozenset(("公司", "企业", "厂商", "机构"))
_COMPANIES_AT_LARGE = frozenset(("企业",))  # what something is done to by this name is any: 面向企业
_KINDS_OF_COMPANIES = frozenset((None, Kind.CONCEPT, Kind.TECHNOLOGY, Kind.PRODUCT))
_DEALT_WITH = frozenset(
    (Predicate.ACQUIRES, Predicate.DIVESTS, Predicate.FOUNDS, Predicate.INVESTS_IN, Predicate.OWNS, Predicate.PARTNERS_WITH)
)
_NOT_DONE_TO_PEOPLE = frozenset(
    (
        *(Predicate.ACQUIRES, Predicate.DEVELOPS, Predicate.DIVESTS, Predicate.EXITS, Predicate.FOUNDS, Predicate.INVESTS_IN),
        *(Predicate.LAUNCHES, Predicate.LISTS, Predicate.OPERATES_IN, Predicate.OWNS, Predicate.SUPPORTS, Predicate.USES),
    )
)
_NOT_DONE_TO_PLACES = frozenset(
    (Predicate.ACQUIRES, Predicate.DEVELOPS, Predicate.DIVESTS, Predicate.FOUNDS, Predicate.LAUNCHES, Predicate.OWNS, Predicate.PROVIDES)
)


@functools.cache
def grammar_words(lexicon: Lexicon) -> GrammarWords:
    """Return the words of the lexicon that say who does it, and where names begin and end."""
    rows, marked = lexicon.table("phrase_edges"), lexicon.table("disposal_markers")
    stopped, funding = lexicon.table("object_stops"), lexicon.table("funding_words")
    begins, ends = (frozenset(row["word"] for row in rows if row["edge"] in (edge, "both")) for edge in ("begin", "end"))
    return GrammarWords(
        markers=frozenset(lexicon.words("agent_markers")),
        disposals=frozenset(row["word"] for row in marked if row["before"] == "thing"),
        gives=tuple(row["word"] for row in marked if row["before"] == "receiver"),
        owners=frozenset(lexicon.words("owner_words")),
        prepositions=frozenset(lexicon.words("object_prepositions")),
        shifts=frozenset(lexicon.words("subject_shifts")),
        receipts=frozenset(row["word"] for row in lexicon.table("subject_shifts") if row["shift"] == "receives"),
        researchers=tuple(lexicon.words("research_endings")),
        bodies=frozenset(row["suffix"] for row in lexicon.table("org_suffixes") if row["kind"] == Kind.ORGANISATION),
        fields=frozenset(row["word"] for row in lexicon.table("field_nouns")),
        things=tuple(
            row["noun"] for row in lexicon.table("head_nouns") if row["kind"] in ("product", "technology") and row["form"] != "latin"
        ),
        whole=frozenset(lexicon.words("whole_acts")),
        rounds=frozenset(row["word"] for row in funding if row["role"] == "verb"),
        investors=frozenset(row["word"] for row in funding if row["role"] == "investor"),
        makers=tuple(row["phrase"] for row in lexicon.table("fixed_phrases") if row["predicate"] == Predicate.DEVELOPS),
        begins=begins,
        ends=ends,
        nothings=frozenset(row["word"] for row in stopped if row["place"] == "alone"),
        unmeasured=frozenset(row["word"] for row in stopped if row["place"] == "measure"),
        terms=frozenset(row["word"] for row in stopped if row["place"] == "behind"),
        pairs={row["word"]: row["whom"] for row in lexicon.table("pair_words")},
        abroad={row["short"]: (row["name"], Kind(row["kind"])) for row in lexicon.table("place_short_forms")},
    )


def possible_objects(candidates: Sequence[Candidate], place: Place) -> list[Candidate]:
    """Leave out words that name nothing or refute, and people and places where the relation is to others: nobody launches a person."""
    predicate = place.predicate
    if predicate not in CLAIMS:
        candidates = [
            one for one in candidates if not any(name.name in place.grammar.nothings or refutes(place, name) for name in one.names)
        ]
    if predicate is Predicate.OWNS:
        candidates = [one for one in candidates if not any(_only_for(place, name) for name in one.names)]
    if predicate is not Predicate.OWNS and predicate not in CLAIMS:
        candidates = [one for one in candidates if not any(only_whose(place, name) for name in one.names)] or list(candidates)
    barred = {Kind.PERSON} if predicate in _NOT_DONE_TO_PEOPLE else set()
    if predicate is Predicate.METRIC:
        barred |= {Kind.PERSON, Kind.COMPANY}
    if predicate in _NOT_DONE_TO_PLACES:
        barred |= {Kind.PLACE, Kind.STATE}
    return [one for one in candidates if not barred or not one.names or any(name.kind not in barred for name in one.names)]


def only_whose(place: Place, name: Named) -> bool:
    """Say whether a name only says where or who made what is named behind it: 甲公司 of `甲公司研发的芯片P1`, 德国 of `德国的甲公司`."""
    ends = (one.mention.end for one in place.clause.references if one.mention.start == name.start < name.end)
    end = next(ends, None) if name.kind is not None else None
    found = _WHOSE.match(place.survey.context.view, end, place.clause.end) if end is not None else None
    if found is None or name.end > found.end():
        return False
    if found["of"] and place.predicate is Predicate.USES and name.kind in ACTORS:  # who uses 甲公司的芯片 uses the chips
        return any(token.start == found.end() and token.tag[0] in _NAMING for token in place.clause.tokens)
    if found["of"]:
        named = (one for one in place.clause.references if one.mention.start == found.end())
        return name.kind in _PLACES and any(one.kind in ACTORS for one in named)
    return any(token.start == found.end() and token.tag[0] in _NAMING for token in place.clause.tokens)


def _only_for(place: Place, name: Named) -> bool:
    """Say whether a name stands right behind 为 or 给, in a clause that has no other word for owning (`我们为甲公司鼓掌`)."""
    before = next((token for token in reversed(place.clause.tokens) if token.end <= name.start), None)
    return before is not None and before.tag == "p" and before.text in _FOR and all(start == before.start for start, _ in place.cues)


def tidied(place: Place, thing: Candidate) -> Candidate:
    """Return a subject or object without what was cut along with its name (`泠光` of `有泠光`), and by its name where it is called 公司."""
    if place.predicate is Predicate.PROPOSITION:
        return thing._replace(names=tuple(_claimed_of(place, name) for name in thing.names))
    if thing.clause != place.clause.number:
        return thing._replace(
            names=tuple(_called_before(place, thing.clause, _named_last(place, thing.clause, name)) for name in thing.names)
        )
    return thing._replace(names=tuple(_tidied(place, name) for name in thing.names))


def _tidied(place: Place, name: Named) -> Named:
    name = _with_rare(place, name)
    name = _whole_kind(place, _whole_noun(place, place.clause, _whole_person(place, name)))
    if (dashed := behind_dash(place, name.end)) is not None and name.kind in (None, Kind.CONCEPT):
        return dashed
    return _called(place, _trimmed(place, name)) if name.kind is None else _relative(place, name)


def _claimed_of(place: Place, name: Named) -> Named:
    """Return whom something is claimed of by the whole name: of 总部 the company."""
    company = company_of(place) if name.name == _HEADQUARTERS else None
    return _whole_person(place, _with_rare(place, name)) if company is None else company._replace(start=name.start, end=name.start)


def _with_rare(place: Place, name: Named) -> Named:
    """Return a phrase with the rare character right before it, which begins a coined name: 泠湖云的定位, where 湖云的定位 was taken."""
    before = next((token for token in place.clause.tokens if token.end == name.start), None)
    if name.kind is not None or before is None or len(before.text) > 1 or before.tag != "x" or not before.text.isalpha():
        return name
    return place.survey.named(place.clause, before.start, name.end)


def _whole_person(place: Place, name: Named) -> Named:
    """Return the person of whose name a part was taken, or with it what that person is: 管虚怀 where `董事长管` or 股东管虚怀 was."""
    if name.kind is not None:
        return name
    inside = (one for one in place.clause.references if name.start <= one.mention.start < name.end <= one.mention.end)
    return next((of_reference(one) for one in inside if one.kind is Kind.PERSON), name)


def _whole_noun(place: Place, clause: ClauseContext, name: Named) -> Named:
    """Return a noun of two characters with the nouns right before it, which tell what it is: 大连研发中心 where 中心 was taken."""
    if name.kind is not None or name.end - name.start != _NOUN or place.predicate is Predicate.METRIC:
        return name
    words = [token for token in clause.tokens if token.end <= name.start]
    start = name.start
    while words and words[-1].end == start and words[-1].tag in _BEFORE_NOUNS and not _is_cue(place, words[-1], "vn"):
        start = words.pop().start
    return name if start == name.start else place.survey.named(clause, start, name.end)


def _whole_kind(place: Place, name: Named) -> Named:
    """Return what a deal is about with the word for a company right behind it: 芯片企业 of `收购芯片企业`, where 芯片 was taken."""
    behind = next((token for token in place.clause.tokens if token.start == name.end and token.text in _COMPANIES), None)
    if behind is None or name.kind not in _KINDS_OF_COMPANIES or place.predicate not in _DEALT_WITH:
        return name
    return place.survey.named(place.clause, name.start, behind.end)


def behind_dash(place: Place, end: int) -> Named | None:
    """Return the name behind a dash right behind a phrase, which says what it is called: 曜石E7 of `首款SUV——曜石E7`; else None."""
    dash = _DASH.match(place.survey.context.view, end)
    begin = dash.end() if dash else -1
    clauses = place.survey.context.clauses[place.clause.number : place.clause.number + 2]
    named = (one for clause in clauses for one in clause.references if one.mention.start == begin and one.kind in _APPOSED)
    return next(map(of_reference, named), None)


def _named_last(place: Place, number: int, name: Named) -> Named:
    """Return a noun of two characters in another clause with the nouns before it; those of an earlier clause where 该 stands there."""
    whole = _whole_noun(place, place.survey.context.clauses[number], name)
    if whole != name or not place.survey.context.view.endswith(_POINTING, 0, name.start):
        return whole
    for earlier in reversed(place.survey.context.clauses[max(0, number - _NEAR) : number]):
        for token in reversed(earlier.tokens):
            if token.text == name.name:
                return _whole_noun(place, earlier, name._replace(start=token.start, end=token.end))
    return name


def _called_before(place: Place, number: int, name: Named) -> Named:
    """Return the name that a phrase of another clause ends with: 灵犀 of `机器人公司灵犀`."""
    if name.kind is not None:
        return name
    ending = (one for one in place.survey.context.clauses[number].references if one.mention.end == name.end and one.kind in ACTORS)
    return next(map(of_reference, ending), name)


def _relative(place: Place, name: Named) -> Named:
    """Return a name, or that of its relative where one follows: 乙集团 of `甲公司母公司乙集团`."""
    if place.predicate is Predicate.OWNS or name.start == name.end:
        return name
    kin = _KIN.match(place.survey.context.view, name.end, place.clause.end)
    named = (one for one in place.clause.references if kin and one.mention.start == kin.end() and one.kind in _APPOSED)
    return next(map(of_reference, named), name)


def _of_ours(place: Place, name: Named) -> Named:
    """Return what is the company's by the company's name: 岚川业务 of `公司业务`."""
    words = [token for token in place.clause.tokens if name.start <= token.start and token.end <= name.end]
    noun = len(words) > 1 and (words[1].tag[0] in _NOUNS or words[1].tag == "vn")
    if not noun or place.pronouns.get(words[0].text) not in OURS:
        return name
    company = company_of(place)
    rest = place.survey.context.document.text[words[0].end : name.end]
    return name if company is None else name._replace(name=company.name + rest)


def _called(place: Place, name: Named) -> Named:
    """Return the company that 公司 or 集团 means, or the body that goes by the last word of its name (俱乐部), if known."""
    if (board := _BOARD.search(name.name)) is not None and place.predicate in _DEALT_WITH:
        named = next((one for one in place.clause.references if one.mention.start == name.start and one.kind in ACTORS), None)
        company = of_reference(named) if named is not None else company_of(place) if board.start() == 0 else None
        return name if company is None else company  # 甲公司董事会同意设立乙公司
    itself = name.name in place.grammar.bodies or name.name == _HEADQUARTERS
    ours = place.pronouns.get(name.name) in OURS and name.name not in _COMPANIES_AT_LARGE
    company = company_of(place) if itself or ours else None
    if company is None or (itself and not company.name.endswith(name.name) and name.name != _HEADQUARTERS):
        return _of_ours(place, name)
    return company._replace(start=name.start, end=name.start)


def _trimmed(place: Place, name: Named) -> Named:
    if (whole := _resolved(place, name) or _shares_of(place, name) or _apposed(place, name) or _before_act(place, name)) is not None:
        return whole
    if place.predicate is Predicate.METRIC and _DATED.match(place.survey.context.view, name.start):
        name = place.survey.named(place.clause, name.start + 1, name.end)  # 销量 of 9月销量
    tokens = [token for token in place.clause.tokens if name.start <= token.start and token.end <= name.end]
    tags = frozenset() if place.predicate is Predicate.METRIC else _CUT_ALONG  # 占比 is cut into 占 and 比
    begin = next((number + 1 for number, token in enumerate(tokens[:-1]) if number and _is_cue(place, token, "vn")), 0)  # 泰国建设工厂
    end = next((number for number in range(1, len(tokens)) if _parts(tokens[number - 1], tokens[number])), len(tokens))
    end = next((number for number in range(1, end) if tokens[number].text in _BECAUSE), end)
    begin = 0 if begin >= end else max(begin, _behind_hearsay(place, tokens[:end]), _behind_site(place, name, tokens[:end]))
    while begin < end - 1 and _begins_none(place, tokens[begin]):
        begin += 1
    if begin + 2 < end and tokens[begin].text in place.grammar.prepositions and tokens[begin + 1].text in place.pronouns:
        begin += 2  # 向其供货金额
    while end - 1 > begin and (
        _is_year(tokens, end)
        or tokens[end - 1].tag[0] in tags
        or tokens[end - 1].text in place.grammar.ends
        or (tags and _acts_next(place, tokens[end - 1]))
    ):
        end -= 1
    while place.predicate is Predicate.METRIC and end - 1 > begin and tokens[end - 1].text.isdigit():
        end -= 1  # the 1 of 补偿股份1,126万股
    if not tokens or end - begin == len(tokens):
        return name
    start = tokens[begin].start if begin else name.start
    stop = tokens[end - 1].end if end < len(tokens) else name.end
    found = place.survey.named(place.clause, start, stop)
    return found if found.name else name


def _acts_next(place: Place, token: Token) -> bool:
    """Say whether a word is the verb of another relation with 了 behind it: 出售 of `甲公司出售了所持乙公司股份`."""
    verb = token.tag == "v" and any(cue.start == token.start for cue in place.clause.cues)
    return verb and any(one.start == token.end and one.text in _ASPECTS for one in place.clause.tokens)


def _begins_none(place: Place, token: Token) -> bool:
    """Say whether no name begins with a word: one of grammar, the relation's own, or a measure word."""
    return token.text in place.grammar.begins or _is_cue(place, token) or _counts(place, token)


def _counts(place: Place, token: Token) -> bool:
    """Say whether a word only counts what follows, behind its number: 款 of `3款产品`."""
    return any(one.end == token.end and one.start < token.start for one in place.clause.quantities) or token.tag == "q"


def _resolved(place: Place, name: Named) -> Named | None:
    """Return the first name in the title of a resolution (`关于转让甲公司49%股权的议案`), None where a phrase is none."""
    if not name.name.endswith(_MOTION):
        return None
    named = (one for one in place.clause.references if name.start <= one.mention.start < name.end and one.kind in ACTORS)
    return next(map(of_reference, named), None)


def _shares_of(place: Place, name: Named) -> Named | None:
    """Return the company whose shares a phrase is, None where it is no such phrase: 甲公司 of `所持甲公司60%股权作价`."""
    if place.predicate not in _DEALT_WITH:
        return None
    view = place.survey.context.view
    for one in place.clause.references:
        if name.start <= one.mention.start and one.mention.end <= name.end and one.kind in ACTORS:
            before, behind = view[name.start : one.mention.start], view[one.mention.end : name.end]
            if _HELD_OF.fullmatch(before) and _SHARES.fullmatch(behind):
                return of_reference(one)
    return None


def _is_year(tokens: Sequence[Token], end: int) -> bool:
    """Say whether the last words of a stretch are a time, which was cut along with a name: 2022年 of 公司2022年."""
    last, before = tokens[end - 1], tokens[end - 2].text if end > 1 else ""
    dated = last.text in DATE_ENDS and before.isdigit()
    return last.tag == "t" or dated or (last.text.isdigit() and len(last.text) == _YEAR)


def _behind_site(place: Place, name: Named, tokens: Sequence[Token]) -> int:
    """Return the number of the word behind a place and what is done there: 电动车工厂 of `印尼建设电动车工厂`."""
    site = next((one for one in place.clause.references if one.mention.start == name.start and one.kind in (Kind.PLACE, Kind.STATE)), None)
    view = place.survey.context.view
    cues = [cue.start for cue in place.clause.cues if Predicate.DEVELOPS.value in cue.points_to]
    made = {start for start in cues if not view.startswith(place.grammar.makers, start)}
    return next((n + 1 for n, one in enumerate(tokens[:-1]) if site and one.start == site.mention.end and one.start in made), 0)


def _behind_hearsay(place: Place, tokens: Sequence[Token]) -> int:
    """Return the number of the word behind the last one that only passes on what is heard: 公司 of 市场传闻公司."""
    heard = [cue for cue in place.clause.stance_cues if family(cue) == "hearsay"]
    return next((n for n in range(len(tokens) - 1, 0, -1) if any(cue.start < tokens[n].start == cue.end for cue in heard)), 0)


def _parts(left: Token, right: Token) -> bool:
    """Say whether a blank between two words in Chinese characters parts them, as in headlines."""
    return left.end < right.start and not (left.text.isascii() or right.text.isascii())


def _is_cue(place: Place, token: Token, *more: str) -> bool:
    """Say whether a word is the verb or preposition that states the relation itself: 面向 of `面向中小企业`."""
    stated = any(start <= token.start and token.end <= end for start, end in place.cues)
    return stated and (token.tag in _ACTING or token.tag in more) and place.predicate is not Predicate.METRIC


def _apposed(place: Place, name: Named) -> Named | None:
    """Return the name that a phrase ends with behind what it is or what was done to it, None where the phrase is built otherwise.

    NovaX of `核心技术平台NovaX`, 欧拉 of `华为开源的欧拉`.
    """
    reference = next((one for one in place.clause.references if one.mention.end == name.end and one.mention.start > name.start), None)
    if reference is None or reference.kind not in _APPOSED:
        return None
    before = [token for token in place.clause.tokens if name.start <= token.start and token.end <= reference.mention.start]
    if not before or before[-1].end != reference.mention.start or before[-1].text in JOINTS:
        return None
    of = before[-1].text == OWN
    described = of and any(token.tag == "v" for token in before)
    kind = before[-1].tag[0] in _NOUNS and not any(token.tag in _ACTING or token.tag[0] in _JOINING for token in before)
    another = any(one.mention.end == before[-1].end for one in place.clause.references)  # 华为鲲鹏 is no kind of thing before a name
    return of_reference(reference) if described or (kind and not another) else None


def _before_act(place: Place, name: Named) -> Named | None:
    """Return the name that a phrase begins with before an adverb or a quotation mark: CedarDB of `CedarDB正式开源`; else None.

    Where somebody is active, that is a place also before what is done there (墨西哥 of `墨西哥建厂`); one of a list is named before 在内.
    """
    reference = next((one for one in place.clause.references if one.mention.start == name.start and one.mention.end < name.end), None)
    behind = next((token for token in place.clause.tokens if reference and token.start >= reference.mention.end), None)
    if reference is None or behind is None or behind.start >= name.end:
        return None
    among = behind.text in _AMONG
    there = place.predicate is Predicate.OPERATES_IN and reference.kind in (Kind.PLACE, Kind.STATE) and behind.tag[0] == "v"
    return of_reference(reference) if there or among or behind.tag in ADVERBS or behind.text in _CLOSING else None
