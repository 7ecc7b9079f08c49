"""What a database must offer to hold the graph: a pyoxigraph store does, and so does `Remote`, one behind the SPARQL 1.1 Protocol."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from ontology.terms import KG

Node = ox.NamedNode
Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Place = Path | str  # a directory, or the address of a remote store

ONTOLOGY_GRAPH = Node(str(KG).rstrip("#"))


class Database(Protocol):
    """Quads by pattern, SPARQL 1.1 queries and updates.

    An update, and what `extend` writes, is one transaction: others see all of it or nothing, also where the process or the machine
    ends in the middle. Every method raises OSError or RuntimeError where the database cannot be read or written.
    """

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /) -> Iterator[Any]:
        """Yield the quads of a pattern, in every graph unless told; the default graph is `ox.DefaultGraph()`."""
        ...

    def query(
        self,
        query: str,
        /,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        default_graph: list[Node | ox.BlankNode | ox.DefaultGraph] | None = None,
        named_graphs: list[Node | ox.BlankNode] | None = None,
    ) -> Answer:
        """Answer a query; SyntaxError where it is not SPARQL 1.1."""
        ...

    def update(self, update: str, /, *, base_iri: str | None = None, prefixes: dict[str, str] | None = None) -> None:
        """Carry out an update."""
        ...

    def extend(self, quads: Iterable[ox.Quad], /) -> None:
        """Write quads."""
        ...

    def bulk_extend(self, quads: Iterable[ox.Quad], /) -> None:
        """Write many quads."""
        ...

    def optimize(self) -> None:
        """Make reading faster after much was written."""
        ...

    def named_graphs(self) -> Iterator[Any]:
        """Yield the names of the graphs."""
        ...

    def contains_named_graph(self, graph_name: Any, /) -> bool:
        """Say whether a graph is there."""
        ...

    def __contains__(self, quad: Any, /) -> bool:
        """Say whether a quad is there."""
        ...

    def __len__(self) -> int:
        """Return how many quads there are."""
        ...


def address_of(place: Place) -> str | None:
    """Return the address of a remote store, None where the place is a directory.

    >>> address_of("http://127.0.0.1:7878/"), address_of("graph")
    ('http://127.0.0.1:7878/', None)
    """
    return place if isinstance(place, str) and place.startswith(("http://", "https://")) else None
