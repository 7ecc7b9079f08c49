"""What a figure measures: its name with the direction of a change, completed by its nouns, or as a question named it."""

import functools
import itertools
from collections.abc import Container, Sequence

import regex

from kg.expressions import compiled
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import Candidate, Place, company_of
from kg.extraction.statements.arguments.respectively import each_at
from kg.extraction.statements.arguments.rows import JOINTS, OWN
from kg.extraction.statements.arguments.tidying import ADVERBS
from kg.extraction.statements.context import ClauseContext, Context
from kg.folding import fold
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Predicate, Quantity, Role

_COMPARED = frozenset(("高于", "低于", "优于", "好于", "超过", "超出", "不及", "不如", "落后于", "领先"))
_BEFORE_TRENDS = frozenset("dazvtcum")  # first letters of the tags of what stands between a measure and the way it goes
_MEASURED = frozenset(("n", "vn", "j", "l"))
_ASKED = regex.compile(
    r"(?P<measure>[\p{Han}A-Za-z0-9]{2,24}?)(?:大约|目前|预计|可以|能|会)*(?:是|有|占|为|做?到|达到?)?(?:多少|几成|多高|多大)"
)
_JOINED = regex.compile("[、和与及]|以及")
_BESIDE = regex.compile("(?:同比|环比|较上年|大幅|小幅|分别|均|都)+$")
_LIGHT = frozenset("dazt")  # first letters of the tags of what tells how a measure changed
_PERCENT = "%"
_NO_THING = frozenset("vpr")  # first letters of the tags of words that no thing with a price is called by
_PRICED = regex.compile(
    r"(?P<market>(?:美股|港股|A股|盘前|盘后|盘中|午后|早盘|尾盘|开盘|收盘|股价|股)*)(?:价格|报价)?[收大暴急狂上下普]?(?P<way>[涨跌])"
)
_MOVES = compiled(
    r"(?P<who>[\p{Han}A-Za-z][\p{Han}A-Za-z0-9·、&. ]{1,24}?)(?<![率额量润收本益数债])(?:股价|价格|报价)?"
    r"(?:美股|港股|A股|盘前|盘后|盘中|午后|早盘|尾盘|收盘)*"
    r"(?:再|续|继续|大|暴|收|普|均|齐|一度){0,2}(?P<way>[涨跌])(?:幅|超|逾|近|约|了|至|达){0,3}\s?\d"
)
_THE_OTHERS = compiled("的(?:约|近|超过?|逾)?")
_THAN = compiled("(?:低于|高于|超过|超出|不及|不如|落后于|少于|多于|逊于|领先于?|大于|小于)$")
_LEADING = regex.compile(r"^(?:的|目前|现在|今年|去年|上半年|全年|公司|你们|贵公司|这个|那么)+")  # what no measure's name begins with
_WHEN = regex.compile(
    r"^(?:\d{2,4}年(?:度|末|底)?|\d{1,2}月(?:份|末|底)?|第?[一二三四1-4]季度|[上下]半年|前?[一二三四五六七八九十\d]+个?月|[去今前]年|同期)+"
)
_CAUSE = regex.compile(r"(?:受|因|由于|在)\p{Han}.{0,24}(?:影响|拖累|带动|推动|提振|冲击)下?$")


