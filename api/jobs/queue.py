"""Takes documents in, one after another: each is read, extracted and written, or fails and says why."""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import replace

from api.errors import Conflict, NotFound, QueueFull
from api.jobs.job import Job, Result, State, Submission
from api.jobs.process import Extractor, read
from api.settings import Settings
from api.writing import Writer
from kg.errors import KgError
from kg.graph.records import Change
from kg.graph.store import Store
from kg.model import Document, Extraction


class Jobs:
    """A bounded queue of submissions, and the jobs of this server's life. Belongs to the event loop."""

    def __init__(self, settings: Settings, writer: Writer) -> None:
        self._settings = settings
        self._writer = writer
        self._extractor = Extractor(settings)
        self._extracting = asyncio.Lock()
        self._jobs: dict[str, Job] = {}
        self._waiting: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to work."""
        self._loop = asyncio.create_task(self._work(), name="jobs")

    async def close(self) -> None:
        """Stop, also in the middle of a document; nothing of it is written then."""
        if self._loop:
            self._loop.cancel()
            with suppress(asyncio.CancelledError):
                await self._loop
        await self._extractor.close()

    async def tried(self, document: Document) -> Extraction:
        """Return what a document says, and store nothing; QueueFull where another text or document is being read."""
        if self._extracting.locked():
            raise QueueFull("another text is being read; try again in a moment")
        async with self._extracting:
            return await self._extractor.extract(document)

    def submit(self, submission: Submission) -> Job:
        """Return the job of a submission; QueueFull where too many wait.

        The same submission is the same job: one under way goes on, and one that is done is not done again unless the store has changed
        since. Then its result says `unchanged`.
        """
        job = self._jobs.get(submission.key)
        if job and not job.state.ended:
            return job
        if job and job.result and job.state is State.DONE and job.result.generation == self._writer.written:
            job.result = replace(job.result, change=Change.UNCHANGED)
            job.begin_again("sent before")
            job.enter(State.DONE, str(job.result))
            return job
        self._check_room(len(submission.data))
        job = job or self._jobs.setdefault(submission.key, Job(submission.key))
        job.submission, job.result = submission, None
        self._jobs[job.id] = self._jobs.pop(job.id)  # the last submitted stands last
        self._waiting.append(job)
        job.begin_again(f"{len(self._waiting) - 1} wait before it")
        self._wake.set()
        self._forget()
        return job

    def job(self, identifier: str) -> Job:
        """Return the job of that id; NotFound where there is none."""
        if identifier not in self._jobs:
            raise NotFound(
                f"job {identifier[:80]!r}: there is none, or the server was started since; send the document again, it is the same job"
            )
        return self._jobs[identifier]

    def jobs(self) -> list[Job]:
        """Return the jobs that are kept, the last submitted first."""
        return list(reversed(self._jobs.values()))

    def ahead(self, job: Job) -> int:
        """Return how many jobs wait before one."""
        return self._waiting.index(job) if job in self._waiting else 0

    async def cancel(self, identifier: str) -> Job:
        """End a job before it is written, and return it; Conflict where it is being written. One that has ended stays as it is."""
        job = self.job(identifier)
        if job.state is State.WRITING:
            raise Conflict("the document is being written; wait until it is done, and withdraw it with DELETE /documents/{id}")
        if job in self._waiting:
            self._waiting.remove(job)
            job.enter(State.CANCELLED, "before it was read")
        elif job.task:
            job.task.cancel()
            await asyncio.wait([job.task])
        return job

    def _check_room(self, size: int) -> None:
        waiting = sum(len(job.submission.data) for job in self._waiting if job.submission)
        if len(self._waiting) >= self._settings.jobs_waiting or (waiting and waiting + size > self._settings.jobs_waiting_bytes):
            raise QueueFull(f"{len(self._waiting)} documents with {waiting} bytes wait to be read; send it again in a moment")

    def _forget(self) -> None:
        """Let go of the oldest jobs that have ended, past so many."""
        ended = [job.id for job in self._jobs.values() if job.state.ended]
        for identifier in ended[: max(0, len(ended) - self._settings.jobs_kept)]:
            del self._jobs[identifier]

    async def _work(self) -> None:
        while True:
            while self._waiting:
                job = self._waiting.popleft()
                job.enter(State.READING, "in a process of its own")
                job.task = asyncio.create_task(self._carry_out(job))
                try:
                    await asyncio.wait([job.task])
                except asyncio.CancelledError:
                    if job.task:
                        job.task.cancel()
                        await asyncio.wait([job.task])
                    raise
                if not job.state.ended:
                    job.enter(State.CANCELLED, "before it was read")  # before its task had begun
            self._wake.clear()
            await self._wake.wait()

    async def _carry_out(self, job: Job) -> None:
        """Bring a job to its end, whatever happens."""
        assert job.submission
        try:
            document = await read(job.submission, self._settings)
            job.enter(State.EXTRACTING, f"{len(document.text)} characters")
            async with self._extracting:
                extraction = await self._extractor.extract(document)
            job.enter(State.WRITING, f"{len(extraction.statements)} statements")
            result = job.result = await self._written(extraction)
            job.enter(State.DONE, str(result))
        except asyncio.CancelledError:
            job.enter(State.CANCELLED, f"while {job.state}; nothing was written")
        except KgError as error:
            job.enter(State.FAILED, f"while {job.state}: {error}")
        except Exception:
            logging.getLogger(__name__).exception("job %s", job.id)  # not printed: what a document says must not pass for an entry
            job.enter(State.FAILED, f"while {job.state}: an error in the server; report it")

    async def _written(self, extraction: Extraction) -> Result:
        """Write a document whole, also where the server is being stopped meanwhile."""

        def change(store: Store) -> Result:
            done = store.add(extraction)
            record = store.document(extraction.document.id)
            return Result(done, record.id, record.statements, self._writer.generation + 1)

        writing = asyncio.ensure_future(self._writer.run(change))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            return await writing
