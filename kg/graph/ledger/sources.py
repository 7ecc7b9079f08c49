"""Where a claim comes from: who said it first, how many say it of their own, and through how many voices a reader hears it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
from rapidfuzz import fuzz

from kg.graph.ledger.entries import Entry
from kg.graph.ledger.keys import evidence_words
from kg.graph.ledger.links import Link
from kg.graph.records import Basis, LinkType
from kg.model import Stance

_SHINGLE = 5  # characters
_PRIME = np.uint64(4_294_967_311)  # the first above 2 ** 32, so that products stay below 2 ** 64
_FACTORS = np.array([1_103_515_245, 214_013, 1_664_525, 22_695_477, 69_069, 134_775_813, 1_140_671_485, 16_843_009], dtype=np.uint64)
_OFFSETS = np.array([12_345, 2_531_011, 1_013_904_223, 1, 5, 7, 12_820_163, 826_366_247], dtype=np.uint64)
# Copies share one of these eight least shingles in nearly all cases (min-wise hashing, Broder 1997).
_ALIKE = 90  # percent of the words that copies share
_SHORTEST = 12  # characters: shorter sentences are said alike by chance


@dataclass(frozen=True, slots=True)
class Sources:
    """Of one proposition: its earliest statement, and how many independent sources it has."""

    first: Entry
    independent: int


def hearsay_depth(entry: Entry) -> int:
    """Return how many voices stand between a reader and a claim: one for a speaker who is not the publisher, one more for passing on."""
    quoted = entry.speaker is not None and entry.publisher not in (entry.speaker, entry.voice)
    return int(quoted) + int(entry.stance is Stance.REPORTS)


def copies(entries: Sequence[Entry]) -> Iterator[Link]:
    """Link each statement to the one before it that states the same in nearly the same words, if that is in another document."""
    buckets: dict[tuple[object, ...], list[tuple[Entry, str]]] = defaultdict(list)
    for entry in entries:
        words = evidence_words(entry.quote)
        if len(words) >= _SHORTEST:
            for band, least in enumerate(_least_shingles(words)):
                buckets[entry.predicate, entry.subject, entry.object, entry.stance, entry.value, band, least].append((entry, words))
    for bucket in buckets.values():
        for (one, words), (other, others) in pairwise(bucket):
            if one.document != other.document and fuzz.ratio(words, others) >= _ALIKE:
                yield Link(LinkType.COPIES, other, one, Basis.WORDS)


def _least_shingles(words: str) -> list[int]:
    """Return of each of several orders of all shingles the least that the words have."""
    hashes = np.array([crc32(words[place : place + _SHINGLE].encode()) for place in range(len(words) - _SHINGLE + 1)], dtype=np.uint64)
    least: list[int] = ((hashes[:, None] * _FACTORS + _OFFSETS) % _PRIME).min(axis=0).tolist()
    return least


def sources(propositions: Iterable[Sequence[Entry]], copied: Sequence[Link]) -> Iterator[Sources]:
    """Yield the sources of each proposition; its entries are sorted by time. Copies, and one voice wherever quoted, count once.

    Who denies a claim is no source of it, nor is who only asks, unless there is nobody else.
    """
    original: dict[str, str] = {}
    for link in sorted(copied, key=lambda link: link.later.order):
        original[link.later.id] = original.get(link.earlier.id, link.earlier.id)
    for entries in propositions:
        voices: dict[str, str] = {}
        answerable = [entry for entry in entries if not entry.asked] or entries
        for entry in [entry for entry in answerable if entry.stance is not Stance.DENIES] or answerable:
            voice = entry.voice or entry.speaker or entry.publisher or entry.document_name
            voices.setdefault(original.get(entry.id, entry.id), voice)
        yield Sources(answerable[0], len(set(voices.values())))
