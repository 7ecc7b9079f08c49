"""The graph for Gephi and networkx: statements as edges (`kg.graph.projections`), laid out, coloured by kind and stance, sized by degree.

Nodes are names with label, kind, label_en, aliases, statements, first, last, and start, the day of the first of their edges. What is not
known is left out, never None.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import IO, Any

import networkx as nx

from kg.errors import QueryError
from kg.graph.gexf import EDGE_COLUMNS, NODE_COLUMNS, edges_of, nodes_of, write_gexf
from kg.graph.layout import layout
from kg.graph.projections import EDGE_KINDS, edges, proposition_labels
from kg.graph.records import EntityRecord, StatementRecord
from kg.graph.selection import Projection, Selection
from kg.model import Kind, Stance

__all__ = ["EDGE_KINDS", "Projection", "Selection", "build_network", "write_edge_csv", "write_gexf", "write_graphml", "write_node_csv"]

_KIND_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        Kind.COMPANY: "1f77b4",
        Kind.UNIT: "6caedd",
        Kind.PRODUCT: "2ca02c",
        Kind.TECHNOLOGY: "17becf",
        Kind.PERSON: "ff7f0e",
        Kind.ORGANISATION: "9467bd",
        Kind.STATE: "8c564b",
        Kind.PLACE: "bcbd22",
        Kind.EVENT: "e377c2",
        Kind.CONCEPT: "969696",
        "proposition": "c7c7c7",
        "speaker": "ff7f0e",
    }
)
_STANCE_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        Stance.ASSERTS: "5a5a5a",
        Stance.DENIES: "d62728",
        Stance.PLANS: "1f77b4",
        Stance.AIMS: "17becf",
        Stance.PREDICTS: "9467bd",
        Stance.REPORTS: "ffbb3c",
    }
)
_STRUCTURE = "c0c0c0"  # the colour of edges that say nothing of whether something holds
_ALL = Selection()
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def build_network(
    entities: Iterable[EntityRecord], statements: Iterable[StatementRecord], selection: Selection = _ALL
) -> "nx.MultiDiGraph[str]":
    """Return the network: `build_network(store.entities(), store.statements())`, or the part of it that is selected.

    Where entities are the nodes, every one that a chosen statement is about is there. QueryError where the ego is not.
    """
    chosen = list(selection.chosen(statements))
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for source, target, key, data in edges(selection.projection, chosen):
        colour = _colour(_STANCE_COLOURS.get(data.get("stance", ""), _STRUCTURE))
        network.add_edge(_xml(source), _xml(target), key=_xml(key), **_clean(data), viz={"color": colour})
    if selection.projection in (Projection.ENTITIES, Projection.CO_MENTION):
        network.add_nodes_from(_xml(name) for one in chosen for name in _about(one))
    _describe(network, {_xml(entity.name): entity for entity in entities}, proposition_labels(chosen))
    network = _within(network, selection)
    _draw(network)
    return network


def _within(network: "nx.MultiDiGraph[str]", selection: Selection) -> "nx.MultiDiGraph[str]":
    """Return the part of a network that is heavy enough, and near enough to the ego; QueryError where it has no such node."""
    if selection.least_weight:
        for source, target, key, data in list(edges_of(network)):
            if data["weight"] < selection.least_weight:
                network.remove_edge(source, target, key)
        network.remove_nodes_from([node for node in list(network) if not network.degree(node)])
    if selection.ego is None:
        return network
    if _xml(selection.ego) not in network:
        raise QueryError(f"{selection.ego!r} is no node of this network; name an entity that the statements chosen are about")
    near = nx.ego_graph(network, _xml(selection.ego), radius=selection.depth, undirected=True)
    found: nx.MultiDiGraph[str] = network.subgraph(near).copy()
    return found


def _about(statement: StatementRecord) -> list[str]:
    pairs = ((statement.subject, statement.subject_kind), (statement.object, statement.object_kind))
    return [name for name, kind in pairs if name is not None and kind is not None]


def _describe(network: "nx.MultiDiGraph[str]", entities: Mapping[str, EntityRecord], propositions: Mapping[str, str]) -> None:
    """Say of each node what it is: an entity, a proposition, or a speaker who is none."""
    for node, data in network.nodes(data=True):
        entity = entities.get(node)
        if entity is not None:
            data.update(_entity(entity))
        elif node in propositions:
            data.update(label=_xml(propositions[node]), kind="proposition")
        else:
            data.update(label=node, kind="speaker")


def _draw(network: "nx.MultiDiGraph[str]") -> None:
    """Give each node its place, size, colour and first day."""
    places = layout(network)
    for node, data in network.nodes(data=True):
        x, y = places[node]
        size = round(4 + 2 * network.degree(node) ** 0.5, 2)
        data["viz"] = {"color": _colour(_KIND_COLOURS[data["kind"]]), "size": size, "position": {"x": x, "y": y, "z": 0.0}}
        days = [edge.get("start") for *_, edge in (*network.in_edges(node, data=True), *network.out_edges(node, data=True))]
        if days and None not in days:
            data["start"] = min(days)


def write_graphml(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write GraphML, the same bytes for the same network; colours and sizes are left to the program that reads it."""
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, data in nodes_of(network):
        plain.add_node(node, **_plain(data))
    for source, target, key, data in edges_of(network):
        plain.add_edge(source, target, key=key, **_plain(data))
    nx.write_graphml_lxml(plain, output, named_key_ids=True)


def write_node_csv(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write the nodes for Gephi's import wizard (UTF-8 with a byte order mark, so that spreadsheets show Chinese)."""
    rows = ({"Id": node, "Label": data["label"], **data} for node, data in nodes_of(network))
    _write_csv(["Id", "Label", *NODE_COLUMNS], rows, output)


def write_edge_csv(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write the edges for Gephi's import wizard."""
    rows = (
        {"Source": source, "Target": target, "Id": key, "Type": "Directed", "Label": data["label"], "Weight": data["weight"], **data}
        for source, target, key, data in edges_of(network)
    )
    _write_csv(["Source", "Target", "Id", "Type", "Label", "Weight", *EDGE_COLUMNS], rows, output)


def _entity(entity: EntityRecord) -> dict[str, Any]:
    known = {"label_en": entity.label_en, "aliases": "|".join(entity.aliases) or None, "first": entity.first, "last": entity.last}
    found = {"label": entity.name, "kind": entity.kind.value, "statements": entity.statements, **known}
    return _clean({name: value for name, value in found.items() if value is not None})


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _xml(value) if isinstance(value, str) else value for name, value in values.items()}


def _xml(text: str) -> str:
    """Return a text without the control characters that no XML may hold."""
    return _NOT_XML.sub("", text)


def _colour(code: str) -> dict[str, int | float]:
    return {"r": int(code[:2], 16), "g": int(code[2:4], 16), "b": int(code[4:], 16), "a": 1.0}


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "viz"}


def _write_csv(columns: list[str], rows: Iterable[Mapping[str, Any]], output: IO[bytes]) -> None:
    text = io.TextIOWrapper(output, "utf-8-sig", newline="", write_through=True)
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    text.detach()
