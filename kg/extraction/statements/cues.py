"""Cue words: what in a clause points to a relation (`打造`, `旗下`) or to a stance (`不会`, `计划`)."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import ahocorasick_rs

from kg.lexicon import Lexicon

PLAIN = "plain"  # the family of words that hold the letters of another without its sense: 不断 denies nothing


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word in the text and what it points to: names of predicates, or of stances."""

    start: int
    end: int
    word: str
    points_to: tuple[str, ...]


def family(cue: Cue) -> str:
    """Return how a cue of the stance bears on it: `negation`, `will`, `hearsay`, …"""
    return cue.points_to[0]


class CueFinder:
    """Finds the cues of one table, leftmost and longest first."""

    def __init__(self, lexicon: Lexicon, table: str, column: str) -> None:
        self._points: dict[str, tuple[str, ...]] = {}
        for row in lexicon.table(table):
            self._points[row["cue"]] = (*self._points.get(row["cue"], ()), row[column])
        self._words = list(self._points)
        self._automaton = ahocorasick_rs.AhoCorasick(self._words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def find(self, view: str) -> Iterator[Cue]:
        """Yield the cues of folded text in order; they do not overlap."""
        for number, start, end in self._automaton.find_matches_as_indexes(view):
            word = self._words[number]
            yield Cue(start, end, word, self._points[word])


@functools.cache
def predicate_cues(lexicon: Lexicon) -> CueFinder:
    """Return the finder of data/lexicon/predicate_cues.tsv."""
    return CueFinder(lexicon, "predicate_cues", "predicate")


@functools.cache
def stance_cues(lexicon: Lexicon) -> CueFinder:
    """Return the finder of data/lexicon/stance_cues.tsv."""
    return CueFinder(lexicon, "stance_cues", "stance")
