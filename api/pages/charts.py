"""Answers to queries as pictures: rows a year, where a column has dates, and a network, where two columns name what rows join."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import networkx as nx

from api.pages.timeline import Timeline, timeline
from kg.graph.layout import layout
from kg.model import Stance

WIDTH, HEIGHT, EDGE = 720, 460, 50  # of the picture of a network, in its own units
_DATE = re.compile(r"(\d{4})(?:-(?:\d{2}(?:-\d{2})?|H[12]|Q[1-4]))?(?:/\S+)?")
_JOINED: Final = (("subject", "object"), ("name", "owned"), ("name", "target"), ("opened", "recipient"), ("person", "organisation"))
_MOST = 80  # rows of a network: more cover each other
_LETTERS = 12

Row = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Dot:
    """What a row names, and where it is drawn."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A row: from where to where, in which stance, and what it says."""

    x1: float
    y1: float
    x2: float
    y2: float
    stance: str
    label: str


@dataclass(frozen=True, slots=True)
class Network:
    """The picture of a network; `left_out` is how many rows there was no room for."""

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    left_out: int


def years(found: Mapping[str, Any]) -> Timeline:
    """Return how many rows each year has by the first column that holds dates, in colours where a column says the stance.

    >>> rows = [{"saidOn": {"value": "2021-09-24"}}, {"saidOn": {"value": "2021"}}]
    >>> [(bar.year, bar.count) for bar in years({"head": {"vars": ["saidOn"]}, "results": {"bindings": rows}}).bars]
    [(2021, 2)]
    """
    rows: Sequence[Row] = found["results"]["bindings"]
    for name in found["head"]["vars"]:
        values = [row[name]["value"] for row in rows if name in row]
        if values and all(map(_DATE.fullmatch, values)):
            counts: dict[tuple[int, Stance], int] = {}
            for row in rows:
                if name in row:
                    key = (int(row[name]["value"][:4]), _stance(row))
                    counts[key] = counts.get(key, 0) + 1
            return timeline(counts)
    return Timeline((), ())


def network(found: Mapping[str, Any]) -> Network | None:
    """Return the network of rows that join two things, None where no two columns do."""
    rows: Sequence[Row] = found["results"]["bindings"]
    ends = next((pair for pair in _JOINED if set(pair) <= set(found["head"]["vars"])), None)
    joined = [row for row in rows if ends is not None and ends[0] in row and ends[1] in row]
    if ends is None or not joined:
        return None
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edges_from((row[ends[0]]["value"], row[ends[1]]["value"]) for row in joined[:_MOST])
    places = layout(graph)
    across, down = ([place[axis] for place in places.values()] for axis in (0, 1))
    scale = max(max(across) - min(across), (max(down) - min(down)) * WIDTH / HEIGHT, 1.0) / (WIDTH - 2 * EDGE)

    def at(name: str) -> tuple[float, float]:
        x, y = places[name]
        middle_x, middle_y = (max(across) + min(across)) / 2, (max(down) + min(down)) / 2
        return round(WIDTH / 2 + (x - middle_x) / scale, 1), round(HEIGHT / 2 + (y - middle_y) / scale, 1)

    lines = []
    for row in joined[:_MOST]:
        (x1, y1), (x2, y2) = at(row[ends[0]]["value"]), at(row[ends[1]]["value"])
        said = [row[name]["value"] for name in ("predicate", "quote") if name in row]
        lines.append(
            Line(x1, y1, x2, y2, _stance(row).value, " · ".join([row[ends[0]]["value"], *said[:1], row[ends[1]]["value"], *said[1:]]))
        )
    dots = tuple(Dot(name if len(name) <= _LETTERS else f"{name[:_LETTERS]}…", *at(name)) for name in sorted(graph))
    return Network(dots, tuple(lines), len(joined) - len(lines))


def _stance(row: Row) -> Stance:
    """Return the stance that a row says, an assertion where it says none."""
    value = row.get("stance", {}).get("value", "")
    return Stance(value) if value in set(Stance) else Stance.ASSERTS
