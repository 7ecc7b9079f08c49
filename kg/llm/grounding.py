"""Whether what a model wrote stands in the text: by its letters alone, since models write blanks and widths as they like."""

import unicodedata
from collections.abc import Container
from dataclasses import dataclass

_INVISIBLE = frozenset(["Cc", "Cf", "Zs", "Zl", "Zp"])


@dataclass(frozen=True, slots=True)
class Letters:
    """A text without blanks and with half-width forms, and where each of its letters stands in the text itself."""

    text: str
    places: tuple[int, ...]

    def find(self, words: str, after: int = 0) -> tuple[int, int] | None:
        """Return where words stand in the text itself, the first time that they end behind `after`; None where they do not.

        >>> letters("共 ２０ 家，\\n都在成都").find("20家,都在")
        (2, 10)
        """
        wanted = letters(words).text
        begin = self.text.find(wanted) if wanted else -1
        while begin >= 0:
            end = self.places[begin + len(wanted) - 1] + 1
            if end > after:
                return self.places[begin], end
            begin = self.text.find(wanted, begin + 1)
        return None


def letters(text: str) -> Letters:
    """Return a text as its letters: every character that takes no ink is left out, and none is changed but in its width.

    >>> letters("Ｍａｔｅ Book，").text
    'MateBook,'
    """
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if unicodedata.category(character) in _INVISIBLE:
            continue
        half = unicodedata.normalize("NFKC", character)
        kept.append(half if len(half) == 1 else character)
        places.append(place)
    return Letters("".join(kept), tuple(places))


def key(name: str) -> str:
    """Return what two ways to write a name have in common.

    >>> key("Harmony OS") == key("ＨarmonyOS")
    True
    """
    return letters(name).text.casefold()


def composed(words: str, text: str, extra: Container[str] = ()) -> bool:
    """Say whether some words are pieces of a text put together, each of two letters at least, or of the `extra` words.

    `text` is a `key`, and so are the extra words.

    >>> composed("安屿科技的云业务", key("安屿科技表示，公司的云业务继续经营")), composed("安屿科技的车", key("安屿科技表示"))
    (True, False)
    """
    wanted = key(words)
    ends = {0}  # where a piece may begin
    for end in range(1, len(wanted) + 1):
        pieces = (wanted[begin:end] for begin in sorted(ends))
        if any(piece in extra or (len(piece) > 1 and piece in text) for piece in pieces):
            ends.add(end)
    return bool(wanted) and len(wanted) in ends


def in_order(words: str, text: str) -> bool:
    """Say whether all letters of some words stand in a text in their order, others between them (收入下降 in 收入同比下降4%)."""
    rest = iter(key(text))
    wanted = key(words)
    return bool(wanted) and all(letter in rest for letter in wanted)
