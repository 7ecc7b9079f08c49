"""Where turns begin: the labels at the heads of lines, and the lines that are questions without one."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import regex

from kg.expressions import compiled
from kg.extraction.segment.names import ANSWER, QUESTION, Names, names
from kg.extraction.segment.page import Page
from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon
from kg.model import Block, BlockKind, Role

_LABEL = compiled(
    r"""
    (?:[#>]+\s*|[-*•]\s+)?(?:\*\*|__)?\s*+
    (?P<number>\[\d+\]\s*|\(?(?:\d{1,3}\s?[、.)]|[一二三四五六七八九十]{1,3}[、)])\s*)?
    (?:\*\*|__)?\s*+
    (?:
        [\[【](?P<bracketed>[^:。!?;…“”\[\]【】\n]{1,30})[\]】]\s*+(?:\*\*|__)?\s*+(?P<colon>:?)
      | (?P<plain>[^:。!?;…“”「」*_\[\]\n#]{1,40}?)(?:“[^“”\n]{1,16}”(?P<alias>))?\s*+(?:\*\*|__)?\s*+(?:(?<!\d):|:(?!\d))(?!//)
      | (?P<letter>[QA])\d{0,2}\s?[.、|丨]
    )
    \s*+(?:\*\*|__)?\s*+
    """,
    regex.VERBOSE,
)
_ALONE = compiled(r"(\*\*|__)\s*(?P<name>[^*_:。!?,]{2,12}?)\s*\1")
_TIMED = compiled(r"(?P<name>[^\d\s:。,!?][^\d:。,!?\n]{0,19}?)\s*+(?P<number>\d{1,2})?+\s+[(\[]?\d{1,2}:\d\d(?::\d\d)?[)\]]?")
_BOLD_QUESTION = compiled(r"(\*\*|__)(?P<number>\s*\d{1,3}[、.]\s*)?[^*_\n]*\?[”」』\s]*\1")
_NUMBERED_QUESTION = compiled(r"\(?\d{1,3}\s?[、.)](?!\d)[^\n]*\?[”」』\s]*")
_BLANK = compiled(r"(?P<key>[^\s\d:,。!?]{1,8})[ \u3000]+(?=\S)")
_ENDED = compiled(r"[。!?…][”」』)\s]*$")
_NUMERALS = "0123456789 一二三四五六七八九十"
_MANY = 3
_INVESTOR = "投资者"  # the row of turn_labels for whoever asks on an investor platform
_SHORT = 12  # characters; a label that is neither a known word nor a name is not longer
_NEAR = 2  # blocks; how far before the first sure label a single name may stand
_FEWEST_QUESTIONS = 0.15  # of all turns


@dataclass(frozen=True, slots=True)
class Label:
    """A place where a turn begins. `key` is the known word or the name; `content` is where the words begin.

    `asker` is the known word beside a name that says the person asks (`Ann Lee,某社记者`). `timed` labels stand on a
    line of their own with the time, as speech recognition writes them (`发言人 1 00:12`); `known` ones are words of the table.
    """

    block: int
    start: int
    content: int
    key: str
    numbered: bool = False
    asker: str | None = None
    timed: bool = False
    known: bool = False


def find_labels(page: Page, lexicon: Lexicon) -> list[Label]:
    """Return the labels that make a conversation, in order; none where the text is narration."""
    words = names(lexicon)

    def is_person(key: str) -> bool:
        return words.is_person(key) and not tokenizer(lexicon).common(key)

    candidates = _with_bare_questions(list(_candidates(page.folded, page.blocks, words)), page, words)
    return (
        _consistent(candidates, page, words)
        or _bold_questions(page.folded, page.blocks)
        or _opening(candidates, page, is_person)
        or _spaced(page, words, is_person)
    )


def _candidates(folded: str, blocks: Sequence[Block], words: Names) -> Iterator[Label]:
    for index, block in enumerate(blocks):
        if block.kind in (BlockKind.FURNITURE, BlockKind.NOTE, BlockKind.TITLE):
            continue
        alone = _ALONE.fullmatch(folded, block.start, block.end)
        if alone and words.is_name(alone["name"]):
            yield Label(index, block.start, block.end, words.name(alone["name"]))
            continue
        timed = _TIMED.fullmatch(folded, block.start, block.end)
        if timed:
            name = words.name(timed["name"])
            yield Label(index, block.start, block.end, f"{name} {timed['number']}" if timed["number"] else name, timed=True)
            continue
        match = _LABEL.match(folded, block.start, block.end)
        if not match:
            continue
        raw = (match["bracketed"] or match["plain"] or match["letter"]).strip()
        if match["alias"] is not None and raw not in words.known:
            continue  # only askers go by a nickname
        bare = raw.rstrip(_NUMERALS)
        raw = bare if bare in words.known else raw
        if raw[:-1] and raw[-1] in words.known and words.known[raw[-1]].role is Role.ANSWER and words.is_name(raw[:-1]):
            raw = raw[:-1]  # a name and a word for answering
        known = words.known.get(raw)
        if known and known.role is Role.ANSWER and _attends(folded, block, match.end(), words):
            continue
        if known is None and not _may_name(raw, bool(match["bracketed"]) and not match["colon"], words):
            continue
        answerer = words.answerer.fullmatch(raw)
        if answerer and words.is_person(words.name(answerer["name"])):
            yield Label(index, block.start, match.end(), words.name(answerer["name"]), bool(match["number"]))
            continue
        asker = None if known else words.asker.search(raw)
        key = raw if known else words.name(raw)
        yield Label(index, block.start, match.end(), key, bool(match["number"]), asker and asker[0], known=known is not None)
        if known and known.role is Role.QUESTION:
            yield from _inline_answer(index, block, match.end(), folded, words)


def _attends(folded: str, block: Block, after: int, words: Names) -> bool:
    """Whether a line lists who is there (`嘉宾:某公司总裁 王小明`): a guest's own words end in a stop."""
    listed = words.attendance.match(folded, block.start, block.end) is not None
    return listed and _ENDED.search(folded, after, block.end) is None


def _may_name(raw: str, bracketed: bool, words: Names) -> bool:
    """Whether words before a colon, or in brackets, are no clause of narration and no heading of a list."""
    if raw in words.stops or words.verb_end.search(raw):
        return False
    first, comma, rest = raw.partition(",")
    if comma and not (words.is_name(first) and words.is_description(rest.strip())):
        return False
    return not bracketed or words.is_name(raw)


def _inline_answer(index: int, block: Block, after: int, folded: str, words: Names) -> Iterator[Label]:
    """Question and answer on one line: `问:… 答:…`."""
    match = words.inline_answer.search(folded, after, block.end)
    if match:
        yield Label(index, match.start(), match.end(), match["key"], known=True)


def _with_bare_questions(candidates: list[Label], page: Page, words: Names) -> list[Label]:
    """Add the numbered or bold questions without a label that stand right before a line with one."""
    labelled = {label.block for label in candidates}
    talking = {label.block for label in candidates if label.key in words.known or words.is_name(label.key)}
    bare = [
        Label(index, block.start, block.start, QUESTION, numbered=True)
        for index, block in enumerate(page.blocks)
        if index not in labelled
        and index + 1 in talking
        and block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        and any(shape.fullmatch(page.folded, block.start, block.end) for shape in (_BOLD_QUESTION, _NUMBERED_QUESTION))
    ]
    return sorted([*candidates, *bare], key=lambda label: label.start)


def _consistent(candidates: list[Label], page: Page, words: Names) -> list[Label]:
    """Keep the labels by which a conversation is known, and single names among them; none if it is no conversation.

    It is known by words such as `记者`, by names that come back, by whoever keeps asking and whoever keeps answering that.
    """
    if not candidates:
        return []
    stops = [*(label.start for label in candidates[1:]), page.blocks[-1].end]
    asking = {label.start for label, stop in zip(candidates, stops, strict=True) if _asks(label, page.folded[label.content : stop], words)}
    counts = Counter(label.key for label in candidates)
    asked = Counter(label.key for label in candidates if label.start in asking)
    named = {key for key in counts if key in words.known or words.is_name(key)}
    short = {key for key in counts if len(key) <= _SHORT}
    askers = {label.key for label in candidates if label.asker} | {key for key in short if asked[key] > 1 and asked[key] * 2 >= counts[key]}
    answers = Counter(
        after.key for before, after in itertools.pairwise(candidates) if before.start in asking and after.key in short - askers
    )
    timed = {label.key for label in candidates if label.timed}
    strong = askers | timed | {key for key in counts if key in words.known or (counts[key] > 1 and (key in named or answers[key] > 1))}
    if not any(label.key in strong for label in candidates):
        return []
    blocks = [label.block for label in candidates if label.key in strong]
    replying = {
        after.start
        for before, after in itertools.pairwise(candidates)
        if before.known
        and before.start in asking
        and after.key in short
        # who answers investors is the company, be it named but once
        and (page.folded.count(after.key) > 1 or words.known[before.key].speaker == words.known[_INVESTOR].speaker)
    }
    kept = [
        label
        for label in candidates
        if label.key in strong
        or (
            page.blocks[label.block].kind is not BlockKind.HEADING
            and blocks[0] - _NEAR <= label.block
            and (
                label.key in named or label.start in replying or (label.start in asking and label.key in short and label.block < blocks[-1])
            )
        )
    ]
    questions = sum(1 for label in kept if label.start in asking)
    talkers = {label.key for label in kept}
    conversation = questions > 0 and len(talkers) > 1 and questions >= len(kept) * _FEWEST_QUESTIONS
    assembly = sum(1 for key in talkers if key in named and counts[key] >= _MANY) > 1
    return kept if conversation or assembly or len(timed) > 1 else []


def _opening(candidates: list[Label], page: Page, is_person: Callable[[str], bool]) -> list[Label]:
    """Keep the labels of a text whose first paragraph has one, where all others do too, or where a person speaks alone."""
    paragraphs = [index for index, block in enumerate(page.blocks) if block.kind is BlockKind.PARAGRAPH]
    labels = [label for label in candidates if label.block in paragraphs and (label.known or is_person(label.key))]
    if not labels or labels[0].block != paragraphs[0]:
        return []
    alone = len({label.key for label in labels}) == 1 and not labels[0].known
    first = page.blocks[paragraphs[0]]
    told = alone and _ENDED.search(page.folded, max(first.start, first.end - 3), first.end) is not None
    return labels if told or {label.block for label in labels} == set(paragraphs) else []


def _spaced(page: Page, words: Names, is_person: Callable[[str], bool]) -> list[Label]:
    """Find labels that only a blank parts from what is said, as speech recognition writes them (`记者 会退出吗`).

    Most lines have one, and one of them is a word of the table.
    """
    labels = []
    lines = [index for index, block in enumerate(page.blocks) if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)]
    for index in lines:
        match = _BLANK.match(page.folded, page.blocks[index].start, page.blocks[index].end)
        if match and (match["key"] in words.known or is_person(match["key"])):
            labels.append(Label(index, match.start(), match.end(), match["key"], known=match["key"] in words.known))
    talks = len({label.key for label in labels}) > 1 and any(label.known for label in labels)
    return labels if talks and 2 * len(labels) > len(lines) else []


def _asks(label: Label, said: str, words: Names) -> bool:
    known = words.known.get(label.key)
    return known.role is Role.QUESTION if known else bool(label.asker) or "?" in said.rstrip()[-3:]


def _bold_questions(folded: str, blocks: Sequence[Block]) -> list[Label]:
    """An interview whose questions are bold lines and whose answers are the paragraphs below them."""
    asked = [
        index
        for index, block in enumerate(blocks)
        if block.kind is BlockKind.PARAGRAPH and _BOLD_QUESTION.fullmatch(folded, block.start, block.end)
    ]
    if len(asked) < _MANY:
        return []
    labels = []
    for index in asked:
        labels.append(Label(index, blocks[index].start, blocks[index].start, QUESTION, numbered=True))
        if index + 1 < len(blocks) and index + 1 not in asked:
            start = blocks[index + 1].start
            labels.append(Label(index + 1, start, start, ANSWER))
    return labels
