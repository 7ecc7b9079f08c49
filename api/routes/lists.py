"""What the paths of lists and of single things share: the path of the next page, and endings that name a representation."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from api.cursors import cursor_of
from api.negotiation import HTML, JSON, JSON_LD, TURTLE
from kg.graph.records import Key

Responses = dict[int | str, dict[str, Any]]
UNCHANGED: Responses = {304: {"description": "The copy that the client holds (`If-None-Match`, `If-Modified-Since`) is still good"}}
LISTED: Responses = {200: {"content": {HTML.media: {}}}, **UNCHANGED}  # beside JSON
LINKED: Responses = {200: {"content": {offer.media: {} for offer in (JSON_LD, TURTLE, HTML)}}, **UNCHANGED}
_SUFFIXES = {".json": JSON.media, ".jsonld": JSON_LD.media, ".ttl": TURTLE.media, ".html": HTML.media}


def next_path(request: Request, after: Key | None, path: str | None = None, **parameters: str) -> str | None:
    """Return the path of the page after a key: this one's with its parameters, or another's; None where there is none."""
    if after is None:
        return None
    kept = list(parameters.items()) if path else [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    return f"{path or request.url.path}?{urlencode([*kept, ('cursor', cursor_of(after))])}"


def without_suffix(name: str, known: Callable[[str], bool]) -> tuple[str, str | None]:
    """Return a thing's name and the media type that its ending asks for; an ending that belongs to the name asks for nothing.

    >>> without_suffix("华为.ttl", lambda name: name == "华为"), without_suffix("Vue.json", lambda name: name == "Vue.json")
    (('华为', 'text/turtle'), ('Vue.json', None))
    """
    for suffix, media in _SUFFIXES.items():
        if name.endswith(suffix) and not known(name):
            return name.removesuffix(suffix), media
    return name, None
