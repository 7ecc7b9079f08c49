"""Persons by what stands beside them: behind a job title, before an address, in Chinese characters or in Latin ones."""

import functools
from collections.abc import Iterator

import regex

from kg.expressions import compiled
from kg.extraction.gazetteer import Endings, gazetteer
from kg.extraction.tokens import tokenizer
from kg.folding import fold
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Layout, Mention

_LABEL = 30  # characters before a turn within which its label stands
_FAMILIAR = ("阿", "老", "小")  # before what friends call somebody
_WORDS = "任双单周易时毛金高项"  # family names that are short for other words, too
_GIVEN = "nagz"  # first letters of the tags of single characters that given names end with
_NO_NAME_ENDS = "的是和与及被由在了"  # 王军的总裁一职
_FULL = 3  # characters of a surname and a given name
_CONTEXT = 6  # characters from a surname on that the segmenter needs to see where the name ends


@functools.lru_cache(maxsize=4)
def _titles(lexicon: Lexicon) -> Endings:
    polite = (row for row in lexicon.table("person_cues") if len(row["word"]) > 1)
    holding = ({"title": row["word"]} for row in lexicon.table("owner_words") if row["word"].endswith("人"))  # 实际控制人
    return Endings({next(iter(row.values())): row for row in (*polite, *holding, *lexicon.table("job_titles"))})


@functools.lru_cache(maxsize=4)
def _names(lexicon: Lexicon) -> "tuple[regex.Pattern[str], regex.Pattern[str], frozenset[str]]":
    """Return what a name looks like behind a title, what before one (matched backwards), and the surnames."""
    surnames = lexicon.words("surnames")
    chinese = rf"(?P<name>{alternation(surnames)}\p{{Han}}{{1,2}})"
    latin = r"(?P<latin>[A-Z][a-z]+(?: [A-Z]\.?)?(?: [A-Z][A-Za-z'-]+){1,2})"
    behind = compiled(rf"[ :、]?(?:{chinese}|{latin})")
    before = compiled(rf"(?r)(?<!\p{{Han}})(?P<name>{alternation(surnames)}\p{{Han}}{{1,2}})(?<![{_NO_NAME_ENDS}])")
    return behind, before, frozenset(surnames)


