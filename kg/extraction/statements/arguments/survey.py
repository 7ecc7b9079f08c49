"""What is asked again and again about the clauses and names of one document, worked out once, when first asked for."""

import bisect
import functools
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.extraction.listed import codes
from kg.extraction.statements.arguments.facts import Facts, heads_item, of_reference
from kg.extraction.statements.arguments.names import Named, named
from kg.extraction.statements.arguments.phrases import phrases
from kg.extraction.statements.arguments.words import Words
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.tokens import Token
from kg.model import BlockKind, Kind, Reference, Role, Turn

DATE_ENDS = frozenset("年月日")
_LONGEST = 24
_OF = "u"
_START, _END = "<", ">"


class Stand(NamedTuple):
    """How a name stands in its clause: what is left and right of it (a tag's first letter, `<`, `>`), and whether it is in the frame."""

    name: Named
    left: str
    right: str
    framed: bool


class Phrase(NamedTuple):
    """A noun phrase of a clause: its words, its form (`run`, `full`, `wide`), and what it names."""

    start: int
    end: int
    form: str
    name: Named


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


WITH = frozenset(("与", "和", "跟", "同"))
_UNKNOWN = Profile(0, 0.0, 99, 99, main=False, headed=False, titled=False)


class Survey:
    """The clauses and names of one document."""

    def __init__(self, context: Context, facts: Facts) -> None:
        self.context, self.facts = context, facts
        self.words = Words(context)
        self.stands = functools.cache(self._stands)
        self.phrases = functools.cache(self._phrases)
        self.opening = functools.cache(self._opening)
        self._profiles = _profiles(context, facts)
        self._beside: dict[str | None, frozenset[str]] = {}
        self._names: dict[tuple[int, int], Named] = {}
        self._behind_code = dict(codes(context.view))
        self._before_code = {end: start for start, end in self._behind_code.items()}
        self._mentions: dict[str, list[int]] = defaultdict(list)
        for reference in context.references:
            self._mentions[reference.entity].append(reference.mention.start)
        self._headings = [block.start for block in context.layout.blocks if heads_item(context.view, block)]
        self._exchanges = _exchanges(context.layout.turns)
        self._blocks = Counter((clause.block, reference.entity) for clause in context.clauses for reference in clause.references)

    def named(self, clause: ClauseContext, start: int, end: int) -> Named:
        """Return what a stretch of a clause names, without the code of a share that it ends with."""
        end = self._before_code.get(end, end)
        found = self._names.get((start, end))
        if found is None:
            found = self._names[start, end] = named(self.context, clause, start, end)
        return found

    def behind_code(self, end: int) -> int:
        """Return where the code of a share ends that stands right behind a name's end, else that end."""
        return self._behind_code.get(end, end)

    def _stands(self, number: int) -> tuple[Stand, ...]:
        """Return how the names of a clause stand in it."""
        clause = self.context.clauses[number]
        if not clause.references:
            return ()
        begin = clause.begin
        ends = {token.end: token for token in clause.tokens}
        starts = {token.start: token for token in clause.tokens}

        def stand(reference: Reference) -> Stand:
            mention = reference.mention
            left = _START if mention.start == begin else side(ends.get(mention.start))
            end = self.behind_code(mention.end)
            right = _END if end == clause.end else side(starts.get(end))
            return Stand(of_reference(reference), left, right, mention.end <= clause.attribution.content)

        return tuple(stand(reference) for reference in clause.references)

    def _phrases(self, number: int) -> tuple[Phrase, ...]:
        """Return the noun phrases of a clause."""
        clause = self.context.clauses[number]
        return tuple(Phrase(start, end, form, self.named(clause, start, end)) for start, end, form in phrases(clause))

    def _opening(self, number: int) -> Named | None:
        """Return the noun phrase that a clause opens with: the words before its first verb, adverb or preposition."""
        clause = self.context.clauses[number]
        span = _opening(clause)
        return self.named(clause, *span) if span else None

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

    def in_item(self, start: int, name: str) -> bool:
        """Return whether a name stands under the heading that `start` stands under, or in that heading."""
        return self._within(self._headings, start, name)

    def in_exchange(self, start: int, name: str) -> bool:
        """Return whether a name stands in the question and the answers to it that `start` stands in."""
        return self._within(self._exchanges, start, name)

    def _within(self, parts: Sequence[int], start: int, name: str) -> bool:
        """Return whether a name stands in the same part of the document as `start`; `parts` are where parts begin."""
        place = bisect.bisect_right(parts, start)
        begin = parts[place - 1] if place else 0
        end = parts[place] if place < len(parts) else len(self.context.view)
        starts = self._mentions.get(name, [])
        first = bisect.bisect_left(starts, begin)
        return first < len(starts) and starts[first] < end

    def beside(self, speaker: str | None, pronouns: Mapping[str, str]) -> frozenset[str]:
        """Return whom somebody names behind 与 or 跟 with 我们 before it (`我们跟甲公司`), anywhere in the document."""
        if speaker not in self._beside:
            found = set()
            for clause in self.context.clauses:
                if clause.attribution.speaker == speaker and clause.references:
                    ours = min((token.start for token in clause.tokens if pronouns.get(token.text) == "we"), default=clause.end)
                    ends = {token.end for token in clause.tokens if token.text in WITH and token.start > ours}
                    found |= {one.entity for one in clause.references if one.mention.start in ends}
            self._beside[speaker] = frozenset(found)
        return self._beside[speaker]

    def in_block(self, block: int, name: str) -> int:
        """Return how often a paragraph names it."""
        return self._blocks.get((block, name), 0)


