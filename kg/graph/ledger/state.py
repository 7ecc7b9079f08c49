"""What a ledger is made of, as a digest: where it is another than the one written in the ledger, the ledger is out of date."""

from collections.abc import Iterable
from importlib.metadata import version

import pyoxigraph as ox

from kg.graph.iris import Iris
from kg.graph.vocabulary import DCT
from kg.model import digest, digest_of


def sight(lines: Iterable[str]) -> str:
    """Return a digest of which documents and judgements there are; the lines are those of their quads, sorted."""
    return digest_of(lines)


def document_line(document: str, name: str, iris: Iris) -> str:
    """Return the line by which a document is seen to be there."""
    return str(ox.Quad(iris.document(document), DCT["identifier"], ox.Literal(name)))


def state(seen: str, statements: int) -> str:
    """Return the digest of what a ledger is made of: `sight`, how many statements, and the code's version."""
    return digest(seen, str(statements), version("corporate-statement-kg"))
