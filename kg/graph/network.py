"""The graph for Gephi and networkx: entities as nodes, one edge a statement; denied and planned edges are marked as such."""

from collections.abc import Iterable
from typing import IO

import networkx as nx

from kg.graph.records import EntityRecord, StatementRecord


def build_network(entities: Iterable[EntityRecord], statements: Iterable[StatementRecord]) -> "nx.MultiDiGraph[str]":
    """Return the network: `build_network(store.entities(), store.statements())`. Entities without an edge are left out."""
    raise NotImplementedError


def write_gexf(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write GEXF 1.3, the same bytes for the same network."""
    raise NotImplementedError


def write_graphml(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write GraphML, the same bytes for the same network."""
    raise NotImplementedError


def write_node_csv(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write the nodes for Gephi's import wizard (UTF-8 with BOM, so that spreadsheets show Chinese)."""
    raise NotImplementedError


def write_edge_csv(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write the edges for Gephi's import wizard."""
    raise NotImplementedError
