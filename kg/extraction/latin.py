"""Names in Latin letters within Chinese text, with the model numbers that follow."""

import functools
from collections.abc import Iterator

import regex

from kg.expressions import compiled
from kg.extraction.designations import number_of_model
from kg.extraction.gazetteer import gazetteer
from kg.extraction.naming import kind_by_ending, stops
from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Layout, Mention

_HAN_RUN = regex.compile(r"(?r)\p{Han}+")
_HAN_REACH = 8  # characters read before Latin letters to see which word ends there
_NAMELIKE = frozenset("nxjz")  # first letters of the tags of what may be a name
_BOUND = frozenset(("ng", "g", "x", "zg"))  # tags of characters that are no words of their own
_ACRONYM = 5  # letters up to which capitals alone are taken for a term rather than a company


@functools.lru_cache(maxsize=4)
def _name(lexicon: Lexicon) -> "regex.Pattern[str]":
    """Return what a name in Latin letters looks like: words with a capital, joined by blanks, and a model's number among them."""
    joined = r"(?:[-.+&'][A-Za-z0-9]+|\+)*"
    return compiled(
        r"(?<![A-Za-z0-9@/._-])"
        rf"(?:[A-Z][A-Za-z0-9]*|[a-z]{{1,4}}[A-Z][A-Za-z0-9]*){joined}"
        rf"(?: (?:& )?(?:[A-Z][A-Za-z0-9]*{joined}|{number_of_model(lexicon)}))*"
    )


@functools.lru_cache(maxsize=4)
def _says(lexicon: Lexicon) -> "regex.Pattern[str]":
    """Return what an act of announcing looks like, right behind who does it."""
    return compiled(rf" ?{alternation(lexicon.words('subject_verbs'))}")


def latin(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield names in Latin letters: `Safe Superintelligence`, `GPT-4o`, `iPhone 16 Pro`; not units, titles and plain English words."""
    says, dropped = _says(lexicon), stops(lexicon)
    for match in _name(lexicon).finditer(view):
        words = match[0].split(" ")
        start = match.start()
        while words and words[0] in dropped:
            start += len(words.pop(0)) + 1
        name = " ".join(words)
        if len(name) > 1 and not name[0].isdigit():
            end = start + len(name)
            kind = _known_kind(words, lexicon) or _kind(name, announces=says.match(view, end) is not None)
            yield Mention(start, end, name, kind, "latin")
            if (begin := _han_before(view, start, name, lexicon)) is not None:
                yield Mention(begin, end, view[begin:end], Kind.PRODUCT, "latin")


def _han_before(view: str, start: int, name: str, lexicon: Lexicon) -> int | None:
    """Return where the Chinese part of a name begins that goes on in Latin letters: `岚川OS`, `屿S7`; None where there is none.

    Before OS any noun or unknown word is one, before a model's number a single character that is no word.
    """
    run = _HAN_RUN.match(view, max(0, start - _HAN_REACH), start)
    if run is None:
        return None
    last = tokenizer(lexicon).tokenize(run[0], start - len(run[0]))[-1]
    if gazetteer(lexicon).known(last.text) or last.text in stops(lexicon):
        return None
    if name.split(maxsplit=1)[0] == "OS":
        return last.start if len(last.text) > 1 and last.tag[0] in _NAMELIKE else None
    bound = len(last.text) == 1 and last.tag in _BOUND and any(char.isdigit() for char in name)
    return last.start if bound else None


@functools.lru_cache(maxsize=4)
def _given_names(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(lexicon.words("given_names"))


def _known_kind(words: list[str], lexicon: Lexicon) -> Kind | None:
    """Return the kind that a given name or a known product at the head, or a telling last word, gives a name of several words."""
    if len(words) == 1:
        return None
    if words[0] in _given_names(lexicon) and all(word.isalpha() or word.endswith(".") for word in words[1:]):
        return Kind.PERSON
    first = next(gazetteer(lexicon).find(" ".join(words)), None)
    if first is not None and first.start == 0 and first.names[0].kind is Kind.PRODUCT:
        return Kind.PRODUCT
    return kind_by_ending(f" {words[-1]}", lexicon)


def _kind(name: str, *, announces: bool) -> Kind:
    if any(char.isdigit() for char in name):
        return Kind.PRODUCT
    if announces or " & " in name:
        return Kind.COMPANY
    if name.isupper() and len(name) <= _ACRONYM:
        return Kind.TECHNOLOGY
    return Kind.PRODUCT
