# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that draws: plot."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import StoreDirectory
from kg.cli.output import say
from kg.errors import KgError
from kg.graph.selection import Projection, Selection
from kg.model import Stance


def plot(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An entity, by any of its names.", show_default=False)],
    store: StoreDirectory,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to: a name in .svg or .png.", show_default=False)],
    *,
    timeline: Annotated[bool, typer.Option("--timeline", help="Draw statements a year by stance, not the neighbourhood.")] = False,
    depth: Annotated[int, typer.Option(min=1, metavar="N", help="How many edges around it.")] = 1,
    stance: Annotated[list[Stance] | None, typer.Option(help="Only statements in this stance; may be given again.")] = None,
    projection: Annotated[Projection, typer.Option(help="What the nodes are.")] = Projection.ENTITIES,
) -> None:
    """Draw an entity's neighbourhood, or its statements over the years.

    Needs matplotlib (`pip install 'corporate-statement-kg[plot]'`) and a font with Chinese characters. Denied edges are dashed.

    \b
    Examples:
      kg plot 华为 --store graph -o huawei.svg
      kg plot 华为 --store graph --timeline -o years.png
    """
    from kg.cli.judging import entity
    from kg.graph.network import build_network
    from kg.graph.store import Store

    try:
        from kg.graph.pictures import draw_network, draw_timeline
    except ImportError as error:
        raise KgError(f"pictures need matplotlib ({error}); type: pip install 'corporate-statement-kg[plot]'") from error
    with Store.open(store, read_only=True) as graph:
        found = entity(graph, name)
        if timeline:
            draw_timeline(graph.years(found), found, output)
        else:
            selection = Selection(projection, frozenset(stance or ()), ego=found, depth=depth)
            draw_network(build_network(graph.entities(), graph.statements(), selection), found, output)
    say(f"drawn: {output}")
