"""Lists that go on after a key: whole, in order, unmoved by what is written meanwhile, and read no further than a page needs."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from kg.graph.access import Access
from kg.graph.matching import Matching
from kg.graph.records import DocumentRecord, EntityRecord, Key, StatementRecord, Stretch
from kg.graph.statements import Statements
from kg.graph.store import Store
from kg.graph.tables.fetching import Fetching
from kg.graph.tables.order import Order
from kg.graph.wanted import Wanted
from kg.model import Document, Extraction, Kind, Predicate, Stance, Statement, digest

Item = TypeVar("Item")
DAYS = ["2021", "2021-05", "2021-05-06", "2021-09-24", "2022-Q1", None]


def document(number: int, names: int = 9) -> Extraction:
    """Return a document of three statements about companies, its date and their stances drawn from its number."""
    drawn = random.Random(number)
    companies = [f"公司{drawn.randrange(names)}" for _ in range(3)]
    text = "".join(f"{company}收购目标{place}。" for place, company in enumerate(companies))
    name = f"文{number}"
    source = Document(digest(name), name, text, f"{name}.txt", None, drawn.choice(["甲报", "乙报"]), drawn.choice(DAYS))
    statements = []
    for place, company in enumerate(companies):
        quote = f"{company}收购目标{place}"
        start = text.index(quote)
        stance = drawn.choice(list(Stance))
        statements.append(
            Statement(
                doc=name,
                start=start,
                end=start + len(quote),
                quote=quote,
                speaker="张三",
                stance=stance,
                subject=company,
                predicate=drawn.choice([Predicate.ACQUIRES, Predicate.OWNS]),
                object=f"目标{place}",
                value=None,
                unit=None,
                when=None,
                due=drawn.choice(["2022-06", "2023", None]),
                id=digest(name, str(place)),
                subject_kind=Kind.COMPANY,
                object_kind=drawn.choice([Kind.UNIT, None]),
                speaker_kind=None,
                on_behalf_of=drawn.choice([company, None]),
                rule="hand",
                confidence=1.0,
            )
        )
    return Extraction(source, (), tuple(statements), ())


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A store of forty documents that are only read."""
    with Store.in_memory() as opened:
        opened.bulk_add(map(document, range(40)))
        yield opened


def pages(stretch: Callable[[Key, int], Stretch[Item]], limit: int, between: Callable[[], None] = lambda: None) -> Iterator[Item]:
    """Yield all items, a stretch at a time, with something done between any two."""
    after: Key = ()
    while True:
        found = stretch(after, limit)
        assert len(found.items) <= limit
        yield from found.items
        if found.after is None:
            return
        assert found.after > after
        after = found.after
        between()


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_stretches_make_up_the_whole_in_order(store: Store, limit: int) -> None:
    whole = store.statements()
    assert len(whole) == 120
    assert list(pages(store.statements_after, limit)) == whole
    days = [one.said_on or "" for one in whole]
    assert [day for day in days if not day] == days[len([day for day in days if day]) :]  # what has no date stands last
    assert [one.id for one in pages(store.documents_after, limit)] == [one.id for one in store.documents()]
    assert [one.name for one in pages(store.entities_after, limit)] == sorted(one.name for one in store.entities())


@pytest.mark.parametrize(
    "conditions",
    [
        {"stance": "denies"},
        {"stance": "denies", "predicate": "acquires"},
        {"subject": "公司3"},
        {"object": "目标1"},
        {"entity": "公司3", "stance": "plans"},
        {"principal": "公司3"},
        {"speaker": "张三", "kind": "unit"},
        {"speaker": "公司3"},
        {"since": "2021-06", "until": "2022-02"},
        {"due_since": "2022-H2"},
        {"due_until": "2022-12", "stance": "asserts"},
        {"document": "文7"},
    ],
)
def test_conditions_leave_what_a_reader_of_all_would_keep(store: Store, conditions: dict[str, str]) -> None:
    expected = [one.id for one in store.statements() if _meets(one, **conditions)]
    assert [one.id for one in pages(lambda after, limit: store.statements_after(after, limit, **conditions), 4)] == expected
    assert 0 < len(expected) < 120


