"""Where documents come from: a file, a folder, standard input, a string."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from kg.errors import ReadError
from kg.model import STANDARD_INPUT, Document, digest
from kg.reading.decode import decode
from kg.reading.metadata import Metadata, check_date, find_metadata, read_sidecar
from kg.reading.pdf import PDF_START, pdf_text

_TEXT = frozenset({".txt", ".md"})
_HTML = frozenset({".html", ".htm"})
_PDF = frozenset({".pdf"})
_KINDS = _TEXT | _HTML | _PDF
_HTML_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b", re.IGNORECASE)


class Form(StrEnum):
    """What the bytes of a document are."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"


def form_of(name: str) -> Form:
    """Return what the text under a file's name is: a page, or a text as it stands.

    >>> form_of("notice.HTML").value, form_of("notice").value
    ('html', 'text')
    """
    return Form.HTML if Path(name).suffix.lower() in _HTML else Form.TEXT


def read(path: Path, overrides: Metadata | None = None) -> Document:
    """Read one file: `.txt` and `.md` verbatim, `.html` and `.htm` by their main text, `.pdf` by the text on its pages.

    Title, publisher, date and author: overrides win over the sidecar (`NAME.yaml` beside `NAME.txt`), the sidecar over
    what the document itself says. `source` is the file's name without its folder, so that a build gives the same bytes
    wherever the files lie. Raise ReadError for a file that is missing, empty, of another kind or in another encoding.
    """
    kind = path.suffix.lower()
    if kind not in _KINDS:
        raise ReadError(f"{path}: of a kind that cannot be read; give .txt, .md, .html, .htm or .pdf")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    sidecar = path.with_suffix(".yaml")
    beside = read_sidecar(sidecar) if sidecar.is_file() else Metadata()
    known = (overrides or Metadata()).over(beside)
    if kind in _PDF:
        return _pdf_document(data, path.name, known)
    return _document(decode(data, str(path)), path.name, known, html=kind in _HTML)


def read_stream(
    data: bytes, name: str = STANDARD_INPUT, overrides: Metadata | None = None, *, form: Form | None = None, charset: str | None = None
) -> Document:
    """Read the bytes of standard input or another stream, in the encoding that is stated.

    Where no form is stated, a page and a PDF are recognised by how they begin. Raise ReadError as `read` does.
    """
    known = overrides or Metadata()
    if form is Form.PDF or (form is None and PDF_START.match(data)):
        return _pdf_document(data, name, known)
    text = decode(data, name, charset)
    return _document(text, name, known, html=form is Form.HTML or (form is None and bool(_HTML_START.match(text))))


def read_text(text: str, name: str, overrides: Metadata | None = None) -> Document:
    """Make a document of a text; metadata as for `read`, without a sidecar.

    >>> read_text("# 某公司否认退出\\n公司没有这样的计划。", "a.md", Metadata(published="2021-09")).published
    '2021-09'
    """
    return _document(text, name, overrides or Metadata(), html=False)


def read_folder(path: Path) -> Iterator[Path]:
    """Yield the documents in a folder and the folders in it, sorted by path; a path to a file yields that file.

    Hidden files are left out. Raise ReadError if the path does not exist or the folder holds no document.
    """
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise ReadError(f"{path}: no such file or folder; check the path")
    found = sorted(
        (entry for entry in path.rglob("*") if entry.suffix.lower() in _KINDS and entry.is_file() and not _hidden(entry, path)),
        key=lambda entry: entry.relative_to(path).as_posix(),
    )
    if not found:
        raise ReadError(f"{path}: holds no .txt, .md, .html, .htm or .pdf file; give another folder")
    yield from found


def _hidden(entry: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in entry.relative_to(root).parts)


def _pdf_document(data: bytes, source: str, known: Metadata) -> Document:
    """Make a document of a PDF; what its text says of itself goes before the title that the file states."""
    text, stated = pdf_text(data, source)
    return _document(text, source, known.over(find_metadata(text)).over(stated), html=False)


def _document(text: str, source: str, known: Metadata, *, html: bool) -> Document:
    if known.published:
        check_date(known.published, source)
    if html:
        # what finds the main text of a page takes a fifth of a second to load, and most documents are none
        from kg.reading.html import main_text  # noqa: PLC0415

        text, page = main_text(text, source)
        known = known.over(page)
    if not text.strip("\ufeff \t\r\n\v\f\u3000"):
        raise ReadError(f"{source}: is empty; give a document with text in it")
    known = known.over(find_metadata(text))
    name = Path(source).stem if Path(source).suffix.lower() in _KINDS else source
    return Document(
        id=digest(text, source),
        name=name,
        text=text,
        source=source,
        title=known.title,
        publisher=known.publisher,
        published=known.published,
        author=known.author,
    )
