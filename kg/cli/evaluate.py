# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that compares with gold statements: eval."""

import functools
import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.errors import causes_as_records, causes_as_tables, examples_as_text, worst_as_record, worst_as_text
from kg.cli.errors import worst as worst_of
from kg.cli.options import Index, LexiconFile, Ner, NerChoice
from kg.cli.output import Cell, say, table
from kg.errors import ReadError
from kg.evaluation import Claim, Figures, Scores, Source, as_record, claim, read_aliases, read_claims, score, verdicts


class By(StrEnum):
    """What the figures are given for, one by one."""

    DOCUMENT = "document"
    PREDICATE = "predicate"
    STANCE = "stance"


def evaluate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD", help="Files of gold statements, or folders.", show_default=False)],
    *,
    corpus: Annotated[Path | None, typer.Option(metavar="DIR", help="The documents that the gold statements name.")] = None,
    predicted: Annotated[Path | None, typer.Option(metavar="FILE", help="Statements already extracted; nothing is then read anew.")] = None,
    aliases: Annotated[Path | None, typer.Option(metavar="TSV", help="Names of one thing, tabs between them, a thing a line.")] = None,
    by: Annotated[By | None, typer.Option(help="Also print the figures of each.", show_default=False)] = None,
    errors: Annotated[bool, typer.Option("--errors", help="Also print how many records are wrong, by cause.")] = False,
    examples: Annotated[int, typer.Option(min=0, metavar="N", help="Also print N records of each cause, gold and found.")] = 0,
    worst: Annotated[int, typer.Option(min=0, metavar="N", help="Also print the N sentences with most errors; needs --corpus.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
    index: Index = None,
    ner: NerChoice = Ner.LAC,
    lexicon: LexiconFile = None,
) -> None:
    """Compare extracted statements with gold ones.

    Every core record and every prediction has one cause: the first of those in the table that holds. With --predicted, give
    --corpus as well to see where in a document the right name would have been.

    \b
    Examples:
      kg eval data/gold --corpus data/samples --errors --worst 5
      kg eval gold.jsonl --predicted statements.jsonl --json
    """
    if corpus is None and predicted is None:
        raise ReadError("nothing to compare with the gold statements; give --corpus DIR or --predicted FILE")
    if worst and corpus is None:
        raise ReadError("--worst shows the sentences of the documents; say where these are with --corpus DIR")
    tracing = errors or bool(examples) or bool(worst)
    predictions = [] if predicted is None else read_claims(predicted)
    sources: dict[str, Source] = {}
    if corpus is None:
        golds = [record for file in gold_files(gold) for record in read_claims(file)]
    else:
        from kg.cli.reader import Reader
        from kg.cli.sources import source
        from kg.reading import Metadata

        reader = Reader(Metadata(), index=index, ner=ner, lexicon=lexicon)
        text = functools.cache(lambda name: reader.document(reader.named(corpus, [name])[0]).text)
        golds = [record for file in gold_files(gold) for record in read_claims(file, text)]
        documents = reader.named(corpus, sorted({record.doc for record in golds}))
        if tracing:
            sources = {path.stem: source(reader.analyse(reader.document(path))) for path in documents}
        if predicted is None:
            predictions = [claim(statement) for path in documents for statement in reader.extract(path).statements]
    names = read_aliases(aliases) if aliases else {}
    scores = score(golds, predictions, names)
    parts = {} if by is None else {name: score(*claims, names) for name, claims in parted(golds, predictions, by)}
    found = []
    if tracing:
        from kg.cli.sources import cued
        from kg.lexicon import Lexicon

        found = verdicts(golds, predictions, names, sources=sources, cued=cued(Lexicon()))
    sentences = worst_of(found, sources, worst) if worst else []
    if as_json:
        result: dict[str, object] = dict(as_records(scores))
        if by is not None:
            result["by"] = {name: as_records(part) for name, part in parts.items()}
        if errors or examples:
            result["errors"] = causes_as_records(found, examples)
        if worst:
            result["worst"] = [worst_as_record(sentence) for sentence in sentences]
        say(json.dumps(result, ensure_ascii=False))
        return
    shown = [tables(scores)]
    if by is not None:
        shown.append(table_by(by, parts))
    if errors:
        shown.append(causes_as_tables(found))
    shown += examples_as_text(found, examples) if examples else []
    shown += map(worst_as_text, sentences)
    say("\n\n".join(shown))


def gold_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files of gold statements that the paths stand for."""
    files = [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    if not files:
        raise ReadError(f"{paths[0]}: holds no file of gold statements (*.jsonl)")
    return files


def parted(golds: Sequence[Claim], predictions: Sequence[Claim], by: By) -> Iterator[tuple[str, tuple[list[Claim], list[Claim]]]]:
    """Yield, for each document, predicate or stance in the gold records, these records and the predictions of the same."""
    field = "doc" if by is By.DOCUMENT else by
    for name in sorted({str(getattr(record, field)) for record in golds}):
        yield name, ([one for one in golds if getattr(one, field) == name], [one for one in predictions if getattr(one, field) == name])


def tables(scores: Scores) -> str:
    """Return the figures as two tables: precision, recall and F1; and the shares of fields that agree."""
    figures: list[list[Cell]] = []
    shares: list[list[Cell]] = []
    for name, row in scores.rows():
        record = as_record(row)
        if isinstance(row, Figures):
            figures.append([name, *(_share(record[key]) for key in ("p", "r", "f1")), row.right, row.predicted, row.core_found, row.core])
        else:
            shares.append([name, _share(record["accuracy"]), row.agreeing, row.of])
    return "\n\n".join(
        [
            table(["", "precision", "recall", "F1", "right", "of predicted", "found", "of core"], figures),
            table(["", "accuracy", "right", "of matched"], shares),
        ]
    )


def table_by(by: By, parts: dict[str, Scores]) -> str:
    """Return a row for each document, predicate or stance: F1 of relations found and of whole statements, and the counts behind."""
    rows: list[list[Cell]] = []
    for name, scores in parts.items():
        whole = scores.statement
        shares = [_share(number) for number in (scores.detection.f1, whole.f1, whole.precision, whole.recall)]
        rows.append([name, *shares, whole.right, whole.predicted, whole.core_found, whole.core])
    columns = [by.value, "detection", "statement", "precision", "recall", "right", "of predicted", "found", "of core"]
    return table(columns, rows)


def as_records(scores: Scores) -> dict[str, dict[str, float | int | None]]:
    """Return the figures as JSON objects, by criterion."""
    return {name: as_record(figures) for name, figures in scores.rows()}


def _share(number: float | None) -> str:
    return "-" if number is None else f"{number:.4f}"
