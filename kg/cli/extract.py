# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""Verbs from text to statements: extract, explain."""

import json
import sys
from contextlib import ExitStack
from dataclasses import asdict, fields
from textwrap import indent
from typing import Annotated

import typer

from kg.cli.options import (
    Author,
    Date,
    Index,
    LexiconFile,
    MaxCost,
    MaxTokens,
    Ner,
    NerChoice,
    Paths,
    Publisher,
    ReaderChoice,
    ReaderOption,
    Title,
)
from kg.cli.output import listing, note, say

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
    from kg.cli.reader import Failure, Reader, gather
    from kg.reading import Metadata

    files = gather(paths)
    reads = Reader(Metadata(title, publisher, date, author), index=index, ner=ner, lexicon=lexicon)
    failed = 0
    with ExitStack() as asking:
        tally = None
        if reader is not ReaderChoice.RULES:
            from kg.cli.model_reader import Asked, reading_by

            tally = asking.enter_context(reading_by(Asked(reader, max_tokens, max_cost), reads))
        for outcome in reads.attempts(files) if len(files) > 1 else map(reads.extract, files):
            if isinstance(outcome, Failure):
                note(f"kg: {outcome}")
                failed += 1
                continue
            if tally is not None:
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
