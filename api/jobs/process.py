"""The server's end of the processes that read and extract: started when they are needed, ended when they take too much."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Self

from api.jobs.frames import DOCUMENT, EXTRACTION, Order, Reply
from api.jobs.job import Submission
from api.settings import Settings
from kg.errors import ExtractionError, KgError, ReadError
from kg.model import Document, Extraction

_START_SECONDS = 120
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class Ended(Exception):
    """The process ended before it replied: it was killed, by the kernel where it passed a limit."""


class Child:
    """A running process that replies to what it is sent."""

    def __init__(self, process: Process) -> None:
        """Take over a process with pipes to and from it."""
        self._process = process

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Self:
        """Start a module of this program; it sees nothing of the server's secrets."""
        command = [sys.executable, "-m", module, *arguments]
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, start_new_session=True, env=_environment()))

    async def send(self, head: Mapping[str, Any], body: bytes = b"") -> None:
        """Send a line of JSON and the bytes after it."""
        assert self._process.stdin
        with suppress(ConnectionError):  # it ended; what it replied before tells more
            self._process.stdin.write(json.dumps(head).encode() + b"\n")
            self._process.stdin.write(body)
            await self._process.stdin.drain()

    def finish(self) -> None:
        """Say that nothing more will be sent."""
        assert self._process.stdin
        self._process.stdin.close()

    async def reply(self, fault: type[KgError]) -> bytes:
        """Return the body of its reply; raise `fault` where it says that there is none, Ended where it says nothing."""
        assert self._process.stdout
        try:
            line = await self._process.stdout.readline()
            head = Reply(**json.loads(line))
            body = await self._process.stdout.readexactly(head.size)
        except (ValueError, TypeError, EOFError) as error:
            raise Ended from error
        if head.fault:
            raise fault(head.fault)
        return body

    async def end(self) -> None:
        """End the process, whatever it is doing."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()


async def read(submission: Submission, settings: Settings) -> Document:
    """Return the document that was sent in; ReadError where it cannot be read within its limits. Cancelling it ends the reading."""
    seconds, memory = settings.reading_seconds, settings.reading_memory
    known = asdict(submission.known)
    order = Order(submission.form, submission.charset, submission.source, known, settings.upload_characters, seconds, memory)
    child = await Child.start("api.jobs.reading")
    try:
        async with asyncio.timeout(seconds + _START_SECONDS):
            await child.send(asdict(order), submission.data)
            child.finish()
            body = await child.reply(ReadError)
    except (Ended, TimeoutError) as error:
        raise ReadError(
            f"reading took more than {seconds:g} s or {memory >> 20} MiB, or the file broke its reader; send it as text"
        ) from error
    finally:
        await child.end()
    return DOCUMENT.validate_json(body)


class Extractor:
    """One process that extracts, started for the first document; one that is ended is replaced for the next."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: Child | None = None

    async def extract(self, document: Document) -> Extraction:
        """Return what a document says; ExtractionError where it takes more than it may. Cancelling it ends the extraction."""
        seconds, memory = self._settings.extraction_seconds, self._settings.extraction_memory
        finished = False
        try:
            child = self._child = self._child or await self._started()
            async with asyncio.timeout(seconds):
                await child.send({"seconds": seconds, "document": DOCUMENT.dump_python(document, mode="json")})
                body = await child.reply(ExtractionError)
            finished = True
        except ExtractionError:
            finished = True
            raise
        except (Ended, TimeoutError) as error:
            raise ExtractionError(f"extraction took more than {seconds:g} s or {memory >> 20} MiB; split the document") from error
        finally:
            if not finished:
                await self.close()
        return EXTRACTION.validate_json(body)

    async def _started(self) -> Child:
        child = await Child.start("api.jobs.extraction", str(self._settings.extraction_memory))
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child.reply(ExtractionError)
        except BaseException:
            await child.end()
            raise
        return child

    async def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child:
            await child.end()


def _environment() -> dict[str, str]:
    """Return the environment without what is set for this program alone, the write token above all."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KG_")} | _ONE_THREAD
