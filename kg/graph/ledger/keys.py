"""What makes two statements comparable: claims and measures by normalised keys, so that comparing is a join and never a search."""

from collections import defaultdict
from collections.abc import Iterator

import regex

from kg.folding import fold
from kg.graph.ledger.entries import Entry
from kg.lexicon import Lexicon, alternation
from kg.model import Predicate

Key = tuple[str, ...]

_BESIDE = 2  # characters that may stand beside relation and object
_MARKS = regex.compile(r"[\s\p{P}\p{S}]+")


class Keys:
    """The keys of entries; what may be left out of an object or a measure's name is in tables."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._object = _fillers(lexicon, "object_fillers")
        self._measure = _fillers(lexicon, "measure_fillers")
        self._cues: dict[str, list[str]] = defaultdict(list)
        for row in lexicon.table("predicate_cues"):
            self._cues[row["predicate"]].append(row["cue"])
        self._cue_patterns = {predicate: regex.compile(alternation(cues)) for predicate, cues in self._cues.items()}
        self._related: dict[tuple[str, str], str] = {}
        for row in lexicon.table("related_objects"):
            self._join(row["predicate"], row["object"], row["other"])

    def claim(self, entry: Entry) -> Key:
        """Return what identifies a claim: its subject, relation and object, spelled the same and without fillers."""
        return (
            _spelled(entry.subject or ""),
            entry.predicate,
            self.measure(entry.object or "") if entry.predicate is Predicate.METRIC else self.object(entry.object or ""),
        )

    def related(self, entry: Entry) -> Key | None:
        """Return what nearly equal claims have in common, None where the table of related objects knows nothing of its object."""
        main = self._related.get((entry.predicate, self.object(entry.object or "")))
        return None if main is None else (_spelled(entry.subject or ""), entry.predicate, main)

    def object(self, text: str) -> str:
        """Return an object without what leaves a claim the same: 手机业务 is 手机."""
        return _stripped(_spelled(text), self._object)

    def measure(self, text: str) -> str:
        """Return a measure's name without when and how it is given: 预计全年销量 is 销量."""
        return _stripped(_spelled(text), self._measure)

    def tells(self, text: str, entry: Entry) -> bool:
        """Say whether a clause is a word for an entry's relation and its object and hardly more: 出售华为云 tells of divests 华为云."""
        words, clause = self._cue_patterns.get(entry.predicate), _spelled(text)
        named = self.object(entry.object or "")
        cue = words.search(fold(text)) if words is not None and named in clause else None
        return len(named) > 1 and cue is not None and len(clause) <= len(named) + len(cue[0]) + _BESIDE

    def _join(self, predicate: str, one: str, other: str) -> None:
        """Put two objects into one class; the first that a class had names it."""
        first, second = self.object(one), self.object(other)
        main = self._related.get((predicate, first)) or self._related.get((predicate, second)) or first
        for key in ((predicate, first), (predicate, second)):
            former = self._related.get(key)
            if former is not None and former != main:
                self._related.update({known: main for known, value in self._related.items() if value == former and known[0] == predicate})
            self._related[key] = main


def evidence_words(quote: str) -> str:
    """Return a quote as it is compared with copies of it: no marks, no blanks, simplified, small letters.

    >>> evidence_words("青禾云，“不會” 出售！")
    '青禾云不会出售'
    """
    return _spelled(quote)


def _spelled(text: str) -> str:
    return _MARKS.sub("", fold(text).casefold())


def _fillers(lexicon: Lexicon, table: str) -> tuple["regex.Pattern[str]", "regex.Pattern[str]"]:
    words: dict[str, list[str]] = {"begin": [], "end": []}
    for row in lexicon.table(table):
        words[row["end"]].append(_spelled(row["word"]))
    return regex.compile(f"^{alternation(words['begin'])}+(?=.)"), regex.compile(f"(?<=.){alternation(words['end'])}$")


def _stripped(text: str, fillers: tuple["regex.Pattern[str]", "regex.Pattern[str]"]) -> str:
    begin, end = fillers
    return str(end.sub("", begin.sub("", text)))


def groups(entries: Iterator[tuple[Key, Entry]]) -> dict[Key, list[Entry]]:
    """Return entries by key, each group in the order they came in."""
    found: dict[Key, list[Entry]] = defaultdict(list)
    for key, entry in entries:
        found[key].append(entry)
    return found
