"""The competency questions of ontology/questions: SPARQL files whose header says their name, parameters and meaning.

A parameter is a variable of the query that may be bound: `about=entity` takes an entity's name, `by=date` a date, which stands for its
last day, `since=from` a date, which stands for its first.
What is not bound is asked of all.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.iris import Iris
from kg.graph.periods import bounds
from kg.graph.sparql import terminals_of
from kg.graph.vocabulary import XSD
from ontology.terms import DIRECTORY

_HEADER = re.compile(r"# (name|parameters|meaning|meaning-zh): *(.*)")
_OUTERMOST = "WHERE {"  # of the whole query: it comes first
_TYPES = frozenset({"entity", "date", "from"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question that anyone may ask; `parameters` gives each its type: entity, date or from."""

    name: str
    parameters: Mapping[str, str]
    meaning: str
    meaning_zh: str
    sparql: str

    def bound(self, given: Mapping[str, str], iris: Iris) -> str:
        """Return the query with the given values in it, as VALUES that any SPARQL 1.1 store understands.

        QueryError for a parameter that the question has not.
        """
        values = []
        for parameter, value in sorted(given.items()):
            if parameter not in self.parameters:
                raise QueryError(f"question {self.name} has no parameter {parameter!r}; it takes {', '.join(self.parameters) or 'none'}")
            kind = self.parameters[parameter]
            day = bounds(value)[0 if kind == "from" else 1] if kind != "entity" else None
            term = iris.entity(value) if day is None else ox.Literal(day.isoformat(), datatype=XSD["date"])
            values.append(f"\n  VALUES ?{parameter} {{ {term} }}")
        return self.sparql.replace(_OUTERMOST, _OUTERMOST + "".join(values), 1)


@functools.cache
def questions() -> Mapping[str, Question]:
    """Return all questions by name."""
    return MappingProxyType({question.name: question for question in map(_read, sorted((DIRECTORY / "questions").glob("*.rq")))})


def question(name: str) -> Question:
    """Return the question of that name; QueryError if there is none."""
    try:
        return questions()[name]
    except KeyError as error:
        raise QueryError(f"there is no question {name!r}; choose one of {', '.join(questions())}") from error


def by_look_up(sparql: str) -> str:
    """Return a question of ours in which each OPTIONAL is looked up row by row: in pyoxigraph's own words, LATERAL, which SPARQL 1.1 lacks.

    To an OPTIONAL pyoxigraph reads all that the store has of its pattern, whatever rows come before it.

    >>> by_look_up("SELECT * { ?s ?p ?o OPTIONAL { ?o ?q ?r OPTIONAL { ?r ?t ?u } } }")
    'SELECT * { ?s ?p ?o LATERAL { OPTIONAL { ?o ?q ?r LATERAL { OPTIONAL { ?r ?t ?u } } } } }'
    """
    written: list[str] = []
    within: list[int] = []  # how deep each group stands that an OPTIONAL has begun
    depth = 0
    for terminal in terminals_of(sparql):
        if terminal.kind == "word" and terminal.text == "OPTIONAL":
            written.append("LATERAL { ")
            within.append(depth)
        depth += (terminal.text == "{") - (terminal.text == "}")
        written.append(terminal.text)
        if terminal.text == "}" and within and within[-1] == depth:
            within.pop()
            written.append(" }")
    return "".join(written)


def _read(path: Path) -> Question:
    text = path.read_text("utf-8")
    header = dict(_HEADER.findall(text))
    parameters = dict(part.partition("=")[::2] for part in header["parameters"].split())
    if header["name"] != path.stem or not set(parameters.values()) <= _TYPES:
        raise QueryError(f"{path}: the header must give the file's own name, and parameters as NAME=entity, NAME=date or NAME=from")
    return Question(header["name"], MappingProxyType(parameters), header["meaning"], header["meaning-zh"], text)
