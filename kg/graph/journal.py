"""A document whole or not at all, in a store that carries out an update piece by piece, such as Virtuoso.

What is to be written is first put into graphs that no query is told of. Then the journal, a graph of a few triples, says that a change
is under way, and which: an update of a few lines that may be carried out twice. Only then is it carried out, and the journal given a new
revision. Whoever reads looks at the journal before and after, and asks again where a change was under way or has happened; whoever opens
the store for writing finishes what was begun.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import uuid4

import pyoxigraph as ox

from kg.errors import StoreUnavailable
from kg.graph.database import Node

_OWN: Final = "urn:corporate-statement-kg:"  # under no base that data may have
MERGED: Final = Node(f"{_OWN}merged")
_JOURNAL: Final = Node(f"{_OWN}journal")
_STAGING: Final = f"{_OWN}staging:"
_REVISION, _WRITING, _UPDATE = (Node(f"{_OWN}journal:{name}") for name in ("revision", "writing", "update"))
SEPARATOR: Final = " ;\n"  # of operations; no term that is written out has a line's end in it. Virtuoso fails at some requests of several
_TOGETHER: Final = 500  # triples an operation, and
_LONG: Final = 500_000  # characters a request: compilers of SPARQL have their limits
_PATIENCE: Final = 30.0  # seconds that a reader waits for a change to be over
_PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of the store at an address, which it asks and changes with the two functions given."""

    address: str
    rows: Callable[[str], Iterable[Any]]
    change: Callable[[str], None]

    def state(self) -> frozenset[str]:
        """Return what is the same before and after as long as nothing was changed."""
        return frozenset(f"{row['p']} {row['o']}" for row in self.rows(
            f"SELECT ?p ?o {{ GRAPH {_JOURNAL} {{ {_JOURNAL} ?p ?o FILTER (?p != {_UPDATE}) }} }}"))  # fmt: skip

    def settled(self) -> frozenset[str]:
        """Return the state, once no change is under way; StoreUnavailable where one does not come to an end."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            state = self.state()
            if not any(entry.startswith(str(_WRITING)) for entry in state):
                return state
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    f"{self.address}: a change was begun and not finished; open the store for writing (`kg build`, or `kg serve` with a "
                    "token), which finishes it, then ask again"
                )
            time.sleep(_PAUSE)

    def carry_out(self, update: str, quads: Iterable[ox.Quad] = (), after: str = "") -> None:
        """Carry out an update that may be carried out twice, then write quads into their graphs and into the merge, then another."""
        operations = [update] if update else []
        staged: dict[Any, list[str]] = {}
        for quad in quads:
            staged.setdefault(quad.graph_name, []).append(f"{quad.subject} {quad.predicate} {quad.object} .")
        stages = [f"<{_STAGING}{uuid4()}>" for _ in staged]
        for stage, (graph, lines) in zip(stages, staged.items(), strict=True):
            for insertion in _insertions(stage, lines):
                self.change(insertion)
            for place in dict.fromkeys((graph if isinstance(graph, Node) else MERGED, MERGED)):
                operations.append(f"INSERT {{ GRAPH {place} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {stage} {{ ?s ?p ?o }} }}")
        self._finish(SEPARATOR.join([*operations, *filter(None, [after])]), begin=True)
        for stage in stages:
            self.change(f"DROP SILENT GRAPH {stage}")

    def recover(self) -> None:
        """Finish a change that was begun, and throw away what was not yet one."""
        begun = [row["o"].value for row in self.rows(f"SELECT ?o {{ GRAPH {_JOURNAL} {{ {_JOURNAL} {_UPDATE} ?o }} }}")]
        for update in begun:
            self._finish(update, begin=False)
        stages = self.rows(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), '{_STAGING}')) }}")
        for stage in [row["g"] for row in stages]:
            self.change(f"DROP SILENT GRAPH {stage}")

    def _finish(self, update: str, *, begin: bool) -> None:
        if begin:
            entry = f"{_JOURNAL} {_WRITING} {ox.Literal(str(uuid4()))} ; {_UPDATE} {ox.Literal(update)} ."
            self.change(f"INSERT DATA {{ GRAPH {_JOURNAL} {{ {entry} }} }}")
        for operation in update.split(SEPARATOR):
            self.change(operation)
        revision = f"{_JOURNAL} {_REVISION} {ox.Literal(str(uuid4()))} ."
        self.change(f"DELETE {{ GRAPH {_JOURNAL} {{ ?s ?p ?o }} }} INSERT {{ GRAPH {_JOURNAL} {{ {revision} }} }}"
                    f" WHERE {{ GRAPH {_JOURNAL} {{ ?s ?p ?o }} }}")  # fmt: skip


def _insertions(graph: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield requests that write lines of triples into a graph."""
    request: list[str] = []
    remaining = iter(lines)
    while group := list(islice(remaining, _TOGETHER)):
        request.append(f"INSERT DATA {{ GRAPH {graph} {{ {' '.join(group)} }} }}")
        if sum(map(len, request)) > _LONG:
            yield SEPARATOR.join(request)
            request.clear()
    if request:
        yield SEPARATOR.join(request)
