"""GEXF 1.3 as Gephi reads it, written as a stream: a node or an edge a line, nothing kept of those that are written."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import IO, Any
from xml.sax.saxutils import quoteattr

import networkx as nx

_HEAD = """<?xml version='1.0' encoding='utf-8'?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="directed" idtype="string" mode="dynamic" timeformat="date" timerepresentation="interval">
"""
_FOOT = "</graph>\n</gexf>\n"
_LINES = 500  # written at a time

# what Gephi shows as columns: name and type; id, label and weight are attributes of the element itself
NODE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {"kind": "string", "label_en": "string", "aliases": "string", "statements": "integer", "first": "string", "last": "string"}
)
_ABOUT = ("predicate", "stance", "edge_kind", "edge_type", "speaker", "on_behalf_of", "date", "quote", "document")
_STATED = ("value", "unit", "when", "due", "proposition")
EDGE_COLUMNS: Mapping[str, str] = MappingProxyType(dict.fromkeys((*_ABOUT, *_STATED), "string"))


def write_gexf(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write a network that `build_network` made; sorted and without a date, so that the same network gives the same bytes."""
    lines: list[str] = []
    for line in _lines(network):
        lines.append(line)
        if len(lines) == _LINES:
            output.write("".join(lines).encode())
            lines.clear()
    output.write("".join(lines).encode())


def _lines(network: "nx.MultiDiGraph[str]") -> Iterator[str]:
    yield _HEAD
    yield _columns("node", NODE_COLUMNS)
    yield _columns("edge", EDGE_COLUMNS)
    yield f'<nodes count="{network.number_of_nodes()}">\n'
    for node, data in nodes_of(network):
        place, size = data["viz"]["position"], data["viz"]["size"]
        drawn = f'<viz:position x="{place["x"]}" y="{place["y"]}" z="{place["z"]}"/><viz:size value="{size}"/>'
        own = f"<node id={quoteattr(node)} label={quoteattr(data['label'])}{_from(data)}>"
        yield f"{own}{_values(NODE_COLUMNS, data)}{_colour(data)}{drawn}</node>\n"
    yield f'</nodes>\n<edges count="{network.number_of_edges()}">\n'
    for source, target, key, data in edges_of(network):
        ends = f"<edge id={quoteattr(key)} source={quoteattr(source)} target={quoteattr(target)} label={_shared(data['label'])}"
        way = ' type="undirected"' if data["edge_kind"] == "co-mention" else ""
        own = f'{ends} weight="{data["weight"]}" kind={_shared(" ".join(data["edge_type"].split()))}{way}{_from(data)}>'
        yield f"{own}{_values(EDGE_COLUMNS, data)}{_colour(data)}</edge>\n"
    yield "</edges>\n"
    yield _FOOT


def nodes_of(network: "nx.MultiDiGraph[str]") -> list[tuple[str, dict[str, Any]]]:
    """Return the nodes with their attributes, sorted."""
    nodes: Any = network.nodes(data=True)
    return sorted(nodes)


def edges_of(network: "nx.MultiDiGraph[str]") -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield the edges as source, target, key and attributes, sorted by the first three; those of one node are sorted at a time."""
    for source in sorted(network):
        joined: Any = network.adj[source]
        for target in sorted(joined):
            for key in sorted(joined[target]):
                yield source, target, key, joined[target][key]


def _columns(of: str, columns: Mapping[str, str]) -> str:
    named = "".join(f'<attribute id="{name}" title="{name}" type="{kind}"/>' for name, kind in columns.items())
    return f'<attributes class="{of}">{named}</attributes>\n'


def _values(columns: Mapping[str, str], data: Mapping[str, Any]) -> str:
    found = "".join([f'<attvalue for="{name}" value={_shared(str(data[name]))}/>' for name in columns if name in data])
    return f"<attvalues>{found}</attvalues>"


def _from(data: Mapping[str, Any]) -> str:
    """Return from which day on something is there, if that is known: so that Gephi's timeline plays."""
    return f' start="{data["start"]}"' if "start" in data else ""


def _colour(data: Mapping[str, Any]) -> str:
    colour = data["viz"]["color"]
    return f'<viz:color r="{colour["r"]}" g="{colour["g"]}" b="{colour["b"]}"/>'


@lru_cache(maxsize=4096)
def _shared(value: str) -> str:
    """Return a value as an attribute; the same come again and again."""
    return quoteattr(value)
