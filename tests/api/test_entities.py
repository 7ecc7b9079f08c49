"""GET /entities and /entities/{id}: search, names in the path, representations, what is affirmed and what is only said."""

import json
import socket
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pyoxigraph as ox
import pytest

from kg.graph.store import Store
from tests.api.conftest import Running, world

KG = "https://w3id.org/corporate-statement-kg/"


@pytest.mark.parametrize("name", ["蓝鲸科技", "蓝鲸", "Blue Whale", "blue whale"])
def test_search_finds_an_entity_by_any_name(client: httpx.Client, name: str) -> None:
    found = client.get("/entities", params={"q": name}).json()
    assert found["items"][0]["id"] == "蓝鲸科技"
    assert found["items"][0]["kinds"] == ["company"]


def test_an_exact_match_stands_before_a_beginning(client: httpx.Client) -> None:
    assert [item["id"] for item in client.get("/entities", params={"q": "蓝鲸云"}).json()["items"]] == ["蓝鲸云"]
    assert {item["id"] for item in client.get("/entities", params={"q": "蓝鲸"}).json()["items"]} == {"蓝鲸科技", "蓝鲸云"}


def test_pages_of_the_list_make_up_the_whole(client: httpx.Client) -> None:
    whole = [item["id"] for item in client.get("/entities").json()["items"]]
    pieces, path = [], "/entities?limit=3"
    while path:
        page = client.get(path).json()
        assert page["total"] == len(whole)
        pieces += [item["id"] for item in page["items"]]
        path = page["next"]
    assert pieces == whole
    assert len(whole) == 8


def test_a_cursor_from_elsewhere_is_refused(client: httpx.Client) -> None:
    answer = client.get("/entities", params={"cursor": "无此实体"})
    assert answer.status_code == 400
    assert "begin again" in answer.json()["detail"]
    place = client.get("/statements?limit=2").json()["next"].partition("cursor=")[2]  # of another list
    assert client.get(f"/entities?cursor={place}").status_code == 400


def test_an_entity_has_names_kinds_relations_and_statements_with_evidence(client: httpx.Client) -> None:
    entity = client.get("/entities/鲸OS").json()
    assert (entity["kinds"], entity["aliases"], entity["iri"]) == (["product"], ["WhaleOS", "鲸系统"], KG + "entity/鲸OS")
    assert entity["relations"] == [{"subject": "鲸OS", "predicate": "open_sources", "object": "源流基金会", "documents": ["denial"]}]
    (only,) = entity["statement_list"]["items"]
    text = client.get(only["evidence"]["document_url"]).json()["text"]
    assert text[only["evidence"]["start"] : only["evidence"]["end"]] == only["evidence"]["quote"] == "鲸OS已捐赠给源流基金会"


def test_what_is_denied_planned_or_asked_is_no_relation(client: httpx.Client) -> None:
    plain = {(edge["subject"], edge["predicate"]) for edge in client.get("/entities/蓝鲸科技").json()["relations"]}
    assert ("蓝鲸科技", "owns") in plain
    assert client.get("/entities/" + quote("A/B_C 库", safe="")).json()["relations"] == []


@pytest.mark.parametrize(
    "path", ["/entities/蓝鲸科技", "/entities/%E8%93%9D%E9%B2%B8%E7%A7%91%E6%8A%80", "/entities/蓝鲸%E7%A7%91%E6%8A%80"]
)
def test_chinese_in_the_path_percent_encoded_or_not(server: str, path: str) -> None:
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert json.loads(body)["id"] == "蓝鲸科技"


def test_a_name_with_slash_underscore_and_space_has_a_path(client: httpx.Client) -> None:
    (listed,) = client.get("/entities", params={"q": "A/B_C"}).json()["items"]
    assert client.get(listed["url"]).json()["id"] == "A/B_C 库"


def test_an_alias_leads_to_the_entity(client: httpx.Client) -> None:
    answer = client.get("/entities/WhaleOS.ttl")
    assert answer.status_code == 307
    assert client.get(answer.headers["location"]).headers["content-type"].startswith("text/turtle")


def test_an_entity_iri_is_found_by_its_path(client: httpx.Client) -> None:
    for name in ("鲸OS", "A/B_C 库"):
        iri = client.get("/entities/" + quote(name, safe="")).json()["iri"]
        answer = client.get(iri.removeprefix(KG.rstrip("/")))
        assert answer.status_code == 303
        assert client.get(answer.headers["location"], follow_redirects=True).json()["iri"] == iri