class Measures:
    """Names what the figures of one document measure, figure by figure in the order of the text."""

    def __init__(self, context: Context, lexicon: Lexicon, ends: Container[str]) -> None:
        """Take a document; `ends` are words that no name ends with."""
        self._context, self._lexicon, self._ends = context, lexicon, ends
        self._last: list[tuple[int, str]] = []  # the sentence and the name of all that was measured in the last one

    def of(self, clause: ClauseContext, objects: Sequence[Named], quantity: Quantity) -> tuple[Named, ...]:
        """Return what a quantity measures, with the direction where it is a change: of what the sentence measured last, if nothing else.

        Where each of several figures has its own (`营收3亿元,净利润1亿元,分别增长5%和7%`), they belong to what was measured in their order.
        """
        own = bool(objects) and clause.start <= objects[0].start < clause.end and bool(_bare(objects[0].name, self._lexicon))
        name = objects[0].name if objects and not _is_time(clause, objects[0]) else None
        measured = [one for sentence, one in self._last if sentence == clause.sentence]
        before = measured[-1] if measured else None
        if not own and name is not None and before is not None and name in before:
            name = before  # 营业 of `营业收入45亿元,同比增长4%`
        order = _respectively(self._context.view, clause, quantity)
        each = _each(self._context.view, clause) if order is not None else []
        if order is not None and not own and not each and len(measured) >= len(clause.quantities):
            each = measured[: len(clause.quantities)]
        if order is not None and len(each) == len(clause.quantities):
            own_way = of_change(self._context.view, clause.start, quantity, self._lexicon)
            change = own_way or of_change(self._context.view, clause.start, clause.quantities[0], self._lexicon)
            self._remember(clause.sentence, each[order])
            return _named(objects, quantity, changed(each[order], change, None, self._lexicon) if change else each[order])
        change = of_change(self._context.view, clause.start, _first_of_row(self._context.view, clause, quantity), self._lexicon)
        if change is not None:
            said = own and name is not None and _bare(name, self._lexicon)
            near = None if said else _before_change(self._context.view, clause, quantity, self._lexicon)
            name = changed(near or name, change, before, self._lexicon)
        elif objects and name is None:
            name = before  # of 去年同期 the same was measured
        elif name is None or name in self._ends or not own:
            near = None if name in self._ends else name
            amount = before if before is None or quantity.unit == _PERCENT else _bare(before, self._lexicon) or before
            name = _asked_for(self._context, clause) or near or amount  # `去年是35%`, where it was asked what it is
        if name is not None:
            self._remember(clause.sentence, name)
        return _named(objects, quantity, name)

    def _remember(self, sentence: int, name: str) -> None:
        """Keep what a sentence measured, and forget what one before did."""
        if (sentence, name) not in self._last:
            self._last = [*(one for one in self._last if one[0] == sentence), (sentence, name)]


def _first_of_row(view: str, clause: ClauseContext, quantity: Quantity) -> Quantity:
    """Return the first of the figures that a clause gives in a row for each of several: which way it went stands before that one."""
    for before, one in reversed(list(itertools.pairwise(clause.quantities))):
        joined = view[before.end : one.start].strip() in JOINTS and each_at(view, clause) >= 0
        quantity = before if one == quantity and joined else quantity
    return quantity


def _bare(measure: str, lexicon: Lexicon) -> str:
    """Return a measure's name without which way it went, nor beside what: 营收 of 营收同比增长."""
    return _BESIDE.sub("", _changes(lexicon)[1].sub("", fold(measure)))


def _before_change(view: str, clause: ClauseContext, quantity: Quantity, lexicon: Lexicon) -> str | None:
    """Return the nouns right before the word for a change, adverbs apart, and behind any name: 净利润 of `甲公司净利润同比大幅下降10%`."""
    found = _changes(lexicon)[0].search(view, clause.start, quantity.start)
    names = max((one.mention.end for one in clause.references if found and one.mention.end <= found.start()), default=clause.start)
    words = [token for token in clause.tokens if found and token.end <= found.start() and token.end > names]
    while words and words[-1].tag[0] in _LIGHT:
        words.pop()
    end = words[-1].end if words else 0
    nouns = list(itertools.takewhile(lambda token: token.tag in _MEASURED, reversed(words)))
    return view[max(names, nouns[-1].start) : end] if nouns else None


def _each(view: str, clause: ClauseContext) -> list[str]:
    """Return what the figures of a clause belong to that says so by one word, in their order: `收入和利润分别增长12%和9%`."""
    at = each_at(view, clause)
    begin = max((one.mention.end for one in clause.references if one.mention.end <= at), default=clause.start)
    if _JOINED.match(view, begin, at):
        return []  # what goes on there is the row of those who have it: 甲公司、乙公司净利润分别
    parts = [_WHEN.sub("", _LEADING.sub("", part)) for part in _JOINED.split(view[begin:at]) if part]
    if parts and not any(parts[:-1]):
        parts = [parts[-1]] * len(parts)  # of 2022年和2023年营收
    return parts if len(parts) > 1 and all(parts) else []


def _named(objects: Sequence[Named], quantity: Quantity, name: str | None) -> tuple[Named, ...]:
    """Return a measure of that name where it stands, else at its figure."""
    start, end = (objects[0].start, objects[0].end) if objects else (quantity.start, quantity.start)
    return () if name is None else (Named(name, None, start, end),)


def _is_time(clause: ClauseContext, name: Named) -> bool:
    """Say whether what was taken for a measure is a time: `去年同期为1.7亿元`."""
    return {token.tag for token in clause.tokens if name.start <= token.start and token.end <= name.end} == {"t"}


@functools.cache
def _changes(lexicon: Lexicon) -> tuple["regex.Pattern[str]", "regex.Pattern[str]"]:
    """Return the patterns of a change right before a number, and of one that ends a measure's name."""
    rows = lexicon.table("change_words")
    change, between = (alternation(row["word"] for row in rows if row["role"] == role) for role in ("change", "between"))
    return regex.compile(rf"(?<!新)(?P<change>{change}){between}*$"), regex.compile(rf"{change}{between}*$")


