"""Companies that no wording of their own gives away, by who holds a post there: 远途汽车 in `远途汽车副总裁白晓岚`."""

import functools
from collections.abc import Iterable, Iterator

import regex

from kg.expressions import compiled
from kg.extraction.naming import CLOSED_CLASSES, stops
from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Mention

_REACH = 30  # characters before a person in which the post and the employer stand


@functools.lru_cache(maxsize=4)
def _posted(lexicon: Lexicon) -> "regex.Pattern[str]":
    """Return what stands right before a person: a name with the ending of a company, then titles."""
    endings = alternation(row["suffix"] for row in lexicon.table("org_suffixes") if row["kind"] == Kind.COMPANY)
    titles = alternation(lexicon.words("job_titles"))
    return compiled(rf"(?<![\p{{Han}}A-Za-z0-9])(?P<name>\p{{Han}}{{1,6}}{endings})(?:{titles}(?:兼任?|、|及|,)?)+[ :]?$")


def employers(view: str, found: Iterable[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """Yield what stands between the beginning of a phrase and the title of one of the persons that were found."""
    for person in found:
        match = _posted(lexicon).search(view, max(0, person.start - _REACH), person.start) if person.kind is Kind.PERSON else None
        if match is not None and _is_name(match["name"], lexicon):
            yield Mention(*match.span("name"), match["name"], Kind.COMPANY, "employer")


def _is_name(text: str, lexicon: Lexicon) -> bool:
    """Say whether a stretch is no phrase: none of its words is one of grammar or one that no name holds (`该公司`, `某汽车企业`)."""
    words = tokenizer(lexicon).tokenize(text)
    return all(word.tag not in CLOSED_CLASSES and word.text not in stops(lexicon) for word in words)
