"""A store behind the SPARQL 1.1 Protocol, with the methods of a local one.

What others call a default graph differs. Where a store has one of its own, the merge of all graphs is kept there, and a change is one
request, which such stores carry out wholly or not at all. Where its default graph is the union of the others, or none can be written
(Virtuoso), the merge is a graph with a name, every query is told its dataset, and changes go through a journal.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO, Any, cast

import pyoxigraph as ox

from kg.errors import QueryError, StoreError, StoreUnavailable
from kg.graph.database import ONTOLOGY_GRAPH, Answer, Database, Node
from kg.graph.endpoints import Endpoints, Stream
from kg.graph.endpoints import Form as Asked
from kg.graph.foreign import Foreign, foreign
from kg.graph.journal import MERGED, Journal
from kg.graph.sparql import Form, UpdateRefused, read_query

_PROBE = Node("urn:corporate-statement-kg:probe")
_URI_SPACE = "<http://rdfs.org/ns/void#uriSpace>"
_DEFAULT = ox.DefaultGraph()
_NO_GRAPH = "urn:corporate-statement-kg:no-graph"
_ATTEMPTS = 5  # to read while others write
_GRAPHS = 2000  # that a query is told of
_JSON = ox.QueryResultsFormat.JSON


class Remote:
    """A database at an address. StoreUnavailable where it does not answer, or not wholly."""

    def __init__(self, address: str, *, read_only: bool) -> None:
        """Find the store; StoreError where none is there, or where it has nothing to read for one who only reads."""
        self.address = address
        self.read_only = read_only
        self._endpoints = Endpoints.of(address)
        self._journal: Journal | None = None
        self.base: str | None = None  # of the data; known once the store was founded
        try:
            self.merged = self._found_merge()
            self._journal = Journal(address, self._read, self._endpoints.change) if self.merged else None
            if self._journal and not read_only:
                self._journal.recover()
        except BaseException:
            self.close()
            raise

    def _found_merge(self) -> Node | None:
        """Return the name of the graph that is the merge, None where that is the default graph."""
        if self._ask(f"ASK {{ GRAPH {MERGED} {{ ?base {_URI_SPACE} ?iri }} }}"):
            return MERGED
        if self._ask(f"ASK {{ ?base {_URI_SPACE} ?iri }}"):
            return None
        if self.read_only:
            raise StoreError(f"{self.address}: there is no graph in this store; make one with `kg build --store {self.address} FILES`")
        triple = f"{_PROBE} {_PROBE} {_PROBE} ."
        try:
            self._endpoints.change(f"INSERT DATA {{ GRAPH {_PROBE} {{ {triple} }} }}")
            return MERGED if self._ask(f"ASK {{ {triple} }}") else None
        finally:
            self._endpoints.change(f"DROP SILENT GRAPH {_PROBE}")

    def close(self) -> None:
        """Close the connections."""
        self._endpoints.close()

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /) -> Iterator[Any]:
        """Yield the quads of a pattern, in every graph unless told; the default graph is `ox.DefaultGraph()`."""
        given = {"s": subject, "p": predicate, "o": object}
        if any(isinstance(term, ox.BlankNode) for term in (*given.values(), graph_name)):
            raise StoreError("a blank node has no name in a remote store; ask for it by what is said of it")
        wanted = [f"?{name}" for name, term in given.items() if term is None]
        pattern = " ".join(f"?{name}" if term is None else str(term) for name, term in given.items())
        if graph_name is None:
            inside = f"GRAPH ?g {{ {pattern} }}"
            pattern = inside if self.merged else f"{{ {pattern} }} UNION {{ {inside} }}"
            wanted.append("?g")
        else:
            pattern = self.in_default(pattern) if graph_name == _DEFAULT else f"GRAPH {graph_name} {{ {pattern} }}"
        if not wanted:
            if self._ask(f"ASK {{ {pattern} }}"):
                yield ox.Quad(subject, predicate, object, graph_name)
            return
        for row in self._rows(f"SELECT {' '.join(wanted)} {{ {pattern} }}"):
            terms = [row[name] if term is None else term for name, term in given.items()]
            graph = (row["g"] or _DEFAULT) if graph_name is None else graph_name
            graph = _DEFAULT if graph == MERGED else graph
            if graph_name is not None or graph == _DEFAULT or self._ours(graph):
                yield ox.Quad(terms[0], terms[1], terms[2], graph)

    def query(
        self,
        query: str,
        /,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        default_graph: list[Node | ox.BlankNode | ox.DefaultGraph] | None = None,
        named_graphs: list[Node | ox.BlankNode] | None = None,
    ) -> Answer:
        """Answer a query that is SPARQL 1.1 and no more, and reaches nothing but this store's graphs.

        SyntaxError where it is not, QueryError where it calls a function of the store's own, or takes a graph that the store has not.
        """
        asked = read_query(query)
        ox.Store().query(asked.text, base_iri=base_iri, prefixes=prefixes)  # its grammar is the standard's; nothing is asked of anybody
        told = foreign(asked.text)
        before = "".join(
            [f"BASE <{base_iri}> " if base_iri else "", *(f"PREFIX {name}: <{iri}> " for name, iri in (prefixes or {}).items())]
        )
        self._refuse(told, before, [*(default_graph or ()), *(named_graphs or ())])
        form: dict[str, str | list[str]] = {"query": before + told.text}
        form |= self._dataset(told, default_graph, named_graphs)
        if asked.form.gives_graph:
            return _graph(ox.parse(self._whole(form, self._endpoints.triples), format=ox.RdfFormat.N_TRIPLES))
        found = ox.parse_query_results(self._whole(form, self._endpoints.results), format=_JSON)
        return _boolean(found) if asked.form is Form.ASK else found

    def _refuse(self, told: Foreign, before: str, dataset: Iterable[Any]) -> None:
        if told.function is not None:
            raise QueryError(
                f"{told.function}(: a store's own functions are not called; use those of SPARQL 1.1, casts to xsd:, and write lists out"
            )
        for graph in (*told.graphs, *map(str, dataset)):
            if not self._ask(f"{before}{told.prologue} ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}"):
                raise QueryError(f"{graph.strip()}: the store has no such graph, and none is fetched; name one that it has")

    def _dataset(self, told: Foreign, default: list[Any] | None, named: list[Any] | None) -> dict[str, str | list[str]]:
        """Return what the protocol is told of the graphs: nothing where the query, or the store's own default graph, says it."""
        if default is None and named is None:
            if self.merged is None or told.graphs:
                return {}
            default = [self.merged]
            named = list(islice(self.named_graphs(), _GRAPHS + 1)) if told.names_graphs else []
            if len(named) > _GRAPHS:
                raise QueryError(
                    f"GRAPH: this store has more than {_GRAPHS} graphs, too many to list; ask without GRAPH, or FROM NAMED some"
                )
        names = [[graph.value for graph in graphs or ()] for graphs in (default, named)]
        return {"default-graph-uri": names[0] or [_NO_GRAPH], "named-graph-uri": names[1] or [_NO_GRAPH]}

    def update(self, update: str, /, *, base_iri: str | None = None, prefixes: dict[str, str] | None = None) -> None:
        """Carry out an update as one request, which the store has to carry out wholly or not at all."""
        if self.read_only:
            raise StoreError(f"{self.address}: the store was opened for reading only; open it for writing")
        before = [f"BASE <{base_iri}>"] if base_iri else []
        self._change(" ".join([*before, *(f"PREFIX {name}: <{iri}>" for name, iri in (prefixes or {}).items()), update]))

    def _change(self, update: str) -> None:
        if self._journal:
            self._journal.carry_out(update)
        else:
            self._endpoints.change(update)

    def replace(self, update: str, quads: Iterable[ox.Quad], after: str = "") -> None:
        """Carry out an update, write quads into their graphs and into the default graph, and carry out another, all of it or nothing."""
        if self.read_only:
            raise StoreError(f"{self.address}: the store was opened for reading only; open it for writing")
        if self._journal:
            self._journal.carry_out(update, quads, after)
        else:
            both = (one for quad in quads for one in (quad, ox.Quad(quad.subject, quad.predicate, quad.object)))
            self._endpoints.change(" ;\n".join(filter(None, [update, self._insertion(both), after])))

    def extend(self, quads: Iterable[ox.Quad], /) -> None:
        """Write quads."""
        self._change(self._insertion(quads))

    bulk_extend = extend

    def _insertion(self, quads: Iterable[ox.Quad]) -> str:
        """Return the update that writes quads."""
        lines = ((quad.graph_name, f"{quad.subject} {quad.predicate} {quad.object} .") for quad in quads)
        placed = [self.in_default(line) if graph == _DEFAULT else f"GRAPH {graph} {{ {line} }}" for graph, line in lines]
        return f"INSERT DATA {{ {' '.join(placed)} }}" if placed else ""

    def in_default(self, triples: str) -> str:
        """Return triples, or a pattern of them, as such of the default graph."""
        return triples if self.merged is None else f"GRAPH {self.merged} {{ {triples} }}"

    def optimize(self) -> None:
        """Leave that to the store."""

    def named_graphs(self) -> Iterator[Any]:
        """Yield the names of the graphs, by name; of a store whose default graph is not its own, only those of the data's base."""
        names = (row["g"] for row in self._rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))
        return iter(sorted((name for name in names if self._ours(name)), key=str))

    def _ours(self, graph: Any) -> bool:
        if self.merged is None:
            return True
        return graph != self.merged and (graph == ONTOLOGY_GRAPH or (self.base is not None and graph.value.startswith(self.base)))

    def __contains__(self, quad: Any, /) -> bool:
        """Say whether a quad is there."""
        return any(self.quads_for_pattern(*quad))

    def __len__(self) -> int:
        """Return how many quads there are, in the graphs that are seen."""
        count = "SELECT (COUNT(*) AS ?n)"
        sizes = [self._rows(f"{count} {{ {self.in_default('?s ?p ?o')} }}")]
        sizes += [self._rows(f"{count} {{ GRAPH {graph} {{ ?s ?p ?o }} }}") for graph in self.named_graphs()]
        return sum(int(row["n"].value) for rows in sizes for row in rows)

    def __iter__(self) -> Iterator[Any]:
        """Yield every quad."""
        return self.quads_for_pattern(None, None, None)

    def contains_named_graph(self, graph_name: Any, /) -> bool:
        """Say whether a graph is there; of one that is empty, a remote store need not know."""
        return self._ask(f"ASK {{ GRAPH {graph_name} {{ ?s ?p ?o }} }}")

    def _whole(self, form: Asked, read: Callable[[Asked], Stream]) -> IO[bytes]:
        """Return the body of an answer that no change fell into."""
        if self._journal is None:
            return cast(IO[bytes], read(form))
        for _ in range(_ATTEMPTS):
            before = self._journal.settled()
            body = read(form).read()
            if self._journal.state() == before:
                return io.BytesIO(body)
        raise StoreUnavailable(f"{self.address}: the store is being written all the time; ask again")

    def _rows(self, query: str) -> Any:
        return ox.parse_query_results(self._whole({"query": query}, self._endpoints.results), format=_JSON)

    def _read(self, query: str) -> Any:
        """Return rows, whether a change is under way or not."""
        return ox.parse_query_results(self._endpoints.results({"query": query}).read(), format=_JSON)

    def _ask(self, query: str) -> bool:
        return bool(_boolean(self._rows(query)))


