"""A fixed number of query workers. A query past its deadline, or whose client has left, ends with its worker; a fresh one takes over."""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from api.errors import Busy, QueryTooHeavy
from api.query.budget import Budget
from api.query.jobs import END, FRAME, HEAD, Dataset, End, Head, Job
from api.settings import Settings
from api.writing import Writer
from kg.errors import QueryError, StoreError
from kg.graph.database import Place, address_of

_START_SECONDS = 30
_GRACE_SECONDS = 0.5  # past the deadline, at which a worker cuts its answer itself if it can
_LONG_SECONDS = 0.1  # a query that runs longer yields the processor to look-ups
_YIELDING = 10  # niceness: a tenth of what others get, where all want some
_SHORT_SECONDS = 0.2  # a query whose client has left may run so much longer: a worker is soon free, but long in starting
_BUFFER = 256 << 10  # bytes of an answer that wait here while the client is slow


@dataclass(slots=True, eq=False)
class Worker:
    """A running worker process, ready for a job, and the directory that it has open."""

    process: Process
    reading: Place
    yielding: bool = False
    _frame_head: tuple[bytes, int] | None = None  # of a frame whose body is still to be read

    @classmethod
    async def start(cls, reading: Place, memory: int) -> Self:
        """Start a worker with so many bytes and wait until it has opened the store; StoreError where it cannot."""
        command = [sys.executable, "-m", "api.query.worker", str(reading), str(memory)]
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=_BUFFER, start_new_session=True)
        worker = cls(process, reading)
        try:
            async with asyncio.timeout(_START_SECONDS):
                head = await worker.head()
                if head.fault is None:
                    await worker.piece()
        except (TimeoutError, EOFError, asyncio.CancelledError) as error:
            await worker.end()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise StoreError(f"{reading}: a query worker did not start; look at its message above") from error
        if head.fault:
            await worker.end()
            raise StoreError(head.fault)
        return worker

    async def send(self, job: Job) -> None:
        """Hand a job over."""
        assert self.process.stdin
        self.reading = job.store if address_of(job.store) else Path(job.store)
        self.process.stdin.write(job.encoded())
        await self.process.stdin.drain()

    async def head(self) -> Head:
        """Return how an answer begins; EOFError where the process ends before."""
        kind, data = await self._frame()
        assert kind == HEAD
        return Head(**json.loads(data))

    async def piece(self) -> bytes | End:
        """Return the next piece of an answer, or its end; EOFError where the process ends before."""
        kind, data = await self._frame()
        return End(**json.loads(data)) if kind == END else data

    async def _frame(self) -> tuple[bytes, bytes]:
        assert self.process.stdout
        if self._frame_head is None:
            kind, size = FRAME.unpack(await self.process.stdout.readexactly(FRAME.size))
            self._frame_head = kind, size
        kind, size = self._frame_head
        data = await self.process.stdout.readexactly(size)
        self._frame_head = None  # not before: who is cancelled meanwhile leaves the frame to the next
        return kind, data

    async def finish(self) -> None:
        """Read what is left of an answer that nobody wants any more; EOFError where the process ends before."""
        while (await self._frame())[0] != END:
            pass

    def yield_to_others(self) -> None:
        """Let everybody else on this machine have the processor first: a long query must not delay a look-up."""
        self.yielding = _set_niceness(self.process.pid, _YIELDING)

    def is_fresh(self) -> bool:
        """Say whether it may take the next query; one that yields and may not be called back, which takes rights, is used up."""
        self.yielding = self.yielding and not _set_niceness(self.process.pid, 0)
        return not self.yielding

    async def end(self) -> None:
        """End the process, whatever it is doing."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


def _set_niceness(process: int, niceness: int) -> bool:
    """Set how willingly a process waits for others, -20 to 19; say whether that was allowed."""
    try:
        os.setpriority(os.PRIO_PROCESS, process, niceness)
    except (PermissionError, ProcessLookupError):
        return False
    with suppress(OSError):  # where the system shares the processor out among sessions first, of which each worker is one
        Path(f"/proc/{process}/autogroup").write_text(str(niceness), "ascii")
    return True


class Running:
    """An answer under way: `head`, then the pieces of its body, once; `close` must be called, and ends the query if it still runs."""

    def __init__(self, pool: "Pool", worker: Worker, job: Job, client: str) -> None:
        self._pool = pool
        self._worker: Worker | None = worker
        self._client = client
        self._seconds = job.seconds
        self._started = time.monotonic()
        loop = asyncio.get_running_loop()
        self._deadline = loop.time() + job.seconds + _GRACE_SECONDS
        self._long = loop.call_later(_LONG_SECONDS, worker.yield_to_others)
        self.head = Head()
        self.end = End()

    @property
    def short(self) -> bool:
        """Whether the answer is whole and small: then it is here already, and the worker need not wait until it is sent."""
        size = self.head.size
        return self.head.truncated is None and size is not None and size <= _BUFFER

    async def begin(self, job: Job) -> None:
        """Wait for the head; QueryError or QueryTooHeavy where there is no answer."""
        try:
            async with asyncio.timeout_at(self._deadline):
                assert self._worker
                await self._worker.send(job)
                self.head = await self._worker.head()
                if self.head.fault is not None:
                    await self._worker.piece()
                    self._release(self._worker)
        except (TimeoutError, EOFError, ConnectionError) as error:
            await self.close()
            raise self._too_heavy(error) from error
        except BaseException:
            await self.close()
            raise
        if self.head.fault is not None:
            raise QueryError(self.head.fault)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body; QueryTooHeavy or QueryError where it breaks off."""
        while self._worker:
            try:
                async with asyncio.timeout_at(self._deadline):
                    piece = await self._worker.piece()
            except (TimeoutError, EOFError, ConnectionError) as error:
                await self.close()
                raise self._too_heavy(error) from error
            if isinstance(piece, End):
                self.end = piece
                self._release(self._worker)
                if piece.fault is not None:
                    raise QueryError(piece.fault)
            else:
                yield piece

    async def body(self) -> bytes:
        """Return the whole body."""
        try:
            return b"".join([piece async for piece in self.pieces()])
        finally:
            await self.close()

    async def close(self) -> None:
        """End the query where it still runs, and let the next one in."""
        if worker := self._worker:
            self._done()
            self._pool.leave(worker)

    def _release(self, worker: Worker) -> None:
        self._done()
        self._pool.put_back(worker)

    def _done(self) -> None:
        self._worker = None
        self._long.cancel()
        self._pool.budget.spend(self._client, time.monotonic() - self._started)

    def _too_heavy(self, error: Exception) -> QueryTooHeavy:
        if isinstance(error, TimeoutError):
            remedy = "narrow it down, or ask for fewer rows with LIMIT"
            return QueryTooHeavy(f"the query took longer than {self._seconds:g} s and was ended; {remedy}")
        return QueryTooHeavy("the query took more memory or processor time than it may, and was ended; narrow it down")


