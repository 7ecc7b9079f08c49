"""Quads sent to other stores: all of them, once, also where it was interrupted in between."""

import gzip
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.cli import main
from kg.graph import sending
from kg.graph.endpoints import Endpoints
from tests import remote_stores

GRAPHS = 3
QUADS = 1300
Load = Callable[..., tuple[int, str, str]]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Load:
    """Run the command in this process."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", "load", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        return int(str(end.value.code or 0)), *capsys.readouterr()

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file of quads of invented entities in three graphs."""
    path = tmp_path / "graph.nq"
    lines = (f'<urn:e:{n}> <urn:名> "企业{n}：\\"引\\"\\n"@zh <urn:graph:{n % GRAPHS}> .\n' for n in range(QUADS))
    path.write_text("".join(lines), "utf-8")
    return path


def held(address: str) -> set[tuple[str, str]]:
    """Return graphs and objects of what a store holds in them."""
    with closing(Endpoints.of(address)) as endpoints:
        query = "SELECT ?g ?o { GRAPH ?g { ?s <urn:名> ?o } }"
        rows = ox.parse_query_results(endpoints.results({"query": query}), format=ox.QueryResultsFormat.JSON)
        return {(row["g"].value, row["o"].value) for row in rows}  # type: ignore[union-attr]


EVERYTHING = {(f"urn:graph:{n % GRAPHS}", f'企业{n}："引"\n') for n in range(QUADS)}


@pytest.mark.parametrize("kind", ["oxigraph", "virtuoso"])
def test_a_file_that_was_interrupted_goes_on_after_what_was_sent(
    kind: str, load: Load, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / kind).mkdir()
    with getattr(remote_stores, kind)(tmp_path / kind) as server:
        monkeypatch.setattr(sending, "_CHUNK", 200)
        change, requests = Endpoints.change, [0]

        def failing(self: Endpoints, update: str) -> None:
            requests[0] += 1
            if requests[0] == 8:  # in the third chunk, of which one graph is there by then
                raise KeyboardInterrupt
            change(self, update)

        with monkeypatch.context() as interrupted:
            interrupted.setattr(Endpoints, "change", failing)
            assert load(server.address, file)[0] == 130
        assert 0 < len(held(server.address)) < QUADS
        status, out, err = load(server.address, file)
        assert (status, out) == (0, f"sent: {QUADS - 400} quads of {file} to {server.address}\n")
        assert "were sent before" in err
        assert held(server.address) == EVERYTHING
        assert not file.with_name("graph.nq.sent").exists()


def test_what_is_no_quad_or_has_blank_nodes_is_refused(load: Load, tmp_path: Path) -> None:
    broken, blank = tmp_path / "broken.nq", tmp_path / "blank.nq"
    broken.write_text('<urn:a> <urn:b> "c" .\nnothing\n', "utf-8")
    blank.write_text('_:a <urn:b> "c" .\n', "utf-8")
    with remote_stores.oxigraph(tmp_path) as server:
        for path, word in ((broken, "no N-Quads"), (blank, "blank node"), (tmp_path / "missing.nq", "cannot be read")):
            status, _, err = load(server.address, path)
            assert (status, err.count("\n")) == (2, 1)
            assert word in err


def test_the_parts_that_a_build_on_spark_wrote_are_sent_and_gone_on_with(
    load: Load, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    built = tmp_path / "built"
    for name, some in (("documents/part-00000", lines[:500]), ("documents/part-00001", lines[500:900]), ("ledger/part-00000", lines[900:])):
        part = built / f"{name}.nq.gz"
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(gzip.compress(b"".join(some)))
    (tmp_path / "oxigraph").mkdir()
    with remote_stores.oxigraph(tmp_path / "oxigraph") as server:
        monkeypatch.setattr(sending, "_CHUNK", 300)
        change, requests = Endpoints.change, [0]

        def failing(self: Endpoints, update: str) -> None:
            requests[0] += 1
            if requests[0] == 1 + 4 * GRAPHS:  # when three chunks are there, and a fourth
                raise KeyboardInterrupt
            change(self, update)

        with monkeypatch.context() as interrupted:
            interrupted.setattr(Endpoints, "change", failing)
            assert load(server.address, built)[0] == 130
        status, out, err = load(server.address, built)
        assert (status, out) == (0, f"sent: 400 quads of {built} to {server.address}\n")
        assert "part-00001.nq.gz were sent before" in err
        assert held(server.address) == EVERYTHING
        assert not built.with_name("built.sent").exists()
        assert "holds no part-" in load(server.address, tmp_path / "oxigraph")[2]