def _meets(one: StatementRecord, **conditions: str) -> bool:
    """Say whether a statement meets conditions, put as plainly as can be."""
    subject, obj = one.subject, one.object if one.object_kind else None
    holds = {
        "stance": lambda value: one.stance.value == value,
        "predicate": lambda value: one.predicate.value == value,
        "subject": lambda value: subject == value,
        # `目标1` is an entity in some documents, and then only as such
        "object": lambda value: obj == value,
        "entity": lambda value: value in (subject, obj, one.on_behalf_of),
        "principal": lambda value: one.on_behalf_of == value,
        "speaker": lambda value: value in (one.speaker, one.on_behalf_of),
        "kind": lambda value: value in ((one.object_kind or "").__str__(), "company"),
        "since": lambda _: one.said_on in ("2021", "2021-09-24", "2022-Q1"),
        "until": lambda _: one.said_on is not None,
        "due_since": lambda _: one.due == "2023",
        "due_until": lambda _: one.due == "2022-06",
        "document": lambda value: one.document_name == value,
    }
    return all(holds[name](value) for name, value in conditions.items())


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_meanwhile_neither_repeats_nor_hides_anything(seed: int) -> None:
    drawn = random.Random(seed)
    with Store.in_memory() as store:
        store.bulk_add(map(document, range(30)))
        kept = set(range(15))
        others = iter(drawn.sample(range(15, 30), 15))
        new = iter(range(100, 200))

        def between() -> None:
            store.add(document(next(new)))
            if (gone := next(others, None)) is not None:
                store.withdraw(f"文{gone}")  # also the document that the reader has just left

        for listed, key in _lists(store):
            seen = [key(item) for item in pages(listed, 3, between)]
            assert len(seen) == len(set(seen))
            assert {name for name in seen if _of(name) in kept} == {name for name in _expected(store, listed) if _of(name) in kept}


def _lists(store: Store) -> list[tuple[Callable[[Key, int], Stretch[object]], Callable[[object], str]]]:
    def of_statement(item: object) -> str:
        assert isinstance(item, StatementRecord)
        return f"{item.document_name} {item.id}"

    def of_document(item: object) -> str:
        assert isinstance(item, DocumentRecord)
        return item.name

    return [(store.statements_after, of_statement), (store.documents_after, of_document)]


CHOICES: dict[str, list[str]] = {
    "stance": [*Stance],
    "predicate": [Predicate.ACQUIRES, Predicate.OWNS],
    "entity": [f"公司{number}" for number in range(9)],
    "subject": [f"公司{number}" for number in range(9)],
    "object": ["目标0", "目标1"],
    "speaker": ["张三", "公司3"],
    "kind": ["unit"],
    "since": ["2021-05", "2021-09-24", "2022"],
    "until": ["2021-05-06", "2021-09", "2022-02"],
    "due_since": ["2022-06-15", "2022-06-30", "2022-07"],
    "due_until": ["2022-06-01", "2022-06", "2023-06"],
    "words": ["目标1", "公司", "公司3 目标", "购", "没有"],
}


