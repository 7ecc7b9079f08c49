"""Which dates come into question for a statement, and what speaks for each."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extraction.dates.expressions import now_expressions, time_expressions
from kg.extraction.dates.grammar import Grammar, grammar
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance, TimeExpression

AHEAD = frozenset({Stance.PLANS, Stance.AIMS, Stance.PREDICTS})
_SENTENCE_ENDS, _BREAKS = "。!?\n", ',。;:!?\n、()“”"'
_FOUNDED = ("成立于", "创立于", "创办于", "始建于", "组建于", "诞生于", "创建于", "始创于", "注册于")
_SAME_PERIOD = "年同期"
_REACH = 600  # characters; what was named farther back dates nothing
_MOST = {"after": 2, "sentence": 4, "previous": 3, "paragraph": 2, "earlier": 2}  # the nearest of each place


@dataclass(frozen=True, slots=True)
class Timeline:
    """All dates of one document: made once, asked for every statement. `nows` are the offsets of those that are `目前`."""

    view: str
    published: str | None
    times: tuple[TimeExpression, ...]
    starts: tuple[int, ...]
    nows: frozenset[int]
    grammar: Grammar


@dataclass(frozen=True, slots=True)
class Claim:
    """What of a statement its date depends on; `figure` is where its quantity begins."""

    stance: Stance
    predicate: Predicate
    figure: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date that may be a statement's; `place` is inside its quote, after or before it in the sentence, or farther back."""

    time: TimeExpression
    place: str


def timeline(view: str, published: str | None, lexicon: Lexicon) -> Timeline:
    """Find every date of folded text once."""
    nows = now_expressions(view, published, lexicon)
    times = sorted([*time_expressions(view, published, lexicon), *nows], key=lambda time: (time.start, time.end, time.iso))
    return Timeline(
        view, published, tuple(times), tuple(time.start for time in times), frozenset(now.start for now in nows), grammar(lexicon)
    )


def candidates(line: Timeline, span: tuple[int, int], claim: Claim) -> list[Candidate]:
    """Return the dates that a statement with this quote may take, those after it first, then from the nearest backwards.

    `目前` dates what is the case, in its own sentence only, and nothing that lies ahead; what a figure is compared
    with (`较2018年`, `是去年的3倍`) does not date it.

    >>> line = timeline("去年亏损。今年3月,公司搬家,利润2亿元", "2021-09-24", Lexicon())
    >>> [(one.time.iso, one.place) for one in candidates(line, (16, 21), Claim(Stance.ASSERTS, Predicate.METRIC))]
    [('2021-03', 'sentence'), ('2020', 'previous')]
    """
    start, end = span
    view = line.view
    stop = min((at for mark in _SENTENCE_ENDS if (at := view.find(mark, end)) >= 0), default=len(view))
    first, last = bisect_left(line.starts, end), bisect_left(line.starts, stop)
    skipped = line.nows if claim.stance in AHEAD else frozenset()
    found = [Candidate(time, "after") for time in line.times[first:last] if time.start not in skipped]
    places = _Places(view, start)
    for time in reversed(line.times[:first]):
        if start - time.start > _REACH:
            break
        if time.start not in skipped and time.end <= end and (time.start >= start or time.end <= start):
            place = "inside" if time.start >= start else places.of(time.start)
            if place in ("inside", "sentence") or time.start not in line.nows:
                found.append(Candidate(time, place))
    begun = view.rfind(",", start, end)
    if any(begun < time.start < end for time in line.times[:first] if time.start in line.nows):
        found = [one for one in found if one.place == "after" or one.time.start > begun]  # 成立于2016年,目前有12家店
    if any(one.place == "inside" and one.time.start > begun for one in found):
        found = [one for one in found if not _only_told(line, one.time, begun)]
    if claim.predicate is not Predicate.FOUNDS:
        found = [one for one in found if not _founded(view, one.time, begun)]
    if claim.predicate is Predicate.METRIC:
        found = [one for one in found if not (_compared(line, one.time) or _aside(line, one.time, claim.figure))]
        found = _in_row(line, span, claim.figure, found) or found
    return list(_nearest(found))


def _founded(view: str, time: TimeExpression, begun: int) -> bool:
    """Whether a date before the last clause says when somebody was founded: 2017 of `成立于2017年,专注于机器人`."""
    return time.end <= begun and view.endswith(_FOUNDED, 0, time.start)


def _only_told(line: Timeline, time: TimeExpression, begun: int) -> bool:
    """Whether a date before the last clause says when it was told: 昨日 of `昨日发布公告说,三季度实现营收32亿元`."""
    return line.grammar.said.search(line.view, time.end, max(time.end, begun + 1)) is not None


