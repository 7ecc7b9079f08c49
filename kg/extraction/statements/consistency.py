"""What statements of a document say of each other: the same said twice is one, and what one of them rules out is left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.extraction.statements.context import Context
from kg.extraction.statements.denials import wordings
from kg.extraction.statements.prices import with_prices
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Stance, Statement, digest

_DEALS = frozenset({Predicate.ACQUIRES, Predicate.DIVESTS})
_SPUN_OFF = "分拆"


def consistent(found: Iterable[Statement], context: Context, lexicon: Lexicon) -> list[Statement]:
    """Return statements in the order of the text, none of them said by another one or ruled out by it."""
    kept = _under_relations(_without_figureless(list(_merged(found, context)), context), lexicon)
    kept = _without_exits_from_plans(_without_buyers_who_sell(_without_owners_to_be(kept, context), context))
    priced = [identified(one) for one in with_prices(list(_spun_off(kept, context)), context, lexicon)]
    return sorted(priced, key=lambda s: (s.start, s.end, s.predicate, s.stance, s.subject or "", s.object or ""))


def identified(statement: Statement) -> Statement:
    """Return a statement with the id that digests what makes it the same claim: its place and what is said."""
    return replace(statement, id=digest(statement.doc, str(statement.start), str(statement.end), *_said(statement)))


def _said(statement: Statement) -> tuple[str | None, ...]:
    """Return the fields in which two statements that say the same agree, wherever they stand."""
    return (
        statement.speaker,
        statement.stance,
        statement.subject,
        statement.predicate,
        statement.object,
        statement.value,
        statement.unit,
        statement.when,
        statement.due,
    )


def _without_figureless(found: Sequence[Statement], context: Context) -> list[Statement]:
    """Return statements without those that another one of the same sentence says with a figure (`持有甲公司12.5%的股份`)."""
    sentences = {clause.start: clause.sentence for clause in context.clauses}

    def said(statement: Statement) -> tuple[object, ...]:
        parties = statement.speaker, statement.stance, statement.subject, statement.predicate, statement.object
        return sentences.get(statement.start), *parties

    figured = {said(one) for one in found if one.value is not None}
    return [one for one in found if one.value is not None or said(one) not in figured]


def _without_owners_to_be(found: Sequence[Statement], context: Context) -> list[Statement]:
    """Return statements without those that have somebody own what the sentence says is only to be bought or founded, or is not.

    `拟收购甲公司51%股权` has nobody own it, nor has `没有设立海外子公司`.
    """
    sentences = {clause.start: clause.sentence for clause in context.clauses}

    def between(one: Statement) -> tuple[object, ...]:
        return sentences.get(one.start), one.subject, one.object

    wanted = {between(one) for one in found if one.predicate is Predicate.ACQUIRES and one.stance is not Stance.ASSERTS}
    unfounded = {one.start for one in found if one.predicate is Predicate.FOUNDS and one.stance is not Stance.ASSERTS}
    return [one for one in found if one.predicate is not Predicate.OWNS or not (between(one) in wanted or one.start in unfounded)]


def _under_relations(found: Sequence[Statement], lexicon: Lexicon) -> list[Statement]:
    """Return statements, of which a denied claim that a relation can say is filed under that.

    What is no more than a listing's own verb (`该业务不会上市`) denies one, unless a product comes to market; what a rumour or a
    question of the document has as a measure (`会不会降价？`) is denied as one.
    """
    measured = {one for one in found if one.predicate is Predicate.METRIC and one.stance is Stance.REPORTS and not one.value}
    asked = {(one.subject, one.object) for one in measured}
    listing = wordings(lexicon)["listing"]

    def under(one: Statement) -> Statement:
        if one.predicate is not Predicate.PROPOSITION or one.stance is not Stance.DENIES or one.subject is None:
            return one
        if listing.fullmatch(one.object or "") and one.subject_kind is not Kind.PRODUCT:
            return replace(one, predicate=Predicate.LISTS, object=None)
        return replace(one, predicate=Predicate.METRIC) if (one.subject, one.object) in asked else one

    return [under(one) for one in found]


def _without_exits_from_plans(found: Sequence[Statement]) -> list[Statement]:
    """Return statements without exits from what the same words only deny: `取消了收购甲公司的计划` leaves nothing."""
    denied = {(one.start, one.object) for one in found if one.stance is Stance.DENIES and one.object}
    return [
        one
        for one in found
        if one.predicate is not Predicate.EXITS
        or one.stance is not Stance.ASSERTS
        or not any(one.start == start and one.object and name in one.object for start, name in denied)
    ]


def _spun_off(found: Sequence[Statement], context: Context) -> Iterator[Statement]:
    """Yield statements, where a company lists what it spins off as that listed: 云业务 of `将云业务分拆上市`."""
    sentences = {clause.start: clause.sentence for clause in context.clauses}
    parted = {
        (sentences.get(one.start), one.subject): one
        for one in found
        if one.predicate is Predicate.DIVESTS and one.object and one.rule.startswith(f"{one.predicate.value}:{_SPUN_OFF}")
    }
    for one in found:
        unit = parted.get((sentences.get(one.start), one.subject)) if one.predicate is Predicate.LISTS else None
        yield one if unit is None else replace(one, subject=unit.object, subject_kind=unit.object_kind)


def _without_buyers_who_sell(found: Sequence[Statement], context: Context) -> list[Statement]:
    """Return statements without the less sure one of two of a sentence that have somebody buy and sell the same (`洽谈出售其业务`)."""
    sentences = {clause.start: clause.sentence for clause in context.clauses}
    deals: dict[tuple[object, ...], Statement] = {}
    for one in found:
        if one.predicate in _DEALS:
            key = sentences.get(one.start), one.subject, one.object, one.stance
            deals[key] = max(deals.get(key, one), one, key=lambda deal: deal.confidence)
    kept = set(deals.values())
    return [one for one in found if one.predicate not in _DEALS or one in kept]


def _merged(found: Iterable[Statement], context: Context) -> Iterator[Statement]:
    """Yield statements, those with the same fields in one sentence as one, denials in one kind of turn."""
    sentences = {clause.start: clause.sentence for clause in context.clauses}
    roles = {clause.start: clause.turn.role for clause in context.clauses}
    open_: dict[tuple[str | None, ...], Statement] = {}
    for statement in found:
        near = roles.get(statement.start) if statement.stance is Stance.DENIES else str(sentences.get(statement.start))
        key = (near, *_said(statement))
        earlier = open_.get(key)
        if earlier is None:
            open_[key] = statement
            continue
        if sentences.get(earlier.start) != sentences.get(statement.start):
            continue  # denied once more by the same speaker: the same claim
        start, end = min(earlier.start, statement.start), max(earlier.end, statement.end)
        wider = replace(earlier, start=start, end=end, quote=context.document.text[start:end])
        open_[key] = replace(wider, confidence=max(earlier.confidence, statement.confidence))
    yield from open_.values()
