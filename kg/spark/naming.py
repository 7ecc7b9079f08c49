"""Names resolved across all documents: which entity a name stands for, which proposition for its like, who holds which post.

Nodes are made of names, so that two documents which use one name already mean one node. What is left to do is what no document can
see alone.
"""

import functools
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from kg.graph.iris import Iris
from kg.graph.ledger.entries import Entry
from kg.graph.ledger.keys import Keys
from kg.graph.ledger.posts import BODIES, PERSONS, Posts, stated
from kg.graph.ledger.rows import KEYS, STATEMENT, Records, Row
from kg.graph.merging import standing
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance
from kg.spark.tables import columns


def renaming(entities: DataFrame, same: Iterable[Sequence[str]], iris: Iris) -> dict[str, str]:
    """Return for each name that another stands for that other, of those that documents use; each of `same` begins with its main name."""
    judged = {iris.entity(main): [iris.entity(name) for name in others] for main, *others in same}
    names = {node: str(iris.key(node.value)) for main, others in judged.items() for node in (main, *others)}
    used = {row.name for row in entities.where(F.col("name").isin([*names.values()])).select("name").distinct().collect()}
    groups = standing(judged, lambda node: names[node] in used)
    return {names[node]: names[nodes[0]] for nodes in groups for node in nodes[1:]}


def renamed(statements: DataFrame, names: dict[str, str], askers: Iterable[str]) -> DataFrame:
    """Return statements with one name for each entity, and one proposition for those that thereby say the same.

    Of several propositions the one stands that needed no other name or fewest, then the first by id: the store decides so, too.
    """
    if not names:
        return statements
    spark = statements.sparkSession
    table = F.broadcast(spark.createDataFrame([*names.items()], "former string, latter string"))
    found = statements.withColumns({"changed": F.lit(0)})
    for column, is_entity in (
        ("subject", F.col("subject_is_entity")),
        ("object", F.col("object_is_entity")),
        ("speaker", F.col("speaker_is_entity")),
        ("principal", F.lit(True)),
        ("voice", F.lit(True)),
    ):
        found = found.join(table, (F.col(column) == F.col("former")) & is_entity, "left")
        if column in ("subject", "object"):
            found = found.withColumn("changed", F.col("changed") + F.col("latter").isNotNull().cast("int"))
        found = found.withColumn(column, F.coalesce("latter", column)).drop("former", "latter")
    parts = ["subject", "subject_is_entity", "predicate", "object", "object_is_entity"]
    chosen = found.groupBy(parts).agg(F.min(F.struct("changed", "proposition")).alias("least"))
    alike = [F.col(f"found.{part}").eqNullSafe(F.col(f"chosen.{part}")) for part in parts]
    joined = found.alias("found").join(chosen.alias("chosen"), _all(alike))
    kept = {"proposition": F.col("chosen.least.proposition"), "asked": F.coalesce(F.col("found.speaker").isin([*askers]), F.lit(False))}
    return joined.select([kept.get(name, F.col(f"found.{name}")).alias(name) for name in STATEMENT])


def _all(conditions: Sequence[Column]) -> Column:
    first, *rest = conditions
    for one in rest:
        first = first & one
    return first


def placed(spark: SparkSession, statements: DataFrame, entities: DataFrame, iris: Iris) -> DataFrame:
    """Return statements with the posts of who speaks, and the keys by which they are compared: a shuffle by speaker."""
    base = iris.base
    ends = F.col("subject_is_entity") & F.col("object_is_entity")
    told = statements.where((F.col("stance") == Stance.ASSERTS) & (F.col("predicate") == Predicate.HOLDS_ROLE) & ends)
    told = told.join(_of(entities, PERSONS).withColumnRenamed("name", "subject"), "subject", "left_semi")
    told = told.join(_of(entities, BODIES).withColumnRenamed("name", "object"), "object", "left_semi")
    speaker = F.when(F.col("speaker_is_entity"), F.concat(F.lit("e"), "speaker")).otherwise(F.concat(F.lit("s"), "id"))
    both = told.select(F.concat(F.lit("e"), "subject").alias("whose"), F.lit(0).alias("last"), *STATEMENT).unionByName(
        statements.select(speaker.alias("whose"), F.lit(1).alias("last"), *STATEMENT)
    )

    def place(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
        records, keys = Records(Iris(base)), _keys()
        for _, group in groupby(rows, lambda row: row.whose):
            held: Posts | None = None
            holding: list[Entry] = []
            for row in group:
                entry = records.entry(row)
                if not row.last:
                    holding.append(entry)
                    continue
                if held is None:
                    held = Posts(post for post in map(stated, holding) if post is not None)
                known = held.placed(entry)
                related = keys.related(known)
                yield (*records.statement(known), [*map(str, keys.claim(known))], None if related is None else [*map(str, related)])

    shared = both.repartition("whose").sortWithinPartitions("whose", "last")
    return spark.createDataFrame(shared.rdd.mapPartitions(place), columns(STATEMENT, KEYS), verifySchema=False)


def _of(entities: DataFrame, kinds: Iterable[str]) -> DataFrame:
    return entities.where(F.col("kind").isin([*map(str, kinds)])).select("name").distinct()


@functools.cache
def _keys() -> Keys:
    """Return what claims are compared by, made once a process."""
    return Keys(Lexicon())
