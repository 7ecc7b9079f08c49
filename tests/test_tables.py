"""The tables beside the graph say what counting afresh says: whatever was written in whatever order, and wherever a process ended."""

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.graph.access import Access
from kg.graph.counting import Counting
from kg.graph.keeping import keep_ledger
from kg.graph.store import Store
from kg.graph.tables.changes import Changes
from kg.graph.tables.counts import Counts
from kg.graph.tables.fetching import Fetching
from kg.graph.tables.following import Following
from kg.graph.tables.rows import Nodes
from kg.graph.tables.tables import NAME, Tables
from kg.model import Entity, Extraction, Kind
from tests.graph_fixtures import extraction
from tests.test_lists import document

ENTITY = "https://w3id.org/corporate-statement-kg/entity/"
OWN = "https://w3id.org/corporate-statement-kg/statement/own"
PREFIXES = f"PREFIX e: <{ENTITY}> "


def says_the_same(store: Store) -> None:
    """Compare all that is looked up with what the graph gives when all of it is read."""
    access = Access(store.graph, store.iris)
    counts, counting = Counts(store.derived.tables, Nodes(access)), Counting(access)
    assert counts.summary() == counting.summary()
    assert counts.years() == counting.years()
    assert counts.stances() == counting.stances()
    spoken = counting.all_spoken()
    assert counts.all_spoken() == spoken
    for node in spoken:
        assert counts.years(node) == counting.years(node)
    leading = sorted(spoken, key=lambda node: (-spoken[node].statements, access.key(node)))
    named = [node for node in counts.leading(1_000) if node in spoken]
    assert named == [node for node in leading if spoken[node].statements]
    documents = {quad.subject for quad in access.match(None, ox.NamedNode("http://purl.org/dc/terms/identifier"), None)}
    listed = store.documents()
    assert {one.iri for one in listed} == {node.value for node in documents}
    assert [one.name for one in listed] == [one.name for one in sorted(listed, key=lambda one: (_newest(one.published), one.name, one.id))]
    fetching = Fetching(access)
    found, fetched = store.derived.compared, fetching.compared
    assert fetching.named is fetched
    for table in ("link", "promise", "exchange", "about", "document", "name"):
        assert sorted(found.rows(f"SELECT * FROM {table}"), key=str) == sorted(fetched.rows(f"SELECT * FROM {table}"), key=str)
    for one in store.statements():
        for words in (one.quote, one.quote[-2:], f"{one.quote[:1]} {one.quote[2:4]}"):
            assert one in store.statements(words=words)


def _newest(published: str | None) -> int:
    days = {"2021": 1, "2021-05": 121, "2021-05-06": 126, "2021-09-24": 267, "2022-Q1": 366}
    return 0 if published is None else -days[published]


Step = Callable[[Store, random.Random], None]


def add(store: Store, chance: random.Random) -> None:
    store.add(document(chance.randrange(8)))


def add_several(store: Store, chance: random.Random) -> None:
    store.bulk_add(document(number) for number in chance.sample(range(8), 3))


def read_otherwise(store: Store, chance: random.Random) -> None:
    """Give a document fewer statements, as other rules would."""
    whole = document(chance.randrange(8))
    store.add(Extraction(whole.document, whole.entities, whole.statements[: chance.randrange(3)], ()))


def withdraw(store: Store, chance: random.Random) -> None:
    documents = store.documents()
    if documents:
        store.withdraw(chance.choice(documents).id)


def judge(store: Store, chance: random.Random) -> None:
    names = [f"公司{number}" for number in chance.sample(range(9), 5)]
    store.judge([names[:2], names[2:4]][: chance.randrange(3)])


def compare(store: Store, chance: random.Random) -> None:
    keep_ledger(store)


