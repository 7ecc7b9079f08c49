"""The dates and periods of a text, resolved against the document's date."""

import regex

from kg.extraction.dates.day import Day
from kg.extraction.dates.grammar import Grammar, grammar
from kg.extraction.dates.resolution import Resolver
from kg.lexicon import Lexicon
from kg.model import TimeExpression


def time_expressions(view: str, published: str | None, lexicon: Lexicon, start: int = 0, end: int | None = None) -> list[TimeExpression]:
    """Return the dates and periods of folded text, in order; what cannot be resolved or is no possible date is left out.

    `published` is ISO 8601 as coarse as known; ExtractionError where it is not. Read a whole document at once where possible:
    `同期`, `次日` and months without a year look back. A range of years gives one expression a year.

    >>> [t.iso for t in time_expressions("今年上半年开始测试,明年年底上市,到2030年覆盖全国", "2021-09-24", Lexicon())]
    ['2021-H1', '2022-12', '2030']
    >>> time_expressions("2月30日", "2021-09-24", Lexicon())
    []
    """
    rules = grammar(lexicon)
    resolver = Resolver(view, Day.parse(published), rules)
    found: list[TimeExpression] = []
    for match in rules.time.finditer(view, start, len(view) if end is None else end):
        isos = resolver.resolve(match)
        deadline = bool(isos) and _is_deadline(match, view, rules)
        found.extend(TimeExpression(match.start(), match.end(), iso, deadline) for iso in isos)
    return found


def now_expressions(view: str, published: str | None, lexicon: Lexicon, start: int = 0, end: int | None = None) -> list[TimeExpression]:
    """Return `目前`, `现在`, `截至目前` as the document's date; a figure holds on it, most other statements do not need it.

    >>> [t.iso for t in now_expressions("截至目前,门店已有300家", "2021-09-24", Lexicon())]
    ['2021-09-24']
    """
    if published is None:
        return []
    matches = grammar(lexicon).now.finditer(view, start, len(view) if end is None else end)
    return [TimeExpression(match.start(), match.end(), published, False) for match in matches]


def _is_deadline(match: "regex.Match[str]", view: str, rules: Grammar) -> bool:
    """Whether the wording says "by then": `到2030年`, `年底前`, `未来三年`, `年内`."""
    if match["span"] or match["plan"] or match["inyear"] or match["within"]:
        return True
    before = view[max(0, match.start() - 5) : match.start()]
    return bool(rules.after_deadline.match(view, match.end()) or rules.before_deadline.search(before))
