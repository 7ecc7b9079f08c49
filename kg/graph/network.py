"""The graph for Gephi and networkx: entities as nodes, one edge a statement; denied and planned edges are marked as such.

Nodes are names with label, kind, label_en, aliases, statements, first, last. Edges are keyed by the statement's id and carry
label, predicate, stance, edge_kind, speaker, on_behalf_of, date, quote, document, value, unit, when, due, proposition, and as
weight the number of documents that say the same in the same stance. What is not known is left out, never None.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import IO, Any

import networkx as nx

from kg.graph.gexf import EDGE_COLUMNS, NODE_COLUMNS, edges_of, nodes_of, write_gexf
from kg.graph.records import EntityRecord, StatementRecord
from kg.model import Kind, Stance

__all__ = ["EDGE_KINDS", "build_network", "write_edge_csv", "write_gexf", "write_graphml", "write_node_csv"]

EDGE_KINDS: Mapping[Stance, str] = MappingProxyType(
    {
        Stance.ASSERTS: "affirmed",
        Stance.DENIES: "denied",
        Stance.PLANS: "planned",
        Stance.AIMS: "aimed",
        Stance.PREDICTS: "predicted",
        Stance.REPORTS: "reported",
    }
)
_KIND_COLOURS: Mapping[Kind, str] = MappingProxyType(
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
    }
)
_STANCE_COLOURS: Mapping[Stance, str] = MappingProxyType(
    {
        Stance.ASSERTS: "5a5a5a",
        Stance.DENIES: "d62728",
        Stance.PLANS: "1f77b4",
        Stance.AIMS: "17becf",
        Stance.PREDICTS: "9467bd",
        Stance.REPORTS: "ffbb3c",
    }
)
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def build_network(entities: Iterable[EntityRecord], statements: Iterable[StatementRecord]) -> "nx.MultiDiGraph[str]":
    """Return the network: `build_network(store.entities(), store.statements())`. Every entity that a statement is about is a node."""
    statements = list(statements)
    between = [
        (_xml(statement.subject), _xml(statement.object), statement)
        for statement in statements
        if statement.subject is not None and statement.object is not None and statement.subject_kind and statement.object_kind
    ]
    sources: dict[tuple[str, Stance], set[str]] = defaultdict(set)
    for _, _, statement in between:
        sources[statement.proposition, statement.stance].add(statement.document)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for subject, obj, statement in between:
        weight = float(len(sources[statement.proposition, statement.stance]))
        network.add_edge(subject, obj, key=statement.id, weight=weight, **_edge(statement))
    spoken_of = {name for one in statements for name, kind in ((one.subject, one.subject_kind), (one.object, one.object_kind)) if kind}
    for entity in entities:
        name = _xml(entity.name)
        if entity.name in spoken_of:
            network.add_node(name, **_node(entity, network.degree(name) if name in network else 0))
    return network


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


def _node(entity: EntityRecord, degree: int) -> dict[str, Any]:
    known = {"label_en": entity.label_en, "aliases": "|".join(entity.aliases) or None, "first": entity.first, "last": entity.last}
    viz = {"color": _colour(_KIND_COLOURS[entity.kind]), "size": round(4 + 2 * degree**0.5, 2)}
    return {"label": _xml(entity.name), "kind": entity.kind.value, "statements": entity.statements, "viz": viz, **_known(known)}


def _edge(statement: StatementRecord) -> dict[str, Any]:
    kind = EDGE_KINDS[statement.stance]
    known = {
        "speaker": statement.speaker,
        "on_behalf_of": statement.on_behalf_of,
        "date": statement.said_on,
        "value": statement.value,
        "unit": statement.unit,
        "when": statement.when,
        "due": statement.due,
    }
    return {
        "id": statement.id,
        "label": statement.predicate.value if statement.stance is Stance.ASSERTS else f"{kind}: {statement.predicate.value}",
        "predicate": statement.predicate.value,
        "stance": statement.stance.value,
        "edge_kind": kind,
        "quote": _xml(statement.quote),
        "document": statement.document_name,
        "proposition": statement.proposition,
        "viz": {"color": _colour(_STANCE_COLOURS[statement.stance])},
        **_known(known),
    }


def _known(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: _xml(value) for name, value in values.items() if value is not None}


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
