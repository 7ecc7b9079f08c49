"""What a query would have a store that is not ours do, read from its terminals: functions it calls, graphs it takes, and how it is sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg.graph.sparql import Form, Terminal, terminals_of
from kg.graph.vocabulary import PREFIXES

_XSD = PREFIXES["xsd"]
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_NAMES = frozenset({"iri", "name"})


@dataclass(frozen=True, slots=True)
class Foreign:
    """A query for a store that is not ours. `graphs` are what FROM names, written as in the query; `prologue` gives them their meaning."""

    text: str
    prologue: str
    function: str | None  # the first that is called by its IRI and is no cast to a type of XML Schema
    graphs: tuple[str, ...]
    names_graphs: bool  # whether GRAPH stands in it


def foreign(text: str) -> Foreign:
    """Read a query that `read_query` wrote out.

    IRIs are written plainly, as not every store reads escapes there, and each ends its line, so that no reading takes what follows
    for a comment.

    >>> foreign("PREFIX a: <bif:> SELECT * FROM <http://a/\\\\u0023b> { ?s ?p ?o FILTER (xsd:date(?o) > a:exec(1)) }").function
    'a:exec'
    >>> foreign("SELECT * FROM <http://a/\\\\u0023b> { GRAPH ?g { ?s ?p ?o } }").graphs
    ('<http://a/#b>\\n',)
    """
    terminals = [_plain(terminal) for terminal in terminals_of(text)]
    told = [terminal for terminal in terminals if terminal.kind not in {"blank", "comment"}]
    words = [terminal.text.upper() if terminal.kind == "word" else "" for terminal in told]
    begin = next((number for number, terminal in enumerate(terminals) if terminal.text.upper() in Form.__members__), len(terminals))
    return Foreign(
        text="".join(terminal.text for terminal in terminals),
        prologue="".join(terminal.text for terminal in terminals[:begin]),
        function=next(_functions(told, words), None),
        graphs=tuple(told[number + 1 + (words[number + 1] == "NAMED")].text for number, word in enumerate(words[:-2]) if word == "FROM"),
        names_graphs="GRAPH" in words,
    )


def _plain(terminal: Terminal) -> Terminal:
    """Return an IRI without escapes, at the end of a line."""
    if terminal.kind != "iri":
        return terminal
    return Terminal("iri", _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), terminal.text) + "\n", terminal.line)


def _functions(told: list[Terminal], words: list[str]) -> Iterator[str]:
    """Yield what is called by an IRI, but for casts. A collection behind a property looks the same, and has to be written out."""
    prefixes: dict[str, set[str]] = {f"{name}:": {iri} for name, iri in PREFIXES.items()}
    for number, word in enumerate(words[:-2]):
        if word == "PREFIX" and told[number + 2].kind == "iri":
            prefixes.setdefault(told[number + 1].text, set()).add(told[number + 2].text.strip()[1:-1])
    for terminal, after in pairwise(told):
        if terminal.kind in _NAMES and after.text == "(":
            prefix = terminal.text.partition(":")[0] + ":"
            cast = prefixes.get(prefix) == {_XSD} if terminal.kind == "name" else terminal.text.startswith(f"<{_XSD}")
            if not cast:
                yield terminal.text.strip()
