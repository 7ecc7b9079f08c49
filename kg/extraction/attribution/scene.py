"""What the search for sources passes around: the frames it finds, the text it reads, who was named so far."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Kind, Reference

SPEAKERS = frozenset({Kind.PERSON, Kind.COMPANY, Kind.UNIT, Kind.ORGANISATION, Kind.STATE})
TITLE = 16  # characters; the title that may part an organisation from its officer


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a text hands over to a source: the frame stands at `start`, what is said begins at `end`.

    `kind` is the verb's (a row of the table of speech verbs), `cite` after a preposition, `hearsay` for a word like
    `据悉`, `onward` for what a colon let into the next paragraph.
    """

    start: int
    end: int
    kind: str
    speaker: str | None
    hearsay: bool


@dataclass(slots=True)
class Memory:
    """Who was named so far in a section: what pronouns, `公告` and `该负责人` fall back on."""

    topic: str | None = None  # the organisation spoken of
    issuer: str | None = None  # of a notice: whose 董事会 and 发言人 speak
    person: str | None = None  # the person a sentence last began with
    named_at: int = -1
    talker: str | None = None  # the person who spoke last
    talked_at: int = -1
    speaker: str | None = None  # whoever spoke last
    spoken_at: int = -1
    announcer: str | None = None  # who put out the last notice
    outlet: str | None = None  # the medium or paper cited last


@dataclass(frozen=True, slots=True)
class Scene:
    """A folded text, the references that can speak (sorted by start), what else is no person's name, and who alone holds which title.

    `papers` are those that stand in 《》.
    """

    text: str
    references: Sequence[Reference]
    starts: Sequence[int]
    people: frozenset[str]
    others: frozenset[str]
    officers: dict[str, str]
    papers: frozenset[str]

    def between(self, start: int, end: int) -> Sequence[Reference]:
        """Return the references that lie wholly between two offsets."""
        first, last = bisect.bisect_left(self.starts, start), bisect.bisect_left(self.starts, end)
        return [reference for reference in self.references[first:last] if reference.mention.end <= end]

    def covers(self, offset: int) -> bool:
        """Return whether an organisation's name holds the character at an offset: no verb stands inside it."""
        place = bisect.bisect_right(self.starts, offset) - 1
        return place >= 0 and offset < self.references[place].mention.end and self.references[place].kind is not Kind.PERSON
