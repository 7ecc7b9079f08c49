"""The ledger in bounded memory: the bytes that comparing in memory gives, wherever a process is killed, and no more memory for more."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from bench.ledger import documents
from bench.questions import varied
from kg.errors import StoreError
from kg.graph import writing
from kg.graph.access import Access, by_node
from kg.graph.keeping import keep_ledger
from kg.graph.ledger.comparing import Comparing
from kg.graph.ledger.entries import Answered, Entry, Pair
from kg.graph.ledger.keys import groups
from kg.graph.ledger.posts import BODIES, PERSONS, Posts, stated
from kg.graph.ledger.reading import Reading
from kg.graph.ledger.spool import Spool
from kg.graph.ledger.triples import entry_triples, related_triples
from kg.graph.literals import Triple
from kg.graph.merging import Merging
from kg.graph.store import Store
from kg.graph.tables.fetching import Fetching
from kg.graph.vocabulary import CLASSES, RDF, TERMS
from kg.lexicon import Lexicon
from kg.model import Extraction, Kind
from tests.conftest import ROOT
from tests.ledger.test_questions import world

STATEMENTS = 600
# of the ledger's lines without its state, as the version wrote them that compared all statements in memory
DIGESTS = {
    "alike": "f658e30765133367b8f9e344999e901e",
    "varied": "ac44b81f6487edba23518936e67f5bc7",
    "varied, judged": "dde9b1779ce8da7197db7c1e70258e3e",
}


def lines(store: Store, graph: ox.NamedNode | ox.DefaultGraph) -> list[str]:
    """Return a graph but for the state of the ledger, sorted."""
    quads = store.graph.quads_for_pattern(None, None, None, graph)
    return sorted(str(quad) for quad in quads if quad.predicate != TERMS["ledgerState"])


def digest(store: Store) -> str:
    return hashlib.sha256("\n".join(lines(store, store.iris.ledger)).encode()).hexdigest()[:32]


def judged(store: Store) -> None:
    """Let names be one that have nothing to do with each other, so that much moves."""
    names = [entity.name for entity in store.leading(30)]
    store.judge([names[:3], names[4:6]])


def in_memory(store: Store) -> list[str]:
    """Return the ledger's lines, found with all statements in memory, each key in a dictionary."""
    access, lexicon = Access(store.graph, store.iris), Lexicon()
    comparing = Comparing(lexicon, store.iris)
    reading = Reading(store.iris, lexicon.words("askers"), Merging(access).renaming())
    entries: list[Entry] = []
    exchanges: dict[str, list[Answered]] = {}
    for document in store.documents():
        said = by_node(access.match(None, None, None, store.iris.graph(document.id)))
        read, exchanges[document.id] = reading.read(document.id, said)
        entries += read
    posts = Posts(
        (person, post)
        for person, post in filter(None, map(stated, entries))
        if _is(access, person, PERSONS) and _is(access, post.organisation, BODIES)
    )
    entries = sorted(map(posts.placed, entries), key=lambda entry: entry.order)
    triples: list[Triple] = [triple for entry in entries for triple in entry_triples(entry, store.iris)]
    denied: dict[str, list[Pair]] = defaultdict(list)
    for claim, group in groups((comparing.keys.claim(entry), entry) for entry in entries).items():
        found, pairs = comparing.of_claim(claim, group)
        triples += found
        for document_id, pair in pairs:
            denied[document_id].append(pair)
    by_document = groups(((entry.document,), entry) for entry in entries)
    for document_id, asked in exchanges.items():
        triples += comparing.of_document(by_document.get((document_id,), []), asked, denied[document_id])
    related = groups((key, entry) for entry in entries if (key := comparing.keys.related(entry)) is not None)
    for group in related.values():
        triples += related_triples({entry.proposition for entry in group})
    return sorted({str(ox.Quad(*triple, store.iris.ledger)) for triple in triples})


def _is(access: Access, name: str, kinds: Iterable[Kind]) -> bool:
    return any(any(access.match(access.iris.entity(name), RDF["type"], CLASSES[kind])) for kind in kinds)


@pytest.mark.parametrize(("name", "make"), [("alike", documents), ("varied", varied)])
def test_it_has_the_bytes_that_it_had_when_all_was_in_memory(name: str, make: Callable[[int], Iterable[Extraction]]) -> None:
    with Store.in_memory() as store:
        store.bulk_add(make(STATEMENTS))
        keep_ledger(store)
        assert digest(store) == DIGESTS[name]
        assert lines(store, store.iris.ledger) == in_memory(store)


def test_the_samples_have_the_ledger_that_is_found_in_memory(samples: Path) -> None:
    with Store.open(samples, read_only=True) as store:
        assert lines(store, store.iris.ledger) == in_memory(store)


