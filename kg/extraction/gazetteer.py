"""Known names in a text: leftmost-longest, whatever their capitals, never a part of a longer Latin word.

`gazetteer` makes the one of the lexicon; mentions makes another of the names that a document introduced itself.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import ahocorasick_rs
import regex

from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon, Row
from kg.model import Kind

_WINDOW = 8  # characters of context that decide whether a short name is a word of its own


@dataclass(frozen=True, slots=True)
class Name:
    """What a form stands for: the canonical name, its kind, and (in the lexicon) the English name."""

    form: str
    kind: Kind
    canonical: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A known form in the text. Where one form has several meanings, `names` holds them all."""

    start: int
    end: int
    names: tuple[Name, ...]


class Gazetteer:
    """Finds a fixed set of forms, and passes over phrases that only look like them (`完美的` is not `美的`)."""

    def __init__(self, names: Iterable[Name], phrases: Iterable[str] = ()) -> None:
        self._names: dict[str, tuple[Name, ...]] = {}
        for name in names:
            key = name.form.lower()
            self._names[key] = (*self._names.get(key, ()), name)
        self._forms = sorted({*self._names, *(phrase.lower() for phrase in phrases)})
        self._automaton = ahocorasick_rs.AhoCorasick(self._forms, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def find(self, view: str) -> Iterator[Hit]:
        """Yield the forms in a folded text, in order, none overlapping another."""
        lowered = _lower(view)
        for index, start, end in self._automaton.find_matches_as_indexes(lowered):
            names = self._names.get(self._forms[index])
            if names and not _inside_word(lowered, start, end):
                yield Hit(start, end, names)

    def known(self, form: str) -> tuple[Name, ...]:
        """Return what a form stands for; nothing if it is unknown."""
        return self._names.get(form.lower(), ())


class Endings:
    """Finds the words that names end in; endings that follow upon each other count as one, typed by the last.

    `joins` says of two rows whether a name can go on from the one to the other; any can unless told.
    """

    def __init__(self, rows: Mapping[str, Row], joins: Callable[[Row, Row], bool] = lambda _row, _next: True) -> None:
        self.rows = rows
        self._joins = joins
        self._words = sorted(rows)
        self._automaton = ahocorasick_rs.AhoCorasick(self._words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def find(self, view: str) -> Iterator[tuple[int, int, Row]]:
        """Yield where each ending begins and ends in a folded text, and the row of its table."""
        first, last, row = -1, -1, None
        for index, start, end in self._automaton.find_matches_as_indexes(view):
            if _cut_off(view, end):
                continue
            found = self.rows[self._words[index]]
            if row is None or start != last or not self._joins(row, found):
                if row is not None:
                    yield first, last, row
                first = start
            last, row = end, found
        if row is not None:
            yield first, last, row


def _lower(view: str) -> str:
    lowered = view.lower()
    return lowered if len(lowered) == len(view) else view.translate(_ASCII_LOWER)


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def _inside_word(view: str, start: int, end: int) -> bool:
    """Say whether a match cuts through a Latin word or a number (`AI` in `AIR`, `618` in `6180`)."""
    return (_latin(view[start]) and start > 0 and _latin(view[start - 1])) or _cut_off(view, end)


def _cut_off(view: str, end: int) -> bool:
    return _latin(view[end - 1]) and end < len(view) and _latin(view[end])


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


_SCRIPTS_MEET = regex.compile(r"(?<=\p{Han})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=\p{Han})")


@functools.lru_cache(maxsize=4)
def gazetteer(lexicon: Lexicon) -> Gazetteer:
    """Return the gazetteer of the lexicon's names, made once.

    >>> [hit.names[0].canonical for hit in gazetteer(Lexicon()).find("开源鸿蒙和完美的HarmonyOS")]
    ['OpenHarmony', '鸿蒙']
    """
    names = [Name(row["name"], Kind(row["kind"]), row["canonical"]) for row in lexicon.table("names")]
    spaced = [replace(name, form=form) for name in names if (form := _SCRIPTS_MEET.sub(" ", name.form)) != name.form]
    return Gazetteer((*names, *spaced), lexicon.words("lookalikes"))


def stands_alone(view: str, hit: Hit, lexicon: Lexicon) -> bool:
    """Say whether the segmenter leaves a hit whole, and does not join it to its neighbours (`中信` in `其中信息`)."""
    left = max(_edge(view, hit.start, -1), hit.start - _WINDOW)
    right = min(_edge(view, hit.end, 1), hit.end + _WINDOW)
    edges = {left, right}
    for token in tokenizer(lexicon).tokenize(view[left:right], left):
        edges.update((token.start, token.end))
    return hit.start in edges and hit.end in edges


_BREAK = regex.compile(r"[^\p{Han}]")


def _edge(view: str, position: int, step: int) -> int:
    """Return where the run of Han characters around `position` ends, looking left (-1) or right (1) over the window."""
    if step > 0:
        found = _BREAK.search(view, position, position + _WINDOW)
        return found.start() if found else min(len(view), position + _WINDOW)
    before = view[max(0, position - _WINDOW) : position]
    breaks = [match.end() for match in _BREAK.finditer(before)]
    return position - len(before) + (breaks[-1] if breaks else 0)
