"""How a server and the processes that work for it talk: a line of JSON, and as many bytes as its `size` says."""

import json
import sys
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from kg.model import Document, Extraction

DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)
EXTRACTION: TypeAdapter[Extraction] = TypeAdapter(Extraction)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read, and how far. `form` is one of kg.reading's; `known` has the fields of Metadata."""

    form: str | None
    charset: str | None
    source: str | None
    known: dict[str, Any]
    characters: int
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The head of an answer: `size` bytes follow. `fault` is one line, set where there is no answer."""

    size: int = 0
    fault: str | None = None


def send(output: BinaryIO, body: bytes = b"", fault: str | None = None) -> None:
    """Write a reply and its body."""
    output.write(json.dumps(asdict(Reply(len(body), fault))).encode() + b"\n" + body)
    output.flush()


def own_output() -> BinaryIO:
    """Return standard output for replies alone; whatever else is printed goes to standard error."""
    output, sys.stdout = sys.stdout.buffer, sys.stderr
    return output
