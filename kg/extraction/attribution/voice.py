"""Who speaks where no sentence says so: the signatory of a letter, the interviewee, the medium a heading names."""

import collections
from collections.abc import Sequence

from kg.extraction.attribution.frames import SPEAKERS, Scene
from kg.extraction.attribution.words import Words
from kg.model import Block, BlockKind, Document, Kind, Layout, Reference, Role, Turn

_HEAD = 400


def document_voice(document: Document, view: str, layout: Layout, words: Words) -> str | None:
    """Return who speaks throughout a letter or a speech, by its signature or title; None for any other text."""
    signed = words.patterns["signatory"].search(view, 0, _HEAD) or words.patterns["signatory"].search(view, max(0, len(view) - _HEAD))
    if signed:
        return signed["name"].strip()
    if any(turn.role is not Role.NARRATION for turn in layout.turns):
        return None
    if document.title:
        spoken = words.patterns["speech_title"].search(document.title)
        if spoken:
            return spoken["name"]
    return None


def heading_outlet(view: str, heading: Block, words: Words) -> str | None:
    """Return the medium that a heading quotes (`某某晨报:…`): what follows is its report."""
    found = words.patterns["outlet_heading"].match(view, heading.start, heading.end)
    return found["name"] if found else None


def introduced(scene: Scene, block: Block, words: Words) -> str | None:
    """Return the person whom a broadcast transcript introduces at the head of a paragraph (`某局 副处长 王小明,…`)."""
    found = words.patterns["introduced"].match(scene.text, block.start, block.end)
    if not found:
        return None
    people = [reference for reference in scene.between(*found.span("name")) if reference.kind is Kind.PERSON]
    return people[0].entity if people and people[0].mention.start == found.start("name") else None


def interviewee(layout: Layout, references: Sequence[Reference]) -> str | None:
    """Return the person that a title or heading names first, else the one named most often outside the questions."""
    people = [reference for reference in references if reference.kind is Kind.PERSON]
    if not people:
        return None
    heads = [block for block in layout.blocks if block.kind is BlockKind.TITLE]
    for person in people:
        if any(block.start <= person.mention.start < block.end for block in heads):
            return person.entity
    return collections.Counter(person.entity for person in people).most_common(1)[0][0]


def turn_speaker(turn: Turn, guest: str | None, platform: bool) -> str | None:
    """Return who answers for a turn: a question is the journalist's or the investor's, an answer its label's."""
    if turn.role is Role.QUESTION:
        return "投资者" if platform else "记者"
    return turn.speaker or ("公司" if platform else guest)


def topic(references: Sequence[Reference], layout: Layout) -> str | None:
    """Return the organisation that the title names first, else the one named most often."""
    organisations = [reference for reference in references if reference.kind in SPEAKERS - {Kind.PERSON, Kind.STATE}]
    if not organisations:
        return None
    end = max((block.end for block in layout.blocks if block.kind is BlockKind.TITLE), default=0)
    if organisations[0].mention.start < end:
        return organisations[0].entity
    return collections.Counter(reference.entity for reference in organisations).most_common(1)[0][0]


def officers(view: str, references: Sequence[Reference], words: Words) -> dict[str, str]:
    """Return the one person that each title stands right before in the text; a title of two people is left out."""
    holders: dict[str, set[str]] = collections.defaultdict(set)
    for reference in references:
        if reference.kind is Kind.PERSON:
            for found in words.people.finditer(view, max(0, reference.mention.start - 8), reference.mention.start):
                if found.end() == reference.mention.start and words.people_voices[found.group()] == "title":
                    holders[found.group()].add(reference.entity)
    return {title: names.pop() for title, names in sorted(holders.items()) if len(names) == 1}
