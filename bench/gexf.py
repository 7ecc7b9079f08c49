"""How fast and in how much memory GEXF is written, beside networkx, on a network of the size that is asked for.

    python bench/gexf.py [EDGES]

Each way writes the same network in turn, three times. Printed are medians of processor time, their ratio, and the memory that Python
allocated at most while it wrote.
"""

import io
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import networkx as nx

from kg.graph.gexf import write_gexf

TURNS = 3


class Counted(io.RawIOBase):
    """A file that only counts, so that what is written takes no memory."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: Any) -> int:
        """Count."""
        self.size += len(data)
        return len(data)


def network(edges: int) -> "nx.MultiDiGraph[str]":
    """Return a network as `build_network` makes them, with so many edges between a fifth as many nodes."""
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    colour = {"color": {"r": 31, "g": 119, "b": 180, "a": 1.0}}
    nodes = max(2, edges // 5)
    for number in range(nodes):
        viz = {**colour, "size": 6.0, "position": {"x": float(number % 997), "y": float(number % 991), "z": 0.0}}
        found.add_node(
            f"企业{number}", label=f"企业{number}", kind="company", statements=5, first="2021", last="2024", start="2021-01-01", viz=viz
        )
    for number in range(edges):
        data = {"label": "owns", "predicate": "owns", "stance": "asserts", "edge_kind": "affirmed", "edge_type": "affirmed: owns"}
        said = {
            "quote": f"企业{number}拥有企业{number + 1}",
            "document": f"公告{number % 500}",
            "proposition": f"{number:016x}",
            "start": "2021-01-01",
        }
        source, target = f"企业{number % nodes}", f"企业{number * 7 % nodes}"
        found.add_edge(source, target, key=f"{number:016x}", id=f"{number:016x}", weight=1.0, **data, **said, viz=colour)
    return found


def seconds(write: Callable[[], None]) -> float:
    """Return the processor time that a call takes."""
    began = time.process_time()
    write()
    return time.process_time() - began


def measured(edges: int) -> tuple[float, float, int]:
    """Return the medians of ours and of networkx in seconds, and the most memory that ours took, in bytes."""
    ours_network = network(edges)
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, data in ours_network.nodes(data=True):
        plain.add_node(node, **{name: value for name, value in data.items() if name != "start"})
    for source, target, key, data in ours_network.edges(keys=True, data=True):
        plain.add_edge(source, target, key=key, **{name: value for name, value in data.items() if name not in ("start", "viz")})
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(seconds(lambda: write_gexf(ours_network, Counted())))  # type: ignore[arg-type]  # what lxml asks of a file
        theirs.append(seconds(lambda: nx.write_gexf(plain, io.BytesIO())))
    tracemalloc.start()
    write_gexf(ours_network, Counted())  # type: ignore[arg-type]  # what lxml asks of a file
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return statistics.median(ours), statistics.median(theirs), most


def main() -> None:
    """Measure, and print."""
    edges = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    ours, theirs, most = measured(edges)
    sys.stdout.write(
        f"{edges} edges: {ours:.1f} s, networkx {theirs:.1f} s: {theirs / ours:.1f} times as fast, {most / 2**20:.0f} MiB more at most\n"
    )


if __name__ == "__main__":
    main()
