"""Where the model is reached and on what terms, from the environment. Nothing is sent anywhere unless KG_LLM_URL is set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from kg.errors import LlmError

Number = TypeVar("Number", int, float)

_JOBS = 4
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever currency the user counts in."""

    prompt: float
    answer: float

    def cost(self, prompt_tokens: int, answer_tokens: int) -> float:
        """Return what so many tokens cost.

        >>> Prices(2.0, 8.0).cost(500_000, 250_000)
        3.0
        """
        return (prompt_tokens * self.prompt + answer_tokens * self.answer) / 1_000_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that speaks the protocol of OpenAI's chat completions. The key is shown nowhere."""

    url: str  # as far as /v1
    model: str
    cache: Path
    key: str | None = field(default=None, repr=False)
    prices: Prices | None = None
    jobs: int = _JOBS  # requests under way at a time
    per_minute: int | None = None  # requests, at most
    stream: bool = False

    @property
    def server(self) -> str:
        """Return the address without what might be secret in it, for messages."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def endpoint(environment: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that KG_LLM_URL, KG_LLM_MODEL and their kin name; LlmError, with the variable, where one is missing or wrong.

    >>> endpoint({"KG_LLM_URL": "http://127.0.0.1:8080/v1/", "KG_LLM_MODEL": "qwen3", "KG_LLM_KEY": "secret"}).url
    'http://127.0.0.1:8080/v1'
    """
    url = environment.get("KG_LLM_URL", "").rstrip("/")
    if not url:
        raise LlmError("no model is set, and nothing is sent anywhere; set KG_LLM_URL to its address, as in http://127.0.0.1:8080/v1")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise LlmError("KG_LLM_URL is no http(s) address; give one like http://127.0.0.1:8080/v1")
    model = environment.get("KG_LLM_MODEL", "")
    if not model:
        raise LlmError("KG_LLM_MODEL is not set; give the name that the server knows the model by")
    return Endpoint(
        url,
        model,
        _cache(environment),
        key=environment.get("KG_LLM_KEY") or None,
        prices=_prices(environment.get("KG_LLM_PRICES", "")),
        jobs=_number(environment, "KG_LLM_JOBS", int) or _JOBS,
        per_minute=_number(environment, "KG_LLM_PER_MINUTE", int),
        stream=_switch(environment, "KG_LLM_STREAM"),
    )


def _cache(environment: Mapping[str, str]) -> Path:
    named = environment.get("KG_LLM_CACHE")
    if named:
        return Path(named)
    home = environment.get("XDG_CACHE_HOME") or f"{environment.get('HOME') or Path.home()}/.cache"
    return Path(home) / "corporate-statement-kg" / "llm"


def _prices(given: str) -> Prices | None:
    if not given:
        return None
    try:
        prompt, answer = map(float, given.split(","))
    except ValueError as error:
        raise LlmError(f"KG_LLM_PRICES is {given!r}; give two prices a million tokens, of prompt and answer, as in 0.5,1.5") from error
    if min(prompt, answer) < 0:
        raise LlmError(f"KG_LLM_PRICES is {given!r}; a price is not below nought")
    return Prices(prompt, answer)


def _number(environment: Mapping[str, str], name: str, kind: Callable[[str], Number]) -> Number | None:
    given = environment.get(name, "")
    if not given:
        return None
    try:
        number = kind(given)
    except ValueError as error:
        raise LlmError(f"{name} is {given!r}; give a number") from error
    if number <= 0:
        raise LlmError(f"{name} is {given!r}; give a number above nought")
    return number


def _switch(environment: Mapping[str, str], name: str) -> bool:
    given = environment.get(name, "").lower()
    if given not in _YES | _NO:
        raise LlmError(f"{name} is {given!r}; give 1 or 0")
    return given in _YES
