"""Look-ups a second, ours beside `oxigraph serve` on the same data in the same run: `make bench-api`.

It builds a store of COPIES of data/samples, each about companies of its own, and serves a copy of its files with oxigraph. Then wrk asks
both in turn, round after round, for entities drawn at random. It needs wrk (Debian: apt-get install wrk) and the package oxigraph.
"""

import argparse
import contextlib
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from kg.extraction.pipeline import Pipeline
from kg.graph.store import Store
from kg.graph.vocabulary import PREFIXES
from kg.lexicon import Lexicon
from kg.model import Extraction, digest
from kg.reading import Metadata, read, read_folder

ROOT = Path(__file__).parents[1]
RESULTS = "application/sparql-results+json"
HOT = 200
COPIES = 10
CONNECTIONS = 8
SEED = 20210924
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STRLEN(STR(?a)) > STRLEN(STR(?i)) + 900) }"
PROPERTIES = "SELECT ?p ?o {{ <{iri}> ?p ?o }}"
# all that GET /entities/{id} shows: names and kinds, plain edges, and the newest 50 statements with their evidence
EVERYTHING = """SELECT * {{
  {{ <{iri}> ?p ?o }} UNION {{ ?from ?edge <{iri}> FILTER (STRSTARTS(STR(?edge), STR(kg:))) }} UNION {{
    {{ SELECT DISTINCT ?s {{
      {{ ?s kg:expresses/rdf:subject <{iri}> }} UNION {{ ?s kg:expresses/rdf:object <{iri}> }}
      UNION {{ ?s prov:wasAttributedTo <{iri}> }} UNION {{ ?s kg:onBehalfOf <{iri}> }}
      OPTIONAL {{ ?s kg:saidStart ?said }} }} ORDER BY DESC(?said) LIMIT 50 }}
    ?s ?sp ?so ; kg:expresses/rdf:predicate ?predicate ; kg:evidence/oa:hasSelector ?selector ; prov:wasDerivedFrom/dct:identifier ?name .
    ?selector ?ep ?eo
  }}
}}"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of wrk found; times in milliseconds."""

    rate: float
    median: float
    p99: float


@dataclass(frozen=True, slots=True)
class Series:
    """Look-ups of one kind at one server: the file of paths, and the media type that is asked for."""

    server: str
    paths: Path
    accept: str
    afresh: bool = False  # not from what is kept of earlier answers


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def renamed(extraction: Extraction, number: int) -> Extraction:
    """Return the document again, about companies whose names end in a number."""

    def other(name: str | None) -> str | None:
        return f"{name}{number}" if name in names else name

    names = {entity.name for entity in extraction.entities}
    document = extraction.document
    source = f"{number}/{document.source}"
    copy = replace(document, id=digest(document.text, source), source=source, name=f"{document.name}_{number}")
    statements = tuple(
        replace(
            one,
            doc=copy.name,
            id=digest(one.id, str(number)),
            subject=other(one.subject),
            object=other(one.object),
            speaker=other(one.speaker),
            on_behalf_of=other(one.on_behalf_of),
        )
        for one in extraction.statements
    )
    entities = tuple(replace(entity, name=f"{entity.name}{number}") for entity in extraction.entities)
    return Extraction(copy, entities, statements, ())


def made(directory: Path, copies: int) -> list[tuple[str, str]]:
    """Make the store; return each entity's name and IRI."""
    pipeline = Pipeline(Lexicon(), "none")
    read_once = [pipeline.extract(read(path, Metadata())) for path in read_folder(ROOT / "data" / "samples")]
    with Store.open(directory) as store:
        store.bulk_add(renamed(one, number) for number in range(copies) for one in read_once)
        entities = [(entity.name, entity.iri) for entity in store.entities()]
    random.Random(SEED).shuffle(entities)
    return entities


