"""Questions in the words of SPARQL 1.1 and in those that pyoxigraph answers soonest: the same rows in the same order."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph.questions import by_look_up, questions
from kg.graph.store import Store
from kg.graph.vocabulary import PREFIXES

GIVEN = {"entity": "华为", "date": "2022-12", "from": "2015"}
FIRST = """SELECT DISTINCT ?saidOn ?quote WHERE {
  { SELECT ?c (MIN(?day) AS ?first) WHERE { ?any kg:expresses ?c ; kg:saidStart ?day } GROUP BY ?c }
  ?s kg:expresses ?c ; kg:saidStart ?first ; kg:saidOn ?saidOn ; kg:evidence/oa:hasSelector/oa:exact ?quote . ?c rdf:subject|rdf:object ?x
}"""


@pytest.fixture(scope="module")
def store(samples: Path) -> Iterator[Store]:
    with Store.open(samples, read_only=True) as opened:
        yield opened


def rows(store: Store, sparql: str) -> list[str]:
    found = store.graph.query(sparql, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return [str(row) for row in found]


@pytest.mark.parametrize("bound", [False, True], ids=["of all", "of one"])
@pytest.mark.parametrize("name", questions())
def test_looked_up_row_by_row_the_answer_is_the_same(store: Store, name: str, bound: bool) -> None:
    question = questions()[name]
    given = {parameter: GIVEN[kind] for parameter, kind in question.parameters.items()} if bound else {}
    sparql = question.bound(given, store.iris)
    assert "LATERAL { OPTIONAL" in by_look_up(sparql)
    assert rows(store, by_look_up(sparql)) == rows(store, sparql)


@pytest.mark.parametrize("name", questions())
def test_what_must_be_there_is_asked_before_what_may_be(name: str) -> None:
    outermost = re.findall(r"^  (\S+)", questions()[name].sparql.partition("WHERE {\n")[2], re.MULTILINE)
    rest = outermost[outermost.index("OPTIONAL") :]
    assert not [word for word in rest if word.startswith("?")], "pyoxigraph would read it of the whole store"


def test_who_evades_is_asked_of_one(store: Store) -> None:
    every = [row["answerer"].value for row in store.ask("who-evades") if row["answerer"]]  # type: ignore[union-attr, index]
    assert len({*every}) > 1
    one = every[0]
    assert [row["answerer"].value for row in store.ask("who-evades", who=one)] == [one] * every.count(one)  # type: ignore[union-attr, index]


def test_who_said_it_first_is_the_earliest_day_of_each_proposition(store: Store) -> None:
    found = {(row["saidOn"].value, row["quote"].value) for row in store.ask("who-said-it-first")}  # type: ignore[union-attr, index]
    expected = {(row["saidOn"].value, row["quote"].value) for row in store.query(FIRST)}  # type: ignore[union-attr, index]
    assert found == expected
