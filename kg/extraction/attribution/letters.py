"""Whose letter or speech a whole text is: by who signs it, whom its headline names, or who stands below the headline."""

from collections.abc import Iterator

from kg.extraction.attribution.scene import Scene
from kg.extraction.attribution.words import Words
from kg.model import Block, BlockKind, Document, Kind, Layout, Role

_EDGE = 400
_FOOT = 3  # lines: the name, the title, the place or the day
_HEAD = 4  # lines: the headline, the byline, the day
_GREETED = 2  # paragraphs among which the readers are greeted
_PERSONAL = 0.2  # the share of sentences in the first person from which a text may be one person's
_AUTHORS = 0.4  # the same from which it is its author's: a reporter says `我` too, but seldom
_SPOKEN = 0.1  # the same for a text that greets its readers or calls itself a letter or a speech


def document_voice(document: Document, scene: Scene, layout: Layout, words: Words) -> str | None:
    """Return who speaks throughout a letter or a speech; None for any other text.

    A letter or speech calls itself so in its headline or greets its readers; any text in the first person may be one. Its
    speaker is the person who signs it, whom its headline names, who stands below that or whom a host welcomes, else its
    author; of a letter without any, the organisation that signs.
    """
    view = scene.text
    signatory = words.patterns["signatory"]
    signed = signatory.search(view, 0, _EDGE) or signatory.search(view, max(0, len(view) - _EDGE))
    if signed:
        named = (one.entity for one in scene.between(*signed.span("name")) if one.kind is Kind.PERSON)
        return next(named, str(signed["name"].strip()))
    if any(turn.role is not Role.NARRATION for turn in layout.turns):
        return None
    spans = [(sentence.start, sentence.end) for sentence in layout.sentences]
    own = sum(words.patterns["first_person"].search(view, *span) is not None for span in spans)
    titles = [block for block in layout.blocks if block.kind is BlockKind.TITLE]
    letter = own > _SPOKEN * len(spans) and _is_letter(scene, layout, titles, words)
    guest = _guest(scene, layout, words)
    if not letter and not guest and own <= _PERSONAL * len(spans):
        return None
    feet = _feet(layout)
    heads = [block for block in layout.blocks if block.kind is not BlockKind.FURNITURE][:_HEAD]
    bylines = [head for head in heads if head.kind not in (BlockKind.TITLE, BlockKind.PARAGRAPH)]
    signers = _persons(scene, feet, words) if letter else iter(())
    person = next(signers, None) or next(_persons(scene, titles, words), None) or next(_named_in(scene, titles), None)
    person = person or next(_persons(scene, bylines, words), None) or guest
    author = document.author if letter or own > _AUTHORS * len(spans) else None
    return person or author or (next(_organisations(scene, [*feet, *titles]), None) if letter else None)


def _is_letter(scene: Scene, layout: Layout, titles: list[Block], words: Words) -> bool:
    """Return whether a text calls itself a letter or a speech in its headline, or greets its readers."""
    if any(words.patterns["letter_title"].search(scene.text, block.start, block.end) for block in titles):
        return True
    paragraphs = [block for block in layout.blocks if block.kind is BlockKind.PARAGRAPH][:_GREETED]
    return any(words.patterns["greeting"].match(scene.text, block.start, block.end) for block in paragraphs)


def _guest(scene: Scene, layout: Layout, words: Words) -> str | None:
    """Return the person whom a talk without labels welcomes first and who then says the name (`请到的是王小明`, `我是王小明`)."""
    paragraphs = [block for block in layout.blocks if block.kind is BlockKind.PARAGRAPH][:_GREETED]
    for block in paragraphs:
        welcome = words.patterns["welcome"].search(scene.text, block.start, block.end)
        if welcome:
            named = scene.between(welcome.end(), block.end)
            guest = next((one.entity for one in named if one.kind is Kind.PERSON), None)
            met = words.patterns["introduces_himself"].search(scene.text, block.end)
            return guest if guest and met and met["name"].startswith(guest) else None
    return None


def _feet(layout: Layout) -> list[Block]:
    """Return the lines below the last paragraph: the signature, the title, the day."""
    feet: list[Block] = []
    for block in reversed(layout.blocks[-_FOOT:]):
        if block.kind is BlockKind.PARAGRAPH:
            break
        feet.insert(0, block)
    return feet


def _persons(scene: Scene, lines: list[Block], words: Words) -> Iterator[str]:
    """Yield the names that stand by themselves in lines (`董事长 王小明`), or before what the person says or where (`王小明:`)."""
    for line in lines:
        if words.patterns["byline"].search(scene.text, line.start, line.end):
            continue
        for found in words.standing_name.finditer(scene.text, line.start, line.end):
            named = [one for one in scene.between(line.start, found.end()) if one.mention.end == found.end()]
            if not named and found.group() not in scene.others | words.common:
                yield found.group()
            yield from (one.entity for one in named if one.kind is Kind.PERSON)


def _named_in(scene: Scene, lines: list[Block]) -> Iterator[str]:
    return (one.entity for line in lines for one in scene.between(line.start, line.end) if one.kind is Kind.PERSON)


def _organisations(scene: Scene, lines: list[Block]) -> Iterator[str]:
    named = (one for line in lines for one in scene.between(line.start, line.end))
    return (one.entity for one in named if one.kind not in (Kind.PERSON, Kind.STATE))
