"""How time grows with documents, drawn from what `make bench-growth` measured: `python -m bench.growth_picture FILE.svg`."""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bench.growth import FIGURES, SERIES, exponent

COLOURS = ("#1d4f9c", "#1f6b43", "#5a5f66", "#a61b1b", "#6a3fa0")


def drawn(found: Mapping[str, Sequence[Mapping[str, float]]], sizes: Sequence[int], path: Path) -> None:
    """Draw what was measured as points, and the line of least squares through their logarithms."""
    mpl.rcParams.update({"svg.hashsalt": "kg", "svg.fonttype": "none"})
    figure = Figure(figsize=(8, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for (name, of, key), colour in zip(SERIES, COLOURS, strict=True):
        values = [one[key] for one in found[of]]
        own = sizes[: len(values)]  # what was broken off has fewer steps of its last size
        slope = exponent(own, values)
        middle = sum(map(math.log, values)) / len(values) - slope * sum(map(math.log, own)) / len(own)
        unit = "ms each" if of == "look-ups" else "s of the processor"
        axes.scatter(own, values, color=colour, zorder=3)
        fitted = [math.exp(middle) * size**slope for size in own]
        axes.plot(own, fitted, color=colour, linestyle=":" if of == "look-ups" else "-", label=f"{name}, {unit}: documents^{slope:.2f}")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.set_xlabel("documents")
    axes.grid(visible=True, linewidth=0.4)
    axes.legend(frameon=False, fontsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(path, format="svg", metadata={"Date": None})


def main() -> None:
    """Draw the latest figures."""
    found = json.loads(FIGURES.read_text("utf-8"))
    drawn(found, found.pop("documents"), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
