"""Who answers for a clause, by phenomenon. Names in brackets are the references: `[星河科技/company]`."""

import re

import pytest

from kg.extraction.attribution import attribute
from kg.extraction.segment import segment
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Attribution, Document, Kind, Mention, Reference, digest

_NAME = re.compile(r"\[([^\[\]/]+)/([a-z]+)\]")
LEXICON = Lexicon()

SPEECH = [
    ("[星河科技/company]轮值董事长[李明/person]昨日在开发者大会上接受采访时表示,新工厂明年投产。", "新工厂明年投产", "李明", False),
    ("[星河科技/company]发言人[周岚/person]向记者证实,收购已经完成。", "收购已经完成", "周岚", False),
    ("[李明/person]说,产品已经上市。价格不会下调。", "价格不会下调", "李明", False),
    ("[李明/person]出席了发布会。他还透露,公司将在海外建厂。", "公司将在海外建厂", "李明", False),
    ("[李明/person]未透露具体细节,新工厂已经开工。", "新工厂已经开工", None, False),
    ("[李明/person]与[王芳/person]会面。[王芳/person]表示,合同已签。他还称,年内开工。", "年内开工", "王芳", False),
    ("[星河科技/company]的竞争对手表示,价格战会持续。", "价格战会持续", None, False),
    ("[李明/person]介绍,产品面向家庭。他没有透露价格。工厂还将扩建。", "工厂还将扩建", None, False),
    ("[李明/person]告诉《江城早报》,产品已经上市。", "产品已经上市", "李明", False),
    ("[李明/person]否认了停产的消息,并表示工厂运转正常。", "并表示工厂运转正常", "李明", False),
    ("[李明/person]([Ming Li/person])在业绩会上称,毛利率会回升。", "毛利率会回升", "李明", False),
    ("对于停产传闻,[星河科技/company]回应称,工厂没有停工。", "工厂没有停工", "星河科技", False),
    ("[星河科技/company]相关负责人告诉本报记者,门店不会关闭。", "门店不会关闭", "星河科技", False),
    ("在[李明/person]看来,行业还处在早期。", "行业还处在早期", "李明", False),
    ("[星河科技/company]今日宣布成为赛事的独家供应商。", "成为赛事的独家供应商", "星河科技", False),
    ("[新希望/company]去年扩建了三座工厂。", "去年扩建了三座工厂", None, False),
    ("蓝鲸出行表示,订单增长一成。", "订单增长一成", "蓝鲸出行", False),
    ("[李明/person]笑着否认:“他们没有来过。”", "他们没有来过", "李明", False),
    ("另一些公司表示,订单不会减少。", "订单不会减少", None, False),
    ("独立董事认为,交易价格公允。", "交易价格公允", "独立董事", False),
]

COLONS = [
    ("[李明/person]把话说得很直白:价格不会下调。", "价格不会下调", "李明", False),
    ("[星河科技/company]总经理[李明/person]摇头:“我们不造车。”", "我们不造车", "李明", False),
    ("[李明/person]的新差事只有一件:关掉亏损的门店。", "关掉亏损的门店", None, False),
    ("新模型由CEO[李明/person]登台发布:它能看懂图纸。", "它能看懂图纸", None, False),
    ("[星河科技/company]华东区总经理王小满昨日出面解释,门店照常营业。", "门店照常营业", "王小满", False),
    ("[星河科技/company]停牌两日。公司昨日复牌并公告,股东没有减持。", "股东没有减持", "星河科技", False),
    ("[星河科技/company]去年亏损。它向[晨星社/organisation]递交了材料,招股书显示,收入增长一成。", "收入增长一成", "星河科技", False),
]

NARRATION_RETURNS = [
    ("[李明/person]说:“我们不会停产。”工厂建于2003年。", "工厂建于2003年", None, False),
    ("[李明/person]说,产品已经上市。[王芳/person]去年从对手那里过来。", "去年从对手那里过来", None, False),
    ("去年销量下滑。[星河科技/company]表示,价格不会下调。[远山矿业/company]已经降价。", "已经降价", None, False),
    ("去年销量下滑。[星河科技/company]表示,价格不会下调。[星河科技/company]还会扩建工厂。", "还会扩建工厂", "星河科技", False),
    ("[李明/person]说,产品已经上市。“价格不会下调,也没有赠品。”", "价格不会下调", "李明", False),
    ("[李明/person]讲,产品已经上市。门店排起了长队。", "门店排起了长队", None, False),
]