class Pool:
    """Runs jobs in workers, so many at once as the settings say, each on the store as the last change left it."""

    def __init__(self, settings: Settings, writer: Writer) -> None:
        self.settings = settings
        self.budget = Budget(settings.client_seconds, settings.client_window)
        self._writer = writer
        self._workers: set[Worker] = set()
        self._recovering: set[asyncio.Task[None]] = set()
        self._slots: asyncio.Queue[Worker | None] = asyncio.Queue()  # None: a slot whose worker is yet to be started

    async def open(self) -> None:
        """Start all workers; StoreError where they cannot open the store."""
        workers = await asyncio.gather(*(self._started() for _ in range(self.settings.query_workers)))
        for worker in workers:
            self._slots.put_nowait(worker)

    async def close(self) -> None:
        """End the workers."""
        for task in self._recovering:
            task.cancel()
        await asyncio.gather(*self._recovering, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def run(self, text: str, media: str, dataset: Dataset, *, client: str = "", rows: int | None = None) -> Running:
        """Return the answer to a query, begun; QueryError, QueryTooHeavy or Busy where there is none. Cancelling it ends the query.

        `client` pays for its time, BudgetSpent where it has none left; `rows` may ask for fewer rows than the settings allow.
        """
        settings = self.settings
        self.budget.check(client)
        worker = await self._ready()
        limit = settings.query_rows if rows is None else min(rows, settings.query_rows)
        store = str(self._writer.reading)
        job = Job(
            store, self._writer.generation, text, self._writer.base, media, dataset, settings.query_seconds, limit, settings.query_bytes
        )
        running = Running(self, worker, job, client)
        await running.begin(job)
        return running

    async def _ready(self) -> Worker:
        """Return a worker that nobody else asks, started where its place is empty; Busy where all are taken."""
        worker = await self._take()
        try:
            return worker or await self._started()
        except BaseException:
            self.put_back(None)
            raise

    async def answer(self, text: str, media: str, dataset: Dataset, *, client: str = "", rows: int | None = None) -> tuple[End, bytes]:
        """Return the end and the body of an answer, which is held in memory; otherwise as `run`."""
        running = await self.run(text, media, dataset, client=client, rows=rows)
        body = await running.body()
        return running.end, body

    async def rehearse(self, place: Path, text: str, dataset: Dataset, *, client: str = "") -> None:
        """Carry out an update in a checkpoint of its own; QueryTooHeavy where it does not come to an end, Busy as for a query."""
        self.budget.check(client)
        worker = await self._ready()
        job = Job(str(place), 0, text, self._writer.base, "", dataset, self.settings.query_seconds, 0, 0, rehearsal=True)
        running = Running(self, worker, job, client)
        await running.begin(job)
        await running.body()

    def put_back(self, worker: Worker | None) -> None:
        """Let the next query have a worker, or a fresh one."""
        if worker and not worker.is_fresh():
            self.leave(worker)
            return
        self._slots.put_nowait(worker)
        self._writer.forget({worker.reading for worker in self._workers})

    def leave(self, worker: Worker) -> None:
        """See to a worker that is in the middle of a query which nobody waits for: a short one comes to its end, else the worker does."""
        task = asyncio.create_task(self._recovered(worker))
        self._recovering.add(task)
        task.add_done_callback(self._recovering.discard)

    async def _recovered(self, worker: Worker) -> None:
        fresh: Worker | None = worker
        try:
            async with asyncio.timeout(0 if worker.yielding else _SHORT_SECONDS):
                await worker.finish()
        except (TimeoutError, EOFError, ConnectionError):
            fresh = None
            self._workers.discard(worker)
            await worker.end()
        self.put_back(fresh)

    async def _started(self) -> Worker:
        worker = await Worker.start(self._writer.reading, self.settings.query_memory)
        self._workers.add(worker)
        return worker

    async def _take(self) -> Worker | None:
        with suppress(asyncio.QueueEmpty):
            return self._slots.get_nowait()
        try:
            async with asyncio.timeout(self.settings.query_patience):
                return await self._slots.get()
        except TimeoutError as error:
            raise Busy(f"all {self.settings.query_workers} query workers are taken; ask again in a moment") from error
