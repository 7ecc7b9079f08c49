"""GET /statements, /statements/{id}, /propositions/{id}, /documents and /documents/{id}."""

from typing import Any

import httpx
import pyoxigraph as ox
import pytest


def ids(client: httpx.Client, **conditions: str) -> list[tuple[str, str]]:
    """Return stance and predicate of the statements that meet the conditions."""
    answer = client.get("/statements", params=conditions)
    assert answer.status_code == 200, answer.text
    return [(item["stance"], item["predicate"]) for item in answer.json()["items"]]


def denial(client: httpx.Client) -> dict[str, Any]:
    """Return the one denial."""
    (item,) = client.get("/statements", params={"stance": "denies"}).json()["items"]
    return dict(item)


def test_all_statements_come_newest_first(client: httpx.Client) -> None:
    dates = [item["said_on"] for item in client.get("/statements").json()["items"]]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 7


@pytest.mark.parametrize(
    ("conditions", "count"),
    [
        ({"speaker": "周雨"}, 4),
        ({"speaker": "蓝鲸科技"}, 4),  # on whose behalf
        ({"speaker": "记者"}, 1),  # no entity
        ({"stance": "plans"}, 1),
        ({"predicate": "acquires"}, 3),
        ({"predicate": "acquires", "stance": "denies", "speaker": "周雨"}, 1),
        ({"since": "2021-09"}, 6),
        ({"since": "2022"}, 2),
        ({"until": "2021-Q2"}, 1),
        ({"since": "2021-09-24", "until": "2021"}, 4),
        ({"entity": "WhaleOS"}, 1),
        ({"entity": "无此公司"}, 0),
        ({"document": "rumour"}, 1),
    ],
)
def test_conditions_narrow_the_list(client: httpx.Client, conditions: dict[str, str], count: int) -> None:
    assert len(ids(client, **conditions)) == count


@pytest.mark.parametrize(
    "condition", [{"stance": "lies"}, {"predicate": "buys"}, {"since": "九月"}, {"until": "2021-02-30"}, {"limit": "0"}, {"limit": "many"}]
)
def test_a_value_that_cannot_be_is_named_with_the_values_there_are(client: httpx.Client, condition: dict[str, str]) -> None:
    answer = client.get("/statements", params=condition)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    ((name, value),) = condition.items()
    assert name in answer.json()["detail"]
    assert value in answer.json()["detail"]


def test_an_unknown_document_is_not_found(client: httpx.Client) -> None:
    assert client.get("/statements", params={"document": "nowhere"}).status_code == 404


def test_pages_keep_their_conditions(client: httpx.Client) -> None:
    first = client.get("/statements", params={"speaker": "周雨", "limit": "3"}).json()
    second = client.get(first["next"]).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (3, 1, None)
    assert {item["speaker"] for item in first["items"] + second["items"]} == {"周雨"}


def test_one_statement_as_json_turtle_json_ld_and_page(client: httpx.Client) -> None:
    item = denial(client)
    assert client.get(item["url"]).json() == item
    turtle = client.get(item["url"] + ".ttl").content
    linked = client.get(item["url"] + ".jsonld").content
    assert {quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)} == {
        quad.triple for quad in ox.parse(linked, ox.RdfFormat.JSON_LD)
    }
    assert "海川集团收购蓝鲸云一事不实" in client.get(item["url"], headers={"Accept": "text/html"}).text


def test_a_rumour_its_denial_and_its_confirmation_meet_in_time_order(client: httpx.Client) -> None:
    claim = client.get(denial(client)["proposition_url"]).json()
    assert (claim["subject"], claim["predicate"], claim["object"]) == ("海川集团", "acquires", "蓝鲸云")
    assert [item["stance"] for item in claim["statements"]] == ["reports", "denies", "asserts"]


def test_documents_come_newest_first_with_their_counts(client: httpx.Client) -> None:
    listed = client.get("/documents").json()["items"]
    assert [(item["name"], item["statements"]) for item in listed] == [("hostile", 2), ("denial", 4), ("rumour", 1)]


def test_a_document_by_id_or_name_has_text_and_offsets(client: httpx.Client) -> None:
    by_name = client.get("/documents/denial").json()
    assert client.get(by_name["url"]).json() == by_name
    assert by_name["publisher"] == "鲸海日报"
    assert len(by_name["statement_list"]) == 4
    for item in by_name["statement_list"]:
        evidence = item["evidence"]
        assert by_name["text"][evidence["start"] : evidence["end"]] == evidence["quote"]


@pytest.mark.parametrize(
    "path", ["/statements/0000", "/propositions/0000", "/documents/nowhere", "/statements/%3E%20%3Fs", "/propositions/a%20b"]
)
def test_what_is_not_there_is_a_404(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
