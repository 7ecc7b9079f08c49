"""A build: which documents are to be read, who reads them, and what came of it. Loads slowly."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from kg.cli.done import FILE, Done, Entry, key_of, rules_digest
from kg.cli.meter import Advance
from kg.cli.model_reader import Tally
from kg.cli.reader import STDIN, Failure, Reader
from kg.cli.workers import Outcome, Task, read_by, read_here
from kg.graph.database import Place, address_of
from kg.graph.packing import Packed
from kg.graph.records import Change
from kg.graph.store import Store


class Building:
    """Reads documents into an open store; counts what failed, and what stayed unresolved by reason."""

    def __init__(self, reads: Reader, task: Task, graph: Store, place: Place) -> None:
        self._reads, self._task, self._graph = reads, task, graph
        self._rules = rules_digest(task.ner.value, lexicon=task.lexicon)
        self._done = Done(None if address_of(place) else Path(place) / FILE)
        self._keys: dict[Path, str] = {}  # of what is being read
        self._read: dict[str, Entry] = {}  # of what was read, by source, until the store has it
        self._unchanged = 0
        self.failures: list[Failure] = []
        self.unresolved: Counter[str] = Counter()

    def __enter__(self) -> Self:
        """Return the build itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let go of what is remembered of earlier builds."""
        self._done.close()

    def build(self, files: Sequence[Path], advance: Advance, workers: int) -> dict[Change, int]:
        """Read by rules, with so many processes, what has changed; return how many documents were added, unchanged, replaced."""
        unread, base = self._unread(files, advance), self._graph.iris.base
        together = workers > 1 and STDIN not in files
        outcomes = read_by(workers, self._task, unread, base) if together else read_here(self._reads, unread, base)
        changes = self._graph.bulk_load(self._packs(outcomes, advance), self._kept)
        changes[Change.UNCHANGED] += self._unchanged
        return changes

    def build_with_model(self, files: Sequence[Path], advance: Advance, tally: Tally) -> dict[Change, int]:
        """Read everything by the way that the reader was told; a model's answers are kept elsewhere."""
        outcomes = read_here(self._reads, files, self._graph.iris.base, tally)
        return self._graph.bulk_load(self._packs(outcomes, advance))

    def _packs(self, outcomes: Iterable[Outcome], advance: Advance) -> Iterator[Packed]:
        for outcome in outcomes:
            key = self._keys.pop(outcome.path, None)
            if isinstance(outcome, Failure):
                self.failures.append(outcome)
            else:
                self.unresolved.update(outcome.unresolved)
                if key is not None:
                    pack = outcome.pack
                    self._read[pack.source] = Entry(outcome.path.name, key, pack.document, pack.digest, outcome.unresolved)
                yield outcome.pack
            advance(outcome.path.name)

    def _unread(self, files: Iterable[Path], advance: Advance) -> Iterator[Path]:
        """Yield the files whose statements the store has not, or no longer, or of other rules."""
        for path in files:
            key = None if path == STDIN else key_of(path, self._reads.known(path), self._rules)
            entry = None if key is None else self._done.find(path.name, key)
            if entry is None or self._graph.digest_of(entry.document) != entry.digest:
                if key is not None:
                    self._keys[path] = key
                yield path
            else:
                self._unchanged += 1
                self.unresolved.update(entry.unresolved)
                advance(path.name)

    def _kept(self, packs: Sequence[Packed]) -> None:
        self._done.keep(self._read.pop(pack.source) for pack in packs if pack.source in self._read)
