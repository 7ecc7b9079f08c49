"""HTML → main text and what the page says about itself."""

from collections.abc import Iterator
from dataclasses import replace

import lxml.html
import trafilatura
from lxml.etree import ParserError
from lxml.html import HtmlElement
from trafilatura.settings import Document as Page

from kg.errors import ReadError
from kg.reading.metadata import Metadata, find_metadata

_LINE_LIKE = ("p", "div", "span", "li", "td", "h1", "h2", "time", "address", "section", "header")
_LONGEST_LINE = 140
_VISIBLE_LINES = 200  # bylines stand outside the main text, after menus


def main_text(page: str, where: str) -> tuple[str, Metadata]:
    """Return the page's main text, and its metadata: the page's own tags first, then a byline anywhere on it.

    Raise ReadError where the page has no main text.
    """
    try:
        found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False, favor_recall=True)
        tree = lxml.html.fromstring(page.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (ParserError, ValueError) as error:
        raise ReadError(f"{where}: cannot be read as HTML ({error}); give the page as the site serves it") from error
    if not isinstance(found, Page) or not found.text:
        raise ReadError(f"{where}: no main text found in the page; save the article itself as HTML or text")
    known = Metadata(found.title, found.sitename, found.date, found.author or _tagged_author(tree))
    byline = find_metadata("\n".join(_visible_lines(tree)), lines=_VISIBLE_LINES)
    return found.text, known.over(replace(byline, title=None))


def _tagged_author(tree: HtmlElement) -> str | None:
    """Return the author in the page's tags; trafilatura drops names without a blank in them, as Chinese ones are."""
    for element in tree.iter("meta"):
        if element.get("name") == "author" and (author := (element.get("content") or "").strip()):
            return author
    return None


def _visible_lines(tree: HtmlElement) -> Iterator[str]:
    """Yield the text of every element short enough to be a line."""
    for element in tree.iter(*_LINE_LIKE):
        line = " ".join("".join(map(str, element.itertext())).split())
        if line and len(line) <= _LONGEST_LINE:
            yield line