def test_names_that_were_judged_after_a_ledger_was_made_are_one_in_it_and_in_the_default_graph() -> None:
    with Store.in_memory() as before, Store.in_memory() as after:
        for store in (before, after):
            store.bulk_add(varied(STATEMENTS))
        judged(before)
        keep_ledger(before)
        keep_ledger(after)
        judged(after)
        keep_ledger(after)
        assert digest(before) == digest(after) == DIGESTS["varied, judged"]
        assert lines(after, after.iris.ledger) == in_memory(after)
        assert lines(after, ox.DefaultGraph()) == lines(before, ox.DefaultGraph())
        tables_are_in_step(after)


def test_what_somebody_writes_of_statements_changes_no_ledger() -> None:
    with Store.in_memory() as store:
        store.bulk_add(world())
        keep_ledger(store)
        before = lines(store, store.iris.ledger)
        one, *_ = store.statements()
        store.update(f"INSERT DATA {{ <{one.iri}> kg:value '7' ; kg:stance kg:Denial . <urn:own> kg:stance kg:Plan ; a kg:Statement }}")
        store.update("INSERT DATA { <urn:document> dct:identifier 'own' . <urn:somebody> a kg:Person }")
        keep_ledger(store)
        assert lines(store, store.iris.ledger) == before


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store on disk to which documents were added since its ledger was made."""
    first, *others = world()
    with Store.open(tmp_path / "store") as store:
        store.add(first)
        keep_ledger(store)
        store.bulk_add(others)
    return tmp_path / "store"


def tables_are_in_step(store: Store) -> None:
    """Compare what is looked up beside the graph with what is read in the graph."""
    found, fetched = store.derived.compared, Fetching(Access(store.graph, store.iris)).compared
    for table in ("link", "promise", "exchange", "about"):
        assert sorted(found.rows(f"SELECT * FROM {table}"), key=str) == sorted(fetched.rows(f"SELECT * FROM {table}"), key=str)


KILLED = """
import os, signal, sys
from kg.graph import writing
from kg.graph.keeping import keep_ledger
from kg.graph.ledger import spool
from kg.graph.merging import Merging
from kg.graph.store import Store
from kg.graph.tables.following import Following
spool._MEMORY, writing._LINES = 10, 10
store = Store.open(sys.argv[1])
function, calls = {function}, 0

def call(*given):
    global calls
    calls += 1
    if calls == {calls}:
        opened = [os.path.realpath("/proc/self/fd/" + name) for name in os.listdir("/proc/self/fd")]
        print([file for file in opened if file.startswith(os.environ["TMPDIR"])], flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*given)

{function} = call
keep_ledger(store)
"""


@pytest.mark.parametrize(
    ("function", "calls"),
    [
        ("spool.Spool.changes", 1),  # all is compared, nothing is written
        ("writing.Writing._amend", 2),  # what the former ledger was made of is gone, and nothing else
        ("writing.Writing._amend", 9),
        ("Following.catch_up", 9),  # the graph is written, the tables beside it are not
        ("Merging.merge", 1),  # all is written but what it is made of
    ],
)
def test_where_a_process_is_killed_the_ledger_is_out_of_date_and_is_made_again(
    place: Path, tmp_path: Path, function: str, calls: int
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    shutil.copytree(place, tmp_path / "undisturbed")
    script = KILLED.format(function=function, calls=calls)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    run = subprocess.run([sys.executable, "-c", script, str(place)], cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert run.stdout != "[]\n"  # it had a temporary file where it was told
    assert [*temporary.iterdir()] == []
    with Store.open(place) as store, Store.open(tmp_path / "undisturbed") as undisturbed:
        assert store.ledger.state != store.ledger_state()
        assert store.ledger.state is None or function == "spool.Spool.changes"
        tables_are_in_step(store)
        for one in (store, undisturbed):
            assert keep_ledger(one)
            assert not keep_ledger(one)
        assert store.export("nq") == undisturbed.export("nq")
        assert lines(store, ox.DefaultGraph()) == lines(undisturbed, ox.DefaultGraph())
        tables_are_in_step(store)


def test_without_room_for_temporary_files_nothing_is_changed_and_it_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with Store.open(place) as store:
        before = store.export("nq")
        with monkeypatch.context() as patch, pytest.raises(StoreError, match=r"disk is full.*TMPDIR"):
            patch.setattr(Spool, "deny", full)
            keep_ledger(store)
        assert store.export("nq") == before
        assert keep_ledger(store)


def test_more_statements_need_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python holds is counted: the databases have caches of a size, and what they take of the machine is another each time."""
    monkeypatch.setattr(writing, "_LINES", 500)
    needed = []
    for number in (100, 300, 1_200):  # at first, whatever is loaded and remembered once
        with Store.in_memory() as store:
            store.bulk_add(documents(number))
            store.ledger_state()
            tracemalloc.start()
            keep_ledger(store)
            needed.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert needed[2] < 1.5 * needed[1], needed
