"""The pages: what a reader finds, and that no document's text becomes markup."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import httpx
import pytest

PAGES = [
    "/",
    "/docs",
    "/sparql",
    "/sparql?query=SELECT * { ?s ?p ?o }",
    "/questions",
    "/questions/what-it-owns",
    "/entities",
    "/entities?q=蓝鲸",
    "/entities/蓝鲸科技",
    "/statements",
    "/statements?stance=denies",
    "/documents",
    "/documents/hostile",
]
LITE = "https://gephi.org/gephi-lite/?file="
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Markup(HTMLParser):
    """Collects elements and what they point to."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: list[str] = []
        self.elsewhere: list[str] = []  # where a reader may go, but nothing is fetched from

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        for name, value in attrs:
            if name in {"href", "src", "action"} and value:
                (self.elsewhere if tag == "a" and value.startswith(LITE) else self.targets).append(value)


def read(client: httpx.Client, path: str) -> tuple[Markup, httpx.Response]:
    """Return a page's markup and the answer it came in."""
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    markup = Markup()
    markup.feed(answer.text)
    return markup, answer


@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_a_script_or_asks_another_server(client: httpx.Client, path: str) -> None:
    markup, answer = read(client, path)
    assert "script" not in markup.elements
    assert not {name for name in markup.attributes if name.startswith("on") or name == "style"}
    assert all(target.startswith(("/", "#")) and not target.startswith("//") for target in markup.targets)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_link_of_every_page_leads_somewhere(client: httpx.Client) -> None:
    targets = {target.partition("#")[0] for path in PAGES for target in read(client, path)[0].targets}
    answers = {target: client.get(target, headers=BROWSER).status_code for target in sorted(targets) if target}
    assert {target: status for target, status in answers.items() if status != 200} == {}
    assert len(answers) > 40


@pytest.mark.parametrize("path", ["/", "/entities/蓝鲸科技"])
def test_gephi_lite_is_told_where_the_network_is(client: httpx.Client, path: str) -> None:
    """It fetches from the reader's browser, so the file has to be given to any page, without credentials."""
    (link,) = read(client, path)[0].elsewhere
    answer = client.get(unquote(link.removeprefix(LITE)), headers={"Origin": "https://gephi.org"})
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/gexf+xml"
    assert answer.headers["access-control-allow-origin"] == "*" and "access-control-allow-credentials" not in answer.headers


def test_text_of_documents_is_shown_as_text(client: httpx.Client) -> None:
    for path in ("/documents/hostile", "/entities/蓝鲸科技", "/statements", "/entities"):
        page = read(client, path)[1].text
        assert "<script" not in page
        assert "&lt;script&gt;alert" in page


def test_a_search_for_markup_is_shown_as_text(client: httpx.Client) -> None:
    page = client.get("/entities", params={"q": '"><script>alert(1)</script>'}, headers=BROWSER).text
    assert "<script" not in page


def test_the_start_page_counts_and_shows_the_latest_denial(client: httpx.Client) -> None:
    page = read(client, "/")[1].text
    assert re.search(r"<b>3</b>\s*文档", page)
    assert re.search(r"<b>7</b>\s*言论", page)
    assert "海川集团收购蓝鲸云一事不实" in page
    assert "否认" in page and "denies" in page


def test_an_entity_page_shows_its_statements_with_their_quotes(client: httpx.Client) -> None:
    page = read(client, "/entities/蓝鲸云")[1].text
    for quote in ("海川集团是否收购蓝鲸云", "海川集团收购蓝鲸云一事不实", "蓝鲸云是蓝鲸科技的子公司"):
        assert f"<blockquote>{quote}</blockquote>" in page


def test_a_document_page_marks_the_quotes_in_the_text(client: httpx.Client) -> None:
    page = read(client, "/documents/denial")[1].text
    assert "<mark>鲸OS已捐赠给源流基金会</mark>" in page


def test_the_api_is_described_in_full(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    page = read(client, "/docs")[1].text
    for path in ("/healthz", "/sparql", "/entities", "/entities/{name}", "/statements", "/documents/{identifier}", "/export.gexf"):
        assert path in described["paths"]
        assert path in page
    names = {parameter["name"] for parameter in described["paths"]["/statements"]["get"]["parameters"]}
    assert names >= {"speaker", "stance", "predicate", "since", "until", "entity", "document", "limit", "cursor"}
    assert names >= {"subject", "object", "principal", "kind", "due_since", "due_until", "proposition"}
    assert set(described["paths"]["/statements"]["get"]["responses"]["default"]["content"]) == {"application/problem+json"}
    assert "asserts | denies | plans" in page
    assert 'id="problem-not-found"' in page