def merge_graph(graph: Database) -> Node | None:
    """Return the name of the graph that stands for the default graph, None where there is a default graph."""
    return graph.merged if isinstance(graph, Remote) else None


def refuse_merged(graph: Database) -> None:
    """Raise UpdateRefused where what an update says of the default graph would mean something else."""
    if merge_graph(graph):
        raise UpdateRefused(
            "this server's store has no default graph of its own, so it takes documents, but neither updates nor graphs; "
            "send documents, or send the update to the store itself and to graphs of yours"
        )


def in_default(graph: Database, triples: str) -> str:
    """Return triples, or a pattern of them, as such of the default graph of a database, for an update."""
    return graph.in_default(triples) if isinstance(graph, Remote) else triples


def _boolean(found: Any) -> ox.QueryBoolean:
    """Return the answer to ASK; Virtuoso gives it as a row that holds 1 or 0."""
    if isinstance(found, ox.QueryBoolean):
        return found
    word = "true" if [row[0].value for row in found] in (["1"], ["true"]) else "false"
    answer = ox.parse_query_results(f'{{"head":{{}},"boolean":{word}}}', format=_JSON)
    assert isinstance(answer, ox.QueryBoolean)
    return answer


def _graph(triples: Iterable[Any]) -> ox.QueryTriples:
    """Return triples as the answer to CONSTRUCT."""
    graph = ox.Store()
    graph.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    answer = graph.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(answer, ox.QueryTriples)
    return answer
