# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that sends N-Quads to another store: load."""

import gzip
import json
import sys
import zlib
from contextlib import closing
from pathlib import Path
from typing import IO, Annotated

import typer

from kg.cli.output import note, say
from kg.errors import StoreError
from kg.model import digest

Address = Annotated[str, typer.Argument(metavar="STORE-URL", help="Where the store answers queries.", show_default=False)]
Source = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="N-Quads, also as .gz; the folder of a build on Spark; or - for standard input.", show_default=False
    ),
]
Again = Annotated[bool, typer.Option("--from-start", help="Send all of it, whatever was sent before.")]


def load(address: Address, file: Source, *, from_start: Again = False) -> None:
    """Send N-Quads to a store that speaks SPARQL 1.1.

    They go in requests of some hundred quads. How far a file has come is kept in FILE.sent until all of it is there, so that the same
    command goes on where it was interrupted. Quads without a graph go into the store's default graph.

    \\b
    Examples:
      kg load http://127.0.0.1:7878/query graph.nq
      kg load http://127.0.0.1:7878/query built-on-spark/
      kg export --store graph --format nq | kg load http://127.0.0.1:7878/query -
    """
    from kg.graph.endpoints import Endpoints
    from kg.graph.sending import Sent, send

    endpoints = Endpoints.of(address)
    with closing(endpoints):
        if file == Path("-"):
            say(f"sent: {send(sys.stdin.buffer, endpoints).quads} quads to {address}")
            return
        mark = file.with_name(f"{file.name}.sent")
        quads = 0
        try:
            parts = _parts(file)
            states = [part.stat() for part in parts]
            whither = digest(endpoints.query, *(f"{state.st_size} {state.st_mtime_ns}" for state in states))
            begun, offset = (0, 0) if from_start else _sent(mark, whither)
            for number, part in enumerate(parts[begun:], begun):

                def keep(sent: Sent, number: int = number) -> None:
                    partial = mark.with_name(f"{mark.name}.partial")
                    partial.write_text(json.dumps({"to": whither, "part": number, "bytes": sent.offset}), "utf-8")
                    partial.replace(mark)

                if offset:
                    note(f"kg: {offset} bytes of {part} were sent before; going on after them")
                with _opened(part) as source:
                    source.seek(offset)
                    quads += send(source, endpoints, keep, offset).quads
                offset = 0
        except (OSError, EOFError, zlib.error) as error:
            if isinstance(error, StoreError):
                raise
            reason = getattr(error, "strerror", None) or error
            raise StoreError(f"{file}: cannot be read, or {mark} not be written ({reason}); check path and rights") from error
        mark.unlink(missing_ok=True)
    say(f"sent: {quads} quads of {file} to {address}")


def _parts(file: Path) -> list[Path]:
    """Return the files to send: the one that is named, or those that a build on Spark wrote into the folder that is."""
    if not file.is_dir():
        return [file]
    parts = sorted(file.glob("*/part-*.nq.gz"))
    if not parts:
        raise StoreError(f"{file}: holds no part-….nq.gz in a folder of its own, as `kg build --engine spark` writes them; name another")
    return parts


def _opened(part: Path) -> IO[bytes]:
    return gzip.open(part) if part.suffix == ".gz" else part.open("rb")  # type: ignore[return-value]  # what is read is bytes


def _sent(mark: Path, whither: str) -> tuple[int, int]:
    """Return how many files, and bytes of the next, the same store has taken already."""
    try:
        kept = json.loads(mark.read_text("utf-8"))
        return (int(kept["part"]), int(kept["bytes"])) if kept["to"] == whither else (0, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0
