"""A build on Spark: documents read, names resolved, statements compared, and all of it in one folder that is there whole or not at all."""

import gzip
import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kg.errors import EngineError
from kg.graph.iris import Iris
from kg.graph.ledger.rows import KEYS, STATEMENT, Row
from kg.graph.ledger.state import document_line, sight, state
from kg.graph.merging import judged
from kg.graph.rdf import lines
from kg.graph.records import Summary
from kg.graph.vocabulary import TERMS
from kg.judgements import Judgements, Verdict
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Stance
from kg.spark.comparing import Ledger
from kg.spark.inputs import documents
from kg.spark.naming import placed, renamed, renaming
from kg.spark.reading import Reads, read_all
from kg.spark.storage import MARK, Folder, replaced
from kg.spark.tables import READ, columns

_COMPARED = 1000  # documents whose statements one task joins
_PARTITIONS = "spark.sql.shuffle.partitions"
_FAILURES = 1000  # that are named; all are in the folder


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read, by what, how names were judged, and whether statements are compared."""

    files: Sequence[Path]
    tables: Sequence[str]
    reads: Reads
    judgements: Judgements
    ledger: bool
    base: str


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a build: what there is, which documents failed and why (the first thousand), what stayed unresolved by reason."""

    summary: Summary
    failed: int
    failures: tuple[str, ...]
    unresolved: Counter[str]


