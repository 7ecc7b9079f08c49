"""Where documents come from: files that every executor sees under the same path, and tables in Parquet or JSON Lines."""

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, StringType

from kg.errors import ReadError
from kg.spark.tables import columns

ITEM = {"source": "string", "path": "string", "text": "string", "title": "string", "publisher": "string", "published": "string",
        "author": "string"}  # fmt: skip
_NEEDED = ("source", "text")
_SYNONYMS = {"name": "source", "date": "published"}
_JSON = re.compile(r"\.(?:jsonl|ndjson)(?:\.gz)?/?$", re.IGNORECASE)
_PARQUET = re.compile(r"\.parquet/?$", re.IGNORECASE)
_TOGETHER = 500  # documents that one task reads: half a minute of work, so that little is lost with an executor
_NAMED = 3  # sources that a message names


def is_table(address: str) -> bool:
    """Say whether a path is that of a table of documents.

    >>> is_table("hdfs://archive/2021.parquet"), is_table("news/*.jsonl"), is_table("notice.txt")
    (True, True, False)
    """
    return bool(_JSON.search(address) or _PARQUET.search(address))


def documents(spark: SparkSession, files: Sequence[Path], tables: Sequence[str]) -> tuple[DataFrame, int]:
    """Return the documents of files and tables, each source once, and how many there are.

    They are shared out by source, so that the same documents lie in the same partitions wherever they come from. ReadError where
    two have one source, for in a store the one would replace the other, or where a table lacks a column.
    """
    parts = [_of_table(spark, address) for address in tables]
    if files:
        rows = [(file.name, str(file.absolute()), None, None, None, None, None) for file in files]
        parts.append(spark.createDataFrame(rows, columns(ITEM), verifySchema=False))
    found = reduce(DataFrame.unionByName, parts)
    number = _counted(found)
    least = spark.sparkContext.defaultParallelism
    return found.repartition(max(least, -(-number // _TOGETHER)), "source").sortWithinPartitions("source"), number


def _counted(found: DataFrame) -> int:
    """Return how many documents there are; ReadError where they have not each a source of its own."""
    named = found.select(F.trim("source").alias("source")).groupBy("source").count()
    nameless = F.col("source").isNull() | (F.col("source") == "")
    (row,) = named.agg(F.sum("count").alias("all"), F.max("count").alias("most"), F.count_if(nameless).alias("nameless")).collect()
    if row.nameless:
        raise ReadError("a table has rows whose source is empty; give each document a name of its own there")
    if row.most is not None and row.most > 1:
        twice = named.where("count > 1").orderBy("source").limit(_NAMED).collect()
        names = ", ".join(one.source for one in twice)
        raise ReadError(f"{names}: the name of more than one document, which would replace another; rename one")
    return row["all"] or 0


def _of_table(spark: SparkSession, address: str) -> DataFrame:
    """Return the documents of a table: `source` and `text`, and any of `title`, `publisher`, `published`, `author`, all of them texts."""
    try:
        table = spark.read.parquet(address) if _PARQUET.search(address) else spark.read.json(address)
        kinds = {field.name: field.dataType for field in table.schema.fields}
    except AnalysisException as error:
        raise ReadError(f"{address}: cannot be read as a table ({str(error).splitlines()[0]}); check the path") from error
    chosen: Mapping[str, str] = {_SYNONYMS.get(name, name): name for name in sorted(kinds, key=lambda name: name not in _SYNONYMS)}
    missing = [name for name in _NEEDED if name not in chosen]
    if missing:
        raise ReadError(
            f"{address}: no column {missing[0]!r} among {', '.join(kinds) or 'none'}; a table of documents has source and text, "
            "and may have title, publisher, published and author"
        )
    wrong = [chosen[name] for name in ITEM if name in chosen and not isinstance(kinds[chosen[name]], StringType | DateType)]
    if wrong:
        raise ReadError(f"{address}: the column {wrong[0]!r} is {kinds[wrong[0]].simpleString()}, and has to be text; cast it")
    return table.select([_column(name, chosen) for name in ITEM])


def _column(name: str, chosen: Mapping[str, str]) -> Column:
    known = name in chosen and name != "path"
    return (F.col(f"`{chosen[name]}`") if known else F.lit(None)).cast("string").alias(name)
