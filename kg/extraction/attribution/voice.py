"""Who speaks where no sentence says so: the issuer of a notice, the interviewee, a heading's medium."""

import collections
from collections.abc import Sequence

from kg.extraction import listed
from kg.extraction.attribution.scene import SPEAKERS, Scene
from kg.extraction.attribution.words import Words
from kg.extraction.partners import beside_us
from kg.lexicon import Lexicon
from kg.model import Block, BlockKind, Kind, Layout, Reference, Role

_HEAD = 4  # lines: the headline, the source, the day
_FOOT = 3  # lines: the signature, the day, a stamp
_BEFORE_NAME = 8


def issuer(scene: Scene, layout: Layout, words: Words, about: str | None) -> str | None:
    """Return the organisation that signs a notice at its foot, that its title says issues it, that puts it out, or that it calls 公司.

    It puts it out where the text is `about` it and the source is its own channel (`来源:某某科技 新闻中心`); it is called 公司 where
    brackets say so (`以下简称“公司”`). None for any other text.
    """
    lines = [block for block in layout.blocks if block.kind is not BlockKind.FURNITURE]
    foot = words.patterns["signed_by"].search(scene.text, lines[-_FOOT:][0].start) if lines else None
    signed = [one.entity for one in scene.between(*foot.span("name")) if one.mention.end == foot.end("name")] if foot else []
    titles = [(block.start, block.end) for block in layout.blocks if block.kind is BlockKind.TITLE]
    heads = [
        (named[0], end)
        for start, end in titles
        if (named := scene.between(start, end)) and not scene.text[start : named[0].mention.start].strip("#* ")
    ]
    issued = [one.entity for one, end in heads if words.patterns["issued_by"].match(scene.text, one.mention.end, end)]
    issued += _above_a_notice(scene, lines, words)
    channel = (words.patterns["own_channel"].search(scene.text, line.start, line.end) for line in lines[:_HEAD])
    out = [one.entity for found in channel if found for one in scene.between(found.start("name"), found.end()) if one.entity == about]
    own = (
        one for one in scene.references if one.kind is Kind.COMPANY and words.patterns["self_defined"].match(scene.text, one.mention.end)
    )
    return next(iter([*signed, *issued, *out, *(one.entity for one in own)]), None)


def _above_a_notice(scene: Scene, lines: Sequence[Block], words: Words) -> list[str]:
    """Return the company whose name alone fills a line at the head of a text, a few lines above `澄清公告`."""
    for place, line in enumerate(lines[:_HEAD]):
        alone = [one for one in scene.between(line.start, line.end) if (one.mention.start, one.mention.end) == (line.start, line.end)]
        below = lines[place + 1 : place + 1 + _HEAD]
        if alone and any(words.patterns["issued_by"].match(scene.text, other.start, other.end) for other in below):
            return [alone[0].entity]
    return []


def heading_outlet(view: str, heading: Block, words: Words) -> str | None:
    """Return the medium that a heading quotes (`某某晨报:…`): what follows is its report."""
    found = words.patterns["outlet_heading"].match(view, heading.start, heading.end)
    return str(found["name"]) if found else None


def labelled(scene: Scene, block: Block) -> str | None:
    """Return the person whose name and a colon a paragraph begins with, where nobody else is known to talk (`王小明:…`)."""
    first = next(iter(scene.between(block.start, block.end)), None)
    if first is None or first.kind is not Kind.PERSON or first.mention.start != block.start:
        return None
    return first.entity if scene.text.startswith(":", first.mention.end) and first.mention.end + 1 < block.end else None


def introduced(scene: Scene, block: Block, words: Words) -> str | None:
    """Return the person whom a broadcast transcript introduces at the head of a paragraph (`某局 副处长 王小明,…`)."""
    found = words.patterns["introduced"].match(scene.text, block.start, block.end)
    if not found:
        return None
    people = [reference for reference in scene.between(*found.span("name")) if reference.kind is Kind.PERSON]
    return people[0].entity if people and people[0].mention.start == found.start("name") else None


def answering(speaker: str | None, scene: Scene, layout: Layout, words: Words) -> str | None:
    """Return who answers: for a word such as `公司` the company whose share the head names or that alone the headline names, in a single
    pair the first one named.

    One named behind a preposition only (`供货给甲公司`) is somebody that the company has to do with.
    """
    if speaker is None or words.pronoun_refers.get(speaker) != "organisation":
        return speaker
    companies = [reference for reference in scene.references if reference.kind is Kind.COMPANY]
    shares = {reference.entity for reference in companies if reference.mention.rule == listed.RULE}
    if len(shares) == 1:
        return shares.pop()
    untitled = all(block.kind is not BlockKind.TITLE for block in layout.blocks)
    if untitled and sum(turn.role is Role.QUESTION for turn in layout.turns) == 1:
        doing = (one for one in companies if not scene.text.endswith(words.prepositions, 0, one.mention.start))
        return next((one.entity for one in doing), speaker)
    named = {reference.entity for reference in _titled(companies, layout)}
    return named.pop() if len(named) == 1 else speaker


def interviewee(layout: Layout, references: Sequence[Reference]) -> str | None:
    """Return the person that the title names first, else the one named most often; None where no turn is an answer."""
    if all(turn.role is not Role.ANSWER for turn in layout.turns):
        return None
    return _first_in_title([reference for reference in references if reference.kind is Kind.PERSON], layout)


def topic(view: str, references: Sequence[Reference], layout: Layout, lexicon: Lexicon) -> str | None:
    """Return the organisation that the title names first, else the one named most often; nobody named beside 我们 or 你们."""
    others = beside_us(view, references, lexicon)
    organisations = [one for one in references if one.kind in SPEAKERS - {Kind.PERSON, Kind.STATE} and one.entity not in others]
    return _first_in_title(organisations, layout)


def officers(view: str, references: Sequence[Reference], words: Words) -> dict[str, str]:
    """Return the one person that each title stands right before in the text; a title of two people is left out."""
    holders: dict[str, set[str]] = collections.defaultdict(set)
    for reference in references:
        if reference.kind is Kind.PERSON:
            begin = reference.mention.start
            for title in words.people.finditer(view, max(0, begin - _BEFORE_NAME), begin):
                if title.end() == begin and words.people_voices[title.group()] == "title":
                    holders[title.group()].add(reference.entity)
    return {title: names.pop() for title, names in sorted(holders.items()) if len(names) == 1}


def _first_in_title(references: Sequence[Reference], layout: Layout) -> str | None:
    if not references:
        return None
    first = next(iter(_titled(references, layout)), None)
    return first.entity if first else collections.Counter(reference.entity for reference in references).most_common(1)[0][0]


def _titled(references: Sequence[Reference], layout: Layout) -> list[Reference]:
    """Return the references that stand in a title."""
    titles = [(block.start, block.end) for block in layout.blocks if block.kind is BlockKind.TITLE]
    return [one for one in references if any(start <= one.mention.start < end for start, end in titles)]