def write_own(store: Store, chance: random.Random) -> None:
    """Put names, kinds and statements into a graph of one's own, or take them away."""
    company = f"e:公司{chance.randrange(9)}"
    store.update(
        PREFIXES
        + chance.choice(
            [
                f'INSERT DATA {{ GRAPH <urn:own> {{ {company} skos:prefLabel "公司" ; a kg:Place }} }}',
                f"INSERT DATA {{ <{OWN}> a kg:Statement ; kg:stance kg:Denial ; kg:expresses ?p ; kg:onBehalfOf {company} }}".replace(
                    "?p", "<https://w3id.org/corporate-statement-kg/proposition/own>"
                ),
                f"INSERT DATA {{ <https://w3id.org/corporate-statement-kg/proposition/own> a kg:Proposition ; rdf:subject {company} }}",
                "INSERT { GRAPH <urn:copy> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } FILTER (STRENDS(STR(?p), 'expresses')) }",
                "INSERT { GRAPH <urn:copy> { ?s ?p ?o } } WHERE { ?s ?p ?o FILTER (STRSTARTS(STR(?s), STR(e:))) }",
                "DROP SILENT GRAPH <urn:copy>",
                "DROP SILENT GRAPH <urn:own>",
                "DROP DEFAULT",
            ]
        )
    )


def put_graph(store: Store, chance: random.Random) -> None:
    triple = ox.Triple(ox.NamedNode(f"{ENTITY}公司{chance.randrange(9)}"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
                       ox.Literal("另名"))  # fmt: skip
    store.change_graphs(lambda graphs: graphs.put("urn:put", [triple]))


def clear(store: Store, chance: random.Random) -> None:
    if chance.random() < 0.3:
        store.update("CLEAR ALL")


STEPS: list[Step] = [add, add, add_several, read_otherwise, withdraw, judge, compare, write_own, write_own, put_graph, clear]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(steps=[(add, 0), (add, 286), (judge, 963), (write_own, 252), (judge, 135)])  # a copy says of a statement what no document does
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1_000)), min_size=3, max_size=12))
def test_whatever_is_written_the_tables_say_what_the_graph_says(steps: list[tuple[Step, int]]) -> None:
    with Store.in_memory() as store:
        for step, seed in steps:
            note(f"{step.__name__} {seed}")
            step(store, random.Random(seed))
            says_the_same(store)


def test_what_a_document_says_of_one_that_was_judged_another_is_said_of_that_other() -> None:
    with Store.in_memory() as store:
        store.bulk_add(map(document, range(12)))
        store.judge([["公司1", "公司2"]])
        more = document(50)
        store.add(Extraction(more.document, (Entity("公司2", Kind.PRODUCT, ("二号",)),), more.statements, ()))
        says_the_same(store)
        assert [match.entity for match in store.names.search("二号")] == ["公司1"]
        assert Kind.PRODUCT in getattr(store.entity("二号"), "kinds", ())
        store.withdraw(more.document.id)
        says_the_same(store)
        assert store.names.search("二号") == []


def test_names_are_the_same_once_a_document_was_added_and_withdrawn() -> None:
    def names(store: Store) -> object:
        texts = ("公司", "公司1", "gongsi", "gs", "大", "da", "Da Gong", "hm", "harmonyos", "鸿")
        found = [(store.names.search(text), store.names.called(text)) for text in texts]
        return found, store.names.forms, store.names.entities("", 100), store.names.count()

    with Store.in_memory() as store:
        store.bulk_add(map(document, range(12)))
        before = names(store)
        more = document(50)
        entities = (Entity("公司1", Kind.COMPANY, ("大公司",)), Entity("鸿蒙", Kind.PRODUCT, ()))
        statements = tuple(replace(one, object="鸿蒙", object_kind=Kind.PRODUCT) for one in more.statements)
        store.add(Extraction(more.document, entities, statements, ()))
        assert [match.entity for match in store.names.search("大公")] == ["公司1"]
        assert [match.entity for match in store.names.search("harmonyos")] == ["鸿蒙"]  # as only the lexicon calls it
        assert store.names.called("harmonyos") == ["鸿蒙"] and store.names.called("harmonyos", lexicon=False) == []
        store.withdraw(more.document.id)
        assert names(store) == before


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The nodes that are read again, from here on."""
    nodes: list[str] = []
    reads = Changes.read
    monkeypatch.setattr(Changes, "read", lambda self, found: reads(self, [one for one in found if nodes.append(one) or True]))
    return nodes


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store of twenty documents on disk."""
    with Store.open(tmp_path / "s") as store:
        store.bulk_add(map(document, range(20)))
    return tmp_path / "s"


