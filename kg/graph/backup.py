"""A store in one file, and back: N-Quads as `export` sorts them, compressed, under a line that says how many they are and their SHA-256."""

import gzip
import hashlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.database import Place, address_of
from kg.graph.store import Store

_MARK = b"# corporate-statement-kg backup "
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself."""

    version: int
    base: str
    quads: int
    sha256: str


def backup(store: Store, output: IO[bytes]) -> int:
    """Write a store to a file, the same store always as the same bytes; return how many quads it holds."""
    nquads = store.export("nq")
    head = Head(1, store.iris.base, nquads.count(b"\n"), hashlib.sha256(nquads).hexdigest())
    with gzip.GzipFile(filename="", mode="wb", fileobj=output, mtime=0) as file:
        file.write(_MARK + json.dumps(asdict(head)).encode() + b"\n" + nquads)
    return head.quads


def restore(file: Path, place: Place) -> int:
    """Make a store of a backup, where there is none; return how many quads it holds.

    In a directory it is there whole or not at all; in a remote store each document is. StoreError where the file is not what it says it
    is, before anything is written, or where something is at the place already.
    """
    directory = None if address_of(place) else Path(place)
    if directory is not None and directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise StoreError(f"{directory}: there is something already, which is not overwritten; name a new directory")
    head, nquads = _read(file)
    if directory is None:
        with Store.open(place, base=head.base) as store:
            if len(store.export("nq")):
                raise StoreError(f"{place}: the store holds documents already, which are not overwritten; name an empty store")
            _fill(store, nquads, file)
        return head.quads
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        with Store.open(partial / "store", base=head.base) as store:
            _fill(store, nquads, file)
        os.rename(partial / "store", directory)  # noqa: PTH104 - over an empty directory, and over nothing else
    except OSError as error:
        raise StoreError(f"{directory}: nothing was restored ({error}); free some space or check your rights") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return head.quads


def _fill(store: Store, nquads: bytes, file: Path) -> None:
    store.restore(_quads(nquads, file))
    if store.export("nq") != nquads:
        raise StoreError(f"{file}: the store gives back other quads than were written; restore into a directory, and compare the two")


def _quads(nquads: bytes, file: Path) -> Iterator[Any]:
    try:
        yield from ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise StoreError(f"{file}: what it holds is not N-Quads ({error}); take another backup") from error


def _read(file: Path) -> tuple[Head, bytes]:
    try:
        with gzip.open(file) as stream:
            first, nquads = stream.readline(_HEAD_BYTES), stream.read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise StoreError(f"{file}: damaged, or no backup ({error}); take another backup") from error
    except OSError as error:
        raise StoreError(f"{file}: cannot be read ({error.strerror or error}); name a file that `kg backup` made") from error
    try:
        head = Head(**json.loads(first.removeprefix(_MARK)))
    except (ValueError, TypeError) as error:
        raise StoreError(f"{file}: no backup of a store; name a file that `kg backup` made") from error
    if not first.startswith(_MARK) or head.version != 1:
        raise StoreError(f"{file}: not a backup that this version knows; use the version that made it")
    if hashlib.sha256(nquads).hexdigest() != head.sha256 or nquads.count(b"\n") != head.quads:
        raise StoreError(f"{file}: damaged: its content is not what its first line says; take another backup")
    return head, nquads
