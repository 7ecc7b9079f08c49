"""Servers of SPARQL on this machine for the tests: on free ports, in directories that go with them, ended with the test that asked."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

START_SECONDS = 60
STOP_SECONDS = 20
VIRTUOSO = shutil.which("virtuoso-t")
_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
ServerThreads = 10
CheckpointInterval = 0
ThreadsPerQuery = 2
AsyncQueueMaxThreads = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = {rows}
"""


def free_port() -> int:
    """Return a port of the loopback that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Server:
    """A server that can be ended and started again over the same directory."""

    name: str
    directory: Path
    address: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.directory / "server.log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        with httpx.Client(trust_env=False) as client:
            while time.monotonic() < deadline:
                with suppress(httpx.HTTPError):
                    if client.get(self.address, params={"query": "ASK {}"}).is_success:
                        return
                assert self.process.poll() is None, (self.directory / "server.log").read_text("utf-8", "replace")
                time.sleep(0.1)
        raise AssertionError(f"{self.name} does not answer: {(self.directory / 'server.log').read_text('utf-8', 'replace')}")

    def end(self) -> None:
        """Kill it, in the middle of whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
            self.process = None
        (self.directory / "virtuoso.lck").unlink(missing_ok=True)


@contextmanager
def oxigraph(directory: Path) -> Iterator[Server]:
    """Run `oxigraph serve`."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--location", str(directory / "data"), "--bind", f"127.0.0.1:{port}"]
    with _running(Server("oxigraph", directory, f"http://127.0.0.1:{port}/query", command)) as server:
        yield server


@contextmanager
def virtuoso(directory: Path, rows: int = 1_048_576) -> Iterator[Server]:
    """Run Virtuoso, whose answers have at most so many rows."""
    if VIRTUOSO is None:
        raise FileNotFoundError("no virtuoso-t on this machine; `make test` brings it, or type: apt-get install virtuoso-opensource-7")
    http = free_port()
    (directory / "virtuoso.ini").write_text(_INI.format(sql=free_port(), http=http, rows=rows), "utf-8")
    command = [VIRTUOSO, "+foreground", "+configfile", "virtuoso.ini"]
    credentials = {"KG_STORE_USER": "dba", "KG_STORE_PASSWORD": "dba"}
    with _running(Server("virtuoso", directory, f"http://127.0.0.1:{http}/sparql", command, credentials)) as server:
        yield server


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    earlier = {name: os.environ.get(name) for name in server.environment}
    os.environ.update(server.environment)
    try:
        server.start()
        yield server
    finally:
        server.end()
        for name, value in earlier.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
