"""What a store is asked: documents, statements, entities, neighbours, questions and queries, with what is remembered between changes."""

import functools
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import pyoxigraph as ox

from kg.errors import ExtractionError, QueryError, StoreError
from kg.graph.access import Access
from kg.graph.counting import Counting
from kg.graph.database import ONTOLOGY_GRAPH, Answer, Database
from kg.graph.entities import Entities
from kg.graph.export import export
from kg.graph.iris import Iris
from kg.graph.ledger.asked import Ledger
from kg.graph.matching import Matching
from kg.graph.names import Lexical, Match, compared
from kg.graph.periods import bounds
from kg.graph.questions import by_look_up, question
from kg.graph.records import DocumentRecord, EntityRecord, Finding, Key, Link, Relation, StatementRecord, Stretch, Summary
from kg.graph.sparql import answer
from kg.graph.statements import Statements
from kg.graph.tables.compared import Compared
from kg.graph.tables.counts import Counts
from kg.graph.tables.fetching import Fetching
from kg.graph.tables.following import Following
from kg.graph.tables.listed import Listed
from kg.graph.tables.named import Names
from kg.graph.tables.order import Order
from kg.graph.tables.rows import Nodes
from kg.graph.tables.words import Words
from kg.graph.verification import misquoted
from kg.graph.wanted import Argument, Wanted
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Stance

__all__ = ["Asking"]

Choice = TypeVar("Choice", bound=StrEnum)
Result = TypeVar("Result")

_COUNTED = 20_000  # entities that are remembered: about 20 MB


