"""Documents as sorted N-Quads: what passes from who reads to who writes, and what tells whether a store still has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

import pyoxigraph as ox

from kg.graph.iris import Iris
from kg.graph.rdf import document_quads, lines
from kg.model import Extraction


@dataclass(frozen=True, slots=True)
class Packed:
    """All that the store holds of a document, in the document's two graphs."""

    document: str  # its id
    source: str
    nquads: bytes

    @property
    def size(self) -> int:
        """How many quads it is."""
        return self.nquads.count(b"\n")

    @property
    def digest(self) -> str:
        """What `digest_of` gives for the same triples."""
        return digest_of(self.merged())

    def quads(self) -> set[ox.Quad]:
        """Return the quads."""
        return set(cast(Iterable[Any], ox.parse(self.nquads, format=ox.RdfFormat.N_QUADS)))

    def merged(self) -> bytes:
        """Return the same triples as they stand in the default graph."""
        return b"".join(line.rpartition(b" <")[0] + b" .\n" for line in self.nquads.split(b"\n") if line)


def packed(extraction: Extraction, iris: Iris) -> Packed:
    """Pack one document; ExtractionError where it breaks its contract."""
    document = extraction.document
    return Packed(document.id, document.source, lines(set(document_quads(extraction, iris))))


def digest_of(ntriples: bytes) -> str:
    """Return what stands for triples, in whatever order they come."""
    return sha256(b"\n".join(sorted(ntriples.splitlines()))).hexdigest()
