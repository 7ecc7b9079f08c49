"""Reads an update and says what to carry out instead, so that the store's own promises hold: see `updating`, which carries it out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from kg.errors import QueryError
from kg.graph.database import ONTOLOGY_GRAPH
from kg.graph.iris import Iris
from kg.graph.sparql import UpdateRefused, refuse_service, terminals_of, written_out
from kg.graph.templates import Cursor, Quad, Template, graph_name, template
from kg.graph.writing import Writing, removal

_DECLARATIONS = 200
_DEPTH = 100  # of brackets in one another: a parser that calls itself for each would end the process, not the update
_PATTERN = "{ ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class Using:
    """The graphs that the protocol names for the WHERE of an update, by IRI."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def clauses(self) -> str:
        """Return them as USING clauses; QueryError where one is no IRI."""
        for iri in (*self.default, *self.named):
            if any(sign in iri for sign in '<>"{}|^`\\') or any(sign <= " " for sign in iri):
                raise QueryError(f"using-graph-uri: {iri[:80]!r} is no IRI; encode what an IRI cannot hold")
        return " ".join([*(f"USING <{iri}>" for iri in self.default), *(f"USING NAMED <{iri}>" for iri in self.named)])


def protected(iris: Iris, graph: str) -> bool:
    """Say whether a graph is changed only as a whole.

    >>> protected(Iris(), Iris().graph("0a1b").value), protected(Iris(), "https://example.org/华为")
    (True, False)
    """
    return graph in _own(iris) or graph.startswith(tuple(_kinds(iris)))


def _own(iris: Iris) -> tuple[str, ...]:
    return (ONTOLOGY_GRAPH.value, iris.judgements.value, iris.ledger.value)


def _kinds(iris: Iris) -> tuple[str, ...]:
    return tuple(f"{iris.base}{kind}/" for kind in ("graph", "entities", "update"))


