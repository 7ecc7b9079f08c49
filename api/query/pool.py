"""A fixed number of query workers. A query past its deadline, or whose client has left, ends with its worker; a fresh one takes over."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from api.errors import Busy, QueryTooHeavy
from api.query.worker import Answer, Dataset, Job
from api.settings import Settings
from api.writing import Writer
from kg.errors import QueryError, StoreError

_START_SECONDS = 30
_LINE_BYTES = 1 << 20  # the longest head of an answer: a fault may quote the query


@dataclass(slots=True, eq=False)
class Worker:
    """A running worker process, ready for a job, and the directory that it has open."""

    process: Process
    reading: Path

    @classmethod
    async def start(cls, reading: Path, memory: int) -> Self:
        """Start a worker with so many bytes and wait until it has opened the store; StoreError where it cannot."""
        command = [sys.executable, "-m", "api.query.worker", str(reading), str(memory)]
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=_LINE_BYTES, start_new_session=True)
        worker = cls(process, reading)
        try:
            async with asyncio.timeout(_START_SECONDS):
                head, _ = await worker._receive()
        except (TimeoutError, EOFError, asyncio.CancelledError) as error:
            await worker.end()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise StoreError(f"{reading}: a query worker did not start; look at its message above") from error
        if head.fault:
            await worker.end()
            raise StoreError(head.fault)
        return worker

    async def ask(self, job: Job) -> tuple[Answer, bytes]:
        """Return the worker's answer; EOFError where it ended before it answered."""
        assert self.process.stdin
        self.reading = Path(job.store)
        self.process.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
        return await self._receive()

    async def _receive(self) -> tuple[Answer, bytes]:
        assert self.process.stdout
        line = await self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        head = Answer(**json.loads(line))
        return head, await self.process.stdout.readexactly(head.size)

    async def end(self) -> None:
        """End the process, whatever it is doing."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


class Pool:
    """Runs jobs in workers, so many at once as the settings say, each on the store as the last change left it."""

    def __init__(self, settings: Settings, writer: Writer) -> None:
        self.settings = settings
        self._writer = writer
        self._workers: set[Worker] = set()
        self._slots: asyncio.Queue[Worker | None] = asyncio.Queue()  # None: a slot whose worker is yet to be started

    async def open(self) -> None:
        """Start all workers; StoreError where they cannot open the store."""
        workers = await asyncio.gather(*(self._started() for _ in range(self.settings.query_workers)))
        for worker in workers:
            self._slots.put_nowait(worker)

    async def close(self) -> None:
        """End the workers."""
        while not self._slots.empty():
            worker = self._slots.get_nowait()
            if worker:
                await worker.end()

    async def _started(self) -> Worker:
        worker = await Worker.start(self._writer.reading, self.settings.query_memory)
        self._workers.add(worker)
        return worker

    async def run(self, text: str, media: str, dataset: Dataset) -> tuple[Answer, bytes]:
        """Return the answer to a query; QueryError, QueryTooHeavy or Busy where there is none. Cancelling it ends the query."""
        settings = self.settings
        reading = str(self._writer.reading)
        job = Job(reading, text, media, dataset, settings.query_seconds, settings.query_rows, settings.query_bytes)
        worker = await self._take()
        try:
            worker = worker or await self._started()
            async with asyncio.timeout(settings.query_seconds):
                head, body = await worker.ask(job)
        except TimeoutError as error:
            await self._end(worker)
            worker = None
            raise QueryTooHeavy(
                f"the query took longer than {settings.query_seconds:g} s and was ended; narrow it down, or ask for fewer rows with LIMIT"
            ) from error
        except (EOFError, ConnectionError) as error:
            await self._end(worker)
            worker = None
            raise QueryTooHeavy("the query took more memory or processor time than it may, and was ended; narrow it down") from error
        except asyncio.CancelledError:
            await self._end(worker)
            worker = None
            raise
        finally:
            self._slots.put_nowait(worker)
            self._writer.forget({worker.reading for worker in self._workers})
        if head.fault:
            raise QueryError(head.fault)
        return head, body

    async def _take(self) -> Worker | None:
        try:
            async with asyncio.timeout(self.settings.query_patience):
                return await self._slots.get()
        except TimeoutError as error:
            raise Busy(f"all {self.settings.query_workers} query workers are taken; ask again in a moment") from error

    async def _end(self, worker: Worker | None) -> None:
        if worker:
            self._workers.discard(worker)
            await worker.end()