PAPERS = [
    ("[星河科技/company]发布三季报。财报显示,公司营收增长12%。", "公司营收增长12%", "星河科技", False),
    ("[星河科技/company]第二季度财报显示,毛利率为三成。其中,云业务增长最快。", "云业务增长最快", "星河科技", False),
    ("公开资料显示,该厂建于2003年。", "该厂建于2003年", None, False),
    ("[星河科技/company]昨晚发布公告称,董事会已通过增资方案。", "董事会已通过增资方案", "星河科技", False),
    ("根据[远山咨询/organisation]的统计,平板销量下降5%。", "平板销量下降5%", "远山咨询", False),
    ("[星河科技/company]宣布将扩建工厂,这是其第三次扩建。", "这是其第三次扩建", None, False),
    ("[远山咨询/organisation]发布的畅销榜单如下:手环第一,耳机第二。", "耳机第二", "远山咨询", False),
    ("根据市场调查机构Northpeak的统计,手表销量下降4%。", "手表销量下降4%", "Northpeak", False),
    ("据海关统计,前8个月出口增长6%。", "前8个月出口增长6%", "海关", False),
]

MEDIA = [
    ("据[晨星社/organisation]报道,[星河科技/company]正在与对手谈判。", "正在与对手谈判", "晨星社", True),
    ("[晨星社/organisation]援引知情人士的话称,交易接近完成。", "交易接近完成", "晨星社", True),
    ("据[晨星社/organisation]报道,知情人士透露,交易接近完成。", "交易接近完成", "晨星社", True),
    ("据[晨星社/organisation]报道,[李明/person]表示,交易接近完成。", "交易接近完成", "李明", False),
    ("知情人士透露,交易接近完成。", "交易接近完成", None, True),
    ("业内人士认为,价格战还会持续。", "价格战还会持续", None, False),
    ("据悉,新车将于明年上市。", "新车将于明年上市", None, True),
    ("从此前的消息来看,新机将换芯片。", "新机将换芯片", None, True),
    ("外界猜测公司要造车。", "外界猜测公司要造车", None, True),
    ("四位知情人士称,交易接近完成。", "交易接近完成", None, True),
    ("据[晨星社/organisation]从多个消息源处获悉,交易接近完成。", "交易接近完成", "晨星社", True),
    ("据该公司官网介绍,产线建于江边。", "产线建于江边", None, False),
    ("有消息称,公司即将裁员。", "公司即将裁员", None, True),
]

QUOTATIONS = [
    ("“我们不会停产。今年还要扩建。”[李明/person]说。", "今年还要扩建", "李明", False),
    ("[李明/person]表示:“我们不会停产。今年还要扩建。”", "今年还要扩建", "李明", False),
    ("工厂没有停产,[星河科技/company]发言人说。", "工厂没有停产", "星河科技", False),
    ("“我们不会停产,”[李明/person]说,“今年还要扩建。”", "今年还要扩建", "李明", False),
    ("[李明/person]参观了“黑土地”展区。工厂建在江边。", "工厂建在江边", None, False),
]

