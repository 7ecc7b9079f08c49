"""Names in sentences, in the notation of the text: `[华为/company]` is a name and its kind; what has no brackets is none."""

import itertools
import re

import pytest

from kg.extraction.gazetteer import gazetteer
from kg.extraction.mentions import mentions
from kg.extraction.ner import ner
from kg.extraction.segment import segment
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import BlockKind, Document, Kind, Layout, Mention

LEXICON = Lexicon()
_MARK = re.compile(r"\[([^\[\]/]+)/(\w+)\]")


def read(text: str, *, model: bool = False) -> list[Mention]:
    layout = segment(Document("0", "sample", text, "sample.txt"), LEXICON)
    return mentions(fold(text), layout, LEXICON, ner() if model else None)


def check(marked: str, *, model: bool = False) -> None:
    """Fail unless exactly the marked names are found, with their kinds and at their places."""
    text = _MARK.sub(r"\1", marked)
    found = {(one.start, one.end): one.kind for one in read(text, model=model)}
    shown, last = "", 0
    for (start, end), kind in sorted(found.items()):
        shown += f"{text[last:start]}[{text[start:end]}/{kind}]"
        last = end
    assert shown + text[last:] == marked


LEXICON_NAMES = [
    "[华为/company]不会放弃手机业务。",
    "[鸿蒙操作系统/product]和[欧拉/product]已经捐给[开放原子开源基金会/organisation]。",
    "[華為/company]與[阿里巴巴/company]在[香港/place]簽約。",
    "[Ｈｕａｗｅｉ/company]发布公告。",
    "[HARMONYOS/product]的用户又多了。",
    "[IT 之家/organisation]刊登了消息。",
    "[菜鸟/company]否认分拆。",
    "[Harmony OS NEXT/product]宣布开源。",
    "记者从[证监会/state]和[上交所/organisation]获悉。",
]
LOOKALIKES = [
    "其中信息最重要。",
    "这是一个完美的结局。",
    "速度提高通常要花钱。",
    "他的理想是当老师。",
    "广大消费者支持。",
    "他在股市里还是个菜鸟。",
    "一共有6180台。",
]
BUILT = [
    "[星瀚科技有限公司/company]昨日公告。",
    "[星瀚科技(苏州)有限公司/company]昨日公告。",
    "[北京星瀚智能装备股份有限公司/company]昨日公告。",
    "旗下子公司[椋原能源/company]亏损。",
    "[奔腾电器有限公司/company]昨日公告。",
    "[星瀚集团/company]收购了[滨澜银行/company]。",
    "投资银行和民营科技都不景气。",
    "[星瀚大学/organisation]与[霁川市人民政府/state]签约。",
    "[星瀚/company]宣布上调价格。",
    "[徐瀚知/person]表示同意。",
    "据[北辰财讯/organisation]报道,工厂停产。",
    "《[霁川日报/organisation]》刊登了《[长夜/product]》的书评。",
    "外卖平台“[星食/product]”已经上线。",
    "新系统名为“[磐石/product]”。",
    "[“北辰”计划/concept]今年启动。",
    "“[深穹/product]”[大模型/technology]开源。",
    "[霁岩储能/company]公告。",
    "[云汉资本/company]和[澜昌氟材/company]的投资者都来了。",
    "[海鸣证券/company]机械行业分析师离职。",
    "合作方[栗舟文化/company]否认。",
    "出席者还有总裁[马丁·施耐德/person]。",
    "[常州/place]的房地产、总工程和短视频。",
    "[常州工厂/unit]停产。",
]
PERSONS = [
    "董事长[李明远/person]表示同意。",
    "总经理[王芳/person]在会上介绍。",
    "首席执行官[约翰·史密斯/person]离任。",
    "CEO [Jane Smith/person]离任。",
    "董事长[华为/company]的朋友很多。",
]
LATIN = [
    "他们用[GPT-4o/product]写代码。",
    "[iPhone 16 Pro/product]开售。",
    "公司在2024年有15 亿收入,CEO和CFO都很满意。",
    "[Nimbus Labs/company]获得融资。",
    "[David Miller/person]不同意。",
    "[iPhone SE 4/product]和[RTX 5090/product]显卡涨价。",
    "[Nimbus Labs/company]今年投入500 亿,DAU 3 亿。",
    "[Halloway & Pruitt/company]的律师。",
]
DESIGNATED = [
    "[智界 R7/product]开售,[骁龙 8/product]芯片降价。",
    "[iPhone 16 系列/product]和[OPPO Find X8 标准版/product]上市。",
    "[特斯拉/company] [Model Y/product]降价。",
    "[华为/company] [FreeBuds Pro 4/product]上市,[FreeBuds Pro 4/product]降价。",
    "[蔚来/company] 100 座换电站,[飞书/product] 2022 年上线,[骁龙/product] 8 核。",
    "[鸿蒙/product]将推出新版。",
    "[极氪 009/product]上市。",
]
COMPOUND = [
    "[合肥三洋/company]增资。",
    "[天梭中国/company]表示,[天梭/company][中国/state]市场稳定。",
    "[印度央行/state]降息。",
]


