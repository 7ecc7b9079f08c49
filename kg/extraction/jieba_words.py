"""What is in jieba, with words and names added, by first characters: the only user of jieba."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import log
from typing import Any

import jieba
from jieba import finalseg

_RARE = 1000  # times that the dictionary's makers met a character
_COUNT = 100  # times that a word which the dictionary lacks counts as met: more than its characters side by side, less than a usual word
_PLACES = ("B", "M", "E", "S")  # in a word: its beginning, middle and end, and a word of one character
_STEPS = tuple((one[0], one[1]) for one in ("BM", "BE", "MM", "ME", "EB", "ES", "SB", "SS"))
_NEVER = finalseg.MIN_FLOAT


def made(classes: Mapping[str, str], names: Iterable[str]) -> dict[str, Any]:
    """Return what `kg.extraction.dictionary` keeps: under "" the total of counts and the model's chances, then each character's words.

    `classes` are tags for words that may stand in the dictionary or not; names have none.
    """
    words = jieba.Tokenizer()
    words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())  # not from its own cache, which lies where anybody may write
    words.initialized = True
    tags = _tags()
    for word in classes:
        if word not in tags:
            words.add_word(word, _COUNT)
    tags |= classes
    for name in names:
        words.add_word(name)
    total = log(words.total)
    worths: dict[str, dict[str, float]] = defaultdict(dict)
    for word, count in words.FREQ.items():
        worths[word[:1]][word] = log(count) - total if count else 0.0
    tagged: dict[str, dict[str, str]] = defaultdict(dict)
    for word in words.FREQ:  # the same words, so that what is kept holds each once
        if word in tags:
            tagged[word[:1]][word] = tags[word]
    emitted = [finalseg.emit_P[place] for place in _PLACES]
    chances = tuple(finalseg.start_P[place] for place in _PLACES), tuple(finalseg.trans_P[one].get(other, _NEVER) for one, other in _STEPS)
    parts: dict[str, Any] = {"": (total, *chances)}
    for character in sorted({*worths, *tagged, *(character for places in emitted for character in places)} - {""}):
        likely = tuple(places.get(character, _NEVER) for places in emitted)
        parts[character] = (worths.get(character, {}), tagged.get(character, {}), likely)
    return parts


def _tags() -> dict[str, str]:
    """Return the tag of every word; `zg` is a ragbag of characters, whose rare ones stand in names and so are left unclassed."""
    with jieba.get_dict_file() as lines:
        fields = lines.read().decode("utf-8").split()  # of a line: the word, how often it was met, its tag
    words, counts, tags = fields[::3], fields[1::3], fields[2::3]
    found = dict(zip(words, tags, strict=True))
    rare = (word for word, count, tag in zip(words, counts, tags, strict=True) if tag == "zg" and int(count) < _RARE)
    return found | dict.fromkeys(rare, "x")