VOICES = [
    ("签发人:陈志远\n我们将剥离这项业务。\n工厂会继续运转。", "工厂会继续运转", "陈志远", False),
    (
        "关于规范宣传口径\n[星河科技/company]昨日下发了内部通知。\n通知全文如下:\n该系统由公司研发,面向多种设备。",
        "面向多种设备",
        "星河科技",
        False,
    ),
    (
        "关于媒体报道的说明\n近日,《江城晚报》刊发报道,文中称:\n1、公司拟出售矿山;\n2、公司即将裁员。\n\n说明如下:\n公司没有出售计划。"
        "\n特此公告。\n[远山矿业/company]董事会\n2016年5月9日",
        "公司拟出售矿山",
        "江城晚报",
        True,
    ),
    ("近日,有媒体刊载文章,文中称:\n1、公司拟出售矿山;\n2、公司即将裁员。\n二、说明\n公司没有出售计划。", "公司即将裁员", None, True),
    ("近日,有媒体刊载文章,文中称:\n1、公司拟出售矿山;\n2、公司即将裁员。\n经核实,公司没有出售计划。", "公司没有出售计划", None, False),
    ("文章还称,[星河科技/company]将裁员。", "将裁员", None, True),
    ("有网友爆料称,[星河科技/company]停工。[星河科技/company]回应称,网传消息不实,工厂运转正常。", "工厂运转正常", "星河科技", False),
    ("关于媒体报道的说明\n公司没有出售矿山的计划。\n特此公告。\n[远山矿业/company]董事会\n2016年5月9日", "出售矿山", "远山矿业", False),
    ("[远山矿业/company]关于停产传闻的澄清公告\n我们没有停产,矿山照常运转。\n特此公告。", "矿山照常运转", "远山矿业", False),
    ("[远山矿业/company]发布关于停产传闻的声明\n矿山照常运转,没有停产。", "没有停产", None, False),
    ("致全体员工的一封信\n各位同事:\n我们今年要收缩战线,工厂会继续运转。\n\n陈志远\n2016年5月9日", "工厂会继续运转", "陈志远", False),
    ("致股东报告\n各位股东:\n我们今年收缩了战线,工厂照常运转。\n\n董事长　岱远山", "工厂照常运转", "岱远山", False),
    ("[远山矿业/company]陈志远在矿业论坛上的发言\n大家好。我们今年要收缩战线,工厂会继续运转。", "工厂会继续运转", "陈志远", False),
    (
        "关于服务调整的一封信\n尊敬的用户:\n我们将于五月停止旧版本的服务,数据不会丢失。\n\n[远山云/company]团队 敬上",
        "数据不会丢失",
        "远山云",
        False,
    ),
    (
        "硬地播客第八期\n今天我们请到的是远山科技的联合创始人[王小明/person]王总\n大家好我是王小明我们去年卖了三万台\n我们今年要卖八万台",
        "今年要卖八万台",
        "王小明",
        False,
    ),
    (
        "[星河科技/company]发布新机\n2020-09-28 来源:[星河科技/company] 新闻中心\n新机有两个版本,重量减了一成。",
        "重量减了一成",
        "星河科技",
        False,
    ),
    ("[星河科技/company]发布新机\n2020-09-28 来源:[江城晚报/organisation]\n新机有两个版本,重量减了一成。", "重量减了一成", None, False),
    ("工厂门前的一天\n2020-09-28 作者:孟远\n去年工厂换了主人。订单少了一半。", "订单少了一半", None, False),
    ("[江城市市场监管局/organisation]特设处 副处长 [王小明/person],我们已经逐台核对 没有发现故障。", "我们已经逐台核对", "王小明", False),
]


def read(marked: str) -> tuple[Document, list[tuple[str, Attribution]]]:
    """Return the document without its marks, and its clauses with what `attribute` says of them."""
    text, references, position = "", [], 0
    for name in _NAME.finditer(marked):
        text += marked[position : name.start()]
        mention = Mention(len(text), len(text) + len(name[1]), name[1], Kind(name[2]), "test")
        references.append(Reference(mention, name[1], Kind(name[2]), "exact"))
        text, position = text + name[1], name.end()
    text += marked[position:]
    document = Document(digest(text), "test", text, "test", published="2024-06-01")
    layout = segment(document, LEXICON)
    found = attribute(document, fold(text), layout, references, LEXICON)
    assert [attribution.clause for attribution in found] == list(range(len(layout.clauses)))
    return document, [(text[clause.start : clause.end], attribution) for clause, attribution in zip(layout.clauses, found, strict=True)]


CASES = [*SPEECH, *COLONS, *NARRATION_RETURNS, *PAPERS, *MEDIA, *QUOTATIONS, *VOICES]


@pytest.mark.parametrize(("marked", "said", "speaker", "hearsay"), CASES)
def test_who_answers(marked: str, said: str, speaker: str | None, hearsay: bool) -> None:
    _, clauses = read(marked)
    (attribution,) = [attribution for clause, attribution in clauses if said in clause]
    assert (attribution.speaker, attribution.hearsay, attribution.asked) == (speaker, hearsay, False)


def test_a_question_passes_on_and_an_answer_is_its_speakers() -> None:
    _, clauses = read("记者:有报道说工厂要停产?\n[李明/person]:不会,我们还在扩建。\n记者:何时投产?\n[李明/person]:明年投产。")
    assert [(a.speaker, a.hearsay, a.asked) for text, a in clauses if "停产" in text] == [("记者", True, True)]
    assert {(a.speaker, a.hearsay, a.asked) for text, a in clauses if text in ("不会", "我们还在扩建", "明年投产")} == {
        ("李明", False, False)
    }


def test_a_question_that_cites_the_guest_is_the_guests() -> None:
    _, clauses = read("记者:您之前提到年底会上市?\n[李明/person]:会的,计划没有变化。\n记者:谢谢。\n[李明/person]:再见。")
    assert [(a.speaker, a.asked) for text, a in clauses if "上市" in text] == [("李明", True)]


