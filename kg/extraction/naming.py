"""Names that no lexicon holds, found by how they are built and by the words beside them.

Each finder has one opinion: `suffixed` (what ends like a company), `headed` (a coined word before a head noun), `titled`
(who stands behind a job title), `subjects` (who opens a sentence and announces something), `worded` (the wordings of names.yaml).
"""

import functools
from collections.abc import Callable, Iterator

import regex

from kg.extraction.gazetteer import gazetteer
from kg.extraction.tokens import Token, tokenizer
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Layout, Mention

_REACH = 24  # characters that a formal name may stretch to the left of its ending
_PLAIN_WORDS = 3  # words that may stand before an ending which is also a common noun
_CLOSED_CLASSES = frozenset(["p", "c", "u", "ud", "ug", "uj", "ul", "uv", "uz", "d", "r", "m", "q", "x", "f", "y", "e", "o", "zg", "t"])
_OPEN_IN_NAMES = frozenset(["t", "f"])  # as in 宁德时代新能源…有限公司
_PROPER = frozenset(["nr", "ns", "nt", "nz", "nrt", "nrfg", "j", "eng"])
_HAN_RUN = regex.compile(r"(?:[\p{Han}A-Za-z0-9]|\([\p{Han}]{2,6}\))+$")

Finder = Callable[[str, Layout, Lexicon], Iterator[Mention]]


@functools.lru_cache(maxsize=4)
def _suffixes(lexicon: Lexicon) -> "tuple[regex.Pattern[str], dict[str, tuple[Kind, bool]]]":
    rows = {row["suffix"]: (Kind(row["kind"]), row["form"] == "formal") for row in lexicon.table("org_suffixes")}
    longest_first = alternation(rows)
    return regex.compile(rf"(?:\(\p{{Han}}{{2,6}}\))?(?P<suffix>{longest_first})+"), rows


