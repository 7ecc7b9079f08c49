"""The graph in the formats of others; sorted first, so that the same graph gives the same bytes."""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.rdf import lines
from kg.graph.vocabulary import PREFIXES, RDF
from ontology.terms import DIRECTORY

_STREAMED = {"trig": ox.RdfFormat.TRIG, "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}
FORMATS = ("nq", *_STREAMED, "jsonld")


def export(quads: Iterable[ox.Quad], fmt: str) -> bytes:
    """Return quads as N-Quads (`nq`), TriG, Turtle (`ttl`), N-Triples (`nt`) or JSON-LD; those without graphs hold each triple once."""
    if fmt == "nq":
        return lines(quads)
    if fmt == "jsonld":
        return _jsonld(quads)
    if fmt not in _STREAMED:
        raise QueryError(f"{fmt!r} is no format of the graph; choose one of {', '.join(FORMATS)}")
    if fmt == "trig":
        return ox.serialize(sorted(quads, key=_by_graph), format=_STREAMED[fmt], prefixes=PREFIXES) or b""
    triples = {quad.triple for quad in quads}
    return ox.serialize(sorted(triples, key=str), format=_STREAMED[fmt], prefixes=PREFIXES) or b""


def export_node(top: str, triples: Iterable[ox.Triple]) -> bytes:
    """Return JSON-LD about one node: it stands at the top, and the others that something is said of are included beside it."""
    terms = _Terms(context := _context())
    ordered: list[Any] = sorted(set(triples), key=str)
    nodes = {subject: terms.node(subject, group) for subject, group in groupby(ordered, lambda triple: triple.subject.value)}
    others = [node for subject, node in nodes.items() if subject != top]
    written = {"@context": context, **nodes.get(top, {"@id": top}), **({"@included": others} if others else {})}
    return (json.dumps(written, ensure_ascii=False, indent=1) + "\n").encode()


def _context() -> dict[str, Any]:
    context: dict[str, Any] = json.loads((DIRECTORY / "context.jsonld").read_text("utf-8"))["@context"]
    return context


def _by_graph(quad: ox.Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


def _jsonld(quads: Iterable[ox.Quad]) -> bytes:
    """Return JSON-LD compacted by ontology/context.jsonld, which goes with it: nothing need be fetched to read it."""
    context = _context()
    terms = _Terms(context)
    ordered: list[Any] = sorted(quads, key=_by_graph)
    graphs = [
        {"@id": graph, "@graph": [terms.node(subject, group) for subject, group in groupby(members, lambda quad: quad.subject.value)]}
        for graph, members in groupby(ordered, lambda quad: quad.graph_name.value)
    ]
    return (json.dumps({"@context": context, "@graph": graphs}, ensure_ascii=False, indent=1) + "\n").encode()


class _Terms:
    """The context turned round: from IRI and type to the short name and the form of the value."""

    def __init__(self, context: dict[str, Any]) -> None:
        self._prefixes = {name: iri for name, iri in context.items() if isinstance(iri, str) and not name.startswith("@")}
        self._shortened: dict[str, str] = {}
        self._names: dict[str, tuple[str, str | None]] = {}
        for name, entry in context.items():
            if isinstance(entry, dict):
                self._names[self._full(entry["@id"])] = (name, self._full(entry["@type"]) if "@type" in entry else None)

    def node(self, subject: str, quads: Iterable[Any]) -> dict[str, Any]:
        node: dict[str, Any] = {"@id": subject}
        for quad in quads:
            key, value = self._pair(quad.predicate, quad.object)
            if key in node:
                node[key] = [*(node[key] if isinstance(node[key], list) else [node[key]]), value]
            else:
                node[key] = value
        return node

    def _pair(self, predicate: ox.NamedNode, value: Any) -> tuple[str, Any]:
        if predicate == RDF["type"]:
            return "@type", self._short(value.value)
        name, kind = self._names.get(predicate.value, (self._short(predicate.value), None))
        if isinstance(value, ox.NamedNode):
            if kind == "@id":
                return name, value.value
            return (name, self._short(value.value)) if kind == "@vocab" else (self._short(predicate.value), {"@id": value.value})
        if value.language is not None:
            return name, {"@value": value.value, "@language": value.language}
        datatype = value.datatype.value
        if datatype == kind or (kind is None and datatype.endswith("#string")):
            return name, value.value
        if datatype.endswith("#string"):
            return name if kind is None else self._short(predicate.value), value.value if kind is None else {"@value": value.value}
        return self._short(predicate.value), {"@value": value.value, "@type": self._short(datatype)}

    def _short(self, iri: str) -> str:
        """Return `prefix:name` where a prefix of the context begins the IRI, else the IRI."""
        if iri not in self._shortened:
            spaces = (item for item in self._prefixes.items() if iri.startswith(item[1]) and len(iri) > len(item[1]))
            self._shortened[iri] = next((f"{prefix}:{iri[len(space) :]}" for prefix, space in spaces), iri)
        return self._shortened[iri]

    def _full(self, name: str) -> str:
        prefix, colon, rest = name.partition(":")
        return self._prefixes[prefix] + rest if colon and prefix in self._prefixes else name
