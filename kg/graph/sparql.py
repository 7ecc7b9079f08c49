"""SPARQL for strangers: only queries, only over the store. Reads the query by tokens: names and texts may say what they like."""

import re

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.vocabulary import PREFIXES

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_TOKEN = re.compile(
    r"""(?P<text>\"{3}(?:\\.|(?!\"{3}).)*\"{3}|'{3}(?:\\.|(?!'{3}).)*'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<comment>\#[^\n\r]*)
    |(?P<name>[?$@]\w+|(?:[^\W\d][\w.\-]*)?:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\.)*)
    |(?P<word>[^\W\d]\w*)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def keywords(sparql: str) -> list[str]:
    """Return the bare words of a query in capitals: its keywords, and no word of a name, an IRI, a text or a comment.

    >>> keywords('SELECT ?service { <http://a/service> ex:service "SERVICE" } # SERVICE')
    ['SELECT']
    """
    return [match["word"].upper() for match in _TOKEN.finditer(sparql) if match["word"]]


def answer(graph: ox.Store, sparql: str) -> Answer:
    """Answer a query; the project's prefixes need not be declared. QueryError if malformed, an update, or if it calls SERVICE."""
    words = keywords(sparql)
    form = next((word for word in words if word in _FORMS or word in _UPDATES), None)
    if form in _UPDATES:
        raise QueryError(f"{form} would change the graph; only SELECT, ASK, CONSTRUCT and DESCRIBE are answered here")
    if "SERVICE" in words:
        raise QueryError("SERVICE would call another server; ask about this store only")
    try:
        return graph.query(sparql, prefixes=PREFIXES)
    except SyntaxError as error:
        raise QueryError(f"the query is not SPARQL 1.1: {' '.join(str(error).split())}; correct it at that place") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error
