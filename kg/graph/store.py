"""The graph on disk (pyoxigraph) or at an address: open, add, replace, withdraw. One directory a store, one named graph a document.

What is asked of it is in `asking`. The default graph holds every triple of the named graphs once, so that a plain query sees each fact once
however many documents state it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.access import Access
from kg.graph.asking import Asking
from kg.graph.database import Answer, Database, Place, address_of
from kg.graph.export import FORMATS
from kg.graph.graphs import Graphs
from kg.graph.iris import BASE, Iris
from kg.graph.ledger.state import sight, state
from kg.graph.merging import Merging
from kg.graph.packing import Packed, digest_of, packed
from kg.graph.records import Change
from kg.graph.remote import Remote
from kg.graph.rewriting import Using
from kg.graph.tables.fetching import Fetching
from kg.graph.tables.following import Following
from kg.graph.tables.tables import Tables
from kg.graph.updating import update
from kg.graph.vocabulary import DCT, TERMS
from kg.graph.writing import Kept, Writing, stored_base
from kg.model import Extraction

__all__ = ["FORMATS", "Answer", "Store"]

Result = TypeVar("Result")

_LOCKED = re.compile("lock hold by current process|While lock file")


class Store(Asking):
    """An open store; use as a context manager, or `close()` it, to let the next process in."""

    def __init__(self, graph: Database, base: str | None, tables: Tables | None = None) -> None:
        """Take over an open database and its tables, if any; `Store.open` and `Store.in_memory` call this."""
        stored = stored_base(graph)
        if stored is not None and base not in (None, stored):
            raise StoreError(f"the store was made with the base {stored}, not {base}; leave the base out or build a new store")
        iris = Iris(stored or base or BASE)
        access = Access(graph, iris)
        local = isinstance(graph, ox.Store)
        super().__init__(graph, iris, Following(access, tables, Merging(access).renaming) if local else Fetching(access))
        if isinstance(graph, Remote):
            graph.base = self.iris.base

    @classmethod
    def open(cls, place: Place, *, read_only: bool = False, base: str | None = None, passing: bool = False) -> Self:
        """Open the store in a directory or at an address, creating it unless read_only; StoreError if missing, locked or no store.

        `base` is what data IRIs begin with; it is fixed when the store is created. One that is soon thrown away is `passing`: no tables
        are kept beside it.
        """
        address = address_of(place)
        tables: Tables | None = None
        graph: Database
        if address is not None:
            graph = Remote(address, read_only=read_only)
        elif passing:
            graph = cls._opened(Path(place), read_only)
        else:
            graph, tables = cls._opened_with_tables(Path(place), read_only)
        try:
            store = cls(graph, base, tables)
            if not read_only:
                store._write(Writing.found)
        except BaseException:
            if isinstance(graph, Remote):
                graph.close()
            raise
        return store

    @classmethod
    def _opened_with_tables(cls, directory: Path, read_only: bool) -> tuple[ox.Store, Tables | None]:
        return (Tables.seen if read_only else Tables.beside)(directory, lambda: cls._opened(directory, read_only))

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
        graph, tables = self._opened_with_tables(directory, read_only=True)
        access = Access(graph, self.iris)
        self._graph, self._derived = graph, Following(access, tables, Merging(access).renaming)
        self._state += 1

    def sight(self) -> str:
        """Return a digest of which documents and judgements there are: what is cheap to ask, and changes with most changes."""
        access = Access(self.graph, self.iris)
        documents = access.match(None, DCT["identifier"], None)
        judgements = access.match(None, None, None, self.iris.judgements)
        return sight(sorted(map(str, chain(documents, judgements))))

    def forget(self) -> None:
        """Forget what was remembered, for others have changed the database."""
        if isinstance(self._derived, Fetching):
            self._derived.forget()
        self._state += 1

    @classmethod
    def in_memory(cls, *, base: str | None = None) -> Self:
        """Return an empty store that is gone when it is closed."""
        store = cls(ox.Store(), base, Tables.empty())
        store._write(Writing.found)
        return store

    def close(self) -> None:
        """Let go of the directory or the connections; what was added is stored already."""
        if isinstance(self._graph, Remote):
            self._graph.close()
        if self._derived is not None:
            self._derived.close()
        self._graph = self._derived = None
        self._remembered = self._indexed = self._counted = None

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the store."""
        self.close()

    def add(self, extraction: Extraction) -> Change:
        """Add one document in one transaction; the same again changes nothing; changed text of the same source replaces."""
        return self._change(lambda writing: writing.add(packed(extraction, self.iris)))

    def bulk_add(self, extractions: Iterable[Extraction]) -> dict[Change, int]:
        """Add many documents fast and optimise; returns how many were added, unchanged, replaced.

        A document is there whole or not at all. Where one breaks its contract, those before it are kept and the error is raised.
        """
        return self.bulk_load(packed(extraction, self.iris) for extraction in extractions)

    def bulk_load(self, packs: Iterable[Packed], kept: Kept = lambda _packs: None) -> dict[Change, int]:
        """Add many documents that are packed already, as `bulk_add` does; `kept` is told of those that are stored, as soon as they are."""
        return self._write(lambda writing: writing.bulk_add(packs, kept))

    def digest_of(self, document: str) -> str:
        """Return what stands for all that the store holds of the document of that id, the same as of the document when it was packed."""
        return digest_of(Writing(self.graph, self.iris).triples_of(document))

    def restore(self, quads: Iterable[ox.Quad]) -> None:
        """Write the quads of documents, judgements and other graphs of an earlier export, each document whole or not at all."""
        self._write(lambda writing: writing.restore(quads))

    def withdraw(self, document: str) -> int:
        """Take a document (by id, IRI or name) and all it said out of the store; returns the number of statements withdrawn."""
        record = self.document(document)
        self._change(lambda writing: writing.withdraw(record.id))
        return record.statements

    def put_ledger(self, changes: Iterable[tuple[str, bool]], state: str) -> None:
        """Change the ledger by lines of N-Triples that come or go, sorted, and say what it is made of; `kg.graph.keeping` makes them.

        It takes many transactions. Meanwhile, and where it is interrupted, the ledger is seen to be out of date: what it is made of goes
        first, and comes back last.
        """
        writing = Writing(self.graph, self.iris, touching=self.derived.change)
        mark = self.iris.ledger, TERMS["ledgerState"]
        try:
            former = [(f"{quad.triple} .", False) for quad in self.graph.quads_for_pattern(*mark, None, self.iris.ledger)]
            writing.amend(self.iris.ledger, former)
            writing.amend(self.iris.ledger, changes)
            self._merging.merge()  # what was judged since the former ledger has moved what that says in the default graph
            writing.amend(self.iris.ledger, [(f"{ox.Triple(*mark, ox.Literal(state))} .", True)])
        finally:
            self._state += 1

    def ledger_state(self) -> str:
        """Return the digest of what a ledger would be made of now; where `ledger.state` is another, it is out of date."""
        return state(self.sight(), self._entities.counts.stances())

    def judge(self, same: Iterable[Sequence[str]], different: Iterable[tuple[str, str]] = ()) -> None:
        """Let the names of each group be one entity, which goes by the first, and forget what was judged before.

        Only what is asked and shown changes; what documents say is kept as it was, and comes back when a judgement goes.
        """
        try:
            with self.derived.change([self.iris.judgements]):
                self._merging.judge(same, different)
        finally:
            self._state += 1

    def update(self, sparql: str, using: Using = Using()) -> None:  # noqa: B008 - frozen and empty
        """Carry out a SPARQL 1.1 update as one transaction; QueryError where it is malformed or may not be: see `kg.graph.updating`."""
        with self.derived.hold():
            self._change(lambda writing: update(writing, sparql, using))
            self._merging.merge()  # only now it is known what a pattern wrote about entities that are one
        self._state += 1

    @property
    def graphs(self) -> Graphs:
        """The named graphs as wholes, to read; `change_graphs` changes them."""
        return Graphs(Writing(self.graph, self.iris))

    def change_graphs(self, change: Callable[[Graphs], Result]) -> Result:
        """Make a change to named graphs."""
        return self._change(lambda writing: change(Graphs(writing)))

    @property
    def _merging(self) -> Merging:
        return Merging(Access(self.graph, self.iris))

    def _change(self, change: Callable[[Writing], Result]) -> Result:
        """Make a change in one transaction, judgements and all, and forget what was remembered before it."""
        try:
            return change(Writing(self.graph, self.iris, self._merging.around, self.derived.change))
        finally:
            self._state += 1

    def _write(self, change: Callable[[Writing], Result]) -> Result:
        """Make a change of many transactions and forget what was remembered before it, also where only a part of it came to be."""
        merging = self._merging
        try:
            with self.derived.hold() if merging.judged else nullcontext():  # only at the end it is known which stands for which
                merging.part()
                try:
                    return change(Writing(self.graph, self.iris, touching=self.derived.change))
                finally:
                    merging.merge()
        finally:
            self._state += 1
