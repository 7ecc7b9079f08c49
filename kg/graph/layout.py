"""Where the nodes of a network are drawn, so that it opens readable: the same places for the same network, in near-linear time.

The best connected nodes are laid out by forces (Fruchterman and Reingold 1991, as networkx has it); every other node is set beside the one
that it is joined to most, at golden angles, so that neighbours fan out evenly; what is joined to nothing lies on a ring around all.
"""

import math
from collections import defaultdict

import networkx as nx

_CORE = 400  # nodes that forces are worked out between; their cost grows with the square
_ROUNDS = 60
_GOLDEN = math.pi * (3 - math.sqrt(5))
_SPACE = 60.0  # units of Gephi's canvas that a node has to itself, about

Places = dict[str, tuple[float, float]]


def layout(network: "nx.MultiDiGraph[str]") -> Places:
    """Return a place for every node.

    >>> network = nx.MultiDiGraph([("华为", "华为云"), ("华为", "鸿蒙"), ("桉屿", "泠湖")])
    >>> places = layout(network)
    >>> len(set(places.values())), layout(network) == places
    (5, True)
    """
    simple: nx.Graph[str] = nx.Graph()
    simple.add_nodes_from(sorted(network))
    for source, target, weight in sorted(network.edges(data="weight", default=1.0)):
        if source != target:
            before = simple.edges[source, target]["weight"] if simple.has_edge(source, target) else 0.0
            simple.add_edge(source, target, weight=before + weight)
    order = sorted(simple, key=lambda node: (-simple.degree(node), node))
    core = [node for node in order[:_CORE] if simple.degree(node) > 1] or order[:1]
    places = _by_forces(simple.subgraph(core), len(network))
    _fan_out(simple, order, places)
    ring = max((math.hypot(*place) for place in places.values()), default=0.0) + 2 * _SPACE
    lost = [node for node in order if node not in places]
    for number, node in enumerate(lost):
        turn = number // max(1, int(2 * math.pi * ring / _SPACE))
        angle = 2 * math.pi * number * _SPACE / (2 * math.pi * ring)
        places[node] = _at((0.0, 0.0), angle, ring + turn * _SPACE)
    return {node: (round(x, 2), round(y, 2)) for node, (x, y) in places.items()}


def _by_forces(core: "nx.Graph[str]", size: int) -> Places:
    """Return places for the core, on a canvas that has room for all nodes."""
    sorted_core: nx.Graph[str] = nx.Graph()
    sorted_core.add_nodes_from(sorted(core))
    sorted_core.add_weighted_edges_from(sorted(core.edges(data="weight")))
    scale = _SPACE * math.sqrt(size)
    found = nx.spring_layout(sorted_core, k=2 / math.sqrt(max(1, len(core))), iterations=_ROUNDS, seed=1, weight=None, scale=scale)
    return {node: (float(place[0]), float(place[1])) for node, place in found.items()}


def _fan_out(simple: "nx.Graph[str]", order: list[str], places: Places) -> None:
    """Set each other node beside the placed neighbour that it is joined to most, again and again until none can be."""
    fans: dict[str, int] = defaultdict(int)
    waiting = [node for node in order if node not in places]
    while waiting:
        set_now = {}
        for node in waiting:
            beside = [other for other in simple[node] if other in places]
            if beside:
                anchor = max(beside, key=lambda other: (simple.edges[node, other]["weight"], simple.degree(other), other))
                fans[anchor] += 1
                outwards = math.atan2(places[anchor][1], places[anchor][0])
                distance = _SPACE * (0.6 + 0.4 * math.sqrt(fans[anchor]))
                set_now[node] = _at(places[anchor], outwards + fans[anchor] * _GOLDEN, distance)
        if not set_now:
            break
        places.update(set_now)
        waiting = [node for node in waiting if node not in places]
    for node in waiting:  # pieces that no core node is in: each begins where its best connected node is set
        if node not in places and simple.degree(node):
            reach = max((math.hypot(*place) for place in places.values()), default=0.0) + 2 * _SPACE
            places[node] = _at((0.0, 0.0), len(places) * _GOLDEN, reach)
            _fan_out(simple, [other for other in nx.node_connected_component(simple, node) if other not in places], places)


def _at(centre: tuple[float, float], angle: float, distance: float) -> tuple[float, float]:
    return centre[0] + distance * math.cos(angle), centre[1] + distance * math.sin(angle)
