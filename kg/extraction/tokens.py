"""Words and their parts of speech: the only user of jieba."""

import functools
import logging
from dataclasses import dataclass

import jieba

from kg.lexicon import Lexicon

_PROPER = frozenset(("nr", "nrfg", "nrt", "ns", "nt", "nz"))
_RARE = 1000  # times that the dictionary's makers met a character


@dataclass(frozen=True, slots=True)
class Token:
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

    def tokenize(self, text: str, start: int = 0) -> list[Token]:
        """Return the tokens of `text`; offsets are shifted by `start`. Blank tokens are left out."""
        tokens = []
        for word in self._jieba.cut(text, HMM=True):
            end = start + len(word)
            if not word.isspace():
                tokens.append(Token(start, end, word, self._tags.get(word) or _guess(word)))
            start = end
        return tokens

    def common(self, word: str) -> bool:
        """Say whether the general dictionary has the word, and not as a person's, place's or other proper name."""
        tag = self._tags.get(word)
        return tag is not None and tag not in _PROPER


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