def of_change(view: str, start: int, quantity: Quantity, lexicon: Lexicon) -> str | None:
    """Return the word that says which way a measure has changed by a quantity, None where it says no change.

    `view` is the folded text, `start` where the clause begins.

    >>> of_change("研发费用同比下降了4%", 0, Quantity(9, 11, "4", "%"), Lexicon())
    '下降'
    >>> of_change("升至4%", 0, Quantity(2, 4, "4", "%"), Lexicon())
    """
    found = _changes(lexicon)[0].search(view, start, quantity.start)
    return found["change"] if found else None


@functools.cache
def _trends(lexicon: Lexicon) -> "regex.Pattern[str]":
    """Return the pattern of a word that says which way something goes without a number."""
    return regex.compile(alternation(row["word"] for row in lexicon.table("change_words") if row["role"] in ("change", "trend")))


def trend(place: Place, measure: Named, lexicon: Lexicon) -> str | None:
    """Return a measure's name with the word of the clause for which way it goes, None where nothing says it.

    `利润下降` of 利润大幅下降, where the measure was taken for 利润 or for all of it.
    """
    view, clause = place.survey.context.view, place.clause
    if not (clause.start <= measure.start < measure.end <= clause.end):
        return measure.name if _trends(lexicon).search(measure.name) else None
    found = list(_trends(lexicon).finditer(view, measure.start, clause.end))
    if not found:
        judged = any(token.tag[0] == "a" or token.text in _COMPARED for token in clause.tokens)  # 口碑良好, 价格高于同行
        return _going(view, clause.start, measure.start, lexicon) or (measure.name if judged else None)
    first = found[0]
    tokens = [token for token in clause.tokens if measure.start <= token.start and token.end <= first.start()]
    if first.start() >= measure.end:
        between = [token for token in tokens if token.start >= measure.end]
        return measure.name + first[0] if all(token.tag[0] in _BEFORE_TRENDS for token in between) else None
    if not tokens:
        return measure.name if first.end() == measure.end else first[0]
    while tokens and tokens[-1].tag in ADVERBS:
        tokens.pop()
    return measure.name[: tokens[-1].end - measure.start] + first[0] if tokens else first[0]


def _going(view: str, start: int, end: int, lexicon: Lexicon) -> str | None:
    """Return the word for which way a thing goes right before it: 亏损 of 亏损的业务."""
    before = view[start:end]
    if not before.endswith(OWN):
        return None
    return next((one[0] for one in _trends(lexicon).finditer(before) if one.end() == len(before) - len(OWN)), None)


