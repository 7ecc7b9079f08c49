"""A process that answers queries one after another, so that a query can be ended by ending the process.

`python -m api.query.worker STORE MEMORY` reads jobs from standard input and writes answers to standard output, as `api.query.jobs` has
them, first of all an empty one once the store is open. It opens the store for reading only, and limits its own memory and processor
time, so that it ends even where nobody is left to end it.
"""

import resource
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from math import ceil
from typing import Any, BinaryIO, TypeVar

import pyoxigraph as ox

from api.query.jobs import END, HEAD, PIECE, End, Head, Job, frame
from api.query.results import WRITERS, write_boolean, write_graph
from kg.errors import KgError
from kg.graph.database import Answer, Database
from kg.graph.faults import syntax_fault
from kg.graph.rewriting import Using
from kg.graph.store import Store
from kg.graph.vocabulary import PREFIXES

_PROCESSOR_GRACE = 2  # seconds of processor time past the deadline
_HELD = 4 << 20  # bytes of an answer that are held back, so that its head can say whether it is whole
_HELD_SECONDS = 1.0  # but no longer than this
_PIECE = 64 << 10  # bytes that are sent at once when the head is gone

Item = TypeVar("Item")


class Sending:
    """An answer on its way: a file to write to that holds little, and says when enough was written."""

    def __init__(self, output: BinaryIO, job: Job) -> None:
        self._output = output
        self._job = job
        self._started = time.monotonic()
        self._held = bytearray()
        self._sent = 0
        self.headed = False
        self.truncated: str | None = None

    def write(self, data: bytes) -> int:
        """Hold the data, or send it on."""
        self._held += data
        if self.headed:
            if len(self._held) >= _PIECE:
                self._send()
        elif len(self._held) >= _HELD or time.monotonic() - self._started > _HELD_SECONDS:
            self._head(Head())
            self._send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: a library's flush is no reason to send little."""

    def why_cut(self) -> str | None:
        """Return why items were left out, None where none were."""
        return self.truncated

    def admit(self, items: Iterable[Item]) -> Iterator[Item]:
        """Pass items on until a limit is met; the last may reach past the limit of bytes, so that it is whole."""
        deadline = self._started + self._job.seconds
        for number, item in enumerate(items):
            if number == self._job.rows:
                self.truncated = f"{number} rows or triples were sent and there are more"
            elif self._sent + len(self._held) >= self._job.size:
                self.truncated = f"{self._job.size} bytes were sent and there is more"
            elif time.monotonic() > deadline:
                self.truncated = f"{self._job.seconds:g} s have passed and there is more"
            else:
                yield item
                continue
            return

    def end(self, fault: str | None = None) -> None:
        """Send what is left, and that this is the end."""
        if not self.headed:
            if fault is not None:
                self._held.clear()
            self._head(Head(fault, self.truncated, len(self._held)))
        self._send()
        self._output.write(frame(END, End(fault, self.truncated)))
        self._output.flush()

    def _head(self, head: Head) -> None:
        self._output.write(frame(HEAD, head))
        self.headed = True

    def _send(self) -> None:
        if self._held:
            self._output.write(frame(PIECE, self._held))
        self._sent += len(self._held)
        self._held.clear()


def respond(store: Store, job: Job, output: BinaryIO) -> None:
    """Write the answer to a job."""
    sending = Sending(output, job)
    file: Any = sending
    try:
        found = _found(store.graph, job)
        if isinstance(found, ox.QueryBoolean):
            sending.write(write_boolean(bool(found), job.media).encode())
        elif isinstance(found, ox.QueryTriples):
            write_graph(sending.admit(found), job.media, file, sending.why_cut)
        else:
            names = tuple(variable.value for variable in found.variables)
            for piece in WRITERS[job.media](names, sending.admit(found), sending.why_cut):
                sending.write(piece.encode())
    except SyntaxError as error:
        sending.end(f"the query is not SPARQL 1.1: {syntax_fault(error, job.text)}; correct it at that place")
    except (RuntimeError, ValueError, OSError) as error:
        sending.end(f"the query cannot be evaluated: {_one_line(error)}; correct it")
    else:
        sending.end()


def rehearse(job: Job, output: BinaryIO) -> None:
    """Carry out an update where it changes nothing for anybody, and send an empty answer; what is wrong with it is found in earnest."""
    with suppress(KgError), Store.open(job.store, passing=True) as store:
        store.update(job.text, Using(job.dataset.default, job.dataset.named))
    Sending(output, job).end()


def _found(graph: Database, job: Job) -> Answer:
    default, named = ([ox.NamedNode(iri) for iri in iris] for iris in (job.dataset.default, job.dataset.named))
    if not default and not named:
        return graph.query(job.text, base_iri=job.base, prefixes=PREFIXES)
    return graph.query(job.text, base_iri=job.base, prefixes=PREFIXES, default_graph=[*default], named_graphs=[*named])


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def serve(store: Store, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Answer jobs until there are no more, each from the store that it names, in the state that it names or a later one."""
    opened: tuple[str, int] | None = None  # the state that `store` is of is not known
    for line in jobs:
        job = Job.decoded(line)
        _limit_processor(job.seconds)
        if job.rehearsal:
            rehearse(job, answers)
            continue
        if (job.store, job.generation) != opened:
            store.close()
            store, opened = Store.open(job.store, read_only=True, passing=True), (job.store, job.generation)
        respond(store, job, answers)


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
        store = Store.open(directory, read_only=True, passing=True)
    except KgError as error:
        answers.write(frame(HEAD, Head(fault=str(error))))
        return
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    answers.write(frame(HEAD, Head()) + frame(END, End()))
    answers.flush()
    serve(store, sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