def build(spark: SparkSession, out: str, wanted: Wanted) -> Built:
    """Build into a folder; what an earlier build left there is replaced at the end."""
    with replaced(Folder(spark, out)) as fresh:
        items, number = documents(spark, wanted.files, wanted.tables)
        spark.conf.set(_PARTITIONS, str(max(number // _COMPARED, int(str(spark.conf.get(_PARTITIONS))))))
        staged = fresh.within("_read")
        read_all(spark, items, wanted.reads, wanted.base).write.parquet(str(staged))
        read = spark.read.schema(columns(READ)).parquet(str(staged))
        outcomes = _complete(read, number)
        _text(read.where("nquads IS NOT NULL").select("nquads"), fresh.within("documents"))
        read.where("failure IS NOT NULL").select("source", F.col("failure").alias("reason")).coalesce(1).write.json(
            str(fresh.within("failures"))
        )
        built = _Build(spark, wanted, fresh, read)
        built.statements()
        built.judged()
        if wanted.ledger:
            built.ledger()
        done = built.counted(outcomes)
        staged.delete()
        fresh.within(MARK).write(json.dumps({"documents": done.summary.documents, "base": wanted.base}).encode())
    return done


def _complete(read: DataFrame, number: int) -> tuple[int, int]:
    """Make sure that every document was read, or has failed, once; return how many were and have."""
    counts = F.count("*").alias("rows"), F.count_distinct("source").alias("sources"), F.count("failure").alias("failed")
    (row,) = read.agg(*counts).collect()
    if not row.rows == row.sources == number:
        raise EngineError(f"of {number} documents {row.sources} were read, in {row.rows} rows; the input changed meanwhile, so build again")
    return row.rows - row.failed, row.failed


def _text(table: DataFrame, folder: Folder) -> None:
    """Write a table of lines as compressed N-Quads."""
    table.write.text(str(folder), compression="gzip")
    parts = [name for name in folder.names() if name.startswith("part-")]
    for number, name in enumerate(parts):
        folder.within(name).move(folder.within(f"part-{number:05}.nq.gz"))


class _Build:
    """The steps after reading, each of which writes a part of the folder."""

    def __init__(self, spark: SparkSession, wanted: Wanted, folder: Folder, read: DataFrame) -> None:
        self._spark, self._wanted, self._folder, self._read = spark, wanted, folder, read
        self._iris = Iris(wanted.base)
        self._entities = self._each("entities")
        self._number = 0

    def _each(self, column: str) -> DataFrame:
        return self._read.select(F.explode(column).alias("one")).select("one.*")

    @property
    def _stated(self) -> DataFrame:
        return self._spark.read.schema(columns(STATEMENT, KEYS)).parquet(str(self._folder.within("statements")))

    def statements(self) -> None:
        """Write the table of statements, with the names and posts that all documents together show."""
        stated = self._each("statements")
        names = renaming(self._entities, self._wanted.judgements.entities, self._iris)
        if names:
            table = F.broadcast(self._spark.createDataFrame([*names.items()], "name string, latter string"))
            self._entities = self._entities.join(table, "name", "left").select(F.coalesce("latter", "name").alias("name"), "kind")
        stated = renamed(stated, names, Lexicon().words("askers"))
        placed(self._spark, stated, self._entities, self._iris).write.parquet(str(self._folder.within("statements")))
        self._number = self._stated.count()

    def judged(self) -> None:
        """Write the judgements, where there are any."""
        quads = self._judgements()
        if quads:
            self._folder.within("judgements").within("part-00000.nq.gz").write(gzip.compress(lines(quads), mtime=0))

    def _judgements(self) -> set[ox.Quad]:
        made = self._wanted.judgements
        return judged(self._iris, made.entities, [(one.first, one.second) for one in made.made if one.verdict is Verdict.DIFFERENT])

    def ledger(self) -> None:
        """Write the ledger."""
        ledger = Ledger(self._spark, self._stated, self._each("exchanges"), self._wanted.base)
        staged = self._folder.within("_claims")
        by_claim = ledger.by_claim()
        by_claim.write.parquet(str(staged))
        kept = self._spark.read.schema(by_claim.schema).parquet(str(staged))
        mark = ox.Quad(self._iris.ledger, TERMS["ledgerState"], ox.Literal(self._state()), self._iris.ledger)
        whole = ledger.lines(kept).unionByName(self._spark.createDataFrame([(f"{mark} .",)], "line string"))
        _text(whole.sort("line"), self._folder.within("ledger"))
        staged.delete()

    def _state(self) -> str:
        """Return what a store that holds the same would say its ledger is made of."""
        base = self._wanted.base

        def seen(rows: Iterable[Row]) -> Iterator[tuple[str]]:
            iris = Iris(base)
            for row in rows:
                yield (document_line(row.document, row.name, iris),)

        read = self._read.where("failure IS NULL").select("document", "name")
        found = self._spark.createDataFrame(read.rdd.mapPartitions(seen), "line string", verifySchema=False).sort("line")
        seen_lines = (str(row.line) for row in found.toLocalIterator())
        return state(sight(heapq.merge(seen_lines, sorted(map(str, self._judgements())))), self._number)

    def counted(self, outcomes: tuple[int, int]) -> Built:
        """Return what there is, of so many documents that were read and that failed."""
        read, failed = outcomes
        said = self._stated.cube("stance", "predicate").agg(F.count("*").alias("n"), F.count_distinct("proposition").alias("propositions"))
        stated = {(row.stance, row.predicate): row for row in said.collect()}
        named = self._entities.rollup("kind").agg(F.count_distinct("name").alias("n"))
        kinds = {row.kind: row.n for row in named.collect()}
        failures = self._read.where("failure IS NOT NULL").orderBy("source").limit(_FAILURES).collect() if failed else []
        reasons = self._read.select(F.explode("unresolved").alias("reason", "n")).groupBy("reason").agg(F.sum("n").alias("n"))
        summary = Summary(
            documents=read,
            statements=self._number,
            propositions=stated[None, None].propositions if stated else 0,
            entities=kinds.get(None, 0),
            by_stance=tuple((stance, stated[stance, None].n if (stance, None) in stated else 0) for stance in Stance),
            by_predicate=tuple((predicate, stated[None, predicate].n if (None, predicate) in stated else 0) for predicate in Predicate),
            by_kind=tuple((kind, kinds.get(kind, 0)) for kind in Kind),
        )
        unresolved = Counter({row.reason: row.n for row in reasons.orderBy("reason").collect()})
        return Built(summary, failed, tuple(row.failure for row in failures), unresolved)