@pytest.mark.parametrize(("few", "seed"), [(few, seed) for few in (0, 3, 5_000) for seed in range(4)])
def test_tables_list_what_reading_all_would_after_whatever_is_written(few: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("_FEW", "_DUE"):  # so that conditions find documents, and so that they do not
        monkeypatch.setattr(f"kg.graph.tables.listed.{limit}", few)
    monkeypatch.setattr("kg.graph.tables.listed._FIRST", seed % 3)
    monkeypatch.setattr("kg.graph.tables.order._WINDOWS", (1, 3))
    drawn = random.Random(seed)
    with Store.in_memory() as store:
        store.bulk_add(map(document, range(12)))
        changes: list[Callable[[], object]] = [
            lambda: store.add(document(drawn.randrange(12, 100))),
            lambda: store.bulk_add(map(document, drawn.sample(range(100), 3))),
            lambda: store.withdraw(drawn.choice(store.documents()).id),
            lambda: store.judge([drawn.sample(CHOICES["entity"], 2)] if drawn.random() < 0.7 else []),
            lambda: store.add(_dated_otherwise(document(drawn.randrange(100)), drawn.choice(DAYS))),
        ]
        for _ in range(10):
            drawn.choice(changes)()
            everything = [one for _, one in _read(store) if one is not None]
            for _ in range(6):
                chosen = {name: drawn.choice(CHOICES[name]) for name in drawn.sample([*CHOICES], drawn.choice([0, 1, 1, 2, 3]))}
                wanted = store._wanted(**chosen)
                covered = {place.id for window in Order(lambda: store.derived.tables).windows(wanted or Wanted(), ()) for place in window}
                expected = [one for one in everything if wanted and one.document in covered and wanted.admits(one, store.iris)]
                assert store.statements(**chosen) == expected, chosen
                assert list(pages(lambda after, limit, given=chosen: store.statements_after(after, limit, **given), 5)) == expected, chosen


def _read(store: Store) -> Iterator[tuple[Key, StatementRecord | None]]:
    """Yield all statements in their order, out of the graph alone."""
    access = Access(store.graph, store.iris)
    reader = Statements(access, Order(lambda: Fetching(access).tables), Matching(access), None)
    return reader._walk(Wanted(), (), 1)


def _dated_otherwise(said: Extraction, day: str | None) -> Extraction:
    return replace(said, document=replace(said.document, published=day))


@pytest.mark.parametrize("number", [0, 1, 40])
def test_a_page_reads_its_own_statements_and_no_more(store: Store, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    records = Statements.records
    monkeypatch.setattr(Statements, "records", lambda self, nodes: records(self, [node for node in nodes if read.append(node) or True]))
    for conditions in ({}, {"stance": "denies"}, {"since": "2021-05", "until": "2021-05"}, {"due_until": "2022-06"}, {"words": "公司"}):
        read.clear()
        found = store.statements_after((), number, **conditions)
        assert len(read) <= number + 1
        assert len(found.items) == min(number, len(store.statements(**conditions)))


def test_a_page_goes_through_so_many_documents_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("listed._FEW", 0), ("listed._FIRST", 0), ("order._WIDE", (1,))):
        monkeypatch.setattr(f"kg.graph.tables.{name}", value)
    monkeypatch.setattr("kg.graph.statements.SPARSE", 30)
    with Store.in_memory() as store:
        store.bulk_add(map(document, range(40)))
        (rare,) = [one for one in store.statements() if one.document_name == "文7"][:1]
        wanted = {"words": rare.quote, "stance": rare.stance.value, "entity": rare.subject or ""}
        found = store.statements_after((), 50, **wanted)
        assert found.after is not None and [type(part) for part in found.after] == [int, str, str, int, int, str]  # as every key is
        assert list(pages(lambda after, limit: store.statements_after(after, limit, **wanted), 50)) == store.statements(**wanted) != []


def _of(name: str) -> int:
    return int(name.partition(" ")[0].removeprefix("文"))


def _expected(store: Store, listed: object) -> list[str]:
    if listed == store.documents_after:
        return [one.name for one in store.documents()]
    return [f"{one.document_name} {one.id}" for one in store.statements()]


def test_entities_stay_in_their_places_however_much_is_said_of_them() -> None:
    with Store.in_memory() as store:
        store.bulk_add(map(document, range(10)))
        before = {one.name for one in store.entities()}
        new = iter(range(100, 200))
        seen: list[EntityRecord] = list(pages(store.entities_after, 2, lambda: store.add(document(next(new), 12)) and None))
        names = [one.name for one in seen]
        assert names == sorted(set(names))
        assert before <= set(names)


def test_a_stretch_looks_at_so_much_and_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.statements.SPARSE", 10)
    wanted = {"stance": "denies", "predicate": "acquires"}
    with Store.in_memory() as fresh:
        fresh.bulk_add(map(document, range(40)))
        first = fresh.statements_after((), 50, **wanted)
        assert len(first.items) <= 10
        assert first.after is not None
        assert list(pages(lambda after, limit: fresh.statements_after(after, limit, **wanted), 50)) == fresh.statements(**wanted)
