"""A store of each kind, empty: pyoxigraph on disk and in memory, `oxigraph serve`, Virtuoso."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from kg.graph.rdf import nquads
from kg.graph.store import Store
from kg.model import Predicate, Stance
from tests.graph_fixtures import document, extraction, statement
from tests.remote_stores import Server, oxigraph, virtuoso

KINDS = ("disk", "memory", "oxigraph", "virtuoso")
REMOTE = ("oxigraph", "virtuoso")


@dataclass
class Held:
    """An empty store of one kind, and how to open it again."""

    kind: str
    place: Path | str
    store: Store
    server: Server | None = None

    def again(self, *, read_only: bool = False) -> Store:
        """Close the store and open it again; one in memory is only itself."""
        if self.kind != "memory":
            self.store.close()
            self.store = Store.open(self.place, read_only=read_only)
        return self.store


@pytest.fixture(scope="session")
def servers(tmp_path_factory) -> Iterator[dict[str, Server]]:
    with ExitStack() as stack:
        yield {start.__name__: stack.enter_context(start(tmp_path_factory.mktemp(start.__name__))) for start in (oxigraph, virtuoso)}


def emptied(server: Server) -> str:
    """Take every graph of ours out of a server, with the means of its own; return its address."""
    with httpx.Client(auth=httpx.DigestAuth("dba", "dba") if server.environment else None, timeout=60) as client:
        target = server.address.replace("/query", "/update").replace("/sparql", "/sparql-auth")
        graphs = client.get(
            server.address, params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"}, headers={"Accept": "text/csv"}
        )
        names = [line for line in graphs.text.replace('"', "").split()[1:] if line.startswith(("https://", "urn:"))]
        drops = [f"DROP SILENT GRAPH <{name}>" for name in names]
        if server.name == "oxigraph":
            drops = ["DROP ALL"]
        if drops:
            client.post(target, data={"update": " ; ".join(drops)}).raise_for_status()
    return server.address


def opened(kind: str, servers: dict[str, Server], tmp_path: Path) -> Held:
    if kind == "memory":
        return Held(kind, "memory", Store.in_memory())
    if kind == "disk":
        return Held(kind, tmp_path / "store", Store.open(tmp_path / "store"))
    address = emptied(servers[kind])
    return Held(kind, address, Store.open(address), servers[kind])


@pytest.fixture(params=KINDS)
def held(request, servers, tmp_path) -> Iterator[Held]:
    one = opened(request.param, servers, tmp_path)
    yield one
    one.store.close()


@pytest.fixture(params=REMOTE)
def remote(request, servers, tmp_path) -> Iterator[Held]:
    one = opened(request.param, servers, tmp_path)
    yield one
    one.store.close()


def denied():
    """Return a document that denies something."""
    of = document("北山汽车不会收购青禾云,也从未考虑。\n", name="beishan", published="2021-10")
    said = statement(of, "北山汽车不会收购青禾云", ("北山汽车", Predicate.ACQUIRES, "青禾云"), stance=Stance.DENIES, speaker="北山汽车")
    return extraction(of, (said,))


@pytest.fixture
def denial():
    return denied()


def local(extractions) -> Store:
    store = Store.in_memory()
    for one in extractions:
        store.add(one)
    return store


def rows(answer):
    return sorted([tuple(None if cell is None else str(cell) for cell in row) for row in answer], key=str)


def whole(store: Store, extractions) -> None:
    """Check that a store is, to the triple, what these documents make it: their graphs, and the merge that plain queries see."""
    expected = local(extractions)
    assert store.export("nq") == expected.export("nq") == nquads(extractions)
    everything = "SELECT ?s ?p ?o { ?s ?p ?o }"
    assert rows(store.query(everything)) == rows(expected.query(everything))
    assert not store.verify()
