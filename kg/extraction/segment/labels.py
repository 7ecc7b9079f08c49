"""Where turns begin: the labels at the heads of lines, and the lines that are questions without one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from kg.extraction.segment.names import ANSWER, QUESTION, Names, names
from kg.extraction.segment.page import Page
from kg.lexicon import Lexicon
from kg.model import Block, BlockKind, Role

_LABEL = regex.compile(
    r"""
    (?:[#>]+\s*|[-*•]\s+)?(?:\*\*|__)?\s*
    (?P<number>\[\d+\]\s*|\(?\d{1,3}\s?[、.)]\s*)?
    (?:\*\*|__)?\s*
    (?:
        [\[【](?P<bracketed>[^:。!?;…“”\[\]【】\n]{1,30})[\]】]\s*(?:\*\*|__)?\s*(?P<colon>:?)
      | (?P<plain>[^:。!?;…“”「」*_\[\]\n#]{1,40}?)\s*(?:\*\*|__)?\s*(?:(?<!\d):|:(?!\d))(?!//)
      | (?P<letter>[QA])\d{0,2}\s?[.、]
    )
    \s*(?:\*\*|__)?\s*
    """,
    regex.VERBOSE,
)
_ALONE = regex.compile(r"(\*\*|__)\s*(?P<name>[^*_:。!?,]{2,12}?)\s*\1")
_BOLD_QUESTION = regex.compile(r"(\*\*|__)(?P<number>\s*\d{1,3}[、.]\s*)?[^*_\n]*\?[”」』\s]*\1")
_NUMBERED_QUESTION = regex.compile(r"\(?\d{1,3}\s?[、.)](?!\d)[^\n]*\?[”」』\s]*")
_MANY = 3


@dataclass(frozen=True, slots=True)
class Label:
    """A place where a turn begins. `key` is the known word or the name; `content` is where the words begin.

    `asker` is the known word beside a name that says the person asks (`Ann Lee,某社记者`).
    """

    block: int
    start: int
    content: int
    key: str
    numbered: bool = False
    asker: str | None = None


def find_labels(page: Page, lexicon: Lexicon) -> list[Label]:
    """Return the labels that make a conversation, in order; none where the text is narration."""
    words = names(lexicon)
    candidates = list(_candidates(page.folded, page.blocks, words))
    labels = _consistent(candidates, page, words)
    if labels:
        return _with_bare_questions(labels, page.folded, page.blocks)
    return _bold_questions(page.folded, page.blocks)


def _candidates(folded: str, blocks: Sequence[Block], words: Names) -> Iterator[Label]:
    for index, block in enumerate(blocks):
        if block.kind in (BlockKind.FURNITURE, BlockKind.NOTE, BlockKind.TITLE):
            continue
        alone = _ALONE.fullmatch(folded, block.start, block.end)
        if alone and words.is_name(alone["name"]):
            yield Label(index, block.start, block.end, words.name(alone["name"]))
            continue
        match = _LABEL.match(folded, block.start, block.end)
        if not match:
            continue
        raw = (match["bracketed"] or match["plain"] or match["letter"]).strip()
        bare = raw.rstrip("0123456789 ")
        raw = bare if bare in words.known else raw
        known = words.known.get(raw)
        if known is None and not _may_name(raw, bool(match["bracketed"]) and not match["colon"], words):
            continue
        asker = None if known else words.asker.search(raw)
        yield Label(index, block.start, match.end(), raw if known else words.name(raw), bool(match["number"]), asker and asker[0])
        if known and known.role is Role.QUESTION:
            yield from _inline_answer(index, block, match.end(), folded, words)


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
        yield Label(index, match.start(), match.end(), match["key"])


def _consistent(candidates: list[Label], page: Page, words: Names) -> list[Label]:
    """Keep known words and repeated names, then single names among them; drop all if nobody asks and fewer than two talk."""
    counts = Counter(label.key for label in candidates)
    named = {key: key in words.known or words.is_name(key) for key in counts}
    strong = {key for key, count in counts.items() if key in words.known or (count > 1 and named[key]) or count >= 2 * _MANY}
    strong_labels = [label for label in candidates if label.key in strong]
    if not strong_labels:
        return []
    first, last = strong_labels[0].block, strong_labels[-1].block
    kept = [
        label
        for label in candidates
        if label.key in strong or (named[label.key] and (label.numbered or label.asker or first - 2 <= label.block <= last + 2))
    ]
    kept = [label for label in kept if page.blocks[label.block].kind is not BlockKind.HEADING or label.key in strong]
    stops = [*(label.start for label in kept[1:]), page.blocks[-1].end]
    asked = sum(1 for label, stop in zip(kept, stops, strict=True) if _asks(label, page.folded[label.content : stop], words))
    talkers = {label.key for label in kept}
    conversation = asked > 0 and len(talkers) > 1 and len(kept) * 0.15 <= asked
    assembly = sum(1 for key in talkers if named[key] and counts[key] >= _MANY) >= 2
    return kept if conversation or assembly else []


def _asks(label: Label, said: str, words: Names) -> bool:
    known = words.known.get(label.key)
    return known.role is Role.QUESTION if known else bool(label.asker) or "?" in said.rstrip()[-3:]


def _with_bare_questions(labels: list[Label], folded: str, blocks: Sequence[Block]) -> list[Label]:
    """Add the numbered or bold questions without a label that stand right before a labelled line."""
    labelled = {label.block for label in labels}
    bare = [
        Label(index, block.start, block.start, QUESTION, numbered=True)
        for index, block in enumerate(blocks[:-1])
        if index not in labelled
        and index + 1 in labelled
        and block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        and any(shape.fullmatch(folded, block.start, block.end) for shape in (_BOLD_QUESTION, _NUMBERED_QUESTION))
    ]
    return sorted([*labels, *bare], key=lambda label: label.start)


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
