"""HTML → main text and what the page says about itself."""

import trafilatura
from lxml.etree import ParserError
from trafilatura.settings import Document as Page

from kg.errors import ReadError
from kg.reading.metadata import Metadata


def main_text(page: str, where: str) -> tuple[str, Metadata, str]:
    """Return the page's main text, its metadata, and all its visible text (bylines often stand outside the main text).

    Raise ReadError where the page has no main text.
    """
    try:
        found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False, favor_recall=True)
        visible = trafilatura.html2txt(page)
    except (ParserError, ValueError) as error:
        raise ReadError(f"{where}: cannot be read as HTML ({error}); give the page as the site serves it") from error
    if not isinstance(found, Page) or not found.text:
        raise ReadError(f"{where}: no main text found in the page; save the article itself as HTML or text")
    return found.text, Metadata(found.title, found.sitename, found.date, found.author), visible
