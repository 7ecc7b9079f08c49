"""What was sent in, and how far it has come: a job and its events, the record of every state it went through."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from kg.graph.records import Change
from kg.reading import Form, Metadata


class State(StrEnum):
    """How far a job is. The last three are where it ends."""

    QUEUED = "queued"
    READING = "reading"
    EXTRACTING = "extracting"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens, unless the same document is sent again."""
        return self in {State.DONE, State.FAILED, State.CANCELLED}


@dataclass(frozen=True, slots=True)
class Submission:
    """A document as it was sent, and what the sender says of it; None where he does not.

    `source` is where it comes from: a file's name or an address. A document without one goes by its text.
    """

    data: bytes = field(repr=False)
    form: Form | None
    charset: str | None
    source: str | None
    known: Metadata

    @property
    def key(self) -> str:
        """The job's id: the same for the same bytes with the same things said of them."""
        said = json.dumps([self.form, self.charset, self.source, asdict(self.known)], ensure_ascii=False).encode()
        return hashlib.sha256(hashlib.sha256(self.data).digest() + said).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Event:
    """A state that a job came into; `number` counts from 1."""

    number: int
    state: State
    at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a job did to the store, which then was of that generation."""

    change: Change
    document: str
    statements: int
    generation: int

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.change}: document {self.document} with {self.statements} statements"


@dataclass(slots=True, eq=False)
class Job:
    """A document on its way into the store. Belongs to the event loop; no other thread touches it."""

    id: str
    submission: Submission | None = field(default=None, repr=False)  # let go of at the end
    events: list[Event] = field(default_factory=list)
    result: Result | None = None
    task: "asyncio.Task[None] | None" = field(default=None, repr=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def state(self) -> State:
        """Where it is now."""
        return self.events[-1].state

    def begin_again(self, detail: str) -> None:
        """Wait, as if it had not been there before."""
        self.events.clear()
        self.enter(State.QUEUED, detail)

    def enter(self, state: State, detail: str) -> None:
        """Come into a state, and tell those who follow."""
        self.events.append(Event(len(self.events) + 1, state, datetime.now(UTC), detail))
        if state.ended:
            self.submission = self.task = None
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def follow(self, after: int, every: float) -> AsyncIterator[Event | None]:
        """Yield the events past a number as they come until the job has ended; None whenever so many seconds have passed without one."""
        while True:
            changed = self._changed
            while after < len(self.events):
                after += 1
                yield self.events[after - 1]
            if self.state.ended:
                return
            if changed.is_set():  # something happened while the last event was sent
                continue
            try:
                async with asyncio.timeout(every):
                    await changed.wait()
            except TimeoutError:
                yield None
