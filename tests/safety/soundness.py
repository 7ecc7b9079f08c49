"""What must hold of a store however its writer ended: each document whole or not at all, and the default graph their merge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.graph.rdf import document_quads
from kg.graph.store import Store
from kg.model import Extraction

Judged = Sequence[Sequence[str]]  # groups of names that are one entity


@dataclass(frozen=True, slots=True)
class World:
    """What may be in a store: each source with the states that it may be in, and what may have been judged of names."""

    states: Mapping[str, Sequence[Extraction]]
    judged: Judged = ()
    _made: dict[tuple[frozenset[tuple[str, int]], bool], set[ox.Quad]] = field(default_factory=dict)

    def quads(self, found: Mapping[str, int], *, judged: bool) -> set[ox.Quad]:
        """Return all that a fresh store of these states holds."""
        key = frozenset(found.items()), judged
        if key not in self._made:
            with Store.in_memory() as fresh:
                fresh.bulk_add(self.states[source][number] for source, number in found.items())
                if judged:
                    fresh.judge(self.judged)
                self._made[key] = set(fresh.graph)
        return self._made[key]


def world_of(extractions: Iterable[Extraction], judged: Judged = ()) -> World:
    """Return the world in which each of these may be stored, those of one source in turn."""
    states: dict[str, list[Extraction]] = {}
    for extraction in extractions:
        states.setdefault(extraction.document.source, []).append(extraction)
    return World(states, judged)


def held(directory: Path, world: World) -> dict[str, int]:
    """Return the sources that a store holds, each with the number of its state, after checking that nothing in it is broken.

    The store is opened for writing, as the next `kg build` would, so that the database goes through its log.
    """
    with Store.open(directory) as store:
        assert store.verify() == []
        found = {record.source: _state(store, record.id, world.states[record.source]) for record in store.documents()}
        assert len(found) == len(store.documents()), "a source is there in two states at once"
        judged = any(store.graph.quads_for_pattern(None, None, None, store.iris.judgements))
        ours, theirs = set(store.graph), world.quads(found, judged=judged)
        assert ours == theirs, f"{len(ours - theirs)} quads too many, {len(theirs - ours)} missing: {[*(ours ^ theirs)][:3]}"
    return found


def _state(store: Store, document: str, states: Sequence[Extraction]) -> int:
    graphs = (store.iris.graph(document), store.iris.entities_graph(document))
    quads = {quad for graph in graphs for quad in store.graph.quads_for_pattern(None, None, None, graph)}
    matching = [number for number, state in enumerate(states) if set(document_quads(state, store.iris)) == quads]
    assert len(matching) == 1, f"{document}: its {len(quads)} quads are no state of it"
    return matching[0]
