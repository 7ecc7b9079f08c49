"""The graphs that a query names, in FROM and in GRAPH, as whole IRIs: what says whether it would reach outside the store."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from kg.errors import QueryError
from kg.graph.sparql import Terminal, terminals_of
from kg.graph.vocabulary import PREFIXES

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")


class OutsideRefused(QueryError):
    """A query that names a graph outside the store."""


@dataclass(frozen=True, slots=True)
class NamedGraphs:
    """The IRIs after FROM and FROM NAMED, and those after GRAPH."""

    datasets: tuple[str, ...]
    patterns: tuple[str, ...]


def graphs_named(text: str, base: str) -> NamedGraphs:
    """Return the graphs that a query names; relative IRIs begin with `base`, prefixes are the query's or the project's.

    >>> graphs_named("PREFIX f: <file:///etc/> SELECT * FROM f:hostname { GRAPH <g> { ?s ?p ?o } }", "https://example.org/")
    NamedGraphs(datasets=('file:///etc/hostname',), patterns=('https://example.org/g',))
    """
    prefixes = {f"{prefix}:": iri for prefix, iri in PREFIXES.items()}
    found: dict[str, list[str]] = {"FROM": [], "GRAPH": []}
    terminals = (terminal for terminal in terminals_of(text) if terminal.kind not in {"blank", "comment"})
    for terminal in terminals:
        word = terminal.text.upper() if terminal.kind == "word" else None
        if word == "BASE":
            base = _iri(_next(terminals), prefixes, base) or base
        elif word == "PREFIX":
            prefix = _next(terminals).text
            prefixes[prefix] = _iri(_next(terminals), prefixes, base) or ""
        elif word in found:
            named = _next(terminals)
            if word == "FROM" and named.kind == "word" and named.text.upper() == "NAMED":
                named = _next(terminals)
            iri = _iri(named, prefixes, base)
            if iri is not None:
                found[word].append(iri)
    return NamedGraphs(tuple(found["FROM"]), tuple(found["GRAPH"]))


def _next(terminals: Iterator[Terminal]) -> Terminal:
    return next(terminals, Terminal("blank", "", 0))


def _iri(terminal: Terminal, prefixes: dict[str, str], base: str) -> str | None:
    """Return the IRI that a terminal stands for, None where it is no IRI."""
    if terminal.kind == "iri":
        return urljoin(base, _ESCAPE.sub(_unescaped, terminal.text[1:-1]))
    if terminal.kind == "name":
        prefix, colon, local = terminal.text.partition(":")
        return prefixes.get(prefix + colon, "") + _ESCAPE.sub(_unescaped, local)
    return None


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(min(int(code, 16), 0x10FFFF)) if code else match[3]