@contextlib.contextmanager
def ours(store: Path, log: Path) -> Iterator[str]:
    """Run this project's server."""
    code = f"from pathlib import Path; from api.server import run; from api.settings import Settings; run(Settings(store=Path({str(store)!r}), client_seconds=1e9), '127.0.0.1', 0)"  # noqa: E501
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=file)
    try:
        for _ in range(600):
            if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8")):
                break
            time.sleep(0.1)
        assert found, log.read_text("utf-8")
        yield found[0]
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def oxigraph(store: Path, log: Path) -> Iterator[str]:
    """Run `oxigraph serve-read-only`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    binary = Path(sys.executable).with_name("oxigraph")
    command = [str(binary), "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def settle(series: Series) -> None:
    """Wait until a server answers again: who ends the run before leaves queries behind, whose workers are ended and replaced."""
    path = series.paths.read_text("ascii").partition("\n")[0]
    for _ in range(50):
        time.sleep(0.2)
        with (
            contextlib.suppress(OSError),
            urlopen(Request(series.server + path, headers={"Accept": series.accept, "Cache-Control": "no-cache"})),
        ):
            return


def ask_all(series: Series) -> None:
    """Ask for each path once."""
    settle(series)
    for path in series.paths.read_text("ascii").split():
        urlopen(Request(series.server + path, headers={"Accept": series.accept})).read()


def asked(series: Series, seconds: float, connections: int, seed: int, *, once: bool = False) -> Figures:
    """Return what wrk found in so many seconds; `once`: each path in turn, not at random."""
    settle(series)
    order = "in turn" if once else "at random"
    environment = {**os.environ, "PATHS": str(series.paths), "ACCEPT": series.accept, "SEED": str(seed), "ORDER": order}
    if series.afresh:
        environment["CACHE"] = "no-cache"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "-s", str(ROOT / "bench" / "lookups.lua"), series.server]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    assert found, done.stdout
    requests, duration, median, p99, errors = map(int, found.groups())
    if errors or not requests:
        sys.exit(f"bench: {errors} of {requests} look-ups of {series.paths.name} at {series.server} failed")
    return Figures(requests / duration * 1e6, median / 1000, p99 / 1000)


def written(paths: Path, lines: Sequence[str]) -> Path:
    """Write one path a line."""
    paths.write_text("\n".join(lines) + "\n", "ascii")
    return paths


def sparql(path: str, template: str, iri: str) -> str:
    """Return the path that asks a server for a query about an entity, with all prefixes, so that both are asked the same."""
    prefixes = "".join(f"PREFIX {name}: <{base}>\n" for name, base in PREFIXES.items())
    return f"{path}?{urlencode({'query': prefixes + template.format(iri=iri)})}"


def row(name: str, figures: Sequence[Figures], base: Sequence[Figures] | None = None) -> str:
    """Return a line of the table: medians over the rounds, and the median of the rounds' ratios."""
    rate, median, p99 = (statistics.median(getattr(one, part) for one in figures) for part in ("rate", "median", "p99"))
    ratio = f"{statistics.median(one.rate / other.rate for one, other in zip(figures, base, strict=True)):.2f}" if base else ""
    return f"| {name} | {rate:,.0f} | {median:.2f} | {p99:.2f} | {ratio} |"


def chosen(entities: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Sequence[tuple[str, str]], bool]]:
    """Yield which entities are asked for, how that is called, and whether each is asked for the first time."""
    half = len(entities) // 2
    yield "each entity for the first time", entities[half:], True
    yield f"{min(half, HOT)} entities again and again", entities[:half][:HOT], False


