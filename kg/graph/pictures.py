"""Static pictures, drawn by matplotlib: an entity's neighbourhood, and how many statements each year has, by stance.

The same network gives the same bytes: nothing in a file depends on the day or on chance.
"""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import matplotlib as mpl
import networkx as nx
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findSystemFonts, fontManager
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from kg.errors import KgError
from kg.model import Stance

FORMATS = ("svg", "png")
FONTS = (  # whose glyphs cover Chinese, the best first
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
)
COLOURS: Mapping[Stance, str] = MappingProxyType(
    {
        Stance.ASSERTS: "#1f6b43",
        Stance.DENIES: "#a61b1b",
        Stance.PLANS: "#1d4f9c",
        Stance.AIMS: "#6a3fa0",
        Stance.PREDICTS: "#7a5200",
        Stance.REPORTS: "#5a5f66",
    }
)
_STYLES: Mapping[Stance, Literal["-", "--", ":"]] = MappingProxyType({Stance.DENIES: "--", Stance.REPORTS: ":", Stance.PREDICTS: ":"})
_LABELLED = 60  # nodes: more names would cover each other
_LETTERS = 16  # of a name
_STRUCTURE = "#b0b0b0"
_DPI = 150


def font() -> str:
    """Return a font of this machine that has Chinese characters; KgError where there is none."""
    found = _listed()
    if found is None:  # matplotlib keeps a list from when it first ran, in which no font is that was installed since
        for path in set(findSystemFonts()) - {entry.fname for entry in fontManager.ttflist}:
            with contextlib.suppress(OSError, RuntimeError):  # files that it cannot read as fonts
                fontManager.addfont(path)
        found = _listed()
    if found is None:
        raise KgError("no font of this machine has Chinese characters; install one, on Debian with 'apt-get install fonts-noto-cjk'")
    return found


def _listed() -> str | None:
    known = {entry.name for entry in fontManager.ttflist}
    return next((name for name in FONTS if name in known), None)


def draw_network(network: "nx.MultiDiGraph[str]", title: str, path: Path) -> None:
    """Draw a network as it is laid out: denied edges dashed and red, names of the best connected nodes."""
    figure = _figure(9, 7)
    axes = figure.add_subplot()
    places = {node: (data["viz"]["position"]["x"], data["viz"]["position"]["y"]) for node, data in network.nodes(data=True)}
    between: dict[tuple[str, str], int] = {}
    seen = set()
    for source, target, data in network.edges(data=True):
        stance = Stance(data["stance"]) if "stance" in data else None  # that a proposition has an object says nothing of whether it holds
        seen.add(stance)
        pair = (min(source, target), max(source, target))
        between[pair] = bend = between.get(pair, -1) + 1
        axes.add_patch(
            FancyArrowPatch(
                places[source],
                places[target],
                connectionstyle=f"arc3,rad={(bend + 1) // 2 * 0.12 * (1 if bend % 2 else -1)}",
                arrowstyle="-|>",
                mutation_scale=9,
                shrinkA=4,
                shrinkB=5,
                color=_STRUCTURE if stance is None else COLOURS[stance],
                linestyle="-" if stance is None else _STYLES.get(stance, "-"),
                linewidth=1.1,
                alpha=0.85,
            )
        )
    for node, data in network.nodes(data=True):
        colour = data["viz"]["color"]
        axes.scatter(
            *places[node], s=14 + 10 * network.degree(node), color=[[colour[part] / 255 for part in "rgb"]], zorder=3, linewidths=0
        )
    for node in sorted(network, key=lambda name: (-network.degree(name), name))[:_LABELLED]:
        axes.annotate(
            network.nodes[node]["label"][:_LETTERS],
            places[node],
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            zorder=4,
        )
    axes.set_title(title)
    axes.autoscale_view()
    axes.margins(0.12)
    axes.set_axis_off()
    _legend(axes, [stance for stance in Stance if stance in seen])
    _write(figure, path)


def draw_timeline(counts: Mapping[tuple[int, Stance], int], title: str, path: Path) -> None:
    """Draw how many statements each year has, stances upon each other; KgError where nothing has a date."""
    if not counts:
        raise KgError(f"{title}: no statement has a date; say when documents were published, as --date or in index.tsv")
    figure = _figure(9, 4)
    axes = figure.add_subplot()
    years = list(range(min(year for year, _ in counts), max(year for year, _ in counts) + 1))
    below = [0] * len(years)
    for stance in Stance:
        heights = [counts.get((year, stance), 0) for year in years]
        axes.bar(
            years,
            heights,
            bottom=below,
            color=COLOURS[stance],
            width=0.75,
            hatch="//" if stance is Stance.DENIES else None,
            edgecolor="white",
        )
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.set_title(title)
    axes.set_xticks(years if len(years) < 16 else years[:: len(years) // 8])
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    _legend(axes, [stance for stance in Stance if any(counts.get((year, stance)) for year in years)])
    _write(figure, path)


def _figure(width: float, height: float) -> Figure:
    mpl.rcParams.update({"font.family": [font(), "DejaVu Sans"], "svg.hashsalt": "kg", "svg.fonttype": "path", "axes.unicode_minus": False})
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _legend(axes: Any, stances: Sequence[Stance]) -> None:
    lines = [
        Line2D([], [], color=COLOURS[stance], linestyle=_STYLES.get(stance, "-"), linewidth=2, label=stance.value) for stance in stances
    ]
    axes.legend(handles=lines, loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=6, frameon=False, fontsize=9)


def _write(figure: Figure, path: Path) -> None:
    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise KgError(f"{path}: a picture is written as {' or '.join(FORMATS)}; let the file's name end so")
    try:
        figure.savefig(path, format=form, dpi=_DPI, metadata={"Date": None} if form == "svg" else {"Software": None})
    except OSError as error:
        raise KgError(f"{path}: cannot be written ({error.strerror}); give a file in a folder you may write to") from error
