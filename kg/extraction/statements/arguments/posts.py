"""Who holds which post where: titles stand between an organisation and a person, or behind 任, 担任, 出任."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from kg.expressions import compiled
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import OURS, Candidate, Place, company_of
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Reference

NO_HOLDERS = frozenset(Kind) - {Kind.PERSON, Kind.CONCEPT}
_FORMER = "原前"
_JOINT = 2  # characters that join one post to the next
_JOINTS = "、/&,和及与兼 "
# titles that a region belongs to: 大中华区总裁
_REGIONAL = ("总裁", "总经理", "总监", "负责人", "首席执行官", "CEO", "主席", "首席代表", "经理")
# who speak of companies that are not theirs
_OF_OTHERS = compiled("(?:分析师|律师|专家|学者|研究员|经济学家|评论员|记者|主播|博主)$")
# right before whom a post is given to or taken from
_PLACING = compiled("(?:免去|免除|解聘|罢免|聘任|聘请|改聘|续聘|任命|委任|选举|推选|增补|补选|提名|由)了?$")
_ROW = compiled("(?:先生|女士)?(?:、|和|及|与|以及)")
_REPLACING = ("接替", "取代", "代替", "接棒", "接任")
_AREA = "区"
_EVERYWHERE = frozenset(("全球", "海外", "国际", "亚太"))
_BEFORE_TITLES = frozenset("nrjb")  # first letters of the tags of what may stand before a title
_TOWARDS = frozenset(("向", "对", "跟", "给"))
_JOINING = frozenset("、/&")
_SUCCEEDED = compiled("由[^,。;]{2,12}?(?:变更|更换|调整|变|改|换)为")
_BEHIND = ("为", "兼")  # right behind a title, wherever words were cut
_EMPLOYING = (ACTORS - {Kind.STATE}) | {Kind.PRODUCT, Kind.TECHNOLOGY}
_BETWEEN = '的和及与、 “”"'  # between an organisation and what its post is called
_BOARDS = compiled("(?:董事会|监事会|理事会|党组|党委)$")
_BOARD_ALONE = compiled("(?:公司|本公司|集团)?(?:第.{1,3}届)?(?:董事会|监事会|理事会)的?")
_LATIN_OF = compiled("(?<![\\p{L}\\d])(?P<name>\\p{Lu}[\\p{Latin}\\d.&-]+(?: \\p{Lu}[\\p{Latin}\\d.&-]*)*) ?(?:\\p{Han}{2,6})?的$")
_WITHIN = frozenset(("的", "和", "及", "与", "、", "前", "原"))  # words within what a post is called
_PHRASES = frozenset("li")  # first letters of the tags of set phrases


@dataclass(frozen=True, slots=True)
class Post:
    """A title with the organisation before it and the person behind it, where the clause names them there.

    `former` is 前 or 原 where it stands before the organisation (`前甲公司副总裁`).
    """

    start: int
    end: int
    organisation: Named | None
    person: Named | None
    former: str = ""


@functools.lru_cache(maxsize=4)
def titles(lexicon: Lexicon) -> "regex.Pattern[str]":
    """Return what a title looks like, with what belongs to it before it: `前首席科学家`, `高级副总裁`."""
    rows = lexicon.table("post_words")
    modifiers = alternation(row["word"] for row in rows if row["part"] == "modifier")
    polite = {row["word"] for row in rows if row["part"] == "polite"}
    words = alternation({*lexicon.words("job_titles"), *(row["word"] for row in rows if row["part"] == "title")} - polite)
    return regex.compile(rf"(?:(?:{modifiers}) ?)*(?:{words})(?!\p{{Latin}})")


def posts(place: Place, pattern: "regex.Pattern[str]") -> list[Post]:
    """Return the posts that a clause names, those joined by 、 or 兼 with the person that the last of them stands before."""
    clause, view = place.clause, place.survey.context.view
    ends = {token.end for token in clause.tokens}
    spans = (m.span() for m in pattern.finditer(view, clause.start, clause.end))
    persons = {one.mention.start: of_reference(one) for one in clause.references if one.kind is Kind.PERSON}
    found = [(start, end) for start, end in spans if end in ends or end in persons or view.startswith(_BEHIND, end)]
    out: list[Post] = []
    last_end, last_organisation = clause.start, None
    for first, end in found:
        start = _with_region(place, first, end)
        begin = _boundary(place, last_end, start)
        own = _organisation(place, begin, start) if start - begin > 1 else None
        employer = _employer(place, own, last_end, start)
        if employer is not None:
            start = next((at for at in range(employer.end, start) if view[at] not in _BETWEEN), start)
            own, begin = employer, employer.start
        behind_last = out[-1].person.end if out and out[-1].person is not None else last_end
        chained = bool(out) and begin - behind_last <= _JOINT and view[behind_last:begin].strip(_JOINTS) == ""
        organisation = own if own is not None and own.name else last_organisation if chained else None
        succeeded = _SUCCEEDED.match(view, end, clause.end)  # 法定代表人由李明变更为王芳
        behind = succeeded.end() if succeeded else end
        while behind < clause.end and view[behind] in ' “"':
            behind += 1
        former = view[own.start - 1 : own.start] if own is not None and own.name and own.start > clause.start else ""
        out.append(Post(start, end, organisation, persons.get(behind), former if former in _FORMER else ""))
        last_end, last_organisation = end, organisation
    return list(_with_persons(out, view))


def holders(place: Place, parts: tuple[Candidate, Candidate], roles: Sequence[Post]) -> Iterator[tuple[Named | None, Named | None, Post]]:
    """Yield who holds which role where: whom the role stands before, else the next person behind it, else the last one before it."""
    organisations = _employers(place, parts[1].names, roles)
    for role in roles:
        chosen = tuple(name for name in parts[0].names if not _replaced(place, name))
        here = parts[0].clause == place.clause.number and chosen
        persons = chosen if here else _in_clause(place, role) or chosen
        behind = [person for person in persons if person.start >= role.end]
        before = [person for person in persons if person.end <= role.start]
        nearest = behind[0] if behind else before[-1] if before else persons[0] if persons else None
        whom = _placed(place, role) if role.person is None else ()
        near = [name for name in organisations if name.end <= role.start]
        text = place.survey.context.view[role.start : role.end]
        if role.organisation is None and _OF_OTHERS.search(text):
            continue  # who analyses a company is not its own
        organisation = role.organisation or (near[-1] if near else organisations[0] if organisations else None)
        for person in whom or (role.person or nearest,):
            by_post = person is not None and any(one is not role and _overlap(person, one) for one in roles)  # 副首席执行官兼首席商务官
            if person is None or not (by_post or _no_holder(place, person, role)):
                yield person, organisation, role


def _placed(place: Place, role: Post) -> tuple[Named, ...]:
    """Return who is put into a post or taken from it, named last before it behind the verb for that (`选举李明、王芳为董事`)."""
    view, clause = place.survey.context.view, place.clause
    row: list[Reference] = []
    for one in reversed([one for one in clause.references if one.kind is Kind.PERSON and one.mention.end <= role.start]):
        if row and not _ROW.fullmatch(view, one.mention.end, row[0].mention.start):
            break
        row.insert(0, one)
    placed = bool(row) and _PLACING.search(view, clause.start, row[0].mention.start) is not None
    return tuple(map(of_reference, row)) if placed else ()


def _in_clause(place: Place, role: Post) -> tuple[Named, ...]:
    """Return the persons whom a clause names before a post, but for those whom others follow in it."""
    named = (of_reference(one) for one in place.clause.references if one.kind is Kind.PERSON and one.mention.end <= role.start)
    return tuple(name for name in named if not _replaced(place, name))


def _replaced(place: Place, name: Named) -> bool:
    """Say whether a person is who held the post before: 李明 of `王芳接替李明担任总裁`."""
    return name.end > name.start and place.survey.context.view.endswith(_REPLACING, 0, name.start)


def _no_holder(place: Place, person: Named, role: Post) -> bool:
    """Say whether what was taken for who holds a post is a word of it, or a company or thing that is not said to act as it.

    None holds one in `甲公司相关负责人`, nor does what is a set phrase alone (不予置评); 甲证券 does in `甲证券担任财务顾问`.
    """
    words = [token for token in place.clause.tokens if person.start <= token.start and token.end <= person.end]
    if person.kind is not Kind.PERSON and len(words) == 1 and words[0].tag[0] in _PHRASES:
        return True
    acts = any(person.end <= start and end <= role.start for start, end in place.cues)
    return _overlap(person, role) or (person.kind in NO_HOLDERS and not acts)


def _overlap(person: Named, role: Post) -> bool:
    return person.start < role.end and role.start < person.end


def _employers(place: Place, found: Sequence[Named], roles: Sequence[Post]) -> Sequence[Named]:
    """Return where posts may be held: at organisations, and at what stands right before a title; without any the company."""
    clause = place.clause
    titled = {role.start for role in roles}
    credible = [one for one in found if one.kind in ACTORS or (one.end in titled and one.start >= clause.start)]
    opening = place.survey.facts.openings.get(clause.block)
    elsewhere = credible and all(one.end == one.start or not clause.start <= one.start < clause.end for one in credible)
    if elsewhere and opening is not None and opening.kind is Kind.COMPANY and not any(one.kind in ACTORS for one in clause.references):
        return [opening]  # 创始人李明表示, of the company that the paragraph is about
    company = None if credible or not found else company_of(place)
    return credible if company is None else [company]


def _organisation(place: Place, start: int, end: int) -> Named:
    """Return the organisation in a stretch: where it is called 公司 or only a board of it (第五届董事会), the one that is meant."""
    own = place.survey.named(place.clause, start, end)
    unnamed = place.pronouns.get(own.name.lstrip(_FORMER)) in OURS or _BOARD_ALONE.fullmatch(own.name)
    company = company_of(place) if unnamed else None
    return own if company is None else company._replace(start=own.start, end=own.start)


def _employer(place: Place, own: Named | None, least: int, start: int) -> Named | None:
    """Return the organisation or thing whose post it is, where only a field stands right before the title, or nothing; else None.

    Telegram of `Telegram的首席执行官`, 微软 of `微软广告和网络服务部门负责人`, 港交所 of `港交所董事会主席`; all behind `least`.
    """
    view, clause = place.survey.context.view, place.clause
    if own is not None and own.end > own.start and (board := _BOARDS.search(own.name)) is not None and board.start() > 1:
        return _organisation(place, own.start, own.end - len(board[0]))
    if own is not None and own.kind in ACTORS:
        return None
    end = own.start if own is not None and own.name else start
    ends = {one.mention.end: one for one in clause.references if one.kind in _EMPLOYING}
    for token in reversed([token for token in clause.tokens if least <= token.start and token.end <= end]):
        if token.end in ends and (own is not None or view[token.end : end].strip(_BETWEEN) == ""):
            return of_reference(ends[token.end])
        if not (_may_name(token.tag, token.text) or token.text in _WITHIN):
            break
    latin = _LATIN_OF.search(view, max(least, clause.start), end)
    return None if latin is None else place.survey.named(clause, *latin.span("name"))


def _with_persons(found: Sequence[Post], view: str) -> Iterator[Post]:
    """Yield the posts with the person of those that they are joined to."""
    for number, post in enumerate(found):
        person, end = post.person, post.end
        for other in found[number + 1 :]:
            if person is not None or len(view[end : other.start]) > 30 or not _joined(view[end]):
                break
            person, end = other.person, other.end
        yield replace(post, person=person)


def only_addressed(place: Place, role: Post) -> bool:
    """Say whether a post without a person stands behind 向 or 对, where something is done to who holds it (`向集团CEO汇报`)."""
    begin = role.organisation.start if role.organisation is not None else role.start
    before = [token for token in place.clause.tokens if token.end <= begin]
    while before and before[-1].tag[0] in _BEFORE_TITLES:
        before.pop()
    return role.person is None and bool(before) and before[-1].text in _TOWARDS


def _with_region(place: Place, start: int, end: int) -> int:
    """Return where a title begins together with the region that it is for: 大中华区总裁."""
    view = place.survey.context.view
    before = next((token for token in place.clause.tokens if token.end == start), None)
    regional = (
        before is not None
        and view[:end].endswith(_REGIONAL)
        and (before.tag == "ns" or before.text.endswith(_AREA) or before.text in _EVERYWHERE)
    )
    return before.start if before is not None and regional else start


def _joined(char: str) -> bool:
    return char in _JOINING or char in "兼和及"


def _boundary(place: Place, least: int, start: int) -> int:
    """Return where the organisation before a title begins: behind the last verb, joint, mark or person before it."""
    begin = least
    for token in place.clause.tokens:
        if token.end > start:
            break
        inside = any(r.mention.start <= token.start < r.mention.end and r.kind is not Kind.PERSON for r in place.clause.references)
        if token.end > least and not inside and not _may_name(token.tag, token.text):
            begin = token.end
    for reference in place.clause.references:
        if reference.kind is Kind.PERSON and least <= reference.mention.end <= start:
            begin = max(begin, reference.mention.end)
    for cue_start, cue_end in place.cues:
        if cue_start >= least and cue_end <= start:
            begin = max(begin, cue_end)
    return begin


def _may_name(tag: str, text: str) -> bool:
    return ((tag[0] in "nbjsli" or tag in ("eng", "vn", "an", "x")) and text not in '、,，:;“”"') or text in "&·与/"
