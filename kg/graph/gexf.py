"""GEXF 1.3 as Gephi reads it, written as a stream: memory stays flat however many edges there are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import IO, Any

import networkx as nx
from lxml import etree

_GEXF = "http://gexf.net/1.3"
_VIZ = "http://gexf.net/1.3/viz"
_GRAPH = {"defaultedgetype": "directed", "idtype": "string", "mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}

# what Gephi shows as columns: name and type; id, label and weight are attributes of the element itself
NODE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {"kind": "string", "label_en": "string", "aliases": "string", "statements": "integer", "first": "string", "last": "string"}
)
_ABOUT = ("predicate", "stance", "edge_kind", "edge_type", "speaker", "on_behalf_of", "date", "quote", "document")
_STATED = ("value", "unit", "when", "due", "proposition")
EDGE_COLUMNS: Mapping[str, str] = MappingProxyType(dict.fromkeys((*_ABOUT, *_STATED), "string"))

Stream = Any  # lxml's incremental writer has no public type


def write_gexf(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write a network that `build_network` made; sorted and without a date, so that the same network gives the same bytes."""
    with etree.xmlfile(output, encoding="utf-8") as stream:
        stream.write_declaration()
        with (
            stream.element(_name("gexf"), {"version": "1.3"}, nsmap={None: _GEXF, "viz": _VIZ}),
            stream.element(_name("graph"), _GRAPH),
        ):
            _columns(stream, "node", NODE_COLUMNS)
            _columns(stream, "edge", EDGE_COLUMNS)
            with stream.element(_name("nodes"), {"count": str(network.number_of_nodes())}):
                for node, data in nodes_of(network):
                    stream.write("\n")
                    with stream.element(_name("node"), {"id": node, "label": data["label"], **_from(data)}):
                        _values(stream, NODE_COLUMNS, data)
                        _colour(stream, data["viz"]["color"])
                        place = data["viz"]["position"]
                        _empty(stream, f"{{{_VIZ}}}position", {axis: str(place[axis]) for axis in "xyz"})
                        _empty(stream, f"{{{_VIZ}}}size", {"value": str(data["viz"]["size"])})
            stream.write("\n")
            with stream.element(_name("edges"), {"count": str(network.number_of_edges())}):
                for source, target, key, data in edges_of(network):
                    own = {"id": key, "source": source, "target": target, "label": data["label"], "weight": str(data["weight"])}
                    own |= {"kind": " ".join(data["edge_type"].split()), **_from(data)}
                    if data["edge_kind"] == "co-mention":
                        own["type"] = "undirected"
                    stream.write("\n")
                    with stream.element(_name("edge"), own):
                        _values(stream, EDGE_COLUMNS, data)
                        _colour(stream, data["viz"]["color"])


def _from(data: Mapping[str, Any]) -> dict[str, str]:
    """Return from which day on something is there, if that is known: so that Gephi's timeline plays."""
    return {"start": data["start"]} if "start" in data else {}


def nodes_of(network: "nx.MultiDiGraph[str]") -> list[tuple[str, dict[str, Any]]]:
    """Return the nodes with their attributes, sorted."""
    nodes: Any = network.nodes(data=True)
    return sorted(nodes)


def edges_of(network: "nx.MultiDiGraph[str]") -> list[tuple[str, str, str, dict[str, Any]]]:
    """Return the edges as source, target, key and attributes, sorted by the first three."""
    edges: Any = network.edges(keys=True, data=True)
    return sorted(edges, key=lambda edge: edge[:3])


def _columns(stream: Stream, of: str, columns: Mapping[str, str]) -> None:
    stream.write("\n")
    with stream.element(_name("attributes"), {"class": of}):
        for name, kind in columns.items():
            _empty(stream, _name("attribute"), {"id": name, "title": name, "type": kind})
    stream.write("\n")


def _values(stream: Stream, columns: Mapping[str, str], data: Mapping[str, Any]) -> None:
    with stream.element(_name("attvalues")):
        for name in columns:
            if name in data:
                _empty(stream, _name("attvalue"), {"for": name, "value": str(data[name])})


def _colour(stream: Stream, colour: Mapping[str, int]) -> None:
    _empty(stream, f"{{{_VIZ}}}color", {channel: str(colour[channel]) for channel in "rgb"})


def _empty(stream: Stream, name: str, attributes: Mapping[str, str]) -> None:
    with stream.element(name, attributes):
        pass


def _name(tag: str) -> str:
    return f"{{{_GEXF}}}{tag}"
