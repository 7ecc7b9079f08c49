"""Documents with their gold records, as the learned part is fitted on them. Loads slowly."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.cli.reader import Reader
from kg.errors import ReadError
from kg.training.corpus import Annotated, annotated, read_records


def annotated_documents(reader: Reader, files: Iterable[Path], corpora: Sequence[Path]) -> list[Annotated]:
    """Return the documents that files of gold statements are of, with their records; ReadError where one is not in the folders."""
    documents = []
    for file in _distinct(files):
        document = reader.document(_document(corpora, file.stem))
        documents.append(annotated(reader.analyse(document), read_records(file, document.text)))
    return documents


def _distinct(files: Iterable[Path]) -> list[Path]:
    """Return the files, each once; ReadError where two are of one document, which would count twice."""
    named: dict[str, Path] = {}
    for file in files:
        other = named.setdefault(file.name, file)
        if not other.samefile(file):
            raise ReadError(f"{file}: {other} is of the same document; give one of the two")
    return list(named.values())


def _document(corpora: Sequence[Path], name: str) -> Path:
    for corpus in corpora:
        found = sorted(corpus.glob(f"{name}.*"))
        texts = [path for path in found if path.suffix in (".txt", ".md", ".html")]
        if texts:
            return texts[0]
    raise ReadError(f"{name}: no document of that name in {', '.join(map(str, corpora))}; name its folder with --corpus")
