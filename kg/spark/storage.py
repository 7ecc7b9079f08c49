"""Folders where Spark writes: on this machine, in HDFS, at an object store. What is written there appears whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession

from kg.errors import StoreError

MARK = "built.json"  # in every folder that a build on Spark has made
_JUDGEMENTS = "judgements.tsv"  # lies in it, and is not made by it


class Folder:
    """A folder by its address."""

    def __init__(self, spark: SparkSession, address: str) -> None:
        """Take the address of a folder that is there or will be."""
        self._spark = spark
        jvm: Any = spark._jvm
        self._jvm = jvm
        self.path: Any = self._jvm.org.apache.hadoop.fs.Path(address)
        context: Any = spark.sparkContext._jsc
        self._system: Any = self.path.getFileSystem(context.hadoopConfiguration())

    def __str__(self) -> str:
        """Return the address."""
        return str(self.path.toString())

    def beside(self, ending: str) -> "Folder":
        """Return the folder of the same name with an ending."""
        return Folder(self._spark, f"{self}{ending}")

    def within(self, name: str) -> "Folder":
        """Return a file or folder in it."""
        return Folder(self._spark, f"{self}/{name}")

    def exists(self) -> bool:
        """Say whether it is there."""
        return bool(self._system.exists(self.path))

    def names(self) -> list[str]:
        """Return the names of what is in it, sorted."""
        return sorted(str(one.getPath().getName()) for one in self._system.listStatus(self.path))

    def move(self, to: "Folder") -> None:
        """Give it another address; StoreError where that cannot be."""
        if not self._system.rename(self.path, to.path):
            raise StoreError(f"{self} cannot be renamed to {to}; check your rights")

    def delete(self) -> None:
        """Let it be gone, with all that is in it."""
        self._system.delete(self.path, True)

    def write(self, data: bytes) -> None:
        """Let it be a file that holds these bytes."""
        stream = self._system.create(self.path, True)
        stream.write(bytearray(data))
        stream.close()

    def copy(self, to: "Folder") -> None:
        """Let there be a copy of a file."""
        context: Any = self._spark.sparkContext._jsc
        self._jvm.org.apache.hadoop.fs.FileUtil.copy(self._system, self.path, to._system, to.path, False, context.hadoopConfiguration())


@contextmanager
def replaced(folder: Folder) -> Iterator[Folder]:
    """Give a folder to write into, and at the end let it take the place of another; a build that ends early leaves that as it was.

    StoreError where something else lies there.
    """
    fresh, former = folder.beside(".building"), folder.beside(".former")
    if former.exists():  # a build was ended between two renames
        if folder.exists():
            former.delete()
        else:
            former.move(folder)
    if folder.exists() and folder.names() and MARK not in folder.names() and folder.names() != [_JUDGEMENTS]:
        raise StoreError(f"{folder}: holds something else than what a build on Spark made; name an empty or a new directory")
    fresh.delete()
    yield fresh
    if folder.exists():
        judgements = folder.within(_JUDGEMENTS)
        if judgements.exists():
            judgements.copy(fresh.within(_JUDGEMENTS))
        folder.move(former)
    fresh.move(folder)
    former.delete()
