"""GET /questions: the ontology's competency questions, asked by name; and answers as a page for a browser."""

import httpx
import pytest

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


def names(client: httpx.Client) -> list[str]:
    """Return the questions there are."""
    return [item["name"] for item in client.get("/questions").json()]


def test_every_question_can_be_asked_of_everything(client: httpx.Client) -> None:
    assert "who-denied-what" in names(client)
    for name in names(client):
        answer = client.get(f"/questions/{name}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/sparql-results+json"


@pytest.mark.parametrize("name", ["海川集团", "蓝鲸云"])
def test_who_denied_what_about_an_entity(client: httpx.Client, name: str) -> None:
    (row,) = client.get("/questions/who-denied-what", params={"about": name}).json()["results"]["bindings"]
    assert "海川集团收购蓝鲸云一事不实" in {term["value"] for term in row.values()}


def test_an_entity_goes_by_any_of_its_names(client: httpx.Client) -> None:
    by_alias, by_name = (client.get("/questions/opened-to-whom", params={"thing": name}).json() for name in ("WhaleOS", "鲸OS"))
    assert by_alias == by_name
    assert "源流基金会" in {term["value"] for row in by_name["results"]["bindings"] for term in row.values()}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/questions/who-knows", 404), ("/questions/who-denied-what?whom=蓝鲸", 400), ("/questions/promised-by-when?by=soon", 400)],
)
def test_what_cannot_be_asked_is_a_problem(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_an_injection_through_a_parameter_stays_a_name(client: httpx.Client) -> None:
    answer = client.get("/questions/who-denied-what", params={"about": "> } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } #"})
    assert answer.json()["results"]["bindings"] == []


def test_a_browser_is_shown_the_answer_as_a_page(client: httpx.Client) -> None:
    page = client.get("/questions/who-denied-what", headers=BROWSER).text
    assert "<td>海川集团收购蓝鲸云一事不实</td>" in page
    yes = client.get("/sparql", params={"query": "ASK {}"}, headers=BROWSER)
    assert yes.headers["content-type"] == "text/html; charset=utf-8"
    assert "<b>是</b>" in yes.text


def test_a_blank_field_of_the_form_asks_of_everything(client: httpx.Client) -> None:
    assert client.get("/questions/who-denied-what?about=").json() == client.get("/questions/who-denied-what").json()


def test_an_answer_is_drawn_by_year_and_as_a_network(client: httpx.Client) -> None:
    page = client.get("/questions/who-denied-what", headers=BROWSER).text
    assert '<rect class="asserts"' in page and "<title>2021 断言 1</title>" in page
    assert "<title>海川集团 · acquires · 蓝鲸云 · 海川集团收购蓝鲸云一事不实</title>" in page
    stances = client.get("/questions/who-said-it-first", headers=BROWSER).text
    assert '<path class="reports"' in stances
    plain = client.get("/sparql", params={"query": "SELECT ?s { ?s a kg:Document }"}, headers=BROWSER).text
    assert "<svg" not in plain
