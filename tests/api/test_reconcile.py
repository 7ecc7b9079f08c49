"""The Reconciliation API 0.2: every answer is held against the specification, and names are matched as an analyst would."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.api import reconciliation_schema as schema

BASE = "https://w3id.org/corporate-statement-kg/"


def reconciled(client: httpx.Client, *queries: str | dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the candidates for each query of a batch, sent as OpenRefine does."""
    batch = {f"q{number}": {"query": query} if isinstance(query, str) else query for number, query in enumerate(queries)}
    answer = client.post("/reconcile", data={"queries": json.dumps(batch, ensure_ascii=False)})
    assert answer.status_code == 200, answer.text
    schema.Results.model_validate_json(answer.content)
    found = answer.json()
    assert set(found) == set(batch)
    return [found[key]["result"] for key in batch]


def extended(client: httpx.Client, ids: list[str], *properties: str | dict[str, Any]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the rows of a data extension."""
    wanted = [{"id": each} if isinstance(each, str) else each for each in properties]
    answer = client.post("/reconcile", data={"extend": json.dumps({"ids": ids, "properties": wanted})})
    assert answer.status_code == 200, answer.text
    schema.Extended.model_validate_json(answer.content)
    assert [column["id"] for column in answer.json()["meta"]] == [each["id"] for each in wanted]
    return dict(answer.json()["rows"])


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    return {feature["id"]: feature["value"] for feature in candidate["features"]}


class TestManifest:
    def test_says_what_there_is_and_all_of_it_is_there(self, client: httpx.Client) -> None:
        answer = client.get("/reconcile")
        manifest = schema.Manifest.model_validate_json(answer.content)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert "0.2" in manifest.versions
        assert manifest.identifierSpace + "蓝鲸云" == client.get("/entities/蓝鲸云").json()["iri"]
        for template in (manifest.view.url, manifest.preview.url):
            assert client.get(template.replace("{{id}}", quote("A/B_C 库", safe=""))).status_code == 200
        assert "alias" in client.get(manifest.feature_view.url.replace("{{id}}", "alias")).text
        for thing, identifier in (("entity", "蓝鲸云"), ("type", "company"), ("property", "owns")):
            service = getattr(manifest.suggest, thing)
            path = service.flyout_service_path.replace("${id}", quote(identifier))
            assert schema.Flyout.model_validate_json(client.get(service.flyout_service_url + path).content).id == identifier
            suggested = client.get(service.service_url + service.service_path, params={"prefix": identifier})
            assert schema.Suggestions.model_validate_json(suggested.content).result[0].id == identifier

    def test_types_know_what_is_broader(self, client: httpx.Client) -> None:
        types = {each["id"]: each for each in client.get("/reconcile").json()["defaultTypes"]}
        assert [each["id"] for each in types["company"]["broader"]] == ["organisation"]
        assert "broader" not in types["product"]

    def test_addresses_are_those_the_client_came_by(self, server: str) -> None:
        manifest = httpx.get(f"{server}/reconcile", headers={"Host": "graph.example.org:8443"}).json()
        assert manifest["suggest"]["entity"]["service_url"] == "http://graph.example.org:8443"


class TestNames:
    @pytest.mark.parametrize(
        ("sought", "entity", "reason", "certain"),
        [
            ("蓝鲸科技", "蓝鲸科技", "name", True),
            ("藍鯨科技", "蓝鲸科技", "name", True),
            ("  蓝鲸科技 ", "蓝鲸科技", "name", True),
            (f"{BASE}entity/蓝鲸科技", "蓝鲸科技", "name", True),
            ("蓝鲸", "蓝鲸科技", "alias", True),
            ("BLUE WHALE", "蓝鲸科技", "alias", True),
            ("蓝鲸科技（上海）有限公司", "蓝鲸科技", "short_form", True),
            ("海川集团股份有限公司", "海川集团", "short_form", True),
            ("lanjingyun", "蓝鲸云", "pinyin", False),
            ("ljy", "蓝鲸云", "initials", False),
            ("源流", "源流基金会", "prefix", False),
            ("源流基金会秘书处", "源流基金会", "shortened", False),
            ("源流基金回", "源流基金会", "similar", False),
            ("基金会", "源流基金会", "inner", False),
            ("A/B_C 库", "A/B_C 库", "name", True),
        ],
    )
    def test_an_entity_by_what_it_may_be_called(self, client: httpx.Client, sought: str, entity: str, reason: str, certain: bool) -> None:
        (found,) = reconciled(client, sought)
        assert found[0]["id"] == entity, found
        assert features(found[0])[reason] is True
        assert found[0]["match"] is certain
        assert not any(other["match"] for other in found[1:])

    def test_the_score_falls_with_what_is_known_of_the_match(self, client: httpx.Client) -> None:
        sought = ["蓝鲸科技", "蓝鲸", "蓝鲸科技有限公司", "lanjingkeji", "蓝鲸科", "鲸科技"]
        scores = [next(one["score"] for one in found if one["id"] == "蓝鲸科技") for found in reconciled(client, *sought)]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == len(scores)
        assert scores[0] == 100

    def test_which_name_it_was_is_said(self, client: httpx.Client) -> None:
        ((found, *_),) = reconciled(client, "blue whale")
        assert found["matched"] == "Blue Whale"
        assert found["description"] == "企业 · company（Blue Whale、蓝鲸）"
        assert [each["id"] for each in found["type"]] == ["company"]
        assert features(found)["popularity"] > 0

    @pytest.mark.parametrize("sought", ["毫不相干的东西", "x", "？", "💥", "公司", "' OR 1=1 --", "> <http://e/>"])
    def test_what_is_none_of_them(self, client: httpx.Client, sought: str) -> None:
        assert reconciled(client, sought) == [[]]

    def test_a_batch_answers_each_query_by_itself(self, client: httpx.Client) -> None:
        names = ["蓝鲸云", "无此公司", "鲸系统"]
        assert reconciled(client, *names) == [found for name in names for found in reconciled(client, name)]

    def test_not_more_than_are_wanted(self, client: httpx.Client) -> None:
        whole, cut = reconciled(client, {"query": "蓝鲸云"}, {"query": "蓝鲸云", "limit": 1})
        assert len(whole) > 1
        assert [one["id"] for one in cut] == [whole[0]["id"]]


class TestConditions:
    def test_another_type_lowers_the_score_or_is_left_out(self, client: httpx.Client) -> None:
        plain, right, wrong, strict = reconciled(
            client,
            "蓝鲸云",
            {"query": "蓝鲸云", "type": "unit"},
            {"query": "蓝鲸云", "type": ["product"]},
            {"query": "蓝鲸云", "type": "product", "type_strict": "any"},
        )
        assert plain[0]["score"] == right[0]["score"] == 100
        assert (features(right[0])["type"], right[0]["match"]) == (True, True)
        found = next(one for one in wrong if one["id"] == "蓝鲸云")
        assert (found["score"], features(found)["type"], found["match"]) == (60, False, False)
        assert all(one["id"] != "蓝鲸云" for one in strict)

    def test_a_broader_type_takes_in_the_narrower(self, client: httpx.Client) -> None:
        ((found, *_),) = reconciled(client, {"query": "蓝鲸科技", "type": "organisation", "type_strict": "all"})
        assert features(found)["type"] is True

    @pytest.mark.parametrize("value", ["蓝鲸云", {"id": "蓝鲸云", "name": "x"}, f"{BASE}entity/蓝鲸云", ["无", "蓝鲸云"]])
    def test_a_property_that_holds(self, client: httpx.Client, value: object) -> None:
        right, wrong = reconciled(
            client,
            {"query": "蓝鲸", "properties": [{"pid": "owns", "v": value}]},
            {"query": "蓝鲸", "properties": [{"pid": "owns", "v": "鲸OS"}]},
        )
        assert (right[0]["id"], features(right[0])["property:owns"], right[0]["match"]) == ("蓝鲸科技", True, True)
        assert (wrong[0]["id"], features(wrong[0])["property:owns"], wrong[0]["match"]) == ("蓝鲸科技", False, False)
        assert wrong[0]["score"] < right[0]["score"]

    @pytest.mark.parametrize(
        ("pid", "value", "entity"),
        [
            ("owns", "蓝鲸云", "蓝鲸科技"),
            ("inverse:owns", "Blue Whale", "蓝鲸云"),
            ("open_sources", "源流基金会", "鲸OS"),
            ("alias", "WhaleOS", "鲸OS"),
            ("kind", "person", "周雨"),
        ],
    )
    def test_only_properties(self, client: httpx.Client, pid: str, value: str, entity: str) -> None:
        (found,) = reconciled(client, {"properties": [{"pid": pid, "v": value}]})
        assert entity in [one["id"] for one in found]
        assert all(one["match"] is False for one in found)

    def test_what_is_denied_is_no_property(self, client: httpx.Client) -> None:
        (found,) = reconciled(client, {"properties": [{"pid": "open_sources", "v": "蓝鲸云"}]})
        assert found == []


class TestExtension:
    def test_values_of_every_kind(self, client: httpx.Client) -> None:
        rows = extended(client, ["蓝鲸科技", "鲸OS", "无"], "owns", "inverse:owns", "alias", "kind", "statements", "first", "last")
        assert rows["蓝鲸科技"]["owns"] == [{"id": "蓝鲸云", "name": "蓝鲸云"}]
        assert rows["蓝鲸科技"]["alias"] == [{"str": "Blue Whale"}, {"str": "蓝鲸"}]
        assert rows["蓝鲸科技"]["statements"] == [{"int": client.get("/entities/蓝鲸科技").json()["statements"]}]
        assert (rows["蓝鲸科技"]["first"], rows["蓝鲸科技"]["last"]) == ([{"date": "2021-09-24T00:00:00"}], [{"str": "2023-02"}])
        assert rows["鲸OS"]["owns"] == []
        assert all(values == [] for values in rows["无"].values())

    def test_what_was_denied_in_its_own_words_and_no_more_than_wanted(self, client: httpx.Client) -> None:
        rows = extended(client, ["蓝鲸云"], "quotes:denies", {"id": "quotes:asserts", "settings": {"limit": "1"}})
        assert rows["蓝鲸云"]["quotes:denies"] == [{"str": "海川集团收购蓝鲸云一事不实"}]
        assert len(rows["蓝鲸云"]["quotes:asserts"]) == 1

    def test_every_property_that_is_proposed_can_be_fetched(self, client: httpx.Client) -> None:
        answer = client.get("/reconcile/properties", params={"type": "company"})
        proposed = schema.Proposals.model_validate_json(answer.content)
        assert proposed.type == "company"
        ids = [each.id for each in proposed.properties]
        extended(client, ["蓝鲸科技"], *ids[:30])
        extended(client, ["蓝鲸科技"], *ids[30:])
        few = schema.Proposals.model_validate_json(client.get("/reconcile/properties", params={"type": "company", "limit": 2}).content)
        assert (few.limit, [each.id for each in few.properties]) == (2, ids[:2])
        assert client.get("/reconcile/properties", params={"type": "planet"}).status_code == 404


class TestSuggestions:
    @pytest.mark.parametrize(
        ("thing", "prefix", "identifier"),
        [
            ("entity", "蓝", "蓝鲸云"),
            ("entity", "lanjing", "蓝鲸云"),
            ("type", "企", "company"),
            ("type", "comp", "company"),
            ("property", "拥有", "owns"),
        ],
    )
    def test_by_the_beginning(self, client: httpx.Client, thing: str, prefix: str, identifier: str) -> None:
        answer = client.get(f"/reconcile/suggest/{thing}", params={"prefix": prefix})
        assert identifier in [each.id for each in schema.Suggestions.model_validate_json(answer.content).result]

    def test_more_of_them_by_the_cursor(self, client: httpx.Client) -> None:
        first = client.get("/reconcile/suggest/property").json()["result"]
        second = client.get("/reconcile/suggest/property", params={"cursor": len(first)}).json()["result"]
        assert first
        assert second
        assert not {each["id"] for each in first} & {each["id"] for each in second}
        whole = [each["id"] for each in client.get("/reconcile/suggest/entity", params={"prefix": "蓝"}).json()["result"]]
        assert [
            each["id"] for each in client.get("/reconcile/suggest/entity", params={"prefix": "蓝", "cursor": 1}).json()["result"]
        ] == whole[1:]

    def test_a_preview_may_stand_in_other_pages_and_runs_nothing(self, client: httpx.Client) -> None:
        name = client.get("/entities", params={"q": "<script>"}).json()["items"][0]["id"]
        page = client.get("/reconcile/preview", params={"id": name})
        assert page.headers["content-type"].startswith("text/html")
        policy = page.headers["content-security-policy"]
        assert "frame-ancestors *" in policy
        assert "default-src 'none'" in policy
        assert "<script" not in page.text
        assert "<script" not in client.get("/reconcile/flyout/entity", params={"id": name}).json()["html"]


class TestByAddressAndCallback:
    def test_by_get(self, client: httpx.Client) -> None:
        answer = client.get("/reconcile", params={"queries": json.dumps({"a": {"query": "蓝鲸云"}})})
        assert schema.Results.model_validate_json(answer.content).root["a"].result[0].id == "蓝鲸云"
        answer = client.get("/reconcile", params={"extend": json.dumps({"ids": ["蓝鲸云"], "properties": [{"id": "kind"}]})})
        assert answer.json()["rows"] == {"蓝鲸云": {"kind": [{"str": "unit"}]}}

    @pytest.mark.parametrize(
        "path", ["/reconcile", "/reconcile/suggest/entity?prefix=蓝", "/reconcile/flyout/type?id=company", "/reconcile/properties"]
    )
    def test_wrapped_into_a_function_of_the_client(self, client: httpx.Client, path: str) -> None:
        plain = client.get(path)
        wrapped = client.get(path, params={**dict(httpx.URL(path).params), "callback": "jQuery1.cb_$2"})
        assert wrapped.headers["content-type"].startswith("application/javascript")
        assert wrapped.headers["cross-origin-resource-policy"] == "cross-origin"
        assert wrapped.headers["x-content-type-options"] == "nosniff"
        assert wrapped.text.startswith("/**/jQuery1.cb_$2(")
        assert json.loads(wrapped.text.removeprefix("/**/jQuery1.cb_$2(").removesuffix(");")) == plain.json()

    @pytest.mark.parametrize("callback", ["alert(1)//", "a b", "", "1a", "a;b", "a\u2028b", "<script>"])
    def test_what_is_no_function(self, client: httpx.Client, callback: str) -> None:
        answer = client.get("/reconcile", params={"callback": callback})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


class TestRefused:
    @pytest.mark.parametrize(
        ("status", "hint", "fields"),
        [
            (400, "not JSON", {"queries": "{"}),
            (400, "not JSON", {"queries": "[" * 100_000}),
            (422, "queries", {"queries": "[]"}),
            (422, "queries q0", {"queries": '{"q0": {}}'}),
            (422, "queries q0", {"queries": '{"q0": {"query": "  "}}'}),
            (422, "queries q0", {"queries": '{"q0": {"query": "a", "limit": 0}}'}),
            (422, "queries q0", {"queries": '{"q0": {"query": "a", "typ": "company"}}'}),
            (422, "queries q0", {"queries": '{"q0": {"query": "a", "type_strict": "never"}}'}),
            (422, "queries q0", {"queries": json.dumps({"q0": {"query": "长" * 501}})}),
            (422, "queries q0", {"queries": json.dumps({"q0": {"properties": [{"pid": "owns", "v": "x"}] * 11}})}),
            (422, "extend", {"extend": '{"ids": ["a"]}'}),
            (400, "there is none", {"extend": '{"ids": ["a"], "properties": [{"id": "colour"}]}'}),
            (400, "is no number", {"extend": '{"ids": ["a"], "properties": [{"id": "owns", "settings": {"limit": "many"}}]}'}),
            (400, "send one of them", {"queries": "{}", "extend": "{}"}),
            (413, "51 in a batch, 50", {"queries": json.dumps({str(number): {"query": "a"} for number in range(51)})}),
            (413, "501 ids, 500", {"extend": json.dumps({"ids": ["a"] * 501, "properties": []})}),
        ],
    )
    def test_what_is_not_asked_as_it_should_be(self, client: httpx.Client, status: int, hint: str, fields: dict[str, str]) -> None:
        answer = client.post("/reconcile", data=fields)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
        assert hint in answer.json()["detail"]

    def test_a_body_that_is_no_form(self, client: httpx.Client) -> None:
        assert client.post("/reconcile", json={"queries": {}}).status_code == 415
        broken = client.post("/reconcile", content=b"queries=%FF", headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert broken.status_code == 400

    @pytest.mark.parametrize("path", ["preview", "flyout/entity", "flyout/type", "flyout/property"])
    def test_nothing_of_that_id(self, client: httpx.Client, path: str) -> None:
        answer = client.get(f"/reconcile/{path}", params={"id": "无"})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert client.get("/reconcile/features/luck").status_code == 404

    def test_a_batch_past_its_time_is_ended(self, store: object, run_server: Any) -> None:
        with run_server(f"store=Path({str(store)!r}), query_seconds=0") as (address, _):
            answer = httpx.post(f"{address}/reconcile", data={"queries": '{"q0": {"query": "蓝鲸"}}'}, timeout=30)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert "fewer queries" in answer.json()["detail"]
