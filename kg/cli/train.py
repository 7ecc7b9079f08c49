# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that makes weights from gold statements, and shows what they are worth on documents they have not seen: train."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.evaluate import gold_files, tables
from kg.cli.options import LexiconFile, Ner, NerChoice
from kg.cli.output import note, say
from kg.errors import ReadError


def train(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD", help="Files of gold statements, or folders.", show_default=False)],
    *,
    corpus: Annotated[list[Path], typer.Option(metavar="DIR", help="Folders of the documents that the gold statements name.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the weights go; data/weights are the shipped ones.")] = None,
    folds: Annotated[int, typer.Option(min=0, metavar="N", help="Judge on N folds of the documents under --test.")] = 0,
    test: Annotated[list[Path] | None, typer.Option(metavar="GOLD", help="Gold of the documents to judge on, by folds.")] = None,
    ner: NerChoice = Ner.LAC,
    lexicon: LexiconFile = None,
) -> None:
    """Fit the learned part of the reader on annotated documents. Needs the `training` extra.

    With --folds, each fold of the --test documents is read with weights that saw all other documents, and the figures are
    those of `kg eval`. With --out, weights fitted on all documents are written.

    \b
    Examples:
      kg train data/training data/gold --corpus data/training --corpus data/samples --out data/weights
      kg train ../shared/gold-once --test ../shared/gold --corpus ../shared/corpus --folds 5
    """
    from kg.cli.reader import Reader
    from kg.evaluation import claim, read_claims, score
    from kg.extraction.statements.assemble import statements
    from kg.lexicon import Lexicon
    from kg.reading import Metadata

    try:
        from kg.training.corpus import annotated, read_records
        from kg.training.corpus import folds as deal
        from kg.training.models import fit_models, unseen, write_models
    except ModuleNotFoundError as error:
        raise ReadError(f"{error.name} is not installed; type: pip install 'corporate-statement-kg[training]'") from error
    if out is None and not folds:
        raise ReadError("nothing to do with what is learned; give --out DIR, or --folds N with --test GOLD")
    reader = Reader(Metadata(), index=None, ner=ner, lexicon=lexicon)
    test_files = gold_files(test) if test else []
    files = [*test_files, *gold_files(gold)]
    documents = []
    for file in dict.fromkeys(files):
        document = reader.document(_document(corpus, file.stem))
        documents.append(annotated(reader.analyse(document), read_records(file, document.text)))
    words = Lexicon()
    if folds:
        golds = [record for file in test_files for record in read_claims(file)]
        found = []
        for number, (models, held) in enumerate(unseen(deal([file.stem for file in test_files], folds), documents, words), 1):
            mine = [claim(statement) for document in held for statement in statements(document.context, words, models)[0]]
            names = {document.name for document in held}
            say(f"fold {number}: {', '.join(sorted(names))}\n{tables(score([g for g in golds if g.doc in names], mine, None))}\n")
            found.extend(mine)
        say(f"all folds\n{tables(score(golds, found, None))}")
    if out is not None:
        sizes = write_models(fit_models(documents, words), out)
        note(
            f"{len(documents)} documents, {sum(len(d.records) for d in documents)} records; {sum(sizes.values())} bytes of weights in {out}"
        )


def _document(corpora: Sequence[Path], name: str) -> Path:
    for corpus in corpora:
        found = sorted(corpus.glob(f"{name}.*"))
        texts = [path for path in found if path.suffix in (".txt", ".md", ".html")]
        if texts:
            return texts[0]
    raise ReadError(f"{name}: no document of that name in {', '.join(map(str, corpora))}; name its folder with --corpus")
