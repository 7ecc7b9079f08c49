"""What is wrong with a query or an update, in one line: where, and what stands there. The parser itself lists half the grammar."""

import re

from kg.graph.vocabulary import PREFIXES

_PLACE = re.compile(r"error at (\d+):(\d+): expected")
_NAME = re.compile(r"([^\s<>{}()|^,;.'\"?$\[\]]*):[^\s<>{}()|^,;'\"?$\[\]]*$")
_DECLARED = re.compile(r"\bPREFIX\s+([^\s:]*)\s*:", re.IGNORECASE)
_SHOWN = 30  # characters of the query on either side of the place
_LONGEST = 200  # characters of a message that names no place


def syntax_fault(error: SyntaxError, text: str) -> str:
    """Return what the parser found wrong with a text.

    >>> syntax_fault(SyntaxError("error at 1:15: expected one of [:], …"), "SELECT ?x { ?x}")
    "line 1, column 15: '}' is out of place after 'SELECT ?x { ?x'"
    >>> syntax_fault(SyntaxError("error at 1:15: expected one of Prefix not found, ['%']"), "ASK { ?谁 not:a ?b }")
    'line 1, column 15: the prefix not: is not declared; write PREFIX not: <…> before the query'
    """
    message = " ".join(str(error).split())
    place = _PLACE.match(message)
    if place is None:
        return message[:_LONGEST]
    line, column = int(place[1]), int(place[2])
    lines = text.splitlines() or [""]
    here = lines[line - 1] if line <= len(lines) else ""
    before, behind = here[: column - 1], here[column - 1 :]
    where = f"line {line}, column {column}"
    name = _NAME.search(before)
    if "Prefix not found" in message and name is not None and name[1] not in {*PREFIXES, *_DECLARED.findall(text)}:
        return f"{where}: the prefix {name[1]}: is not declared; write PREFIX {name[1]}: <…> before the query"
    found = repr(behind.split()[0][:_SHOWN]) if behind.strip() else "the end of the line" if line < len(lines) else "the end"
    after = before.strip()[-_SHOWN:]
    return f"{where}: {found} is out of place" + (f" after {after!r}" if after else "")
