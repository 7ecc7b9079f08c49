"""How long each question and each list takes in a large store: `make bench-questions STATEMENTS=300000`.

It makes a store of invented documents, ten statements each, with its ledger, and asks every question of ontology/questions of one company
(or of one day) and of all, and what the pages and REST ask: counts, lists by date, an entity, names that hold a word, words of a quote.
Shown is the first time in a process just begun, and the median of those after it; then how long it takes to add one document more, and
all but the questions, each for the first time after that. With `--store` the store is kept, and used again where
it is there already; with `--of-one` no question is asked of all, which takes minutes each in a large store.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.ledger import EACH, PREDICATES, documents
from kg.graph.keeping import keep_ledger
from kg.graph.questions import Question, questions
from kg.graph.store import Store
from kg.model import Extraction, Predicate, Taking

ROUNDS = 5
ROWS = 10_000  # that are taken of an answer, as many as the server gives
SLOW = 100  # milliseconds
RELATIONS = (Predicate.OWNS, Predicate.OPEN_SOURCES, Predicate.HOLDS_ROLE, Predicate.RESTRICTS, Predicate.TARGETS)
TAKINGS = (*Taking,)


def varied(statements: int) -> Iterator[Extraction]:
    """Yield documents of so many statements, with relations for every question and answers of every kind."""
    for number, extraction in enumerate(documents(statements, predicates=[*PREDICATES, *RELATIONS])):
        exchanges = tuple(replace(one, taking=TAKINGS[number % len(TAKINGS)]) for one in extraction.exchanges)
        yield replace(extraction, exchanges=exchanges)


def made(place: Path, statements: int) -> None:
    """Make the store and its ledger, where they are not there yet."""
    if not (place / "CURRENT").exists():
        with Store.open(place) as store:
            store.bulk_add(varied(statements))
            keep_ledger(store)


def parameters(question: Question, company: str) -> Mapping[str, str]:
    """Return what a question is asked about: a company, or a month."""
    of = {"entity": company, "date": "2020-06", "from": "2020-06"}
    given = {name: of[kind] for name, kind in question.parameters.items()}
    if len(given) > 1:  # a who and two days: the days alone would be asked of all
        given |= {name: "2020" for name in given if question.parameters[name] != "entity"}
    return given


def asked(store: Store, company: str, *, of_all: bool) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield what is asked, with how it is called; each returns how many rows or items came."""

    def answer(name: str, given: Mapping[str, str]) -> Callable[[], int]:
        return lambda: sum(1 for _ in islice(store.ask(name, **given), ROWS))  # type: ignore[arg-type]  # rows, of SELECTs

    for name, question in questions().items():
        if given := parameters(question, company):
            yield f"{name} {' '.join(f'{key}={value}' for key, value in given.items())}", answer(name, given)
    for name in questions() if of_all else ():
        yield f"{name}, of all", answer(name, {})
    yield "counts of everything", lambda: store.summary().statements
    yield "the twelve entities most spoken of", lambda: len(store.leading(12))

    def holding(words: str) -> Callable[[], int]:
        return lambda: len(store.statements_after((), 50, words=words).items)

    for words in ("欧洲市场，12", "市场", "欧洲 公司"):
        yield f"50 statements whose quotes hold {words}", holding(words)
    held = 'SELECT ?s { ?s kg:evidence/oa:hasSelector/oa:exact ?quote FILTER (CONTAINS(?quote, "欧洲市场，12")) } LIMIT 50'
    yield "50 statements whose quotes hold some words, by SPARQL", lambda: sum(1 for _ in store.query(held))  # type: ignore[union-attr]
    yield "statements a year", lambda: len(store.years())
    yield "statements a year, of a company", lambda: len(store.years(company))
    yield "an entity", lambda: getattr(store.entity(company), "statements", 0)
    yield "an entity's relations", lambda: len(store.relations(company))
    yield "the newest 50 statements", lambda: len(store.statements_after((), 50).items)
    yield "the newest 50 denials", lambda: len(store.statements_after((), 50, stance="denies").items)
    yield "50 statements of a month", lambda: len(store.statements_after((), 50, since="2020-06", until="2020-06").items)
    yield "50 of a company", lambda: len(store.statements_after((), 50, entity=company).items)
    yield "50 denials of a company", lambda: len(store.statements_after((), 50, entity=company, stance="denies").items)
    yield "50 due in a month", lambda: len(store.statements_after((), 50, due_since="2020-06", due_until="2020-06").items)
    yield "the newest 50 documents", lambda: len(store.documents_after((), 50).items)
    yield "50 documents of a company", lambda: len(store.documents_after((), 50, entity=company).items)
    yield "50 entities by name", lambda: len(store.entities_after((), 50).items)
    yield "50 entities whose names hold a word", lambda: len(store.search_after("湖", (), 50).items)
    yield "50 links", lambda: len(store.ledger.links((), 50).items)
    yield "50 promises that are due", lambda: len(store.ledger.promises((), 50, as_of="2024-01-01").items)
    yield "the same of a company", lambda: len(store.ledger.promises((), 50, as_of="2024-01-01", about=company).items)


def after_one_more(store: Store) -> None:
    """Print how long it takes to add a document, and each look-up after that."""
    company = store.leading(40)[-1].name
    *_, extraction = varied(11 * EACH)
    document = replace(extraction.document, id="one-more", name="one more", source="one-more.txt")
    more = Extraction(
        document, extraction.entities, tuple(replace(one, id=f"one-more-{n}") for n, one in enumerate(extraction.statements)), ()
    )
    say("\n| after one more document | first ms | rows |\n|---|---|---|")
    looked_up = [(name, ask) for name, ask in asked(store, company, of_all=False) if name.split(",")[0].split()[0] not in questions()]
    for name, ask in [("to add it", lambda: len(store.add(more))), *looked_up, ("to withdraw it", lambda: store.withdraw("one-more"))]:
        if "SPARQL" not in name:
            begun = time.perf_counter()
            rows = ask()
            say(f"| {name} | {(time.perf_counter() - begun) * 1000:,.1f} | {rows:,} |")


def measured(store: Store, *, of_all: bool) -> None:
    """Print a table: first time, median, and how much came; what is slow is marked."""
    company = store.leading(40)[-1].name
    say("| what is asked | first ms | median ms | rows | |\n|---|---|---|---|---|")
    for name, ask in asked(store, company, of_all=of_all):
        times, rows = [], 0
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            rows = ask()
            times.append((time.perf_counter() - begun) * 1000)
            if times[0] > 20 * SLOW:
                break
        median = statistics.median(times[1:] or times)
        verdict = "slow" if median > SLOW else "slow at first" if times[0] > SLOW else ""
        say(f"| {name} | {times[0]:,.1f} | {median:,.1f} | {rows:,} | {verdict} |")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Make the store, then open it anew and ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("statements", nargs="?", type=int, default=100_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--of-one", action="store_true")
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        place = options.store or Path(scratch) / "store"
        made(place, options.statements)
        with Store.open(place, read_only=True) as store:
            say(f"{options.statements:,} statements; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
            measured(store, of_all=not options.of_one)
        with Store.open(place) as store:
            after_one_more(store)


if __name__ == "__main__":
    main()
