"""The samples, from documents to a store, by the command itself: nothing fails, every quote stands, the same bytes every time."""

import asyncio
import json
from pathlib import Path

import httpx
import networkx as nx
import pytest

from api.app import create_app
from api.settings import Settings
from kg.graph.store import Store
from kg.graph.validate import validate
from kg.reading import read, read_folder
from tests.conftest import SAMPLES, built

NAMED = """SELECT ?s {{ ?s kg:expresses/(rdf:subject|rdf:object) ?entity . ?entity skos:prefLabel|skos:altLabel ?name
FILTER(STR(?name) = "{}") }}"""
MISSION = ("华为云", "鸿蒙", "欧拉", "鲲鹏", "MindSpore")


async def fetched(store: Path, *paths: str) -> list[bytes]:
    """Return what the server answers at each path."""
    transport = httpx.ASGITransport(create_app(Settings(store=store)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return [(await client.get(path, headers={"accept": "application/json, */*;q=0.5"})).raise_for_status().content for path in paths]


def test_two_builds_give_the_same_bytes(samples: Path, tmp_path: Path) -> None:
    with Store.open(samples, read_only=True) as one, Store.open(built(tmp_path / "again", "2"), read_only=True) as other:
        assert one.export("nq") == other.export("nq")


def test_every_document_says_something_and_every_quote_stands_in_it(samples: Path) -> None:
    texts = {document.name: document.text for document in map(read, read_folder(SAMPLES))}
    with Store.open(samples, read_only=True) as graph:
        assert graph.verify() == []
        statements = graph.statements()
    assert {statement.document_name for statement in statements} == set(texts)
    assert all(texts[statement.document_name][statement.start : statement.end] == statement.quote for statement in statements)
    assert len({statement.id for statement in statements}) == len(statements)


def test_the_graph_keeps_every_shape(samples: Path) -> None:
    with Store.open(samples, read_only=True) as graph:
        assert validate(graph.export("nq")) == []


@pytest.mark.parametrize("name", MISSION)
def test_what_the_round_table_was_about_is_found_by_sparql_rest_and_gephi(samples: Path, name: str, tmp_path: Path) -> None:
    with Store.open(samples, read_only=True) as graph:
        found = graph.query(NAMED.format(name))
        assert len(list(found)) > 0
    record, gexf = asyncio.run(fetched(samples, f"/entities/{name}", "/export.gexf"))
    assert json.loads(record)["id"] == name
    path = tmp_path / "graph.gexf"
    path.write_bytes(gexf)
    assert name in {data["label"] for _, data in nx.read_gexf(path).nodes(data=True)}
