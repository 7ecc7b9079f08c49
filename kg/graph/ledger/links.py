"""Typed links between statements. Each rule has one opinion, joins by a key, and goes along a sorted group: never all pairs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, pairwise

import regex

from kg.folding import fold
from kg.graph.ledger.entries import Entry
from kg.graph.ledger.keys import Key, Keys, evidence_words, groups
from kg.graph.ledger.measures import UNMOVED, alike
from kg.graph.records import Basis, LinkType
from kg.lexicon import Lexicon, alternation
from kg.model import Predicate, Stance

_DAYS = 366  # after so many days nobody answers a rumour any more
_AFFIRMED = frozenset({Stance.ASSERTS, Stance.PLANS})
_SURE = 0.45  # who is said to contradict itself, or others, must have been read as saying so with some confidence
_PASSING = frozenset({Predicate.METRIC, Predicate.HOLDS_ROLE})  # what was so and is so no more is no change of mind


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `quantifier` is the word by which a denial covers all, where one does."""

    type: LinkType
    later: Entry
    earlier: Entry
    basis: Basis
    quantifier: str | None = None


class Links:
    """Finds the links of statements that are sorted by time: of one claim, or of one document."""

    def __init__(self, lexicon: Lexicon, keys: Keys) -> None:
        self._keys = keys
        kinds: dict[str, list[str]] = defaultdict(list)
        for row in lexicon.table("blanket_words"):
            kinds[row["kind"]].append(row["word"])
        self._all, self._talk = regex.compile(alternation(kinds["all"])), regex.compile(alternation(kinds["talk"]))

    def of_claim(self, claim: Key, entries: Sequence[Entry]) -> list[Link]:
        """Return the links between statements of one claim, each pair and type once."""
        return _once(self._within_claim(claim, entries))

    def of_document(self, entries: Sequence[Entry]) -> list[Link]:
        """Return the links between statements of one document that make different claims, each pair and type once."""
        return _once(chain(self._told(entries), self._covered(entries)))

    def _within_claim(self, claim: Key, entries: Sequence[Entry]) -> Iterator[Link]:
        group = [entry for entry in entries if entry.subject or entry.object]
        if len(group) < 2:
            return
        entire = self._entire(claim)
        yield from _denied_rumours(group, entire)
        yield from _confirmed(group)
        if group[0].predicate not in _PASSING and entire:
            sure = [entry for entry in group if entry.confidence >= _SURE]
            yield from _reversed(sure)
            yield from _opposed(sure)
        yield from _restated(group)
        for figures in groups(((entry.unit or "",), entry) for entry in group if _measures(entry)).values():
            if len(figures) > 1:
                yield from _updated(figures)
                yield from _conflicting(figures)

    @staticmethod
    def _entire(key: Key) -> bool:
        """Say whether a claim has both ends, so that two who make it speak of one thing; to list needs no place."""
        subject, predicate, obj = key
        return bool(subject) and (bool(obj) or predicate == Predicate.LISTS)

    def _told(self, entries: Sequence[Entry]) -> Iterator[Link]:
        """Link a denial of a clause (…的说法不实) to the rumour of the same document that the clause tells."""
        rumours = groups(((one.document, one.subject or ""), one) for one in entries if one.stance is Stance.REPORTS)
        for denial in entries:
            if denial.stance is Stance.DENIES and denial.predicate is Predicate.PROPOSITION and denial.object:
                for rumour in _nearest(rumours.get((denial.document, denial.subject or ""), ()), denial):
                    if (
                        _answers(denial, rumour)
                        and (denial.voice is None or denial.voice != rumour.voice)
                        and self._keys.tells(denial.object, rumour)
                    ):
                        yield Link(LinkType.DENIES_RUMOUR, denial, rumour, Basis.TOLD)

    def _covered(self, entries: Sequence[Entry]) -> Iterator[Link]:
        """Link a denial of all that is said about something to the rumours about it in the same document, as covered."""
        rumours: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for one in entries:
            if one.stance is Stance.REPORTS:
                for end in {one.subject, one.object} - {None}:
                    rumours[one.document][str(end)].append(one)
        for denial in entries:
            told = rumours.get(denial.document)
            if told is None or denial.stance is not Stance.DENIES or denial.predicate is not Predicate.PROPOSITION:
                continue
            quantifier, talk = self._all.search(fold(denial.quote)), self._talk.search(fold(denial.object or ""))
            if quantifier is None or talk is None:
                continue
            for name in sorted(name for name in told if name == denial.subject or name in (denial.object or "")):
                for rumour in told[name]:
                    if _answers(denial, rumour):
                        yield Link(LinkType.DENIES_RUMOUR, denial, rumour, Basis.COVERED, quantifier[0])


