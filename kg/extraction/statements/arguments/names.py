"""What a stretch of text is called: the entity it names, else its own words."""

from typing import NamedTuple

from kg.extraction.statements.context import ClauseContext, Context
from kg.model import Kind

_STRIP = " \t\u3000\"'“”‘’「」『』《》()[]<>、,.:;"


class Named(NamedTuple):
    """A name with its kind (None: free text) and where it stands."""

    name: str
    kind: Kind | None
    start: int
    end: int


def named(context: Context, clause: ClauseContext, start: int, end: int) -> Named:
    """Return what the stretch names: an entity where nearly all of it is a reference, else the words as they stand.

    A kind of thing behind a name (`鸿蒙操作系统`) belongs to it where the reference covers half of the stretch or more.
    """
    text = context.document.text
    while start < end and text[start] in _STRIP:
        start += 1
    while start < end and text[end - 1] in _STRIP:
        end -= 1
    inside = [r for r in clause.references if r.mention.start < end and start < r.mention.end]
    for reference in inside:
        mention = reference.mention
        if mention.start <= start and end <= mention.end and 2 * (end - start) > mention.end - mention.start:
            return Named(reference.entity, reference.kind, start, end)
        rest = text[start : mention.start] + text[mention.end : end]
        version = any(char.isascii() and char.isalnum() for char in rest)
        if len(inside) == 1 and not version and 3 * (mention.end - mention.start) >= 2 * (end - start):
            return Named(reference.entity, reference.kind, start, end)
    return Named(" ".join(text[start:end].split()), None, start, end)
