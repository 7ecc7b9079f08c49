"""Names that hold another: a town and its company (合肥三洋), a company and its branch (天梭中国), a state and its body (印度央行)."""

import functools
from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Mention

_SHORT = 4  # characters below which what a model finds behind a name can be the rest of it
_AHEAD = 6  # characters in which the next word ends


def compounds(view: str, found: Sequence[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """Yield what names of a sorted sequence name together with the name or the region that touches them."""
    for first, second in pairwise(found):
        if first.end == second.start and not first.text.isascii() and not second.text.isascii():
            kind = _kind(first, second, lexicon)
            if kind is not None:
                yield Mention(first.start, second.end, view[first.start : second.end], kind, "compound")
    for mention in found:
        region = _regions(lexicon).match(view, mention.end) if mention.kind is Kind.COMPANY else None
        if region is not None and ends_name(view, region.end(), lexicon):
            yield Mention(mention.start, region.end(), view[mention.start : region.end()], Kind.COMPANY, "branch")


def _kind(first: Mention, second: Mention, lexicon: Lexicon) -> Kind | None:
    """Return what two names are as one, None where they stay two."""
    modelled = second.rule == "lac" and first.rule == "lexicon"
    match first.kind, second.kind:
        case (Kind.STATE, Kind.PLACE) if modelled:
            return Kind.PLACE
        case (Kind.PLACE, Kind.PLACE) if modelled:
            return Kind.PLACE if _is_place(second.text, lexicon) else Kind.COMPANY
        case (Kind.PLACE, Kind.COMPANY) if first.rule == second.rule == "lexicon":
            return Kind.COMPANY
        case (Kind.COMPANY, Kind.COMPANY) if modelled and len(second.text) < _SHORT:
            return Kind.COMPANY
        case (Kind.STATE, Kind.STATE) if first.rule == second.rule == "lexicon":
            return Kind.STATE
    return None


def _is_place(text: str, lexicon: Lexicon) -> bool:
    """Say whether the dictionary has a place of that name, or it is as long as transcribed ones are."""
    return len(text) >= _SHORT or [token.tag for token in tokenizer(lexicon).tokenize(text)] == ["ns"]


@functools.lru_cache(maxsize=4)
def _regions(lexicon: Lexicon) -> "regex.Pattern[str]":
    return regex.compile(alternation(lexicon.words("name_branches")))


def ends_name(view: str, end: int, lexicon: Lexicon) -> bool:
    """Say whether no noun goes on with what ends here."""
    words = tokenizer(lexicon).tokenize(view[end : end + _AHEAD])
    return not words or words[0].tag[0] not in "nljst"
