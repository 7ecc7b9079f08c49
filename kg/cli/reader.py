"""What the verbs from text to statements share: which files, what is known about them, and the pipeline. Loads slowly."""

import functools
import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kg.cli.index import read_index
from kg.cli.options import Ner
from kg.errors import BudgetSpent, KgError, LexiconError, LlmError, ReadError
from kg.expressions import keep_compiled
from kg.extraction.pipeline import Pipeline
from kg.extraction.statements.context import Context
from kg.lexicon import Lexicon, read_table
from kg.model import Document, Extraction
from kg.reading import Metadata, form_of, read, read_folder, read_stream
from kg.reading.metadata import check_date

STDIN = Path("-")
Result = TypeVar("Result")
Begin = Callable[[Document], Callable[[], Extraction]]  # begins to read a document; what it returns waits for the end
_ALLOCATED = 100_000  # objects that may be added before garbage is searched for: a document makes many, few of them in circles


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read or extracted, and why."""

    path: Path
    reason: str

    def __str__(self) -> str:
        """Return one line that names the file once."""
        return self.reason if self.reason.startswith(str(self.path)) else f"{self.path}: {self.reason}"


def gather(paths: Iterable[Path]) -> list[Path]:
    """Return the files that the paths stand for, each once: folders hold theirs; `-` is standard input."""
    return list(dict.fromkeys(file for path in paths for file in ([path] if path == STDIN else read_folder(path))))


def distinct(files: Iterable[Path]) -> None:
    """Raise ReadError where two files go by one name, for in a store the one would replace the other."""
    named: dict[str, Path] = {}
    for file in files:
        other = named.setdefault(file.name, file)
        if other != file:
            raise ReadError(f"{file}: has the name of {other}, and would replace it in the store; rename one")


def pipeline(ner: Ner, lexicon: Path | None) -> Pipeline:
    """Return the pipeline for the project's lexicon, and a user's names beside it."""
    names = read_table(lexicon) if lexicon else ()
    own = Lexicon().table("names")[0].keys()
    if names and names[0].keys() != own:
        raise LexiconError(f"{lexicon}: its columns are {', '.join(names[0])}; they have to be {', '.join(own)}")
    return Pipeline(Lexicon(names=names), ner.value)


class Reader:
    """Reads files and extracts their statements.

    What `overrides` says holds for every document; `index` is a table of what is known about each by name, by default the
    index.tsv in the document's own folder.
    """

    def __init__(self, overrides: Metadata, *, index: Path | None, ner: Ner, lexicon: Path | None) -> None:
        if overrides.published:
            check_date(overrides.published, "--date")
        self._overrides = overrides
        self._index = read_index(index) if index else None
        self.pipeline = pipeline(ner, lexicon)
        self._begin: Begin = lambda document: functools.partial(self.pipeline.extract, document)
        self._ahead = 0

    def reads_by(self, begin: Begin, ahead: int) -> None:
        """Have documents read another way, so many of them begun before the first is waited for."""
        self._begin, self._ahead = begin, ahead

    def document(self, path: Path) -> Document:
        """Return the document in a file, or on standard input."""
        if path == STDIN:
            return read_stream(sys.stdin.buffer.read(), overrides=self._overrides)
        return read(path, self.known(path))

    def known(self, path: Path) -> Metadata:
        """Return what flags and tables say of a document."""
        index = _index_beside(path.parent) if self._index is None else self._index
        return self._overrides.over(index.get(path.name) or index.get(path.stem) or Metadata())

    def analyse(self, document: Document) -> Context:
        """Return a document as the statement stage sees it."""
        return self.pipeline.analyse(document)[0]

    def extract(self, path: Path) -> Extraction:
        """Return what a file says; KgError if it cannot be read."""
        _load_undisturbed()
        extraction = self._begun(path)()
        keep_what_is_loaded()
        return extraction

    def attempts(self, paths: Iterable[Path]) -> Iterator[Extraction | Failure]:
        """Yield what each file says, or why that cannot be said, in their order; LlmError where nothing can be asked of a model."""
        _load_undisturbed()
        begun: deque[tuple[Path, Callable[[], Extraction] | Failure]] = deque()
        for path in paths:
            begun.append((path, _tried(path, functools.partial(self._begun, path))))
            if len(begun) > self._ahead:
                yield _ended(*begun.popleft())
        while begun:
            yield _ended(*begun.popleft())

    def attempt_row(self, source: str, text: str, stated: Metadata) -> Extraction | Failure:
        """Return what a text says that is no file, or why that cannot be said; flags and the index go before what is stated of it."""
        _load_undisturbed()
        index = self._index or {}
        known = self._overrides.over(index.get(source) or index.get(Path(source).stem) or Metadata()).over(stated)
        path = Path(source)
        return _ended(path, lambda: self.pipeline.extract(read_stream(text.encode(), source, known, form=form_of(source))))

    def _begun(self, path: Path) -> Callable[[], Extraction]:
        return self._begin(self.document(path))

    def named(self, corpus: Path, names: Iterable[str]) -> list[Path]:
        """Return the files of a folder that have these names without their endings; ReadError where one is missing."""
        files = {file.stem: file for file in read_folder(corpus)}
        missing = [name for name in names if name not in files]
        if missing:
            raise ReadError(f"{corpus}: holds no document {missing[0]!r}; give the folder of the documents that the gold names")
        return [files[name] for name in names]


def _ended(path: Path, end: Callable[[], Extraction] | Failure) -> Extraction | Failure:
    outcome = end if isinstance(end, Failure) else _tried(path, end)
    keep_what_is_loaded()
    return outcome


def _tried(path: Path, step: Callable[[], Result]) -> Result | Failure:
    """Return what a step in reading a file gives, or why it gives nothing."""
    try:
        return step()
    except BudgetSpent as error:
        return Failure(path, str(error))
    except LlmError:
        raise  # the next document would fare no better
    except KgError as error:
        return Failure(path, str(error))
    except Exception as error:  # one document that breaks a rule of ours must not cost the analyst the other thousand
        return Failure(path, f"{error!r}; a fault of kg, please report the document")


@functools.cache
def _load_undisturbed() -> None:
    """Search for no garbage while the first document loads words and weights, which makes a tenth of the time that takes."""
    gc.disable()


@functools.cache
def keep_what_is_loaded() -> None:
    """Leave words and weights, which the first document has loaded, out of every later search for garbage, which is made seldom.

    What was compiled for it is kept for the next process.
    """
    keep_compiled()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATED)
    gc.enable()


@functools.cache
def _index_beside(folder: Path) -> Mapping[str, Metadata]:
    path = folder / "index.tsv"
    return read_index(path) if path.is_file() else {}