def titled(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield persons behind a title or before a title or an address: `董事长李明表示`, `王芳女士`, `CEO Jane Smith`."""
    behind, before, surnames = _names(lexicon)
    for start, end, row in _titles(lexicon).find(view):
        addressed = before.match(view, max(0, start - 5), start)
        if addressed is not None and not tokenizer(lexicon).common(addressed["name"]):
            yield Mention(*addressed.span("name"), addressed["name"], Kind.PERSON, "title")
        named = behind.match(view, end) if "title" in row else None
        if named is None:
            continue
        if named["latin"]:
            yield Mention(*named.span("latin"), named["latin"], Kind.PERSON, "title")
            continue
        first = named.start("name")
        last = _name_end(view, first, surnames, lexicon)
        if last is not None:
            name = trimmed_person(view[first:last], view, lexicon)
            yield Mention(first, first + len(name), name, Kind.PERSON, "title")


@functools.lru_cache(maxsize=4)
def _appointments(lexicon: Lexicon) -> "tuple[regex.Pattern[str], ...]":
    """Return whom a post is given to or taken from, before the post; who follows whom in one; and a holder of shares who is a person."""
    name = rf"(?P<name>{alternation(lexicon.words('surnames'))}\p{{Han}}{{1,2}}?)"
    title = alternation((*lexicon.words("job_titles"), *(row["word"] for row in lexicon.table("post_words") if row["part"] == "title")))
    polite = "(?:先生|女士|同志|博士)"
    post = rf"{polite}?(?:(?:的|为|担任|出任|接任|兼任|任|代行)[^,。;]{{0,16}}?)?{title}|先生|女士"
    verbs = "(?:免去|免除|解聘|罢免|聘任|聘请|改聘|任命|委任|选举|推选|增补|补选|提名)了?|由(?=.{2,6}(?:担任|出任|接任|兼任|代行))"
    return (
        compiled(rf"(?:{verbs}){name}(?:{polite}?[、和及与]{name})*(?={post})"),
        compiled(rf"(?<!\p{{Han}}){name}(?:将|已)?(?:接替|取代){name}(?=担任|出任|接任|任|成为)"),
        compiled(rf"(?:股东|实际控制人)(?:为|是|系)?自然人{name}(?=[,、。;和及持]|$)"),
    )


def appointed(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield persons to whom a post is given or from whom it is taken: `聘任阮清和先生为副总经理`, `免去甘霖的董事会秘书职务`."""
    for pattern in _appointments(lexicon):
        for found in pattern.finditer(view):
            for start, end in found.spans("name"):
                if not tokenizer(lexicon).common(view[start:end]):
                    yield Mention(start, end, view[start:end], Kind.PERSON, "title")


def trimmed_person(name: str, view: str, lexicon: Lexicon) -> str:
    """Return a person's name without the address or grammar that a reader may have left on it: `雷总真` → `雷总`.

    What looks like grammar is part of the name where the text never has the name without it.

    >>> trimmed_person("陈建宏则", "陈建宏则说。", Lexicon()), trimmed_person("雷总真", "雷总真忙。", Lexicon())
    ('陈建宏', '雷总')
    >>> trimmed_person("路勉之", "路勉之说,路勉之走了。", Lexicon())
    '路勉之'
    """
    if name[1:2] in lexicon.words("person_cues"):
        return name[:2]
    while len(name) > 2 and name[-1] in _never_last(lexicon) and not _always(name, view):
        name = name[:-1]
    return name


def _always(name: str, view: str) -> bool:
    """Say whether a text has a Chinese name more than once, and always to its last character."""
    return len(name) == _FULL and 1 < view.count(name) == view.count(name[:-1])


@functools.lru_cache(maxsize=4)
def _never_last(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(row["character"] for row in lexicon.table("function_characters") if row["place"] in ("never", "end"))


def called_like_a_person(name: str, lexicon: Lexicon) -> bool:
    """Say whether what a model takes for a person is called like one: by a family name, a transcription, or an address (小王).

    >>> called_like_a_person("钜盛华", Lexicon()), called_like_a_person("姚振华", Lexicon()), called_like_a_person("三村明夫", Lexicon())
    (False, True, True)
    """
    return len(name) > _FULL or "·" in name or name.startswith((*lexicon.words("surnames"), *_FAMILIAR))


def spans_words(name: str, lexicon: Lexicon) -> bool:
    """Say whether what a model takes for a person is made of other words than a family name and a given one: 服务于|鲲鹏, 高|周转, 于是|潘.

    >>> [spans_words(name, Lexicon()) for name in ("于鲲鹏", "高周转", "于是潘", "高建明")]
    [True, True, True, False]
    """
    common, first, rest = tokenizer(lexicon).common, name[:1], name[1:]
    if len(name) == _FULL and (common(name[:2]) and name[:2] not in lexicon.words("surnames") and name[2] in lexicon.words("surnames")):
        return True
    words = tokenizer(lexicon).tokenize(rest) if first in _bordering(lexicon) and len(rest) > 1 else []
    verb = len(words) == 1 and (words[0].tag[0] == "v" or rest in lexicon.words("speech_verbs"))
    return bool(words) and (verb or bool(gazetteer(lexicon).known(rest)))


@functools.lru_cache(maxsize=4)
def _bordering(lexicon: Lexicon) -> frozenset[str]:
    """Return the family names that are words of grammar or of measure, too."""
    return frozenset((*lexicon.words("function_characters"), *_WORDS))


def speakers(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the persons whose names label the turns of a conversation (`徐直军:`); not roles such as 记者."""
    surnames = frozenset(lexicon.words("surnames"))
    for turn in layout.turns:
        name = fold(turn.speaker or "")
        if not (2 <= len(name) <= 4 and (name[0] in surnames or name[:2] in surnames)) or tokenizer(lexicon).common(name):
            continue
        start = view.rfind(name, max(0, turn.start - _LABEL), turn.start)
        if start >= 0:
            yield Mention(start, start + len(name), name, Kind.PERSON, "title")


def _name_end(view: str, start: int, surnames: frozenset[str], lexicon: Lexicon) -> int | None:
    """Return where the person's name that begins at a surname ends, as the segmenter cuts; None where it is another word."""
    context = view[start : start + _CONTEXT]
    known = next((hit for hit in gazetteer(lexicon).find(context) if hit.start == 0), None)
    if known is not None:
        return start + known.end if known.names[0].kind is Kind.PERSON else None
    tokens = tokenizer(lexicon).tokenize(context, start)
    first = tokens[0]
    if first.text in surnames and len(tokens) > 1 and len(first.text) + len(tokens[1].text) <= 4:
        given = tokens[1]
        if len(given.text) > 2 or not given.text.isalpha() or given.tag[0] in "pcudr" or given.text.isascii():
            return None
        if len(given.text) == 1 and len(tokens) > 2 and len(tokens[2].text) == 1 and tokens[2].tag[0] in _GIVEN:
            return tokens[2].end
        return given.end
    if not 2 <= len(first.text) <= 4 or first.text[:1] not in surnames or tokenizer(lexicon).common(first.text):
        return None
    left = tokens[1] if len(tokens) > 1 and len(first.text) < _FULL else None  # 骆知|远
    goes_on = left is not None and len(left.text) == 1 and left.tag[0] in _GIVEN and left.text not in _never_last(lexicon)
    return left.end if left is not None and goes_on else first.end