def suffixed(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield companies, bodies and units by their endings: `星河科技有限公司`, `滨海大学`, `智能座舱事业部`."""
    pattern, kinds = _suffixes(lexicon)
    for match in pattern.finditer(view):
        kind, formal = kinds[match["suffix"]]
        start = _left_edge(view, match.start(), lexicon, formal=formal)
        if start is not None and match.end() - start > len(match["suffix"]) + 1:
            yield Mention(start, match.end(), view[start : match.end()], kind, "suffix")


def _left_edge(view: str, end: int, lexicon: Lexicon, *, formal: bool) -> int | None:
    """Return where the name that runs up to `end` begins; None where nothing before `end` can be part of a name."""
    window = view[max(0, end - _REACH) : end]
    run = _HAN_RUN.search(window)
    if run is None:
        return None
    tokens = tokenizer(lexicon).tokenize(run[0], end - len(run[0]))
    stops = _stops(lexicon)
    kept: list[Token] = []
    proper = False
    for token in reversed(tokens):
        if token.text in stops or not (formal or len(kept) < _PLAIN_WORDS):
            break
        if token.tag in _CLOSED_CLASSES and not (formal and token.tag in _OPEN_IN_NAMES) and token.text not in "()":
            break
        if not formal and token.tag.startswith("v") and token.tag != "vn":
            break
        kept.append(token)
        proper = proper or _is_proper(token, lexicon)
    while kept and kept[-1].tag.startswith("v") and kept[-1].tag != "vn":
        kept.pop()  # a verb inside a formal name is part of it (联合网络通信), one before it is not
    return kept[-1].start if kept and (proper or formal) else None


def _is_proper(token: Token, lexicon: Lexicon) -> bool:
    """Say whether a word is a name, or one that the segmenter's dictionary has never seen."""
    if token.tag in _PROPER or gazetteer(lexicon).known(token.text):
        return True
    return len(token.text) > 1 and not tokenizer(lexicon).common(token.text)


@functools.lru_cache(maxsize=4)
def _stops(lexicon: Lexicon) -> frozenset[str]:
    return frozenset((*lexicon.words("name_stops"), *lexicon.words("job_titles")))


@functools.lru_cache(maxsize=4)
def _heads(lexicon: Lexicon) -> "tuple[regex.Pattern[str], dict[str, Kind]]":
    rows = {row["noun"]: Kind(row["kind"]) for row in lexicon.table("head_nouns")}
    name = r"(?:[“「\"](?P<name>[^“”「」\",。]{2,12})[”」\"]|(?P<bare>(?<![A-Za-z0-9])[A-Z][A-Za-z0-9.+-]{1,20}|\p{Han}{2,4}))"
    return regex.compile(rf"{name} ?(?P<head>{alternation(rows)})(?![A-Za-z])"), rows


def headed(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield what a head noun shows to be a product, a technology, an event or a plan: `星图操作系统`, `“北辰”计划`."""
    pattern, kinds = _heads(lexicon)
    stops = lexicon.words("latin_stops")
    for match in pattern.finditer(view):
        kind, start = kinds[match["head"]], match.start()
        if match["bare"] is not None:
            if match["bare"] in stops:
                continue
            if not match["bare"].isascii():
                token = tokenizer(lexicon).tokenize(match["bare"], match.start("bare"))[-1]
                if token.tag in _CLOSED_CLASSES or token.tag.startswith("v") or not _coined(token, lexicon):
                    continue
                start = token.start
        yield Mention(start, match.end(), view[start : match.end()], kind, "head noun")


def _coined(token: Token, lexicon: Lexicon) -> bool:
    names = gazetteer(lexicon).known(token.text)
    if names:
        return names[0].kind in (Kind.PRODUCT, Kind.TECHNOLOGY)
    return len(token.text) > 1 and not tokenizer(lexicon).common(token.text)


@functools.lru_cache(maxsize=4)
def _titles(lexicon: Lexicon) -> "tuple[regex.Pattern[str], regex.Pattern[str]]":
    surname = alternation(lexicon.words("surnames"))
    title = alternation(lexicon.words("job_titles"))
    polite = alternation(word for word in lexicon.words("person_cues") if len(word) > 1)
    says = alternation(lexicon.words("speech_verbs"))
    ends = rf"(?=[^\p{{Han}}]|$|{polite}|{title}|{says}|[在对向于还则也就将曾与和及等及的是从以便])"
    name = rf"(?P<name>{surname}(?:\p{{Han}}{{2}}{ends}|\p{{Han}}{ends}|\p{{Han}}{{1,2}}))"
    before = regex.compile(rf"{title}[ :、]?{name}")
    behind = regex.compile(rf"(?<!\p{{Han}}){name}(?={polite}|{title})")
    return before, behind


def titled(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield persons behind a title or before an address: `董事长李明表示`, `王芳女士`."""
    for pattern in _titles(lexicon):
        for match in pattern.finditer(view):
            start, end = match.span("name")
            first = tokenizer(lexicon).tokenize(match["name"], start)[0]
            if tokenizer(lexicon).common(match["name"]) or (tokenizer(lexicon).common(first.text) and first.tag[0] in "vdpcu"):
                continue
            yield Mention(start, end, match["name"], Kind.PERSON, "title")


@functools.lru_cache(maxsize=4)
def _openers(lexicon: Lexicon) -> "regex.Pattern[str]":
    return regex.compile(rf"(?P<name>\p{{Han}}{{2,6}}?)(?:{alternation(lexicon.words('subject_verbs'))})")


def subjects(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the unknown word that opens a sentence before an act of announcing: `星瀚宣布`, `周正回应`."""
    pattern = _openers(lexicon)
    surnames = frozenset(lexicon.words("surnames"))
    for sentence in layout.sentences:
        match = pattern.match(view, sentence.start, sentence.end)
        if match is None:
            continue
        tokens = tokenizer(lexicon).tokenize(match["name"], match.start())
        if len(tokens) != 1 or tokenizer(lexicon).common(match["name"]):
            continue
        name = match["name"]
        person = len(name) <= 3 and name[0] in surnames
        yield Mention(match.start(), match.end("name"), name, Kind.PERSON if person else Kind.COMPANY, "subject")


def worded(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield what the wordings of names.yaml hold; the first word of a wording's name is the kind (`product-launched`)."""
    for pattern in lexicon.patterns("names"):
        kind = Kind(pattern.name.partition("-")[0])
        for match in pattern.regex.finditer(view):
            start, end = match.span("name")
            yield Mention(start, end, view[start:end], kind, pattern.name)


_LATIN = regex.compile(
    r"(?<![A-Za-z0-9@/._-])"
    r"(?:[A-Z][A-Za-z0-9]*|[a-z]{1,4}[A-Z][A-Za-z0-9]*)(?:[-.+&'][A-Za-z0-9]+|\+)*"
    r"(?: (?:[A-Z][A-Za-z0-9]*(?:[-.+&'][A-Za-z0-9]+)*|[0-9]{1,3}[A-Za-z]{0,3}(?![0-9.%]| ?[\p{Han}%])))*"
)


def latin(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield names in Latin letters, with the model numbers that follow: `Safe Superintelligence`, `GPT-4o`, `iPhone 16 Pro`."""
    stops = frozenset(lexicon.words("latin_stops"))
    says = regex.compile(alternation(lexicon.words("subject_verbs")))
    for match in _LATIN.finditer(view):
        words = match[0].split(" ")
        start = match.start()
        while words and words[0] in stops:
            start += len(words.pop(0)) + 1
        while words and words[-1] in stops:
            words.pop()
        name = " ".join(words)
        if len(name) > 1:
            end = start + len(name)
            yield Mention(start, end, name, _latin_kind(name, says.match(view, end) is not None), "latin")


def _latin_kind(name: str, announces: bool) -> Kind:
    if any(char.isdigit() for char in name):
        return Kind.PRODUCT
    if name.isupper() and len(name) <= 5:
        return Kind.COMPANY if announces else Kind.TECHNOLOGY
    return Kind.COMPANY if announces or " " in name else Kind.PRODUCT


FINDERS: tuple[Finder, ...] = (suffixed, headed, titled, subjects, worded, latin)
