"""Whose voice a stretch of text is: the turns of an interview, a question-and-answer page, or narration."""

import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import regex

from kg.lexicon import Lexicon, alternation
from kg.model import Block, BlockKind, Document, Role, Turn

_LABEL = regex.compile(
    r"""
    (?P<before>(?:[#>]+\s*|[-*•]\s+)?(?:\*\*|__)?\s*(?P<number>\[\d+\]\s*|\(?\d{1,3}\s?[、.)]\s*)?(?:\*\*|__)?\s*)
    (?:
        [\[【](?P<bracketed>[^:。!?;…“”\[\]【】\n]{1,30})[\]】]\s*(?:\*\*|__)?\s*:?
      | (?P<plain>[^:。!?;…“”*_\[\]\n#]{1,40}?)\s*(?:\*\*|__)?\s*:(?!//)
      | (?P<letter>[QA])\d{0,2}\s?[.、]
    )
    \s*(?:\*\*|__)?\s*
    """,
    regex.VERBOSE,
)
_NUMBERED_LETTER = regex.compile(r"([QA])\s?\d{1,3}|(问|答)\s?\d{1,3}")
_LATIN_NAME = regex.compile(r"\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){0,3}")
_TRANSCRIBED_NAME = regex.compile(r"\p{Han}{1,6}(?:[·•・]\p{Han}{1,8}){1,3}")
_QUESTION_MARK = regex.compile(r"\?[”」』*\s]*$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may begin a turn: index of its block, its label, and where the words begin."""

    block: int
    label: str
    content: int
    numbered: bool


def find_turns(document: Document, folded: str, blocks: Sequence[Block], lexicon: Lexicon) -> tuple[Turn, ...]:
    """Return the turns in order; together they cover every paragraph. Without labels there is one, narration."""
    words = _words(lexicon)
    labels = _accepted(list(_candidates(folded, blocks, words)), folded, blocks, words)
    if not labels:
        return _narration(0, len(blocks), blocks)
    roles = _roles(document, folded, blocks, labels, words)
    turns = list(_narration(0, labels[0].block, blocks))
    last_heading = _end_of_transcript(labels[-1].block, blocks)
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        stop = following.block if following else last_heading
        end = max(block.end for block in blocks[label.block : stop])
        if label.content < end:
            role, speaker = roles[label.label] if not label.numbered else _numbered(roles[label.label])
            turns.append(Turn(label.content, end, role, speaker))
    turns.extend(_narration(last_heading, len(blocks), blocks))
    return tuple(turns)


@dataclass(frozen=True, slots=True)
class _Words:
    """The tables that tell labels from other words before a colon."""

    known: Mapping[str, tuple[Role, str]]
    stops: frozenset[str]
    verbs: "regex.Pattern[str]"
    title: "regex.Pattern[str]"
    person: "regex.Pattern[str]"
    outlet: "regex.Pattern[str]"


@functools.cache
def _words(lexicon: Lexicon) -> _Words:
    surname = alternation(lexicon.words("surnames"))
    return _Words(
        known={row["label"]: (Role(row["role"]), row["speaker"]) for row in lexicon.table("turn_labels")},
        stops=frozenset(lexicon.words("label_stops")),
        verbs=regex.compile(alternation(lexicon.words("label_verbs")) + "$"),
        title=regex.compile(rf".*{alternation(lexicon.words('job_titles'))}\s*(?=\S)"),
        person=regex.compile(rf"{surname}\p{{Han}}{{1,2}}"),
        outlet=regex.compile(rf"《[^《》]+》|.*{alternation(lexicon.words('outlet_endings'))}"),
    )


def _candidates(folded: str, blocks: Sequence[Block], words: _Words) -> Iterator[_Candidate]:
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.FURNITURE or block.kind is BlockKind.NOTE:
            continue
        match = _LABEL.match(folded, block.start, block.end)
        if not match:
            continue
        label = (match["bracketed"] or match["plain"] or match["letter"]).strip()
        lettered = _NUMBERED_LETTER.fullmatch(label)
        label = (lettered[1] or lettered[2]) if lettered else label
        if label in words.stops or (label not in words.known and words.verbs.search(label)):
            continue
        yield _Candidate(index, label, match.end(), bool(match["number"]))


def _accepted(candidates: list[_Candidate], folded: str, blocks: Sequence[Block], words: _Words) -> list[_Candidate]:
    """Keep the labels that make a conversation: known words, and names used as consistently as those."""
    counts = Counter(candidate.label for candidate in candidates)
    strong = {label for label, count in counts.items() if label in words.known or (count > 1 and (_is_name(label, words) or count > 2))}
    if len(strong) < 2 and not any(label in words.known or counts[label] > 2 for label in strong):
        return []
    return [candidate for candidate in candidates if candidate.label in strong or _is_name(candidate.label, words)]


def _is_name(label: str, words: _Words) -> bool:
    if "," in label:
        label, _, rest = label.partition(",")
        if words.title.search(rest + ".") is None:
            return False
    name = _name(label, words)
    return bool(
        words.person.fullmatch(name)
        or _LATIN_NAME.fullmatch(name)
        or _TRANSCRIBED_NAME.fullmatch(name)
        or words.outlet.fullmatch(name)
        or (" " in name and words.person.fullmatch(name.split()[-1]))
    )


def _name(label: str, words: _Words) -> str:
    """Split the person's name off a label: `某公司董事长王小明` gives `王小明`."""
    label = label.partition(",")[0].strip(" *_()[]【】")
    outlet = words.outlet.match(label)
    if outlet and outlet.end() < len(label):
        rest = label[outlet.end() :].strip()
        if words.person.fullmatch(rest) or _LATIN_NAME.fullmatch(rest):
            return rest
    title = words.title.match(label)
    if title and title.end() < len(label):
        return label[title.end() :].strip()
    return label


def _roles(
    document: Document, folded: str, blocks: Sequence[Block], labels: Sequence[_Candidate], words: _Words
) -> dict[str, tuple[Role, str | None]]:
    """Tell askers from answerers: by the word itself, by an outlet or byline, else by who ends in question marks."""
    asked: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for label in labels:
        total[label.label] += 1
        asked[label.label] += label.numbered or bool(_QUESTION_MARK.search(folded[label.content : blocks[label.block].end]))
    investor = any(words.known.get(label, (Role.NARRATION, ""))[1] in {"投资者", "公司"} for label in total)
    roles: dict[str, tuple[Role, str | None]] = {}
    for label, count in total.items():
        if label in words.known:
            role, speaker = words.known[label]
            roles[label] = (role, speaker or None)
        elif asked[label] * 2 > count or words.outlet.fullmatch(label):
            roles[label] = (Role.QUESTION, "记者")
        else:
            roles[label] = (Role.ANSWER, _name(label, words))
    return roles


def _numbered(role: tuple[Role, str | None]) -> tuple[Role, str | None]:
    return role


def _narration(first: int, stop: int, blocks: Sequence[Block]) -> tuple[Turn, ...]:
    inside = blocks[first:stop]
    return (Turn(inside[0].start, inside[-1].end, Role.NARRATION),) if inside else ()


def _end_of_transcript(last_label: int, blocks: Sequence[Block]) -> int:
    """Return the block after the last answer: the next heading or note, else the end."""
    for index in range(last_label + 1, len(blocks)):
        if blocks[index].kind is not BlockKind.PARAGRAPH:
            return index
    return len(blocks)
