"""What the whole document tells about who is meant: whom it speaks of most, whom its headings name, whom its speakers belong to."""

import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.expressions import compiled
from kg.extraction import listed
from kg.extraction.partners import beside_us
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.context import Context
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Block, BlockKind, Kind, Reference, Role, Turn

ACTORS = frozenset((Kind.COMPANY, Kind.UNIT, Kind.ORGANISATION, Kind.STATE))
_HEADS = frozenset((BlockKind.TITLE, BlockKind.HEADING))
_BULLETS = "-*•·0123456789.、 "
_APPOSED = 14
_PARTED = (*"。;!?\n", "离职", "离开", "出身", "前", "原")  # what no employer of today has before somebody's name
_RANKED = 12
_ASKED = (ACTORS - {Kind.STATE}) | {Kind.PRODUCT}
_COINED = compiled(r"\p{Han}{3,6}")  # what a body may be called that nothing else gives away
_BRINGS = compiled("[^,。]{0,4}记者|[^,。]{0,6}(?:报道|获悉|讯$)")
# a digest: paragraphs at least, and for each heading; of them the least share that names a company, the greatest that names the same one,
# and that shares one with the next
_FEWEST_ITEMS, _ITEMS_A_HEADING, _NAMING, _OFTEN, _SHARED = 5, 4, 0.6, 0.34, 0.15
# headings of such items: how many at least, the least share that names somebody, and how many may name the same one wherever they are few
_FEWEST_HEADED, _HEADED, _TWICE = 4, 0.5, 2


@dataclass(frozen=True, slots=True)
class Facts:
    """What the document says of its entities.

    `counts` and `ranked`: how often each is named; `headed`: named in a heading; `employers`: the organisation of each person;
    `main`: the most named organisation, no partner; `titled`: the company whose share the head names, or that a title names first; `heads`,
    `questions`: the names in each, by where it stands; `openings`: the first of a paragraph; `digest`: each paragraph is an item;
    `headed_items`: what stands under each heading is one; `bringing`: who only asks or brings news wherever named; `asked_of`: of who
    answers without an employer, the company that the questions name; `partners`: who is named right beside 我们 or 你们,
    and nobody there speaks for.
    """

    counts: Mapping[str, int]
    kinds: Mapping[str, Kind]
    ranked: Sequence[str]
    headed: frozenset[str]
    employers: Mapping[str, str]
    main: str | None
    titled: str | None
    heads: Sequence[tuple[int, tuple[Named, ...]]]
    questions: Sequence[tuple[int, tuple[Named, ...]]]
    openings: Mapping[int, Named]
    digest: bool
    headed_items: bool
    bringing: frozenset[str]
    asked_of: Mapping[str, str]
    partners: frozenset[str]

    def heading(self, start: int) -> tuple[Named, ...]:
        """Return the names in the last heading before `start`."""
        return _last_before(self.heads, start)

    def question(self, start: int) -> tuple[Named, ...]:
        """Return the names in the last question before `start`."""
        return _last_before(self.questions, start)

    def entity(self, name: str, at: int) -> Named:
        """Return an entity that no word at `at` names."""
        return Named(name, self.kinds.get(name), at, at)


def of_reference(reference: Reference) -> Named:
    """Return the entity that a reference names, where it does."""
    return Named(reference.entity, reference.kind, reference.mention.start, reference.mention.end)


def gather(context: Context, lexicon: Lexicon) -> Facts:
    """Count and sort the references of a document; the papers that bring it are nobody whom it is about."""
    references = context.references
    counts = Counter(reference.entity for reference in references)
    papers = lexicon.words("outlet_endings")
    ranked = [name for name, _ in counts.most_common() if not name.endswith(papers)]
    kinds = dict.fromkeys(_speaking_bodies(context, lexicon), Kind.COMPANY)
    kinds |= {reference.entity: reference.kind for reference in references}
    starts = [reference.mention.start for reference in references]

    def inside(start: int, end: int) -> tuple[Named, ...]:
        found = references[bisect.bisect_left(starts, start) : bisect.bisect_left(starts, end)]
        return tuple({reference.entity: of_reference(reference) for reference in found}.values())

    blocks, turns = context.layout.blocks, context.layout.turns
    heads = [(block.start, inside(block.start, block.end)) for block in blocks if heads_item(context.view, block)]
    titles = [inside(block.start, block.end) for block in blocks if block.kind is BlockKind.TITLE]
    shares = [reference.entity for reference in references if reference.mention.rule == listed.RULE]
    openings: dict[int, Named] = {}
    for clause in context.clauses:
        if clause.references:
            openings.setdefault(clause.block, of_reference(clause.references[0]))
    employers = _employers(context)
    speaking = {*employers.values(), *(clause.attribution.speaker for clause in context.clauses)}
    partners = beside_us(context.view, references, lexicon) - speaking
    return Facts(
        counts,
        kinds,
        ranked[:_RANKED],
        frozenset(name.name for _, names in heads for name in names),
        employers,
        next((name for name in ranked if kinds[name] in ACTORS and name not in partners), None),
        next(iter([*shares, *(one.name for names in titles for one in names if one.kind is Kind.COMPANY)]), None),
        heads,
        [(turn.end, inside(turn.start, turn.end)) for turn in turns if turn.role is Role.QUESTION],
        openings,
        _is_digest(context),
        _is_headed_digest([{name.name for name in names} for _, names in heads]),
        frozenset(counts) - {one.entity for one in references if not _brings(context.view, one)},
        _asked_of(turns, [inside(turn.start, turn.end) for turn in turns]),
        partners,
    )


