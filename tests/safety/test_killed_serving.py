"""SIGKILL while the server takes documents in and withdraws them: what was acknowledged holds, the rest is whole or absent."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg.graph.store import Store
from kg.graph.writing import ONTOLOGY_GRAPH
from tests.api.conftest import running
from tests.api.uploading import AUTHORISED, TOKEN, send, taken_in
from tests.conftest import COMMAND, SAMPLES

KILLS = 50
SEED = 20220630
SECONDS = 1.0  # after the first write that the server has acknowledged
PATIENCE = 240  # seconds for that, and for the end of a server, where the machine has much else to do
SETTINGS = f"write_token={TOKEN!r}, query_workers=1"
LONG = (SAMPLES / "huawei_roundtable_retold.md").read_text("utf-8")
STATES = (LONG, LONG + "\n徐直军还说，华为没有收购车厂的计划。\n")  # long, so that writing one takes a while
SOURCES = ("one.txt", "two.txt", "three.txt")

Content = frozenset[ox.Quad]


@dataclass
class Sender:
    """A client that keeps sending a document in, changing it and withdrawing it, and notes what was acknowledged.

    `sure` is the state that the server has confirmed, None where it is withdrawn; `asked` is what a request, not yet answered, may or
    may not have made of it.
    """

    address: str
    source: str
    sure: int | None
    random: random.Random
    asked: tuple[int | None, ...] = ()
    writes: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Write until the server is gone."""
        with httpx.Client(base_url=self.address, timeout=60, headers=AUTHORISED) as client, suppress(httpx.HTTPError, json.JSONDecodeError):
            while not self.stopped.is_set():
                others = [state for state in (None, 0, 1) if state != self.sure]
                self.asked = (self.random.choice(others),)
                (wanted,) = self.asked
                if wanted is None:
                    self._withdraw(client)
                else:
                    job = taken_in(client, send(client, STATES[wanted], source=self.source))
                    assert job["state"] == "done", job
                self.sure, self.asked = wanted, ()
                self.writes += 1

    def _withdraw(self, client: httpx.Client) -> None:
        (record,) = [item for item in client.get("/documents").json()["items"] if item["source"] == self.source]
        assert client.delete(f"/documents/{record['id']}").status_code == 200


def contents(store: Store) -> dict[str, Content]:
    """Return what is stored of each source, after checking that the default graph is the merge of the named ones and no more."""
    named = [quad for quad in store.graph if isinstance(quad.graph_name, ox.NamedNode)]
    merged = {quad.triple for quad in named}
    plain = {quad.triple for quad in store.graph.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert [triple.predicate.value for triple in plain - merged] == ["http://rdfs.org/ns/void#uriSpace"]
    assert merged <= plain
    found: dict[str, Content] = {}
    known = {ONTOLOGY_GRAPH, *({store.iris.ledger} if any(store.graph.quads_for_pattern(None, None, None, store.iris.ledger)) else ())}
    for record in store.documents():
        graphs = {store.iris.graph(record.id), store.iris.entities_graph(record.id)}
        assert record.source not in found
        found[record.source] = frozenset(quad for quad in named if quad.graph_name in graphs)
        known |= graphs
    assert {quad.graph_name for quad in named} == known
    return found


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Content]:
    """Return what the store holds of each source in each state, as an undisturbed server writes it."""
    directory = tmp_path_factory.mktemp("undisturbed") / "store"
    Store.open(directory).close()
    found = {}
    for number, text in enumerate(STATES):
        with running(f"store=Path({str(directory)!r}), {SETTINGS}") as (address, _), httpx.Client(base_url=address, timeout=60) as client:
            client.headers.update(AUTHORISED)
            for source in SOURCES:
                assert taken_in(client, send(client, text, source=source))["state"] == "done"
        with Store.open(directory) as store:
            found |= {(source, number): content for source, content in contents(store).items()}
    assert len(set(found.values())) == len(SOURCES) * len(STATES)
    return found


def test_killed_at_fifty_moments_while_serving_writes(
    tmp_path: Path, states: dict[tuple[str, int], Content], capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "store"
    Store.open(directory).close()
    moments = random.Random(SEED)
    sure: dict[str, int | None] = dict.fromkeys(SOURCES)
    writes = amid = came = 0
    for number in range(KILLS):
        with running(f"store=Path({str(directory)!r}), {SETTINGS}") as (address, process):
            senders = [Sender(address, source, sure[source], random.Random(f"{SEED} {number} {source}")) for source in SOURCES]
            threads = [threading.Thread(target=sender.run) for sender in senders]
            for thread in threads:
                thread.start()
            begun = time.monotonic()
            while not any(sender.writes for sender in senders):
                assert time.monotonic() < begun + PATIENCE, (
                    f"kill {number}: nothing was written; {[thread.is_alive() for thread in threads]}"
                )
                time.sleep(0.01)
            time.sleep(moments.uniform(0, SECONDS))
            for sender in senders:
                sender.stopped.set()
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)
            for thread in threads:
                thread.join()
        with Store.open(directory) as store:
            assert store.verify() == []
            found = contents(store)
        for sender in senders:
            allowed = {sender.sure, *sender.asked}
            matching = [state for state in allowed if found.get(sender.source) == (None if state is None else states[sender.source, state])]
            assert matching, f"kill {number}: {sender.source} is in none of the states {allowed}"
            came += matching != [sender.sure]
            sure[sender.source] = matching[0]
        writes += sum(sender.writes for sender in senders)
        amid += sum(bool(sender.asked) for sender in senders)
    verified = subprocess.run([*COMMAND, "verify", "--store", str(directory)], check=False, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout
    with capsys.disabled():
        sys.stdout.write(
            f"\n{KILLS} kills, {writes} writes acknowledged and kept, {amid} requests cut off, of which {came} had been written\n"
        )
    assert writes >= KILLS
    assert amid >= KILLS // 2
