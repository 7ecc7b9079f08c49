# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that measures how fast documents are read, stage by stage: speed."""

from collections import Counter
from statistics import median
from typing import Annotated

import typer

from kg.cli.options import LexiconFile, Ner, Paths
from kg.cli.output import Cell, note, say, table


def speed(
    paths: Paths,
    *,
    runs: Annotated[int, typer.Option(min=1, metavar="N", help="How often every document is read; the median counts.")] = 5,
    lexicon: LexiconFile = None,
) -> None:
    """Measure how fast documents are read, stage by stage, without and with the model that finds names.

    Seconds are those of the processor, with all words and weights loaded; runs without and with the model take turns.

    \b
    Example:
      kg speed data/samples
    """
    from kg.cli.reader import gather, keep_what_is_loaded, pipeline
    from kg.cli.stopwatch import Stopwatch
    from kg.reading import read

    documents = [read(path) for path in gather(paths)]
    characters = sum(len(document.text) for document in documents)
    watches = {ner: Stopwatch(pipeline(ner, lexicon)) for ner in (Ner.NONE, Ner.LAC)}
    seconds: dict[Ner, list[Counter[str]]] = {ner: [] for ner in watches}
    for run in range(runs + 1):
        for ner, watch in watches.items():
            taken = sum((watch.read(document) for document in documents), Counter[str]())
            if run:
                seconds[ner].append(taken)
        if not run:  # only now all words and weights are there
            keep_what_is_loaded()
    note(f"{len(documents)} documents, {characters:,} characters, median of {runs} runs")
    rows: list[list[Cell]] = []
    for stage in seconds[Ner.NONE][0]:
        row: list[Cell] = [stage]
        for taken_by in seconds.values():
            middle = median(taken[stage] for taken in taken_by)
            row += [f"{middle:.3f}", f"{characters / max(middle, 1e-9):,.0f}"]
        rows.append(row)
    say(table(["stage", "seconds", "characters/s", "with the model of names", "characters/s"], rows))
