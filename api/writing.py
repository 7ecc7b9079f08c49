"""The one place from which the server changes the store: one change at a time, and who may ask for one."""

import asyncio
import hashlib
import logging
import shutil
import time
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path
from typing import NamedTuple, Self, TypeVar
from uuid import uuid4

import pyoxigraph as ox

from api.errors import ServeError
from api.settings import Settings
from kg.errors import StoreError
from kg.graph.database import Place, address_of
from kg.graph.keeping import keep_ledger
from kg.graph.store import Store

Result = TypeVar("Result")

_HASHED = "sha256:"
_log = logging.getLogger(__name__)


class Token:
    """A bearer token of which only a hash is kept.

    >>> Token("let me in").admits("let me in"), Token("let me in").admits("let me out")
    (True, False)
    >>> Token("sha256:992db5e2595725ef68eb5066e014da8c7f6baca0afa96f1021b56b66782133f2").admits("let me in")
    True
    """

    def __init__(self, secret: str) -> None:
        """Take the token itself, or `sha256:` and its digest in hexadecimal; ServeError where that is none."""
        self._hash = hashlib.sha256(secret.encode()).digest()
        if secret.startswith(_HASHED):
            try:
                self._hash = bytes.fromhex(secret.removeprefix(_HASHED))
            except ValueError as error:
                raise ServeError(f"the write token begins with {_HASHED} but goes on with no hexadecimal digest; give 64 digits") from error
            if len(self._hash) != hashlib.sha256().digest_size:
                raise ServeError(f"the write token begins with {_HASHED} but goes on with {len(self._hash)} bytes; give 64 digits")

    def __repr__(self) -> str:
        """Keep the hash out of logs."""
        return "Token(…)"

    def admits(self, given: str) -> bool:
        """Say whether a token is this one, in a time that does not tell how much of it is right."""
        return compare_digest(hashlib.sha256(given.encode("utf-8", "surrogateescape")).digest(), self._hash)


