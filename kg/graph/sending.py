"""N-Quads sent to any store that speaks SPARQL 1.1, in bounded requests; begun again, it goes on where it was.

Whoever sends writes down how many bytes of the file the store has taken. The request after that may have been carried out or not, and is
sent once more: inserting the same quads twice changes nothing. Blank nodes would become others, so they are refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.endpoints import Endpoints

_CHUNK = 500  # quads a request: compilers of SPARQL have their limits
_CHARACTERS = 400_000


@dataclass(frozen=True, slots=True)
class Sent:
    """How far sending has come: the quads of this run, and the bytes of the file that the store has taken."""

    quads: int
    offset: int


def send(source: IO[bytes], endpoints: Endpoints, progress: Callable[[Sent], None] = lambda _sent: None, offset: int = 0) -> Sent:
    """Send N-Quads from a stream that stands at `offset`; StoreError where a line is none, or the store refuses."""
    sent = Sent(0, offset)
    for lines in _chunks(source):
        _insert(endpoints, lines, sent.offset)
        sent = Sent(sent.quads + sum(map(bool, map(bytes.strip, lines))), sent.offset + sum(map(len, lines)))
        progress(sent)
    return sent


def _chunks(source: IO[bytes]) -> Iterator[list[bytes]]:
    lines: list[bytes] = []
    size = 0
    for line in source:
        if lines and (len(lines) >= _CHUNK or size + len(line) > _CHARACTERS):
            yield lines
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield lines


def _insert(endpoints: Endpoints, lines: list[bytes], offset: int) -> None:
    """Insert quads, a graph at a time, for some stores take no triples of several graphs at once."""
    graphs: dict[str, list[str]] = {}
    try:
        for quad in ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS):
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode) or isinstance(quad.graph_name, ox.BlankNode):
                raise StoreError(f"past byte {offset}: a blank node, which would be another each time it is sent; give it an IRI")
            name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
            graphs.setdefault(name, []).append(f"{quad.subject} {quad.predicate} {quad.object} .")
    except SyntaxError as error:
        raise StoreError(f"past byte {offset}: no N-Quads ({error}); what came before is in the store") from error
    for name, triples in graphs.items():
        body = " ".join(triples)
        endpoints.change(f"INSERT DATA {{ {f'GRAPH {name} {{ {body} }}' if name else body} }}")
