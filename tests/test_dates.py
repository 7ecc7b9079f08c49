"""Dates: a sentence and its document's date in, ISO 8601 out; then which of them a statement takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ExtractionError
from kg.extraction.dates import Claim, choose_times, now_expressions, time_expressions, timeline
from kg.extraction.statements.linear import model
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance

LEXICON = Lexicon()
FRIDAY = "2021-09-24"


def read(text: str, published: str | None = FRIDAY) -> list[str]:
    return [found.iso for found in time_expressions(fold(text), published, LEXICON)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年9月24日", ["2021-09-24"]),
        ("２０２１年９月", ["2021-09"]),
        ("2021-09-24", ["2021-09-24"]),
        ("2021.9", ["2021-09"]),
        ("2019 年 12 月 31 日", ["2019-12-31"]),
        ("2013年底", ["2013-12"]),
        ("2013年年初", ["2013"]),
        ("2011~2013年", ["2011", "2012", "2013"]),
        ("2021年上半年", ["2021-H1"]),
        ("2022 年第三季度", ["2022-Q3"]),
        ("2021Q3", ["2021-Q3"]),
        ("2024财年", ["2024"]),
        ("2010年前11个月", ["2010"]),
        ("二〇一九年", ["2019"]),
        ("十四五期间", ["2025"]),
    ],
)
def test_written_out(text: str, expected: list[str]) -> None:
    assert read(text, None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今年", ["2021"]),
        ("明年年底", ["2022-12"]),
        ("今年上半年", ["2021-H1"]),
        ("三季度", ["2021-Q3"]),
        ("8月底", ["2021-08"]),
        ("12月", ["2021-12"]),
        ("上月", ["2021-08"]),
        ("本月26日", ["2021-09-26"]),
        ("昨日", ["2021-09-23"]),
        ("明天", ["2021-09-25"]),
        ("23日", ["2021-09-23"]),
        ("28日", ["2021-08-28"]),
        ("将于28日开幕", ["2021-09-28"]),
        ("周三", ["2021-09-22"]),
        ("上周四", ["2021-09-16"]),
        ("下周", ["2021-09"]),
        ("未来三十年", ["2051"]),
        ("未来一年", ["2022-09"]),
        ("未来3到5年", ["2026"]),
        ("两年前", ["2019"]),
        ("我17年入职", ["2017"]),
        ("年内", ["2021"]),
        ("年底", ["2021-12"]),
        ("1-8月", ["2021"]),
        ("4-6月", ["2021-Q2"]),
        ("7、8月份", ["2021-07", "2021-08"]),
        ("近日", []),
        ("八月十八日", ["2021-08-18"]),
        ("上季度", ["2021-Q2"]),
        ("本季度", ["2021-Q3"]),
        ("四季度交付", ["2021-Q4"]),
        ("全年亏损", ["2021"]),
        ("15日内整改", ["2021-10-09"]),
        ("四天前签约", ["2021-09-20"]),
        ("计划三年里开六家店", ["2024"]),
        ("过去三年里", []),
        ("这三年内", []),
        ("六年里第五次出手", []),
        ("今后三五年", ["2026"]),
    ],
)
def test_relative_to_the_document(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("12月亏损", "2022-01-10", ["2021-12"]),
        ("第四季度营收", "2022-02-20", ["2021-Q4"]),
        ("二季度投产", "2022-03-20", ["2022-Q2"]),
        ("全年营收", "2022-01-20", ["2021"]),
        ("全年目标是100亿元", "2022-01-20", ["2022"]),
        ("比去年同期高,全年目标是100亿元", "2022-05-20", ["2021", "2022"]),
        ("将于2月发售", "2021-12-20", ["2022-02"]),
        ("年底裁员", "2022-01-10", ["2021-12"]),
        ("今年", "2020", ["2020"]),
        ("昨日", "2025-03", []),
        ("本月", "2025-03", ["2025-03"]),
        ("今年", None, []),
        ("10月", None, []),
    ],
)
def test_the_year_that_is_not_written_and_coarse_document_dates(text: str, published: str | None, expected: list[str]) -> None:
    assert read(text, published) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2011年起5年内完成", ["2011", "2016"]),
        ("2008年亏损,次年2月换帅", ["2008", "2009-02"]),
        ("2009年6月底安装完毕,9月初通过验收", ["2009-06", "2009-09"]),
        ("2021年一季度营收3亿元,上季度4亿元", ["2021-Q1", "2020-Q4"]),
        ("2019年收入8亿元,全年净利润1亿元", ["2019", "2019"]),
        ("自2020年3月1日起两年内不降价", ["2020-03-01", "2022"]),
        ("2019年1月建厂,承诺五年内不裁员", ["2019-01", "2026"]),
        ("3月8日签约,次日公告", ["2021-03-08", "2021-03-09"]),
        ("2020年第三季度营收80亿元,去年同期60亿元", ["2020-Q3", "2019-Q3"]),
        ("9月20日消息,某厂今日开工,周日休息", ["2021-09-20", "2021-09-20", "2021-09-19"]),
    ],
)
def test_from_the_date_named_before(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", ["2月30日", "13月", "2021年2月29日", "H1机器人", "1.5亿", "提升2021.5%", "第10号店", "投产后年销售额"])
def test_no_possible_date(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "deadline"),
    [("到2030年", True), ("年底前", True), ("未来三年", True), ("2025年之前", True), ("2025年", False), ("提到2025年", False)],
)
def test_deadlines(text: str, deadline: bool) -> None:
    (found,) = time_expressions(text, FRIDAY, LEXICON)
    assert found.deadline is deadline


def test_now_is_the_documents_date_or_nothing() -> None:
    assert [found.iso for found in now_expressions("截至目前,已有三家门店", FRIDAY, LEXICON)] == [FRIDAY]
    assert now_expressions("截至目前", None, LEXICON) == []


def test_a_document_date_that_is_none_is_refused() -> None:
    with pytest.raises(ExtractionError, match="2021-9x"):
        time_expressions("今年", "2021-9x", LEXICON)


def chosen(marked: str, stance: Stance, predicate: Predicate) -> tuple[str | None, str | None]:
    """The times of the quote in braces."""
    view = fold(marked.replace("{", "").replace("}", ""))
    span = marked.index("{"), marked.index("}") - 1
    return choose_times(timeline(view, FRIDAY, LEXICON), span, Claim(stance, predicate), model("dates"))


@pytest.mark.parametrize(
    ("marked", "stance", "predicate", "expected"),
    [
        ("{某公司2019年成立研究院}", Stance.ASSERTS, Predicate.FOUNDS, ("2019", None)),
        ("{某公司计划2025年上市}", Stance.PLANS, Predicate.LISTS, (None, "2025")),
        ("{预计到2030年销量翻番}", Stance.PREDICTS, Predicate.METRIC, (None, "2030")),
        ("8月8日,某公司办年会,{发布新机}", Stance.ASSERTS, Predicate.LAUNCHES, ("2021-08-08", None)),
        ("8月8日,他表示,{平台支持多种设备}", Stance.ASSERTS, Predicate.SUPPORTS, (None, None)),
        ("今年上半年,收入30亿元,{利润2亿元}", Stance.ASSERTS, Predicate.METRIC, ("2021-H1", None)),
        ("去年上市后,{目前有300家门店}", Stance.ASSERTS, Predicate.METRIC, (FRIDAY, None)),
        ("2020年收入30亿元,{较2018年增长一成}", Stance.ASSERTS, Predicate.METRIC, ("2020", None)),
        ("2020年公司搬家。{平台支持多种设备}", Stance.ASSERTS, Predicate.SUPPORTS, (None, None)),
        ("{公司年内不会涨价}", Stance.DENIES, Predicate.PROPOSITION, (None, "2021")),
        ("8月8日,某公司在年会上亮相,{收购了一家工厂}", Stance.ASSERTS, Predicate.ACQUIRES, ("2021-08-08", None)),
        ("截至目前,{公司共有300家门店}", Stance.ASSERTS, Predicate.METRIC, (FRIDAY, None)),
        ("{今年的销量是去年的3倍}", Stance.ASSERTS, Predicate.METRIC, ("2021", None)),
        ("{公司去年没有裁员}", Stance.DENIES, Predicate.PROPOSITION, ("2020", None)),
    ],
)
def test_when_and_due(marked: str, stance: Stance, predicate: Predicate, expected: tuple[str | None, str | None]) -> None:
    assert chosen(marked, stance, predicate) == expected


def test_a_figure_takes_the_date_of_its_place() -> None:
    view = fold("2019年、2020年,某公司收入分别为3亿元、5亿元")
    line, weights, quote = timeline(view, FRIDAY, LEXICON), model("dates"), (12, len(view))
    claims = [Claim(Stance.ASSERTS, Predicate.METRIC, view.index(figure)) for figure in ("3亿", "5亿")]
    assert [choose_times(line, quote, claim, weights) for claim in claims] == [("2019", None), ("2020", None)]


@given(
    st.text(alphabet="0123456789年月日号季度半上下底初末周今去明前后内至到-~、.一二三十两个未来第同期QH消息#,。\n ", max_size=40),
    st.sampled_from([None, "2020", "2025-03", "2021-12-31", "2024-02-29"]),
)
def test_no_text_is_too_odd_and_every_date_exists(text: str, published: str | None) -> None:
    for found in time_expressions(text, published, LEXICON):
        assert 0 <= found.start < found.end <= len(text)
        assert re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-Q[1-4]|-H[12])?", found.iso)
