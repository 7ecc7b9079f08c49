"""Ways from one entity to another along plain edges, which are affirmed: what is denied, planned or rumoured leads nowhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import networkx as nx

from kg.model import Predicate

Step = tuple[str, Predicate, str]  # subject, predicate, object: an edge as it stands, whichever way it is walked


@dataclass(frozen=True, slots=True)
class Way:
    """The entities that a way passes, and for each hop the edges between the two."""

    entities: Sequence[str]
    hops: Sequence[Sequence[Step]]


class Paths:
    """The plain edges as a graph, made once for a state of the store."""

    def __init__(self, edges: Iterable[Step]) -> None:
        """Take all plain edges."""
        self._graph: nx.DiGraph[str] = nx.DiGraph()
        for subject, predicate, obj in edges:
            if self._graph.has_edge(subject, obj):
                self._graph.edges[subject, obj]["predicates"].add(predicate)
            else:
                self._graph.add_edge(subject, obj, predicates={predicate})
        self._either: nx.Graph[str] = nx.Graph(self._graph.edges())

    def shortest(self, source: str, target: str, *, directed: bool, longest: int, limit: int) -> list[Way]:
        """Return the shortest ways, so many at most; none where there is none of `longest` hops or fewer.

        With `directed` edges are walked from subject to object only.

        >>> paths = Paths([("华为", Predicate.OWNS, "华为云"), ("鹏城实验室", Predicate.USES, "华为云")])
        >>> paths.shortest("华为", "鹏城实验室", directed=False, longest=4, limit=1)[0].entities
        ['华为', '华为云', '鹏城实验室']
        """
        graph = self._graph if directed else self._either
        if source not in graph or target not in graph:
            return []
        try:
            first = nx.bidirectional_shortest_path(graph, source, target)
        except nx.NetworkXNoPath:
            return []
        if len(first) - 1 > longest:
            return []
        ways = [first] if limit == 1 else islice(nx.all_shortest_paths(graph, source, target), limit)
        return [Way(way, [list(self._edges(*hop)) for hop in pairwise(way)]) for way in ways]

    def _edges(self, one: str, other: str) -> Iterator[Step]:
        """Yield the edges between two neighbours, first those that lead on."""
        for subject, obj in ((one, other), (other, one)):
            if self._graph.has_edge(subject, obj):
                for predicate in sorted(self._graph.edges[subject, obj]["predicates"]):
                    yield subject, predicate, obj
