"""In which language and colours a reader wants pages: what they chose, kept in two cookies, else what their browser asks for.

ASGI middleware puts it where the pages find it; nothing else of a request depends on it.
"""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

LANGUAGES: Final = ("zh", "en")
THEMES: Final = ("auto", "light", "dark")
LANGUAGE_COOKIE, THEME_COOKIE = "kg-language", "kg-theme"
_ACCEPTED = re.compile(r"\s*([a-zA-Z]+)[^,;]*(?:;\s*q=([0-9.]+))?")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a reader wants, and which page they are on."""

    language: str = "zh"
    theme: str = "auto"
    path: str = "/"

    def say(self, zh: str, en: str) -> str:
        """Return the words in the reader's language.

        >>> Preferences(language="en").say("实体", "Entities")
        'Entities'
        """
        return zh if self.language == "zh" else en


current: ContextVar[Preferences] = ContextVar("current", default=Preferences())  # noqa: B039 - frozen


class Preferring:
    """Reads what the reader of a request wants."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            query = scope["query_string"].decode("latin-1")
            current.set(preferred(headers, scope.get("raw_path", b"/").decode("latin-1") + (f"?{query}" if query else "")))
        await self._app(scope, receive, send)


def preferred(headers: Headers, path: str = "/") -> Preferences:
    """Return what the headers of a request tell: a cookie goes over what the browser accepts, and Chinese is for whoever says nothing."""
    cookies = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:  # another's, malformed
        cookies.clear()
    chosen = {name: cookies[name].value for name in (LANGUAGE_COOKIE, THEME_COOKIE) if name in cookies}
    language = chosen.get(LANGUAGE_COOKIE)
    theme = chosen.get(THEME_COOKIE)
    return Preferences(
        language if language in LANGUAGES else accepted(headers.get("accept-language")), theme if theme in THEMES else "auto", path
    )


def accepted(header: str | None) -> str:
    """Return the language that a browser likes best of those there are.

    >>> accepted("de, en-GB;q=0.8, zh;q=0.3"), accepted(None)
    ('en', 'zh')
    """
    found = [(float(match[2] or 1), match[1].lower()) for part in (header or "").split(",") if (match := _ACCEPTED.match(part))]
    liked = [pair for pair in found if pair[1] in LANGUAGES]
    return max(liked, key=lambda pair: pair[0])[1] if liked else "zh"
