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
    "/links",
    "/promises",
    "/answers",
    "/questions/who-evades/query",
    "/read",
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


SCRIPTED = ("/sparql", "/questions/")  # pages whose field for a query has colours, and works without


@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_a_script_of_others_or_asks_another_server(client: httpx.Client, path: str) -> None:
    markup, answer = read(client, path)
    if path.startswith(SCRIPTED):
        assert answer.text.count("<script") == answer.text.count('<script type="module" src="/scripts/sparql.js"></script>')
    else:
        assert "script" not in markup.elements
    assert not {name for name in markup.attributes if name.startswith("on") or name == "style"}
    assert all(target.startswith(("/", "#")) and not target.startswith("//") for target in markup.targets)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_of_networks_has_only_its_own_script(client: httpx.Client) -> None:
    markup, answer = read(client, "/graph?about=蓝鲸云")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert all(target.startswith("/") and not target.startswith("//") for target in markup.targets if not target.startswith("#"))


def test_every_link_of_every_page_leads_somewhere(client: httpx.Client) -> None:
    targets = {target.partition("#")[0] for path in PAGES for target in read(client, path)[0].targets}
    targets -= {"", "/preferences"}  # which leads back to where the reader was
    answers = {target: client.get(target, headers=BROWSER).status_code for target in sorted(targets)}
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
    assert "否认" in page and 'class="statement denies"' in page


def test_an_entity_page_shows_its_statements_with_their_quotes(client: httpx.Client) -> None:
    page = read(client, "/entities/蓝鲸云")[1].text
    for quote in ("海川集团是否收购蓝鲸云", "海川集团收购蓝鲸云一事不实", "蓝鲸云是蓝鲸科技的子公司"):
        assert f"<blockquote>{quote}</blockquote>" in page


def test_a_document_page_marks_the_quotes_in_the_text(client: httpx.Client) -> None:
    page = read(client, "/documents/denial")[1].text
    assert re.search(r'<a class="mark asserts" href="#s-\w+">鲸OS已捐赠给源流基金会<span class="tip">', page)


def test_a_statement_has_a_page_of_its_own_and_a_place_in_the_text(client: httpx.Client) -> None:
    (denial,) = client.get("/statements", params={"stance": "denies"}).json()["items"]
    page = read(client, denial["url"])[1].text
    assert '<mark class="denies">海川集团收购蓝鲸云一事不实</mark>' in page
    assert f"{denial['evidence']['document_url']}#t-{denial['id']}" in page
    assert f'<span id="t-{denial["id"]}"></span>' in read(client, denial["evidence"]["document_url"])[1].text
    life = read(client, denial["proposition_url"])[1].text
    assert life.index("海川集团是否收购蓝鲸云") < life.index("海川集团收购蓝鲸云一事不实") < life.index("海川集团已经收购蓝鲸云")


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ({}, "实体"),
        ({"Accept-Language": "en-GB, zh;q=0.5"}, "Entities"),
        ({"Accept-Language": "en", "Cookie": "kg-language=zh"}, "实体"),
        ({"Cookie": "kg-language=tlh; other=a"}, "实体"),
    ],
)
def test_pages_speak_the_language_of_their_reader(client: httpx.Client, headers: dict[str, str], word: str) -> None:
    answer = client.get("/entities", headers={**BROWSER, **headers})
    assert f'<a href="/entities">{word}</a>' in answer.text
    assert {"Accept", "Accept-Language", "Cookie"} <= {part.strip() for part in answer.headers["vary"].split(",")}


def test_a_copy_in_one_language_is_none_in_another(client: httpx.Client) -> None:
    tag = client.get("/entities", headers=BROWSER).headers["etag"]
    assert client.get("/entities", headers={**BROWSER, "If-None-Match": tag}).status_code == 304
    assert client.get("/entities", headers={**BROWSER, "If-None-Match": tag, "Accept-Language": "en"}).status_code == 200


@pytest.mark.parametrize("back", ["/entities?q=蓝鲸", "//elsewhere.example/", "/\\elsewhere.example/", "https://elsewhere.example/"])
def test_what_a_reader_prefers_is_kept_and_leads_nowhere_else(client: httpx.Client, back: str) -> None:
    with httpx.Client(base_url=client.base_url) as reader:  # whose cookies are its own
        answer = reader.get("/preferences", params={"language": "en", "theme": "dark", "back": back})
    assert answer.status_code == 303
    assert unquote(answer.headers["location"]) == (back if back.startswith("/e") else "/")
    cookies = answer.headers.get_list("set-cookie")
    assert [cookie.partition(";")[0] for cookie in cookies] == ["kg-language=en", "kg-theme=dark"]
    dark = client.get("/", headers={**BROWSER, "Cookie": "kg-language=en; kg-theme=dark"}).text
    assert '<html lang="en" data-theme="dark">' in dark


def test_a_text_is_read_and_not_stored(client: httpx.Client) -> None:
    before = client.get("/healthz").json()
    form = {"text": "蓝鲸科技董事长周雨表示，蓝鲸科技没有出售蓝鲸云的计划。<script>alert(1)</script>", "date": "2025-03-01"}
    answer = client.post("/read", data=form, headers=BROWSER, timeout=60)
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert re.search(r'<span class="badge denies">否认</span>\s+蓝鲸科技 <code>divests</code> 蓝鲸云', answer.text)
    assert client.get("/healthz").json() == before


@pytest.mark.parametrize("form", [{"text": "  "}, {"text": "字" * 8001}, {"text": "公司盈利。", "date": "soon"}])
def test_what_cannot_be_read_is_said_on_the_page(client: httpx.Client, form: dict[str, str]) -> None:
    answer = client.post("/read", data=form, headers=BROWSER)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


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
