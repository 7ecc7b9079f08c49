"""Documents read and packed for a store: in this process, or by several that one thread keeps busy. Loads slowly.

Results come in the order of the documents, whoever read them. What is read and not yet taken is bounded, so that readers wait
for a store that is slower than they are.
"""

import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import tee
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Condition, Thread

from kg.cli.model_reader import Tally
from kg.cli.options import Ner
from kg.cli.reader import Failure, Reader
from kg.errors import KgError
from kg.graph.iris import Iris
from kg.graph.packing import Packed, packed
from kg.model import Extraction
from kg.reading import Metadata

_HELD = 2  # documents a process holds: the one it reads, and the next
_AHEAD = 64  # documents a process may be begun before the first of them is done
_BYTES = 64 * 2**20  # that may be read and not yet taken
_TICK = 0.2  # seconds after which the thread looks whether it is still wanted


@dataclass(frozen=True, slots=True)
class Read:
    """A document as a store takes it, and what stayed unresolved in it, by reason."""

    path: Path
    pack: Packed
    unresolved: Counter[str]


@dataclass(frozen=True, slots=True)
class Task:
    """How documents are to be read, for processes that are told of it."""

    known: Metadata
    index: Path | None
    ner: Ner
    lexicon: Path | None

    def reader(self) -> Reader:
        """Return a reader that reads so."""
        return Reader(self.known, index=self.index, ner=self.ner, lexicon=self.lexicon)


Outcome = Read | Failure


def read_here(reads: Reader, files: Iterable[Path], base: str, model: Tally | None = None) -> Iterator[Outcome]:
    """Yield documents, read by this process; `model` counts what a chat model reads."""
    named, read = tee(files)
    for path, outcome in zip(named, reads.attempts(read), strict=True):
        if model is not None and isinstance(outcome, Extraction):
            model.add(outcome)
        yield pack(path, outcome, base)


def pack(path: Path, outcome: Extraction | Failure, base: str) -> Outcome:
    """Return what was read as a store takes it, or why it cannot be read or taken."""
    if isinstance(outcome, Failure):
        return outcome
    try:
        return Read(path, packed(outcome, Iris(base)), Counter(item.reason for item in outcome.unresolved))
    except KgError as error:
        return Failure(path, str(error))


def _serve(connection: Connection, task: Task, base: str) -> None:
    """Read what is asked for until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    reads: Reader | None = None
    try:
        while True:
            path = connection.recv()
            reads = reads or task.reader()
            connection.send(next(read_here(reads, [path], base)))
    except (EOFError, OSError):
        return


@dataclass(slots=True, eq=False)
class _Worker:
    """A process and the documents that it holds, the one it reads first."""

    process: BaseProcess
    connection: Connection
    held: deque[tuple[int, Path]] = field(default_factory=deque)

    @classmethod
    def started(cls, task: Task, base: str) -> "_Worker":
        """Start a process."""
        context = get_context("spawn")  # a fork would share an open database
        ours, its = context.Pipe()
        process = context.Process(target=_serve, args=(its, task, base), daemon=True)
        process.start()
        its.close()
        return cls(process, ours)

    def end(self) -> None:
        """End the process."""
        self.connection.close()
        self.process.kill()
        self.process.join()


class _Buffer:
    """Outcomes in their order, on their way from the thread that collects them to the one that takes them."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: deque[Outcome | BaseException | None] = deque()
        self._bytes = 0
        self.closed = False

    def put(self, item: Outcome | BaseException | None) -> None:
        """Add an outcome, an error, or None for the end; wait while there is no room."""
        with self._changed:
            self._changed.wait_for(lambda: self._bytes < _BYTES or self.closed)
            self._waiting.append(item)
            self._bytes += _weight(item)
            self._changed.notify_all()

    def __iter__(self) -> Iterator[Outcome]:
        """Yield outcomes to the end; raise an error that was put."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                item = self._waiting.popleft()
                self._bytes -= _weight(item)
                self._changed.notify_all()
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()


def _weight(item: object) -> int:
    return len(item.pack.nquads) if isinstance(item, Read) else 0


def read_by(number: int, task: Task, files: Iterable[Path], base: str) -> Iterator[Outcome]:
    """Yield documents, read by so many processes, which are started with the first document and ended with the iteration."""
    buffer = _Buffer()
    thread = Thread(target=_collect, args=(_Pool(number, task, enumerate(files), base), buffer), daemon=True)
    thread.start()
    try:
        yield from buffer
    finally:
        buffer.close()
        thread.join()


def _collect(pool: "_Pool", buffer: _Buffer) -> None:
    """Keep processes busy and put what they read into a buffer, in order."""
    try:
        while not buffer.closed and pool.assign():
            for outcome in pool.collected():
                buffer.put(outcome)
        buffer.put(None)
    except BaseException as error:  # whoever takes the outcomes raises it
        buffer.put(error)
    finally:
        pool.end()


class _Pool:
    """The processes, what each of them holds, and what is done but not yet its turn."""

    def __init__(self, number: int, task: Task, jobs: Iterator[tuple[int, Path]], base: str) -> None:
        self._number, self._task, self._jobs, self._base = number, task, jobs, base
        self._workers: list[_Worker] = []
        self._again: deque[tuple[int, Path]] = deque()
        self._done: dict[int, Outcome] = {}
        self._begun = self._given = 0

    def assign(self) -> bool:
        """Give processes as much as they may hold; return whether there is anything to wait for."""
        while (worker := self._free()) is not None and (job := self._next()) is not None:
            worker.held.append(job)
            with suppress(OSError):  # one that has ended is seen when it is waited for
                worker.connection.send(job[1])
        return any(worker.held for worker in self._workers)

    def _free(self) -> _Worker | None:
        """Return the process that holds least, a new one while there may be more; None where all hold as much as they may."""
        worker = min(self._workers, key=lambda one: len(one.held), default=None)
        if worker is None or (worker.held and len(self._workers) < self._number):
            worker = _Worker.started(self._task, self._base)
            self._workers.append(worker)
        return worker if len(worker.held) < _HELD else None

    def _next(self) -> tuple[int, Path] | None:
        if self._again:
            return self._again.popleft()
        if self._begun - self._given >= self._number * _AHEAD:
            return None
        job = next(self._jobs, None)
        self._begun += job is not None
        return job

    def collected(self) -> Iterator[Outcome]:
        """Wait for processes that have read something; yield what is next in order."""
        waited = {worker.connection: worker for worker in self._workers if worker.held}
        for connection in wait([*waited], _TICK):
            worker = waited[connection]  # type: ignore[index]  # wait returns what it was given
            place, path = worker.held.popleft()
            try:
                self._done[place] = worker.connection.recv()
            except (EOFError, OSError):
                worker.process.join()
                self._done[place] = Failure(path, f"{path}: the process that read it ended ({_end(worker.process)}); read it apart")
                self._again.extend(worker.held)
                self._workers.remove(worker)
                worker.end()
        while self._given in self._done:
            yield self._done.pop(self._given)
            self._given += 1

    def end(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.end()


def _end(process: BaseProcess) -> str:
    code = process.exitcode or 0
    return f"signal {-code}" if code < 0 else f"status {code}"