def test_a_store_that_is_opened_again_reads_nothing_again(place: Path, read: list[str]) -> None:
    for read_only in (True, False, True):
        with Store.open(place, read_only=read_only) as store:
            assert store.summary().documents == 20
            assert len(store.documents_after((), 5).items) == 5
            assert len(store.statements(words="目标")) == 60
    assert read == []


def test_one_more_document_has_only_its_own_nodes_read(place: Path, read: list[str]) -> None:
    with Store.open(place) as store:
        store.add(document(20))
        assert {node for node in read if node.startswith("document/")} == {f"document/{document(20).document.id}"}
        assert len(read) < 20
        says_the_same(store)


KILLED = """
import os, signal, sys
from kg.graph.store import Store
from kg.graph.tables.fetching import Fetching
from kg.graph.tables.following import Following
from tests.test_lists import document
from tests.test_tables import read_otherwise
store = Store.open(sys.argv[1])
Following.catch_up = lambda self: os.kill(os.getpid(), signal.SIGKILL)
{change}
"""


@pytest.mark.parametrize(
    "change",
    [
        "store.add(document(20))",
        "store.bulk_add(map(document, range(20, 30)))",
        "store.withdraw('文3')",
        "store.judge([['公司1', '公司2']])",
        "store.update('DROP ALL')",
        "import random; read_otherwise(store, random.Random(1))",
    ],
)
def test_a_process_that_is_killed_between_graph_and_tables_leaves_nothing_untold(place: Path, change: str) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED.format(change=change), str(place)], check=False, capture_output=True, text=True)
    assert run.returncode == -signal.SIGKILL, run.stderr
    for read_only in (True, False):
        with Store.open(place, read_only=read_only) as store:
            says_the_same(store)


def test_who_writes_without_the_tables_is_noticed(place: Path) -> None:
    ours = ox.NamedNode("https://w3id.org/corporate-statement-kg/entity/公司1")
    label = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    database = ox.Store(place)
    for graph in (ox.DefaultGraph(), ox.NamedNode("urn:elsewhere")):
        database.add(ox.Quad(ox.NamedNode(f"{ours.value}新"), label, ox.Literal("新"), graph))
    del database
    for read_only in (True, False):
        with Store.open(place, read_only=read_only) as store:
            assert store.summary().entities == len(store.entities())
            says_the_same(store)


def test_what_somebody_writes_by_halves_is_nothing_and_stops_nothing(place: Path) -> None:
    data = "https://w3id.org/corporate-statement-kg/"
    halves = f"""
        <{data}link/half> kg:linkType kg:confirms . <{data}promise/half> kg:commitment 5 . <{data}exchange/half> kg:inDocument <urn:other> .
        <{data}document/half> dct:identifier "half" ; dct:issued "yesterday" .
    """
    with Store.open(place) as store:
        store.update(f"INSERT DATA {{ {halves} }}")
        assert len(store.documents()) == 20
        assert (store.ledger.links().items, store.ledger.exchanges().items) == ([], [])
        assert store.summary().statements == 60


def _removed(file: Path) -> None:
    file.unlink()


def _of_another_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE meta SET value = '0' WHERE name = 'version'")
        connection.execute("UPDATE counted SET n = 99")


def _garbled(file: Path) -> None:
    file.write_bytes(b"no database at all" * 500)


