"""Tables that take long to make, kept in the user's cache directory in parts, of which one is read when it is asked for.

A shelf is no more than a shortcut: where it is missing, damaged, anybody else's or of another version, there is none, and the table is
made again. It is written whole under another name and then renamed, so that nobody reads half of one.
"""

import marshal
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

_NAME: Final = "corporate-statement-kg"
_HEAD: Final = 8  # bytes: the checksum of what comes after it, and the length of the list of parts
_KEPT: Final = 4  # shelves of one kind: of other versions, and of lexicons with a user's names
_OTHERS: Final = 0o022  # may write


class Shelf(Mapping[str, Any]):
    """The parts of a table by name: numbers, texts, tuples, lists and dictionaries of such. Each look-up reads the part anew."""

    def __init__(self, content: bytes) -> None:
        """Take what a file holds; ValueError where that is damaged."""
        view = memoryview(content)
        if len(content) < _HEAD or zlib.crc32(view[4:]) != int.from_bytes(view[:4], "big"):
            raise ValueError("a damaged shelf")
        begin = _HEAD + int.from_bytes(view[4:_HEAD], "big")
        self._places: dict[str, tuple[int, int]] = marshal.loads(view[_HEAD:begin])
        self._parts = view[begin:]

    def __getitem__(self, name: str) -> Any:
        """Return a part; KeyError where there is none."""
        start, end = self._places[name]
        return marshal.loads(self._parts[start:end])

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._places)

    def __len__(self) -> int:
        """Count the parts."""
        return len(self._places)


def packed(parts: Mapping[str, Any]) -> bytes:
    """Return the file of a shelf.

    >>> Shelf(packed({"华": {"华为": 1}}))["华"]
    {'华为': 1}
    """
    places, written, size = {}, [], 0
    for name, part in parts.items():
        content = marshal.dumps(part)
        places[name] = (size, size + len(content))
        written.append(content)
        size += len(content)
    listed = marshal.dumps(places)
    rest = b"".join((len(listed).to_bytes(4, "big"), listed, *written))
    return zlib.crc32(rest).to_bytes(4, "big") + rest


def kept(kind: str, key: str) -> Shelf | None:
    """Return the shelf of a kind that was kept under a key by this version of Python; None where there is none to be trusted."""
    path = _path(kind, key)
    if path is None:
        return None
    try:
        return Shelf(path.read_bytes()) if _own(path) and _own(path.parent) else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def keep(kind: str, key: str, parts: Mapping[str, Any]) -> None:
    """Keep a shelf, and the latest few of its kind beside it; where nothing can be written, nothing is kept."""
    path = _path(kind, key)
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _own(path.parent):
            _write(path, packed(parts))
            older = sorted(path.parent.glob(f"{kind}-*.shelf"), key=lambda one: one.stat().st_mtime, reverse=True)
            for one in older[_KEPT:]:
                one.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _path(kind: str, key: str) -> Path | None:
    """Return where a shelf is kept: under XDG_CACHE_HOME, by default ~/.cache. None for who has no home."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or "")
    if not home.is_absolute():
        try:
            home = Path.home() / ".cache"
        except RuntimeError:
            return None
    version = sha256(f"{sys.version}\x1f{key}".encode()).hexdigest()[:16]
    return home / _NAME / "tables" / f"{kind}-{version}.shelf"


def _own(path: Path) -> bool:
    """Say whether a file or folder is the user's, and nobody else may write to it."""
    if not hasattr(os, "getuid"):
        return True  # on Windows a user's folder is nobody else's
    status = path.stat()
    return status.st_uid == os.getuid() and not status.st_mode & _OTHERS
