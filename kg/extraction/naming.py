"""Names that no lexicon holds, found by how they are built: `suffixed` yields what ends like a company, a body or a unit."""

import functools
from collections.abc import Iterable, Iterator, Mapping

import regex

from kg.extraction.gazetteer import Endings, gazetteer
from kg.extraction.tokens import Token, tokenizer
from kg.lexicon import Lexicon, Row, alternation
from kg.model import Kind, Layout, Mention, Predicate

_REACH = 24  # characters that a formal name may stretch to the left of its ending
OFTEN = 3  # times that a text has a coined name which nothing else gives away
_SHORT = 2  # characters of names that a coined one may begin with
_SYLLABLES = frozenset(("v", "vg", "ng", "g", "x", "zg", "j"))  # tags of single characters that may end a coined name
_TORN = 4  # characters of a name above which the first one may belong to the word before
_COINED = 5  # characters that a coined name before a trade stays below
_AHEAD = 6  # characters in which the word behind a name ends
_PLAIN_WORDS = 3  # words that may stand before an ending which is also a common noun
CLOSED_CLASSES = frozenset(("p", "c", "u", "ud", "ug", "uj", "ul", "uv", "uz", "d", "r", "m", "q", "x", "f", "y", "e", "o", "zg", "t"))
_BINDING = CLOSED_CLASSES - {"y", "e", "o", "x", "zg"}
_VERBAL = frozenset(("v", "vn"))
_ASPECTS = ("了", "过")
_PARTICLE = "u"
_BUILDING = frozenset(("建设", "新建", "兴建", "建造", "投资", "扩建", "关闭", "改造"))  # what is done to a site, and no part of its name
_RELATIVES = frozenset(("母公司", "子公司", "孙公司"))  # no name ends with them
_KIN = regex.compile("(?<=..)(?:控股|全资|参股)?(?:母公司|子公司|孙公司|控股股东|大股东)$")
_HELD_KIN = regex.compile("控股(?:子公司|孙公司|股东)")
_HOLDS = regex.compile("(?<=\\p{Han}{2})(?:合计|直接|间接|仍|已|拟|计划)*(?:持有|增持|减持|控制)(?:本|上市)?公司$")
_HELD_BY = regex.compile("[由被]$")
_FUNDED = regex.compile("(?:获得?|接受|得到|拿到)了?$")
_FUNDS = "投资"
_HELD_THAT = regex.compile("控股(?=[的,。;)\n]|$)")
_POINTING = ("贵", "我", "该", "本")  # before 集团 and 公司, which then name nobody
_DISPATCH = "讯"
_AND = "和"  # joins two names, and stands in coined ones
_ANDS = frozenset("和同")  # 鹭渡智行同霁川科技
_BEFORE_AND = "ndp"  # first letters of the tags of words behind which 和 is no part of a name
_ENDS_BEFORE_AND = ("没有", "们")  # ends of words behind which it is none, either
_LIKE = "如仅"  # before examples: a name of three characters may begin with either, another does not
_STOCK = "股份"
_LEGAL = regex.compile("(?:有限)?公司")  # what 股份 only begins
_FIGURES = "数据"
_DEALS = frozenset((Predicate.OWNS, Predicate.ACQUIRES, Predicate.DIVESTS, Predicate.INVESTS_IN))
_OPEN_IN_NAMES = frozenset(("t", "f"))  # as in 宁德时代新能源…有限公司
PROPER = frozenset(("nr", "ns", "nt", "nz", "nrt", "nrfg", "j", "eng"))
_NO_NAME = frozenset(("ns", "l", "i"))  # a place, a set phrase: not alone before an ending that is also a common noun
_SHARE = regex.compile(r"\d[\d.]*%的?(?:股|权益)")
_RUN = regex.compile(r"(?r)(?:[\p{Han}A-Za-z0-9]|\(\p{Han}{2,6}\))+")  # (?r): matches backwards from where a name ends
_BRACKETS = regex.compile(r"(?r)\(\p{Han}{2,6}\)")