@pytest.mark.parametrize(
    ("suffix", "accept", "media"),
    [
        ("", "*/*", "application/json"),
        ("", "application/ld+json", "application/ld+json"),
        ("", "text/turtle", "text/turtle"),
        ("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        (".json", "text/html", "application/json"),
        (".jsonld", "text/html", "application/ld+json"),
        (".ttl", "text/html", "text/turtle"),
        (".html", "*/*", "text/html"),
    ],
)
def test_representation_by_accept_or_ending(client: httpx.Client, suffix: str, accept: str, media: str) -> None:
    answer = client.get(f"/entities/蓝鲸云{suffix}", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media


def test_turtle_and_json_ld_hold_the_same_triples(client: httpx.Client) -> None:
    turtle = {quad.triple for quad in ox.parse(client.get("/entities/蓝鲸云.ttl").content, ox.RdfFormat.TURTLE)}
    linked = {quad.triple for quad in ox.parse(client.get("/entities/蓝鲸云.jsonld").content, ox.RdfFormat.JSON_LD)}
    assert turtle == linked
    owns = ox.Triple(ox.NamedNode(KG + "entity/蓝鲸科技"), ox.NamedNode(KG + "ontology#owns"), ox.NamedNode(KG + "entity/蓝鲸云"))
    assert owns in turtle
    assert any(triple.object == ox.Literal("海川集团收购蓝鲸云一事不实") for triple in turtle)


def test_an_unknown_entity_is_a_problem_that_says_where_to_look(client: httpx.Client) -> None:
    answer = client.get("/entities/无此公司")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert set(answer.json()) == {"type", "title", "status", "detail", "instance"}
    assert "/entities?q=" in answer.json()["detail"]


def test_a_media_type_that_cannot_be_sent_is_a_problem(client: httpx.Client) -> None:
    answer = client.get("/entities/蓝鲸云", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("text", "entity", "name", "reason"),
    [
        ("鲸OS", "鲸OS", "鲸OS", "name"),
        ("ＷｈａｌｅＯＳ", "鲸OS", "WhaleOS", "alias"),
        ("藍鯨", "蓝鲸科技", "蓝鲸", "alias"),
        ("zhou yu", "周雨", "周雨", "pinyin"),
        ("haichuanjituan", "海川集团", "海川集团", "pinyin"),
        ("hcjt", "海川集团", "海川集团", "initials"),
        ("海川", "海川集团", "海川集团", "prefix"),
        ("yuanliu", "源流基金会", "源流基金会", "pinyin_prefix"),
        ("基金", "源流基金会", "源流基金会", "inner"),
    ],
)
def test_a_search_says_why_it_found_what_it_found(client: httpx.Client, text: str, entity: str, name: str, reason: str) -> None:
    first, *rest = client.get("/entities", params={"q": text}).json()["items"]
    assert (first["id"], first["match"]["name"], first["match"]["reason"]) == (entity, name, reason)
    assert all(item["match"]["score"] <= first["match"]["score"] for item in rest)


def test_a_search_goes_on_where_it_was_left(client: httpx.Client) -> None:
    whole = [item["id"] for item in client.get("/entities", params={"q": "鲸"}).json()["items"]]
    pieces, path = [], "/entities?q=鲸&limit=1"
    while path:
        page = client.get(path).json()
        pieces += [item["id"] for item in page["items"]]
        path = page["next"]
    assert pieces == whole
    assert len(whole) == 4  # 蓝鲸科技, 蓝鲸云, 鲸OS, and one whose name holds 鲸


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({"kind": "company"}, {"海川集团", "蓝鲸科技"}),
        ({"document": "rumour"}, {"海川集团", "蓝鲸云"}),
        ({"document": "rumour", "kind": "unit"}, {"蓝鲸云"}),
        ({"q": "lanjing", "kind": "unit"}, {"蓝鲸云"}),
        ({"kind": "place"}, set()),
    ],
)
def test_entities_are_filtered(client: httpx.Client, conditions: dict[str, str], names: set[str]) -> None:
    found = client.get("/entities", params=conditions).json()
    assert {item["id"] for item in found["items"]} == names
    assert found["total"] == len(names)


def test_json_ld_is_about_the_entity_in_one_graph(client: httpx.Client) -> None:
    described = client.get("/entities/蓝鲸云.jsonld").json()
    assert described["@id"] == KG + "entity/蓝鲸云"
    assert described["@type"] == "kg:BusinessUnit"
    assert described["label"] == {"@value": "蓝鲸云", "@language": "zh"}
    assert "@graph" not in described
    quads = list(ox.parse(client.get("/entities/蓝鲸云.jsonld").content, ox.RdfFormat.JSON_LD))
    assert {quad.graph_name for quad in quads} == {ox.DefaultGraph()}


