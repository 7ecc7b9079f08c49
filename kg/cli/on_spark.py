"""A build on Spark as the verb asks for it: what goes to the executors, and how a document is read there. Loads slowly."""

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.cli.reader import STDIN, Failure, Reader, distinct, gather
from kg.cli.workers import Outcome, Task, pack, read_by, read_here
from kg.errors import ReadError
from kg.graph.iris import BASE
from kg.judgements import Judgements
from kg.reading import Metadata
from kg.reading.metadata import check_date
from kg.spark.build import Built, Wanted, build
from kg.spark.inputs import is_table
from kg.spark.reading import Gave, ship, shipped
from kg.spark.session import session


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads rows as one task says; its files go by the names under which they were sent."""

    task: Task
    index: str | None
    lexicon: str | None
    base: str

    def __call__(self, rows: Iterable[Any], *, apart: bool) -> Iterator[tuple[str, Gave | str]]:
        """Yield what each document gives, or why it gives nothing; `apart` has a process of their own read the files among them."""
        if apart:
            rows = list(rows)
            for outcome in read_by(1, self.here, [Path(row.path) for row in rows if row.path is not None], self.base):
                yield outcome.path.name, _given(outcome)
            rows = [row for row in rows if row.path is None]
        reads = _reader(self)
        for row in rows:
            yield row.source, _given(self._outcome(row, reads))

    def _outcome(self, row: Any, reads: Reader) -> Outcome:
        if row.path is not None:
            return next(read_here(reads, [Path(row.path)], self.base))
        stated = Metadata(row.title, row.publisher, row.published, row.author)
        return pack(Path(row.source), reads.attempt_row(row.source, row.text or "", stated), self.base)

    @property
    def here(self) -> Task:
        """The task with its files as they lie on this machine."""
        return replace(self.task, index=shipped(self.index), lexicon=shipped(self.lexicon))


def _given(outcome: Outcome) -> Gave | str:
    return str(outcome) if isinstance(outcome, Failure) else Gave(outcome.pack, outcome.unresolved)


@functools.cache
def _reader(reading: _Reading) -> Reader:
    """Return the reader of a process: words and weights are loaded once."""
    return reading.here.reader()


def build_on_spark(paths: Sequence[str], master: str, out: str, task: Task, judgements: Judgements, *, ledger: bool) -> Built:
    """Build into a folder, which a cluster has to reach as the driver does; every file is to lie under the same path on each machine."""
    tables = [path for path in paths if is_table(path)]
    rest = [Path(path) for path in paths if not is_table(path)]
    if STDIN in rest:
        raise ReadError("- : standard input is on no other machine; give files, folders or tables to Spark")
    files = gather(rest)
    distinct(files)
    if task.known.published:
        check_date(task.known.published, "--date")
    with session(master) as spark:
        context = spark.sparkContext
        reading = _Reading(task, ship(context, task.index), ship(context, task.lexicon), BASE)
        return build(spark, out, Wanted(files, tables, reading, judgements, ledger, BASE))
