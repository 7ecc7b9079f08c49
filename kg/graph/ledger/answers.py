"""How answers take questions, once what both state is compared: a denial of a premise rejects it, whatever words open the answer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.graph.ledger.entries import Answered, Entry, Pair
from kg.graph.ledger.keys import Keys
from kg.model import Stance, Taking

_AFFIRMED = frozenset({Stance.ASSERTS, Stance.PLANS, Stance.AIMS})


@dataclass(frozen=True, slots=True)
class Taken:
    """An exchange with its outcome, what the question supposes, and what the answer states about that."""

    exchange: Answered
    outcome: Taking
    premises: tuple[Entry, ...]
    replies: tuple[Entry, ...]


def taken(entries: Sequence[Entry], exchanges: Iterable[Answered], denied: Iterable[Pair], keys: Keys) -> Iterator[Taken]:
    """Yield every exchange of a document with what came of it; `denied` are the rumours and denials among its statements, by id."""
    premises: dict[object, list[Entry]] = defaultdict(list)
    stated: dict[object, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.exchange is not None:
            (premises if entry.asked else stated)[entry.exchange].append(entry)
    known = {entry.id: entry for entry in entries}
    denials_of: dict[str, list[Entry]] = defaultdict(list)
    for rumour, denial in denied:
        denials_of[rumour].append(known[denial])
    for exchange in exchanges:
        supposed = premises.get(exchange.node, [])
        claims = {keys.claim(one) for one in supposed}
        denials = [later for one in supposed for later in denials_of.get(one.id, ()) if later.exchange == exchange.node]
        affirmed = [one for one in stated.get(exchange.node, ()) if one.stance in _AFFIRMED and keys.claim(one) in claims]
        yield Taken(exchange, _outcome(exchange, denials, affirmed), tuple(supposed), tuple(_in_place([*denials, *affirmed])))


def _outcome(exchange: Answered, denials: Sequence[Entry], affirmed: Sequence[Entry]) -> Taking:
    if exchange.wording is Taking.EVADES:
        return Taking.EVADES
    if denials or affirmed:
        first = _in_place([*denials, *affirmed])[0]
        return Taking.REJECTS if first.stance is Stance.DENIES else Taking.ACCEPTS
    return exchange.wording


def _in_place(entries: Sequence[Entry]) -> list[Entry]:
    return sorted({entry.id: entry for entry in entries}.values(), key=lambda entry: (entry.start, entry.id))