class Writer:
    """Runs changes of the open store one after another, each in the same thread, and counts them.

    `generation` is higher after each change, and after each start of a server that may write: what was kept from a lower one is
    out of date. `changed` is when the store came to be what it is. `reading` is the directory that other processes open for reading:
    the store itself where nobody writes, else a checkpoint of it as it was after the last change, for a database that is being
    written must not be opened by a second process. A checkpoint costs some milliseconds, and no space but for what changes.
    `written` is the generation of the last change that somebody asked for; the ledger that follows is of a higher one. `base` is what
    the store's data IRIs begin with. A store at an address is read where it is, and looked at now and then for what others write there.
    """

    def __init__(self, store: Store, place: Place, token: Token | None) -> None:
        """Take over an open store; without a token it is open for reading only, and nothing will be run."""
        self._store = store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        directory = None if address_of(place) else Path(place)
        self._checkpoints = None if directory is None else directory / "reading"
        self.token = token
        self.base = store.iris.base
        self._directory = directory
        self._seen = _state(directory)
        self.generation = self._seen.newest // 1000
        self.written = self.generation
        self._unsettled = asyncio.Event()
        self._unsettled.set()  # another process may have written without comparing statements
        self.changed = datetime.fromtimestamp(self._seen.newest // 10**9, UTC)
        self.reading: Place = place if directory is None else directory
        self._sight = (store.sight(), time.monotonic()) if directory is None else None  # of a store at an address, and when it was taken
        if token is not None and self._checkpoints is not None:
            shutil.rmtree(self._checkpoints, ignore_errors=True)  # of a server that was killed
            shutil.rmtree(self._checkpoints.parent / "rehearsal", ignore_errors=True)
            self._checkpoint(self.generation)

    @classmethod
    def open(cls, place: Place, token: Token | None) -> tuple[Store, Self]:
        """Open the store, for writing only where there is a token; StoreError where it cannot be opened."""
        store = Store.open(place, read_only=token is None)
        return store, cls(store, place, token)

    def look(self) -> bool:
        """Open the store again where another process has changed it, and say whether it has; only for a server that does not write.

        StoreError where it cannot be opened; what was open stays so.
        """
        if self.token is not None or self._directory is None or (seen := _state(self._directory)) == self._seen:
            return False
        self._store.reopen(self._directory)
        self._seen = seen
        self.generation = max(self.generation + 1, seen.newest // 1000)
        self.changed = datetime.fromtimestamp(seen.newest // 10**9, UTC)
        return True

    def look_there(self, longest: float) -> bool:
        """Forget what is remembered of a store at an address where it looks changed, or after so many seconds; say whether it was."""
        assert self._sight is not None
        sight, (seen, since) = self._store.sight(), self._sight
        if sight == seen and time.monotonic() - since < longest:
            return False
        self._store.forget()
        self._sight = sight, time.monotonic()
        self.changed = datetime.now(UTC)
        self.generation += 1
        return True

    async def watch(self, settings: Settings) -> None:
        """Look every so many seconds, until cancelled."""
        loop = asyncio.get_running_loop()
        while self.token is None or self._sight is not None:
            await asyncio.sleep(settings.watch_seconds if self._sight is None else settings.remote_watch_seconds)
            try:
                if self._sight is None:
                    await asyncio.to_thread(self.look)
                else:  # in the thread that changes, so that what this server writes is no change by others
                    await loop.run_in_executor(self._thread, self.look_there, settings.remote_memory_seconds)
            except StoreError as error:  # it is being written at this moment, or gone: readers have what there was
                _log.warning("%s", error)

    async def run(self, change: Callable[[Store], Result]) -> Result:
        """Return what the change returns, or raise what it raises; it goes on to its end even where this is cancelled."""
        assert self.token is not None, "a route that writes depends on api.deps.writer, which turns others away before"
        self._unsettled.set()
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._asked, change)

    async def keep_ledger(self, quiet: float) -> None:
        """Compare statements again after changes, once nothing has changed for so many seconds, until cancelled."""
        while self.token is not None:
            await self._unsettled.wait()
            while self._unsettled.is_set():
                self._unsettled.clear()
                await asyncio.sleep(quiet)
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._ledgered)
            except StoreError as error:  # the disk is full, or the store at an address gone: the next change tries again
                _log.warning("the ledger is out of date: %s", error)

    def _ledgered(self) -> None:
        if self._store.ledger.state != self._store.ledger_state():
            self._carried_out(keep_ledger)

    def _asked(self, change: Callable[[Store], Result]) -> Result:
        try:
            return self._carried_out(change)
        finally:
            self.written = self.generation

    def _carried_out(self, change: Callable[[Store], Result]) -> Result:
        try:
            return change(self._store)
        finally:  # a change that failed may have come half the way, document by document
            generation = self.generation + 1
            try:
                self._checkpoint(generation)
                if self._sight is not None:
                    with suppress(StoreError):  # then the next look finds that there is something new
                        self._sight = self._store.sight(), time.monotonic()
            finally:  # only now, or an answer from before would be kept as one from after
                self.changed = datetime.now(UTC)
                self.generation = generation

    def _checkpoint(self, generation: int) -> None:
        database = self._store.graph
        if self._checkpoints is None or not isinstance(database, ox.Store):
            return
        directory = self._checkpoints / str(generation)
        try:
            self._checkpoints.mkdir(exist_ok=True)
            database.backup(str(directory))
        except (OSError, RuntimeError) as error:
            shutil.rmtree(directory, ignore_errors=True)
            raise StoreError(
                f"{directory}: queries go on to see what was there before ({error}); free some space or check your rights"
            ) from error
        self.reading = directory

    @asynccontextmanager
    async def rehearsal(self) -> AsyncIterator[Path | None]:
        """Lend a checkpoint that may be written to and is thrown away; None for a store at an address, which cannot be copied."""
        database = self._store.graph
        if self._checkpoints is None or not isinstance(database, ox.Store):
            yield None
            return
        directory = self._checkpoints.parent / "rehearsal" / uuid4().hex
        directory.parent.mkdir(exist_ok=True)
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, database.backup, str(directory))
            yield directory
        except (OSError, RuntimeError) as error:
            raise StoreError(f"{directory}: nothing was changed ({error}); free some space or check your rights") from error
        finally:
            await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)

    def forget(self, read: Collection[Place]) -> None:
        """Remove checkpoints that nobody reads any more; `read` are those that somebody does. One being made has `.tmp` in its name."""
        if self.token is not None and self._checkpoints is not None:
            for directory in self._checkpoints.iterdir():
                made = directory.name.isdigit() and int(directory.name) < self.generation
                if made and directory != self.reading and directory not in read:
                    shutil.rmtree(directory, ignore_errors=True)

    def close(self) -> None:
        """Wait for the changes that are under way."""
        self._thread.shutdown()
        if self.token is not None and self._checkpoints is not None:
            shutil.rmtree(self._checkpoints, ignore_errors=True)
            shutil.rmtree(self._checkpoints.parent / "rehearsal", ignore_errors=True)


class _State(NamedTuple):
    """What a database's files are like: the last time that one was written, in nanoseconds, and each with its size."""

    newest: int
    files: tuple[tuple[str, int], ...]


def _state(directory: Path | None) -> _State:
    """Return the state of a database's files, without those that opening it for reading may touch; of a remote one, that it is now."""
    if directory is None:
        return _State(time.time_ns(), ())
    found = [file for file in directory.iterdir() if file.suffix in {".log", ".sst"} or file.name.startswith(("MANIFEST", "CURRENT"))]
    stats = []
    for file in found:
        with suppress(FileNotFoundError):  # the writer has just put others in its place
            stats.append((file.name, file.stat()))
    return _State(max((stat.st_mtime_ns for _, stat in stats), default=0), tuple(sorted((name, stat.st_size) for name, stat in stats)))
