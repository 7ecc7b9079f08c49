"""Entities that were judged the same, as one in the default graph: what people ask sees one entity, what documents say stays as it was.

The judgements lie in a graph of their own (`owl:sameAs`, `owl:differentFrom`). In the default graph the node that an entity goes by
stands for its others, and one proposition for those that thereby say the same. The named graphs are never touched, so taking a
judgement back leaves no trace.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pyoxigraph as ox

from kg.graph.access import Access, Node
from kg.graph.iris import Iris
from kg.graph.remote import in_default
from kg.graph.vocabulary import OWL, RDF, SKOS
from kg.graph.writing import Writing

Renaming = Mapping[Node, Node]


@dataclass(frozen=True, slots=True)
class Merging:
    """One entity for several names."""

    access: Access
    ahead: "Ahead | None" = None  # the change for which the default graph is to be written again

    def judge(self, same: Iterable[Sequence[str]], different: Iterable[tuple[str, str]]) -> None:
        """Put judgements in the place of all earlier ones, in one transaction; each of `same` begins with the name to go by."""
        quads = judged(self.access.iris, same, different)
        earlier = set(self.access.match(None, None, None, self.access.iris.judgements))
        if quads == earlier:
            return
        before, after = self._renaming(earlier), self._renaming(quads)
        self._writing.update(
            [
                *self._rewritten(before, {}, earlier),
                *(f"DELETE DATA {{ {self._both(quad)} }}" for quad in earlier - quads),
                *(f"INSERT DATA {{ {self._both(quad)} }}" for quad in quads - earlier),
                *self._rewritten(after, after, quads),
            ]
        )

    def around(self, gone: Collection[Node], added: Collection[ox.Quad]) -> tuple[list[str], list[str]]:
        """Return what is to be done before and after some graphs go and some quads come, all in one transaction.

        Before, the default graph is made the merge of the named ones; after, one node stands for each entity again.
        """
        judgements = set(self.access.match(None, None, None, self.access.iris.judgements))
        if not judgements:
            return [], []
        ahead = Merging(self.access, Ahead.of(gone, added))
        now, then = self._renaming(judgements), ahead._renaming(judgements)
        return self._rewritten(now, {}, judgements), ahead._rewritten(then, then, judgements)

    @property
    def judged(self) -> bool:
        """Whether anything was judged."""
        return any(self.access.match(None, None, None, self.access.iris.judgements))

    def renaming(self) -> Renaming:
        """Return for each node that another stands for, as it was judged, that other."""
        return self._renaming(self.access.match(None, None, None, self.access.iris.judgements))

    def part(self) -> None:
        """Let the default graph be no more than the merge of the named graphs, for a change to be made."""
        self._again(merged=False)

    def merge(self) -> None:
        """Let one node stand for each entity again, after a change."""
        self._again(merged=True)

    def _again(self, *, merged: bool) -> None:
        judgements = set(self.access.match(None, None, None, self.access.iris.judgements))
        renaming = self._renaming(judgements)
        if renaming:
            self._writing.update(self._rewritten(renaming, renaming if merged else {}, judgements))

    @property
    def _writing(self) -> Writing:
        return Writing(self.access.graph, self.access.iris)

    def _renaming(self, judgements: Iterable[Any]) -> Renaming:
        """Return for each node that another stands for that other: of entities that a document names, and of propositions about them."""
        classes: dict[Node, list[Node]] = defaultdict(list)
        for quad in judgements:
            if quad.predicate == OWL["sameAs"]:
                classes[quad.object].append(quad.subject)
        renaming: dict[Node, Node] = {}
        touched: set[Node] = set()
        for nodes in standing(classes, lambda node: any(self._said(node, SKOS["prefLabel"], None))):
            touched.update(nodes)
            renaming.update((node, nodes[0]) for node in nodes[1:])
        if renaming:
            renaming |= self._propositions(touched, renaming)
        return renaming

    def _propositions(self, entities: Iterable[Node], renaming: Renaming) -> dict[Node, Node]:
        ends = (RDF["subject"], RDF["object"])
        nodes = {quad.subject for entity in entities for end in ends for quad in self._said(None, end, entity)}
        alike: dict[frozenset[tuple[Node, object]], list[tuple[int, str, Node]]] = defaultdict(list)
        for node in nodes:
            parts = {quad.predicate: quad.object for quad in self._said(node, None, None) if quad.graph_name != self.access.iris.ledger}
            renamed = frozenset((predicate, renaming.get(part, part)) for predicate, part in parts.items())
            alike[renamed].append((sum(part in renaming for part in parts.values()), node.value, node))
        return {node: group[0][2] for group in map(sorted, alike.values()) for _, _, node in group[1:]}

    def _said(self, subject: Node | None, predicate: Node | None, obj: Node | None) -> Iterator[Any]:
        """Yield the quads of documents."""
        apart = (ox.DefaultGraph(), self.access.iris.judgements)
        found = self.access.match(subject, predicate, obj, None)
        if self.ahead is None:
            return (quad for quad in found if quad.graph_name not in apart)
        kept = (quad for quad in found if quad.graph_name not in apart and quad.graph_name not in self.ahead.gone)
        return chain(kept, self.ahead.added.quads_for_pattern(subject, predicate, obj, None))

    def _rewritten(self, touched: Renaming, renaming: Renaming, judgements: Iterable[Any]) -> list[str]:
        """Return the updates that write the default graph again about the nodes that `touched` renames, now with `renaming`."""
        nodes = {*touched, *touched.values()}
        if not nodes:
            return []
        values = " ".join(map(str, sorted(nodes, key=str)))
        said = {quad for node in nodes for quad in (*self._said(node, None, None), *self._said(None, None, node))}
        triples = {_renamed(quad, renaming) for quad in said}
        triples |= {quad.triple for quad in judgements if {quad.subject, quad.object} & nodes}
        return [
            self._deletion("?n ?p ?o", values),
            self._deletion("?s ?p ?n", values),
            f"INSERT DATA {{ {in_default(self.access.graph, ' '.join(f'{triple} .' for triple in sorted(triples, key=str)))} }}",
        ]

    def _deletion(self, pattern: str, values: str) -> str:
        triple = in_default(self.access.graph, pattern)
        return f"DELETE {{ {triple} }} WHERE {{ VALUES ?n {{ {values} }} {triple} }}"

    def _both(self, quad: ox.Quad) -> str:
        triple = f"{quad.subject} {quad.predicate} {quad.object} ."
        return f"GRAPH {quad.graph_name} {{ {triple} }} {in_default(self.access.graph, triple)}"


def judged(iris: Iris, same: Iterable[Sequence[str]], different: Iterable[tuple[str, str]]) -> set[ox.Quad]:
    """Return judgements as they stand in their graph; each of `same` begins with the name to go by."""
    entity, graph = iris.entity, iris.judgements
    quads = {ox.Quad(entity(name), OWL["sameAs"], entity(main), graph) for main, *others in same for name in others}
    return quads | {ox.Quad(entity(first), OWL["differentFrom"], entity(second), graph) for first, second in different}


def standing(judged_same: Mapping[Node, Iterable[Node]], named: Callable[[Node], bool]) -> Iterator[list[Node]]:
    """Yield of each entity the nodes that documents name, first the one that stands for the others: the main one where they name it."""
    for main, others in judged_same.items():
        nodes = [node for node in (main, *sorted(others, key=str)) if named(node)]
        if nodes:
            yield nodes


@dataclass(frozen=True, slots=True)
class Ahead:
    """A change that is not made yet: the graphs that go, and what comes."""

    gone: frozenset[Node]
    added: ox.Store

    @classmethod
    def of(cls, gone: Collection[Node], added: Collection[ox.Quad]) -> "Ahead":
        """Return the change."""
        store = ox.Store()
        store.bulk_extend(added)
        return cls(frozenset(gone), store)


def _renamed(quad: Any, renaming: Renaming) -> ox.Triple:
    """Return what a quad says of the nodes that stand for its own; the name of another becomes one more name."""
    label = quad.predicate == SKOS["prefLabel"] and quad.subject in renaming
    obj = renaming.get(quad.object, quad.object) if isinstance(quad.object, Node) else quad.object
    return ox.Triple(renaming.get(quad.subject, quad.subject), SKOS["altLabel"] if label else quad.predicate, obj)