def _in_row(line: Timeline, span: tuple[int, int], figure: int | None, found: Sequence[Candidate]) -> list[Candidate]:
    """The one date of a figure's place in a row (`2020年、2021年收入分别为3亿、4亿`); none where there is no row."""
    row = line.grammar.row.search(line.view, span[0], figure) if figure else None
    if row is None or figure is None:
        return []
    number = sum(map(line.view[row.end() : figure].count, "、和及,"))
    dates = sorted((one for one in found if one.place in ("inside", "sentence") and one.time.end <= figure), key=_in_text)
    return dates[number : number + 1] if len(dates) > 1 else []


def _in_text(one: Candidate) -> tuple[int, str]:
    return one.time.start, one.time.iso


def _compared(line: Timeline, time: TimeExpression) -> bool:
    """Whether a figure is only set against that of a date: `较2018年`, `去年的3倍`."""
    rules = line.grammar
    return bool(rules.before_compared.search(line.view, max(0, time.start - 5), time.start) or rules.multiple.match(line.view, time.end))


def _aside(line: Timeline, time: TimeExpression, figure: int | None) -> bool:
    """Whether a date says when another clause's figure was, which this one's is set beside: `去年同期为58.9%,经营亏损收窄至3200万元`."""
    return figure is not None and line.view.endswith(_SAME_PERIOD, time.start, time.end) and "," in line.view[time.end : figure]


class _Places:
    """Where a quote's sentence, the one before it and its paragraph begin."""

    def __init__(self, view: str, start: int) -> None:
        self._paragraph = view.rfind("\n", 0, start) + 1
        self._sentence = _begin(view, start)
        self._previous = max(_begin(view, max(self._sentence - 1, 0)), self._paragraph)

    def of(self, offset: int) -> str:
        if offset >= self._sentence:
            return "sentence"
        if offset < self._paragraph:
            return "earlier"
        return "previous" if offset >= self._previous else "paragraph"


def _begin(view: str, offset: int) -> int:
    return max(view.rfind(mark, 0, offset) for mark in _SENTENCE_ENDS) + 1


