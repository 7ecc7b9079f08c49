"""What a model wrote, as the records it holds: also where it wrote around them, or was cut off among them."""

import json
import re
from dataclasses import dataclass
from typing import Any

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_LIST = re.compile(r'"statements"\s*:\s*\[|\A\s*(?:```\w*\s*)?\[')
_FILLED = re.compile(r"[^\s,]")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of an answer, each whatever JSON it is; `whole` is false where the answer is not the JSON that was asked for."""

    records: tuple[Any, ...]
    whole: bool


def parse(text: str) -> Answer:
    """Return the records of an answer.

    >>> parse('```json\\n{"statements": [{"quote": "a"}]}\\n```')
    Answer(records=({'quote': 'a'},), whole=True)
    >>> parse('{"statements": [{"quote": "a"}, {"quo')
    Answer(records=({'quote': 'a'},), whole=False)
    >>> parse("I am sorry.")
    Answer(records=(), whole=False)
    """
    text = _THOUGHT.sub("", text)
    begin = _LIST.search(text)
    if begin is None:
        return Answer((), False)
    records: list[Any] = []
    place = _next(text, begin.end())
    while place < len(text) and text[place] != "]":
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            return Answer(tuple(records), False)
        records.append(value)
        place = _next(text, place)
    return Answer(tuple(records), place < len(text))


def _next(text: str, place: int) -> int:
    """Return where the next value of a list, or its end, stands."""
    found = _FILLED.search(text, place)
    return len(text) if found is None else found.start()
