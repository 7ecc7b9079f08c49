"""Names that no lexicon holds, found by the words beside them.

Each finder has one opinion: `headed` (a coined word before a head noun), `subjects` (who opens a clause and announces
something), `worded` (the wordings of names.yaml).
"""

import functools
from collections.abc import Iterator, Sequence

import regex

from kg.extraction.gazetteer import Endings, Hit, gazetteer
from kg.extraction.naming import CLOSED_CLASSES, OFTEN, PROPER, characters, in_pieces, is_unknown, kind_by_ending, stops
from kg.extraction.tokens import Token, tokenizer
from kg.lexicon import Lexicon, Row
from kg.model import Kind, Layout, Mention

_HAN = regex.compile(r"\p{Han}+")
_THIS = ("本", "该", "此")  # before a noun that is a verb elsewhere
_BODIES = frozenset((Kind.COMPANY, Kind.ORGANISATION))
BINDING = frozenset(("p", "c", "d", "r", "uj"))  # tags of words of grammar that no name holds, be they one character
_PUTS_OUT = regex.compile(
    "公告|披露|在(?:互动|投资者)|回复(?:问询|关注|监管)|发布(?:公告|(?:业绩)?(?:预告|快报))"
)  # what companies with shares do
_NOTICE = regex.compile("公告[称,:]|发布公告|在互动平台")
_NOBODY = regex.compile(
    "^(?:公司|本公司|该公司|集团|上市公司|董事会|监事会|最新|业绩|上述|此前|根据|关于|有关|截至|今|昨|近|日前|同日)|(?:[日晚间]|公司|集团|董事会|股东|所|会|局|委|部|布|出|的)$"
)
# what rules, contracts and what authorities write to somebody are called
_WRIT = regex.compile(
    "(?:规则|准则|办法|条例|法|规定|通知书?|告知书|决定书?|指引|细则|意见书?|公告|章程|协议书?|合同|议案|决议|函|声明|报告书?|说明|预案|方案)$"
)
_SHORT_TIME = 2  # characters of a word for a day lately
_LATELY = regex.compile("[昨今近日][日天前晚]$")
_TRADED = 2  # words of a name that are a noun and a trade
_OPENING = range(2, 7)  # characters that a name at the start of a clause may have


@functools.lru_cache(maxsize=4)
def _heads(lexicon: Lexicon) -> Endings:
    return Endings({row["noun"]: row for row in lexicon.table("head_nouns") if row["form"] != "latin"})


_BEFORE_HEAD = regex.compile(
    r"(?r)(?:[“「\"](?P<quoted>[^“”「」\",。:]{2,12})[”」\"]"
    r"|(?<![A-Za-z0-9 .+-])(?P<latin>[A-Z][A-Za-z0-9.+-]{1,20})"
    r"|(?P<han>\p{Han}{2,8})) ?"
)


