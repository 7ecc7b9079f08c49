"""From a query to its candidates: found by name or by property, weighed, and each with the reasons for its score."""

import time
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from api.errors import QueryTooHeavy
from api.reconciliation.labels import kind_type, kinds_of
from api.reconciliation.messages import Candidate, Condition, EntityValue, Feature, Query, Strictness, Value
from api.reconciliation.properties import Asked, properties
from api.reconciliation.scoring import CERTAIN, Basis, Fit, beginnings, compared, fit, popularity, short_forms, total
from kg.graph.names import Reason
from kg.graph.records import EntityRecord
from kg.graph.store import Store
from kg.graph.tables.named import Names
from kg.model import Kind, Predicate

_LOOKED_AT = 200  # candidates by name, the best first, before types and properties are looked at
_BELOW = 20
_SIMILAR = 60  # of 100
_INVERSE = "inverse:"


class Reconciler:
    """Finds candidates in a store; remembers how names are compared until they change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._compared: tuple[Names, list[str]] | None = None

    def candidates(self, query: Query, until: float) -> list[Candidate]:
        """Return the candidates for a query, the best first; QueryTooHeavy where that takes longer than `until` on the monotonic clock."""
        wanted = [kinds_of(identifier) for identifier in query.types]
        strict = query.type_strict is not Strictness.SHOULD
        found: list[tuple[float, EntityRecord, Fit | None, list[Feature]]] = []
        for entity, fitting in self._found(query):
            in_time(until)
            record = self._store.entity(entity)
            typed = _typed(record, wanted, every=query.type_strict is Strictness.ALL) if record and wanted else None
            if record is None or (strict and typed is False):
                continue
            asked = Asked(self._store, record)
            held = [(condition.pid, self._holds(asked, condition)) for condition in query.properties]
            score = total(None if fitting is None else fitting.score, typed, [holds for _, holds in held])
            features = [*(fitting.features if fitting else ()), Feature(id="popularity", value=popularity(record.statements))]
            if typed is not None:
                features.append(Feature(id="type", value=typed))
            features += [Feature(id=f"property:{pid}", value=holds) for pid, holds in dict(held).items()]
            if score > 0:
                found.append((score, record, fitting, features))
        found.sort(key=lambda one: (-one[0], -one[1].statements, one[1].name))
        return list(_shown(found, query.most))

    def fits(self, sought: str) -> list[Fit]:
        """Return the entities that a name may mean, each by the name that fits best, the best first."""
        names, best = self._store.names, dict[str, Fit]()

        def take(entity: str, name: str, basis: Reason | Basis) -> None:
            found = fit(sought, entity, name, basis)
            if entity not in best or found.score > best[entity].score:
                best[entity] = found

        given = self._store.entity(sought)  # by its IRI, too
        if given is not None and sought in {given.name, given.iri}:
            best[given.name] = Fit(given.name, given.name, Reason.NAME, 1.0, 1.0)
        for match in names.search(sought)[:_LOOKED_AT]:
            take(match.entity, match.name, match.reason)
        for form in (*short_forms(sought), *beginnings(compared(sought))):
            for entity in names.called(form):
                take(entity, form, Basis.SHORTENED)
        if not any(one.basis in CERTAIN for one in best.values()):
            earlier = frozenset(best)
            for _, _, number in process.extract(
                compared(sought), self._keys(names), scorer=fuzz.ratio, processor=None, score_cutoff=_SIMILAR, limit=_LOOKED_AT
            ):
                entity, name, _ = names.forms[number]
                if entity not in earlier:
                    take(entity, name, Basis.SIMILAR)
        return sorted(best.values(), key=lambda found: (-found.score, found.entity))[:_LOOKED_AT]

    def _found(self, query: Query) -> Iterator[tuple[str, Fit | None]]:
        """Yield entities by name; where no name is sought, those next to a value that is asked for."""
        if query.query is not None:
            # further down than is wanted: a type or a property may bring one up, and what is as good as the first is not to be missed
            yield from ((found.entity, found) for found in self.fits(query.query)[: query.most + _BELOW])
            return
        seen: set[str] = set()
        for condition in query.properties:
            for entity in self._next_to(condition):
                if entity not in seen and len(seen) < _LOOKED_AT:
                    seen.add(entity)
                    yield entity, None

    def _next_to(self, condition: Condition) -> Iterator[str]:
        """Yield the entities that have a value of a condition: a relation to another entity, a kind, a name."""
        inverse, predicate = condition.pid.startswith(_INVERSE), condition.pid.removeprefix(_INVERSE)
        for value in condition.values:
            text = _text(value)
            if predicate in {*Predicate}:
                for end in self._meant(text):
                    for edge in self._store.relations(end):
                        ends = (edge.object, edge.subject) if inverse else (edge.subject, edge.object)
                        if edge.predicate == predicate and ends[1] == end:
                            yield ends[0]
            elif condition.pid in {"alias", "label_en"}:
                yield from self._store.names.called(text)
            elif condition.pid == "kind" and text in {*Kind}:
                yield from (record.name for record in self._store.entities_after((), _LOOKED_AT, kind=text).items)

    def _holds(self, asked: Asked, condition: Condition) -> bool:
        """Say whether an entity has one of the values; never for a property that there is none of."""
        known = properties().get(condition.pid)
        if known is None:
            return False
        cells = list(known.values(asked))
        ids = {cell["id"] for cell in cells if "id" in cell}
        plain = {compared(_written(cell[key])) for cell in cells for key in cell if key != "id"}
        return any(compared(_text(value)) in plain or not ids.isdisjoint(self._meant(_text(value))) for value in condition.values)

    def _meant(self, text: str) -> list[str]:
        """Return the entities that a value may mean: by name, alias or IRI."""
        record = self._store.entity(text)
        return [record.name] if record else self._store.names.called(text)

    def _keys(self, names: Names) -> list[str]:
        kept = self._compared
        if kept is None or kept[0] is not names:
            self._compared = kept = names, [key for _, _, key in names.forms]
        return kept[1]


def in_time(until: float) -> None:
    """Raise QueryTooHeavy once the monotonic clock is past a time."""
    if time.monotonic() > until:
        raise QueryTooHeavy("the batch took longer than a query may; send fewer queries at once, or fewer properties with them")


def described(record: EntityRecord) -> str:
    """Return an entity in one line: its kinds and its other names."""
    kinds = "、".join(kind_type(kind).name for kind in record.kinds)
    return f"{kinds}（{'、'.join(record.aliases)}）" if record.aliases else kinds


def _shown(found: Sequence[tuple[float, EntityRecord, Fit | None, list[Feature]]], limit: int) -> Iterator[Candidate]:
    """Yield the candidates of a sorted list; only the first can be taken without looking, where no other is as certain."""
    for number, (score, record, fitting, features) in enumerate(found[:limit]):
        unique = sum(other == score for other, *_ in found) == 1
        told = {feature.id: feature.value for feature in features}
        agreed = all(value is not False for value in told.values())
        certain = fitting is not None and fitting.basis in CERTAIN and unique and agreed and number == 0
        yield Candidate(
            id=record.name,
            name=record.name,
            description=described(record),
            type=[kind_type(kind) for kind in record.kinds],
            score=round(score, 2),
            match=certain,
            features=[*features, Feature(id="unique", value=unique)],
            matched=None if fitting is None else fitting.name,
        )


def _typed(record: EntityRecord, wanted: Iterable[frozenset[Kind]], *, every: bool) -> bool:
    held = [not kinds.isdisjoint(record.kinds) for kinds in wanted]
    return all(held) if every else any(held)


def _text(value: Value) -> str:
    return value.id if isinstance(value, EntityValue) else _written(value)


def _written(value: str | float | bool) -> str:
    """Return a value as people write it: a day without its hours.

    >>> _written(3.0), _written("2021-09-24T00:00:00")
    ('3', '2021-09-24')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).removesuffix("T00:00:00")
