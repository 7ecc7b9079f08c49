# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb from documents to a store: build."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.judge import judgements_of
from kg.cli.options import (
    Date,
    Engine,
    EngineChoice,
    Index,
    JudgementsFile,
    LexiconFile,
    Master,
    MaxCost,
    MaxTokens,
    Ner,
    NerChoice,
    Publisher,
    ReaderChoice,
    ReaderOption,
    StoreDirectory,
)
from kg.cli.output import note, say
from kg.errors import QueryError
from kg.graph.records import Change, Summary
from kg.judgements import Judgements, read_judgements

_REASONS = 5  # how many reasons for what stayed unresolved a summary names

Sources = Annotated[
    list[str], typer.Argument(metavar="PATH", help="Files, folders, tables for Spark, or - for standard input.", show_default=False)
]
Processes = Annotated[int, typer.Option("--workers", min=1, metavar="N", help="How many processes read; one writes.")]

Ledger = Annotated[bool, typer.Option("--ledger/--no-ledger", help="Compare statements at the end, or leave that to `kg ledger`.")]


def build(
    paths: Sources,
    *,
    store: StoreDirectory,
    date: Date = None,
    publisher: Publisher = None,
    index: Index = None,
    ner: NerChoice = Ner.LAC,
    lexicon: LexiconFile = None,
    judgements: JudgementsFile = None,
    reader: ReaderOption = ReaderChoice.RULES,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    workers: Processes = 1,
    ledger: Ledger = True,
    engine: EngineChoice = Engine.LOCAL,
    master: Master = "local[*]",
) -> None:
    """Read documents into a store.

    The same document again changes nothing, a changed one replaces its own statements. A document that fails is listed with
    its reason and stops nothing else; the exit status is 1 then. What was interrupted goes on where it was when it is begun again.
    The store is the same to the byte however many processes read.

    Spark reads tables of documents, too (.parquet, .jsonl), and writes N-Quads and a table of statements into the folder of --store.

    \b
    Examples:
      kg build --store graph data/samples
      kg build --store graph archive/ --workers 8
      kg build --store hdfs://archive/graph hdfs://archive/news.parquet --engine spark --master yarn
    """
    from kg.cli.building import Building
    from kg.cli.judging import apply
    from kg.cli.meter import metered
    from kg.cli.model_reader import Asked, reading_by
    from kg.cli.reader import distinct, gather
    from kg.cli.workers import Task
    from kg.graph.keeping import keep_ledger
    from kg.graph.store import Store
    from kg.reading import Metadata

    if workers > 1 and reader is not ReaderChoice.RULES:
        raise QueryError(f"--workers {workers}: processes read by the rules; a chat model is asked by one, several documents at a time")
    reviewed = judgements_of(store, judgements)
    judged = read_judgements(reviewed) if reviewed is not None and reviewed.exists() else None
    task = Task(Metadata(publisher=publisher, published=date), index, ner, lexicon)
    if engine is Engine.SPARK:
        _refuse_on_spark(reader, workers)
        _build_on_spark(paths, master, store, task, judged, ledger=ledger)
        return
    files = gather(map(Path, paths))
    distinct(files)
    reads = task.reader()
    with Store.open(store) as graph, Building(reads, task, graph, store) as building:
        with metered(len(files), "documents") as advance:
            if reader is ReaderChoice.RULES:
                changes = building.build(files, advance, workers)
            else:
                with reading_by(Asked(reader, max_tokens, max_cost), reads) as tally:
                    changes = building.build_with_model(files, advance, tally)
        if judged is not None:
            apply(graph, judged, ledger=ledger)
        if ledger:
            keep_ledger(graph)
        summary = graph.summary()
    failures = list(map(str, building.failures))
    _report(changes, failures, len(failures), summary, building.unresolved)


def _refuse_on_spark(reader: ReaderChoice, workers: int) -> None:
    """Raise QueryError for what Spark does not do, or EngineError where it cannot be started."""
    from kg.spark.requirements import check

    if reader is not ReaderChoice.RULES:
        raise QueryError(f"--reader {reader}: executors read by the rules; leave it out, or build without --engine spark")
    if workers > 1:
        raise QueryError(f"--workers {workers}: Spark shares out the reading itself; say how with --master, such as local[8]")
    check()


def _build_on_spark(paths: list[str], master: str, store: str, task: Any, judged: Judgements | None, *, ledger: bool) -> None:
    from kg.cli.on_spark import build_on_spark

    built = build_on_spark(paths, master, store, task, judged or Judgements(), ledger=ledger)
    _report({Change.ADDED: built.summary.documents}, built.failures, built.failed, built.summary, built.unresolved)


def _report(changes: Mapping[Change, int], failures: Iterable[str], failed: int, summary: Summary, unresolved: Counter[str]) -> None:
    """Print what failed and what there is; exit status 1 where anything failed."""
    for failure in failures:
        note(f"kg: {failure}")
    say("\n".join([_changed(changes, failed), *_counted(summary), _unresolved(unresolved)]))
    if failed:
        raise typer.Exit(1)


def _changed(changes: Mapping[Change, int], failed: int) -> str:
    parts = [f"{changes.get(change, 0)} {change}" for change in Change]
    return f"{sum(changes.values()) + failed} documents read: {', '.join(parts)}, {failed} failed"


def _counted(summary: Summary) -> Iterator[str]:
    yield f"{summary.statements} statements of {summary.documents} documents about {summary.entities} entities in the store"
    yield f"  by stance: {_ranked(summary.by_stance)}"
    yield f"  by predicate: {_ranked(summary.by_predicate)}"


def _ranked(counts: Iterable[tuple[str, int]]) -> str:
    """Return names with their counts, the most frequent first.

    >>> _ranked([("denies", 2), ("plans", 0), ("asserts", 7)])
    'asserts 7, denies 2'
    """
    ranked = sorted((pair for pair in counts if pair[1]), key=lambda pair: -pair[1])
    return ", ".join(f"{name} {count}" for name, count in ranked) or "none"


def _unresolved(reasons: Counter[str]) -> str:
    most = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))[:_REASONS]  # the same whoever counted
    return f"{reasons.total()} mentions stayed unresolved: {_ranked(most)}"
