"""PDFs: the text on their pages, put together to paragraphs; what is locked, broken, empty or too much is refused in one line."""

import time
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.reading import Metadata, read, read_stream
from kg.reading.pdf import Limits, pdf_text
from kg.reading.pdf_lines import paragraphs, without_furniture
from tests.pdf_maker import assemble, pdf

NOTICE = [
    "某某公司关于媒体报道的澄清公告",
    "来源：某某日报",
    "2021年5月6日，上海",
    "公司注意到近日有媒体报道称公司计划出售手机业务并退",
    "出相关市场，现就有关情况说明如下。公司没有出售手机业",
    "务的计划，也没有让该业务单独上市的安排，公司将于2022",
    "年推出三款新的手机，并把它们卖到更多的国家和地区。",
    "特此公告。",
]
ARTICLE = (
    "公司注意到近日有媒体报道称公司计划出售手机业务并退出相关市场，现就有关情况说明如下。"
    "公司没有出售手机业务的计划，也没有让该业务单独上市的安排，公司将于2022年推出三款新的手机，并把它们卖到更多的国家和地区。"
)


class TestText:
    def test_lines_become_paragraphs(self) -> None:
        text, _ = pdf_text(pdf([NOTICE]), "a.pdf")
        assert text.splitlines() == [*NOTICE[:3], ARTICLE, "特此公告。"]

    def test_a_sentence_goes_on_over_the_page_and_furniture_is_left_out(self) -> None:
        head = "某某公司 2021年半年度报告"
        pages = [[head, *NOTICE[3:5], "第 1 页 共 3 页"], [head, *NOTICE[5:7], "第 2 页 共 3 页"], [head, "特此公告。", "第 3 页 共 3 页"]]
        text, _ = pdf_text(pdf(pages), "a.pdf")
        assert text.splitlines() == [ARTICLE, "特此公告。"]

    def test_a_document_with_its_metadata(self, tmp_path: Path) -> None:
        path = tmp_path / "notice.pdf"
        path.write_bytes(pdf([NOTICE], title="文件里的标题"))
        document = read(path)
        assert (document.name, document.source) == ("notice", "notice.pdf")
        assert (document.title, document.publisher, document.published) == (NOTICE[0], "某某日报", "2021-05-06")
        assert read(path, Metadata(title="给定的标题")).title == "给定的标题"

    def test_the_stated_title_where_the_text_has_none(self) -> None:
        sentences = ["公司今天说，不退出。"]
        assert read_stream(pdf([sentences], title="公司的说明")).title == "公司的说明"
        assert read_stream(pdf([sentences], title="Microsoft Word - 公告.doc")).title is None

    def test_a_stream_is_recognised_also_behind_what_stands_before_it(self) -> None:
        assert "特此公告" in read_stream(b"\n\n" + pdf([NOTICE])).text

    def test_radicals_that_fonts_put_for_characters(self) -> None:
        text, _ = pdf_text(pdf([["某某公司今⽇说不退出⼿机业务。"]]), "a.pdf")
        assert text == "某某公司今日说不退出手机业务。"


class TestLines:
    def test_words_in_letters_keep_a_blank_between_them(self) -> None:
        assert list(paragraphs([["该公司推出了一款名为HarmonyOS", "Connect的产品。"]])) == ["该公司推出了一款名为HarmonyOS Connect的产品。"]

    def test_a_heading_is_no_part_of_what_follows(self) -> None:
        lines = ["一、业务情况", "公司在报告期内的业务没有发生变化，公司没有出售手机业务的", "计划。"]
        assert list(paragraphs([lines])) == [lines[0], lines[1] + lines[2]]

    def test_a_line_that_two_pages_share_stays_where_most_do_not_have_it(self) -> None:
        pages = [["公司不退出。", f"正文{word}"] for word in "甲乙"] + [[f"正文{word}"] for word in "丙丁戊"]
        assert without_furniture(pages) == pages


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "hint"),
        [
            (b"%PDF-1.7\nnothing of the kind", "cannot be read as PDF"),
            (pdf([NOTICE])[:400], "cannot be read as PDF"),
            (pdf([[]]), "text recognition"),
            (pdf([["\ue000\ue001\ue002\ue003"]]), "do not say which characters"),
            (
                assemble(
                    [b""],
                    trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -1 >> /ID [<00> <00>]" % (b"41" * 32, b"42" * 32),
                ),
                "locked with a password",
            ),
        ],
        ids=["broken", "cut", "pictures", "no characters", "locked"],
    )
    def test_what_has_no_text_to_read(self, data: bytes, hint: str) -> None:
        with pytest.raises(ReadError, match=hint) as caught:
            read_stream(data, "a.pdf")
        assert "\n" not in str(caught.value)
        assert str(caught.value).startswith("a.pdf: ")

    def test_more_pages_than_are_read(self) -> None:
        with pytest.raises(ReadError, match=r"has 12000 pages, 2000 are read"):
            pdf_text(assemble([b""], repeat=12_000), "a.pdf")

    def test_more_things_on_a_page_than_are_read(self) -> None:
        with pytest.raises(ReadError, match=r"300 things are drawn on page 1, 200 are read"):
            pdf_text(pdf([[]], extra=[b"0 0 1 1 re f\n" * 300]), "a.pdf", Limits(objects=200))

    def test_more_characters_than_are_read(self) -> None:
        with pytest.raises(ReadError, match="more than 40 characters"):
            pdf_text(pdf([NOTICE]), "a.pdf", Limits(characters=40))

    def test_more_time_than_there_is(self) -> None:
        started = time.monotonic()
        with pytest.raises(ReadError, match=r"page \d+ was not read within 0\.05 s"):
            pdf_text(pdf([NOTICE] * 1500), "a.pdf", Limits(seconds=0.05))
        assert time.monotonic() - started < 5
