"""What the graph says of one node and of what hangs on it, for linked data: bounded, and in the default graph, where an entity is one."""

from collections.abc import Iterable, Iterator
from itertools import islice

import pyoxigraph as ox

from kg.graph.access import Access, Node
from kg.graph.vocabulary import NO_EDGE, OA, OWL, PREDICATES, STANCE_EDGES, TERMS

_FOLLOWED = frozenset({TERMS["expresses"], TERMS["evidence"], OA["hasSelector"]})
_EDGES = frozenset(term for predicate, term in PREDICATES.items() if predicate not in NO_EDGE)
_TOLD_BY_STATEMENTS = frozenset(STANCE_EDGES.values())


def entity_triples(access: Access, node: Node, edges: int) -> Iterator[ox.Triple]:
    """Yield the names and kinds of an entity, what it was judged to be the same as, and its plain edges, so many each way at most."""
    own = (quad.triple for quad in access.match(node, None, None) if quad.predicate not in _TOLD_BY_STATEMENTS)
    out = []
    for triple in own:
        if triple.predicate in _EDGES:
            out.append(triple)
        else:
            yield triple
    yield from sorted(out, key=str)[:edges]
    for term in (*_EDGES, OWL["sameAs"]):
        yield from (quad.triple for quad in islice(access.match(None, term, node), edges))


def statement_triples(access: Access, nodes: Iterable[Node]) -> Iterator[ox.Triple]:
    """Yield all that is said of statements, and of their propositions, evidence and selectors."""
    waiting, seen = sorted(set(nodes), key=str), set(nodes)
    while waiting:
        values = " ".join(map(str, waiting))
        waiting = []
        for row in access.select(f"SELECT ?n ?p ?o {{ VALUES ?n {{ {values} }} OPTIONAL {{ ?n ?p ?o }} }}"):
            if row["p"] is None:
                continue
            yield ox.Triple(row["n"], row["p"], row["o"])
            if row["p"] in _FOLLOWED and isinstance(row["o"], Node) and row["o"] not in seen:
                seen.add(row["o"])
                waiting.append(row["o"])


def node_triples(access: Access, node: Node) -> Iterator[ox.Triple]:
    """Yield what is said of one node alone."""
    return (quad.triple for quad in access.match(node, None, None))
