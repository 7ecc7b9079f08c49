"""What graphology-gexf, the library of Gephi Lite, reads of a network: the same nodes, edges, attributes and Chinese labels."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kg.graph.gexf import EDGE_COLUMNS, NODE_COLUMNS, edges_of, nodes_of
from kg.graph.network import Projection, Selection, build_network, write_gexf
from kg.graph.store import Store
from tests.graph_fixtures import extraction

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the script, with its libraries from npm beside it, at the versions of the lock file."""
    folder = tmp_path_factory.mktemp("graphology")
    for name in ("package.json", "package-lock.json", "read.mjs"):
        shutil.copy(HERE / name, folder)
    command = [str(BIN / "npm"), "ci", "--omit=dev", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm cannot fetch the library of Gephi Lite here: {done.stderr.strip().splitlines()[-1:]}")
    return folder / "read.mjs"


@pytest.mark.parametrize("projection", list(Projection))
def test_graphology_reads_the_same(reader: Path, projection: Projection) -> None:
    with Store.in_memory() as store:
        store.add(extraction())
        network: nx.MultiDiGraph[str] = build_network(store.entities(), store.statements(), Selection(projection))
    output = io.BytesIO()
    write_gexf(network, output)
    read = subprocess.run([str(BIN / "node"), str(reader)], input=output.getvalue(), capture_output=True, timeout=60, check=True)
    found: dict[str, list[Any]] = json.loads(read.stdout)
    assert {node: _of(data, NODE_COLUMNS) for node, data in found["nodes"]} == {
        node: _of(data, NODE_COLUMNS) for node, data in nodes_of(network)
    }
    assert {(key, source, target): _of(data, EDGE_COLUMNS) for key, source, target, data in found["edges"]} == {
        (key, source, target): _of(data, EDGE_COLUMNS) for source, target, key, data in edges_of(network)
    }
    assert {data["weight"] for *_, data in found["edges"]} == {data["weight"] for *_, data in edges_of(network)}
    for node, data in found["nodes"]:
        place = network.nodes[node]["viz"]["position"]
        assert (data["x"], data["y"]) == (place["x"], place["y"]) and data["color"].startswith("rgb(")


def _of(data: dict[str, Any], columns: Any) -> dict[str, Any]:
    return {name: data[name] for name in ("label", *columns) if name in data}
