"""Words and their parts of speech."""

import functools
from collections.abc import Iterable, Iterator
from math import inf
from typing import NamedTuple

import regex

from kg.extraction.dictionary import dictionary
from kg.lexicon import Lexicon

_PROPER = frozenset(("nr", "nrfg", "nrt", "ns", "nt", "nz"))
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
        self._words = dictionary(lexicon)
        negation, preposition = (
            "".join(word for word in lexicon.words(name) if len(word) == 1) for name in ("negations", "denied_phrases")
        )
        # whatever the model of unknown words makes of them: 未向 and 没与 are two words, and so are 这是, 还会 and 签了
        self._apart = regex.compile(f"(?V1)(?<=[{negation}])(?=[{preposition}])")
        self._particle = regex.compile(f"([{''.join(_particles(lexicon))}])")

    def tokenize(self, text: str, start: int = 0) -> list[Token]:
        """Return the tokens of `text`; offsets are shifted by `start`. Blank tokens are left out."""
        tokens = []
        for word in self._cut(text):
            end = start + len(word)
            if not word.isspace():
                tokens.append(Token(start, end, word, self._words[word[0]].tags.get(word) or self._guess(word)))
            start = end
        return tokens

    def _cut(self, text: str) -> list[str]:
        """Return the words that jieba's own `cut` yields, in half the time: what is not in the dictionary is left to its model."""
        words: list[str] = []
        for number, block in enumerate(_BLOCK.split(text)):
            if number % 2 == 0:
                words += block
                continue
            start = single = 0  # where characters begin that stand alone, one after another: perhaps a word that the dictionary lacks
            for end in self._likeliest(block):
                if end - start > 1:
                    words += self._unknown(block[single:start])
                    words.append(block[start:end])
                    single = end
                start = end
            words += self._unknown(block[single:])
        return words

    def _likeliest(self, block: str) -> Iterator[int]:
        """Yield where the words of the dictionary end into which a block falls with the greatest probability."""
        words, total, size = self._words, self._words.total, len(block)
        sums, ends = [0.0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            best, chosen = -inf, start + 1
            worth_of = words[block[start]].worths.get
            for end in range(start + 1, size + 1):
                worth = worth_of(block[start:end])
                if worth is None:
                    break
                if worth and worth + sums[end] >= best:
                    best, chosen = worth + sums[end], end
            sums[start], ends[start] = (best if best > -inf else sums[start + 1] - total), chosen
        end = 0
        while end < size:
            end = ends[end]
            yield end

    def _unknown(self, characters: str) -> Iterable[str]:
        if len(characters) < 2 or self._words[characters[0]].worths.get(characters):
            return characters
        parts = self._apart.split(characters)
        if len(parts) > 1:
            return [word for part in parts for word in self._unknown(part)]
        return [part for word in self._words.modelled(characters) for part in self._parted(word)]

    def _parted(self, word: str) -> Iterable[str]:
        """Return the words that a made-up one falls into where characters of grammar stand in it."""
        if len(word) == 1 or not self._particle.search(word):
            return (word,)
        return [part for part in self._particle.split(word) if part]

    def _guess(self, word: str) -> str:
        """Return the tag of a word that no dictionary has: two verbs are one, other words are nouns."""
        if word[0].isdigit():
            return "m"
        if word.isascii() and word.isalpha():
            return "eng"
        if len(word) == 2 and all(self._words[character].tags.get(character) == "v" for character in word):
            return "v"
        return "n" if word.isalnum() else "x"

    def common(self, word: str) -> bool:
        """Say whether the general dictionary has the word, and not as a person's, place's or other proper name."""
        tag = self._words[word[:1]].tags.get(word)
        return tag is not None and tag not in _PROPER


def _particles(lexicon: Lexicon) -> list[str]:
    """Return the characters of grammar that are words of their own wherever no dictionary knows better."""
    return sorted({row["character"] for row in lexicon.table("function_characters") if row["place"] in ("never", "alone")})


@functools.lru_cache(maxsize=4)
def tokenizer(lexicon: Lexicon) -> Tokenizer:
    """Return the tokenizer for a lexicon, made once."""
    return Tokenizer(lexicon)
