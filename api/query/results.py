"""Writes what a query found, row by row and no further than it may: SPARQL results as JSON, XML, CSV and TSV, graphs as RDF.

pyoxigraph's own writer cannot stop after so many rows and writes control characters into XML, where no parser takes them.
"""

import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.graph.vocabulary import PREFIXES

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = tuple[Term | None, ...]
Writer = Callable[[tuple[str, ...], Iterable[Row]], Iterator[str]]

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rows(solutions: ox.QuerySolutions) -> Iterator[Row]:
    """Yield each solution as terms in the order of the variables."""
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield tuple(solution[name] for name in names)


def write_json(names: tuple[str, ...], found: Iterable[Row]) -> Iterator[str]:
    """Yield SPARQL 1.1 Query Results JSON.

    >>> print("".join(write_json(("谁",), [(ox.Literal("华为", language="zh"),)])))
    {"head":{"vars":["谁"]},"results":{"bindings":[
    {"谁":{"type":"literal","value":"华为","xml:lang":"zh"}}
    ]}}
    """
    yield '{"head":' + _compact({"vars": names}) + ',"results":{"bindings":['
    for number, row in enumerate(found):
        bound = {name: _json_term(term) for name, term in zip(names, row, strict=True) if term is not None}
        yield (",\n" if number else "\n") + _compact(bound)
    yield "\n]}}"


def write_xml(names: tuple[str, ...], found: Iterable[Row]) -> Iterator[str]:
    """Yield SPARQL Query Results XML; a character that XML cannot hold becomes U+FFFD."""
    variables = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    yield f'<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>{variables}</head><results>'
    for row in found:
        bound = [(name, term) for name, term in zip(names, row, strict=True) if term is not None]
        yield "\n<result>" + "".join(f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>" for name, term in bound) + "</result>"
    yield "\n</results></sparql>"


def write_csv(names: tuple[str, ...], found: Iterable[Row]) -> Iterator[str]:
    '''Yield SPARQL results CSV: plain values, lines ended by CRLF.

    >>> list(write_csv(("原话",), [(ox.Literal('称其"不实"'),)]))
    ['原话\\r\\n', '"称其""不实"""\\r\\n']
    '''
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for cells in itertools.chain([names], (map(_csv_term, row) for row in found)):
        writer.writerow(cells)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def write_tsv(names: tuple[str, ...], found: Iterable[Row]) -> Iterator[str]:
    """Yield SPARQL results TSV: terms as in N-Triples."""
    yield "\t".join(f"?{name}" for name in names) + "\n"
    for row in found:
        yield "\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) + "\n"


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


def write_graph(triples: Iterable[ox.Triple], syntax: ox.RdfFormat, output: IO[bytes]) -> None:
    """Write the triples in one of pyoxigraph's syntaxes."""
    ox.serialize(triples, output, syntax, prefixes=PREFIXES)


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
}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _json_term(term: Term) -> dict[str, object]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    literal: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        literal["xml:lang"] = term.language
    elif term.datatype.value != _XSD_STRING:
        literal["datatype"] = term.datatype.value
    return literal


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
