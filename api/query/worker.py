"""A process that answers queries one after another, so that a query can be ended by ending the process.

`python -m api.query.worker STORE MEMORY` reads jobs from standard input, a line of JSON each (`Job`), and writes to standard output,
for each, a line of JSON (`Answer`) and `size` bytes. It opens the store for reading only, and limits its own memory and processor time,
so that it ends even where nobody is left to end it.
"""

import io
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import pyoxigraph as ox

from api.query.results import SYNTAXES, WRITERS, rows, write_boolean, write_graph
from kg.errors import KgError
from kg.graph.store import Store
from kg.graph.vocabulary import PREFIXES

_PROCESSOR_GRACE = 2  # seconds of processor time past the deadline

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that the protocol names for a query, by IRI; where it names none, the query's own or the whole store."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A query that `read_query` let through, the directory to ask, the media type to answer in, and how far it may go."""

    store: str
    text: str
    media: str
    dataset: Dataset
    seconds: float
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer: `size` bytes of body follow. `fault` is set where the query cannot be answered, one line."""

    size: int = 0
    truncated: bool = False
    fault: str | None = None


class Body(io.BytesIO):
    """The bytes of an answer, and how many rows or triples more it may take."""

    def __init__(self, row_limit: int, byte_limit: int) -> None:
        super().__init__()
        self._rows = row_limit
        self._bytes = byte_limit
        self.truncated = False

    def admit(self, items: Iterable[Item]) -> Iterator[Item]:
        """Pass items on until the limit of rows or bytes is met; the last may reach past the limit of bytes, so that it is whole."""
        for number, item in enumerate(items):
            if number == self._rows or self.tell() >= self._bytes:
                self.truncated = True
                return
            yield item


def respond(store: Store, job: Job) -> tuple[Answer, bytes]:
    """Return the answer to a job and its body."""
    body = Body(job.rows, job.bytes)
    try:
        found = _found(store.graph, job)
        if isinstance(found, ox.QueryBoolean):
            body.write(write_boolean(bool(found), job.media).encode())
        elif isinstance(found, ox.QueryTriples):
            write_graph(body.admit(found), SYNTAXES[job.media], body)
        else:
            names = tuple(variable.value for variable in found.variables)
            for piece in WRITERS[job.media](names, body.admit(rows(found))):
                body.write(piece.encode())
    except SyntaxError as error:
        return Answer(fault=f"the query is not SPARQL 1.1: {_one_line(error)}; correct it at that place"), b""
    except (RuntimeError, ValueError, OSError) as error:
        return Answer(fault=f"the query cannot be evaluated: {_one_line(error)}; correct it"), b""
    return Answer(body.tell(), body.truncated), body.getvalue()


def _found(graph: ox.Store, job: Job) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    default, named = ([ox.NamedNode(iri) for iri in iris] for iris in (job.dataset.default, job.dataset.named))
    if not default and not named:
        return graph.query(job.text, prefixes=PREFIXES)
    return graph.query(job.text, prefixes=PREFIXES, default_graph=[*default], named_graphs=[*named])


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def serve(store: Store, directory: str, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Answer jobs until there are no more, each from the directory that it names: a store that was changed has another."""
    for line in jobs:
        job = _job(json.loads(line))
        _limit_processor(job.seconds)
        if job.store != directory:
            store.close()
            store, directory = Store.open(Path(job.store), read_only=True), job.store
        head, body = respond(store, job)
        answers.write(json.dumps(asdict(head)).encode() + b"\n" + body)
        answers.flush()


def _job(fields: dict[str, Any]) -> Job:
    dataset = Dataset(*map(tuple, fields.pop("dataset").values()))
    return Job(dataset=dataset, **fields)


def _limit_processor(seconds: float) -> None:
    """Have the kernel end this process if it computes for longer than a query may take."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    threads = 2  # RocksDB may compute beside the query
    limit = ceil(usage.ru_utime + usage.ru_stime + threads * seconds) + _PROCESSOR_GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def main(directory: str, memory: str) -> None:
    """Open the store, say that it is open with an empty answer, and serve."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        store = Store.open(Path(directory), read_only=True)
    except KgError as error:
        answers.write(json.dumps(asdict(Answer(fault=str(error)))).encode() + b"\n")
        return
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    answers.write(json.dumps(asdict(Answer())).encode() + b"\n")
    answers.flush()
    serve(store, directory, sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
