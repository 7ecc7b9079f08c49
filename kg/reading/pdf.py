"""PDF → text: what PDFium reads off each page, its lines put together to paragraphs, and the title that the file states.

A file can ask for more work than it looks: `Limits` bounds pages, things drawn on a page, characters and seconds. What native code does in
one page can only be bounded from outside, so whoever reads strangers' files does it in a process with limits of its own (`api.jobs`).
"""

import re
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium

from kg.errors import ReadError
from kg.reading.metadata import Metadata
from kg.reading.pdf_lines import paragraphs

PDF_START = re.compile(rb"[\s\S]{0,1023}?%PDF-")  # what stands before the mark is passed over, as every reader does

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))}
_CLEAN = str.maketrans({chr(code): None for code in (*range(0x20), 0x7F, 0xAD, 0xFEFF, 0xFFFE) if chr(code) not in "\t\n\r"})
_LINE = re.compile(r"[\r\n\v\f\u2028\u2029]+")
_MOST_UNKNOWN = 0.2  # of the characters
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a file is read; past any of them it is refused, never cut. `seconds` of wall-clock time are looked at after each page."""

    pages: int = 2_000
    objects: int = 200_000  # drawn on one page
    characters: int = 2_000_000
    seconds: float = 120.0


def pdf_text(data: bytes, where: str, limits: Limits | None = None) -> tuple[str, Metadata]:
    """Return a PDF's text, a paragraph a line, and the title it states, if that is Chinese.

    Raise ReadError, naming `where`, for a file that is broken, locked, past a limit, or holds no text.
    """
    limits = limits or Limits()
    try:
        file = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise ReadError(f"{where}: is locked with a password; save it without one") from error
        raise ReadError(f"{where}: cannot be read as PDF ({error}); open it and save it again") from error
    try:
        pages = list(_pages(file, where, limits))
        title = str(file.get_metadata_dict().get("Title") or "")
    except pdfium.PdfiumError as error:
        raise ReadError(f"{where}: a page cannot be read ({error}); open the file and save it again") from error
    finally:
        file.close()
    text = "\n".join(paragraphs(pages))
    _check_text(text, where)
    return text, Metadata(title=_stated_title(title))


def _pages(file: pdfium.PdfDocument, where: str, limits: Limits) -> Iterator[list[str]]:
    """Yield the lines of each page; ReadError once a limit is passed."""
    if len(file) > limits.pages:
        raise ReadError(f"{where}: has {len(file)} pages, {limits.pages} are read; split it")
    until = time.monotonic() + limits.seconds
    characters = 0
    for number in range(len(file)):
        page = file[number]
        try:
            if (drawn := pdfium.raw.FPDFPage_CountObjects(page)) > limits.objects:
                raise ReadError(f"{where}: {drawn} things are drawn on page {number + 1}, {limits.objects} are read; print it to a new PDF")
            words = page.get_textpage()
            try:
                characters += words.count_chars()
                if characters > limits.characters:
                    raise ReadError(f"{where}: has more than {limits.characters} characters; split it")
                text = words.get_text_range()
            finally:
                words.close()
        finally:
            page.close()
        if time.monotonic() > until:
            raise ReadError(
                f"{where}: page {number + 1} was not read within {limits.seconds:g} s; split the file, or print it to a new PDF"
            )
        yield [line for raw in _LINE.split(text.translate(_RADICALS).translate(_CLEAN)) if (line := raw.strip())]


def _check_text(text: str, where: str) -> None:
    """Raise ReadError where there is no text, or a font does not say which characters its shapes are."""
    drawn = [char for char in text if not char.isspace()]
    if not drawn:
        raise ReadError(f"{where}: holds no text, only pictures of pages; run text recognition over it first")
    unknown = sum(unicodedata.category(char) in {"Co", "Cn", "Cs"} or char == "\ufffd" for char in drawn)
    if unknown > len(drawn) * _MOST_UNKNOWN:
        raise ReadError(f"{where}: its fonts do not say which characters they draw; save it again with text that can be copied")


def _stated_title(title: str) -> str | None:
    """Return the title that the file states, unless it is what a program puts there: a file's name, a template's."""
    title = " ".join(title.split())
    return title if _HAN.search(title) and "." not in title and len(title) <= _LONGEST_TITLE else None
