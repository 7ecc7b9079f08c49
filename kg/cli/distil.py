# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that makes training records for the rules' learned part of what a chat model reads: distil."""

import json
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.evaluate import gold_files
from kg.cli.options import Index, LexiconFile, MaxCost, MaxTokens, Ner, NerChoice, Paths, ReaderChoice
from kg.cli.output import Cell, note, say, table, written
from kg.errors import ReadError
from kg.evaluation import read_claims
from kg.model import Extraction
from kg.records import RECORD

_FIGURES = ("statement", "detection", "named", "denials")


def distil(
    paths: Paths,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the records go, a file a document.")],
    test: Annotated[list[Path] | None, typer.Option(metavar="GOLD", help="Gold of documents to judge the gain on, by folds.")] = None,
    beside: Annotated[list[Path] | None, typer.Option(metavar="GOLD", help="Gold that weights are fitted on as well.")] = None,
    corpus: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="Folders of the documents under --test and --beside.")] = None,
    folds: Annotated[int, typer.Option(min=2, metavar="N", help="How many folds.")] = 5,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="How many folds to fit at a time.")] = 1,
    index: Index = None,
    ner: NerChoice = Ner.LAC,
    lexicon: LexiconFile = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
) -> None:
    """Have a chat model read documents, and keep what it reads as training records.

    `kg train DIR --corpus FOLDER …` fits weights on them. With --test, it says what they are worth: each fold of the gold documents is read
    with weights that saw the other gold documents, once without and once with the new records.

    \b
    Examples:
      kg distil articles --out distilled
      kg distil articles --out distilled --test gold --corpus documents --beside more-gold --folds 5
    """
    from kg.cli.model_reader import Asked, reading_by
    from kg.cli.reader import Failure, Reader, distinct, gather
    from kg.reading import Metadata

    files = gather(paths)
    distinct(files)
    if bool(test) != bool(corpus) or (beside and not test):
        raise ReadError("the gain is judged on gold documents; give --test GOLD and --corpus DIR, with --beside GOLD if you like")
    test_files, beside_files = (gold_files(given) if given else [] for given in (test, beside))
    if test and folds > len(test_files):
        raise ReadError(f"{folds} folds of {len(test_files)} documents; give --test with one file of gold statements a fold at least")
    if out.exists() and not out.is_dir():
        raise ReadError(f"{out}: is no folder; name one for the records")
    reads = Reader(Metadata(), index=index, ner=ner, lexicon=lexicon)
    failed = 0
    made: list[Path] = []
    with reading_by(Asked(ReaderChoice.LLM, max_tokens, max_cost), reads) as tally:
        out.mkdir(parents=True, exist_ok=True)
        for outcome in reads.attempts(files):
            if isinstance(outcome, Failure):
                note(f"kg: {outcome}")
                failed += 1
                continue
            tally.add(outcome)
            made.append(_write(outcome, out))
    note(f"kg: records of {len(made)} documents in {out}")
    if test and corpus:
        folders = [*corpus, *dict.fromkeys(file.parent for file in files)]
        say(_gain(test_files, beside_files, made, folders=folders, folds=folds, jobs=jobs))
    if failed:
        raise typer.Exit(1)


def _write(extraction: Extraction, out: Path) -> Path:
    """Write the records of a document; its words stay where they are, so that the quote is left out."""
    path = out / f"{extraction.document.name}.jsonl"
    with written(path) as file:
        for one in extraction.statements:
            record = {name: getattr(one, name) for name in RECORD if name != "quote"}
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return path


def _gain(test: list[Path], beside: list[Path], made: list[Path], *, folders: list[Path], folds: int, jobs: int) -> str:
    """Return the figures of the folds without the new records, with them, and the difference."""
    from kg.cli.annotated import annotated_documents
    from kg.cli.reader import Reader, keep_what_is_loaded
    from kg.evaluation import claim, score
    from kg.lexicon import Lexicon
    from kg.reading import Metadata

    try:
        from kg.training.corpus import folds as deal
        from kg.training.folds import unseen
    except ModuleNotFoundError as error:
        raise ReadError(f"{error.name} is not installed; type: pip install 'corporate-statement-kg[training]'") from error
    reader = Reader(Metadata(), index=None, ner=Ner.LAC, lexicon=None)
    documents = annotated_documents(reader, [*test, *beside, *made], folders)
    keep_what_is_loaded()
    texts = {document.name: document.context.document.text for document in documents}
    golds = [record for file in test for record in read_claims(file, texts.__getitem__)]
    names = deal([file.stem for file in test], folds)
    new = {file.stem for file in made}
    scores = []
    for kept in ([one for one in documents if one.name not in new], documents):
        readings = unseen(names, kept, Lexicon(), jobs=jobs)
        scores.append(score(golds, [claim(statement) for reading in readings for statement in reading.statements]))
    before, after = scores
    rows: list[list[Cell]] = []
    for name in _FIGURES:
        without, with_new = getattr(before, name).f1, getattr(after, name).f1
        rows.append([name, f"{without:.3f}", f"{with_new:.3f}", f"{with_new - without:+.3f}"])
    return table(["F1, unseen documents", "without", "with", "gain"], rows)