def opening_name(clause: ClauseContext) -> Reference | None:
    """Return the name that what is said begins with, None where it begins otherwise."""
    return next((reference for reference in clause.references if reference.mention.start == clause.begin), None)


def _exchanges(turns: Sequence[Turn]) -> list[int]:
    """Return where each question that follows an answer begins, and all that is neither."""
    before = [None, *(turn.role for turn in turns)]
    return [turn.start for turn, last in zip(turns, before, strict=False) if turn.role is not Role.ANSWER and turn.role is not last]


def undated(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return words without the date in digits that they begin with: 公司 of `2021年公司`."""
    first = 0
    while first + 1 < len(tokens) and tokens[first].text.isdigit() and tokens[first + 1].text in DATE_ENDS:
        first += 2
    return tokens[first:]


def first_word(tokens: Sequence[Token], pronouns: Container[str]) -> Token | None:
    """Return the first of some words, with the next one where both are one pronoun (本公司); None where there is none."""
    if len(tokens) > 1 and tokens[0].end == tokens[1].start and (both := tokens[0].text + tokens[1].text) in pronouns:
        return Token(tokens[0].start, tokens[1].end, both, tokens[0].tag)
    return next(iter(tokens), None)


def side(token: Token | None) -> str:
    """Return the class of a neighbouring word: the first letter of its tag; `u` is kept for 的; `?` where no word ends there."""
    if token is None:
        return "?"
    return token.tag[0] if token.tag[0] != _OF or token.text == "的" else "z"


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


def _opening(clause: ClauseContext) -> tuple[int, int] | None:
    """Return the stretch of the noun phrase that a clause opens with."""
    start = end = None
    for token in undated([token for token in clause.tokens if token.start >= clause.attribution.content]):
        noun = token.tag[0] in "nmqabejls" or token.tag == "vn" or (token.tag == "uj" and start is not None)
        if not (noun or any(r.mention.start <= token.start < r.mention.end for r in clause.references)):
            if start is None and token.tag[0] in "tcdx":
                continue
            break
        start = token.start if start is None else start
        if token.tag != "uj":
            end = token.end
    return (start, end) if start is not None and end is not None and 2 <= end - start <= _LONGEST else None
