"""Asking a chat model: one request a question, however many questions at a time, and nothing asked twice that was answered."""

import json
import logging
import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import httpx

from kg.errors import LlmError
from kg.llm.budget import Budget, Usage
from kg.llm.cache import Cache, Reply
from kg.llm.endpoint import Endpoint
from kg.model import digest

Message = Mapping[str, str]

ANSWER_TOKENS = 8192  # the most that an answer may have: a full page of records
_TRIES = 6
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 60.0  # seconds
_TIMEOUT = httpx.Timeout(connect=10, read=300, write=60, pool=None)
_TOO_MANY, _SERVER_FAULT = 429, 500
_REFUSED = {
    401: "does not take the key; set KG_LLM_KEY to one that it knows",
    403: "does not let this key use the model; ask for another key or model",
    404: "has no such model, or no such path; check KG_LLM_MODEL and that KG_LLM_URL ends as far as /v1",
    413: "finds the request too long; choose a model with a longer context",
}
_NO_FORMAT = frozenset({400, 415, 422, 501})  # what servers answer that know no schemas
_NEW_LIMIT = "max_completion_tokens"  # what newer models of some services want for max_tokens
_FORMATS = ("json_schema", "json_object", "text")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the messages, and the JSON schema that the answer is to have."""

    messages: Sequence[Message]
    schema: Mapping[str, Any]

    def key(self, model: str) -> str:
        """Return what tells this question of this model from every other."""
        return digest(
            model, json.dumps([*map(dict, self.messages)], ensure_ascii=False, sort_keys=True), json.dumps(self.schema, sort_keys=True)
        )

    @property
    def most(self) -> Usage:
        """The most that it may cost: a character is taken for a token, which is more than Chinese or JSON takes; an answer has a limit."""
        return Usage(sum(len(message["content"]) for message in self.messages), ANSWER_TOKENS)


class Chat:
    """Asks one model; threads may share one. What was answered before comes from the cache, and costs nothing."""

    def __init__(self, endpoint: Endpoint, budget: Budget) -> None:
        """Make ready to ask; nothing is sent yet."""
        headers = {} if endpoint.key is None else {"Authorization": f"Bearer {endpoint.key}"}
        limits = httpx.Limits(max_connections=endpoint.jobs, max_keepalive_connections=endpoint.jobs)
        self._client = httpx.Client(headers=headers, timeout=_TIMEOUT, limits=limits, trust_env=False)
        self._endpoint, self.budget = endpoint, budget
        self._cache = Cache(endpoint.cache)
        self._pace = _Pace(endpoint.per_minute)
        self._format = 0  # which of _FORMATS the server is known to take
        self._limit = "max_tokens"  # what it calls the limit of an answer
        self._sampling: dict[str, float] = {"temperature": 0}
        self.requests = 0
        self._counting = threading.Lock()

    def __enter__(self) -> Self:
        """Return the chat itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, question: Question) -> Reply:
        """Return what the model answers; BudgetSpent where it may not be asked, LlmError where it does not answer."""
        key = question.key(self._endpoint.model)
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        with self.budget.reserved(question.most):
            began = time.monotonic()
            reply = self._sent(question)
            reply = replace(reply, seconds=round(time.monotonic() - began, 3))
            self.budget.spend(reply.usage)
        self._cache.put(key, reply)
        return reply

    def _sent(self, question: Question) -> Reply:
        """Send a question until it is answered: again where the server is busy or at fault, more plainly where it knows no schemas."""
        wait, failure = _FIRST_WAIT, ""
        tries = 0
        while tries < _TRIES:
            form = self._format
            self._pace.wait()
            try:
                with self._counting:
                    self.requests += 1
                response = self._post(question, _FORMATS[form])
            except httpx.TransportError as error:
                failure, status, after = f"does not answer ({type(error).__name__})", 0, None
            else:
                if isinstance(response, Reply):
                    return response
                status, after = response.status_code, _seconds(response.headers.get("retry-after"))
                if status in _NO_FORMAT and self._adapted(response.text):
                    continue
                if status in _NO_FORMAT and form < len(_FORMATS) - 1:
                    log.info("%s takes no %s as response_format; asked more plainly", self._endpoint.server, _FORMATS[form])
                    self._format = max(self._format, form + 1)
                    continue
                failure = f"answers {status}{self._said(response)}"
            if status and status != _TOO_MANY and status < _SERVER_FAULT:
                raise LlmError(f"{self._endpoint.server} {_REFUSED.get(status, failure)}{self._model()}")
            tries += 1
            if tries < _TRIES:
                pause = min(_LONGEST_WAIT, after if after is not None else wait * (1 + random.random()))
                log.info("%s %s; another try in %.1f s", self._endpoint.server, failure, pause)
                time.sleep(pause)
                wait *= 2
        raise LlmError(f"{self._endpoint.server} {failure}, {_TRIES} times in a row{self._model()}; try later, what was answered is kept")

    def _adapted(self, refusal: str) -> bool:
        """Ask for the limit by its newer name, or leave the temperature out, where the server wants that; say whether it is new."""
        before = self._limit, dict(self._sampling)
        if _NEW_LIMIT in refusal:
            self._limit = _NEW_LIMIT
        elif "temperature" in refusal:
            self._sampling = {}
        return before != (self._limit, self._sampling)

    def _model(self) -> str:
        return f" (model {self._endpoint.model})"

    def _post(self, question: Question, form: str) -> Reply | httpx.Response:
        """Send a question once; return the reply, or the response where it is none."""
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": [*map(dict, question.messages)],
            self._limit: ANSWER_TOKENS,
            **self._sampling,
        }
        if form == "json_schema":
            body["response_format"] = {
                "type": form,
                "json_schema": {"name": "statements", "strict": True, "schema": dict(question.schema)},
            }
        elif form == "json_object":
            body["response_format"] = {"type": form}
        if self._endpoint.stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        characters = question.most.prompt
        log.info("%d characters to %s, model %s", characters, self._endpoint.server, self._endpoint.model)
        with self._client.stream("POST", f"{self._endpoint.url}/chat/completions", json=body) as response:
            if response.status_code != httpx.codes.OK:
                response.read()
                return response
            if "text/event-stream" in response.headers.get("content-type", ""):
                return _streamed(response, characters)
            response.read()
            return self._whole(response, characters)

    def _whole(self, response: httpx.Response, characters: int) -> Reply:
        try:
            answer = response.json()
            choice = answer["choices"][0]
            text, finished = choice["message"]["content"] or "", choice.get("finish_reason") != "length"
        except (ValueError, LookupError, TypeError) as error:
            raise LlmError(
                f"{self._endpoint.server} answers in no form of chat completions; check that KG_LLM_URL ends as far as /v1"
            ) from error
        return Reply(text, finished, _usage(answer.get("usage"), characters, text), 0.0)

    def _said(self, response: httpx.Response) -> str:
        """Return what the server says of its refusal, short, and never the key, should it repeat that."""
        text = " ".join(response.text.split())
        if self._endpoint.key is not None:
            text = text.replace(self._endpoint.key, "…")
        return f" ({text[:200]})" if text else ""


