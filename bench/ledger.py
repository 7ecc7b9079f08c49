"""How long it takes to compare all statements of a store, in how much memory, and how both grow: `make bench-ledger SIZES='10000 100000'`.

Companies grow in number with the documents, so that as many statements meet on one claim in a large archive as in a small one; stances and
relations are as frequent as in what the project reads. Each ledger is made by a process of its own: shown are its processor seconds and its
peak of memory, also how high it was before statements were compared. With `--store` the ledger of a store that is there is made, once.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.graph.keeping import keep_ledger
from kg.graph.store import Store
from kg.model import Document, Entity, Exchange, Extraction, Kind, Predicate, Stance, Statement, Taking, digest

EACH = 10  # statements a document
PER_COMPANY = 60  # statements that speak of one company, on average
FIRST = date(2015, 1, 1)
DAYS = 3650
SYLLABLES = "青禾岭湖安屿北川泠光椋原榧木澹阙舟栌山岫东檀霁沧榆隅砚"
STANCES = [(Stance.ASSERTS, 60), (Stance.REPORTS, 10), (Stance.DENIES, 10), (Stance.PLANS, 10), (Stance.PREDICTS, 6), (Stance.AIMS, 4)]
PREDICATES = [Predicate.METRIC] * 8 + [
    Predicate.DEVELOPS,
    Predicate.LAUNCHES,
    Predicate.ACQUIRES,
    Predicate.DIVESTS,
    Predicate.EXITS,
    Predicate.USES,
    Predicate.OPERATES_IN,
    Predicate.PROPOSITION,
]
BETWEEN = {Predicate.ACQUIRES, Predicate.OWNS, Predicate.OPEN_SOURCES, Predicate.HOLDS_ROLE, Predicate.RESTRICTS}  # two companies
OBJECTS = ["手机业务", "云业务", "车", "芯片", "操作系统", "欧洲市场", "物流公司", "电池工厂"]
MEASURES = ["收入", "销量", "用户数", "净利润", "门店数", "研发投入"]
OUTLETS = ["新川日报", "北山晚报", "霁川研究", "砾滩新闻"]


def documents(statements: int, seed: int = 7, predicates: Sequence[Predicate] = PREDICATES) -> Iterator[Extraction]:
    """Yield documents that hold so many statements together, with relations drawn from these."""
    chance = random.Random(seed)
    companies = [f"{chance.choice(SYLLABLES)}{chance.choice(SYLLABLES)}{number}公司" for number in range(max(2, statements // PER_COMPANY))]
    for number in range(statements // EACH):
        yield _document(number, companies, chance, predicates)


def _document(number: int, companies: list[str], chance: random.Random, predicates: Sequence[Predicate]) -> Extraction:
    company, other = chance.sample(companies, 2)
    speaker = f"{company}发言人" if chance.random() < 0.5 else company
    day = FIRST + timedelta(days=chance.randrange(DAYS))
    said = [_said(company, other, day, chance, predicates) for _ in range(EACH)]
    text = "\n".join(quote for quote, *_ in said)
    document = Document(
        digest(str(number), text), f"document {number}", text, f"{number}.txt", None, chance.choice(OUTLETS), day.isoformat()
    )
    position, statements = 0, []
    for quote, stance, predicate, obj, value, due in said:
        statements.append(
            Statement(
                doc=document.name,
                start=position,
                end=position + len(quote),
                quote=quote,
                speaker=None if stance is Stance.REPORTS else speaker,
                stance=stance,
                subject=company,
                predicate=predicate,
                object=obj,
                value=value,
                unit="万元" if value else None,
                when=str(day.year - 1) if value and stance is Stance.ASSERTS else None,
                due=due,
                id=digest(document.id, str(position), stance, predicate, obj, value),
                subject_kind=Kind.COMPANY,
                object_kind=Kind.COMPANY if obj == other else None,
                speaker_kind=Kind.COMPANY if speaker == company and stance is not Stance.REPORTS else None,
                on_behalf_of=None if stance is Stance.REPORTS else company,
                rule="invented",
                confidence=1.0,
            )
        )
        position += len(quote) + 1
    exchange = Exchange(statements[0].start, statements[0].end, statements[1].start, statements[1].end, "记者", company, Taking.ANSWERS)
    return Extraction(document, (Entity(company, Kind.COMPANY),), tuple(statements), (), exchanges=(exchange,))


def _said(
    company: str, other: str, day: date, chance: random.Random, predicates: Sequence[Predicate]
) -> tuple[str, Stance, Predicate, str, str | None, str | None]:
    (stance,) = chance.choices([stance for stance, _ in STANCES], [weight for _, weight in STANCES])
    predicate = chance.choice(predicates)
    value = str(chance.randrange(100, 100_000)) if predicate is Predicate.METRIC else None
    if predicate is Predicate.METRIC:
        obj = chance.choice(MEASURES)
    elif predicate in BETWEEN:
        obj = other
    else:
        obj = chance.choice(OBJECTS)
    due = str(day.year + 1) if stance in {Stance.PLANS, Stance.AIMS, Stance.PREDICTS} else None
    return f"{company}{stance}{predicate}{obj}{value or ''}，{chance.randrange(10**9)}", stance, predicate, obj, value, due


def compared(place: Path) -> dict[str, float]:
    """Make the ledger of a store; return what that took, in seconds and MiB, and how much was found."""
    with Store.open(place) as store:
        statements, before, begun, seconds = store.summary().statements, _peak(), time.perf_counter(), time.process_time()
        if not keep_ledger(store):
            sys.exit(f"{place}: its ledger is up to date, so there is nothing to measure")
        figures = {"statements": statements, "s": time.process_time() - seconds, "wall": time.perf_counter() - begun}
        figures |= {"before": before, "peak": _peak()}
        links, promises, _ = store.ledger.compared.counts()
        return figures | {"links": sum(links.values()), "promises": promises}


def _peak() -> float:
    """Return the peak of this process; what `getrusage` gives is at least what its parent had when it was started."""
    (kib,) = re.findall(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(kib) / 1024


def measured(place: Path) -> dict[str, float]:
    """Make the ledger of a store in a process of its own, print a line, and return the figures."""
    command = [sys.executable, "-m", "bench.ledger", "--here", "--store", str(place)]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    columns = [f"{figures[name]:,.0f}" for name in ("statements", "s", "wall", "before", "peak", "links", "promises")]
    print(f"| {' | '.join(columns)} |", flush=True)  # noqa: T201
    return figures


def main() -> None:
    """Measure the sizes that the arguments name, smallest first, or a store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--store", type=Path)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(compared(options.store)))  # noqa: T201
        return
    print("| statements | processor s | wall s | MiB before | peak MiB | links | promises |\n|---|---|---|---|---|---|---|")  # noqa: T201
    if options.store is not None:
        measured(options.store)
        return
    found = []
    for size in sorted(options.sizes):
        with TemporaryDirectory() as directory:
            with Store.open(Path(directory) / "store") as store:
                store.bulk_add(documents(size))
            found.append(measured(Path(directory) / "store"))
    if len(found) > 1:
        more, longer, higher = (found[-1][name] / found[0][name] for name in ("statements", "s", "peak"))
        print(f"{more:.0f} times the statements took {longer:.1f} times the time and {higher:.2f} times the memory")  # noqa: T201


if __name__ == "__main__":
    main()
