# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""Verbs from text to statements: extract, explain, build."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from textwrap import indent
from typing import Annotated

import typer

from kg.cli.judge import judgements_of
from kg.cli.options import (
    Author,
    Date,
    Index,
    JudgementsFile,
    LexiconFile,
    MaxCost,
    MaxTokens,
    Ner,
    NerChoice,
    Paths,
    Publisher,
    ReaderChoice,
    ReaderOption,
    StoreDirectory,
    Title,
)
from kg.cli.output import listing, note, say
from kg.graph.records import Change, Summary
from kg.judgements import read_judgements
from kg.model import Extraction

_REASONS = 5  # how many reasons for what stayed unresolved a summary names


def extract(
    paths: Paths,
    *,
    date: Date = None,
    title: Title = None,
    publisher: Publisher = None,
    author: Author = None,
    index: Index = None,
    ner: NerChoice = Ner.LAC,
    lexicon: LexiconFile = None,
    reader: ReaderOption = ReaderChoice.RULES,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
) -> None:
    """Print the statements of documents.

    JSON Lines, one statement a line, in the order of the text. A document that fails is named on standard error; the others
    go on, and the exit status is 1.

    \b
    Examples:
      kg extract data/samples > statements.jsonl
      echo '安屿科技否认出售云业务。' | kg extract - --date 2024-05-06
    """
    from kg.cli.model_reader import Asked, reading_by
    from kg.cli.reader import Failure, Reader, gather
    from kg.reading import Metadata

    files = gather(paths)
    reads = Reader(Metadata(title, publisher, date, author), index=index, ner=ner, lexicon=lexicon)
    failed = 0
    with reading_by(Asked(reader, max_tokens, max_cost), reads) as tally:
        for outcome in reads.attempts(files) if len(files) > 1 else map(reads.extract, files):
            if isinstance(outcome, Failure):
                note(f"kg: {outcome}")
                failed += 1
                continue
            tally.add(outcome)
            for statement in outcome.statements:
                say(json.dumps(asdict(statement), ensure_ascii=False))
            sys.stdout.flush()
    if failed:
        raise typer.Exit(1)


def explain(
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE", help="A sentence, or - for standard input.", show_default=False)],
    ner: NerChoice = Ner.LAC,
    lexicon: LexiconFile = None,
) -> None:
    """Show how a sentence is read.

    Its mentions and what found them, what they refer to, the rules that fired, and what stayed unresolved and why.

    \b
    Example:
      kg explain '安屿科技董事长周远表示，公司没有出售云业务的计划。'
    """
    from kg.cli.reader import pipeline

    explanation = pipeline(ner, lexicon).explain(sys.stdin.read() if sentence == "-" else sentence)
    for field in fields(explanation):
        records = getattr(explanation, field.name)
        say(f"{field.name.replace('_', ' ')}: {len(records)}")
        if records:
            say(indent(listing(records), "  "))


def build(
    paths: Paths,
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
) -> None:
    """Read documents into a store.

    The same document again changes nothing, a changed one replaces its own statements. A document that fails is listed with
    its reason and stops nothing else; the exit status is 1 then.

    \b
    Example:
      kg build --store graph data/samples
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from kg.cli.judging import apply
    from kg.cli.model_reader import Asked, Tally, reading_by
    from kg.cli.reader import Failure, Reader, distinct, gather
    from kg.graph.store import Store
    from kg.reading import Metadata

    files = gather(paths)
    distinct(files)
    reviewed = judgements_of(store, judgements)
    judged = read_judgements(reviewed) if reviewed is not None and reviewed.exists() else None
    reads = Reader(Metadata(publisher=publisher, published=date), index=index, ner=ner, lexicon=lexicon)
    failures: list[Failure] = []
    unresolved: Counter[str] = Counter()

    def extractions(progress: Progress, tally: Tally) -> Iterator[Extraction]:
        task = progress.add_task("", total=len(files))
        for file, outcome in zip(files, reads.attempts(files), strict=True):
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                unresolved.update(item.reason for item in outcome.unresolved)
                tally.add(outcome)
                yield outcome
            progress.update(task, description=file.name, advance=1)

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Store.open(store) as graph, Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        with reading_by(Asked(reader, max_tokens, max_cost), reads) as tally:
            changes = graph.bulk_add(extractions(progress, tally))
        if judged is not None:
            apply(graph, judged)
        summary = graph.summary()
    for failure in failures:
        note(f"kg: {failure}")
    say("\n".join([_changed(changes, len(failures)), *_counted(summary), _unresolved(unresolved)]))
    if failures:
        raise typer.Exit(1)


def _changed(changes: Mapping[Change, int], failed: int) -> str:
    parts = [f"{changes.get(change, 0)} {change}" for change in Change]
    return f"{sum(changes.values()) + failed} documents read: {', '.join(parts)}, {failed} failed"


def _counted(summary: Summary) -> Iterable[str]:
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
    return f"{reasons.total()} mentions stayed unresolved: {_ranked(reasons.most_common(_REASONS))}"