def _once(links: Iterable[Link]) -> list[Link]:
    """Return links without those of the same pair and type as one before, and without any from a statement to itself."""
    found: dict[tuple[LinkType, str, str], Link] = {}
    for link in links:
        if link.later.id != link.earlier.id:
            found.setdefault((link.type, link.later.id, link.earlier.id), link)
    return [*found.values()]


def _measures(entry: Entry) -> bool:
    """Say whether a statement gives a figure of a measure that is to be compared with others."""
    return (
        entry.confidence >= _SURE
        and entry.predicate is Predicate.METRIC
        and entry.stance is Stance.ASSERTS
        and entry.amount is not None
        and bool(entry.subject)
    )


def _denied_rumours(group: Sequence[Entry], entire: bool) -> Iterator[Link]:
    """Link each denial to the rumour before it, and each rumour to the denial after it."""
    rumour: Entry | None = None
    open_rumours: list[Entry] = []
    for entry in _told_before_denied(group):
        if entry.stance is Stance.REPORTS:
            rumour = entry
            open_rumours.append(entry)
        elif entry.stance is Stance.DENIES:
            for one in [*open_rumours, *([rumour] if rumour is not None and rumour not in open_rumours else [])]:
                if _answers(entry, one) and (entire or entry.document == one.document):
                    yield Link(LinkType.DENIES_RUMOUR, entry, one, Basis.CLAIM)
            open_rumours.clear()


def _told_before_denied(group: Sequence[Entry]) -> list[Entry]:
    """Return a group with what one sentence both tells and denies in that order."""
    return sorted(group, key=lambda entry: (entry.order[:2], entry.start, entry.stance is not Stance.REPORTS, entry.id))


def _answers(denial: Entry, rumour: Entry) -> bool:
    """Say whether a denial can be one of that rumour: of a premise in the exchange, of a rumour in time, and not of one's own words."""
    if rumour.exchange is not None:
        return denial.exchange == rumour.exchange and not denial.asked
    if denial.document == rumour.document:
        return not denial.asked
    own = denial.voice is not None and denial.voice == rumour.voice
    return not own and rumour.predicate is not Predicate.METRIC and _within(rumour, denial, _DAYS)


def _within(earlier: Entry, later: Entry, days: int) -> bool:
    if earlier.said is None or later.said is None:
        return False
    gap = date.fromisoformat(later.said[1]) - date.fromisoformat(earlier.said[0])
    return timedelta(0) <= gap <= timedelta(days)


def _concerned(entry: Entry) -> bool:
    """Say whether a party to a claim makes it."""
    return entry.voice is not None and entry.voice in (entry.subject, entry.object)


def _confirmed(group: Sequence[Entry]) -> Iterator[Link]:
    """Link what a party to a claim asserts or plans to the rumour of it that came before."""
    rumour: Entry | None = None
    for entry in group:
        if entry.stance is Stance.REPORTS:
            rumour = rumour if rumour is not None and rumour.document == entry.document and not rumour.asked else entry
        elif entry.stance in _AFFIRMED and rumour is not None and _concerned(entry) and not entry.asked:
            if rumour.exchange is not None:
                fits = rumour.exchange == entry.exchange
            else:
                fits = rumour.voice != entry.voice and (rumour.document == entry.document or _within(rumour, entry, _DAYS))
            if fits and entry.predicate is not Predicate.METRIC:
                yield Link(LinkType.CONFIRMS, entry, rumour, Basis.CLAIM)
                rumour = None


