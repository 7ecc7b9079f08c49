"""What server and query worker say to each other: a job is a line of JSON, an answer a head, pieces, and an end.

An answer comes as frames, each a letter, four bytes of length and so many bytes: one head `H` (`Head`), any number of pieces of the
body `P`, and an end `E` (`End`).
"""

import json
from dataclasses import dataclass
from struct import Struct
from typing import Any

FRAME = Struct(">cI")  # the kind of a frame, and how many bytes follow
HEAD, PIECE, END = b"H", b"P", b"E"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that the protocol names for a query, by IRI; where it names none, the query's own or the whole store."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A query that `read_query` let through, the directory to ask, the media type to answer in, and how far it may go.

    A `rehearsal` is an update that is carried out in a directory of its own, to see whether it comes to an end in time.
    """

    store: str
    generation: int  # a store that was opened for a lower one is opened again
    text: str
    base: str  # what relative IRIs of the query begin with
    media: str
    dataset: Dataset
    seconds: float
    rows: int
    size: int  # bytes
    rehearsal: bool = False

    def encoded(self) -> bytes:
        """Return the job as a line."""
        fields = {name: getattr(self, name) for name in self.__slots__} | {"dataset": (self.dataset.default, self.dataset.named)}
        return json.dumps(fields).encode() + b"\n"

    @classmethod
    def decoded(cls, line: bytes) -> "Job":
        """Return the job that a line holds."""
        fields: dict[str, Any] = json.loads(line)
        return cls(**fields | {"dataset": Dataset(*map(tuple, fields["dataset"]))})


@dataclass(frozen=True, slots=True)
class Head:
    """How an answer begins: `fault` in one line where there is none, else why it was cut and its size in bytes, if known already."""

    fault: str | None = None
    truncated: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class End:
    """How an answer ends: `fault` where it broke off in the middle, `truncated` where items were left out."""

    fault: str | None = None
    truncated: str | None = None


def frame(kind: bytes, data: bytes | bytearray | Head | End) -> bytes:
    """Return a frame."""
    body = json.dumps({name: getattr(data, name) for name in data.__slots__}).encode() if isinstance(data, Head | End) else bytes(data)
    return FRAME.pack(kind, len(body)) + body
