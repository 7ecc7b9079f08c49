"""SPARQL for strangers: only queries, only over the store. Terminals say what form a query has and whether it may run.

A query that calls SERVICE, or is an update, is refused here. What is handed on for parsing is written out from the same terminals, so that
both readings agree: `?a<?b#>` is an IRI to one grammar and a comparison with a comment to another, and a keyword could hide in between.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kg.errors import QueryError
from kg.graph.database import Answer, Database
from kg.graph.faults import syntax_fault
from kg.graph.vocabulary import PREFIXES


class Form(StrEnum):
    """The four kinds of query; the first two have results, the others a graph."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is triples."""
        return self in {Form.CONSTRUCT, Form.DESCRIBE}


class UpdateRefused(QueryError):
    """Something that would change the store."""


class ServiceRefused(QueryError):
    """A query that would call another server."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that may run, written out so that it can be read in one way only."""

    text: str
    form: Form


_NAME = r"A-Za-z0-9_\-\u0080-\U0010ffff"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[{_NAME}:]|{_ESCAPED})(?:[{_NAME}:]|{_ESCAPED}|\.++(?=[{_NAME}:%\\]))*+"
_WORD = rf"[A-Za-z\u0080-\U0010ffff](?:[{_NAME}]|\.++(?=[{_NAME}]))*+"
# Possessive, and a word as long as the prefix of a name may be: so no character is looked at more than a few times, whatever is sent.
_TERMINALS = {
    "blank": r"[ \t\r\n]++",
    "comment": r"#[^\r\n]*+",
    "iri": r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>",
    "text": r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+'''",
    "string": r"\"(?:[^\"\\\r\n]|\\.)*+\"|'(?:[^'\\\r\n]|\\.)*+'",
    "variable": r"[?$][A-Za-z0-9_\u0080-\U0010ffff]++",
    "language": r"@[A-Za-z]++(?:-++[A-Za-z0-9]++)*+",
    "node": rf"_:[A-Za-z0-9_\u0080-\U0010ffff](?:[{_NAME}]|\.++(?=[{_NAME}]))*+",
    "name": rf"(?:{_WORD})?:(?:{_LOCAL})?",
    "word": _WORD,
    "number": r"(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?",
    "mark": r"<=|<<\(?|[{}()\[\];,.=!<>+\-*/|^&?~]",
}
_TERMINAL = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _TERMINALS.items()), re.DOTALL)
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})
_UNAMBIGUOUS = re.compile(r"[^A-Za-z0-9:/._~\\\u0080-\U0010ffff-]")


class Terminal(NamedTuple):
    """A piece of SPARQL: its kind, as in `_TERMINALS`, its text and the line that it begins in."""

    kind: str
    text: str
    line: int


def read_query(text: str) -> Query:
    """Return the query in `text`; raise QueryError where it cannot be read, is an update or calls SERVICE.

    >>> read_query("PREFIX kg: <https://example.org/> ASK { ?谁 kg:denies ?何事 } # 否认").form
    <Form.ASK: 'ASK'>
    >>> read_query("SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }")
    Traceback (most recent call last):
    kg.graph.sparql.ServiceRefused: line 1: SERVICE is refused: no other server is asked; ask it yourself and put its rows in VALUES
    """
    terminals = list(terminals_of(text))
    if "SERVICE" in text.upper():
        for terminal in terminals:
            refuse_service(terminal)
    words = (terminal.text.upper() for terminal in terminals if terminal.kind == "word")
    form = next((word for word in words if word not in _PROLOGUE), None)
    if form in _UPDATES:
        raise UpdateRefused(f"{form} would change the graph, which is only asked here; ask with SELECT, ASK, CONSTRUCT or DESCRIBE")
    if form is None or form not in Form.__members__:
        raise QueryError(f"the query begins with {form or 'nothing'}; it must be a SELECT, ASK, CONSTRUCT or DESCRIBE")
    return Query("".join(map(written_out, terminals)), Form(form))


def answer(graph: Database, sparql: str) -> Answer:
    """Answer a query; the project's prefixes need not be declared. QueryError if malformed, an update, or if it calls SERVICE."""
    query = read_query(sparql)
    try:
        return graph.query(query.text, prefixes=PREFIXES)
    except SyntaxError as error:
        raise QueryError(f"the query is not SPARQL 1.1: {syntax_fault(error, query.text)}; correct it at that place") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def terminals_of(text: str) -> Iterator[Terminal]:
    """Yield all terminals, blanks and comments too."""
    position, line = 0, 1
    for match in _TERMINAL.finditer(text):
        if match.start() != position or match.lastgroup is None:
            break
        found = match[0]
        yield Terminal(match.lastgroup, found, line)
        position += len(found)
        if "\n" in found:
            line += found.count("\n")
    if position < len(text):
        raise QueryError(f"line {line}: {text[position : position + 20]!r} is not SPARQL; check the quotes and brackets before it")


def refuse_service(terminal: Terminal) -> None:
    """Raise ServiceRefused at the keyword, however it is run together with what stands beside it (`SERVICESILENT`, `SERVICE:x`)."""
    keyword = terminal.text.partition(":")[0] if terminal.kind == "name" else terminal.text
    if terminal.kind in {"word", "name"} and "SERVICE" in keyword.upper():
        remedy = "ask it yourself and put its rows in VALUES"
        if terminal.kind == "name":
            remedy = f"if {keyword}: is meant as a prefix, give it another name"
        raise ServiceRefused(f"line {terminal.line}: SERVICE is refused: no other server is asked; {remedy}")


def written_out(terminal: Terminal) -> str:
    """Return the terminal so that no grammar can read it as anything else."""
    if terminal.kind == "comment":
        return ""
    if terminal.kind == "iri" and _UNAMBIGUOUS.search(terminal.text, 1, len(terminal.text) - 1):
        return "<" + _UNAMBIGUOUS.sub(lambda match: f"\\u{ord(match[0]):04X}", terminal.text[1:-1]) + ">"
    return "< " if terminal.text == "<" else terminal.text
