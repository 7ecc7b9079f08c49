"""Files, folders and streams become documents; what is no text is refused in one line."""

from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.model import digest
from kg.reading import Form, Metadata, read, read_folder, read_stream, read_text

NOTICE = "某某公司关于传闻的说明\n来源：某某日报\n2021年5月6日，上海\n公司没有出售手机业务的计划。\n"
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>某某公司否认出售手机业务</title></head><body>
<nav><a href="/">首页</a> <a href="/login">登录</a></nav>
<article><h1>某某公司否认出售手机业务</h1><p class="meta">2021-05-06 09:10 来源：某某日报</p>
<p>某某公司总裁王小明今天在上海的发布会上表示，公司不会出售手机业务，也没有让这块业务单独上市的打算。</p>
<p>他还说，公司明年会继续投入研发，推出三款新的手机，并把它们卖到更多的国家和地区。</p></article>
<footer>京ICP备12345678号</footer></body></html>"""


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


class TestText:
    def test_text_is_verbatim(self, tmp_path: Path) -> None:
        text = "\ufeff第一行\r\n  第二行，公司不退出。\r\n"
        document = read(write(tmp_path / "a.txt", text))
        assert document.text == text
        assert (document.name, document.source, document.id) == ("a", "a.txt", digest(text, "a.txt"))

    def test_the_same_bytes_give_the_same_document_in_any_folder(self, tmp_path: Path) -> None:
        (tmp_path / "b").mkdir()
        assert read(write(tmp_path / "a.txt", NOTICE)) == read(write(tmp_path / "b" / "a.txt", NOTICE))

    def test_gb18030(self, tmp_path: Path) -> None:
        assert read(write(tmp_path / "a.txt", NOTICE.encode("gb18030"))).text == NOTICE

    @pytest.mark.parametrize(
        ("data", "hint"),
        [
            ("公司".encode("utf-16"), "UTF-16"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither|not text"),
            (b"\x00\x01\x02", "not text"),
            ("café déjà vu naïve".encode("latin-1"), "neither UTF-8 nor GB18030"),
            (b"", "empty"),
            ("\ufeff \n\u3000\n", "empty"),
        ],
    )
    def test_what_is_no_text_is_refused(self, tmp_path: Path, data: bytes | str, hint: str) -> None:
        with pytest.raises(ReadError, match=hint) as caught:
            read(write(tmp_path / "a.txt", data))
        assert "\n" not in str(caught.value)
        assert "a.txt" in str(caught.value)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"none\.txt: cannot be read"):
            read(tmp_path / "none.txt")

    def test_a_file_of_another_kind(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match=r"give \.txt"):
            read(write(tmp_path / "a.xlsx", b"PK"))


class TestMetadata:
    def test_from_the_document(self) -> None:
        document = read_text(NOTICE, "a.txt")
        assert (document.title, document.publisher, document.published) == ("某某公司关于传闻的说明", "某某日报", "2021-05-06")

    @pytest.mark.parametrize(
        ("line", "published"),
        [
            ("发布时间：2011-06-17", "2011-06-17"),
            (" 2021-09-24 21:22 ", "2021-09-24"),
            ("2021年9月24日 某某网", "2021-09-24"),
            ("- **发布日期**: 2025/3/1", "2025-03-01"),
            ("日期：2021年9月", "2021-09"),
            ("时间：2021", "2021"),
            ("2021-13-45", None),
            ("2021年9月24日公司在上海宣布了新的计划。", None),
        ],
    )
    def test_dates_in_the_head(self, line: str, published: str | None) -> None:
        assert read_text(f"某某公司不退出\n{line}\n公司说,不退出。", "a.txt").published == published

    @pytest.mark.parametrize(
        ("text", "published"), [("# 20210209总裁的讲话\n公司不退出。", "2021-02-09"), ("# 早报2024年9月11日\n公司不退出。", "2024-09-11")]
    )
    def test_dates_in_headlines(self, text: str, published: str) -> None:
        assert read_text(text, "a.md").published == published

    @pytest.mark.parametrize(("signed", "published"), [("二〇二〇年十二月三十日", "2020-12-30"), ("2020年1月5日", "2020-01-05")])
    def test_the_date_a_notice_is_signed_with(self, signed: str, published: str) -> None:
        assert read_text(f"某某公司通知\n公司不退出。\n某某公司\n{signed}\n", "a.txt").published == published

    @pytest.mark.parametrize(
        ("line", "author"),
        [
            ("文 | 王小明 编辑 | 李红", "王小明"),
            ("作者：赵明、钱亮", "赵明、钱亮"),
            ("某某新闻记者 王小明", "王小明"),
            ("记者：会退出吗？", None),
        ],
    )
    def test_bylines(self, line: str, author: str | None) -> None:
        assert read_text(f"某某公司不退出\n{line}\n公司说,不退出。", "a.txt").author == author

    @pytest.mark.parametrize(
        "line",
        [
            "发布时间：2021-05-06 09:10 来源：某某日报",
            "来源：某某日报 发布时间：2021-05-06",
            "时间：2021年5月6日　来源：某某日报　作者：赵明",
            "来源：某某日报　　2021年05月06日 09:10",
        ],
    )
    def test_several_labels_on_one_line(self, line: str) -> None:
        found = read_text(f"某公司否认退出\n{line}\n公司没有这样的计划。", "a.txt")
        assert (found.title, found.publisher, found.published) == ("某公司否认退出", "某某日报", "2021-05-06")

    def test_markdown_headline(self) -> None:
        assert read_text("原创\n\n# 某某公司不退出\n\n公司说,不退出。", "a.md").title == "某某公司不退出"

    @pytest.mark.parametrize("text", ["公司不退出", "记者：会退出吗？\n王小明：不会。", "公司今天说,不退出。他们还要加大投入。\n完"])
    def test_no_headline(self, text: str) -> None:
        assert read_text(text, "a.txt").title is None

    def test_overrides_win_over_the_sidecar_and_the_sidecar_over_the_document(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.txt", NOTICE)
        write(tmp_path / "a.yaml", "title: 旁注的标题\npublished: 2021-06-07\npublisher:\n")
        document = read(path, Metadata(title="给定的标题"))
        assert (document.title, document.published, document.publisher) == ("给定的标题", "2021-06-07", "某某日报")

    @pytest.mark.parametrize(
        ("sidecar", "hint"),
        [
            ("titel: a", "may hold only"),
            ("- a", "may hold only"),
            ("published: 昨天", "is no date"),
            ("a: [", "as YAML"),
            ("published: 2021-02-30x", "is no date"),
        ],
    )
    def test_a_wrong_sidecar_is_refused(self, tmp_path: Path, sidecar: str, hint: str) -> None:
        write(tmp_path / "a.yaml", sidecar)
        with pytest.raises(ReadError, match=hint) as caught:
            read(write(tmp_path / "a.txt", NOTICE))
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("published", ["2021-9-1", "2021-02-30", "昨天", "20210506"])
    def test_a_given_date_must_be_one(self, published: str) -> None:
        with pytest.raises(ReadError, match="is no date"):
            read_text(NOTICE, "a.txt", Metadata(published=published))


class TestHtml:
    def test_main_text_and_metadata(self, tmp_path: Path) -> None:
        document = read(write(tmp_path / "a.html", PAGE))
        assert "公司不会出售手机业务" in document.text
        assert "登录" not in document.text
        assert "ICP" not in document.text
        assert (document.title, document.published, document.publisher) == ("某某公司否认出售手机业务", "2021-05-06", "某某日报")

    def test_the_author_in_the_tags(self, tmp_path: Path) -> None:
        page = PAGE.replace("</head>", '<meta name="author" content="谷雨晴"></head>')
        assert read(write(tmp_path / "a.html", page)).author == "谷雨晴"

    def test_in_gb18030(self, tmp_path: Path) -> None:
        page = PAGE.replace("utf-8", "gb2312")
        assert "公司不会出售手机业务" in read(write(tmp_path / "a.htm", page.encode("gb18030"))).text

    @pytest.mark.parametrize("page", ["<html></html>", "<html><body></body></html>", " "])
    def test_a_page_without_text(self, tmp_path: Path, page: str) -> None:
        with pytest.raises(ReadError, match=r"a\.html"):
            read(write(tmp_path / "a.html", page))


class TestStream:
    def test_text(self) -> None:
        document = read_stream(NOTICE.encode())
        assert (document.name, document.source, document.text) == ("stdin", "stdin", NOTICE)

    def test_a_page_is_recognised(self) -> None:
        assert "登录" not in read_stream(PAGE.encode(), "page").text

    @pytest.mark.parametrize("charset", ["utf-8", "GBK", "gb2312", "utf-16", "utf-16-le", "UTF8"])
    def test_in_the_encoding_that_is_stated(self, charset: str) -> None:
        assert read_stream(NOTICE.encode(charset), "a.txt", charset=charset).text == NOTICE

    def test_in_big5(self) -> None:
        assert read_stream("公司沒有退出的計劃。".encode("big5"), "a.txt", charset="Big5").text == "公司沒有退出的計劃。"

    @pytest.mark.parametrize(
        ("charset", "hint"), [("utf-7", "is not read"), ("rot13", "is not read"), ("no such", "is not read"), ("utf-8", "as was stated")]
    )
    def test_another_encoding_than_is_stated(self, charset: str, hint: str) -> None:
        with pytest.raises(ReadError, match=hint):
            read_stream(NOTICE.encode("gb18030"), "a.txt", charset=charset)

    def test_in_the_form_that_is_stated(self) -> None:
        assert read_stream(PAGE.encode(), "a", form=Form.TEXT).text == PAGE
        assert "登录" not in read_stream(f"<p>{PAGE}".encode(), "a", form=Form.HTML).text
        with pytest.raises(ReadError, match="cannot be read as PDF"):
            read_stream(NOTICE.encode(), "a", form=Form.PDF)


class TestFolder:
    def test_documents_sorted_without_hidden_and_other_files(self, tmp_path: Path) -> None:
        for name in ("b.txt", "a.md", "c.HTML", "sub/a.txt", "a.yaml", ".hidden.txt", ".git/x.txt", "d.pdf", "e.xlsx"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            write(tmp_path / name, "x")
        assert [path.relative_to(tmp_path).as_posix() for path in read_folder(tmp_path)] == [
            "a.md",
            "b.txt",
            "c.HTML",
            "d.pdf",
            "sub/a.txt",
        ]

    def test_a_file_is_itself(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.txt", "x")
        assert list(read_folder(path)) == [path]

    def test_nothing_to_read(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="holds no"):
            list(read_folder(tmp_path))
        with pytest.raises(ReadError, match="no such file or folder"):
            list(read_folder(tmp_path / "none"))
