"""Words and their parts of speech: the only user of jieba."""

import functools
import logging
from collections.abc import Iterable, Iterator
from math import inf, log
from typing import NamedTuple

import jieba
import regex
from jieba import finalseg

from kg.lexicon import Lexicon

_PROPER = frozenset(("nr", "nrfg", "nrt", "ns", "nt", "nz"))
_RARE = 1000  # times that the dictionary's makers met a character
_BLOCK = regex.compile(r"([\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+)")  # what jieba cuts into words; anything else it takes by the character


class Token(NamedTuple):
    """A word and its usual part of speech in jieba's tag set (`n`, `v`, `p`, `nr`, …; `x` unknown, `m` number)."""

    start: int
    end: int
    text: str
    tag: str


class Tokenizer:
    """Cuts folded text into words with jieba's dictionary and the names of the lexicon.

    The tag is the dictionary's own for the word, so tagging costs no more than a look-up.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        self._jieba.initialize()
        self._tags = _dictionary_tags()
        for row in lexicon.table("names"):
            if len(row["name"]) > 1 and " " not in row["name"]:
                self._jieba.add_word(row["name"])
        self._counts: dict[str, int] = self._jieba.FREQ  # of words; 0 for what only begins one
        self._total = log(self._jieba.total)
        negation, preposition = (
            "".join(word for word in lexicon.words(name) if len(word) == 1) for name in ("negations", "denied_phrases")
        )
        # 未向 and 没与 are two words, whatever the model of unknown words makes of them
        self._apart = regex.compile(f"(?V1)(?<=[{negation}])(?=[{preposition}])")

    def tokenize(self, text: str, start: int = 0) -> list[Token]:
        """Return the tokens of `text`; offsets are shifted by `start`. Blank tokens are left out."""
        tokens = []
        for word in self._cut(text):
            end = start + len(word)
            if not word.isspace():
                tokens.append(Token(start, end, word, self._tags.get(word) or _guess(word)))
            start = end
        return tokens

    def _cut(self, text: str) -> Iterator[str]:
        """Yield the words that jieba's own `cut` yields, in half the time: what is not in the dictionary is left to its model."""
        for number, block in enumerate(_BLOCK.split(text)):
            if number % 2 == 0:
                yield from block
                continue
            single = ""  # characters that stand alone, one after another: perhaps a word that the dictionary lacks
            for word in self._likeliest(block):
                if len(word) == 1:
                    single += word
                    continue
                yield from self._unknown(single)
                single = ""
                yield word
            yield from self._unknown(single)

    def _likeliest(self, block: str) -> Iterator[str]:
        """Yield the words of the dictionary into which a block falls with the greatest probability."""
        counts, total, size = self._counts, self._total, len(block)
        sums, ends = [0.0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            best, chosen, end = -inf, start + 1, start + 1
            while end <= size and (count := counts.get(block[start:end])) is not None:
                if count and (worth := log(count) - total + sums[end]) >= best:
                    best, chosen = worth, end
                end += 1
            sums[start], ends[start] = (best if best > -inf else sums[start + 1] - total), chosen
        start = 0
        while start < size:
            yield block[start : ends[start]]
            start = ends[start]

    def _unknown(self, characters: str) -> Iterable[str]:
        if len(characters) < 2 or self._counts.get(characters):
            return characters
        parts = self._apart.split(characters)
        return _modelled(characters) if len(parts) == 1 else [word for part in parts for word in self._unknown(part)]

    def common(self, word: str) -> bool:
        """Say whether the general dictionary has the word, and not as a person's, place's or other proper name."""
        tag = self._tags.get(word)
        return tag is not None and tag not in _PROPER


@functools.lru_cache(maxsize=1 << 14)
def _modelled(characters: str) -> tuple[str, ...]:
    """Return the words that jieba's model of unknown words sees: names come again and again."""
    return tuple(finalseg.cut(characters))


def _guess(word: str) -> str:
    if word[0].isdigit():
        return "m"
    if word.isascii() and word.isalpha():
        return "eng"
    return "n" if word.isalnum() else "x"


@functools.cache
def _dictionary_tags() -> dict[str, str]:
    """Return the tag of every word; `zg` is a ragbag of characters, whose rare ones stand in names and so are left unclassed."""
    with jieba.get_dict_file() as lines:
        rows = (line.decode("utf-8").split() for line in lines)
        return {row[0]: "x" if row[2] == "zg" and int(row[1]) < _RARE else row[2] for row in rows if len(row) == 3}


@functools.lru_cache(maxsize=4)
def tokenizer(lexicon: Lexicon) -> Tokenizer:
    """Return the tokenizer for a lexicon, made once."""
    return Tokenizer(lexicon)
