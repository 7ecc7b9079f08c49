"""Server-rendered pages: Jinja templates with autoescape, one stylesheet, no script."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

STYLE: Final = files("api.pages").joinpath("style.css").read_text("utf-8")


def path_to(collection: str, identifier: str) -> str:
    """Return the path of one thing, percent-encoded.

    >>> path_to("entities", "华为")
    '/entities/%E5%8D%8E%E4%B8%BA'
    """
    return f"/{collection}/{quote(identifier, safe='')}"


def gephi_lite(server: str | None, **selection: str) -> str | None:
    """Return the address that opens a network of a server, or a part of it, in Gephi Lite, which fetches it from the browser.

    None where it is not known where the server listens. What a request says of that is not believed: it would be kept, and shown to others.

    >>> gephi_lite("http://127.0.0.1:8000/", ego="华为")
    'https://gephi.org/gephi-lite/?file=http%3A%2F%2F127.0.0.1%3A8000%2Fexport.gexf%3Fego%3D%25E5%258D%258E%25E4%25B8%25BA'
    """
    if server is None:
        return None
    network = f"{server}export.gexf" + (f"?{urlencode(selection)}" if selection else "")
    return f"https://gephi.org/gephi-lite/?file={quote(network, safe='')}"


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text in order, and whether each lies in one of the spans, which may overlap.

    >>> list(marked("传言不实,华为云不卖。", [(5, 10), (5, 8)]))
    [('传言不实,', False), ('华为云不卖', True), ('。', False)]
    """
    position = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start > position:
            yield text[position:start], False
        if end > max(start, position):
            yield text[max(start, position) : end], True
            position = end
    if position < len(text):
        yield text[position:], False


class Pages:
    """Renders the templates of this folder."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("api", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._environment.globals.update(path_to=path_to)

    def render(self, template: str, values: Mapping[str, object], status: int = 200) -> HTMLResponse:
        """Return `NAME.html` filled with values; all of them are escaped."""
        return HTMLResponse(self._environment.get_template(f"{template}.html").render(values), status)