def pairs(
    address: str, other: str, work: Path, asked_for: Sequence[tuple[str, str]], *, first: bool
) -> list[tuple[str, Series, str, Series]]:
    """Return what both servers are asked for, each with its name, ready to be asked.

    A fast server is asked for all of them before the second is over, and would answer from what it keeps: where each is to be asked
    for the `first` time, it is told not to.
    """
    mine = written(work / "rest", [f"/entities/{quote(name, safe='')}" for name, _ in asked_for])
    same = written(work / "all", [sparql("/query", EVERYTHING, iri) for _, iri in asked_for])
    our_query = written(work / "ours", [sparql("/sparql", PROPERTIES, iri) for _, iri in asked_for])
    their_query = written(work / "theirs", [sparql("/query", PROPERTIES, iri) for _, iri in asked_for])
    found = [
        (
            "GET /entities/{id}",
            Series(address, mine, "application/json", afresh=first),
            "oxigraph, the same as SPARQL",
            Series(other, same, RESULTS),
        ),
        (
            "GET /sparql, an entity's properties",
            Series(address, our_query, RESULTS, afresh=first),
            "oxigraph, the same",
            Series(other, their_query, RESULTS),
        ),
    ]
    if not first:
        for _, ours_asked, _, theirs_asked in found:
            ask_all(ours_asked)
            ask_all(theirs_asked)
    return found


@contextlib.contextmanager
def serving(work: Path, copies: int) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Serve a store and a copy of its files; give the addresses of our server and of oxigraph, and each entity's name and IRI."""
    entities = made(work / "store", copies)
    shutil.copytree(work / "store", work / "copy")
    with ours(work / "store", work / "ours.log") as address, oxigraph(work / "copy", work / "oxigraph.log") as other:
        yield address, other, entities


def compared(address: str, other: str, work: Path, entities: Sequence[tuple[str, str]], options: argparse.Namespace) -> None:
    """Print two tables of look-ups: of entities that nobody asked for before, and of a few hundred that are asked for again and again."""
    for title, asked_for, first in chosen(entities):
        found = pairs(address, other, work, asked_for, first=first)
        figures: dict[str, list[Figures]] = {name: [] for mine, _, theirs, _ in found for name in (mine, theirs)}
        for number in range(1 if first else options.rounds):
            for mine, ours_asked, theirs, theirs_asked in found:
                for name, one in ((mine, ours_asked), (theirs, theirs_asked)):
                    figures[name].append(asked(one, 1.0 if first else options.seconds, options.connections, number, once=first))
        say(f"\n| {title} | look-ups a second | p50 ms | p99 ms | ours / oxigraph |\n|---|---|---|---|---|")
        for mine, _, theirs, _ in found:
            say(row(mine, figures[mine], figures[theirs]))
            say(row(theirs, figures[theirs]))


def under_load(address: str, work: Path, options: argparse.Namespace) -> None:
    """Print how long look-ups take while four cross-product queries run, beside while none do; of the entities last asked for."""
    say("\n| GET /entities/{id}, one client | look-ups a second | p50 ms | p99 ms | |\n|---|---|---|---|---|")
    for how, series in (
        ("kept", Series(address, work / "rest", "application/json")),
        ("made afresh", Series(address, work / "rest", "application/json", afresh=True)),
    ):
        _under_load(how, series, options)


def _under_load(how: str, series: Series, options: argparse.Namespace) -> None:
    idle, loaded = [], []
    for number in range(options.rounds):
        idle.append(asked(series, options.seconds, 1, number))
        curl = ["curl", "-s", "-o", "/dev/null", "-G", f"{series.server}/sparql", "--data-urlencode", f"query={CROSS}"]
        heavy = [subprocess.Popen(curl) for _ in range(4)]
        time.sleep(0.5)
        loaded.append(asked(series, options.seconds, 1, number))
        for one in heavy:
            one.kill()
            one.wait()
    ratio = statistics.median(one.p99 / other.p99 for one, other in zip(loaded, idle, strict=True))
    say(row(f"{how}, idle", idle))
    say(row(f"{how}, under four cross-product queries: p99 {ratio:.2f} times", loaded))


def main() -> None:
    """Make the store, run both servers, ask them in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=COPIES, help="of data/samples, 12 documents each")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="a round of one series")
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("bench: there is no wrk; install it (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        with serving(work, options.copies) as (address, other, entities):
            say(f"{len(entities)} entities, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
            compared(address, other, work, entities, options)
            under_load(address, work, options)


if __name__ == "__main__":
    main()
