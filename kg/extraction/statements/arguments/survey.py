"""What is asked again and again about the clauses and names of one document, worked out once."""

import bisect
from collections import Counter, defaultdict
from dataclasses import dataclass

from kg.extraction.statements.arguments.facts import Facts
from kg.extraction.statements.arguments.names import Named, named
from kg.extraction.statements.arguments.phrases import phrases
from kg.extraction.statements.context import ClauseContext, Context
from kg.model import BlockKind, Kind, Reference

_LONGEST = 24
_OF = "u"
_START, _END = "<", ">"


@dataclass(frozen=True, slots=True)
class Stand:
    """How a name stands in its clause: what is left and right of it (a tag's first letter, `<`, `>`), and whether it is in the frame."""

    name: Named
    left: str
    right: str
    framed: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One clause: its names, its noun phrases (True: the full phrase with 的), the phrase it opens with, and where its words begin."""

    stands: tuple[Stand, ...]
    phrases: tuple[tuple[Named, bool], ...]
    opening: Named | None
    starts: tuple[int, ...]
    begins: str

    def words(self, start: int, end: int) -> tuple[int, int]:
        """Return the numbers of the first word of a stretch, and of the first one behind it."""
        return max(bisect.bisect_right(self.starts, start) - 1, 0), bisect.bisect_left(self.starts, end)


@dataclass(frozen=True, slots=True)
class Profile:
    """How a document speaks of one name: how often, its place among all and among those of its kind, and where it is headed."""

    count: int
    share: float
    rank: int
    rank_of_kind: int
    main: bool
    headed: bool
    titled: bool


_UNKNOWN = Profile(0, 0.0, 99, 99, main=False, headed=False, titled=False)


class Survey:
    """Sheets of the clauses and profiles of the names of one document."""

    def __init__(self, context: Context, facts: Facts) -> None:
        self._context, self._facts = context, facts
        self._sheets: dict[int, Sheet] = {}
        self._profiles = _profiles(context, facts)
        self._mentions: dict[str, list[int]] = defaultdict(list)
        for reference in context.references:
            self._mentions[reference.entity].append(reference.mention.start)
        self._blocks = Counter((clause.block, reference.entity) for clause in context.clauses for reference in clause.references)

    def sheet(self, number: int) -> Sheet:
        """Return the sheet of a clause."""
        found = self._sheets.get(number)
        if found is None:
            found = self._sheets[number] = _sheet(self._context, self._context.clauses[number])
        return found

    def profile(self, name: str) -> Profile:
        """Return how the document speaks of a name; a phrase that is no entity has an empty profile."""
        return self._profiles.get(name, _UNKNOWN)

    def since(self, name: str, start: int) -> int:
        """Return how many characters before `start` the name was last said: -1 where only afterwards, -2 where never."""
        starts = self._mentions.get(name)
        if not starts:
            return -2
        before = bisect.bisect_left(starts, start)
        return start - starts[before - 1] if before else -1

    def in_block(self, block: int, name: str) -> int:
        """Return how often a paragraph names it."""
        return self._blocks[block, name]


def side(tag: str, text: str) -> str:
    """Return the class of a neighbouring word: the first letter of its tag; `u` is kept for 的."""
    return (_OF if text == "的" else "z") if tag[0] == "u" else tag[0]


def _profiles(context: Context, facts: Facts) -> dict[str, Profile]:
    titles = [(block.start, block.end) for block in context.layout.blocks if block.kind is BlockKind.TITLE]
    titled = {r.entity for r in context.references for start, end in titles if start <= r.mention.start < end}
    total = max(1, sum(facts.counts.values()))
    kinds: Counter[Kind] = Counter()
    out = {}
    for rank, name in enumerate(sorted(facts.counts, key=lambda name: -facts.counts[name])):
        kinds[facts.kinds[name]] += 1
        count = facts.counts[name]
        out[name] = Profile(count, count / total, rank, kinds[facts.kinds[name]], name == facts.main, name in facts.headed, name in titled)
    return out


def _sheet(context: Context, clause: ClauseContext) -> Sheet:
    begin = max(clause.start, clause.attribution.content)
    ends = {token.end: side(token.tag, token.text) for token in clause.tokens}
    starts = {token.start: side(token.tag, token.text) for token in clause.tokens}

    def stand(reference: Reference) -> Stand:
        mention = reference.mention
        left = _START if mention.start == begin else ends.get(mention.start, "?")
        right = _END if mention.end == clause.end else starts.get(mention.end, "?")
        name = Named(reference.entity, reference.kind, mention.start, mention.end)
        return Stand(name, left, right, mention.end <= clause.attribution.content)

    return Sheet(
        tuple(stand(reference) for reference in clause.references),
        tuple(
            (named(context, clause, start, end), form == "full")
            for start, end, form in phrases(clause)
            if form != "wide" and start >= clause.attribution.content
        ),
        _opening(context, clause),
        tuple(token.start for token in clause.tokens),
        next((side(token.tag, token.text) for token in clause.tokens if token.start >= begin and token.tag != "x"), "-"),
    )


def _opening(context: Context, clause: ClauseContext) -> Named | None:
    """Return the noun phrase that a clause opens with: the words before its first verb, adverb or preposition."""
    start = end = None
    for token in clause.tokens:
        if token.start < clause.attribution.content:
            continue
        noun = token.tag[0] in "nmqabejls" or token.tag == "vn" or (token.tag == "uj" and start is not None)
        inside = any(r.mention.start <= token.start < r.mention.end for r in clause.references)
        if not (noun or inside):
            if start is None and token.tag[0] in "tcdx":
                continue
            break
        start = token.start if start is None else start
        if token.tag != "uj":
            end = token.end
    if start is None or end is None or not 2 <= end - start <= _LONGEST:
        return None
    return named(context, clause, start, end)