@dataclass(slots=True)
class Update:
    """Reads an update and says what to carry out."""

    writing: Writing
    text: str
    using: Using
    declarations: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    of_all: bool = False  # whether graphs of documents go, too

    def read(self, before: Sequence[str], after: Sequence[str]) -> str:
        """Return what to carry out between other operations; QueryError where it cannot be read."""
        terminals = list(terminals_of(self.text))
        depth = 0
        for terminal in terminals:
            refuse_service(terminal)
            if terminal.kind == "mark":
                depth += (terminal.text in "([{") - (terminal.text in ")]}")
            if depth > _DEPTH:
                raise QueryError(f"the update is nested deeper than {_DEPTH} brackets; write it flatter")
        cursor = Cursor(terminals)
        while True:
            self._prologue(cursor)
            if cursor.peek() is None:
                break
            self._operation(cursor)
            if cursor.peek() is None:
                break
            cursor.expect(";")
        return "\n".join(self.declarations) + "\n" + " ;\n".join([*before, *self.operations, *after])

    def _prologue(self, cursor: Cursor) -> None:
        """Read BASE and PREFIX; all are declared before the first operation, for not every store reads them further on."""
        while word := cursor.accept("BASE", "PREFIX"):
            if len(self.declarations) == _DECLARATIONS:
                raise QueryError(f"the update declares more than {_DECLARATIONS} prefixes; write IRIs in full")
            if word == "BASE":
                self._base(cursor)
            else:
                self._prefix(cursor)

    def _base(self, cursor: Cursor) -> None:
        base = written_out(cursor.take())
        if self.operations:
            cursor.rewrite("iri", lambda iri: f"<{urljoin(base[1:-1], iri[1:-1])}>")
        else:
            self.declarations.append(f"BASE {base}")

    def _prefix(self, cursor: Cursor) -> None:
        """Give a prefix a name that no other declaration has, and use it from here on."""
        prefix, iri = cursor.take(), written_out(cursor.take())
        old, new = prefix.text, f"p{len(self.declarations)}x{prefix.text}"
        if prefix.kind != "name" or not old.endswith(":"):
            raise QueryError(f"the update is not SPARQL 1.1: line {prefix.line}: {old[:40]!r} is no prefix; end it with a colon")
        cursor.rewrite("name", lambda name: new + name[len(old) :] if name.startswith(old) else name)
        self.declarations.append(f"PREFIX {new} {iri}")

    def _operation(self, cursor: Cursor) -> None:
        word = cursor.accept("INSERT", "DELETE", "WITH", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "LOAD")
        match word:
            case "LOAD":
                raise UpdateRefused("LOAD is refused: nothing is fetched from elsewhere; fetch it yourself and send it to /rdf-graph-store")
            case "INSERT" | "DELETE" if cursor.accept("DATA"):
                self._data(word, Template(cursor).read())
            case "DELETE" if cursor.accept("WHERE"):
                start = cursor.place
                quads = Template(cursor).read()
                cursor.place = start
                self._modify(None, quads, [], self.using.clauses, cursor.group())
            case "INSERT" | "DELETE" | "WITH":
                self._modification(cursor, word)
            case "CLEAR" | "DROP":
                self._clear(cursor, word)
            case "CREATE":
                silent = cursor.accept("SILENT") or ""
                if not cursor.accept("GRAPH"):
                    raise cursor.unexpected("GRAPH")
                graph = graph_name(cursor)
                self._protect([graph])
                self._add(f"CREATE {silent} GRAPH {graph}")
            case "COPY" | "MOVE" | "ADD":
                self._transfer(cursor, word)
            case _:
                raise cursor.unexpected("an operation such as INSERT DATA")

    def _modification(self, cursor: Cursor, word: str) -> None:
        graph = None
        if word == "WITH":
            graph = graph_name(cursor)
            word = cursor.accept("INSERT", "DELETE") or ""
        if not word:
            raise cursor.unexpected("INSERT or DELETE")
        deleted = Template(cursor).read() if word == "DELETE" else []
        inserted = Template(cursor).read() if word == "INSERT" or cursor.accept("INSERT") else []
        clauses = ""
        while cursor.accept("USING"):
            clauses += f"USING {'NAMED ' if cursor.accept('NAMED') else ''}{graph_name(cursor)} "
        if self.using.clauses and (clauses or graph):
            raise QueryError("both the update and using-graph-uri say which graphs to use; keep one of them")
        if not cursor.accept("WHERE"):
            raise cursor.unexpected("WHERE")
        self._modify(graph, deleted, inserted, clauses or self.using.clauses, cursor.group())

    def _data(self, word: str, quads: Sequence[Quad]) -> None:
        if word == "DELETE":
            self._modify(None, quads, [], "", "{}")
            return
        named = [Quad(quad.graph or self._unnamed, quad.triple) for quad in quads]
        self._protect(quad.graph for quad in quads)
        self._add(f"INSERT DATA {{ {template([*named, *(Quad(None, quad.triple) for quad in quads)])} }}")

    def _modify(self, graph: str | None, deleted: Sequence[Quad], inserted: Sequence[Quad], clauses: str, where: str) -> None:
        """Add a DELETE and INSERT, and note in two graphs what it does, so that the default graph can follow."""
        written = [Quad(quad.graph or graph or self._unnamed, quad.triple) for quad in inserted]
        erased = [Quad(quad.graph or graph or self._unnamed, quad.triple) for quad in deleted]
        reading = f"WITH {graph}" if graph and not clauses else clauses
        self._protect((quad.graph or graph for quad in (*inserted, *deleted)), reading, where)
        noted = [Quad(self._note("inserted"), quad.triple) for quad in inserted]
        noted += [Quad(self._note("deleted"), quad.triple) for quad in deleted]
        noted += [Quad(self._note("default"), quad.triple) for quad in deleted if (quad.graph or graph) is None]
        start = f"WITH {graph} " if graph else ""
        self._add(f"{start}DELETE {{ {template(erased)} }} INSERT {{ {template([*written, *noted])} }} {clauses} WHERE {where}")
        notes = ", ".join(self._note(kind) for kind in ("inserted", "deleted", "default"))
        elsewhere = f"GRAPH ?other {_PATTERN} FILTER (?other NOT IN ({notes}))"
        if any((quad.graph or graph) is None for quad in deleted):
            apart = f"FILTER (?other != {self._unnamed}) FILTER NOT EXISTS {{ GRAPH {self._note('inserted')} {_PATTERN} }}"
            self._refuse("stated", "", f"{{ GRAPH {self._note('default')} {_PATTERN} {elsewhere} {apart} }}")
        if deleted:
            self._add(f"DELETE {_PATTERN} WHERE {{ GRAPH {self._note('deleted')} {_PATTERN} FILTER NOT EXISTS {{ {elsewhere} }} }}")
        if inserted:
            self._add(f"INSERT {_PATTERN} WHERE {{ GRAPH {self._note('inserted')} {_PATTERN} }}")
        self._forget()

    def _clear(self, cursor: Cursor, word: str) -> None:
        silent = cursor.accept("SILENT") or ""
        target = cursor.accept("DEFAULT", "NAMED", "ALL")
        self.of_all = self.of_all or target in ("ALL", "NAMED")
        if target == "DEFAULT":
            self._add(removal(self._unnamed))
        elif target == "ALL":
            self._add(f"{word} ALL", *self.writing.founding())
        elif target == "NAMED":
            keep = [f"{word} DEFAULT", f"INSERT {_PATTERN} WHERE {{ GRAPH {self._unnamed} {_PATTERN} }}"]
            back = f"INSERT {{ GRAPH {self._unnamed} {_PATTERN} }} WHERE {_PATTERN}"
            self._add(*keep, f"{word} NAMED", back, *self.writing.founding())
        elif cursor.accept("GRAPH"):
            graph = graph_name(cursor)
            self._protect([graph])
            self._add(removal(graph, f"{word} {silent}"))
        else:
            raise cursor.unexpected("GRAPH, DEFAULT, NAMED or ALL")

    def _transfer(self, cursor: Cursor, word: str) -> None:
        """Add a COPY, MOVE or ADD; a graph that is not there counts as empty."""
        cursor.accept("SILENT")
        source = self._operand(cursor)
        if not cursor.accept("TO"):
            raise cursor.unexpected("TO")
        target = self._operand(cursor)
        self._protect([target, source] if word == "MOVE" else [target])
        note = self._note("inserted")
        self._add(f"INSERT {{ GRAPH {note} {_PATTERN} }} WHERE {{ GRAPH {source} {_PATTERN} }}")
        gone = [graph for graph, goes in ((source, word == "MOVE"), (target, word != "ADD")) if goes]
        self._add(*(removal(graph, apart=note) for graph in gone))
        self._add(f"INSERT {{ GRAPH {target} {_PATTERN} ?s ?p ?o }} WHERE {{ GRAPH {note} {_PATTERN} }}")
        self._forget()

    def _operand(self, cursor: Cursor) -> str:
        if cursor.accept("DEFAULT"):
            return self._unnamed
        cursor.accept("GRAPH")
        return graph_name(cursor)

    @property
    def _unnamed(self) -> str:
        return str(self.writing.iris.unnamed)

    def _note(self, kind: str) -> str:
        return f"<{self.writing.iris.base}update/{kind}>"

    def _protect(self, graphs: Iterable[str | None], clauses: str = "", where: str = "{}") -> None:
        """Refuse what would change a graph that is changed only as a whole; variables are bound by `where`."""
        iris = self.writing.iris
        tests = [f'STRSTARTS(STR(?changed), "{kind}")' for kind in _kinds(iris)] + [f'STR(?changed) = "{own}"' for own in _own(iris)]
        names = sorted({graph for graph in graphs if graph is not None and graph != self._unnamed})
        variables = [name for name in names if name[0] in "?$"]
        constants = [name for name in names if name[0] not in "?$"]
        condition = f"FILTER ({' || '.join(tests)})"
        if constants:
            self._refuse("protected", "", f"{{ VALUES ?changed {{ {' '.join(constants)} }} {condition} }}")
        for variable in variables:
            test = condition.replace("?changed", variable)
            self._refuse("protected", clauses, f"{{ {where} {test} }}")

    def _refuse(self, why: str, clauses: str, where: str) -> None:
        """Let all fail where a pattern is met: then a graph is there that cannot be created again."""
        graph = f"<{self.writing.iris.base}update/{why}>"
        head, clauses = (f"{clauses} ", "") if clauses.startswith("WITH") else ("", clauses)
        self._add(
            f"{head}INSERT {{ GRAPH {graph} {{ {graph} a {graph} }} }} {clauses} WHERE {where}",
            f"CREATE GRAPH {graph}",
            f"DROP GRAPH {graph}",
        )

    def _forget(self) -> None:
        self._add(*(f"DROP SILENT GRAPH {self._note(kind)}" for kind in ("inserted", "deleted", "default")))

    def _add(self, *operations: str) -> None:
        self.operations.extend(operations)