def _reversed(group: Sequence[Entry]) -> Iterator[Link]:
    """Link what a party says of its own doing to the last that it said before, on an earlier day, where it was the opposite."""
    last: dict[str, Entry] = {}
    for entry in group:
        if entry.voice is None or entry.subject not in (entry.voice, entry.speaker) or entry.asked or entry.said is None:
            continue
        if entry.stance not in _AFFIRMED and entry.stance is not Stance.DENIES:
            continue
        before = last.get(entry.voice)
        if before is not None and before.said is not None and before.said[1] < entry.said[0] and _opposite(before, entry):
            yield Link(LinkType.REVERSES, entry, before, Basis.CLAIM)
        last[entry.voice] = entry


def _opposite(one: Entry, other: Entry) -> bool:
    return (one.stance is Stance.DENIES) != (other.stance is Stance.DENIES)


def _opposed(group: Sequence[Entry]) -> Iterator[Link]:
    """Link what one party asserts and another denies, the last of each before it, within a year."""
    asserted: Entry | None = None
    denied: Entry | None = None
    for entry in group:
        if entry.voice is None or entry.asked or entry.stance not in (Stance.ASSERTS, Stance.DENIES):
            continue
        other = denied if entry.stance is Stance.ASSERTS else asserted
        if other is not None and other.voice != entry.voice and _within(other, entry, _DAYS):
            yield Link(LinkType.CONFLICTS, entry, other, Basis.CLAIM)
        if entry.stance is Stance.ASSERTS:
            asserted = entry
        else:
            denied = entry


def _restated(group: Iterable[Entry]) -> Iterator[Link]:
    """Link each statement to the one before it in which the same party says the same."""
    last: dict[tuple[str | None, ...], Entry] = {}
    for entry in group:
        if entry.voice is None or entry.stance is Stance.REPORTS or entry.asked:
            continue
        value = str(entry.amount) if entry.amount is not None else entry.value
        key = (entry.voice, entry.stance, value, entry.unit, str(entry.when), entry.due)
        if key in last:
            yield Link(LinkType.RESTATES, entry, last[key], Basis.CLAIM)
        last[key] = entry


def _updated(group: Sequence[Entry]) -> Iterator[Link]:
    """Link each value of a measure to the value of the time before."""
    dated = [(time, entry) for entry in group if (time := entry.when or entry.said) is not None]
    dated.sort(key=lambda pair: (pair[0], pair[1].order))
    for (_, one), (_, other) in pairwise(dated):
        assert one.amount is not None and other.amount is not None
        if (one.when is None) == (other.when is None) and _time(one)[1] < _time(other)[0] and not alike(one.amount, other.amount, UNMOVED):
            yield Link(LinkType.UPDATES, other, one, Basis.MEASURE)


def _time(entry: Entry) -> tuple[str, str]:
    time = entry.when or entry.said
    assert time is not None
    return time


def _conflicting(group: Sequence[Entry]) -> Iterator[Link]:
    """Link values of one measure for the same time that are more than a rounding apart, each to the nearest by size from elsewhere."""
    times = groups(((str(entry.when),), entry) for entry in group if entry.when is not None)
    for alongside in times.values():
        ranked = sorted(alongside, key=lambda entry: (entry.amount, entry.order))
        for one, other in pairwise(ranked):
            assert one.amount is not None and other.amount is not None
            two_voices = one.voice is not None and other.voice is not None and one.voice != other.voice
            elsewhere = (one.document != other.document or two_voices) and evidence_words(one.quote) != evidence_words(other.quote)
            if elsewhere and not alike(one.amount, other.amount):
                yield Link(LinkType.CONFLICTS, *((other, one) if one.order < other.order else (one, other)), Basis.MEASURE)


def _nearest(rumours: Sequence[Entry], denial: Entry, most: int = 8) -> Sequence[Entry]:
    """Return the rumours of a document that stand last before the end of a denial, so that a long document costs no square."""
    before = [rumour for rumour in rumours if rumour.start <= denial.start + len(denial.quote)]
    return before[-most:]