def _speaking_bodies(context: Context, lexicon: Lexicon) -> Iterator[str]:
    """Yield who speaks in narration and is named by form alone, not like a person: 食速达 of `食速达回应称,公司…`."""
    nobody = {*lexicon.words("source_people"), *lexicon.words("generic_words"), *lexicon.words("subject_pronouns")}
    surnames = lexicon.words("surnames")
    for clause in context.clauses:
        speaker = clause.attribution.speaker if clause.turn.role is Role.NARRATION else None
        if speaker and _COINED.fullmatch(speaker) and speaker not in nobody and not speaker.startswith(surnames):
            yield speaker


def _asked_of(turns: Sequence[Turn], named: Sequence[tuple[Named, ...]]) -> dict[str, str]:
    """Return for who answers the company named in most of the questions, else the thing; several are as good as none."""
    asked: dict[str, Counter[tuple[bool, str]]] = {}
    for (question, names), (answer, _) in pairwise(zip(turns, named, strict=True)):
        if question.role is Role.QUESTION and answer.role is Role.ANSWER and answer.speaker:
            of_kind = ((name.kind in ACTORS - {Kind.STATE}, name.name) for name in names if name.kind in _ASKED)
            asked.setdefault(fold(answer.speaker), Counter()).update(of_kind)
    found: dict[str, str] = {}
    for speaker, told in asked.items():
        ordered = sorted(((times, *what) for what, times in told.items()), key=lambda one: (not one[1], -one[0]))
        if ordered and (len(ordered) == 1 or ordered[0][:2] != ordered[1][:2]):
            found[speaker] = ordered[0][2]
    return found


def _brings(view: str, reference: Reference) -> bool:
    return _BRINGS.match(view, reference.mention.end) is not None


def _is_headed_digest(headed: Sequence[set[str]]) -> bool:
    """Say whether headings are those of a row of news items, by whom they name: most name somebody, and few the same ones."""
    told_of = Counter(name for names in headed for name in names)
    often = max(_TWICE, _OFTEN * len(headed))
    return len(headed) >= _FEWEST_HEADED and sum(map(bool, headed)) >= _HEADED * len(headed) and max(told_of.values()) <= often


def _is_digest(context: Context) -> bool:
    """Say whether a document is a row of news items without headings: most paragraphs name a company, hardly any the one before's."""
    kinds = Counter(block.kind for block in context.layout.blocks)
    told = all(turn.role is Role.NARRATION for turn in context.layout.turns)
    if not told or kinds[BlockKind.PARAGRAPH] < max(_FEWEST_ITEMS, _ITEMS_A_HEADING * kinds[BlockKind.HEADING]):
        return False
    named: dict[int, set[str]] = {clause.block: set() for clause in context.clauses}
    for clause in context.clauses:
        named[clause.block].update(one.entity for one in clause.references if one.kind is Kind.COMPANY)
    told_of = Counter(name for names in named.values() for name in names)
    shared = sum(not named[one].isdisjoint(named[other]) for one, other in pairwise(sorted(named)))
    count = len(named)
    return (
        sum(map(bool, named.values())) >= _NAMING * count
        and max(told_of.values(), default=0) <= _OFTEN * count
        and shared <= _SHARED * count
    )


def heads_item(view: str, block: Block) -> bool:
    """Say whether a block is a title or heading, or a paragraph that begins with its own in brackets (`- 【甲公司回应】…`)."""
    return block.kind in _HEADS or view[block.start : block.end].lstrip(_BULLETS).startswith("【")


def _last_before(items: Sequence[tuple[int, tuple[Named, ...]]], start: int) -> tuple[Named, ...]:
    place = bisect.bisect_right(items, start, key=lambda item: item[0])
    return items[place - 1][1] if place else ()


def _employers(context: Context) -> dict[str, str]:
    """Return the organisation named right before a person (`华为轮值董事长徐直军`), the most frequent one."""
    seen: Counter[tuple[str, str]] = Counter()
    last: Reference | None = None
    for reference in context.references:
        if reference.kind is Kind.PERSON and last is not None and last.kind in ACTORS:
            between = context.view[last.mention.end : reference.mention.start]
            if len(between) <= _APPOSED and not any(mark in between for mark in _PARTED):
                seen[reference.entity, last.entity] += 1
        last = reference
    employers: dict[str, str] = {}
    for (person, organisation), _ in seen.most_common():
        employers.setdefault(person, organisation)
    return employers
