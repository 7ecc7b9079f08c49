"""Stance: which words count, how far they reach, what frames settle, and that counting learns from records."""

import numpy as np
import pytest

from kg.extraction.pipeline import Pipeline
from kg.extraction.statements.context import Context
from kg.extraction.statements.cues import family
from kg.extraction.statements.linear import LinearModel
from kg.extraction.statements.stance import judge, stance_features
from kg.extraction.statements.stance.dates import tenses
from kg.extraction.statements.stance.marks import Marks, rank
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance
from kg.reading import Metadata, read_text
from kg.training.corpus import Annotated, align
from kg.training.stance import examples, fit

_LEXICON = Lexicon()
_PIPELINE = Pipeline(_LEXICON, "none")


def _context(text: str) -> Context:
    return _PIPELINE.analyse(read_text(text, "sample.txt", Metadata(published="2021-09-24")))[0]


def _families(text: str) -> list[tuple[str, str]]:
    context = _context(text)
    marks = Marks(context)
    return [(mark.word, family(mark)) for clause in context.clauses for mark in marks.of(clause.number)]


def _always(stance: Stance) -> LinearModel:
    """A model that knows no feature and prefers one stance."""
    labels = tuple(label.value for label in Stance)
    return LinearModel(labels, {}, np.array([[2.0 if label == stance.value else 0.0 for label in labels]], np.float32))


def _annotated(text: str, stance: str, predicate: str, quote: str) -> Annotated:
    context = _context(text)
    start = text.index(quote)
    record = {"start": start, "end": start + len(quote), "stance": stance, "predicate": predicate}
    return Annotated(text[:8], context, tuple(align(context, [record, dict(record)])))


def test_every_family_of_the_table_has_its_rank() -> None:
    for row in _LEXICON.table("stance_cues"):
        assert row["stance"] == "plain" or rank(row["stance"]) >= 0, row


def test_no_word_has_two_families() -> None:
    words = _LEXICON.words("stance_cues")
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("榧木半导体没有收购计划。", "没有", "negation"),
        ("华为不造车。", "不", "negation"),  # however the cutter cuts 不造
        ("现在市面上基本买不到这款手机。", "买不到", "negation"),
        ("桉屿汽车将推出新车。", "将", "will"),
        ("泠湖集团将子公司转让给了桉屿汽车。", "将", "disposal"),
        ("椋原能源的目标是研发固态电池。", "目标是", "claim"),
        ("泠湖集团否认了此事。", "否认", "rebuttal"),
    ],
)
def test_words_that_count(text: str, word: str, expected: str) -> None:
    assert (word, expected) in _families(text)


@pytest.mark.parametrize(
    "text",
    [
        "泠湖云不断推出新方案。",
        "桉屿汽车不得不关闭工厂。",
        "鸿蒙不仅支持手机。",
        "泠湖云与不少高校合作。",
        "公司召开董事会会议。",
        "阙舟机器人投资无人驾驶公司。",
    ],
)
def test_letters_that_deny_nothing(text: str) -> None:
    assert not [pair for pair in _families(text) if pair[1] in ("negation", "rejection", "shall")]


def test_a_hope_governs_the_clauses_that_go_on_and_stops_at_the_full_stop() -> None:
    context = _context("椋原能源希望与产业界一起努力,明年支持储能电站。公司支持光伏电站。")
    assert "under:hope" in stance_features(context, 1, Predicate.SUPPORTS)
    assert not [name for name in stance_features(context, 2, Predicate.SUPPORTS) if name.startswith("under:")]


def test_a_word_counts_by_its_side() -> None:
    context = _context("桉屿汽车没有收购阙舟机器人。")
    found = stance_features(context, 0, Predicate.ACQUIRES)
    assert {"negation before", "adjacent:negation"} <= found
    assert "negation after" not in found


