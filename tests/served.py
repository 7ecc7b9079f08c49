"""A server in a process of its own, and the test's end of it."""

import os
import select
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from api.server import run
from api.settings import Settings

_STANDARD_ERROR = 2


def main(settings: str, environment: Mapping[str, str], directory: Path, log: "Connection[str, None]") -> None:
    """Serve as the settings say, on a free loopback port, in an environment and a directory; what is printed goes to the log."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(directory)
    os.dup2(log.fileno(), _STANDARD_ERROR)
    log.close()
    run(eval(settings, {"Path": Path, "Settings": Settings}), "127.0.0.1", 0)


@dataclass(frozen=True)
class Served:
    """A running server, and what it prints on standard error."""

    process: ForkServerProcess
    log: "Connection[None, str]"

    @property
    def pid(self) -> int:
        """The process."""
        assert self.process.pid is not None
        return self.process.pid

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        with suppress(ProcessLookupError):  # gone, though its parent, the fork server, has not told so yet
            if self.process.is_alive():
                os.kill(self.pid, number)

    def wait(self, seconds: float) -> None:
        """Wait for its end; TimeoutError where that takes longer."""
        self.process.join(seconds)
        if self.process.is_alive():
            raise TimeoutError(f"the server did not end within {seconds:g} s")

    def printed(self, seconds: float, end: bytes = b"") -> bytes:
        """Return what it prints until something ends with `end`, by default until it and its workers are gone; at most for so long."""
        deadline, printed = time.monotonic() + seconds, b""
        while (left := deadline - time.monotonic()) > 0 and not (end and printed.endswith(end)):
            if select.select([self.log], [], [], left)[0]:
                chunk = os.read(self.log.fileno(), 1 << 16)
                if not chunk:
                    return printed
                printed += chunk
        if end:
            return printed
        raise TimeoutError(f"the server or a worker of it did not end within {seconds:g} s")
