"""Documents read by the executors: each gives its N-Quads and the rows of its statements, or the reason why it gives nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox
from pyspark import SparkContext, SparkFiles, TaskContext
from pyspark.sql import DataFrame, SparkSession

from kg.graph.access import by_node
from kg.graph.iris import Iris
from kg.graph.ledger.reading import Reading
from kg.graph.ledger.rows import Records, Row
from kg.graph.packing import Packed
from kg.graph.vocabulary import CLASSES, DCT, RDF
from kg.lexicon import Lexicon
from kg.model import Kind
from kg.spark.tables import READ, columns

_CAREFUL = 2  # attempts that have failed before: of four that Spark makes on a cluster
_KINDS = {node: Kind(kind).value for kind, node in CLASSES.items()}


@dataclass(frozen=True, slots=True)
class Gave:
    """What a document gave: its quads, and what stayed unresolved in it, by reason."""

    pack: Packed
    unresolved: Mapping[str, int]


class Reads(Protocol):
    """Reads rows of the input, in whatever order; of what it cannot read it gives the reason."""

    def __call__(self, rows: Iterable[Row], *, apart: bool) -> Iterator[tuple[str, Gave | str]]:
        """Yield for each row its source and what it gave; `apart` from this process, where it can be, for some row may end it."""
        ...


def ship(context: SparkContext, file: Path | None) -> str | None:
    """Send a file of the driver's to every executor; return what `shipped` knows it by."""
    if file is None:
        return None
    context.addFile(str(file.absolute()))
    return file.name


def shipped(name: str | None) -> Path | None:
    """Return where a file that was sent lies on this machine."""
    return None if name is None else Path(SparkFiles.get(name))


def read_all(spark: SparkSession, items: DataFrame, reads: Reads, base: str) -> DataFrame:
    """Return a row a document; `reads` goes to the executors, and there loads what it needs once a process.

    Where a task has failed twice, the third try reads in another process, so that a document which ends that fails alone.
    """

    def read(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
        iris = Iris(base)
        askers = Lexicon().words("askers")
        context = TaskContext.get()
        for source, gave in reads(rows, apart=context is not None and context.attemptNumber() >= _CAREFUL):
            yield (source, *[None] * 7, gave) if isinstance(gave, str) else (source, *_columns(gave, iris, askers), None)

    return spark.createDataFrame(items.rdd.mapPartitions(read), columns(READ), verifySchema=False)


def _columns(gave: Gave, iris: Iris, askers: Collection[str]) -> tuple[object, ...]:
    """Return all columns but the source and the failure."""
    document, records = gave.pack.document, Records(iris)
    triples = [*ox.parse(gave.pack.merged(), format=ox.RdfFormat.N_TRIPLES)]
    said = by_node(triples)
    entries, exchanges = Reading(iris, askers, {}).read(document, said)
    kinds = {(iris.key(one.subject.value), _KINDS[one.object]) for one in triples if one.predicate == RDF["type"] and one.object in _KINDS}
    return (
        document,
        said[iris.document(document)][DCT["identifier"]].value,
        gave.pack.nquads.decode().removesuffix("\n"),
        [records.statement(entry) for entry in entries],
        [records.exchange(exchange) for exchange in exchanges],
        sorted(kinds),
        dict(gave.unresolved),
    )
