"""A fixed number of query workers. A query past its deadline, or whose client has left, ends with its worker; a fresh one takes over."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import asdict, dataclass
from typing import Self

from api.errors import Busy, QueryTooHeavy
from api.query.worker import Answer, Dataset, Job
from api.settings import Settings
from kg.errors import QueryError, StoreError

_START_SECONDS = 30
_LINE_BYTES = 1 << 20  # the longest head of an answer: a fault may quote the query


@dataclass(frozen=True, slots=True)
class Worker:
    """A running worker process, ready for a job."""

    process: Process

    @classmethod
    async def start(cls, settings: Settings) -> Self:
        """Start a worker and wait until it has opened the store; StoreError where it cannot."""
        command = [sys.executable, "-m", "api.query.worker", str(settings.store), str(settings.query_memory)]
        worker = cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=_LINE_BYTES, start_new_session=True))
        try:
            async with asyncio.timeout(_START_SECONDS):
                head, _ = await worker._receive()
        except (TimeoutError, EOFError, asyncio.CancelledError) as error:
            await worker.end()
            if isinstance(error, asyncio.CancelledError):
                raise
            raise StoreError(f"{settings.store}: a query worker did not start; look at its message above") from error
        if head.fault:
            await worker.end()
            raise StoreError(head.fault)
        return worker

    async def ask(self, job: Job) -> tuple[Answer, bytes]:
        """Return the worker's answer; EOFError where it ended before it answered."""
        assert self.process.stdin
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
    """Runs jobs in workers, so many at once as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._slots: asyncio.Queue[Worker | None] = asyncio.Queue()  # None: a slot whose worker is yet to be started

    async def open(self) -> None:
        """Start all workers; StoreError where they cannot open the store."""
        workers = await asyncio.gather(*(Worker.start(self.settings) for _ in range(self.settings.query_workers)))
        for worker in workers:
            self._slots.put_nowait(worker)

    async def close(self) -> None:
        """End the workers."""
        while not self._slots.empty():
            worker = self._slots.get_nowait()
            if worker:
                await worker.end()

    async def run(self, text: str, media: str, dataset: Dataset) -> tuple[Answer, bytes]:
        """Return the answer to a query; QueryError, QueryTooHeavy or Busy where there is none. Cancelling it ends the query."""
        settings = self.settings
        job = Job(text, media, dataset, settings.query_seconds, settings.query_rows, settings.query_bytes)
        worker = await self._take()
        try:
            worker = worker or await Worker.start(settings)
            async with asyncio.timeout(settings.query_seconds):
                head, body = await worker.ask(job)
        except TimeoutError as error:
            await _end(worker)
            worker = None
            raise QueryTooHeavy(
                f"the query took longer than {settings.query_seconds:g} s and was ended; narrow it down, or ask for fewer rows with LIMIT"
            ) from error
        except (EOFError, ConnectionError) as error:
            await _end(worker)
            worker = None
            raise QueryTooHeavy("the query took more memory or processor time than it may, and was ended; narrow it down") from error
        except asyncio.CancelledError:
            await _end(worker)
            worker = None
            raise
        finally:
            self._slots.put_nowait(worker)
        if head.fault:
            raise QueryError(head.fault)
        return head, body

    async def _take(self) -> Worker | None:
        try:
            async with asyncio.timeout(self.settings.query_patience):
                return await self._slots.get()
        except TimeoutError as error:
            raise Busy(f"all {self.settings.query_workers} query workers are taken; ask again in a moment") from error


async def _end(worker: Worker | None) -> None:
    if worker:
        await worker.end()
