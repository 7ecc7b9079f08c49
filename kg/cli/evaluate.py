# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that compares with gold statements: eval."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import Index, LexiconFile, Ner, NerChoice
from kg.cli.output import Cell, say, table
from kg.errors import ReadError
from kg.evaluation import Figures, Scores, as_record, claim, read_aliases, read_claims, score


def evaluate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD", help="Files of gold statements, or folders.", show_default=False)],
    *,
    corpus: Annotated[Path | None, typer.Option(metavar="DIR", help="The documents that the gold statements name.")] = None,
    predicted: Annotated[Path | None, typer.Option(metavar="FILE", help="Statements already extracted, instead of a corpus.")] = None,
    aliases: Annotated[Path | None, typer.Option(metavar="TSV", help="Names of one thing, tabs between them, a thing a line.")] = None,
    misses: Annotated[int, typer.Option(min=0, metavar="N", help="Also print N missed and N spurious statements.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
    index: Index = None,
    ner: NerChoice = Ner.LAC,
    lexicon: LexiconFile = None,
) -> None:
    """Compare extracted statements with gold ones.

    \b
    Examples:
      kg eval data/gold --corpus data/samples
      kg eval gold.jsonl --predicted statements.jsonl --json
    """
    golds = [record for path in gold_files(gold) for record in read_claims(path)]
    if predicted is not None:
        predictions = read_claims(predicted)
    elif corpus is not None:
        from kg.cli.reader import Reader
        from kg.reading import Metadata

        reader = Reader(Metadata(), index=index, ner=ner, lexicon=lexicon)
        documents = reader.named(corpus, sorted({record.doc for record in golds}))
        predictions = [claim(statement) for document in documents for statement in reader.extract(document).statements]
    else:
        raise ReadError("nothing to compare with the gold statements; give --corpus DIR or --predicted FILE")
    scores = score(golds, predictions, read_aliases(aliases) if aliases else None)
    if as_json:
        say(json.dumps({name: as_record(figures) for name, figures in scores.rows()}))
        return
    say(tables(scores))
    for title, claims in (("missed", scores.missed), ("spurious", scores.spurious)):
        for record in claims[:misses]:
            fields = (record.stance, record.subject, record.predicate, record.object, record.speaker, record.quote)
            say(f"{title} {record.doc} {' | '.join(map(str, fields))}")


def gold_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files of gold statements that the paths stand for."""
    files = [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    if not files:
        raise ReadError(f"{paths[0]}: holds no file of gold statements (*.jsonl)")
    return files


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


def _share(number: float | None) -> str:
    return "-" if number is None else f"{number:.4f}"