def _nearest(found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Leave out what others of the same place stand nearer than, but for what opens the paragraph."""
    counts: dict[str, int] = {}
    opening = next((one for one in reversed(found) if one.place == "paragraph"), None)
    for one in found:
        counts[one.place] = counts.get(one.place, 0) + 1
        if one.place == "inside" or counts[one.place] <= _MOST[one.place] or one is opening:
            yield one


def features(line: Timeline, span: tuple[int, int], claim: Claim, found: Sequence[Candidate]) -> list[list[str]]:
    """Return what speaks for each candidate, and last what speaks for none of them."""
    stance, predicate = claim.stance, claim.predicate.value
    manner = "ahead" if stance in AHEAD else stance.value
    inside = [one.time.start for one in found if one.place == "inside"]
    before = [one.time.start for one in found if one.place in ("sentence", "previous", "paragraph", "earlier")]
    words = sorted({match.group() for match in line.grammar.aspect.finditer(line.view, *span)})
    count = min(len(inside), 3)
    undated = bool(line.grammar.undated.search(line.view, *span))
    of_figure = _of_figure(line, claim.figure, found)
    rows = []
    for one, figured in zip(found, of_figure, strict=True):
        order = _order(one.time.start, inside) if one.place == "inside" else "near" if one.time.start == max(before, default=-1) else "far"
        size, place = grain(one.time.iso) if one.time.start not in line.nows else "now", one.place
        where = f"{place}-{order}"
        begun, over = against(one.time.iso, line.published)
        state = "future" if not begun else "over" if over else "current"
        rows.append(
            [
                where,
                f"{where} {predicate}",
                f"{where} {manner}",
                f"{where} {manner} {predicate}",
                f"{where} {size} {manner}",
                f"{where} {size} {manner} {predicate}",
                f"{place} {size}",
                f"{size} {predicate}",
                f"{place} {size} {predicate}",
                f"{place} {size} undated={undated}",
                f"{place} {state} {manner}",
                f"{state} {manner} {predicate}",
                f"{place} deadline={one.time.deadline} {manner}",
                f"{place} inside={count}",
                f"{place} inside={count} {predicate}",
                f"{place} published={one.time.iso == line.published}",
                f"{place} figure={figured}",
                f"{place} figure={figured} inside={count}",
                f"{place} figure={figured} {size}",
                *_wording(line, span, one, (predicate, manner, size)),
                *(f"{place} word={word}" for word in words),
                *(f"{size} word={word}" for word in words),
            ]
        )
    none = ["", predicate, manner, f"{manner} {predicate}", f"inside={count}", f"inside={count} {predicate}", f"undated={undated}"]
    return [*rows, [f"none {one}" for one in (*none, *(f"word={word}" for word in words), *(f"word={word} {predicate}" for word in words))]]


def _of_figure(line: Timeline, figure: int | None, found: Sequence[Candidate]) -> list[str]:
    """How each date stands to the quantity: the nearest before it, or behind it."""
    if figure is None:
        return ["none"] * len(found)
    near = [one.place in ("inside", "sentence") for one in found]
    last = max((one.time.start for one, own in zip(found, near, strict=True) if own and one.time.end <= figure), default=-1)
    return [
        "other"
        if not own
        else "behind"
        if one.time.start >= figure
        else f"nearest={one.time.start == last} commas={min(line.view.count(',', one.time.end, figure), 2)}"
        for one, own in zip(found, near, strict=True)
    ]


def _order(start: int, inside: Sequence[int]) -> str:
    if len(inside) == 1:
        return "only"
    return "first" if start == min(inside) else "last" if start == max(inside) else "middle"


def _wording(line: Timeline, span: tuple[int, int], one: Candidate, claim: tuple[str, str, str]) -> Iterator[str]:
    """What the words around a date say of it: compared, of speaking only, in a title, how far from the quote."""
    view, rules, time, place = line.view, line.grammar, one.time, one.place
    predicate, manner, size = claim
    start = span[0]
    before, after, text = view[max(0, time.start - 5) : time.start], view[time.end : time.end + 2], view[time.start : time.end]
    figure = predicate == Predicate.METRIC.value
    title = view.rfind("《", max(0, time.start - 30), time.start) > view.rfind("》", max(0, time.start - 30), time.start)
    said = time.end < start and bool(rules.said.search(view, time.end, start))
    form = "written" if text[0].isdigit() or text[0] == "二" else text[:3]
    yield f"{place} opens={before[-1:] in _BREAKS}"
    yield f"{place} compared={bool(rules.before_compared.search(before))} figure={figure}"
    yield f"{place} comparing={bool(rules.after_compared.match(view, time.end, max(span[1], time.end)))} figure={figure}"
    yield f"{place} {size} said={said}"
    yield f"title={title}"
    yield f"before={before[-1:]}"
    yield f"before={before[-2:]}"
    yield f"{place} before={before[-1:]}"
    yield f"after={after}"
    yield f"{place} after={after[:1]}"
    yield f"{place} form={form}"
    yield f"{predicate} form={form}"
    if time.end > start:
        return
    between = view[time.end : start]
    commas = min(sum(map(between.count, ",;:")), 4)
    yield f"{place} commas={commas}"
    yield f"{place} commas={commas} {size}"
    yield f"{place} commas={commas} {predicate}"
    yield f"commas={commas} {predicate} {manner}"
    yield f"{place} sentences={min(sum(map(between.count, _SENTENCE_ENDS)), 3)}"
    yield f"{place} length={min(len(between) // 10, 6)}"
    yield f"{place} semicolon={';' in between}"
    yield f"{place} others={min(bisect_left(line.starts, start) - bisect_left(line.starts, time.start) - 1, 3)}"
    yield f"{place} {size} presented={bool(rules.presented.search(view, time.end, start))}"


def grain(iso: str) -> str:
    """How coarse a date is: year, half, quarter, month or day."""
    return {4: "year", 10: "day"}.get(len(iso)) or {"Q": "quarter", "H": "half"}.get(iso[5], "month")


def against(iso: str, published: str | None) -> tuple[bool, bool]:
    """Whether a period has begun, and whether it is over, on the document's date; begun and not over where that is unknown."""
    if published is None:
        return True, False
    first, last = _bounds(iso)
    return first[: len(published)] <= published[: len(first)], last[: len(published)] < published[: len(last)]


def _bounds(iso: str) -> tuple[str, str]:
    """The first and last day of a period: `2021-Q2` gives `2021-04` and `2021-06-31` (compared as text only)."""
    if iso[5:6] in ("Q", "H"):
        size = 3 if iso[5] == "Q" else 6
        last = int(iso[6]) * size
        return f"{iso[:4]}-{last - size + 1:02}", f"{iso[:4]}-{last:02}-31"
    return iso, iso + {4: "-12-31", 7: "-31"}.get(len(iso), "")
