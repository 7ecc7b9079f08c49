"""The templates of SPARQL updates: what stands in the braces of INSERT and DELETE, as single triples with the graph each goes to.

`[ … ]` and `( … )` are written out with blank nodes of their own, so that a triple can be written into two graphs and stay one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from kg.errors import QueryError
from kg.graph.sparql import Terminal, written_out

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("type", "first", "rest", "nil"))
_BLANKS = frozenset({"blank", "comment"})
_TERMS = frozenset({"iri", "name", "variable", "node"})


@dataclass(slots=True)
class Cursor:
    """A place among terminals; blanks and comments are passed over."""

    terminals: list[Terminal]
    place: int = 0

    def peek(self) -> Terminal | None:
        """Return the next terminal, None at the end."""
        while self.place < len(self.terminals) and self.terminals[self.place].kind in _BLANKS:
            self.place += 1
        return self.terminals[self.place] if self.place < len(self.terminals) else None

    def take(self) -> Terminal:
        """Return the next terminal and go past it; QueryError at the end."""
        terminal = self.peek()
        if terminal is None:
            raise QueryError("the update ends in the middle of an operation; complete it")
        self.place += 1
        return terminal

    def word(self) -> str | None:
        """Return the next terminal in capitals if it is a word."""
        terminal = self.peek()
        return terminal.text.upper() if terminal is not None and terminal.kind == "word" else None

    def accept(self, *words: str) -> str | None:
        """Go past the next terminal if it is one of the words, and return it."""
        word = self.word()
        if word not in words:
            return None
        self.place += 1
        return word

    def at(self, mark: str) -> bool:
        """Say whether a mark comes next."""
        terminal = self.peek()
        return terminal is not None and terminal.kind == "mark" and terminal.text == mark

    def expect(self, mark: str) -> None:
        """Go past a mark; QueryError where something else stands."""
        if not self.at(mark):
            raise self.unexpected(f"{mark!r}")
        self.place += 1

    def unexpected(self, wanted: str) -> QueryError:
        """Return the error that something else was to stand here."""
        terminal = self.peek()
        found = "the end" if terminal is None else f"line {terminal.line}: {terminal.text[:40]!r}"
        return QueryError(f"the update is not SPARQL 1.1: {found}, where {wanted} was expected; correct it at that place")

    def rewrite(self, kind: str, change: Callable[[str], str]) -> None:
        """Change the text of all terminals of a kind from here on."""
        self.terminals[self.place :] = [
            terminal._replace(text=change(terminal.text)) if terminal.kind == kind else terminal
            for terminal in self.terminals[self.place :]
        ]

    def group(self) -> str:
        """Return a group in braces, as it is written, and go past it."""
        self.expect("{")
        start, depth = self.place - 1, 1
        while depth:
            terminal = self.take()
            if terminal.kind == "mark":
                depth += {"{": 1, "}": -1}.get(terminal.text, 0)
        return "".join(map(written_out, self.terminals[start : self.place]))


@dataclass(frozen=True, slots=True)
class Quad:
    """A triple of a template, and the graph it names; None: the default graph."""

    graph: str | None
    triple: str


@dataclass(slots=True)
class Template:
    """Reads a template."""

    cursor: Cursor
    quads: list[Quad] = field(default_factory=list)
    _graph: str | None = None
    _fresh: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def read(self) -> list[Quad]:
        """Return the triples of a template in braces, and go past it."""
        cursor = self.cursor
        cursor.expect("{")
        while not cursor.at("}"):
            if cursor.accept("GRAPH"):
                self._graph = graph_name(cursor)
                cursor.expect("{")
                self._triples()
                cursor.expect("}")
                self._graph = None
                if cursor.at("."):
                    cursor.take()
            else:
                self._triples()
        cursor.expect("}")
        return self.quads

    def _triples(self) -> None:
        """Read triples up to a bracket or to GRAPH."""
        cursor = self.cursor
        while not cursor.at("}") and cursor.word() != "GRAPH":
            listed = cursor.at("[")
            subject = self._node()
            if not (listed and (cursor.at(".") or cursor.at("}") or cursor.word() == "GRAPH")):
                self._properties(subject)
            if not cursor.at("."):
                return
            cursor.take()

    def _properties(self, subject: str) -> None:
        cursor = self.cursor
        while True:
            verb = cursor.take()
            if verb.kind == "word" and verb.text == "a":
                predicate = _TYPE
            elif verb.kind in {"iri", "name", "variable"}:
                predicate = written_out(verb)
            else:
                cursor.place -= 1
                raise cursor.unexpected("a predicate")
            while True:
                self.quads.append(Quad(self._graph, f"{subject} {predicate} {self._node()} ."))
                if not cursor.at(","):
                    break
                cursor.take()
            if not cursor.at(";"):
                return
            while cursor.at(";"):
                cursor.take()
            if cursor.at(".") or cursor.at("]") or cursor.at("}") or cursor.word() == "GRAPH":
                return

    def _node(self) -> str:
        """Return a subject or an object, and add the triples that it stands for."""
        cursor = self.cursor
        terminal = cursor.take()
        if terminal.kind in _TERMS or terminal.kind == "number":
            return written_out(terminal)
        if terminal.kind in {"string", "text"}:
            return terminal.text + "".join(self._tag())
        if terminal.kind == "word" and terminal.text.lower() in {"true", "false"}:
            return terminal.text
        if terminal.kind == "mark" and terminal.text in "+-":
            return terminal.text + cursor.take().text
        if terminal.kind == "mark" and terminal.text == "[":
            node = self._blank()
            if not cursor.at("]"):
                self._properties(node)
            cursor.expect("]")
            return node
        if terminal.kind == "mark" and terminal.text == "(":
            return self._collection()
        cursor.place -= 1
        raise cursor.unexpected("a term")

    def _tag(self) -> Iterator[str]:
        """Yield the language or the datatype after a string."""
        cursor = self.cursor
        terminal = cursor.peek()
        if terminal is not None and terminal.kind == "language":
            yield cursor.take().text
        elif cursor.at("^"):
            cursor.expect("^")
            cursor.expect("^")
            yield "^^" + written_out(cursor.take())

    def _collection(self) -> str:
        members = []
        while not self.cursor.at(")"):
            members.append(self._node())
        self.cursor.expect(")")
        rest = _NIL
        for member in reversed(members):
            node = self._blank()
            self.quads.append(Quad(self._graph, f"{node} {_FIRST} {member} ."))
            self.quads.append(Quad(self._graph, f"{node} {_REST} {rest} ."))
            rest = node
        return rest

    def _blank(self) -> str:
        return f"_:written-out-{self._fresh()}"


def graph_name(cursor: Cursor) -> str:
    """Return the graph that comes next: an IRI, a prefixed name or a variable."""
    terminal = cursor.peek()
    if terminal is None or terminal.kind not in {"iri", "name", "variable"}:
        raise cursor.unexpected("a graph's name")
    return written_out(cursor.take())


def template(quads: Iterable[Quad]) -> str:
    """Return triples as what stands in the braces of a template."""
    return " ".join(quad.triple if quad.graph is None else f"GRAPH {quad.graph} {{ {quad.triple} }}" for quad in quads)
