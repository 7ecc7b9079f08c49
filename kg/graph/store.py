"""The graph on disk (pyoxigraph): add, replace, withdraw, ask, export. One directory a store, one named graph a document.

The default graph holds every triple of the named graphs once, so that a plain query sees each fact once however many
documents state it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import pyoxigraph as ox

from kg.errors import ExtractionError, QueryError, StoreError
from kg.graph.access import Access
from kg.graph.database import ONTOLOGY_GRAPH, Answer, Database, Place, address_of
from kg.graph.entities import Entities
from kg.graph.export import FORMATS, export
from kg.graph.graphs import Graphs
from kg.graph.iris import BASE, Iris
from kg.graph.merging import Merging
from kg.graph.names import Match, Names
from kg.graph.periods import bounds
from kg.graph.questions import question
from kg.graph.records import Change, DocumentRecord, EntityRecord, Finding, Key, Link, Relation, StatementRecord, Stretch, Summary
from kg.graph.remote import Remote
from kg.graph.sparql import answer
from kg.graph.statements import Statements
from kg.graph.updating import Using, update
from kg.graph.verification import misquoted
from kg.graph.vocabulary import DCT
from kg.graph.wanted import Argument, Wanted
from kg.graph.writing import Writing, stored_base
from kg.lexicon import Lexicon
from kg.model import Extraction, Kind, Predicate, Stance, digest

__all__ = ["FORMATS", "Answer", "Store"]

Choice = TypeVar("Choice", bound=StrEnum)
Result = TypeVar("Result")

_COUNTED = 20_000  # entities that are remembered: about 20 MB
_LOCKED = re.compile("lock hold by current process|While lock file")


class Store:
    """An open store; use as a context manager, or `close()` it, to let the next process in."""

    def __init__(self, graph: Database, base: str | None) -> None:
        """Take over an open database; `Store.open` and `Store.in_memory` call this."""
        self._graph: Database | None = graph
        stored = stored_base(graph)
        if stored is not None and base not in (None, stored):
            raise StoreError(f"the store was made with the base {stored}, not {base}; leave the base out or build a new store")
        self.iris = Iris(stored or base or BASE)
        if isinstance(graph, Remote):
            graph.base = self.iris.base
        self._state = 0  # how many changes were made
        self._remembered: tuple[int, Statements] | None = None
        self._indexed: tuple[int, Names] | None = None
        self._counted: tuple[int, dict[ox.NamedNode, EntityRecord]] | None = None

    @classmethod
    def open(cls, place: Place, *, read_only: bool = False, base: str | None = None) -> Self:
        """Open the store in a directory or at an address, creating it unless read_only; StoreError if missing, locked or no store.

        `base` is what data IRIs begin with; it is fixed when the store is created.
        """
        address = address_of(place)
        graph = cls._opened(Path(place), read_only) if address is None else Remote(address, read_only=read_only)
        try:
            store = cls(graph, base)
            if not read_only:
                store._write(Writing.found)
        except BaseException:
            if isinstance(graph, Remote):
                graph.close()
            raise
        return store

    @staticmethod
    def _opened(directory: Path, read_only: bool) -> ox.Store:
        if directory.exists() and not (directory / "CURRENT").is_file() and (not directory.is_dir() or any(directory.iterdir())):
            raise StoreError(f"{directory}: not a store; name an empty or a new directory, or one that `kg build` made")
        if read_only and not (directory / "CURRENT").is_file():
            raise StoreError(f"{directory}: there is no store; make one with `kg build --store {directory} FILES`")
        try:
            if not read_only:
                directory.mkdir(parents=True, exist_ok=True)
            return ox.Store.read_only(str(directory)) if read_only else ox.Store(directory)
        except (OSError, RuntimeError) as error:
            if _LOCKED.search(str(error)):
                raise StoreError(f"{directory}: another process has the store open for writing; stop it or wait for it") from error
            raise StoreError(f"{directory}: the store cannot be opened ({error}); check its files and your rights to them") from error

    def reopen(self, directory: Path) -> None:
        """See what another process has written since this store was opened for reading; StoreError, and no change, where it cannot be."""
        self._graph = self._opened(directory, read_only=True)
        self._state += 1

    def sight(self) -> str:
        """Return a digest of which documents and judgements there are: what is cheap to ask, and changes with most changes."""
        access = Access(self.graph, self.iris)
        documents = access.match(None, DCT["identifier"], None)
        judgements = access.match(None, None, None, self.iris.judgements)
        return digest(*sorted(map(str, chain(documents, judgements))))

    def forget(self) -> None:
        """Forget what was remembered, for others have changed the database."""
        self._state += 1

    @classmethod
    def in_memory(cls, *, base: str | None = None) -> Self:
        """Return an empty store that is gone when it is closed."""
        store = cls(ox.Store(), base)
        store._write(Writing.found)
        return store

    @property
    def graph(self) -> Database:
        """The database itself; StoreError once the store is closed."""
        if self._graph is None:
            raise StoreError("the store is closed; open it again")
        return self._graph

    @property
    def _entities(self) -> Entities:
        return Entities(Access(self.graph, self.iris))

    @property
    def _statements(self) -> Statements:
        """The look-ups, with what they remember since the last change."""
        remembered = self._remembered
        if remembered is None or remembered[0] != self._state or self._graph is None:
            self._remembered = remembered = self._state, Statements(Access(self.graph, self.iris))
        return remembered[1]

    @property
    def names(self) -> Names:
        """All names of all entities, those of the lexicon too, as of the last change."""
        indexed = self._indexed
        if indexed is None or indexed[0] != self._state or self._graph is None:
            state = self._state  # a change while the labels are read leaves an index that is out of date at once
            self._indexed = indexed = state, Names.of(self._entities.labels(), Lexicon().table("names"))
        return indexed[1]

    def close(self) -> None:
        """Let go of the directory or the connections; what was added is stored already."""
        if isinstance(self._graph, Remote):
            self._graph.close()
        self._graph = None
        self._remembered = self._indexed = self._counted = None

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the store."""
        self.close()

    def add(self, extraction: Extraction) -> Change:
        """Add one document in one transaction; the same again changes nothing; changed text of the same source replaces."""
        return self._change(lambda writing: writing.add(extraction))

    def bulk_add(self, extractions: Iterable[Extraction]) -> dict[Change, int]:
        """Add many documents fast and optimise; returns how many were added, unchanged, replaced.

        A document is there whole or not at all. Where one breaks its contract, those before it are kept and the error is raised.
        """
        return self._write(lambda writing: writing.bulk_add(extractions))

    def restore(self, quads: Iterable[ox.Quad]) -> None:
        """Write the quads of documents, judgements and other graphs of an earlier export, each document whole or not at all."""
        self._write(lambda writing: writing.restore(quads))

    def withdraw(self, document: str) -> int:
        """Take a document (by id, IRI or name) and all it said out of the store; returns the number of statements withdrawn."""
        record = self.document(document)
        self._change(lambda writing: writing.withdraw(record.id))
        return record.statements

    def judge(self, same: Iterable[Sequence[str]], different: Iterable[tuple[str, str]] = ()) -> None:
        """Let the names of each group be one entity, which goes by the first, and forget what was judged before.

        Only what is asked and shown changes; what documents say is kept as it was, and comes back when a judgement goes.
        """
        try:
            self._merging.judge(same, different)
        finally:
            self._state += 1

    def update(self, sparql: str, using: Using = Using()) -> None:  # noqa: B008 - frozen and empty
        """Carry out a SPARQL 1.1 update as one transaction; QueryError where it is malformed or may not be: see `kg.graph.updating`."""
        merging = self._merging
        self._change(lambda writing: update(writing, sparql, using))
        merging.merge()  # only now it is known what a pattern wrote about entities that are one
        self._state += 1

    @property
    def graphs(self) -> Graphs:
        """The named graphs as wholes, to read; `change_graphs` changes them."""
        return Graphs(Writing(self.graph, self.iris))

    def change_graphs(self, change: Callable[[Graphs], Result]) -> Result:
        """Make a change to named graphs."""
        return self._change(lambda writing: change(Graphs(writing)))

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
        within = self._within(kind, document)
        names = self.names.entities if within is None else sorted(within)
        start = bisect_right(names, str(after[0])) if after else 0
        chosen = names[start : start + limit]
        return Stretch([self._entity(name) for name in chosen], (chosen[-1],) if start + limit < len(names) else None, len(names))

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
        return answer(self.graph, asked.bound(resolved, self.iris))

    def export(self, fmt: str) -> bytes:
        """Return all documents' graphs in one of FORMATS; the same store gives the same bytes."""
        graphs = (graph for graph in self.graph.named_graphs() if graph != ONTOLOGY_GRAPH)
        return export((quad for graph in graphs for quad in self.graph.quads_for_pattern(None, None, None, graph)), fmt)

    def summary(self) -> Summary:
        """Count what the store holds."""
        return self._entities.summary()

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

    @property
    def _merging(self) -> Merging:
        return Merging(Access(self.graph, self.iris))

    def _change(self, change: Callable[[Writing], Result]) -> Result:
        """Make a change in one transaction, judgements and all, and forget what was remembered before it."""
        try:
            return change(Writing(self.graph, self.iris, self._merging.around))
        finally:
            self._state += 1

    def _write(self, change: Callable[[Writing], Result]) -> Result:
        """Make a change of many transactions and forget what was remembered before it, also where only a part of it came to be."""
        merging = self._merging
        merging.part()
        try:
            return change(Writing(self.graph, self.iris))
        finally:
            merging.merge()
            self._state += 1


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