@pytest.mark.parametrize(
    ("text", "predicate", "expected"),
    [
        ("榧木半导体否认将出售栎声科技。", Predicate.DIVESTS, Stance.DENIES),
        ("网传椋原能源出售光伏电站的消息纯属谣言。", Predicate.DIVESTS, Stance.DENIES),
        ("华为不造车。", Predicate.DEVELOPS, Stance.DENIES),
        ("华为不断打造新车。", Predicate.DEVELOPS, Stance.ASSERTS),
        ("桉屿汽车是否会收购阙舟机器人？", Predicate.ACQUIRES, Stance.REPORTS),
        ("榧木半导体没有否认将出售栎声科技。", Predicate.DIVESTS, Stance.ASSERTS),
        ("网传椋原能源出售光伏电站。", Predicate.DIVESTS, Stance.REPORTS),
    ],
)
def test_frames_overrule_the_weights(text: str, predicate: Predicate, expected: Stance) -> None:
    [(stance, chance)] = judge(_context(text), [(0, predicate)], _always(Stance.ASSERTS), _LEXICON)
    assert stance is expected
    assert 0.5 < chance <= 1


def test_nothing_to_judge() -> None:
    assert judge(_context("桉屿汽车推出新车。"), [], _always(Stance.ASSERTS), _LEXICON) == []


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("2025年建成", "2024-08", {"to come"}),
        ("2019年和2030年", "2024", {"past", "to come"}),
        ("9月12日上市", "2024-09-10", {"to come"}),
        ("9月9日上市", "2024-09-10", {"past"}),
        ("9月上市", "2024-09-10", {"now"}),
        ("9月12日上市", "2024", set()),
        ("2025年建成", None, set()),
    ],
)
def test_days_against_the_date_of_the_document(text: str, published: str | None, expected: set[str]) -> None:
    assert tenses(text, published) == expected


def test_records_that_say_one_thing_are_one_example() -> None:
    rows, answers = examples([_annotated("桉屿汽车将推出新车。", "plans", "launches", "桉屿汽车将推出新车")])
    assert answers == ["plans"]
    assert len(rows) == 1


def test_weights_learn_to_tell_a_plan_from_a_fact() -> None:
    makers = ["泠湖集团", "桉屿汽车", "椋原能源", "榧木半导体"]
    plans = [_annotated(f"{maker}计划推出新品。", "plans", "launches", f"{maker}计划推出新品") for maker in makers]
    facts = [_annotated(f"{maker}已经推出新品。", "asserts", "launches", f"{maker}已经推出新品") for maker in makers]
    model = fit([*plans, *facts])
    picks = [
        judge(_context(text), [(0, Predicate.LAUNCHES)], model, _LEXICON)[0][0]
        for text in ("栌山乳业计划推出奶酪。", "栌山乳业已经推出奶酪。")
    ]
    assert picks == [Stance.PLANS, Stance.ASSERTS]


@pytest.mark.parametrize(
    ("text", "predicate", "expected"),
    [
        ("栌山乳业拟出售三座牧场。", Predicate.DIVESTS, Stance.PLANS),
        ("岫东制药打算投资口服液车间。", Predicate.INVESTS_IN, Stance.PLANS),
        ("栌山乳业出售了三座牧场。", Predicate.DIVESTS, Stance.ASSERTS),
    ],
)
def test_what_is_only_intended_is_never_read_as_done(text: str, predicate: Predicate, expected: Stance) -> None:
    context = _context(text)
    assert judge(context, [(0, predicate)], _always(Stance.ASSERTS), _LEXICON)[0][0] is expected


@pytest.mark.parametrize(
    ("text", "predicate", "expected"),
    [
        ("泠湖集团完成了对鹭渡智行的收购。", Predicate.ACQUIRES, Stance.ASSERTS),
        ("泠湖集团并未完成对鹭渡智行的收购。", Predicate.ACQUIRES, Stance.DENIES),
    ],
)
def test_where_nothing_denies_nothing_is_denied(text: str, predicate: Predicate, expected: Stance) -> None:
    assert judge(_context(text), [(0, predicate)], _always(Stance.DENIES), _LEXICON)[0][0] is expected


def test_what_does_not_come_off_is_denied() -> None:
    assert judge(_context("华为暂时供应不了5G手机。"), [(0, Predicate.PROVIDES)], _always(Stance.ASSERTS), _LEXICON)[0][0] is Stance.DENIES
