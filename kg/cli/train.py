# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that makes weights from gold statements, and shows what they are worth on documents they have not seen: train."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.evaluate import gold_files
from kg.cli.options import LexiconFile, Ner, NerChoice
from kg.cli.output import note, say, written
from kg.errors import ReadError
from kg.evaluation import read_claims

_SHARES = (0.125, 0.25, 0.5, 1.0)  # of the documents that weights are fitted on, for the learning curve


def train(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD", help="Files of gold statements, or folders.", show_default=False)],
    *,
    corpus: Annotated[list[Path], typer.Option(metavar="DIR", help="Folders of the documents that the gold statements name.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the weights go; data/weights are the shipped ones.")] = None,
    folds: Annotated[int, typer.Option(min=0, metavar="N", help="Judge on N folds of the documents under --test.")] = 0,
    test: Annotated[list[Path] | None, typer.Option(metavar="GOLD", help="Gold of the documents to judge on, by folds.")] = None,
    curve: Annotated[bool, typer.Option("--curve", help="Fit each fold on an eighth, a quarter and a half of the documents, too.")] = False,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="How many folds to fit at a time.")] = 1,
    predictions: Annotated[Path | None, typer.Option(metavar="FILE", help="Where what was read in the folds goes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything about the folds as one JSON object.")] = False,
    ner: NerChoice = Ner.LAC,
    lexicon: LexiconFile = None,
) -> None:
    """Fit the learned part of the reader on annotated documents. Needs the `training` extra.

    With --folds, each fold of the --test documents is read with weights that saw all other documents: the figures of each fold,
    their mean, those of all folds together, by document, and the errors by cause. `kg eval GOLD --predicted FILE` judges the
    same --predictions again. With --out, weights fitted on all documents are written.

    \b
    Examples:
      kg train data/training data/gold --corpus data/training --corpus data/samples --out data/weights
      kg train ../shared/gold-once --test ../shared/gold --corpus ../shared/corpus --folds 5 --jobs 2 --predictions unseen.jsonl
    """
    from kg.cli.annotated import annotated_documents
    from kg.cli.reader import Reader, keep_what_is_loaded
    from kg.lexicon import Lexicon
    from kg.reading import Metadata

    try:
        from kg.cli.folds import as_record, as_text, judge
        from kg.training.corpus import folds as deal
        from kg.training.folds import unseen
        from kg.training.models import fit_models, write_models
    except ModuleNotFoundError as error:
        raise ReadError(f"{error.name} is not installed; type: pip install 'corporate-statement-kg[training]'") from error
    if out is None and not folds:
        raise ReadError("nothing to do with what is learned; give --out DIR, or --folds N with --test GOLD")
    test_files = gold_files(test) if test else []
    if not folds and (curve or predictions is not None or as_json):
        raise ReadError("--curve, --predictions and --json are about folds; give --folds N with --test GOLD")
    if folds > len(test_files):
        raise ReadError(f"{folds} folds of {len(test_files)} documents; give --test with one file of gold statements a fold at least")
    if predictions is not None and not predictions.parent.is_dir():
        raise ReadError(f"{predictions}: there is no folder {predictions.parent}; make it first, for fitting takes long")
    reader = Reader(Metadata(), index=None, ner=ner, lexicon=lexicon)
    documents = annotated_documents(reader, [*test_files, *gold_files(gold)], corpus)
    words = Lexicon()
    if folds:
        keep_what_is_loaded()
        texts = {document.name: document.context.document.text for document in documents}
        golds = [record for file in test_files for record in read_claims(file, texts.__getitem__)]
        names = deal([file.stem for file in test_files], folds)
        readings = []
        for reading in unseen(names, documents, words, shares=_SHARES if curve else (1.0,), jobs=jobs):
            note(f"fold {reading.fold + 1} of {folds}: read with weights from {reading.documents} documents, {reading.records} records")
            readings.append(reading)
        if predictions is not None:
            with written(predictions) as output:
                for statement in (statement for reading in readings if reading.share == 1 for statement in reading.statements):
                    output.write(json.dumps(asdict(statement), ensure_ascii=False).encode() + b"\n")
        tested = {name for of_fold in names for name in of_fold}
        judged = judge(names, golds, readings, [document for document in documents if document.name in tested])
        say(json.dumps(as_record(judged), ensure_ascii=False) if as_json else as_text(judged))
    if out is not None:
        sizes = write_models(fit_models(documents, words), out)
        note(
            f"{len(documents)} documents, {sum(len(d.records) for d in documents)} records; {sum(sizes.values())} bytes of weights in {out}"
        )