class Asking:
    """The look-ups of a graph. `Store` opens, closes and changes it."""

    def __init__(self, graph: Database, iris: Iris, derived: Following | Fetching) -> None:
        """Ask an open database, and the tables derived from it."""
        self._graph: Database | None = graph
        self._derived: Following | Fetching | None = derived
        self.iris = iris
        self._state = 0  # how many changes were made
        self._remembered: tuple[int, Statements] | None = None
        self._indexed: tuple[int, Names] | None = None
        self._counted: tuple[int, dict[ox.NamedNode, EntityRecord]] | None = None

    @property
    def graph(self) -> Database:
        """The database itself; StoreError once the store is closed."""
        if self._graph is None:
            raise StoreError("the store is closed; open it again")
        return self._graph

    @property
    def derived(self) -> Following | Fetching:
        """What keeps the tables that are derived from the database; StoreError once the store is closed."""
        if self._derived is None:
            raise StoreError("the store is closed; open it again")
        return self._derived

    @property
    def _entities(self) -> Entities:
        access = Access(self.graph, self.iris)
        return Entities(access, Counts(self.derived.tables, Nodes(access)) if isinstance(self.graph, ox.Store) else Counting(access))

    @property
    def _statements(self) -> Statements:
        """The look-ups, with what they remember since the last change."""
        remembered = self._remembered
        if remembered is None or remembered[0] != self._state or self._graph is None:
            self._remembered = remembered = self._state, self._made_statements()
        return remembered[1]

    def _made_statements(self) -> Statements:
        access, order = Access(self.graph, self.iris), Order(lambda: self.derived.tables)
        local = isinstance(self.graph, ox.Store)
        listed = Listed(lambda: self.derived.tables, order, Words(lambda: self.derived.tables), Nodes(access)) if local else None
        return Statements(access, order, Matching(access), listed)

    @property
    def ledger(self) -> Ledger:
        """What was found by comparing statements, as of the last change."""
        return Ledger(Compared(lambda: self.derived.compared), self._statements)

    @property
    def names(self) -> Names:
        """All names of all entities, those of the lexicon too, as of the last change."""
        indexed = self._indexed
        if indexed is None or indexed[0] != self._state or self._graph is None:
            self._indexed = indexed = self._state, Names(lambda: self.derived.named, _lexical)
        return indexed[1]

    def documents(self) -> list[DocumentRecord]:
        """Return the documents, newest first, then by name."""
        return self._statements.documents()

    def document_ids(self, key: str) -> list[str]:
        """Return the ids of the documents whose id, IRI or name is `key`."""
        return self._statements.document_ids(key)

    def document(self, document: str) -> DocumentRecord:
        """Return one document by id, IRI or name; StoreError if there is none, or more than one of that name."""
        return self._statements.document(self._id(document))

    def text(self, document: str) -> str:
        """Return a document's full text by id, IRI or name."""
        return self._statements.text(self._id(document))

    def documents_after(
        self,
        after: Key,
        limit: int,
        *,
        since: str | None = None,
        until: str | None = None,
        entity: str | None = None,
        publisher: str | None = None,
    ) -> Stretch[DocumentRecord]:
        """Return a stretch of the documents, newest first, then by name; an empty key begins the list."""
        node = None if entity is None else self._named(entity)
        if entity is not None and node is None:
            return Stretch([], None, 0)
        wanted = Wanted(
            entity=node,
            since=None if since is None else _bounds(since)[0],
            until=None if until is None else _bounds(until)[1],
        )
        return self._statements.document_stretch(wanted, publisher, after, limit)

    def statements(self, *, limit: int | None = None, **conditions: Any) -> list[StatementRecord]:
        """Return statements, newest first, then in the order of the text; the conditions are those of `statements_after`."""
        wanted = self._wanted(**conditions)
        return [] if wanted is None or (limit is not None and limit <= 0) else self._statements.statements(wanted, limit)

    def statements_after(self, after: Key, limit: int, **conditions: Any) -> Stretch[StatementRecord]:
        """Return a stretch of the statements that meet all conditions (see `_wanted`); an empty key begins the list."""
        wanted = self._wanted(**conditions)
        return Stretch([], None, 0) if wanted is None else self._statements.stretch(wanted, after, limit)

    def _wanted(  # every condition is optional; an unknown name has no statements
        self,
        *,
        entity: str | None = None,  # as subject, object, speaker or principal, by name or alias
        subject: str | None = None,
        object: str | None = None,
        speaker: str | None = None,  # speaker or principal
        principal: str | None = None,
        stance: Stance | str | None = None,
        predicate: Predicate | str | None = None,
        kind: Kind | str | None = None,  # of subject or object
        since: str | None = None,  # ISO 8601, as coarse as you like
        until: str | None = None,
        due_since: str | None = None,
        due_until: str | None = None,
        document: str | None = None,
        proposition: str | None = None,
        words: str | None = None,  # all of them somewhere in the quote, in whatever script, width and capitals
    ) -> Wanted | None:
        """Return which statements are wanted, None where there can be none; QueryError where a stance, predicate, kind or date is none."""
        nodes = [None if name is None else self._named(name) for name in (entity, principal)]
        days = [None if day is None else _bounds(day)[end] for day, end in ((since, 0), (until, 1), (due_since, 0), (due_until, 1))]
        wanted = Wanted(
            entity=nodes[0],
            principal=nodes[1],
            subject=self._argument(subject),
            object=self._argument(object),
            speaker=self._argument(speaker),
            stance=None if stance is None else _member(Stance, stance),
            predicate=None if predicate is None else _member(Predicate, predicate),
            kind=None if kind is None else _member(Kind, kind),
            since=days[0],
            until=days[1],
            due_since=days[2],
            due_until=days[3],
            document=None if document is None else self._id(document),
            proposition=proposition,
            words=() if words is None else tuple(compared(words).split()),
        )
        unknown = any(name is not None and node is None for name, node in zip((entity, principal), nodes, strict=True))
        return None if unknown else wanted

    def _argument(self, name: str | None) -> Argument | None:
        """Return the entity of a name, else the words themselves."""
        return None if name is None else self._named(name) or ox.Literal(name)

    def statement(self, statement: str) -> StatementRecord:
        """Return one statement by id; StoreError if there is none."""
        record = self._statements.statement(statement)
        if record is None:
            raise StoreError(f"there is no statement {statement!r}; ask for the list of statements")
        return record

    def entity(self, name: str) -> EntityRecord | None:
        """Return an entity by canonical name, by IRI, or by an alias that only it has; None if there is none."""
        node = self._named(name)
        return None if node is None else self._record(node)

    def named(self, name: str) -> str | None:
        """Return the entity that documents call by that name, or that alone has it as an alias, whatever it was judged to be."""
        known = self._entities.described(name)
        node = None if known else self._named(name, lexicon=False)
        return name if known else None if node is None else self.iris.key(node.value)

    def merged(self, name: str) -> str | None:
        """Return the entity that one of this name, or IRI, was judged to be; None where it was not."""
        main = self._entities.main(self.iris.entity(self.iris.key(name) or name))
        return None if main is None else self.iris.key(main.value)

    def entities(self) -> list[EntityRecord]:
        """Return all entities, most spoken of first."""
        return self._entities.entities()

    def leading(self, limit: int) -> list[EntityRecord]:
        """Return the entities most spoken of."""
        return self._entities.leading(limit)

    def relations(self, entity: str) -> list[Relation]:
        """Return the plain edges from and to an entity; none for an unknown name."""
        node = self._named(entity)
        return [] if node is None else self._entities.relations(node)

    def entities_after(
        self, after: Key, limit: int, *, kind: Kind | str | None = None, document: str | None = None
    ) -> Stretch[EntityRecord]:
        """Return a stretch of the entities by name: those that some document takes for that kind, those that a document speaks of."""
        within, begin = self._within(kind, document), str(after[0]) if after else ""
        if within is None:
            following, count = self.names.entities(begin, limit + 1), self.names.count()
        else:
            names = sorted(within)
            start, count = bisect_right(names, begin), len(names)
            following = names[start : start + limit + 1]
        chosen = following[:limit]
        return Stretch([self._entity(name) for name in chosen], (chosen[-1],) if len(following) > limit else None, count)

    def search_after(
        self, text: str, after: Key, limit: int, *, kind: Kind | str | None = None, document: str | None = None
    ) -> Stretch[tuple[Match, EntityRecord]]:
        """Return a stretch of the entities that a text may mean, best first, each with the reason; otherwise as `entities_after`."""
        within = self._within(kind, document)
        found = [match for match in self.names.search(text) if within is None or match.entity in within]
        start = bisect_right(found, after, key=lambda match: match.rank) if after else 0
        chosen = found[start : start + limit]
        items = [(match, self._entity(match.entity)) for match in chosen]
        return Stretch(items, chosen[-1].rank if start + limit < len(found) else None, len(found))

    def found(self, matches: Iterable[Match]) -> list[EntityRecord]:
        """Return the entities of matches of `names`."""
        return [self._entity(match.entity) for match in matches]

    def _within(self, kind: Kind | str | None, document: str | None) -> set[str] | None:
        """Return the names of the entities that meet the conditions, None where there are none."""
        sets = [] if document is None else [self._entities.of_document(self._id(document))]
        if kind is not None:
            sets.append(self._entities.of_kind(_member(Kind, kind)))
        return set.intersection(*sets) if sets else None

    def neighbours(self, entity: str, stance: Stance | str = Stance.ASSERTS) -> list[Link]:
        """Return what joins an entity to others in a stance; none for an unknown name."""
        node = self._named(entity)
        return [] if node is None else self._entities.links(node, _member(Stance, stance))

    def edges(self) -> Iterator[tuple[str, Predicate, str]]:
        """Yield all plain edges: subject, predicate, object."""
        return self._entities.edges()

    def search(self, text: str, limit: int = 20) -> list[EntityRecord]:
        """Return entities one of whose names matches, best first: see `Names.search`, which says why."""
        return [self._entity(match.entity) for match in self.names.search(text)[:limit]]

    def query(self, sparql: str) -> Answer:
        """Answer a SPARQL 1.1 query over the union of all graphs; QueryError if malformed or if it calls SERVICE."""
        return answer(self.graph, sparql)

    def ask(self, name: str, **given: str) -> Answer:
        """Answer a question of ontology/questions: `store.ask("who-denied-what", about="华为")`. Entities by name or alias."""
        asked = question(name)
        resolved = {key: self._canonical(value) if asked.parameters.get(key) == "entity" else value for key, value in given.items()}
        return answer(self.graph, self.soonest(asked.bound(resolved, self.iris)))

    def soonest(self, question: str) -> str:
        """Return the SPARQL of a question in the words in which this store answers it soonest; its rows are the same."""
        return by_look_up(question) if isinstance(self.graph, ox.Store) else question

    def export(self, fmt: str) -> bytes:
        """Return all documents' graphs in one of FORMATS; the same store gives the same bytes."""
        graphs = (graph for graph in self.graph.named_graphs() if graph != ONTOLOGY_GRAPH)
        return export((quad for graph in graphs for quad in self.graph.quads_for_pattern(None, None, None, graph)), fmt)

    def summary(self) -> Summary:
        """Count what the store holds."""
        return self._entities.counts.summary()

    def years(self, entity: str | None = None) -> dict[tuple[int, Stance], int]:
        """Count statements by the year they were said in and by stance: all, or those about an entity or by it."""
        return self._entities.counts.years(None if entity is None else self.iris.entity(entity))

    def verify(self) -> list[Finding]:
        """Re-check that every quote stands at its offsets in the stored text; an empty list is good news."""
        texts = ((document, self._statements.text(document.id)) for document in self.documents())
        return [finding for document, text in texts for finding in misquoted(Access(self.graph, self.iris), document, text)]

    def _entity(self, name: str) -> EntityRecord:
        return self._record(self.iris.entity(name))

    def _record(self, node: ox.NamedNode) -> EntityRecord:
        """Return an entity; those read lately are remembered, for to count what is said of a large company takes a while."""
        counted = self._counted
        if counted is None or counted[0] != self._state or len(counted[1]) > _COUNTED or self._graph is None:
            self._counted = counted = self._state, {}
        record = counted[1].get(node)
        if record is None:
            record = counted[1][node] = self._entities.entity(node)
        return record

    def _named(self, name: str, *, lexicon: bool = True) -> ox.NamedNode | None:
        """Return the entity of that canonical name or IRI, else the only one that goes by it."""
        node = self.iris.entity(self.iris.key(name) or name)
        if self._entities.stands(node):
            return node
        called = self.names.called(name, lexicon=lexicon)
        return self.iris.entity(called[0]) if len(called) == 1 else None

    def _canonical(self, name: str) -> str:
        node = self._named(name)
        if node is None:
            raise QueryError(f"the store knows no entity, or more than one, by the name {name!r}; look it up with a search")
        return self.iris.key(node.value) or name

    def _id(self, document: str) -> str:
        ids = self._statements.document_ids(document)
        if len(ids) != 1:
            problem = "there is no document" if not ids else f"{len(ids)} documents are called"
            raise StoreError(f"{problem} {document!r}; give an id from the list of documents")
        return ids[0]


@functools.cache
def _lexical() -> Lexical:
    return Lexical(Lexicon().table("names"))


def _bounds(iso: str) -> tuple[date, date]:
    try:
        return bounds(iso)
    except ExtractionError as error:
        raise QueryError(str(error)) from error


def _member(choices: type[Choice], value: str) -> Choice:
    try:
        return choices(value)
    except ValueError as error:
        raise QueryError(f"{value!r} is none of {', '.join(choices)}; choose one of them") from error