def moved(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return what a clause opens with that went up or down by a figure, and its price: 岚木科技 of `岚木科技、栌山乳业涨近3%`."""
    clause = place.clause
    found = _MOVES.match(place.survey.context.view, clause.begin, clause.end) if place.predicate is Predicate.METRIC else None
    if found is None:
        return None
    start, names = found.start("who"), []
    for part in found["who"].split("、"):
        named = place.survey.named(clause, start, start + len(part))
        start += len(part) + 1
        if not named.name or any(
            token.tag[0] in "vpr" for token in clause.tokens if named.kind is None and named.start <= token.start < named.end
        ):
            return None
        names.append(named)
    way = found.start("way")
    price = Named("价格", None, way, way + 1)
    return Candidate(tuple(names), clause.number, ["moved"]), Candidate((price,), clause.number, ["moved"])


def of_shares(subjects: Sequence[Named], measure: Named) -> Named:
    """Return what only went up or down as the price that did: a company's is that of its shares (`甲公司涨3%`: 股价上涨)."""
    bare = _PRICED.fullmatch(fold(measure.name))
    if bare is None:
        return measure
    price = "股价" if bare["market"] or any(one.kind is Kind.COMPANY for one in subjects) else "价格"
    return measure._replace(name=f"{price}{'上涨' if bare['way'] == '涨' else '下跌'}")


def completed(place: Place, measure: Named, quantity: Quantity) -> Named:
    """Return a measure's name with the nouns that go on with it up to its figure: 每股盈余 where 每股 was taken.

    Where the figure itself was taken for it (9000辆新车), that is the verb before it: 交付 of `交付了9000辆新车`.
    """
    if measure.kind is None and measure.start <= quantity.start < measure.end:
        before = [token for token in place.clause.tokens if token.end <= quantity.start and token.tag[0] != "u"]
        verb = before[-1] if before and before[-1].tag[0] == "v" else None
        return measure if verb is None else place.survey.named(place.clause, verb.start, verb.end)
    behind = [token for token in place.clause.tokens if measure.end <= token.start and token.end <= quantity.start]
    whole = measure.kind is None and measure.end > measure.start and behind and behind[-1].end == quantity.start
    if (
        not whole
        or behind[0].start != measure.end
        or any(token.tag not in _MEASURED or token.text in place.grammar.ends for token in behind)
    ):
        return measure
    return place.survey.named(place.clause, measure.start, quantity.start)


def of_the_compared(place: Place, quantity: Quantity) -> Named | None:
    """Return whose figure it is that another one's is compared with (`营收12亿元,低于甲公司的18亿元`), None of any other figure."""
    view, clause = place.survey.context.view, place.clause
    for one in clause.references:
        if one.kind in ACTORS | {Kind.PRODUCT} and _THE_OTHERS.fullmatch(view, one.mention.end, quantity.start):
            return of_reference(one) if behind_comparison(place, one.mention.start) else None
    return None


def behind_comparison(place: Place, start: int) -> bool:
    """Say whether what begins there stands right behind 超过, 低于 or another word that sets one figure against another."""
    return _THAN.search(place.survey.context.view, place.clause.start, start) is not None


def whose(place: Place, subjects: Sequence[Named], measures: Sequence[Named]) -> Sequence[Named]:
    """Return whose measure an answer tells: the company's, where its owner is only how its name begins (海外 of 海外收入占比)."""
    if place.clause.turn.role is not Role.ANSWER:
        return subjects
    owners = [
        one
        for one in subjects
        if one.kind in ACTORS or not any(measure.name != one.name and measure.name.startswith(one.name) for measure in measures)
    ]
    company = company_of(place) if subjects and not owners else None
    return owners or ([company] if company is not None else subjects)


def split_measure(place: Place, subjects: tuple[Named, ...], objects: tuple[Named, ...]) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """Return subject and measure parted behind the company's name, where words of the measure were taken with it: 粤海航空, 机队规模."""
    if len(subjects) != 1 or len(objects) != 1 or subjects[0].kind is not None or subjects[0].end != objects[0].start:
        return subjects, objects
    whole, measure = subjects[0], objects[0]
    named = next((one for one in place.clause.references if one.mention.start == whole.start and one.kind in ACTORS), None)
    if named is None or named.mention.end >= whole.end:
        return subjects, objects
    return (of_reference(named),), (place.survey.named(place.clause, named.mention.end, measure.end),)


def changed(measure: str | None, change: str, before: str | None, lexicon: Lexicon) -> str:
    """Return a measure's name with the direction in which it changed; `before` is what was measured last, if the clause names nothing.

    >>> changed("营业收入", "下降", None, Lexicon()), changed(None, "下降", "销量增长", Lexicon())
    ('营业收入下降', '销量下降')
    """
    ending = _changes(lexicon)[1]
    plain = next((name[: len(kept)] for name in (measure, before) if name and (kept := _BESIDE.sub("", ending.sub("", fold(name))))), "")
    return plain + change


def _asked_for(context: Context, clause: ClauseContext) -> str | None:
    """Return what the question asked the figure of that its answer opens with (`毛利率是多少?`, `去年是35%`), None elsewhere."""
    turns = context.layout.turns
    number = turns.index(clause.turn)
    if clause.turn.role is not Role.ANSWER or not number or turns[number - 1].role is not Role.QUESTION:
        return None
    asked = list(_ASKED.finditer(context.view, turns[number - 1].start, turns[number - 1].end))
    if len(asked) != 1:
        return None
    start, end = asked[0].span("measure")
    named = [one for one in context.references if start <= one.mention.start and one.mention.end <= end and one.kind is not Kind.PRODUCT]
    start = max([start, *(one.mention.end for one in named)])
    measure = context.document.text[start:end]
    return _LEADING.sub("", measure) or None


def _respectively(view: str, clause: ClauseContext, quantity: Quantity) -> int | None:
    """Return which of the figures of a clause one is, where each belongs to something else (`分别增长5%和7%`), None elsewhere."""
    several = len(clause.quantities) > 1 and 0 <= each_at(view, clause) < clause.quantities[0].start
    return clause.quantities.index(quantity) if several and quantity in clause.quantities else None


def caused(place: Place) -> bool:
    """Say whether a clause only tells why something went up or down (`受价格下跌影响`)."""
    bare = place.predicate is Predicate.METRIC and not place.clause.quantities
    return bare and _CAUSE.search(place.survey.context.view, place.clause.start, place.clause.end) is not None
