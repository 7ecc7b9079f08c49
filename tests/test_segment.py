"""Blocks, turns, sentences and clauses, by phenomenon. Texts are this project's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.segment import segment
from kg.lexicon import Lexicon
from kg.model import BlockKind, Document, Layout

LEXICON = Lexicon()


def layout(text: str, title: str | None = None, author: str | None = None) -> Layout:
    return segment(Document("0", "a", text, "a.txt", title=title, author=author), LEXICON)


def turns(text: str, **known: str) -> list[tuple[str, str | None, str]]:
    return [(turn.role.value, turn.speaker, text[turn.start : turn.end]) for turn in layout(text, **known).turns]


def clauses(text: str) -> list[str]:
    return [text[clause.start : clause.end] for clause in layout(text).clauses]


def sentences(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in layout(text).sentences]


def kinds(text: str, title: str | None = None) -> list[str]:
    return [block.kind.value for block in layout(text, title).blocks]


def assert_nested(text: str) -> None:
    cut = layout(text)
    for clause in cut.clauses:
        sentence = cut.sentences[clause.sentence]
        turn, block = cut.turns[sentence.turn], cut.blocks[sentence.block]
        assert block.kind is BlockKind.PARAGRAPH
        assert sentence.start <= clause.start < clause.end <= sentence.end
        assert max(turn.start, block.start) <= sentence.start
        assert sentence.end <= min(turn.end, block.end)
    for spans in (cut.blocks, cut.turns, cut.sentences, cut.clauses):
        edges = [edge for span in spans for edge in (span.start, span.end)]
        assert edges == sorted(edges)


class TestBlocks:
    @pytest.mark.parametrize(
        "line",
        [
            "登录",
            "下载客户端",
            "+1",
            "字号:大 中 小",
            "分享到:微信 微博 QQ空间",
            "京ICP备12345678号",
            "© 2010-2020 某某传媒有限公司",
            "责任编辑:王小明",
            "未经授权不得转载",
            "查看更多",
            "**免责声明:**文中内容仅供参考,不构成任何建议。",
        ],
    )
    def test_furniture(self, line: str) -> None:
        assert kinds(f"某某公司否认退出\n{line}\n某某公司今天说,没有退出的计划。") == ["title", "furniture", "paragraph"]

    @pytest.mark.parametrize(
        "line",
        [
            "来源:某某新闻",
            "2021-05-06 09:10",
            "发布时间：2011-05-06",
            "文 | 王小明 编辑 | 李红",
            "某某新闻记者 王小明",
            "新机发布会现场 | 图片来源:某某科技",
            "编者按:公司近日回应了传闻。",
            "以下为访谈实录,经编辑整理:",
            "(完)",
            "主送:全体员工",
        ],
    )
    def test_notes(self, line: str) -> None:
        assert kinds(f"某某公司否认退出\n{line}\n某某公司今天说,没有退出的计划。") == ["title", "note", "paragraph"]

    @pytest.mark.parametrize("line", ["## 不会退出", "**不会退出**", "一、不会退出", "不会退出", "为何不退出：三个原因"])
    def test_headings(self, line: str) -> None:
        text = f"某某公司否认退出\n某某公司今天说,没有退出的计划。\n{line}\n公司还说,会加大投入。"
        assert kinds(text) == ["title", "paragraph", "heading", "paragraph"]

    def test_links_to_other_texts_are_furniture(self) -> None:
        text = "某某公司今天说,没有退出的计划。\n相关阅读：\n某某公司收购对手\n某某云推出新品\n公司还说,会加大投入。\n会加大投入"
        assert kinds(text) == ["paragraph", "furniture", "furniture", "furniture", "paragraph", "heading"]

    def test_front_matter_is_furniture(self) -> None:
        assert kinds("---\ntitle: 早报\n---\n# 早报\n公司没有退出的计划。") == ["furniture"] * 3 + ["title", "paragraph"]

    def test_a_list_of_short_lines_says_something(self) -> None:
        text = "新机有三个特点：\n* 屏幕更大\n* 无线充电\n* 售价 2,999 元\n公司没有降价的计划。"
        assert kinds(text) == ["paragraph"] * 5
        assert clauses(text)[1:4] == ["屏幕更大", "无线充电", "售价 2,999 元"]

    def test_numbered_lines_and_lines_below_a_colon_are_lists(self) -> None:
        assert kinds("公司今天宣布了两件事。\n1. 退出印度市场\n2. 在泰国建厂\n没有第三件。") == ["paragraph"] * 4
        assert kinds("公司今天发布两款产品：\n第一款：手机\n第二款：平板\n没有第三款。") == ["paragraph"] * 4

    def test_a_lone_sentence_without_end_mark_is_read(self) -> None:
        assert clauses("某某公司不会放弃手机业务") == ["某某公司不会放弃手机业务"]

    def test_a_headline_that_asks_is_the_title(self) -> None:
        assert kinds("某某公司要造车吗？\n某某公司说,没有这样的计划。", "某某公司要造车吗？") == ["title", "paragraph"]

    def test_lines_broken_at_a_fixed_width_are_joined(self) -> None:
        text = (
            "公司今天表示不会退出这一市场,也没有把这块业务卖给别人的计\n划。公司还将继续投入研发,明年推出更多的产品,并且扩大海外市\n场的份额。\n"
            * 4
        )
        assert "也没有把这块业务卖给别人的计\n划" in clauses(text)
        assert kinds(text) == ["paragraph"] * 4


class TestTurns:
    def test_names_and_numbered_questions(self) -> None:
        text = "1、记者:会退出吗?\n王小明:不会。\n\n我们还要加大投入。\n2、记者:会上市吗?\n王小明:没有计划。"
        assert turns(text) == [
            ("question", "记者", "会退出吗?"),
            ("answer", "王小明", "不会。\n\n我们还要加大投入。"),
            ("question", "记者", "会上市吗?"),
            ("answer", "王小明", "没有计划。"),
        ]

    def test_narration_before_and_after(self) -> None:
        text = "某公司创始人接受采访\n他说,公司不会退出。\n问：会退出吗？\n答：不会。\n相关背景\n公司成立于2010年。"
        assert [(role, said) for role, _, said in turns(text)] == [
            ("narration", "某公司创始人接受采访\n他说,公司不会退出。"),
            ("question", "会退出吗？"),
            ("answer", "不会。"),
            ("narration", "相关背景\n公司成立于2010年。"),
        ]

    def test_labels_with_a_blank_behind_them(self) -> None:
        text = "主持人 下一个问题请说\n王小明 我们不会退出\n记者 会上市吗\n王小明 没有计划"
        assert [(role, speaker) for role, speaker, _ in turns(text)] == [
            ("question", "主持人"),
            ("answer", "王小明"),
            ("question", "记者"),
            ("answer", "王小明"),
        ]
        assert [role for role, _, _ in turns("公司 今年 销量增长了一成\n公司 没有退出计划 也没有裁员计划")] == ["narration"]

    def test_who_attends_answers(self) -> None:
        text = (
            "某某科技业绩说明会\n嘉宾：某某科技董事长 王小明；总经理 李红\n王小明：先说几句。去年收入增长。\n"
            "投资者：会裁员吗？\n李红：不会。\n网友“山风”：股价呢？\n王小明：请看长期。"
        )
        assert [(role, speaker) for role, speaker, _ in turns(text)] == [
            ("narration", None),
            ("answer", "王小明"),
            ("question", "投资者"),
            ("answer", "李红"),
            ("question", "投资者"),
            ("answer", "王小明"),
        ]

    def test_an_answer_with_the_name_in_brackets(self) -> None:
        text = "一、问：会退出吗？\n答（王小明）：不会。\n二、问：会上市吗？\n答（首席财务官李红）：没有计划。"
        assert [(role, speaker) for role, speaker, _ in turns(text)] == [
            ("question", "记者"),
            ("answer", "王小明"),
            ("question", "记者"),
            ("answer", "李红"),
        ]

    def test_the_name_at_the_end_of_the_headline_is_the_interviewees(self) -> None:
        text = "专访明远互动王小满：只剩一款游戏\nQ：会退出吗？\nA：不会。\nQ：明远互动会上市吗？\nA：明远互动没有计划。"
        assert {speaker for role, speaker, _ in turns(text) if role == "answer"} == {"王小满"}

    def test_whoever_replies_to_a_question_answers(self) -> None:
        text = "敬宽负责供应链。\nQ：缺货吗？\n王小明：缺。\nQ：还缺什么？\n敬宽：什么都缺，不是吗？\nQ：价格呢？\n王小明：没有变。"
        assert [(role, speaker) for role, speaker, _ in turns(text)][3:5] == [("question", "记者"), ("answer", "敬宽")]

    def test_a_bare_answer_is_the_one_person_introduced(self) -> None:
        text = "某报记者与某某科技首席执行官王小明面对面交流。\n**问：** 会退出吗？\n**答：** **不会。** 我们没有这样的计划。\n"
        assert [(role, speaker) for role, speaker, _ in turns(text)][1:] == [("question", "记者"), ("answer", "王小明")]
        assert clauses(text)[-2:] == ["不会", "我们没有这样的计划"]

    def test_a_bare_answer_of_one_among_several_has_no_speaker(self) -> None:
        text = "某某科技董事长王小明和总裁李红接受了采访。\n问：会退出吗？\n答：不会。"
        assert turns(text)[-1] == ("answer", None, "不会。")

    @pytest.mark.parametrize(
        ("asked", "answered"),
        [
            ("记者：", "王小明："),
            ("Q：", "A："),
            ("Q1：", "A1："),
            ("问：", "答："),
            ("**问：** ", "**答：** "),
            ("问：", "王小明答："),
            ("【记者】", "【王小明】"),
        ],
    )
    def test_shapes_of_labels(self, asked: str, answered: str) -> None:
        text = f"{asked}会退出吗？\n{answered}不会。\n{asked}会上市吗？\n{answered}没有计划。"
        assert [(role, said) for role, _, said in turns(text)] == [
            ("question", "会退出吗？"),
            ("answer", "不会。"),
            ("question", "会上市吗？"),
            ("answer", "没有计划。"),
        ]

    def test_a_label_alone_on_its_line(self) -> None:
        text = "记者：\n会退出吗？\n某某科技董事长王小明：\n不会。\n我们只做手机。"
        assert turns(text) == [("question", "记者", "会退出吗？"), ("answer", "王小明", "不会。\n我们只做手机。")]

    def test_bold_names_alone_on_their_lines(self) -> None:
        text = "# 对话王小明\n\n**李红**\n\n会退出吗？\n\n**王小明**\n\n不会。\n\n**李红**\n\n为什么？\n\n**王小明**\n\n我们喜欢手机。"
        assert [(role, speaker) for role, speaker, _ in turns(text, title="对话王小明")][1:] == [
            ("question", "记者"),
            ("answer", "王小明"),
        ] * 2

    def test_bold_questions_without_labels(self) -> None:
        text = "我们采访了某某科技创始人王小明。\n**会退出吗？**\n不会。\n**会上市吗？**\n没有计划。\n**会涨价吗？**\n明年会涨。"
        assert [(role, speaker) for role, speaker, _ in turns(text)][1:] == [("question", "记者"), ("answer", "王小明")] * 3

    def test_an_unlabelled_numbered_question(self) -> None:
        text = "1、记者:会退出吗?\n王小明:不会。\n2、公司今年的目标是什么?\n王小明:卖出100万台。"
        assert [role for role, _, _ in turns(text)] == ["question", "answer"] * 2

    def test_investor_platform(self) -> None:
        text = "[12] 问：董秘你好，公司会回购吗？\n答：尊敬的投资者您好！公司没有回购计划。"
        assert [(role, speaker) for role, speaker, _ in turns(text)] == [("question", "投资者"), ("answer", "公司")]

    def test_question_and_answer_on_one_line(self) -> None:
        text = "投资者提问：公司会回购吗？ 公司回答：您好，公司没有回购计划。"
        assert turns(text) == [("question", "投资者", "公司会回购吗？"), ("answer", "公司", "您好，公司没有回购计划。")]
        assert clauses(text) == ["公司会回购吗", "您好", "公司没有回购计划"]

    def test_named_interviewers_by_what_stands_beside_the_name(self) -> None:
        text = "Ann Lee，某某社记者：会出售吗？\n王小明：不会。\n某某证券分析师赵明：毛利率会到多少？\n王小明：20%以上。"
        assert [speaker for _, speaker, _ in turns(text)] == ["记者", "王小明", "分析师", "王小明"]

    def test_the_byline_asks(self) -> None:
        text = (
            "赵明：谈谈你们的产品。\n王小明：我们做手机。\n赵明：还有汽车。\n王小明：没有汽车？怎么会有？\n赵明：那会有吗？\n王小明：不会。"
        )
        assert [role for role, _, _ in turns(text, author="赵明")] == ["question", "answer"] * 3

    def test_speech_recognition_with_times(self) -> None:
        text = (
            "对话某某科技创始人王小明\n发言人 1 00:03\n你们会造车吗？\n发言人 2 00:09\n不会。我们只做手机，\n已经做了十年。\n"
            "发言人 1 00:20\n为什么？\n发言人 2 00:31\n我们喜欢手机。"
        )
        assert turns(text, title="对话某某科技创始人王小明")[1:3] == [
            ("question", "记者", "你们会造车吗？"),
            ("answer", "王小明", "不会。我们只做手机，\n已经做了十年。"),
        ]

    def test_who_keeps_asking_and_who_keeps_answering(self) -> None:
        text = "某某周报：会裁员吗？\n某某集团：不会。\n某某周报：会上市吗？\n某某集团：没有计划。"
        assert [(role, speaker) for role, speaker, _ in turns(text)] == [("question", "记者"), ("answer", "某某集团")] * 2

    def test_several_answer(self) -> None:
        text = "记者：会卖吗？\n王明：不卖。\n欧阳小明：我补充一下，明年也不卖。\n埃隆·马斯克：不卖。\nAnn Lee：不卖。"
        assert [speaker for _, speaker, _ in turns(text)] == ["记者", "王明", "欧阳小明", "埃隆·马斯克", "Ann Lee"]

    def test_record_of_talks_with_investors(self) -> None:
        text = (
            "某某股份有限公司投资者关系活动记录表\n问题1：今年的产能规划是什么？\n回复：新增5万吨。\n问题2：海外呢？\n回复：已在泰国设厂。"
        )
        assert [(role, speaker) for role, speaker, _ in turns(text)][1:] == [("question", "投资者"), ("answer", "公司")] * 2

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("记者：会退出吗？\n王小明：为什么要退出呢？", [("question", "记者"), ("answer", "王小明")]),
            ("王小明：我们做手机。\n李红：我补充一下，也做平板。", [("answer", "王小明"), ("answer", "李红")]),
            ("记者：会退出吗？", [("question", "记者")]),
            ("王小明：（手机业务）没有退出计划。", [("answer", "王小明")]),
            ("问：会回购吗？\n答：您好，公司没有回购计划。感谢关注！", [("question", "投资者"), ("answer", "公司")]),
        ],
    )
    def test_a_turn_or_two(self, text: str, expected: list[tuple[str, str]]) -> None:
        assert [(role, speaker) for role, speaker, _ in turns(text)] == expected

    def test_a_speech_under_one_label(self) -> None:
        text = "新品发布会演讲\n王小明：大家好，今天我们发布新手机。\n\n它支持快充。\n\n明年还有平板。"
        assert [(role, speaker) for role, speaker, _ in turns(text)] == [("narration", None), ("answer", "王小明")]

    @pytest.mark.parametrize(
        "text",
        [
            "他表示：公司不会退出。\n他还透露：明年会推出新品。",
            "优点：便宜。\n缺点：慢。\n优点：快。\n缺点：贵。\n优点：轻。\n缺点：重。",
            "# 早报\n## 王小明：公司不退出\n王小明今天说,公司不退出。\n## 李红：公司要上市\n李红今天说,公司要上市。",
            "王小明：公司明年要退出国内的手机市场并且把全部的人力和资金转到海外的平板业务上来\n某某日报报道，公司要退出。\n记者没有得到回复。",
            "公司今天发布新品。\n王小明：我们做手机。\n会议结束。",
            "时间：2021年5月6日\n地点：上海\n公司今天开会。",
        ],
    )
    def test_a_colon_in_narration_is_no_label(self, text: str) -> None:
        assert [role for role, _, _ in turns(text)] == ["narration"]

    def test_editors_brackets_stay_in_the_clause(self) -> None:
        text = "记者:会上市吗?\n王小明:(电池公司)没有上市计划,也没有出售计划。"
        assert clauses(text)[1:] == ["(电池公司)没有上市计划", "也没有出售计划"]

    def test_traditional_characters(self) -> None:
        text = "記者：會退出嗎？\n王小明：不會，我們沒有這樣的計劃。"
        assert [(role, speaker) for role, speaker, _ in turns(text)] == [("question", "记者"), ("answer", "王小明")]


class TestClauses:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("公司有1,234名员工,没有裁员。", ["公司有1,234名员工", "没有裁员"]),
            ("发布会15:30开始,持续两小时。", ["发布会15:30开始", "持续两小时"]),
            ("公司生产手机、电脑、手表,不造车。", ["公司生产手机、电脑、手表", "不造车"]),
            ("他写了《退出,还是不退出》,反响很大。", ["他写了《退出,还是不退出》", "反响很大"]),
            ("系统(MES)已上线,运行正常。", ["系统(MES)已上线", "运行正常"]),
            ("收入为5亿元(约合7000万美元),亏损收窄。", ["收入为5亿元", "约合7000万美元", "亏损收窄"]),
            ("公司提出“快、准、稳”的口号——不再扩张。", ["公司提出“快、准、稳”的口号", "不再扩张"]),
            ("李红表示“我们不卖公司，也不上市”。", ["李红表示", "我们不卖公司", "也不上市"]),
            ("iOS 16.1 正式版 发布了，版本号是 16.1.2。", ["iOS 16.1 正式版 发布了", "版本号是 16.1.2"]),
            ("公司没有回应。（来源：某某网）", ["公司没有回应"]),
            ("目前该机已经开售（来源：某某网）", ["目前该机已经开售"]),
            ("公司说:“不卖。”他还说……不上市。", ["公司说", "不卖", "他还说", "不上市"]),
        ],
    )
    def test_where_clauses_end(self, text: str, expected: list[str]) -> None:
        assert clauses(f"{text}\n这是另一段话,用来说明上面一行不是标题。")[:-2] == expected

    def test_blanks_cut_speech_that_has_no_marks(self) -> None:
        text = "我们昨天又看了一遍录像 电梯没有逆行的情况 安全标识也贴在上面 现在可以恢复运行了。"
        assert clauses(text) == ["我们昨天又看了一遍录像", "电梯没有逆行的情况", "安全标识也贴在上面", "现在可以恢复运行了"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("公司不退出。也不裁员！为什么？", ["公司不退出。", "也不裁员！", "为什么？"]),
            ("他说：“不退出。我们不裁员。”记者走了。", ["他说：“不退出。", "我们不裁员。”", "记者走了。"]),
            ("“会退出吗?”记者问他。他摇头。", ["“会退出吗?”记者问他。", "他摇头。"]),
            ("市占率为3.5%。第二名是某某。", ["市占率为3.5%。", "第二名是某某。"]),
        ],
    )
    def test_where_sentences_end(self, text: str, expected: list[str]) -> None:
        assert sentences(text) == expected

    def test_a_long_transcript_without_marks_is_read(self) -> None:
        text = "那个我们现在就是说要把这个产品做好然后呢大家一起努力" * 200
        assert "".join(clauses(text)) == text
        assert max(map(len, clauses(text))) <= 200

    def test_unmarked_speech_is_cut_before_the_words_that_it_goes_on_with(self) -> None:
        text = "我们今年做了很多事情大家也都看到了然后我们明年要把新的手机和平板都做出来但是手表这个事情我们还没有想好" * 5
        assert all(clause.startswith(("我们", "然后", "但是")) for clause in clauses(text)[:8])


@given(st.text(alphabet="记者:：问答王小明不卖公司,，。？?!“”「」()（）《》…—、\n \r*#【】12Q.", max_size=200))
def test_spans_nest_whatever_the_text(text: str) -> None:
    assert_nested(text)


def test_an_empty_document_has_an_empty_layout() -> None:
    assert layout("") == Layout((), (), (), ())
