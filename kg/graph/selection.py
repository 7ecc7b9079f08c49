"""Which part of the graph is drawn, and how it is projected: by stance, predicate, date, weight, or around one entity."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kg.errors import ExtractionError, QueryError
from kg.graph.periods import bounds
from kg.graph.records import StatementRecord
from kg.model import Predicate, Stance


class Projection(StrEnum):
    """What the nodes are, and what joins them."""

    ENTITIES = "entities"  # entities; an edge a statement between two of them
    PROPOSITIONS = "propositions"  # entities and what is said of them, measures and claims too; the edge tells the stance
    SPEAKERS = "speakers"  # who says what: speakers and propositions
    CO_MENTION = "co-mention"  # entities; joined where statements of one document name both


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted of the graph. `ego` is an entity's name and `depth` how many edges away others may be; dates are ISO 8601."""

    projection: Projection = Projection.ENTITIES
    stances: frozenset[Stance] = frozenset()  # empty: all
    predicates: frozenset[Predicate] = frozenset()
    since: str | None = None
    until: str | None = None
    ego: str | None = None
    depth: int = 1
    least_weight: float = 0

    def __post_init__(self) -> None:
        """Refuse dates that are none, with QueryError."""
        for day in (self.since, self.until):
            if day is not None:
                _bounds(day)

    def chosen(self, statements: Iterable[StatementRecord]) -> Iterator[StatementRecord]:
        """Yield the statements in the stances, of the predicates and from the days wanted; undated ones only if no day is given."""
        first = None if self.since is None else _bounds(self.since)[0]
        last = None if self.until is None else _bounds(self.until)[1]
        for one in statements:
            if self.stances and one.stance not in self.stances:
                continue
            if self.predicates and one.predicate not in self.predicates:
                continue
            if first is None and last is None:
                yield one
            elif one.said_on is not None:
                begin, end = _bounds(one.said_on)
                if (first is None or end >= first) and (last is None or begin <= last):
                    yield one


def _bounds(iso: str) -> tuple[date, date]:
    try:
        return bounds(iso)
    except ExtractionError as error:
        raise QueryError(str(error)) from error
