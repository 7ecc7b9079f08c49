"""The ledger by shuffles: what has a key in common is brought together, and compared by the very code that one machine compares it by."""

import functools
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import pyoxigraph as ox
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kg.graph.iris import Iris
from kg.graph.ledger.comparing import Comparing
from kg.graph.ledger.rows import EXCHANGE, STATEMENT, Records, Row
from kg.graph.ledger.triples import entry_triples, related_triples
from kg.graph.literals import Triple
from kg.lexicon import Lexicon

_FOUND = "line string, document string, rumour string, denial string"  # a line of the ledger, or a denial within a document
_LINE = "line string"
Found = tuple[str | None, str | None, str | None, str | None]


class Ledger:
    """The ledger of statements that are placed (`naming.placed`) and of the exchanges of their documents."""

    def __init__(self, spark: SparkSession, statements: DataFrame, exchanges: DataFrame, base: str) -> None:
        """Take the tables."""
        self._spark, self._statements, self._exchanges, self._base = spark, statements, exchanges, base

    def by_claim(self) -> DataFrame:
        """Return what is found among the statements of each claim: lines, and which rumours are denied in their own document."""
        base = self._base

        def compare(rows: Iterable[Row]) -> Iterator[Found]:
            iris = Iris(base)
            records, comparing = Records(iris), _comparing(base)
            for claim, group in groupby(rows, lambda row: tuple(row.claim)):
                triples, pairs = comparing.of_claim(claim, records.entries(group))
                for one in _lines(triples, iris):
                    yield one, None, None, None
                for document, (rumour, denial) in pairs:
                    yield None, document, rumour, denial

        return self._mapped(self._statements.repartition("claim").sortWithinPartitions("claim"), compare, _FOUND)

    def lines(self, by_claim: DataFrame) -> DataFrame:
        """Return the whole ledger but its state, each line once; `by_claim` is what that gave."""
        parts = [by_claim.where("line IS NOT NULL").select("line"), self._of_each(), self._by_document(by_claim), self._related()]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.unionByName(part)
        return whole.distinct()

    def _of_each(self) -> DataFrame:
        base = self._base

        def write(rows: Iterable[Row]) -> Iterator[tuple[str]]:
            iris = Iris(base)
            records = Records(iris)
            for row in rows:
                for one in _lines(entry_triples(records.entry(row), iris), iris):
                    yield (one,)

        return self._mapped(self._statements, write, _LINE)

    def _by_document(self, by_claim: DataFrame) -> DataFrame:
        base = self._base
        statements = self._statements.groupBy("document").agg(F.collect_list(F.struct(*STATEMENT)).alias("statements"))
        exchanges = self._exchanges.groupBy("document").agg(F.collect_list(F.struct(*EXCHANGE)).alias("exchanges"))
        pairs = by_claim.where("rumour IS NOT NULL").groupBy("document").agg(F.collect_list(F.struct("rumour", "denial")).alias("denied"))
        together = statements.join(exchanges, "document", "full").join(pairs, "document", "left")

        def compare(rows: Iterable[Row]) -> Iterator[tuple[str]]:
            iris = Iris(base)
            records, comparing = Records(iris), _comparing(base)
            for row in rows:
                answered = sorted(map(records.answered, row.exchanges or ()), key=lambda one: one.answer)
                denied = [(pair.rumour, pair.denial) for pair in row.denied or ()]
                for one in _lines(comparing.of_document(records.entries(row.statements or ()), answered, denied), iris):
                    yield (one,)

        return self._mapped(together, compare, _LINE)

    def _related(self) -> DataFrame:
        base = self._base
        classes = self._statements.where("related IS NOT NULL").groupBy("related").agg(F.collect_set("proposition").alias("propositions"))

        def join(rows: Iterable[Row]) -> Iterator[tuple[str]]:
            iris = Iris(base)
            for row in rows:
                for one in _lines(related_triples(map(iris.proposition, row.propositions)), iris):
                    yield (one,)

        return self._mapped(classes, join, _LINE)

    def _mapped(self, table: DataFrame, work: Callable[[Iterable[Row]], Iterator[tuple[object, ...]]], schema: str) -> DataFrame:
        return self._spark.createDataFrame(table.rdd.mapPartitions(work), schema, verifySchema=False)


def _lines(triples: Iterable[Triple], iris: Iris) -> Iterator[str]:
    for triple in triples:
        yield f"{ox.Quad(*triple, iris.ledger)} ."


@functools.cache
def _comparing(base: str) -> Comparing:
    """Return what compares, made once a process."""
    return Comparing(Lexicon(), Iris(base))
