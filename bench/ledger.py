"""How long it takes to compare all statements of a store, and how that grows: invented documents, 10,000 and 100,000 statements.

    python bench/ledger.py [STATEMENTS …]

Companies grow in number with the documents, so that as many statements meet on one claim in a large archive as in a small one; stances and
relations are as frequent as in what the project reads. Times are processor seconds of this process.
"""

import random
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


def measured(statements: int) -> float:
    """Build a store of so many statements, compare them, print what was found, and return the processor seconds of comparing."""
    with TemporaryDirectory() as directory, Store.open(Path(directory) / "store") as store:
        store.bulk_add(documents(statements))
        begin = time.process_time()
        keep_ledger(store)
        seconds = time.process_time() - begin
        found = store.ledger.found
        print(f"{statements:>9,} statements  {seconds:7.1f} s  {len(found.links):>8,} links  {len(found.promises):>8,} promises")  # noqa: T201
    return seconds


def main() -> None:
    """Measure the sizes that the arguments name, smallest first."""
    sizes = sorted(int(size) for size in sys.argv[1:]) or [10_000, 100_000]
    times = [measured(size) for size in sizes]
    if len(sizes) > 1:
        print(f"{sizes[-1] / sizes[0]:.0f} times the statements took {times[-1] / times[0]:.1f} times the time")  # noqa: T201


if __name__ == "__main__":
    main()
