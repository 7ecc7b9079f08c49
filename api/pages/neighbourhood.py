"""What stands around an entity as a picture: it in the middle, its neighbours in a ring, every edge with its stance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kg.graph.records import StatementRecord

WIDTH, HEIGHT = 720, 460
_MOST = 24  # neighbours: more cannot be read in a ring


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour, where it stands, and on which side of its point its name is."""

    name: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Edge:
    """What one statement says of both, drawn as a curve, so that several between the same two stay apart."""

    statement: StatementRecord
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The picture; `left_out` is how many neighbours there was no room for."""

    neighbours: tuple[Neighbour, ...]
    edges: tuple[Edge, ...]
    left_out: int


def neighbourhood(entity: str, statements: Sequence[StatementRecord]) -> Neighbourhood:
    """Return the picture of statements that join an entity with others, those that say most of it first."""
    joined: dict[str, list[StatementRecord]] = {}
    for one in statements:
        ends = (one.subject if one.subject_kind else None, one.object if one.object_kind else None)
        other = next((end for end in ends if end is not None and end != entity), None)
        if entity in ends and other is not None:
            joined.setdefault(other, []).append(one)
    ranked = sorted(joined, key=lambda name: (-len(joined[name]), name))
    shown = sorted(ranked[:_MOST])
    neighbours: list[Neighbour] = []
    edges: list[Edge] = []
    for number, name in enumerate(shown):
        angle = 2 * math.pi * number / len(shown) - math.pi / 2
        x, y = WIDTH / 2 + math.cos(angle) * WIDTH * 0.32, HEIGHT / 2 + math.sin(angle) * HEIGHT * 0.42
        anchor = "middle" if abs(math.cos(angle)) < 0.3 else "start" if math.cos(angle) > 0 else "end"
        neighbours.append(Neighbour(name, round(x, 1), round(y, 1), anchor))
        edges.extend(_edge(one, bend, x, y) for bend, one in enumerate(joined[name][:5]))
    return Neighbourhood(tuple(neighbours), tuple(edges), len(ranked) - len(shown))


def _edge(one: StatementRecord, bend: int, x: float, y: float) -> Edge:
    """Return a curve from the middle to a neighbour, bent to alternate sides."""
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2
    aside = (bend + 1) // 2 * 16 * (1 if bend % 2 else -1)
    length = math.hypot(x - middle_x, y - middle_y) or 1
    control_x = (x + middle_x) / 2 - (y - middle_y) / length * aside
    control_y = (y + middle_y) / 2 + (x - middle_x) / length * aside
    path = f"M{middle_x:.1f} {middle_y:.1f}Q{control_x:.1f} {control_y:.1f} {x:.1f} {y:.1f}"
    label = " ".join(filter(None, (one.subject, one.predicate.value, one.object)))
    return Edge(one, path, label)
