"""Jobs: events as they come and after a cut, ending one, a full queue, limits of extraction, and what is left when the server stops."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

import httpx
import pytest

from kg.graph.store import Store
from tests.api.conftest import running
from tests.api.uploading import AUTHORISED, NOTICE, TOKEN, long_text, send, taken_in, until, writing


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client with the token, of a server that lets two documents wait."""
    with writing(tmp_path_factory.mktemp("jobs") / "store", "jobs_waiting=2") as opened:
        yield opened


def events(client: httpx.Client, path: str, last: int | None = None) -> list[tuple[int, str, str]]:
    """Return the number, the name and the detail of the events of a job, read as an event source reads them."""
    found, fields = [], {}
    with client.stream("GET", f"{path}/events", headers={} if last is None else {"Last-Event-ID": str(last)}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
            elif "data" in fields:
                data = json.loads(fields.pop("data"))
                assert data["state"] == fields["event"]
                found.append((int(fields["id"]), fields["event"], data["detail"]))
    return found


def extracting(process: int) -> list[int]:
    """Return the ids of the processes that extract for a server."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    return [int(child) for child in children if b"api.jobs.extraction" in Path(f"/proc/{child}/cmdline").read_bytes()]


class TestEvents:
    def test_every_state_as_it_comes_and_the_stream_ends_with_the_job(self, client: httpx.Client) -> None:
        path = send(client).headers["location"]
        seen = events(client, path)
        assert [(number, state) for number, state, _ in seen] == list(enumerate(["queued", "reading", "extracting", "writing", "done"], 1))
        job = client.get(path).json()
        assert seen[-1][2] == job["detail"]
        assert f"{len(NOTICE)} characters" == seen[2][2]

    def test_who_was_cut_off_goes_on_where_he_was(self, client: httpx.Client) -> None:
        path = taken_in(client, send(client, NOTICE + "\n"))["url"]
        whole = events(client, path)
        assert events(client, path, last=2) == whole[2:]
        assert events(client, path, last=99) == whole  # of a server before this one
        done = client.get(f"{path}/events", headers={"Last-Event-ID": str(len(whole))})
        assert (done.status_code, done.content) == (204, b"")
        assert client.get(f"{path}/events", headers={"Last-Event-ID": "three"}).status_code == 400

    def test_there_is_no_such_job(self, client: httpx.Client) -> None:
        for answer in (client.get("/jobs/无"), client.get("/jobs/无/events"), client.delete("/jobs/无")):
            assert answer.status_code == 404
            assert "send the document again" in answer.json()["detail"]

    def test_the_list_has_the_last_submitted_first_and_goes_on(self, client: httpx.Client) -> None:
        ids = [taken_in(client, send(client, NOTICE + " " * number))["id"] for number in (3, 4)]
        first = client.get("/jobs", params={"limit": 1}).json()
        second = client.get(first["next"]).json()
        assert [first["items"][0]["id"], second["items"][0]["id"]] == ids[::-1]
        assert first["total"] == second["total"]


class TestEnding:
    def test_ending_a_job_in_the_middle_leaves_nothing_and_the_next_is_done(self, client: httpx.Client) -> None:
        before = client.get("/healthz").json()
        path = send(client, long_text(), source="long.txt").headers["location"]
        until(client, path, "extracting")
        waiting = send(client, NOTICE + "后面的。").headers["location"]
        ended = client.delete(path).json()
        assert (ended["state"], ended["result"]) == ("cancelled", None)
        assert "nothing was written" in ended["detail"]
        assert client.delete(path).json() == ended
        assert until(client, waiting)["state"] == "done"
        assert client.get("/healthz").json()["documents"] == before["documents"] + 1
        assert client.get("/documents/long").status_code == 404

    def test_a_full_queue_turns_away_and_look_ups_are_answered_meanwhile(self, client: httpx.Client) -> None:
        path = send(client, long_text(2501)).headers["location"]
        until(client, path, "extracting")
        waiting = [send(client, NOTICE + "等" * number).json() for number in (1, 2)]
        assert [job["ahead"] for job in waiting] == [0, 1]
        full = send(client, NOTICE + "等等等")
        assert (full.status_code, full.headers["content-type"]) == (503, "application/problem+json")
        assert int(full.headers["retry-after"]) > 0
        assert send(client, NOTICE + "等").json()["id"] == waiting[0]["id"]  # it waits already
        times = []
        for _ in range(50):
            started = time.monotonic()
            assert client.get("/documents", params={"limit": 1}).status_code == 200
            times.append(time.monotonic() - started)
        assert client.get(path).json()["state"] == "extracting"
        assert quantiles(times, n=20)[-1] < 0.5
        for job in (*waiting, {"url": path}):
            assert client.delete(job["url"]).json()["state"] == "cancelled"

    def test_an_extraction_that_is_killed_fails_and_the_next_is_done(self, tmp_path: Path) -> None:
        Store.open(tmp_path / "store").close()
        with (
            running(f"store=Path({str(tmp_path / 'store')!r}), write_token={TOKEN!r}") as (address, process),
            httpx.Client(base_url=address, headers=AUTHORISED, timeout=60) as client,
        ):
            path = send(client, long_text()).headers["location"]
            until(client, path, "extracting")
            while not (found := extracting(process.pid)):
                time.sleep(0.05)
            environment = Path(f"/proc/{found[0]}/environ").read_bytes()
            os.kill(found[0], signal.SIGKILL)
            failed = until(client, path)
            assert (failed["state"], failed["result"]) == ("failed", None)
            assert "split the document" in failed["detail"]
            assert taken_in(client, send(client))["state"] == "done"
            assert extracting(process.pid) != found
        assert b"KG_" not in environment

    def test_an_extraction_past_its_time_fails(self, tmp_path: Path) -> None:
        with writing(tmp_path / "store", "extraction_seconds=1") as client:
            failed = taken_in(client, send(client, long_text()))
            assert failed["state"] == "failed"
            assert "took more than 1 s" in failed["detail"]
            assert client.get("/healthz").json()["documents"] == 0

    def test_a_server_that_stops_leaves_no_half_of_a_document(self, tmp_path: Path) -> None:
        with writing(tmp_path / "store") as client:
            done = taken_in(client, send(client))
            until(client, send(client, long_text()).headers["location"], "extracting")
        with Store.open(tmp_path / "store") as store:
            assert [document.id for document in store.documents()] == [done["result"]["document"]]
            assert store.verify() == []
        with writing(tmp_path / "store") as client:
            assert client.get(done["url"]).status_code == 404
            again = taken_in(client, send(client))
            assert (again["id"], again["result"]) == (done["id"], {**done["result"], "change": "unchanged"})
