"""What passes from one stage to the next as rows of tables; those of statements and exchanges are the ledger's (`kg.graph.ledger.rows`)."""

from collections.abc import Mapping
from types import MappingProxyType

from kg.graph.ledger.rows import EXCHANGE, STATEMENT

ENTITY: Mapping[str, str] = MappingProxyType({"name": "string", "kind": "string"})


def columns(*tables: Mapping[str, str]) -> str:
    """Return the columns of a table as Spark reads them.

    >>> columns({"id": "string"}, {"start": "int"})
    'id string, start int'
    """
    return ", ".join(f"{name} {kind}" for table in tables for name, kind in table.items())


def rows_of(table: Mapping[str, str]) -> str:
    """Return the type of a column that holds rows of a table.

    >>> rows_of({"id": "string", "start": "int"})
    'array<struct<id:string,start:int>>'
    """
    return f"array<struct<{','.join(f'{name}:{kind}' for name, kind in table.items())}>>"


READ: Mapping[str, str] = MappingProxyType(
    {
        "source": "string",
        "document": "string",
        "name": "string",
        "nquads": "string",
        "statements": rows_of(STATEMENT),
        "exchanges": rows_of(EXCHANGE),
        "entities": rows_of(ENTITY),
        "unresolved": "map<string,int>",
        "failure": "string",
    }
)  # a document that was read, or why it could not be
