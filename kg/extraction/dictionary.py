"""The general dictionary with the words and names of a lexicon, and the model of words that it lacks, by first characters.

A text touches a few hundred of the 13,000 first characters: each is read from the shelf when a text first has it.
"""

import functools
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from kg.expressions import compiled
from kg.lexicon import Lexicon
from kg.shelf import keep, kept

NEVER = -3.14e100  # how likely jieba's model takes for what it has not met, as a logarithm
_KIND = "words"
_WHOLE = ""  # the part that is about no character
_HAN = compiled(r"([\u4E00-\u9FD5]+)")
_OTHER = compiled(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")


class Words(NamedTuple):
    """What is known of one first character.

    `worths` tells how likely each word is, as a logarithm, 0 for what only begins one; `tags` are the words' parts of speech; `places`
    is how likely the character begins a word, stands in its middle, ends it, or is one, as logarithms.
    """

    worths: Mapping[str, float]
    tags: Mapping[str, str]
    places: tuple[float, float, float, float]


_UNKNOWN = Words({}, {}, (NEVER,) * 4)


class Dictionary(dict[str, Words]):
    """Words by their first characters."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        super().__init__()
        self._parts = parts
        self.total, self._start, self._steps = parts[_WHOLE]  # the logarithm of how often all words together were met
        self.modelled = functools.lru_cache(maxsize=1 << 14)(self._modelled)  # names come again and again

    def __missing__(self, character: str) -> Words:
        """Read what is known of a character."""
        words = Words(*self._parts[character]) if character and character in self._parts else _UNKNOWN
        self[character] = words
        return words

    def _modelled(self, characters: str) -> tuple[str, ...]:
        """Return the words that the model sees in characters of which the dictionary makes none."""
        found: list[str] = []
        for number, block in enumerate(_HAN.split(characters)):
            found.extend(self._likeliest(block) if number % 2 else filter(None, _OTHER.split(block)))
        return tuple(found)

    def _likeliest(self, block: str) -> Iterator[str]:
        """Yield the words into which characters fall most likely: jieba's own sums, in its order, and its choice where two are equal."""
        begins, middles, ends, alone = (known + place for known, place in zip(self._start, self[block[0]].places, strict=True))
        begin_middle, begin_end, middle_middle, middle_end, end_begin, end_alone, alone_begin, alone_alone = self._steps
        befores = []
        for character in block[1:]:
            begin, middle, end, one = self[character].places
            to_begin = (alone + alone_begin + begin, "S"), (ends + end_begin + begin, "E")
            to_middle = (middles + middle_middle + middle, "M"), (begins + begin_middle + middle, "B")
            to_end = (middles + middle_end + end, "M"), (begins + begin_end + end, "B")
            to_alone = (alone + alone_alone + one, "S"), (ends + end_alone + one, "E")
            (begins, b), (middles, m), (ends, e), (alone, s) = max(to_begin), max(to_middle), max(to_end), max(to_alone)
            befores.append({"B": b, "M": m, "E": e, "S": s})
        _, place = max((ends, "E"), (alone, "S"))
        places = [place]
        for before in reversed(befores):
            place = before[place]
            places.append(place)
        start, end_of = 0, 0
        for position, place in enumerate(reversed(places)):
            if place == "B":
                start = position
            elif place != "M":
                yield block[start if place == "E" else position : position + 1]
                end_of = position + 1
        if end_of < len(block):
            yield block[end_of:]


def dictionary(lexicon: Lexicon) -> Dictionary:
    """Return the dictionary for a lexicon, kept from an earlier run or made and kept.

    >>> words = dictionary(Lexicon())
    >>> words["发"].tags["发布"], "发布会" in words["发"].worths, words.modelled("岫屿")
    ('v', True, ('岫屿',))
    """
    classes = {row["word"]: row["tag"] for row in lexicon.table("word_classes")}
    names = [row["name"] for row in lexicon.table("names") if len(row["name"]) > 1 and " " not in row["name"]]
    key = sha256("\n".join((_source(), *map("\t".join, classes.items()), "", *names)).encode()).hexdigest()
    parts: Mapping[str, Any] | None = kept(_KIND, key)
    if parts is None:
        from kg.extraction.jieba_words import made  # noqa: PLC0415 - loads for a tenth of a second what is seldom needed

        parts = made(classes, names)
        keep(_KIND, key, parts)
    return Dictionary(parts)


def _source() -> str:
    """Return what tells the installed jieba and this code from others, without loading either anew."""
    found = find_spec("jieba")
    folder = Path(found.origin if found and found.origin else __file__).parent
    words, chances = (folder / "dict.txt").stat(), (folder / "finalseg" / "prob_emit.py").stat()
    code = b"".join(path.read_bytes() for path in (folder / "__init__.py", Path(__file__).with_name("jieba_words.py")))
    return f"{words.st_size} {words.st_mtime_ns} {chances.st_size} {chances.st_mtime_ns} {sha256(code).hexdigest()}"
