"""Writes what a query found, row by row and no further than it may: SPARQL results as JSON, XML, CSV and TSV, graphs as RDF.

pyoxigraph's own writer cannot stop after so many rows and writes control characters into XML, where no parser takes them. An answer
that was cut says so at its end, in a comment where the format has comments.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.graph.vocabulary import PREFIXES

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = Iterable[Term | None]
Cut = Callable[[], str | None]  # why items were left out, once it is known; None: none were
Writer = Callable[[tuple[str, ...], Iterable[Row], Cut], Iterator[str]]

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def whole() -> str | None:
    """Say that nothing was left out."""
    return None


def write_json(names: tuple[str, ...], found: Iterable[Row], cut: Cut = whole) -> Iterator[str]:
    """Yield SPARQL 1.1 Query Results JSON; one that was cut has a member `truncated` after its results.

    >>> print("".join(write_json(("谁",), [(ox.Literal("华为", language="zh"),)])))
    {"head":{"vars":["谁"]},"results":{"bindings":[
    {"谁":{"type":"literal","value":"华为","xml:lang":"zh"}}
    ]}}
    """
    yield '{"head":{"vars":[' + ",".join(map(encode_basestring, names)) + ']},"results":{"bindings":[\n'
    keys = [encode_basestring(name) + ":" for name in names]
    comma = ""
    for row in found:
        yield comma + "{" + ",".join([key + _json_term(term) for key, term in zip(keys, row, strict=True) if term is not None]) + "}"
        comma = ",\n"
    reason = cut()
    yield "\n]}}" if reason is None else '\n]},"truncated":' + encode_basestring(reason) + "}"


def write_xml(names: tuple[str, ...], found: Iterable[Row], cut: Cut = whole) -> Iterator[str]:
    """Yield SPARQL Query Results XML; a character that XML cannot hold becomes U+FFFD."""
    variables = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    yield f'<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>{variables}</head><results>'
    openings = [f"<binding name={quoteattr(name)}>" for name in names]
    for row in found:
        bound = [f"{opening}{_xml_term(term)}</binding>" for opening, term in zip(openings, row, strict=True) if term is not None]
        yield "\n<result>" + "".join(bound) + "</result>"
    reason = cut()
    yield "\n</results></sparql>" if reason is None else f"\n<!-- truncated: {reason} --></results></sparql>"


def write_csv(names: tuple[str, ...], found: Iterable[Row], cut: Cut = whole) -> Iterator[str]:
    '''Yield SPARQL results CSV: plain values, lines ended by CRLF; one that was cut ends in a line that begins with `#`.

    >>> list(write_csv(("原话",), [(ox.Literal('称其"不实"'),)]))
    ['原话\\r\\n', '"称其""不实"""\\r\\n']
    '''
    line = io.StringIO(newline="")
    writer = csv.writer(line)

    def written(cells: Iterable[str]) -> str:
        writer.writerow(cells)
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    yield written(names)
    for row in found:
        yield written(map(_csv_term, row))
    if (reason := cut()) is not None:
        yield written([f"# truncated: {reason}"])


def write_tsv(names: tuple[str, ...], found: Iterable[Row], cut: Cut = whole) -> Iterator[str]:
    """Yield SPARQL results TSV: terms as in N-Triples; one that was cut ends in a line that begins with `#`."""
    yield "\t".join(f"?{name}" for name in names) + "\n"
    for row in found:
        yield "\t".join(["" if term is None else str(term).replace("\t", "\\t") for term in row]) + "\n"
    if (reason := cut()) is not None:
        yield f"# truncated: {reason}\n"


def write_boolean(value: bool, media: str) -> str:
    """Return the answer to ASK in the given media type.

    >>> write_boolean(True, "application/sparql-results+json")
    '{"head":{},"boolean":true}'
    """
    word = "true" if value else "false"
    if "json" in media:
        return f'{{"head":{{}},"boolean":{word}}}'
    if "xml" in media:
        return f'<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>{word}</boolean></sparql>'
    return word


def write_graph(triples: Iterable[ox.Triple], media: str, output: IO[bytes], cut: Cut = whole) -> None:
    """Write the triples in one of pyoxigraph's syntaxes; in JSON-LD, one that was cut ends in an object without a meaning in RDF."""
    syntax = SYNTAXES[media]
    if syntax != ox.RdfFormat.JSON_LD:
        ox.serialize(triples, output, syntax, prefixes=PREFIXES)
        reason = cut()
        if reason is not None:
            output.write((f"\n<!-- truncated: {reason} -->\n" if syntax == ox.RdfFormat.RDF_XML else f"# truncated: {reason}\n").encode())
        return
    held: Any = _LastByteHeld(output)
    ox.serialize(triples, held, syntax)
    reason = cut()
    if reason is not None:
        output.write(f'{"" if held.empty else ","}{{"truncated":{encode_basestring(reason)}}}'.encode())
    output.write(held.last)


class _LastByteHeld:
    """Passes bytes on, all but the last: the bracket that closes a JSON array."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._size = 0
        self.last = b""

    @property
    def empty(self) -> bool:
        """Whether there were only the two brackets."""
        return self._size <= 2

    def write(self, data: bytes) -> int:
        """Pass on what was held and the data but its last byte."""
        if data:
            self._output.write(self.last + data[:-1])
            self.last = data[-1:]
            self._size += len(data)
        return len(data)

    def flush(self) -> None:
        """Leave flushing to the end."""


WRITERS: Mapping[str, Writer] = {
    "application/sparql-results+json": write_json,
    "application/sparql-results+xml": write_xml,
    "text/csv": write_csv,
    "text/tab-separated-values": write_tsv,
}
SYNTAXES: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
}


def _json_term(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return '{"type":"uri","value":' + encode_basestring(term.value) + "}"
    if isinstance(term, ox.Literal):
        text = '{"type":"literal","value":' + encode_basestring(term.value)
        if term.language:
            return f'{text},"xml:lang":"{term.language}"}}'
        datatype = term.datatype.value
        return text + "}" if datatype == _XSD_STRING else text + ',"datatype":' + encode_basestring(datatype) + "}"
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return '{"type":"triple","value":{' + ",".join(f'"{name}":{_json_term(part)}' for name, part in parts.items()) + "}}"
    return '{"type":"bnode","value":' + encode_basestring(term.value) + "}"


def _xml_text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _xml_term(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{term.value}</bnode>"
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return "<triple>" + "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts.items()) + "</triple>"
    if term.language:
        return f"<literal xml:lang={quoteattr(term.language)}>{_xml_text(term.value)}</literal>"
    if term.datatype.value != _XSD_STRING:
        return f"<literal datatype={quoteattr(term.datatype.value)}>{_xml_text(term.value)}</literal>"
    return f"<literal>{_xml_text(term.value)}</literal>"


def _csv_term(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    return str(term) if isinstance(term, ox.Triple) else term.value
