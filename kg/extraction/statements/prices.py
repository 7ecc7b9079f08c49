"""What a purchase costs, as a measure of its own: 收购金额 of `甲公司拟以18亿元收购乙公司`, which is no value of what is bought."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.expressions import compiled
from kg.extraction.statements.context import ClauseContext, Context
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Quantity, Statement

_BOUGHT = "收购"
# what stands between a sum and the verb that it buys by, and which word for a price that says
_PAID = compiled(
    r"(?:人民币|左右|现金|资金|全资|全盘|整体|\([^()]*\)|的|等值)*(?:的?(?P<price>价格|对价|代价|总价|价款|作价))?"
    r"(?:[,、]|现金|全资|全盘|整体|正式|用于|来|去|向.{2,12})*"
    r"(?:收购|并购|买下|购买|购入|购得|拿下|受让)"
)
_PRICES = {"价格": "收购价格", "对价": "收购对价"}
_SUM = "收购金额"


def with_prices(found: Sequence[Statement], context: Context, lexicon: Lexicon) -> Iterator[Statement]:
    """Yield statements, with what each purchase costs behind it, and no other measure of that sum."""
    money = {row["canonical"] for row in lexicon.table("units") if row["kind"] in ("currency", "sign")}
    clauses = {clause.end: clause for clause in context.clauses}
    paid: dict[Statement, tuple[Quantity, str]] = {}
    for one in found:
        clause = clauses.get(one.end) if one.predicate is Predicate.ACQUIRES and one.subject and one.object else None
        price = _price(clause, context.view, money) if clause is not None else None
        if price is not None:
            paid[one] = price
    sums = {(one.end, quantity.value, quantity.unit) for one, (quantity, _) in paid.items()}
    for one in found:
        if one in paid:
            quantity, called = paid[one]
            bare = one if (one.value, one.unit) != (quantity.value, quantity.unit) else replace(one, value=None, unit=None)
            yield bare
            yield _cost(one, quantity, called)
        elif one.predicate is not Predicate.METRIC or (one.end, one.value, one.unit) not in sums:
            yield one


def _price(clause: ClauseContext, view: str, money: set[str]) -> tuple[Quantity, str] | None:
    """Return the sum that something is bought for in a clause, and what it is called."""
    for quantity in clause.quantities:
        verb = _PAID.match(view, quantity.end, clause.end) if quantity.unit in money else None
        if verb is not None:
            return quantity, _PRICES.get(verb["price"] or "", _SUM)
    return None


def _cost(deal: Statement, quantity: Quantity, price: str) -> Statement:
    """Return what a purchase costs: a measure of the deal, which is called by who buys what."""
    return replace(
        deal,
        subject=f"{deal.subject}{_BOUGHT}{deal.object}",
        predicate=Predicate.METRIC,
        object=price,
        value=quantity.value,
        unit=quantity.unit,
        subject_kind=Kind.CONCEPT,
        object_kind=None,
        rule=f"{Predicate.METRIC.value}:{price} subject:deal",
    )
