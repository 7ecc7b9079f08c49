"""GET /statements, /statements/{id}, /propositions/{id}, /documents and /documents/{id}."""

import json
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

ANNO = "http://www.w3.org/ns/anno.jsonld"
OA = "http://www.w3.org/ns/oa#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SPACES = {"oa": OA, "as": "https://www.w3.org/ns/activitystreams#", "xsd": "http://www.w3.org/2001/XMLSchema#"}
_CLASSES = ("Annotation", "TextualBody", "TextPositionSelector", "TextQuoteSelector")
ANNO_TERMS = {
    **_SPACES,
    "dc11": "http://purl.org/dc/elements/1.1/",
    "id": "@id",
    "type": "@type",
    **{name: f"oa:{name}" for name in (*_CLASSES, "describing", "exact", "prefix", "suffix")},
    **{name: f"as:{name}" for name in ("AnnotationPage", "AnnotationCollection")},
    "AnnotationPage": "as:OrderedCollectionPage",
    "AnnotationCollection": "as:OrderedCollection",
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
    "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "format": "dc11:format",
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "partOf": {"@id": "as:partOf", "@type": "@id"},
    "total": {"@id": "as:totalItems", "@type": "xsd:nonNegativeInteger"},
    "startIndex": {"@id": "as:startIndex", "@type": "xsd:nonNegativeInteger"},
}


MIXED = {"since": "2021-09", "stance": "asserts"}


def ids(client: httpx.Client, **conditions: str) -> list[tuple[str, str]]:
    """Return stance and predicate of the statements that meet the conditions."""
    answer = client.get("/statements", params=conditions)
    assert answer.status_code == 200, answer.text
    return [(item["stance"], item["predicate"]) for item in answer.json()["items"]]


def denial(client: httpx.Client) -> dict[str, Any]:
    """Return the one denial."""
    (item,) = client.get("/statements", params={"stance": "denies"}).json()["items"]
    return dict(item)


def test_statements_are_found_by_words_of_their_quotes(client: httpx.Client) -> None:
    assert ids(client, words="收購 不实") == [("denies", "acquires")]
    assert ids(client, words="收购 不实", stance="asserts") == []
    page = client.get("/statements", params={"words": "收购", "stance": "denies"}, headers={"accept": "text/html"}).text
    assert 'name="words" value="收购"' in page
    assert '<input type="hidden" name="stance" value="denies">' in page
    assert "words=%E6%94%B6%E8%B4%AD" in page  # in the choices of a stance


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
        ({"subject": "蓝鲸"}, 3),
        ({"object": "WhaleOS"}, 0),
        ({"object": "蓝鲸云", "stance": "asserts"}, 2),
        ({"principal": "蓝鲸科技"}, 4),
        ({"principal": "无此公司"}, 0),
        ({"kind": "organisation"}, 1),
        ({"due_since": "2022-06"}, 1),
        ({"due_since": "2023"}, 0),
        ({"due_until": "2021"}, 0),
    ],
)
def test_conditions_narrow_the_list(client: httpx.Client, conditions: dict[str, str], count: int) -> None:
    assert len(ids(client, **conditions)) == count


@pytest.mark.parametrize(
    "condition",
    [
        {"stance": "lies"},
        {"predicate": "buys"},
        {"since": "九月"},
        {"until": "2021-02-30"},
        {"due_until": "2022-13"},
        {"kind": "firm"},
        {"limit": "0"},
        {"limit": "many"},
    ],
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


@pytest.mark.parametrize(
    ("conditions", "total"),
    [
        ({}, 7),
        ({"stance": "denies"}, 1),
        ({"predicate": "acquires"}, 3),
        ({"speaker": "周雨"}, 4),
        (MIXED, None),
    ],
)
def test_how_many_there_are_is_said_where_it_is_known(client: httpx.Client, conditions: dict[str, str], total: int | None) -> None:
    assert client.get("/statements", params={**conditions, "limit": "1"}).json()["total"] == total
    assert client.get("/statements", params=conditions).json()["total"] == len(ids(client, **conditions))


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({"since": "2021-06"}, ["hostile", "denial"]),
        ({"until": "2021"}, ["denial", "rumour"]),
        ({"entity": "周雨"}, ["denial"]),
        ({"entity": "无此公司"}, []),
        ({"publisher": "鲸海日报"}, ["hostile", "denial", "rumour"]),
        ({"publisher": "别报"}, []),
    ],
)
def test_documents_are_filtered(client: httpx.Client, conditions: dict[str, str], names: list[str]) -> None:
    assert [item["name"] for item in client.get("/documents", params=conditions).json()["items"]] == names
    assert [item["name"] for item in client.get("/documents", params={**conditions, "limit": "1"}).json()["items"]] == names[:1]


def test_a_proposition_in_json_ld_is_at_the_top_of_its_own_description(client: httpx.Client) -> None:
    claim = client.get(denial(client)["proposition_url"]).json()
    described = client.get(claim["url"] + ".jsonld").json()
    assert (described["@id"], described["@type"], described["predicate"]) == (claim["iri"], "kg:Proposition", "kg:acquires")
    assert {node["stance"] for node in described["@included"] if node.get("@type") == "kg:Statement"} == {
        "kg:Assertion",
        "kg:Denial",
        "kg:Report",
    }


@pytest.mark.parametrize("path", ["/documents/denial.jsonld", "/documents/denial/annotations"])
def test_a_documents_statements_are_web_annotations_of_its_text(client: httpx.Client, path: str) -> None:
    """The W3C's context is named, not fetched: of its terms, those used here stand below, as its vocabulary gives them."""
    answer = client.get(path)
    assert answer.headers["content-type"] == f'application/ld+json; profile="{ANNO}"'
    body = answer.json()
    assert body["@context"][0] == ANNO
    body["@context"][0] = ANNO_TERMS
    quads = {quad.triple for quad in ox.parse(json.dumps(body).encode(), ox.RdfFormat.JSON_LD)}
    text = client.get("/documents/denial").json()["text"]
    annotations = {triple.subject for triple in quads if triple.object == ox.NamedNode(OA + "Annotation")}
    assert len(annotations) == 4

    def value(subject: Any, term: str) -> Any:
        (found,) = {triple.object for triple in quads if (triple.subject, triple.predicate.value) == (subject, term)}
        return found

    for annotation in annotations:
        target = value(annotation, OA + "hasTarget")
        assert value(target, OA + "hasSource").value.endswith("/document/" + client.get("/documents/denial").json()["id"])
        selectors = {triple.object for triple in quads if (triple.subject, triple.predicate.value) == (target, OA + "hasSelector")}
        kinds = {value(selector, RDF_TYPE).value.removeprefix(OA): selector for selector in selectors}
        start, end = (int(value(kinds["TextPositionSelector"], OA + term).value) for term in ("start", "end"))
        assert text[start:end] == value(kinds["TextQuoteSelector"], OA + "exact").value
        bodies = {triple.object for triple in quads if (triple.subject, triple.predicate.value) == (annotation, OA + "hasBody")}
        assert any(triple.predicate.value.endswith("#stance") for triple in quads if triple.subject in bodies)
    if path.endswith(".jsonld"):
        assert body["kg:text"] == text
