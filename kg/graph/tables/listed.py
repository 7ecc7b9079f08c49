"""Statements in the order of lists, chosen by what the tables hold of them: of few those alone, of many document by document."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple

from kg.graph.access import Node
from kg.graph.records import Key
from kg.graph.tables.order import Order, Place
from kg.graph.tables.rows import Nodes
from kg.graph.tables.tables import Tables
from kg.graph.tables.words import Words
from kg.graph.wanted import Wanted
from kg.model import Predicate, Stance

_FEW: Final = 5_000  # statements whose documents are looked up and put in order sooner than those of all are gone through
_DUE: Final = 20_000  # the same of those whose documents stand in the index itself
_FIRST: Final = 3  # groups of documents that are gone through before any condition is looked up

Condition = tuple[str, list[Any]]  # in SQL, with what it is given


class Line(NamedTuple):
    """A statement and its place in the list; without a statement, how far documents were looked at."""

    key: Key
    node: Node | None


class _Source(NamedTuple):
    """One condition that an index answers: the numbers of statements that meet it, and their documents."""

    numbers: str
    documents: str
    given: list[Any]
    most: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Lists of statements. What is found may be wanted: roles and kinds are not in the tables."""

    tables: Callable[[], Tables]
    order: Order
    words: Words
    nodes: Nodes

    def lines(self, wanted: Wanted, after: Key, among: Collection[Node] | None) -> Iterator[Line]:
        """Yield statements after a key, of some alone where these are given; a line without one ends each group of documents."""
        conditions = self._conditions(wanted)
        if among is not None:
            conditions.append(("node IN (SELECT value FROM json_each(?))", [json.dumps([self.nodes.short(node) for node in among])]))
        for window in self._windows(wanted, after, among):
            keys = {place.id: place.key for place in window}
            where = "".join(f" AND {condition}" for condition, _ in conditions)
            sql = (
                "SELECT document, COALESCE(begins, 0), COALESCE(ends, 0), node FROM json_each(?) AS one"
                f" CROSS JOIN statement INDEXED BY statement_document ON document = one.value WHERE TRUE{where}"
            )
            rows = self.tables().rows(sql, json.dumps([*keys]), *(value for _, given in conditions for value in given))
            lines = [((*keys[document], begins, ends, self.nodes.name(short)), short) for document, begins, ends, short in rows]
            yield from (Line(key, self.nodes.node(short)) for key, short in sorted(lines) if key > after)
            after = window[-1].end
            yield Line(after, None)

    def count(self, wanted: Wanted, limit: int) -> int | None:
        """Return how many statements meet the one condition that is set, None where they are more than a limit."""
        (source,) = self._sources(wanted)
        count = self._count(source, limit)
        return count if count <= limit else None

    def _windows(self, wanted: Wanted, after: Key, among: Collection[Node] | None) -> Iterator[list[Place]]:
        """Yield documents in groups: the first, which are often enough, then those of a condition that few statements meet, else all."""
        if among is not None:
            short = json.dumps([self.nodes.short(node) for node in among])
            yield from self.order.chosen(
                wanted, after, "SELECT document FROM statement WHERE node IN (SELECT value FROM json_each(?))", [short]
            )
            return
        for window in islice(self.order.windows(wanted, after), _FIRST):
            yield window
            after = window[-1].end
        for source in self._sources(wanted) if wanted.document is None else ():
            if self._count(source, source.most) <= source.most:
                yield from self.order.chosen(wanted, after, source.documents, source.given)
                return
        yield from self.order.windows(wanted, after, wide=True)

    def _count(self, source: _Source, limit: int) -> int:
        return int(self.tables().value(f"SELECT COUNT(*) FROM ({source.numbers} LIMIT ?)", *source.given, limit + 1))

    def _sources(self, wanted: Wanted) -> Iterator[_Source]:
        """Yield the conditions that an index answers, the one that most likely leaves fewest first."""
        if (match := self.words.matching(wanted.words)) is not None:
            yield _of_numbers("SELECT rowid FROM words WHERE words MATCH ?", [match])
        for node in _mentioned(wanted):
            yield _of_numbers(f"SELECT statement FROM mention WHERE entity = {_ENTITY}", [self.nodes.short(node)])
        if due := _due(wanted):
            where = " AND ".join(["due_last IS NOT NULL", *(condition for condition, _ in due)])
            numbers = f"SELECT document FROM statement INDEXED BY statement_due WHERE {where}"
            yield _Source(numbers, numbers, [value for _, given in due for value in given], _DUE)
        if wanted.predicate is not None or wanted.stance is not None:
            stances = [*Stance] if wanted.stance is None else [wanted.stance]
            predicates = [*Predicate] if wanted.predicate is None else [wanted.predicate]
            marks = [", ".join("?" * len(values)) for values in (stances, predicates)]
            yield _of_numbers(
                f"SELECT n FROM statement INDEXED BY statement_claim WHERE stance IN ({marks[0]}) AND predicate IN ({marks[1]})",
                [*stances, *predicates],
            )

    def _conditions(self, wanted: Wanted) -> list[Condition]:
        """Return all that the tables know of what is wanted, the document and its date apart."""
        equal = [("stance", wanted.stance), ("predicate", wanted.predicate)]
        found: list[Condition] = [(f"{column} = ?", [value]) for column, value in equal if value is not None]
        found += _due(wanted)
        for node in _mentioned(wanted):
            found.append((_MENTIONING, [self.nodes.short(node)]))
        return [*found, *(("instr(quote, ?)", [word]) for word in wanted.words)]


_ENTITY: Final = "(SELECT n FROM entity WHERE node = ?)"
_MENTIONING: Final = f"EXISTS (SELECT * FROM mention INDEXED BY mention_statement WHERE statement = n AND entity = {_ENTITY})"


def _of_numbers(numbers: str, given: list[Any]) -> _Source:
    return _Source(numbers, f"SELECT document FROM statement WHERE n IN ({numbers})", given, _FEW)


def _mentioned(wanted: Wanted) -> Iterator[Node]:
    """Yield the entities that a statement mentions which is wanted, in whatever role."""
    roles = {wanted.entity, wanted.subject, wanted.object, wanted.speaker, wanted.principal}
    return (node for node in sorted(roles, key=str) if isinstance(node, Node))


def _due(wanted: Wanted) -> list[Condition]:
    days = [("due_last >= ?", wanted.due_since), ("due_first <= ?", wanted.due_until)]
    return [(condition, [day.toordinal()]) for condition, day in days if day is not None]
