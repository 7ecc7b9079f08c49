"""Which date a statement takes: when it holds, or by when it is due."""

from dataclasses import dataclass

from kg.extraction.dates.expressions import now_expressions, time_expressions
from kg.extraction.dates.grammar import Grammar, grammar
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance, TimeExpression

_AHEAD = frozenset({Stance.PLANS, Stance.AIMS, Stance.PREDICTS})
# Acts that a date before them in the sentence dates too; states (owns, supports, targets, …) are not dated by what stands before.
_ACTS = frozenset(
    {
        Predicate.LAUNCHES,
        Predicate.ACQUIRES,
        Predicate.INVESTS_IN,
        Predicate.FOUNDS,
        Predicate.DIVESTS,
        Predicate.EXITS,
        Predicate.LISTS,
        Predicate.PERMITS,
        Predicate.RESTRICTS,
        Predicate.OPEN_SOURCES,
        Predicate.PROVIDES,
        Predicate.PARTNERS_WITH,
    }
)
_LEAD = 8  # a date that opens a paragraph stands within its first characters


@dataclass(frozen=True, slots=True)
class Timeline:
    """All dates of one document: made once, asked for every statement."""

    view: str
    published: str | None
    times: tuple[TimeExpression, ...]
    nows: tuple[TimeExpression, ...]
    grammar: Grammar


def timeline(view: str, published: str | None, lexicon: Lexicon) -> Timeline:
    """Find every date of folded text once."""
    times = tuple(time_expressions(view, published, lexicon))
    return Timeline(view, published, times, tuple(now_expressions(view, published, lexicon)), grammar(lexicon))


def choose_times(line: Timeline, span: tuple[int, int], stance: Stance, predicate: Predicate) -> tuple[str | None, str | None]:
    """Return when and due of a statement whose quote is `span`, either or both None.

    A date in the quote counts first (the last one for what lies ahead). A figure without one takes `目前`, the nearest date before
    it in the sentence, or the one that opens its paragraph; an act that is asserted, the nearest before it in the sentence.
    Dates that only say when somebody spoke (`昨日表示,…`), and those compared with (`较2023年`), date nothing.

    >>> line = timeline("某公司2021年成立,计划2025年上市。", "2023-05-01", Lexicon())
    >>> choose_times(line, (0, 10), Stance.ASSERTS, Predicate.FOUNDS), choose_times(line, (11, 19), Stance.PLANS, Predicate.LISTS)
    (('2021', None), (None, '2025'))
    """
    chosen = _choose(line, span, stance, predicate)
    if chosen is None:
        return None, None
    begun, over = _against(chosen, line.published)
    if stance is Stance.ASSERTS:
        return (chosen.iso if begun else None), None
    if stance in _AHEAD:
        past = over and not chosen.deadline and not line.grammar.future.search(line.view, max(0, chosen.start - 4), chosen.start)
        return (chosen.iso, None) if past else (None, chosen.iso)
    ahead = not begun or (not over and (chosen.deadline or bool(line.grammar.future.search(line.view, *span))))
    return (None, chosen.iso) if ahead else (chosen.iso, None)


def _choose(line: Timeline, span: tuple[int, int], stance: Stance, predicate: Predicate) -> TimeExpression | None:
    start, end = span
    metric = predicate is Predicate.METRIC
    inside = _usable(line, start, end, metric)
    if inside:
        return inside[-1 if stance in _AHEAD else 0]
    sentence = max(line.view.rfind(mark, 0, start) for mark in "。!?\n") + 1
    if metric:
        return _for_figure(line, span, sentence, stance)
    if stance is Stance.ASSERTS and predicate in _ACTS:
        before = _not_of_speaking(line, _usable(line, sentence, start, False), start)
        return before[-1] if before and len(before[-1].iso) > 4 else None  # a mere year dates what it stands with, no later act
    return None


def _for_figure(line: Timeline, span: tuple[int, int], sentence: int, stance: Stance) -> TimeExpression | None:
    start, end = span
    if stance in (Stance.ASSERTS, Stance.REPORTS):
        now = next((time for time in line.nows if start <= time.start and time.end <= end), None)
        if now:
            return now
    if stance not in (Stance.ASSERTS, Stance.PREDICTS):
        return None
    before = _not_of_speaking(line, _usable(line, sentence, start, True), start)
    if before and not _of_product(line, before[-1], span):
        return before[-1]
    if before or stance is not Stance.ASSERTS:
        return None
    paragraph = line.view.rfind("\n", 0, start) + 1
    opening = [time for time in _usable(line, paragraph, sentence, True) if time.start - paragraph < _LEAD]
    return opening[0] if opening and not _of_product(line, opening[0], span) else None


def _of_product(line: Timeline, time: TimeExpression, span: tuple[int, int]) -> bool:
    """Whether a figure belongs to a thing and not to a day: a price, or what is told of a product presented on that day."""
    if len(time.iso) < 10:
        return False
    rules, view = line.grammar, line.view
    return bool(rules.undated.search(view, *span) or rules.presented.search(view, time.end, span[0]))


def _usable(line: Timeline, start: int, end: int, metric: bool) -> list[TimeExpression]:
    """The dates between two offsets that can date a statement: no dateline, no title in 《》, for a figure none compared with."""
    view, rules = line.view, line.grammar
    found = []
    for time in line.times:
        if time.start >= end:
            break
        if time.start < start or time.end > end:
            continue
        before = view[max(0, time.start - 5) : time.start]
        if view.rfind("《", max(0, time.start - 30), time.start) > view.rfind("》", max(0, time.start - 30), time.start):
            continue
        if metric and (rules.before_compared.search(before) or rules.after_compared.match(view, time.end, end)):
            continue
        found.append(time)
    return found


def _not_of_speaking(line: Timeline, times: list[TimeExpression], start: int) -> list[TimeExpression]:
    """Leave out the days on which only something was said: a verb of speaking stands between the date and the statement."""
    return [time for time in times if len(time.iso) < 10 or not line.grammar.said.search(line.view, time.end, start)]


def _against(time: TimeExpression, published: str | None) -> tuple[bool, bool]:
    """Whether a period has begun, and whether it is over, on the document's date; begun and not over where that is unknown."""
    if published is None:
        return True, False
    first, last = _bounds(time.iso)
    return first[: len(published)] <= published[: len(first)], last[: len(published)] < published[: len(last)]


def _bounds(iso: str) -> tuple[str, str]:
    """The first and last day of a period: `2021-Q2` gives `2021-04` and `2021-06-31` (compared as text only)."""
    if iso[5:6] in ("Q", "H"):
        size = 3 if iso[5] == "Q" else 6
        last = int(iso[6]) * size
        return f"{iso[:4]}-{last - size + 1:02}", f"{iso[:4]}-{last:02}-31"
    return iso, iso + {4: "-12-31", 7: "-31"}.get(len(iso), "")