def test_a_medium_named_in_a_question_speaks() -> None:
    _, clauses = read("记者:[晨星社/organisation]披露,工厂已经停产,属实吗?\n[李明/person]:不属实。\n记者:谢谢。\n[李明/person]:再见。")
    assert [(a.speaker, a.hearsay, a.asked) for text, a in clauses if "停产" in text] == [("晨星社", True, True)]


def test_a_medium_cited_in_an_answer_speaks_for_itself() -> None:
    _, clauses = read(
        "记者:份额如何?\n[李明/person]:据[远山咨询/organisation]统计,份额是三成。我们很满意。\n记者:谢谢。\n[李明/person]:再见。"
    )
    assert [a.speaker for text, a in clauses if "份额是三成" in text] == ["远山咨询"]
    assert [a.speaker for text, a in clauses if "我们很满意" in text] == ["李明"]


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("[远山矿业/company]在互动平台的问答", "远山矿业"),
        ("互动平台问答摘录", "公司"),
        ("[远山矿业/company]和[星河科技/company]的问答", "公司"),
    ],
)
def test_an_answer_of_the_company_is_the_ones_that_the_headline_names(headline: str, speaker: str) -> None:
    _, clauses = read(f"# {headline}\n问:董秘您好,公司会裁员吗?\n答:投资者您好,公司没有裁员计划。")
    assert [a.speaker for text, a in clauses if "没有裁员计划" in text] == [speaker]


def test_content_begins_behind_the_frame() -> None:
    _, clauses = read("[李明/person]表示工厂已经开工。")
    ((text, attribution),) = clauses
    assert text[attribution.content :] == "工厂已经开工"


def test_what_is_denied_in_a_bare_denial_is_the_clause_itself() -> None:
    _, clauses = read("有传闻说工厂停产。[星河科技/company]对此予以否认。")
    (attribution,) = [a for text, a in clauses if "否认" in text]
    assert (attribution.speaker, attribution.content) == ("星河科技", 9)


def test_a_rumour_before_its_denial_is_hearsay() -> None:
    _, clauses = read("针对公司裁员的传闻,[星河科技/company]回应称,消息不实。")
    assert [(a.speaker, a.hearsay) for text, a in clauses if "传闻" in text] == [(None, True)]
    assert [(a.speaker, a.hearsay) for text, a in clauses if "不实" in text] == [("星河科技", False)]


def test_a_heading_names_the_medium_that_reports() -> None:
    _, clauses = read("# 一周观察\n\n## 江城晨报:收购前景不明\n\n双方分歧依然存在,价格也没有谈拢。\n\n## 其他\n\n工厂建在江边。")
    assert [a.speaker for text, a in clauses if "分歧" in text] == ["江城晨报"]
    assert [a.speaker for text, a in clauses if "江边" in text] == [None]


def test_what_a_colon_introduces_goes_on_in_the_next_paragraph() -> None:
    _, clauses = read("[李明/person]今日在微博回应称:\n公司近况很好,现金流转正。\n此事引发热议。")
    assert [a.speaker for text, a in clauses if "现金流" in text] == ["李明"]


def test_a_text_in_the_first_person_is_its_authors() -> None:
    text = "我们今年要收缩战线。产品要做精。\n我们不会退出这个市场。"
    document = Document(digest(text), "test", text, "test", author="陈志远")
    assert {a.speaker for a in attribute(document, fold(text), segment(document, LEXICON), [], LEXICON)} == {"陈志远"}
    report = "公司今年收缩战线。产品不多。工厂在江边。\n记者说,我们不知道详情。市场平稳。价格没变。"
    document = Document(digest(report), "test", report, "test", author="陈志远")
    assert {a.speaker for a in attribute(document, fold(report), segment(document, LEXICON), [], LEXICON)} == {None}


def test_the_same_text_gives_the_same_attributions() -> None:
    marked = SPEECH[0][0]
    assert read(marked)[1] == read(marked)[1]


def test_a_text_in_the_first_person_is_the_persons_whom_its_title_names() -> None:
    _, clauses = read("# 星河科技[李明/person]谈战略\n\n我们今年要收缩战线。产品要做精。\n\n我们不会退出这个市场。")
    assert [a.speaker for text, a in clauses if "产品" in text] == ["李明"]


def test_a_quotation_without_a_verb_is_the_persons_whom_a_pronoun_stands_for() -> None:
    _, clauses = read(
        "[李明/person]说,不卖。[远山矿业/company]发言人证实,没有谈判。\n\n对于新矿,他的态度并不含糊。“不是说新矿不好,而是我们不做新矿。”"
    )
    assert [a.speaker for text, a in clauses if "我们不做新矿" in text] == ["李明"]
