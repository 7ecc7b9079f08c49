"""The tables as a database (SQLite): in a file beside the graph, or apart from everything where there is no folder.

They can be made again from the graph at any time, so what matters is to know when they have to be. Before a graph is changed, that it
will be is written down here (`pending`); what is pending is read again. So nothing is lost where a process ends between the two. And the
database of the graph counts its openings for writing: where the last one was not by a process that wrote down here what it changed, the
tables begin anew.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from threading import RLock
from typing import Any, Final, Self, TypeVar

from kg.errors import StoreError
from kg.graph.tables.schema import SCHEMA, VERSION

NAME: Final = "tables.sqlite"
EVERYTHING: Final = "+"  # as what is pending
_PATIENCE: Final = 2.0  # seconds that a reader waits for a change to be over, before it works with a copy
_PAUSE: Final = 0.02
_CACHED: Final = 32_000  # KiB of pages that a connection keeps
Opened = TypeVar("Opened")


class Tables:
    """An open database of tables; the graph they are derived from is not known here."""

    def __init__(self, writing: sqlite3.Connection, reading: sqlite3.Connection | None = None) -> None:
        """Take over connections: one that writes, and one that reads what was written, the same where nobody reads meanwhile."""
        self._writing = writing
        self._reading = reading or writing
        self._turns = RLock()  # of those that read
        self.changing = RLock()  # held from when a change of the graph is written down until the tables have followed it

    @classmethod
    def empty(cls) -> Self:
        """Return tables that are gone with this process, with everything to be read."""
        with refused("a temporary file"):
            tables = cls(_connected(""))
            tables._begin()
            return tables

    @classmethod
    def beside(cls, directory: Path, open_graph: Callable[[], Opened]) -> tuple[Opened, Self]:
        """Open a graph for writing and its tables; these begin anew where they do not belong to it as it is."""
        before = _opening(directory)
        opened = open_graph()
        file = directory / NAME
        with refused(file):
            known = before is not None and _trusted(file, before)
            if not known:
                _remove(file)
            tables = cls(_connected(file), _connected(file))
            if not known:
                tables._begin()
            with tables.transaction() as connection:
                connection.execute("REPLACE INTO meta VALUES ('opening', ?)", (_opening(directory),))
            return opened, tables

    @classmethod
    def seen(cls, directory: Path, open_graph: Callable[[], Opened]) -> tuple[Opened, Self | None]:
        """Open a graph for reading and its tables as they are for that state of it, None where they do not belong to it.

        Where another process is in the middle of a change for long, or was killed there, these are a copy, to be brought up to date.
        """
        file, deadline = directory / NAME, time.monotonic() + _PATIENCE
        while file.is_file():
            late = time.monotonic() > deadline
            with suppress(sqlite3.Error):
                watching, reading = _connected(file, "rw"), _connected(file, "rw")
                before = _version(watching)
                reading.execute("BEGIN")  # from its first query on it sees the tables as they are then
                pending = bool(reading.execute("SELECT EXISTS (SELECT * FROM pending)").fetchone()[0])
                if not _current(reading, _opening(directory)):
                    break
                if late or not pending:
                    opened = open_graph()
                    if _version(watching) == before:
                        return opened, (cls._copy(reading) if pending else cls(reading))
            if late:
                break
            time.sleep(_PAUSE)
        return open_graph(), None

    @classmethod
    def _copy(cls, connection: sqlite3.Connection) -> Self:
        copy = _connected("")
        connection.backup(copy)
        return cls(copy)

    def _begin(self) -> None:
        """Make the tables, with everything to be read."""
        with self.transaction() as connection:
            for statement in _statements(SCHEMA):
                connection.execute(statement)
            connection.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
            connection.execute("INSERT INTO pending VALUES (?, NULL)", (EVERYTHING,))

    def close(self) -> None:
        """Let go of the file."""
        self._reading.close()
        self._writing.close()

    def rows(self, sql: str, *given: Any) -> list[Any]:
        """Return the rows of a query."""
        with self._turns, refused("the tables"):
            return self._reading.execute(sql, given).fetchall()

    def value(self, sql: str, *given: Any) -> Any:
        """Return the only value of the only row, None where there is no row."""
        row = next(iter(self.rows(sql, *given)), None)
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection that writes: all that is done with it comes to be, or nothing."""
        with self._turns if self._reading is self._writing else nullcontext(), refused("the tables"):
            self._writing.execute("BEGIN IMMEDIATE")
            try:
                yield self._writing
            except BaseException:
                self._writing.execute("ROLLBACK")
                raise
            self._writing.execute("COMMIT")


@contextmanager
def refused(place: object) -> Iterator[None]:
    """Raise StoreError where the tables cannot be read or written."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"{place}: what is counted and indexed beside the graph cannot be read or written ({error}); free some space or check your "
            f"rights; {NAME} may be removed where no process has the store open, and is made again"
        ) from error


def _connected(file: Path | str, mode: str = "rwc") -> sqlite3.Connection:
    name = f"{file.resolve().as_uri()}?mode={mode}" if isinstance(file, Path) else file
    connection = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False, timeout=30)
    if file:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHED}")
    return connection


def _opening(directory: Path) -> str | None:
    """Return what RocksDB names anew each time that a database is opened for writing, and only then; None where there is none yet."""
    with suppress(OSError):
        return (directory / "CURRENT").read_text().strip()
    return None


def _trusted(file: Path, opening: str) -> bool:
    """Say whether the tables of a file are of this version, and were open whenever the graph was written."""
    if not file.is_file():
        return False
    try:
        connection = _connected(file, "rw")
    except sqlite3.Error:
        return False
    try:
        return _current(connection, opening)
    finally:
        connection.close()


def _current(connection: sqlite3.Connection, opening: str | None) -> bool:
    try:
        meta = dict(connection.execute("SELECT name, value FROM meta WHERE name IN ('version', 'opening')"))
    except sqlite3.Error:
        return False
    return meta == {"version": VERSION, "opening": opening}


def _version(connection: sqlite3.Connection) -> int:
    """Return a number that is another after any other connection has written."""
    (number,) = connection.execute("PRAGMA data_version").fetchone()
    return int(number)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _statements(script: str) -> Iterator[str]:
    lines = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    return (statement for statement in lines.split(";") if statement.strip())
