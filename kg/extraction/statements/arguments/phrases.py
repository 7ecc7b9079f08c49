"""Noun phrases of a clause by the tags of its words: runs that could be a name or a thing, and what follows their last 的."""

import functools
from collections.abc import Iterator

import regex

from kg.extraction.statements.context import ClauseContext

_NOUN = ("n", "eng", "vn", "an", "j", "s", "l", "i")
_WITHIN = ("m", "q", "a", "b", "k", "h", "f", "ng", "v")
_FORMS = {  # over a letter a word, as `_kind` gives it; eleven words at most
    "run": regex.compile(r"n{1,11}"),
    "full": regex.compile(r"[nw][nwu]{0,10}"),
    "wide": regex.compile(r"[nwv][nwuv]{0,10}"),
}


def phrases(clause: ClauseContext) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and form: a `run` of nouns, the `full` phrase with what stands before 的, its `wide` form with verbs."""
    tokens = clause.tokens
    kinds = "".join(["n" if token.tag == "x" and token.text.isalpha() else _kind(token.tag) for token in tokens])  # 泠 of 泠光
    seen = set()
    for form, pattern in _FORMS.items():
        for match in pattern.finditer(kinds):
            first, after = match.span()
            last = max(first, kinds.rfind("n", first, after))
            span = first, last
            if (kinds[last] == "n" or form == "wide") and span not in seen:
                seen.add(span)
                yield tokens[first].start, tokens[last].end, form


@functools.cache
def _kind(tag: str) -> str:
    """Return n (may end a phrase), w (may stand in one), v (may in a wide one), u (joins), or a blank."""
    if tag == "uj":
        return "u"
    if tag in ("v", "vd"):
        return "v"
    if tag.startswith(_NOUN):
        return "n"
    return "w" if tag.startswith(_WITHIN) else " "
