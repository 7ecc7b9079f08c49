"""Numbers as the ledger compares them: how a quote bounds its figure, when two figures are one, whether a reading reaches a target."""

from collections.abc import Iterator
from decimal import Decimal

import regex

from kg.folding import fold
from kg.graph.ledger.entries import Entry
from kg.lexicon import Lexicon, alternation

ROUNDING = Decimal("0.05")  # what two say of one figure in round numbers may differ by so much of it
UNMOVED = Decimal("0.01")  # a later value that differs by less is the same in other digits

_FIGURE = regex.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([十百千万亿]*)")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


class Comparators:
    """The words beside a number that say whether it is the least, the most or near."""

    def __init__(self, lexicon: Lexicon) -> None:
        rows = lexicon.table("comparators")
        self._signs = {(row["side"], row["word"]): row["comparator"] for row in rows}
        before = alternation(row["word"] for row in rows if row["side"] == "before")
        after = alternation(row["word"] for row in rows if row["side"] == "after")
        self._before = regex.compile(rf"({before})[^\d,。;]{{0,4}}$")
        self._after = regex.compile(rf"^[^\d,。;]{{0,4}}?({after})")

    def of(self, entry: Entry) -> str | None:
        """Return `>=`, `<=` or `~` as the quote has it beside the entry's figure, None where it has none."""
        view = fold(entry.quote)
        for start, end, amount in _figures(view):
            if amount == entry.amount:
                before, after = self._before.search(view[:start]), self._after.search(view[end:])
                if before:
                    return self._signs["before", before[1]]
                if after:
                    return self._signs["after", after[1]]
        return None


def _figures(view: str) -> Iterator[tuple[int, int, Decimal]]:
    for found in _FIGURE.finditer(view):
        amount = Decimal(found[1].replace(",", ""))
        for scale in found[2]:
            amount *= _SCALES[scale]
        yield found.start(), found.end(), amount


def alike(one: Decimal, other: Decimal, within: Decimal = ROUNDING) -> bool:
    """Say whether two amounts may be one figure in round numbers.

    >>> alike(Decimal("120000000"), Decimal("119000000")), alike(Decimal(40), Decimal(46))
    (True, False)
    """
    return abs(one - other) <= within * max(abs(one), abs(other))


def reached(target: Decimal, comparator: str | None, reading: Decimal) -> bool:
    """Say whether a reading is what a target asks for; one without a comparator is the least.

    >>> reached(Decimal(300), None, Decimal(310)), reached(Decimal(5), "<=", Decimal(6)), reached(Decimal(100), "~", Decimal(97))
    (True, False, True)
    """
    if comparator == "<=":
        return reading <= target
    return alike(target, reading) or reading >= target if comparator == "~" else reading >= target