def test_neighbours_are_joined_by_what_is_affirmed(client: httpx.Client) -> None:
    found = client.get("/entities/蓝鲸云/neighbours").json()
    assert {item["id"] for item in found["items"]} == {"蓝鲸科技", "海川集团"}  # the takeover is affirmed by a later document
    (owner,) = client.get("/entities/蓝鲸云/neighbours", params={"predicate": "owns"}).json()["items"]
    assert owner["edges"] == [
        {"subject": "蓝鲸科技", "predicate": "owns", "object": "蓝鲸云", "stance": "asserts", "documents": ["denial"]}
    ]
    (denied,) = client.get("/entities/蓝鲸云/neighbours", params={"stance": "denies"}).json()["items"]
    assert (denied["id"], denied["edges"][0]["stance"], denied["edges"][0]["documents"]) == ("海川集团", "denies", ["denial"])
    assert client.get("/entities/A%2FB_C 库/neighbours").json()["items"] == []  # only planned


def test_neighbours_come_in_pages(client: httpx.Client) -> None:
    first = client.get("/entities/蓝鲸云/neighbours?limit=1").json()
    second = client.get(first["next"]).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ["海川集团", "蓝鲸科技"]
    assert second["next"] is None
    answer = client.get("/entities/蓝鲸/neighbours")
    assert answer.status_code == 307
    assert client.get(answer.headers["location"]).json()["entity"] == "蓝鲸科技"


def test_a_path_follows_affirmed_edges_and_no_others(client: httpx.Client) -> None:
    found = client.get("/path", params={"from": "海川集团", "to": "蓝鲸"}).json()
    assert (found["source"], found["target"], found["length"]) == ("海川集团", "蓝鲸科技", 2)
    (way,) = found["ways"]
    assert way["entities"] == ["海川集团", "蓝鲸云", "蓝鲸科技"]
    assert way["hops"][1] == [{"subject": "蓝鲸科技", "predicate": "owns", "object": "蓝鲸云"}]
    directed = client.get("/path", params={"from": "海川集团", "to": "蓝鲸科技", "directed": "true"}).json()
    assert (directed["length"], directed["ways"]) == (None, [])
    assert client.get("/path", params={"from": "海川集团", "to": "蓝鲸科技", "longest": "1"}).json()["ways"] == []
    assert client.get("/path", params={"from": "蓝鲸科技", "to": "A/B_C 库"}).json()["ways"] == []  # only planned
    assert client.get("/path", params={"from": "蓝鲸科技", "to": "蓝鲸科技"}).json()["length"] == 0
    assert client.get("/path", params={"from": "蓝鲸科技", "to": "无此公司"}).status_code == 404


def test_an_entity_that_was_merged_leads_to_the_one_it_was_judged_to_be(tmp_path: Path, run_server: Running) -> None:
    directory = tmp_path / "store"
    with Store.open(directory) as store:
        store.bulk_add(world())
        store.judge([("海川集团", "源流基金会")])
    with run_server(f"store=Path({str(directory)!r})") as (address, _), httpx.Client(base_url=address, timeout=30) as client:
        answer = client.get("/entity/源流基金会")
        assert answer.status_code == 303
        answer = client.get(answer.headers["location"])
        assert answer.status_code == 308
        assert client.get(answer.headers["location"]).json()["id"] == "海川集团"
        answer = client.get("/entities/源流基金会.ttl")
        assert (answer.status_code, answer.headers["location"]) == (308, quote("/entities/海川集团.ttl"))
        turtle = {quad.triple for quad in ox.parse(client.get("/entities/海川集团.ttl").content, ox.RdfFormat.TURTLE)}
        same = ox.NamedNode("http://www.w3.org/2002/07/owl#sameAs")
        assert ox.Triple(ox.NamedNode(KG + "entity/源流基金会"), same, ox.NamedNode(KG + "entity/海川集团")) in turtle
        assert client.get("/entities/蓝鲸").status_code == 307  # another name is no judgement


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/entities", {"q": "鲸" * 201}),
        ("/entities", {"cursor": "W" * 8001}),
        ("/statements", {"subject": "鲸" * 501}),
        ("/statements", {"subject": ""}),
        ("/path", {"from": "蓝鲸", "to": "蓝鲸云", "longest": "13"}),
        ("/path", {"from": "蓝鲸", "to": "蓝鲸云", "limit": "21"}),
        ("/path", {"from": "蓝鲸"}),
    ],
)
def test_what_is_past_a_limit_is_refused_by_name(client: httpx.Client, path: str, parameter: dict[str, str]) -> None:
    answer = client.get(path, params=parameter)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (list(parameter)[-1] if len(parameter) > 1 or path != "/path" else "to") in answer.json()["detail"]
