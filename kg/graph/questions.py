"""The competency questions of ontology/questions: SPARQL files whose header says their name, parameters and meaning.

A parameter is a variable of the query that may be bound: `about=entity` takes an entity's name, `by=date` a day.
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
from kg.graph.vocabulary import XSD
from ontology.terms import DIRECTORY

_HEADER = re.compile(r"# (name|parameters|meaning|meaning-zh): *(.*)")
_OUTERMOST = "WHERE {"  # of the whole query: it comes first
_TYPES = frozenset({"entity", "date"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question that anyone may ask; `parameters` gives each its type, entity or date."""

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
            entity = self.parameters[parameter] == "entity"
            term = iris.entity(value) if entity else ox.Literal(bounds(value)[1].isoformat(), datatype=XSD["date"])
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


def _read(path: Path) -> Question:
    text = path.read_text("utf-8")
    header = dict(_HEADER.findall(text))
    parameters = dict(part.partition("=")[::2] for part in header["parameters"].split())
    if header["name"] != path.stem or not set(parameters.values()) <= _TYPES:
        raise QueryError(f"{path}: the header must give the file's own name, and parameters as NAME=entity or NAME=date")
    return Question(header["name"], MappingProxyType(parameters), header["meaning"], header["meaning-zh"], text)
