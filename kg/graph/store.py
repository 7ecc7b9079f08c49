"""The graph on disk (pyoxigraph): add, replace, withdraw, ask, export. One directory a store, one named graph a document."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from kg.graph.records import Change, DocumentRecord, EntityRecord, Finding, Relation, StatementRecord, Summary
from kg.model import Extraction, Predicate, Stance

BASE = "https://w3id.org/corporate-statement-kg/"
FORMATS = ("nq", "trig", "ttl", "nt", "jsonld")

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Store:
    """An open store; use as a context manager, or `close()` it, to let the next process in."""

    @classmethod
    def open(cls, directory: Path, *, read_only: bool = False, base: str | None = None) -> Self:
        """Open the store in a directory, creating it unless read_only; StoreError if missing, locked or no store.

        `base` is what data IRIs begin with; it is fixed when the store is created.
        """
        raise NotImplementedError

    @classmethod
    def in_memory(cls, *, base: str | None = None) -> Self:
        """Return an empty store that is gone when it is closed."""
        raise NotImplementedError

    def close(self) -> None:
        """Flush and let go of the directory."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def add(self, extraction: Extraction) -> Change:
        """Add one document's statements in one transaction; the same again changes nothing; changed text of the same source replaces."""
        raise NotImplementedError

    def bulk_add(self, extractions: Iterable[Extraction]) -> dict[Change, int]:
        """Add many documents fast and optimise; returns how many were added, unchanged, replaced."""
        raise NotImplementedError

    def withdraw(self, document: str) -> int:
        """Take a document (by id or name) and all it said out of the store; returns the number of statements withdrawn."""
        raise NotImplementedError

    def documents(self) -> list[DocumentRecord]:
        """Return the documents, newest first, then by name."""
        raise NotImplementedError

    def document(self, document: str) -> DocumentRecord:
        """Return one document by id or name; StoreError if there is none."""
        raise NotImplementedError

    def text(self, document: str) -> str:
        """Return a document's full text by id or name."""
        raise NotImplementedError

    def statements(  # every filter is optional; they combine with "and"
        self,
        *,
        entity: str | None = None,  # as subject, object or speaker, by name or alias
        speaker: str | None = None,  # speaker or principal
        stance: Stance | str | None = None,
        predicate: Predicate | str | None = None,
        since: str | None = None,  # ISO 8601, as coarse as you like
        until: str | None = None,
        document: str | None = None,
        proposition: str | None = None,
        limit: int | None = None,
    ) -> list[StatementRecord]:
        """Return statements, newest first, then in the order of the text."""
        raise NotImplementedError

    def statement(self, statement: str) -> StatementRecord:
        """Return one statement by id; StoreError if there is none."""
        raise NotImplementedError

    def entity(self, name: str) -> EntityRecord | None:
        """Return an entity by canonical name, by its only matching alias, or by IRI; None if there is none."""
        raise NotImplementedError

    def entities(self) -> list[EntityRecord]:
        """Return all entities, most spoken of first."""
        raise NotImplementedError

    def relations(self, entity: str) -> list[Relation]:
        """Return the plain edges from and to an entity."""
        raise NotImplementedError

    def search(self, text: str, limit: int = 20) -> list[EntityRecord]:
        """Return entities one of whose names matches: exact first, then prefix, then inside; most spoken of first."""
        raise NotImplementedError

    def query(self, sparql: str) -> Answer:
        """Answer a SPARQL 1.1 query over the union of all graphs; QueryError if malformed or if it calls SERVICE."""
        raise NotImplementedError

    def export(self, fmt: str) -> bytes:
        """Return all documents' graphs in one of FORMATS; the same store gives the same bytes."""
        raise NotImplementedError

    def summary(self) -> Summary:
        """Count what the store holds."""
        raise NotImplementedError

    def verify(self) -> list[Finding]:
        """Re-check that every quote stands at its offsets in the stored text; an empty list is good news."""
        raise NotImplementedError