@pytest.mark.parametrize("harm", [_removed, _of_another_version, _garbled])
def test_tables_that_are_gone_or_of_another_making_are_made_again(place: Path, harm: Callable[[Path], None]) -> None:
    harm(place / NAME)
    for read_only in (True, False, True):
        with Store.open(place, read_only=read_only) as store:
            says_the_same(store)


def test_who_reads_while_another_writes_sees_graph_and_tables_of_one_moment(place: Path) -> None:
    with Store.open(place) as writer, Store.open(place, read_only=True) as before:
        assert len(before.documents()) == 20
        writer.add(document(20))
        writer.withdraw("文3")
        says_the_same(before)
        with Store.open(place, read_only=True) as after:
            assert {one.name for one in after.documents()} == {f"文{number}" for number in range(21)} - {"文3"}
            says_the_same(after)
        before.reopen(place)
        assert len(before.documents()) == 20
        says_the_same(before)
        says_the_same(writer)


def test_who_reads_in_the_middle_of_a_change_works_with_a_copy(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.tables.tables._PATIENCE", 0)
    with Store.open(place) as writer:
        assert isinstance(writer.derived, Following)
        graph = writer.iris.graph(document(3).document.id)
        with writer.derived.change([graph]), Store.open(place, read_only=True) as reader:
            says_the_same(reader)
        with Store.open(place, read_only=True) as reader:
            says_the_same(reader)


def test_tables_that_cannot_be_written_are_said_to_be_so_and_caught_up_later(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(place) as store:
        transaction = Tables.transaction
        failing = iter([False, True, True])  # what is about to change can be written down, what changed cannot

        def full(self: Tables) -> object:
            if next(failing, False):
                raise StoreError("the tables: the disk is full")
            return transaction(self)

        monkeypatch.setattr(Tables, "transaction", full)
        store.add(document(20))
        with pytest.raises(StoreError, match="the disk is full"):
            store.documents()
        assert len(store.documents()) == 21
        says_the_same(store)


@pytest.fixture(scope="module")
def reading() -> Iterator[Store]:
    """A store of one document."""
    with Store.in_memory() as opened:
        opened.bulk_add([extraction()])
        yield opened


@pytest.mark.parametrize(
    ("words", "quotes"),
    [
        ("出售青禾云", ["青禾科技没有出售青禾云的计划"]),
        ("禾OS 捐赠", ["禾OS已经捐赠给开放源码基金会"]),
        ("捐贈 禾ｏｓ", ["禾OS已经捐赠给开放源码基金会"]),  # another script, another width
        ("器", ["面向服务器"]),  # one character, and the last
        ("务器", ["面向服务器"]),
        ("服务器们", []),
        ("务客", []),
        ("计划 器", []),
        ('青"禾', []),
        ("\0青禾", []),
        ("AND", []),
        ("北山汽车会收购青禾云吗", ["北山汽车会收购青禾云吗"]),
    ],
)
def test_words_are_found_anywhere_in_a_quote(reading: Store, words: str, quotes: list[str]) -> None:
    assert [one.quote for one in reading.statements(words=words)] == quotes


def test_words_narrow_down_what_other_conditions_find(reading: Store) -> None:
    assert [one.quote for one in reading.statements(words="青禾云", stance="denies")] == ["青禾科技没有出售青禾云的计划"]
    assert len(reading.statements(words="青禾云", entity="北山汽车")) == 1
    assert len(reading.statements(words=" ")) == len(reading.statements())


def test_words_that_stand_in_many_quotes_are_found_as_well(reading: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = reading.statements(words="青禾云")
    assert len(expected) == 3
    monkeypatch.setattr("kg.graph.tables.listed._FEW", 2)
    monkeypatch.setattr("kg.graph.tables.words._BEGINNINGS", 1)
    with Store(reading.graph, None) as other:
        assert other.statements(words="青禾云") == expected
        assert other.statements(words="青") == reading.statements(words="青")