@functools.lru_cache(maxsize=4)
def _suffixes(lexicon: Lexicon) -> Endings:
    acts = {word for word in lexicon.words("org_suffixes") if tokenizer(lexicon).tokenize(word)[0].tag[0] in "vd"}

    def goes_on(row: Row, following: Row) -> bool:
        """Say whether a name goes on from one ending to the next: no trade follows upon a legal form, and no act upon a trade."""
        return following["form"] not in ("weak", "site") or (row["form"] in ("weak", "site") and following["suffix"] not in acts)

    return Endings({row["suffix"]: row for row in lexicon.table("org_suffixes")}, goes_on)


def suffixed(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield companies, bodies and units by their endings: `星河科技有限公司`, `滨海大学`, `智能座舱事业部`."""
    for start, end, row in _suffixes(lexicon).find(view):
        if view[start].isascii() and view[start] != "(" and row["kind"] != Kind.UNIT:
            continue  # Latin names have their own finder
        if row["form"] != "legal" and tokenizer(lexicon).common(view[start : end + 1]) and view[end : end + 1].isalpha():
            continue  # 投资者, 数据库, 控股权
        if (
            view[start - 1 : end] in _RELATIVES
            or view[start - 1 : start] in _POINTING
            or _acts(view, start, end, lexicon)
            or _splits_word(view, start, end, lexicon)
        ):
            continue
        stem = _whole_word(view, start, end, lexicon) if row["form"] == "weak" else start
        brackets = _BRACKETS.match(view, max(0, stem - 8), stem)
        left = _left_edge(view, brackets.start() if brackets else stem, row, lexicon)
        if left is None:
            continue
        last = own_end(view, left, end, lexicon)
        if last < end and (last - left < _SHORT or tokenizer(lexicon).common(view[left:last]) or gazetteer(lexicon).known(view[left:last])):
            continue
        if left + 2 < stem and view.count(view[left + 1 : last]) > view.count(view[left:last]):
            left += 1  # 买鸿泽光电, where 鸿泽光电 stands elsewhere
        yield Mention(left, last, view[left:last], Kind(row["kind"]), "suffix")


def own_end(view: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Return where a name ends without what is held of it or told by it: 股份 of `持有甲公司股份`, 数据 of `甲研究数据显示`."""
    if (held := _HOLDS.search(view, start, end)) is not None:
        return held.start()  # 泽川投资持有公司
    stem = view[start : end - len(_STOCK)]
    if len(stem) < _SHORT or gazetteer(lexicon).known(view[start:end]):
        return end
    funded = view.startswith(_FUNDS, end - len(_FUNDS)) and _FUNDED.search(view, max(0, start - _AHEAD), start)
    held = _HELD_THAT.match(view, end - len(_FUNDS)) and _HELD_BY.search(view, max(0, start - _AHEAD), start)
    if funded or held or _HELD_KIN.match(view, end - len(_STOCK)):
        return end - len(_STOCK)  # 甲公司控股子公司, 获得甲公司投资
    told = view.startswith(_FIGURES, end - len(_FIGURES)) and _reports(lexicon).match(view, end) is not None
    return end - len(_STOCK) if told or (view.startswith(_STOCK, end - len(_STOCK)) and _held(view, start, end, lexicon)) else end


def _held(view: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether 股份 at the end of a name is what is held of it: somebody does something to it, or the name ends like one before."""
    before, behind = _holding(lexicon)
    named = kind_by_ending(view[start : end - len(_STOCK)], lexicon) is not None and not _LEGAL.match(view, end)
    return named or before.search(view, max(0, start - _AHEAD), start) is not None or behind.match(view, end) is not None


@functools.lru_cache(maxsize=4)
def _holding(lexicon: Lexicon) -> "tuple[regex.Pattern[str], regex.Pattern[str]]":
    """Return what somebody does to shares, right before the name whose they are, and what becomes of them, right behind it."""
    words = alternation(row["cue"] for row in lexicon.table("predicate_cues") if row["predicate"] in _DEALS)
    acts = alternation(lexicon.words("share_acts"))
    return regex.compile(rf"(?:{words}[了的]?|%的?)$"), regex.compile(
        rf"(?:总数|数量|比例|转让|过户|冻结|{acts}|占|\d[\d.,]*(?:万|亿)?股|\d[\d.]*%)"
    )


@functools.lru_cache(maxsize=4)
def _reports(lexicon: Lexicon) -> "regex.Pattern[str]":
    """Return what figures do, right behind what they are called."""
    return regex.compile(rf"[也还则亦]?{alternation(row['verb'] for row in lexicon.table('speech_verbs') if row['kind'] != 'announce')}")


def _acts(view: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether an ending is a verb, by what follows: 投资 of `甲公司投资了乙公司` and `投资3亿元`."""
    following = view[end : end + 1]
    if _SHARE.match(view, end):
        return False  # 持有甲零售72.4%的股权
    return (following.isdigit() or following in _ASPECTS) and tokenizer(lexicon).tokenize(view[start:end])[0].tag in _VERBAL


def _splits_word(view: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether an ending ends inside a word: 车业 in `网约车业务`, but not 集团 in `甲集团员工`."""
    words = tokenizer(lexicon)
    if not words.common(view[end - 1 : end + 1]):
        return False
    begin = max(0, start - _AHEAD)
    return all(token.end != end for token in words.tokenize(view[begin : end + _AHEAD], begin))


def trading(view: str, found: Iterable[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """Yield those of `found` that a trade follows, with it: `昭阳` in `昭阳储能`. Persons may be followed by what they do."""
    endings = {start: (end, row) for start, end, row in _suffixes(lexicon).find(view)}
    surnames = lexicon.words("surnames")
    for mention in found:
        end, row = endings.get(mention.end, (mention.end, None))
        person = mention.kind is Kind.PERSON and mention.text.startswith(surnames)
        built = kind_by_ending(mention.text, lexicon) is not None
        word = tokenizer(lexicon).tokenize(view[mention.end : mention.end + _AHEAD])
        whole = bool(word) and mention.end + word[0].end <= end  # not the 投资 of 投资者
        if (
            row is not None
            and row["form"] != "legal"
            and not _acts(view, mention.end, end, lexicon)
            and own_end(view, mention.start, end, lexicon) == end
            and not built
            and whole
            and not person
            and not mention.text.isascii()
            and len(mention.text) < _COINED
        ):
            yield Mention(mention.start, end, view[mention.start : end], Kind(row["kind"]), "suffix")


def _whole_word(view: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Return where the word begins that an ending is only the end of: `地产` in `房地产`, `数据` in `大数据`."""
    longer = (place for place in (start - 1, start - 2) if place >= 0 and tokenizer(lexicon).common(view[place:end]))
    return min(longer, default=start)


def _left_edge(view: str, end: int, row: Row, lexicon: Lexicon) -> int | None:
    """Return where the name that runs up to `end` begins; None where nothing before `end` can be part of a name.

    The leftmost proper name or unknown word opens the name; a common word does so only before a strong ending, at the
    edge of a phrase (`辉煌科技` after a comma), or before a formal one.
    """
    formal = row["form"] == "formal"
    run = _RUN.match(view, max(0, end - _REACH), end)
    if run is None:
        return None
    generic = _generic(lexicon)
    endings = _suffixes(lexicon).rows
    kept: list[Token] = []
    proper = 0
    for token in reversed(_words(run[0], end - len(run[0]), row, lexicon)):
        if row["form"] == "weak" and token.text in endings and endings[token.text]["form"] not in ("weak", "site"):
            break  # 海鸣证券 is a name before 机械
        if row["form"] == "site" and token.text in _BUILDING:
            break  # 在西爪哇建设电动车工厂
        if not _belongs(token, lexicon, formal=formal) or not (formal or len(kept) < _PLAIN_WORDS):
            break
        kept.append(token)
        if _is_proper(token, lexicon, form=row["form"]):
            proper = len(kept)
    if proper:
        return kept[proper - 1].start
    while kept and kept[-1].tag.startswith("v") and kept[-1].tag != "vn" and any(token.text not in endings for token in kept[:-1]):
        kept.pop()  # a verb inside a formal name is part of it (联合网络通信), so is one that trades follow (奔腾电器), another is not
    if not kept or kept[-1].text in generic or row["form"] in ("weak", "legal", "site"):
        return None
    common = kept[0]
    edge_of_phrase = (len(kept) == 1 or row["kind"] == Kind.UNIT) and len(common.text) > 1 and common.tag not in _NO_NAME
    return kept[-1].start if formal or edge_of_phrase else None


def _words(text: str, start: int, row: Row, lexicon: Lexicon) -> list[Token]:
    """Return the words of a stretch before an ending, mended where the segmenter guessed at a coined name.

    A guessed word loses the particle it begins with (与霁川市 → 霁川市), and two single characters of open classes become
    one word: rare characters are how a coined name looks.
    """
    words: list[Token] = []
    end, telling = start + len(text), row["kind"] == Kind.COMPANY and row["form"] == "strong"  # no 华为靠政府, 华为造汽车
    for token in tokenizer(lexicon).tokenize(text, start):
        last = words[-1] if words else None
        heard = _heard_before(token, last, lexicon)
        if heard:  # 网传, glued to a name
            words.append(Token(token.start, token.start + heard, token.text[:heard], _PARTICLE))
            words.append(Token(token.start + heard, token.end, token.text[heard:], token.tag))
        elif last is not None and last.text + token.text in lexicon.words("hearsay"):  # 网传 before a name
            words[-1] = Token(last.start, token.end, last.text + token.text, _PARTICLE)
        elif last is not None and _one_word(last, token, lexicon, ending=token.end == end, telling=telling):
            words[-1] = Token(last.start, token.end, last.text + token.text, "n")
        elif len(token.text) == _SHORT and _closes_early(token, lexicon):
            words.append(Token(token.start, token.end, token.text, _PARTICLE))
        elif len(token.text) > 1 and _opens_late(token, last, lexicon):
            words.append(Token(token.start, token.start + 1, token.text[0], _PARTICLE))  # a name does not go on past it
            words.append(Token(token.start + 1, token.end, token.text[1:], token.tag))
        else:
            words.append(token)
    return words


def _heard_before(token: Token, last: Token | None, lexicon: Lexicon) -> int:
    """Return how many characters of a guessed word only say that something is heard: two of 网传宁川, one of `有|传兰汀`."""
    if tokenizer(lexicon).common(token.text) or gazetteer(lexicon).known(token.text):
        return 0
    before = last.text if last is not None else ""
    lengths = range(len(token.text) - _SHORT, 0, -1)
    return next((length for length in lengths if {token.text[:length], before + token.text[:length]} & _hearsay(lexicon)), 0)


@functools.lru_cache(maxsize=4)
def _hearsay(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(lexicon.words("hearsay"))


def _one_word(last: Token, token: Token, lexicon: Lexicon, *, ending: bool, telling: bool) -> bool:
    """Say whether two words are one of a coined name; `ending` right before its ending, `telling` where that ending tells a company."""
    if _coined(last, token, lexicon):
        return True
    return ending and (_ends_coined(last, token) or (telling and _goes_on(last, token, lexicon)))


def _coined(last: Token, token: Token, lexicon: Lexicon) -> bool:
    """Say whether two words are single characters as coined names have them, and none is one of grammar (能|像)."""
    single = len(last.text) == len(token.text) == 1 and _open_character(last) and _open_character(token)
    return single and {last.text, token.text}.isdisjoint(_standing_alone(lexicon))


@functools.lru_cache(maxsize=4)
def _standing_alone(lexicon: Lexicon) -> frozenset[str]:
    return characters(lexicon, "alone") | _grammar(lexicon)


def _goes_on(name: Token, character: Token, lexicon: Lexicon) -> bool:
    """Say whether a short name that the lexicon knows is only the beginning of a coined one before an ending: 恒瑞 in `恒瑞达药业`."""
    known = len(name.text) == _SHORT and bool(gazetteer(lexicon).known(name.text))
    return known and len(character.text) == 1 and character.tag in _SYLLABLES and character.text not in _grammar(lexicon)


def _ends_coined(last: Token, token: Token) -> bool:
    """Say whether 和 before an ending is the second character of a coined name: of `沐和器械`, not of `人和科技` or `智行和科技`."""
    return token.text == _AND and len(last.text) == 1 and (_rare(last) or last.tag in PROPER)


def _opens_late(token: Token, last: Token | None, lexicon: Lexicon) -> bool:
    """Say whether the first character of a guessed word is no part of it: a particle, or the end of the word before (合作方栗舟)."""
    common = tokenizer(lexicon).common
    if common(token.text) or gazetteer(lexicon).known(token.text):
        return False
    char, before = token.text[0], "" if last is None else last.text
    if char in _LIKE:
        return len(token.text) > _SHORT
    if char in _ANDS and last is not None:
        return last.tag[0] in _BEFORE_AND or last.text.endswith(_ENDS_BEFORE_AND)  # 鹭渡智行|和霁川|科技, 我们|和苓泽|集团
    tail = bool(before) and char in characters(lexicon, "tail") and (common(before + char) or common(before[-1] + char))
    return tail or char in characters(lexicon, "start") or char in _grammar(lexicon)


def _closes_early(token: Token, lexicon: Lexicon) -> bool:
    """Say whether a guessed word ends with a particle, and so belongs to what is before: 化对 of `金融化对房地产`."""
    guessed = not tokenizer(lexicon).common(token.text) and not gazetteer(lexicon).known(token.text)
    return guessed and token.text[-1] in characters(lexicon, "end")


def trimmed_left(view: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Return where a name that a model found begins, past the words that introduce it: `零售龙头永裕集团`, `董事长葛红英`."""
    common, known = tokenizer(lexicon).common, gazetteer(lexicon).known
    if known(view[start:end]):
        return start
    words = tokenizer(lexicon).tokenize(view[start:end], start)
    if len(words) > 1 and words[0].text in stops(lexicon) and is_unknown(words[1].text, lexicon):
        words, start = words[1:], words[1].start  # 联合桉屿汽车 is 桉屿汽车, 联合电子 is not 电子
    introduced = [word.end for word in words[:-1] if word.text in _introducers(lexicon) and end - word.end > 1]
    start = introduced[-1] if introduced else start
    before, char = view[max(0, start - 2) : start], view[start]
    ends_a_word = len(before) == 2 and before.isalpha() and (common(before + char) or before + char in _introducers(lexicon))
    role = char in characters(lexicon, "tail") or char in characters(lexicon, "start")
    torn = view[max(0, start - 1) : start].isalpha() and common(view[start - 1 : start + 1]) and not common(view[start : start + 2])
    torn = torn and end - start > _TORN and kind_by_ending(view[start:end], lexicon) is not None  # 股东|盛元集团
    return start + 1 if torn or (role and ends_a_word and end - start > 2) else start


def trimmed_right(text: str, lexicon: Lexicon) -> str:
    """Return a name that a model found without the character behind it that is none of it: `由` of `青禾云由`, `讯` of `江城晚报讯`."""
    kin = _KIN.search(text)
    if kin is not None:
        return text[: kin.start()]  # 泠湖集团控股子公司
    if text.endswith(_DISPATCH) and text[:-1].endswith(lexicon.words("outlet_endings")):
        return text[:-1]
    closing = _grammar(lexicon) | (characters(lexicon, "end") & characters(lexicon, "start"))
    cut = len(text) > 2 and text[-1] in closing and not tokenizer(lexicon).common(text[-2:])
    return text[:-1] if cut and not gazetteer(lexicon).known(text) else text


@functools.lru_cache(maxsize=4)
def _introducers(lexicon: Lexicon) -> frozenset[str]:
    return frozenset((*lexicon.words("name_introducers"), *lexicon.words("job_titles")))


def _open_character(token: Token) -> bool:
    return token.text.isalpha() and (_rare(token) or token.tag == "zg" or token.tag not in CLOSED_CLASSES)


def _rare(token: Token) -> bool:
    """Say whether a token is a character that the segmenter cannot class, as in many coined names."""
    return token.tag == "x" and token.text.isalpha()


def _belongs(token: Token, lexicon: Lexicon, *, formal: bool) -> bool:
    """Say whether a word can stand in a name at all."""
    if token.text in stops(lexicon) or not (tokenizer(lexicon).common(token.text) or _grammar(lexicon).isdisjoint(token.text)):
        return False
    if token.tag in CLOSED_CLASSES and not _rare(token):
        return token.text in "()" or (formal and token.tag in _OPEN_IN_NAMES)
    return formal or not token.tag.startswith("v") or token.tag == "vn"


def _is_proper(token: Token, lexicon: Lexicon, *, form: str) -> bool:
    """Say whether a word is a name; before a weak or bare legal ending only a coined one, before a trade no mere place."""
    if token.text in _generic(lexicon):
        return False
    if _rare(token):
        return True
    known = gazetteer(lexicon).known(token.text)
    if known or token.tag in PROPER:
        place = token.tag == "ns" or any(name.kind in (Kind.PLACE, Kind.STATE) for name in known)
        unlisted = not known and token.tag in ("nr", "ns", "nz", "nrt") and len(token.text) > 1
        return form in ("formal", "strong", "group", "site") or (form == "trade" and not place) or (form == "weak" and unlisted)
    return is_unknown(token.text, lexicon)


def is_unknown(word: str, lexicon: Lexicon) -> bool:
    """Say whether the segmenter made up a word that no dictionary has and that holds no character of grammar."""
    return (
        len(word) > 1
        and not word.isdigit()
        and not tokenizer(lexicon).common(word)
        and _grammar(lexicon).isdisjoint(word)
        and word not in _generic(lexicon)
    )


def in_pieces(name: str, lexicon: Lexicon) -> bool:
    """Say whether the segmenter finds nothing but single characters in a name, none of which is a word of grammar: 拼|呗.

    A text that has it `OFTEN` calls something so.
    """
    words = tokenizer(lexicon).tokenize(name)
    single = all(len(word.text) == 1 and word.tag not in _BINDING for word in words)
    return single and not tokenizer(lexicon).common(name) and name not in stops(lexicon) and _grammar(lexicon).isdisjoint(name)


def begins_in_pieces(name: str, lexicon: Lexicon) -> bool:
    """Say whether the segmenter finds two single characters and then words in a name, and nothing of grammar: 砺|芯|科创."""
    words = tokenizer(lexicon).tokenize(name)
    open_words = all(word.tag not in _BINDING and word.text not in stops(lexicon) for word in words)
    return open_words and [len(word.text) == 1 for word in words[:3]] == [True, True, False] and _grammar(lexicon).isdisjoint(name)


def _grammar(lexicon: Lexicon) -> frozenset[str]:
    return characters(lexicon, "never")


@functools.lru_cache(maxsize=16)
def characters(lexicon: Lexicon, place: str) -> frozenset[str]:
    """Return the characters of grammar that never stand in a name, or not at its end, its start, or behind a word they end (`tail`)."""
    return frozenset(row["character"] for row in lexicon.table("function_characters") if row["place"] == place)


@functools.lru_cache(maxsize=4)
def _generic(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(lexicon.words("generic_words"))


@functools.lru_cache(maxsize=4)
def stops(lexicon: Lexicon) -> frozenset[str]:
    """Return the words that no name holds: verbs of acting and saying, titles, what a name is introduced by."""
    tables = ("name_stops", "job_titles", "latin_stops", "subject_verbs", "hearsay")
    return frozenset(word for table in tables for word in lexicon.words(table))


def kind_by_ending(text: str, lexicon: Lexicon) -> Kind | None:
    """Return what a name is by how it ends: `通州区人民法院` an organisation; None where the ending says nothing."""
    kinds = _kinds(lexicon)
    lengths = range(min(len(text) - 1, 12), 0, -1)
    return next((kinds[text[-length:]] for length in lengths if text[-length:] in kinds), None)


@functools.lru_cache(maxsize=4)
def _kinds(lexicon: Lexicon) -> Mapping[str, Kind]:
    heads = {row["noun"]: Kind(row["kind"]) for row in lexicon.table("head_nouns")}
    return heads | {row["suffix"]: Kind(row["kind"]) for row in lexicon.table("org_suffixes")}
