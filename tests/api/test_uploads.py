"""POST /documents and DELETE /documents/{id}: what is taken in and how, what is refused and why, and what does no harm."""

import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.uploading import NOTICE, TOKEN, send, taken_in, writing
from tests.pdf_maker import assemble, pdf

PAGE = (
    '<!DOCTYPE html><html><head><meta charset="gb2312"><title>安屿科技澄清</title></head><body><nav><a href="/">首页</a></nav><article>'
    "<h1>安屿科技澄清</h1><p>2021-05-06 来源：新川日报</p><p>安屿科技董事长周远表示，公司没有出售云业务的计划，也没有让它上市的打算。</p>"
    "<p>周远还说，公司明年会继续投入研发，推出三款新的手机，并把它们卖到更多的国家和地区。</p></article></body></html>"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client with the token, of a server over an empty store."""
    with writing(tmp_path_factory.mktemp("uploads") / "store", "reading_seconds=5, reading_memory=512 << 20") as opened:
        yield opened


class TestWhoMay:
    def test_nobody_writes_where_there_is_no_token(self, server: str) -> None:
        for answer in (httpx.post(f"{server}/documents", content=NOTICE.encode()), httpx.delete(f"{server}/documents/denial")):
            assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
            assert "KG_WRITE_TOKEN" in answer.json()["detail"]
        assert httpx.get(f"{server}/documents/denial").status_code == 200

    @pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Basic " + "eA==", "Bearer"])
    @pytest.mark.parametrize(
        ("method", "path"), [("POST", "/documents"), ("DELETE", "/documents/a"), ("GET", "/jobs"), ("DELETE", "/jobs/a")]
    )
    def test_nobody_without_the_token(self, client: httpx.Client, authorization: str | None, method: str, path: str) -> None:
        with httpx.Client(base_url=client.base_url, headers={"Authorization": authorization} if authorization else {}) as stranger:
            answer = stranger.request(method, path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


class TestForms:
    @pytest.mark.parametrize(
        ("media", "data"),
        [
            ("text/plain", NOTICE.encode()),
            ("text/plain; charset=GBK", NOTICE.encode("gbk")),
            ("text/markdown", f"# {NOTICE}".encode()),
            ("application/pdf", pdf([NOTICE.splitlines()])),
            ("text/html; charset=gb2312", PAGE.encode("gb18030")),
            ("text/html", PAGE.encode("gb18030")),
        ],
    )
    def test_the_body_itself(self, client: httpx.Client, media: str, data: bytes) -> None:
        job = taken_in(client, send(client, data, media, source=f"{media.partition(';')[0]} {len(data)}"))
        assert job["state"] == "done", job
        document = client.get(job["result"]["document_url"]).json()
        assert (document["published"], document["publisher"]) == ("2021-05-06", "新川日报")
        assert len(document["statement_list"]) == document["statements"] == job["result"]["statements"] > 0
        for statement in document["statement_list"]:
            evidence = statement["evidence"]
            assert document["text"][evidence["start"] : evidence["end"]] == evidence["quote"]

    def test_what_is_said_goes_before_what_the_document_says(self, client: httpx.Client) -> None:
        said = {
            "title": "给定的标题",
            "date": "2020-02",
            "publisher": "给定的媒体",
            "author": "周记者",
            "url": "https://example.com/公告/a.html",
        }
        job = taken_in(client, client.post("/documents", json={"text": NOTICE, **said}))
        document = client.get(job["result"]["document_url"]).json()
        assert [document[name] for name in ("title", "published", "publisher", "author", "source")] == list(said.values())
        assert (document["text"], document["name"]) == (NOTICE, "a")

    def test_a_form_with_a_file(self, client: httpx.Client) -> None:
        file = ("C:\\公告\\notice.PDF", pdf([NOTICE.splitlines()]), "application/octet-stream")
        job = taken_in(client, client.post("/documents", files={"file": file}, data={"title": "给定的标题", "date": ""}))
        document = client.get(job["result"]["document_url"]).json()
        assert (document["source"], document["name"], document["title"]) == ("notice.PDF", "notice", "给定的标题")

    def test_json_is_taken_as_text_whatever_it_looks_like(self, client: httpx.Client) -> None:
        job = taken_in(client, client.post("/documents", json={"text": PAGE}))
        assert client.get(job["result"]["document_url"]).json()["text"] == PAGE


class TestAgain:
    def test_the_same_again_is_the_same_job_and_changes_nothing(self, client: httpx.Client) -> None:
        text = NOTICE.replace("云业务", "芯片业务")
        first = taken_in(client, send(client, text))
        counted = client.get("/healthz").json()
        again = taken_in(client, send(client, text))
        elsewhere = taken_in(client, client.post("/documents", files={"file": ("/", text.encode(), "text/plain")}))
        assert first["result"]["change"] == "added"
        assert again["id"] == first["id"]
        assert again["result"] == {**first["result"], "change": "unchanged"}
        assert elsewhere["result"] == again["result"]
        assert client.get("/healthz").json() == counted

    def test_after_a_change_of_the_store_it_is_done_again(self, client: httpx.Client) -> None:
        text = NOTICE.replace("云业务", "手表业务")
        first = taken_in(client, send(client, text))
        assert client.delete(first["result"]["document_url"]).json()["statements"] == first["result"]["statements"]
        again = taken_in(client, send(client, text))
        assert (again["id"], again["result"]) == (first["id"], first["result"])

    def test_a_later_state_of_the_same_source_replaces(self, client: httpx.Client) -> None:
        first = taken_in(client, send(client, NOTICE, source="同一来源.txt"))
        second = taken_in(client, send(client, NOTICE.replace("云业务", "汽车业务"), source="同一来源.txt"))
        assert (first["result"]["change"], second["result"]["change"]) == ("added", "replaced")
        assert client.get(first["result"]["document_url"]).status_code == 404
        quotes = [each["evidence"]["quote"] for each in client.get(second["result"]["document_url"]).json()["statement_list"]]
        assert any("汽车业务" in quote for quote in quotes)

    def test_withdrawing_takes_all_it_said(self, client: httpx.Client) -> None:
        before = client.get("/healthz").json()
        job = taken_in(client, send(client, NOTICE.replace("安屿科技", "檀屿科技"), source="withdrawn.txt"))
        assert client.get("/entities/檀屿科技").status_code == 200
        withdrawn = client.delete("/documents/withdrawn").json()
        assert withdrawn == {"document": job["result"]["document"], "name": "withdrawn", "statements": job["result"]["statements"]}
        assert client.get("/entities/檀屿科技").status_code == 404
        assert client.get("/healthz").json() == before
        assert client.delete("/documents/withdrawn").status_code == 404


class TestRefused:
    @pytest.mark.parametrize(
        ("status", "hint", "request_"),
        [
            (415, "image/png", {"content": b"x", "headers": {"Content-Type": "image/png"}}),
            (415, "none", {"content": b"x"}),
            (
                415,
                "compressed",
                {"content": zlib.compress(b"x"), "headers": {"Content-Type": "text/plain", "Content-Encoding": "gzip"}},
            ),
            (415, "image/png", {"files": {"file": ("a.png", b"x", "image/png")}}),
            (400, "empty", {"content": b" \n", "headers": {"Content-Type": "text/plain"}}),
            (400, "no file", {"data": {"title": "x"}, "files": {"": ("", b"")}}),
            (400, "one file", {"files": [("file", ("a.txt", b"x")), ("file", ("b.txt", b"x"))]}),
            (400, "cannot be read", {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}),
            (400, "not JSON", {"content": b"{", "headers": {"Content-Type": "application/json"}}),
            (400, "not JSON", {"content": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}),
            (400, "no object", {"json": ["text"]}),
            (422, "unicode", {"content": b'{"text": "\\ud800"}', "headers": {"Content-Type": "application/json"}}),
            (422, "text", {"json": {"title": "x"}}),
            (422, "is no date", {"json": {"text": "x", "date": "2021-02-30"}}),
            (422, "url", {"json": {"text": "x", "url": "file:///etc/passwd"}}),
            (422, "send one of them", {"json": {"text": "x", "url": "https://example.com/", "source": "a"}}),
            (422, "control character", {"json": {"text": "x", "title": "a\u0000b"}}),
            (422, "500", {"json": {"text": "x", "title": "长" * 501}}),
            (422, "string", {"json": {"text": 5}}),
        ],
    )
    def test_what_is_not_sent_as_it_should_be(self, client: httpx.Client, status: int, hint: str, request_: dict[str, object]) -> None:
        before = client.get("/jobs").json()["total"]
        answer = client.post("/documents", **request_)  # type: ignore[arg-type]
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
        assert hint in answer.json()["detail"]
        assert client.get("/jobs").json()["total"] == before

    def test_a_body_past_its_limit(self, tmp_path: Path) -> None:
        with writing(tmp_path / "store", "upload_bytes=1 << 21") as client:
            for content in (b"x" * (1 << 22), iter([b"x" * (1 << 20)] * 4)):
                answer = client.post("/documents", content=content, headers={"Content-Type": "text/plain"})
                assert answer.status_code == 413
                assert str(1 << 21) in answer.json()["detail"]
            query = client.post("/sparql", content=b"ASK {} #" + b"x" * (1 << 21), headers={"Content-Type": "application/sparql-query"})
            assert query.status_code == 413
            assert client.get("/jobs").json()["total"] == 0


def bomb(size: int) -> bytes:
    """Return a PDF whose page unpacks to so many bytes of drawing."""
    return assemble([b"0 0 m 1 1 l S\n" * (size // 14)])


class TestHarmless:
    @pytest.mark.parametrize(
        ("data", "media", "hint"),
        [
            (b"%PDF-1.7\nbroken", "application/pdf", "cannot be read as PDF"),
            (pdf([[]]), "application/pdf", "text recognition"),
            (assemble([b""], repeat=12_000), "application/pdf", "12000 pages"),
            (bomb(400 << 20), "application/pdf", "reading took more than|things are drawn"),
            (("<div>" * 200_000 + "公司不退出。").encode(), "text/html", "HTML|reader|main text"),
            (b"\x00\x01\x02\x03" * 100, "text/plain", "not text"),
            (NOTICE.encode("gb18030"), "text/plain; charset=utf-8", "as was stated"),
            (NOTICE.encode(), "text/plain; charset=rot13", "is not read"),
            (("公司不退出。" * 100_000).encode(), "text/plain", "200000 are read"),
        ],
        ids=["broken", "pictures", "pages", "bomb", "nested", "binary", "charset", "unknown charset", "long"],
    )
    def test_a_document_that_cannot_be_read_says_why_and_leaves_nothing(
        self, client: httpx.Client, data: bytes, media: str, hint: str
    ) -> None:
        before, started = client.get("/healthz").json(), time.monotonic()
        job = taken_in(client, send(client, data, media))
        assert job["state"] == "failed"
        assert job["detail"].startswith("while reading: ")
        assert any(part in job["detail"] for part in hint.split("|")), job
        assert job["result"] is None
        assert client.get("/healthz").json() == before
        assert time.monotonic() - started < 60

    def test_entities_of_xml_are_not_expanded(self, client: httpx.Client) -> None:
        entity = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b "&a;&a;&a;">]>'
        page = PAGE.replace("<!DOCTYPE html>", entity).replace("云业务", "云&b;业务").replace("gb2312", "utf-8")
        job = taken_in(client, send(client, page, "application/xhtml+xml", source="entities.html"))
        hostname = Path("/etc/hostname").read_text("utf-8").strip()
        assert job["state"] in {"done", "failed"}
        if job["result"]:
            assert not hostname or hostname not in client.get(job["result"]["document_url"]).json()["text"]

    def test_the_token_is_in_no_process_that_reads(self, client: httpx.Client) -> None:
        assert TOKEN not in client.get("/jobs").text
