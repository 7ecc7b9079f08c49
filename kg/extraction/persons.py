"""Persons by what stands beside them: behind a job title, before an address, in Chinese characters or in Latin ones."""

import functools
from collections.abc import Iterator

import regex

from kg.extraction.gazetteer import gazetteer
from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Layout, Mention

_CONTEXT = 6  # characters from a surname on that the segmenter needs to see where the name ends


@functools.lru_cache(maxsize=4)
def _patterns(lexicon: Lexicon) -> "tuple[regex.Pattern[str], regex.Pattern[str], frozenset[str]]":
    surnames = lexicon.words("surnames")
    title = alternation(lexicon.words("job_titles"))
    polite = alternation(word for word in lexicon.words("person_cues") if len(word) > 1)
    latin = r"(?P<latin>[A-Z][a-z]+(?: [A-Z]\.?)?(?: [A-Z][A-Za-z'-]+){1,2})"
    before = regex.compile(rf"{title}[ :、]?(?:(?P<name>{alternation(surnames)}\p{{Han}}{{1,2}})|{latin})")
    behind = regex.compile(rf"(?<!\p{{Han}})(?P<name>{alternation(surnames)}\p{{Han}}{{1,2}}?)(?={polite}|{title})")
    return before, behind, frozenset(surnames)


def trimmed_person(name: str, lexicon: Lexicon) -> str:
    """Return a person's name without the address or grammar that a reader may have left on it: `雷总真` → `雷总`.

    >>> trimmed_person("陈建宏则", Lexicon()), trimmed_person("雷总真", Lexicon())
    ('陈建宏', '雷总')
    """
    if name[1:2] in lexicon.words("person_cues"):
        return name[:2]
    while len(name) > 2 and name[-1] in _never_last(lexicon):
        name = name[:-1]
    return name


@functools.lru_cache(maxsize=4)
def _never_last(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(row["character"] for row in lexicon.table("function_characters") if row["place"] != "start")


def titled(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield persons behind a title or before an address: `董事长李明表示`, `王芳女士`, `CEO Jane Smith`."""
    before, behind, surnames = _patterns(lexicon)
    for match in before.finditer(view):
        if match["latin"]:
            yield Mention(*match.span("latin"), match["latin"], Kind.PERSON, "title")
            continue
        start = match.start("name")
        end = _name_end(view, start, surnames, lexicon)
        if end is not None:
            name = trimmed_person(view[start:end], lexicon)
            yield Mention(start, start + len(name), name, Kind.PERSON, "title")
    for match in behind.finditer(view):
        if not tokenizer(lexicon).common(match["name"]):
            yield Mention(*match.span("name"), match["name"], Kind.PERSON, "title")


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
        if len(given.text) == 1 and len(tokens) > 2 and len(tokens[2].text) == 1 and tokens[2].tag[0] in "nagz":
            return tokens[2].end
        return given.end
    if 2 <= len(first.text) <= 4 and first.text[:1] in surnames and not tokenizer(lexicon).common(first.text):
        return first.end
    return None
