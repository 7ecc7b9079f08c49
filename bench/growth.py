# ruff: noqa: PLC0415 - each step loads what it needs, for its peak of memory is measured
"""How time and memory grow with the number of documents: `make bench-growth`, `make bench-growth SIZES='1000 10000 100000' SHORT=1`.

For each size it makes synthetic documents, and runs each step in a process of its own, so that every step has its own peak of memory:
reading and loading as `kg build` does, the ledger, look-ups. It prints a table, and for each step the exponent of the line through the
logarithms: 1 is linear. The figures go to build/growth.json, of which `python -m bench.growth_picture` makes a picture.
"""

import argparse
import functools
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.documents import SEED, write

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "build" / "growth.json"
LOOKUPS = 200
MILLISECONDS = "milliseconds a look-up"
EXTRACTION = "s of that in extraction"
LOADING = "s of that in all else, most of it loading"
SERIES = (  # what grows: its name, the step that finds it, and under which key
    ("extraction", "build", EXTRACTION),
    ("loading", "build", LOADING),
    ("building again", "again", "cpu"),
    ("ledger", "ledger", "cpu"),
    ("look-up", "look-ups", MILLISECONDS),
)
Figures = Mapping[str, float]


def build(store: Path, folder: Path) -> dict[str, float]:
    """Read and load all documents; return what there is then."""
    from kg.cli.building import Building
    from kg.cli.options import Ner
    from kg.cli.reader import gather
    from kg.cli.workers import Task
    from kg.graph.store import Store
    from kg.model import Document, Extraction
    from kg.reading import Metadata

    task = Task(Metadata(), None, Ner.NONE, None)
    reads = task.reader()
    spent = 0.0

    def extract(document: Document) -> Extraction:
        nonlocal spent
        begun = time.thread_time()
        extraction = reads.pipeline.extract(document)
        spent += time.thread_time() - begun
        return extraction

    reads.reads_by(lambda document: functools.partial(extract, document), 0)
    begun = time.process_time()
    with Store.open(store) as graph, Building(reads, task, graph, store) as building:
        building.build(gather([folder]), lambda _name: None, 1)
        assert not building.failures
        rest = time.process_time() - begun - spent
        return {"quads": len(graph.graph), "statements": graph.summary().statements, EXTRACTION: spent, LOADING: rest}


def again(store: Path, folder: Path) -> dict[str, float]:
    """Build once more, when nothing has changed."""
    build(store, folder)
    return {}


def ledger(store: Path, _folder: Path) -> dict[str, float]:
    """Make the ledger."""
    from kg.graph.keeping import keep_ledger
    from kg.graph.store import Store

    with Store.open(store) as graph:
        keep_ledger(graph)
    return {}


def lookups(store: Path, _folder: Path) -> dict[str, float]:
    """Look up some entities, with what is said of each; return the milliseconds of one."""
    from kg.graph.store import Store

    with Store.open(store, read_only=True) as graph:
        names = [entity.name for entity in graph.entities()]
        chosen = random.Random(SEED).sample(names, min(LOOKUPS, len(names)))
        query = "SELECT ?s ?stance {{ ?s kg:expresses/rdf:subject <{}> ; kg:stance ?stance }} LIMIT 50"
        iris = [graph.iris.entity(name).value for name in chosen]
        list(graph.query(query.format(iris[0])))  # type: ignore[arg-type]  # rows, of a SELECT
        begun = time.perf_counter()
        for iri in iris:
            list(graph.query(query.format(iri)))  # type: ignore[arg-type]  # rows, of a SELECT
        return {MILLISECONDS: (time.perf_counter() - begun) / len(iris) * 1000, "entities": len(names)}


STEPS: dict[str, Callable[[Path, Path], dict[str, float]]] = {"build": build, "again": again, "ledger": ledger, "look-ups": lookups}


def step(name: str, store: Path, folder: Path) -> Figures:
    """Run a step in a process of its own; return what it found, its seconds and its peak of memory."""
    command = [sys.executable, "-m", "bench.growth", "--step", name, str(store), str(folder)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Return the slope of the line of least squares through the logarithms.

    >>> round(exponent([10, 100, 1000], [3, 30, 300]), 3)
    1.0
    """
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-9)) for value in values]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measured(sizes: Sequence[int], *, short: bool) -> None:
    """Print a table, a line for each step at each size as it is measured, and the exponents; `short` documents are one paragraph each."""
    say("| documents | step | processor s | wall s | peak MiB | what there is |\n|---|---|---|---|---|---|")
    found: dict[str, list[Figures]] = {name: [] for name in STEPS}
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            folder, store = Path(scratch) / f"documents-{size}", Path(scratch) / f"store-{size}"
            write(folder, size, short=short)
            for name in STEPS:
                one = step(name, store, folder)
                found[name].append(one)
                rest = ", ".join(
                    f"{value:,.2f} {key}".replace(".00 ", " ") for key, value in one.items() if key not in ("cpu", "wall", "peak")
                )
                say(f"| {size:,} | {name} | {one['cpu']:,.1f} | {one['wall']:,.1f} | {one['peak']:,.0f} | {rest} |")
                FIGURES.parent.mkdir(exist_ok=True)  # step by step: the last size may take hours, and be broken off
                FIGURES.write_text(json.dumps({"documents": [*sizes][: len(found["build"])], **found}, indent=1) + "\n", "utf-8")
            bytes_stored = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
            say(f"| {size:,} | on disk | | | | {bytes_stored / 2**20:,.0f} MiB |")
    if len(sizes) > 1:
        for name, of, key in SERIES:
            slope = exponent(sizes, [one[key] for one in found[of]])
            peak = found[of][-1]["peak"] / found[of][0]["peak"]
            say(f"\n{name} grows as documents^{slope:.2f}; peak memory of {of} {peak:.2f} times the first")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["1000", "10000"])
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    if options.step is None:
        measured([int(size) for size in options.sizes], short=options.short)
        return
    before, begun = time.process_time(), time.perf_counter()
    figures = STEPS[options.step](*map(Path, options.sizes))
    figures |= {"cpu": time.process_time() - before, "wall": time.perf_counter() - begun}
    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(json.dumps(figures))


if __name__ == "__main__":
    main()