class _Pace:
    """Lets so many requests begin a minute, evenly."""

    def __init__(self, per_minute: int | None) -> None:
        self._gap = 0.0 if per_minute is None else 60 / per_minute
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        if not self._gap:
            return
        with self._lock:
            now = time.monotonic()
            begin = max(now, self._next)
            self._next = begin + self._gap
        time.sleep(begin - now)


def _streamed(response: httpx.Response, characters: int) -> Reply:
    """Put the pieces of a streamed answer together; httpx.RemoteProtocolError, as of a broken connection, where it breaks off."""
    pieces: list[str] = []
    reason, usage, done = None, None, False
    for line in response.iter_lines():
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            done = True
        elif line.startswith("data:"):
            try:
                event = json.loads(data)
            except ValueError as error:
                raise httpx.RemoteProtocolError("an event of the stream is no JSON") from error
            usage = event.get("usage") or usage
            for choice in event.get("choices") or ():
                pieces.append((choice.get("delta") or {}).get("content") or "")
                reason = choice.get("finish_reason") or reason
    if reason is None and not done:
        raise httpx.RemoteProtocolError("the stream broke off")
    text = "".join(pieces)
    return Reply(text, reason != "length", _usage(usage, characters, text), 0.0)


def _usage(given: Any, characters: int, text: str) -> Usage:
    """Return the tokens that the server counted; where it counts none, a character is one."""
    counted = given if isinstance(given, dict) else {}
    prompt, answer = counted.get("prompt_tokens"), counted.get("completion_tokens")
    return Usage(prompt if isinstance(prompt, int) else characters, answer if isinstance(answer, int) else len(text))


def _seconds(given: str | None) -> float | None:
    """Return the seconds of a Retry-After, None where it has none."""
    try:
        return None if given is None else max(0.0, float(given))
    except ValueError:
        return None
