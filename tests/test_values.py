"""Quantities: a sentence in, its figures out as `value unit`."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.values import quantities
from kg.folding import fold
from kg.lexicon import Lexicon

LEXICON = Lexicon()


def read(text: str) -> list[str]:
    view = fold(text)
    return [f"{found.value} {found.unit or ''}".strip() for found in quantities(view, LEXICON)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("注册用户超过560万", ["5600000"]),
        ("平台已有１．４万多商家、9000多服务商", ["14000", "9000"]),
        ("全年收入27.5亿元", ["2750000000 元"]),
        ("净利润为 3.21 亿元人民币", ["321000000 元"]),
        ("募资1,250万美元", ["12500000 美元"]),
        ("以2千万欧元成交", ["20000000 欧元"]),
        ("一个亿的投入", ["100000000"]),
        ("用户已破亿了", ["100000000"]),
        ("百亿美元的投入", ["10000000000 美元"]),
        ("达到万亿规模", ["1000000000000"]),
        ("占到收入的1/3左右", ["1/3"]),
        ("9/24开售", []),
        ("花费近百元", ["100 元"]),
        ("售价6.98万起", ["69800"]),
        ("裁减35000余人", ["35000 人"]),
        ("成交额US$12亿", ["1200000000 美元"]),
    ],
)
def test_wan_and_yi_are_multiplied_out(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("毛利率提高3.5个百分点", ["3.5 个百分点"]),
        ("同比下降12%", ["12 %"]),
        ("营业利润率为-6.5％", ["-6.5 %"]),
        ("待机56小时,重45克", ["56 小时", "45 克"]),
        ("价格报8.2万元/吨", ["82000 元/吨"]),
        ("训练了671B参数", ["671 B"]),
        ("网速达到2.4Gbps", ["2.4 Gbps"]),
        ("尺寸为3780/1715/1540mm", ["3780 mm", "1715 mm", "1540 mm"]),
        ("指数下降2.5点至91.2", ["2.5 点", "91.2"]),
    ],
)
def test_units_are_kept_as_written(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("设立了两家子公司", ["2 家"]),
        ("覆盖二十七个省", ["27 个"]),
        ("占比近三成", ["30 %"]),
        ("份额接近6成", ["60 %"]),
        ("是上一款的十倍", ["10 倍"]),
        ("能撑两个半月", ["2.5 个月"]),
        ("花了一年半", ["1.5 年"]),
        ("约占百分之十五", ["15 %"]),
        ("在二十几个城市开店", ["20 个"]),
        ("旗下有四大业务", ["4"]),
        ("日活八九千万", ["80000000-90000000"]),
        ("占了七成半", ["75 %"]),
        ("缩水七成二,", ["72 %"]),
        ("账上有两亿三。", ["230000000"]),
        ("贡献了十点三亿", ["1030000000"]),
        ("亏了两个多亿", ["200000000"]),
        ("从一块二降到八毛", ["1.2 元"]),
        ("降了半个百分点", ["0.5 个百分点"]),
        ("团队有二十个人", ["20 人"]),
        ("办了一百多号人", ["100 人"]),
        ("有三成半年薪", ["30 %"]),
    ],
)
def test_chinese_numerals(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投资23亿-25亿元", ["2300000000-2500000000 元"]),
        ("年产120万至150万台", ["1200000-1500000 台"]),
        ("涨幅为20%～30%", ["20-30 %"]),
        ("售价在3-5万美元之间", ["30000-50000 美元"]),
        ("费用为7000到1万元", ["7000-10000 元"]),
        ("产能达到1万到12000台", ["10000-12000 台"]),
        ("需要 3 至 5 年经验", ["3 至 5 年"]),
    ],
)
def test_ranges(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("占三分之一以上", ["三分之一"]),
        ("投入数十亿美元", ["数十亿 美元"]),
        ("已有几千家客户", ["几千 家"]),
        ("损失百亿计", ["百亿计"]),
        ("能用上百年", ["100 年"]),
        ("库存已经清零", ["0"]),
    ],
)
def test_fractions_and_vague_amounts_as_written(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("排名中国第二、全球前五", ["中国第二", "全球前五"]),
        ("这是业内首款固态电池车", ["业内首款"]),
        ("增速最快", ["最快"]),
        ("国内最活跃的社区", ["国内最活跃"]),
        ("股价创历史新高", ["历史新高"]),
        ("成为第三大股东", ["第三大"]),
        ("进入前十", ["前十"]),
    ],
)
def test_ranks_as_written(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "发布Mate 60和iPhone15",
        "升级到iOS 16.1",
        "支持5G网络和3D显示",
        "鸿蒙3.0系统",
        "X86服务器",
        "2011年成立",
        "2021-09-24发布",
        "9月24日发布",
        "晚上8点开场",
        "15:30开会",
        "1、战略问题",
        "第二个问题,谁来负责",
        "第一,要有耐心",
        "这是一个机会",
        "新一代平台",
        "前三季度",
        "位于台湾",
        "百度和三星",
        "数字化转型",
        "参加Janus-7B发布会",
    ],
)
def test_what_only_looks_like_a_figure(text: str) -> None:
    assert read(text) == []


def test_offsets_point_into_the_text_and_bounds_are_kept() -> None:
    view = fold("去年售出12万辆,今年售出20万辆")
    (found,) = quantities(view, LEXICON, view.index("今年"))
    assert view[found.start : found.end] == "20万辆"
    assert [found.value for found in quantities(view, LEXICON, 0, view.index("今年"))] == ["120000"]


@given(st.text(alphabet="0123456789.,-~/*%万亿千百十一二两三多余几半个元美台年月日第前最首大上数成至到分之 A$GBx,。\n", max_size=40))
def test_no_text_is_too_odd_and_nothing_overlaps(text: str) -> None:
    found = quantities(text, LEXICON)
    assert all(0 <= one.start < one.end <= len(text) and one.value for one in found)
    assert all(one.end <= other.start or (one.start, one.end) == (other.start, other.end) for one, other in pairwise(found))
