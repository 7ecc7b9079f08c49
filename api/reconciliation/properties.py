"""What can be asked of an entity: what it is called and is, what it stands in affirmed relations to, and what was said of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from types import MappingProxyType

from api.reconciliation.labels import label
from api.reconciliation.messages import Cell, Property
from kg.graph.records import EntityRecord, Relation
from kg.graph.store import Store
from kg.graph.vocabulary import NO_EDGE
from kg.model import Predicate, Stance

_QUOTES = 5
_DAY = len("2021-09-24")


@dataclass(frozen=True)
class Asked:
    """An entity that values are fetched of, from a store."""

    store: Store
    entity: EntityRecord

    @cached_property
    def relations(self) -> list[Relation]:
        """The plain edges from and to it."""
        return self.store.relations(self.entity.name)


@dataclass(frozen=True, slots=True)
class Known:
    """A property: its name, and how its values are found."""

    id: str
    name: str
    find: Callable[[Asked, int | None], Iterator[Cell]]

    def values(self, asked: Asked, limit: int | None = None) -> Iterator[Cell]:
        """Yield the values of an entity, at most so many; of quotes, where no number is given, the newest few."""
        return islice(self.find(asked, limit), limit)

    @property
    def described(self) -> Property:
        """The property as it is shown."""
        return Property(id=self.id, name=self.name)


@cache
def properties() -> Mapping[str, Known]:
    """Return all properties by id, in the order in which they are proposed."""
    known = [
        Known("kind", "类型 · kind", lambda asked, _: ({"str": kind.value} for kind in asked.entity.kinds)),
        Known("alias", "别名 · also called", lambda asked, _: ({"str": alias} for alias in asked.entity.aliases)),
        Known("label_en", "英文名 · name in English", lambda asked, _: _text(asked.entity.label_en)),
        Known("statements", "言论数 · number of statements", lambda asked, _: iter([{"int": asked.entity.statements}])),
        Known("first", "最早提及 · first spoken of", lambda asked, _: _date(asked.entity.first)),
        Known("last", "最近提及 · last spoken of", lambda asked, _: _date(asked.entity.last)),
    ]
    edges = [predicate for predicate in Predicate if predicate not in NO_EDGE]
    known += [Known(predicate.value, label(predicate), _objects(predicate)) for predicate in edges]
    known += [Known(f"inverse:{predicate}", f"← {label(predicate)}", _subjects(predicate)) for predicate in edges]
    known += [Known(f"quotes:{stance}", f"原话：{label(stance)} · in these words", _quotes(stance)) for stance in Stance]
    return MappingProxyType({each.id: each for each in known})


def _objects(predicate: Predicate) -> Callable[[Asked, int | None], Iterator[Cell]]:
    def values(asked: Asked, _: int | None) -> Iterator[Cell]:
        for edge in asked.relations:
            if edge.predicate is predicate and edge.subject == asked.entity.name:
                yield {"id": edge.object, "name": edge.object}

    return values


def _subjects(predicate: Predicate) -> Callable[[Asked, int | None], Iterator[Cell]]:
    def values(asked: Asked, _: int | None) -> Iterator[Cell]:
        for edge in asked.relations:
            if edge.predicate is predicate and edge.object == asked.entity.name:
                yield {"id": edge.subject, "name": edge.subject}

    return values


def _quotes(stance: Stance) -> Callable[[Asked, int | None], Iterator[Cell]]:
    def values(asked: Asked, limit: int | None) -> Iterator[Cell]:
        for statement in asked.store.statements(entity=asked.entity.name, stance=stance, limit=_QUOTES if limit is None else limit):
            yield {"str": statement.quote}

    return values


def _text(text: str | None) -> Iterator[Cell]:
    if text is not None:
        yield {"str": text}


def _date(date: str | None) -> Iterator[Cell]:
    """Yield a day as the API writes one, what is coarser as it stands."""
    if date is not None:
        yield {"date": f"{date}T00:00:00"} if len(date) == _DAY else {"str": date}
