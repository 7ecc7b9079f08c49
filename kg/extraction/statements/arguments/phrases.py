"""Noun phrases of a clause by the tags of its words: runs that could be a name or a thing, and what follows their last 的."""

from collections.abc import Iterator

from kg.extraction.statements.context import ClauseContext

_NOUN = ("n", "eng", "vn", "an", "j", "s", "l", "i")
_WITHIN = ("m", "q", "a", "b", "k", "h", "f", "ng", "v")
_WIDEST = 10


def phrases(clause: ClauseContext) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and form: a `run` of nouns, the `full` phrase with what stands before 的, its `wide` form with verbs."""
    tokens = clause.tokens
    kinds = [_kind(token.tag) for token in tokens]
    seen = set()
    for form, inside in (("run", "n"), ("full", "nwu"), ("wide", "nwuv")):
        place = 0
        while place < len(tokens):
            if kinds[place] not in inside or kinds[place] == "u":
                place += 1
                continue
            last = place
            while last + 1 < len(tokens) and kinds[last + 1] in inside and last - place < _WIDEST:
                last += 1
            end = last
            while end > place and kinds[end] != "n":
                end -= 1
            span = tokens[place].start, tokens[end].end
            if (kinds[end] == "n" or form == "wide") and span not in seen:
                seen.add(span)
                yield *span, form
            place = last + 1


def _kind(tag: str) -> str:
    """Return n (may end a phrase), w (may stand in one), v (may in a wide one), u (joins), or a blank."""
    if tag == "uj":
        return "u"
    if tag in ("v", "vd"):
        return "v"
    if tag.startswith(_NOUN):
        return "n"
    return "w" if tag.startswith(_WITHIN) else " "
