"""Server-rendered pages: Jinja templates with autoescape, in Chinese or English; few load a script, and all can be read without."""

from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from typing import Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.pages.words import KINDS, LINKS, OUTCOMES, STANCES, STATUSES, word
from api.preferences import current

STYLE: Final = files("api.pages").joinpath("style.css").read_text("utf-8")
BUNDLED: Final = files("api.pages").joinpath("bundled")  # what `hatch_build.py` made, if it could
SCRIPTS: Final = ("graph", "sparql")
_SCRIPTED: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' blob:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
ICON: Final = files("api.pages").joinpath("icon.svg").read_text("utf-8")


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


class Pages:
    """Renders the templates of this folder."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("api", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._environment.globals.update(path_to=path_to, say=lambda zh, en: current.get().say(zh, en), reader=current.get)
        tables = {"stance": STANCES, "kind": KINDS, "link": LINKS, "status": STATUSES, "taking": OUTCOMES}
        self._environment.filters.update({name: partial(word, table) for name, table in tables.items()})
        self._environment.globals.update({f"{name}_words": table for name, table in tables.items()})

    def render(self, template: str, values: Mapping[str, object], status: int = 200, script: str | None = None) -> HTMLResponse:
        """Return `NAME.html` filled with values; all of them are escaped. Where `script` was bundled, the page loads it, and may."""
        loaded = script if script is not None and script_of(script) is not None else None
        page = HTMLResponse(self._environment.get_template(f"{template}.html").render({**values, "script": loaded}), status)
        if loaded is not None:
            page.headers["Content-Security-Policy"] = _SCRIPTED
        return page


def script_of(name: str) -> bytes | None:
    """Return a script that was bundled when this was installed, None where it was not."""
    file = BUNDLED.joinpath(f"{name}.js")
    return file.read_bytes() if name in SCRIPTS and file.is_file() else None