def headed(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield what a head noun shows to be a product, a technology, an event or a plan: `星图操作系统`, `“北辰”计划`."""
    for head, end, row in _heads(lexicon).find(view):
        match = _BEFORE_HEAD.match(view, max(0, head - 24), head)
        start = _head_start(match, row, lexicon) if match else None
        if match is None or start is None:
            continue
        kind = Kind(row["kind"])
        if match["quoted"] and kind in (Kind.PRODUCT, Kind.TECHNOLOGY):  # a plan is called with its noun, a product without
            yield Mention(*match.span("quoted"), match["quoted"], kind, "head noun")
        else:
            yield Mention(start, end, view[start:end], kind, "head noun")


def _head_start(match: "regex.Match[str]", row: Row, lexicon: Lexicon) -> int | None:
    if match["quoted"]:
        return match.start()
    if match["latin"]:
        generic = match["latin"] in stops(lexicon) or gazetteer(lexicon).known(match["latin"])
        return None if generic else match.start()
    token = tokenizer(lexicon).tokenize(match["han"], match.start("han"))[-1]
    known = gazetteer(lexicon).known(token.text)
    if known:
        return token.start if known[0].kind is Kind.PRODUCT and row["form"] == "bare" else None
    return token.start if row["form"] == "bare" and is_unknown(token.text, lexicon) and token.text not in stops(lexicon) else None


@functools.lru_cache(maxsize=4)
def _verbs(lexicon: Lexicon) -> Endings:
    spoken = (row for row in lexicon.table("speech_verbs") if row["kind"] != "hold")
    return Endings({row["verb"]: row for row in (*spoken, *lexicon.table("subject_verbs"))})


def announcing(view: str, end: int, lexicon: Lexicon) -> bool:
    """Say whether an act of announcing or saying stands right behind `end`."""
    return next((start == 0 for start, _, _ in _verbs(lexicon).find(view[end : end + 4])), False)


def subjects(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the unknown word that opens a clause before an act of announcing or saying: `星瀚宣布`, `周正回应`."""
    openings = {clause.start + length: clause.start for clause in layout.clauses for length in _OPENING}
    begins = {block.start for block in layout.blocks}
    surnames = frozenset(lexicon.words("surnames"))
    for acts, _, _ in _verbs(lexicon).find(view):
        told = _LATELY.search(view, max(0, acts - _SHORT_TIME), acts)
        verb = told.start() if told is not None else acts  # 星瀚昨日发布
        start = openings.get(verb)
        if start is None or not _HAN.fullmatch(view, start, verb):
            continue
        name = view[start:verb]
        known = [hit for hit in gazetteer(lexicon).find(name) if hit.start == 0]
        notice = start in begins and _NOTICE.match(view, acts) and not _NOBODY.search(name)  # 和岚医疗公告,
        if notice or (known and _PUTS_OUT.match(view, acts) and all(_called_after(hit, name, lexicon) for hit in known)):
            yield Mention(start, verb, name, Kind.COMPANY, "subject")
            continue
        if name in stops(lexicon) or known or (name.endswith(_THIS) and kind_by_ending(name, lexicon) is None):
            continue  # 华为会 and the 自本 of 自本公告披露之日起 are nobody
        tokens = tokenizer(lexicon).tokenize(name, start)
        person = len(name) <= 3 and name[0] in surnames
        repeated = view.count(name) >= OFTEN and in_pieces(name, lexicon)
        coined = repeated or (len(tokens) == 1 and (is_unknown(name, lexicon) or tokens[0].tag in PROPER))
        given = person and is_unknown(name, lexicon) and not any(grammatical(token) for token in tokens)
        rare = len(tokens) > 1 and tokens[0].tag == "x" and not any(grammatical(token) for token in tokens[1:])  # 泠|湖云
        if coined or given or rare or _traded(view, name, tokens, lexicon) or _coined_before_noun(tokens, lexicon):
            yield Mention(start, verb, name, Kind.PERSON if person else Kind.COMPANY, "subject")


def _coined_before_noun(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Say whether two words are a made-up one and a noun that is nobody's post or address, as many companies are called: 梧桥|轨道."""
    if len(tokens) != _TRADED or any(len(token.text) != _SHORT_TIME for token in tokens):
        return False
    made_up, noun = tokens
    nobody = noun.text in stops(lexicon) or noun.text in lexicon.words("person_cues") or noun.text in lexicon.words("generic_words")
    return is_unknown(made_up.text, lexicon) and noun.tag == "n" and not nobody and noun.text not in lexicon.words("source_people")


def _traded(view: str, name: str, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Say whether a text has a noun before a trade, as a name, more than once: 海棠资本, whose words are common ones."""
    nouns = len(tokens) == _TRADED and tokens[0].tag == "n" and len(tokens[0].text) > 1
    generic = tokens[0].text in lexicon.words("generic_words")
    return nouns and not generic and kind_by_ending(name, lexicon) is Kind.COMPANY and view.count(name) > 1


def _called_after(hit: Hit, name: str, lexicon: Lexicon) -> bool:
    """Say whether a name goes on behind a place with two characters or more that say of no office what it is: 岚州发展."""
    rest = name[hit.end :]
    return hit.names[0].kind in (Kind.PLACE, Kind.STATE) and len(rest) > 1 and kind_by_ending(name, lexicon) in (None, Kind.COMPANY)


def grammatical(token: Token) -> bool:
    return token.tag in CLOSED_CLASSES or (token.tag.startswith("v") and len(token.text) > 1)


def worded(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield what the wordings of names.yaml hold; the first word of a wording's name is the kind (`product-called`).

    A work in 《》 that is called like a paper is the paper. `以下简称“公司”` names nobody: the word is everyone's.
    """
    papers = lexicon.words("outlet_endings")
    generic = frozenset(lexicon.words("generic_words"))
    for pattern in lexicon.patterns("names"):
        kind = Kind(pattern.name.partition("-")[0])
        for match in pattern.regex.finditer(view):
            start, end = match.span("name")
            if match["name"] in generic or (kind in _BODIES and _is_phrase(match["name"], lexicon)):
                continue
            if kind is Kind.PERSON:
                start = max((start + len(title) for title in lexicon.words("job_titles") if view.startswith(title, start)), default=start)
                end = _foreign_end(view, start, end, lexicon)
            if kind is Kind.PRODUCT and view[end : end + 1] == "》" and _WRIT.search(match["name"]):
                continue  # 《上市规则》 is no work
            paper = kind is Kind.PRODUCT and view[end : end + 1] == "》" and match["name"].endswith(papers)
            yield Mention(start, end, view[start:end], Kind.ORGANISATION if paper else kind, pattern.name)


def _is_phrase(name: str, lexicon: Lexicon) -> bool:
    """Say whether what a wording holds is no name: a word of grammar or a last verb (`万科举行`), or common words alone."""
    words = tokenizer(lexicon).tokenize(name)
    common = tokenizer(lexicon).common
    grammar = any((word.tag in CLOSED_CLASSES and len(word.text) > 1) or word.tag in BINDING for word in words)
    return (
        grammar
        or (len(words) > 1 and words[-1].tag == "v" and len(words[-1].text) > 1)
        or all(len(word.text) > 1 and common(word.text) for word in words)
    )


def _foreign_end(view: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Return where a transcribed name ends: before the verbs and words of grammar that the wording could not tell from it."""
    last_part = view.rindex("·", start, end) + 1
    for token in tokenizer(lexicon).tokenize(view[last_part:end], last_part)[1:]:
        if grammatical(token) or token.text in stops(lexicon):
            return token.start
    while end > last_part + 1 and view[end - 1] in characters(lexicon, "end"):
        end -= 1
    return end
