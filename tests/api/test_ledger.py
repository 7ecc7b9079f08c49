"""GET /links, /promises, /answers and attribution over a real server; and the ledger made again after a document was sent in."""

import time
from collections.abc import Iterator

import httpx
import pytest

from kg.graph.store import Store
from tests.api.conftest import running, world

TOKEN = "a token for the ledger"
LATER = "2023年3月6日\n海川集团董事长周雨表示，海川集团没有收购蓝鲸云的计划。\n"
BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that may write, over a store whose ledger was never made: it makes it by itself."""
    directory = tmp_path_factory.mktemp("ledger") / "store"
    with Store.open(directory) as store:
        store.bulk_add(world())
    with running(f"store=Path({str(directory)!r}), write_token={TOKEN!r}, ledger_seconds=0.05") as (address, _):
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    """A client of that server, once there is a ledger."""
    with httpx.Client(base_url=address, timeout=30) as client:
        until(client, "/links?type=deniesRumour", 1)
        yield client


def until(client: httpx.Client, path: str, count: int) -> list[dict[str, object]]:
    """Return the items of a list once there are so many; fail after half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        items: list[dict[str, object]] = client.get(path).raise_for_status().json()["items"]
        if len(items) == count:
            return items
        time.sleep(0.1)
    pytest.fail(f"{path}: {len(items)} items, not {count}")


def test_a_link_has_both_statements(client: httpx.Client) -> None:
    (link,) = client.get("/links", params={"type": "deniesRumour", "about": "蓝鲸云"}).json()["items"]
    assert link["later"]["evidence"]["quote"] == "海川集团收购蓝鲸云一事不实"
    assert link["earlier"]["stance"] == "reports"
    assert link["basis"] == "same claim"


def test_links_are_chosen_by_day_and_go_on_at_next(client: httpx.Client) -> None:
    everything = client.get("/links").json()["items"]
    assert client.get("/links", params={"until": "2021-05"}).json()["items"] == []
    page, found = client.get("/links", params={"limit": 1}).json(), []
    while True:
        found += page["items"]
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()
    assert found == everything


@pytest.mark.parametrize(("as_of", "status"), [("2022-06", "open"), ("2023-01-01", "due")])
def test_promises_stand_as_of_a_day(client: httpx.Client, as_of: str, status: str) -> None:
    answer = client.get("/promises", params={"as_of": as_of, "about": "WhaleOS 不是"}).json()
    assert answer["items"] == []
    (promise,) = client.get("/promises", params={"as_of": as_of, "about": "Blue Whale"}).json()["items"]
    assert (promise["status"], promise["due"], promise["party"]) == (status, "2022", "蓝鲸科技")
    assert promise["statement"]["evidence"]["quote"] == "蓝鲸科技计划2022年底前发布A/B_C 库"


def test_a_proposition_tells_its_life(client: httpx.Client) -> None:
    (link,) = client.get("/links", params={"type": "deniesRumour"}).json()["items"]
    proposition = client.get(link["later"]["proposition_url"]).json()
    assert [one["stance"] for one in proposition["statements"]] == ["reports", "denies", "asserts"]
    assert proposition["independent_sources"] == 1
    assert "deniesRumour" in {one["type"] for one in proposition["links"]}


def test_attribution_goes_from_the_outlet_to_the_organisation(client: httpx.Client) -> None:
    (link,) = client.get("/links", params={"type": "deniesRumour"}).json()["items"]
    chain = client.get(f"/statements/{link['later']['id']}/attribution").json()
    assert (chain["publisher"], chain["speaker"], chain["organisation"], chain["depth"]) == ("鲸海日报", "周雨", "蓝鲸科技", 1)
    assert client.get("/statements/none/attribution").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("/links?type=refutes", 422), ("/promises?as_of=soon", 422), ("/answers?document=none", 404), ("/promises?status=kept", 422)],
)
def test_what_cannot_be_asked_is_a_problem(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) in {(status, "application/problem+json"), (400, "application/problem+json")}


@pytest.mark.parametrize("path", ["/links", "/promises", "/answers"])
def test_a_browser_is_shown_a_page(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>alert" not in page.text


def test_statements_are_compared_again_after_a_document_was_sent_in(client: httpx.Client) -> None:
    assert lacking(client) == 0
    count = client.get("/statements").json()["total"]
    sent = client.post(
        "/documents",
        content=LATER.encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/plain; charset=utf-8"},
        params={"title": "海川集团声明", "date": "2023-03-06"},
    )
    assert sent.status_code in {200, 202}, sent.text
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (client.get("/statements").json()["total"] == count or lacking(client)):
        time.sleep(0.2)
    assert client.get("/statements").json()["total"] > count
    assert lacking(client) == 0


def lacking(client: httpx.Client) -> int:
    """Return how many statements the ledger does not know."""
    query = "SELECT ?statement { ?statement kg:stance ?stance FILTER NOT EXISTS { ?statement kg:hearsayDepth ?depth } }"
    answer = client.get("/sparql", params={"query": f"PREFIX kg: <https://w3id.org/corporate-statement-kg/ontology#> {query}"})
    assert answer.status_code == 200, answer.text
    return len(answer.json()["results"]["bindings"])


def test_the_directory_is_a_store_with_its_ledger(client: httpx.Client) -> None:
    query = "SELECT ?later ?earlier { ?later kg:deniesRumour ?earlier }"
    prefixed = f"PREFIX kg: <https://w3id.org/corporate-statement-kg/ontology#> {query}"
    rows = client.get("/sparql", params={"query": prefixed}).json()["results"]["bindings"]
    assert len(rows) == 1