@pytest.mark.parametrize("marked", [*LEXICON_NAMES, *LOOKALIKES, *BUILT, *PERSONS, *LATIN, *DESIGNATED, *COMPOUND])
def test_names_without_a_model(marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "[徐直军/person]介绍了[鹏城实验室/organisation]的进展。",
        "[欧拉/product]不是人。",
        "[欧拉/product]服务于[鲲鹏/product]。",
        "据说[滕砚青/person]已经离开[阙舟机器人/company]。",
        "[上海贝岭/company]公告。",
        "另一龙头[永裕集团/company]增资。",
        "董事长[葛红英/person]离任。",
    ],
)
def test_a_model_adds_persons_and_bodies_and_the_lexicon_overrides_it(marked: str) -> None:
    check(marked, model=True)


@pytest.mark.parametrize(
    "marked",
    [
        "[星瀚科技有限公司/company]公告,[星瀚/company]今年盈利,股东看好[星瀚科技/company]。",
        "董事长[李明远/person]发言。会后大家问[李总/person]何时上市,[李明远/person]没有回答。",
        "[霁川新材料有限公司/company](以下简称“[川材/company]”)公告称,[川材/company]没有重组计划。",
        "[霁川新材料有限公司/company](以下简称“公司”)公告称,公司没有重组计划。",
        "公司目前未向[澹屿汽车/company]供货。",
    ],
)
def test_a_name_once_introduced_is_found_in_its_other_forms(marked: str) -> None:
    check(marked)


def test_the_labels_of_turns_name_persons() -> None:
    text = "记者:会涨价吗?\n滕砚:不会。\n记者:为什么?\n滕砚:成本没有变。滕砚青另有说法。"
    assert next(one.kind for one in read(text) if one.text == "滕砚") is Kind.PERSON
    assert "记者" not in {one.text for one in read(text)}


def test_an_address_is_no_part_of_another_word() -> None:
    check("董事长[李明远/person]发言。老李总是迟到,行李总重很大。")


def test_names_are_sorted_and_do_not_overlap() -> None:
    found = read("华为技术有限公司(以下简称“华为”)与华为云、华为终端在深圳发布HarmonyOS NEXT和鲲鹏920处理器。", model=True)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert found[0].text == "华为技术有限公司"


def test_furniture_holds_no_names() -> None:
    text = "华为发布新品。"
    layout = segment(Document("0", "sample", text, "sample.txt"), LEXICON)
    furniture = Layout(tuple(type(block)(block.start, block.end, BlockKind.FURNITURE) for block in layout.blocks), (), (), ())
    assert layout.blocks
    assert mentions(fold(text), furniture, LEXICON, None) == []


def test_padding_does_not_move_the_models_names() -> None:
    short, long = "徐直军发言。", "会议由任正非主持,之后大家去参观了位于东莞松山湖的一座新建的工厂。"
    together = ner().names([short, "", long])
    assert together[1] == []
    assert [(short[name.start : name.end], name.label) for name in together[0]] == [("徐直军", "PER")]
    assert "任正非" in {long[name.start : name.end] for name in together[2]}


@pytest.mark.parametrize("pattern", LEXICON.patterns("names"), ids=lambda pattern: pattern.name)
def test_each_wording_finds_its_examples_and_no_counterexample(pattern: object) -> None:
    found = [bool(pattern.regex.search(fold(text))) for text in pattern.examples]  # type: ignore[attr-defined]
    wrong = [text for text in pattern.counterexamples if pattern.regex.search(fold(text))]  # type: ignore[attr-defined]
    assert all(found)
    assert wrong == []


def test_every_row_can_do_its_work() -> None:
    names = frozenset(LEXICON.words("names"))
    assert all(fold(name) == name for name in names)
    assert [row["name"] for row in LEXICON.table("risky_names") if row["name"] not in names] == []
    assert [phrase for phrase in LEXICON.words("lookalikes") if not any(name in phrase for name in names)] == []
    assert [name for name in LEXICON.words("lookalikes") if gazetteer(LEXICON).known(name)] == []
