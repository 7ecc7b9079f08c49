"""What is refuted, and what a negated clause denies, in the positive; what is no denial at all."""

from dataclasses import replace

import numpy as np
import pytest

from kg.extraction.pipeline import Pipeline
from kg.extraction.statements.context import Context
from kg.extraction.statements.denials import Decision, settle
from kg.extraction.statements.denials.features import denial_features
from kg.extraction.statements.denials.negations import readings
from kg.extraction.statements.denials.refutations import refutations
from kg.extraction.statements.denials.wording import spelled_out
from kg.extraction.statements.detect import Pick
from kg.extraction.statements.linear import LinearModel
from kg.extraction.statements.stance.marks import Marks
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance
from kg.reading import Metadata, read_text
from kg.training.corpus import Annotated, align
from kg.training.denials import examples, fit

_LEXICON = Lexicon()
_PIPELINE = Pipeline(_LEXICON, "none")


def _context(text: str) -> Context:
    return _PIPELINE.analyse(read_text(text, "sample.txt", Metadata(published="2021-09-24")))[0]


def _denied(text: str) -> list[str]:
    context = _context(text)
    return [spelled_out(one.positive, None, None, _LEXICON) for clause in context.clauses for one in readings(context, clause, _LEXICON)]


def _refuted(text: str) -> list[tuple[str, str]]:
    """Return what is refuted and the clause that refutes it."""
    context = _context(text)
    found = refutations(Marks(context), _LEXICON)
    clauses = context.clauses
    return [(text[one.start : one.end], text[clauses[one.refuter].start : clauses[one.refuter].end]) for one in found]


def _model(chance: float) -> LinearModel:
    """A model that knows no feature and gives every negation the same chance."""
    return LinearModel(("denial",), {}, np.array([[np.log(chance / (1 - chance))]], np.float32))


def _settled(text: str, predicate: Predicate, stance: Stance, chance: float = 0.9) -> list[Decision]:
    """Settle a document in whose first clause with a cue of the predicate that relation was found, in that stance."""
    context = _context(text)
    number = next(clause.number for clause in context.clauses if any(predicate in cue.points_to for cue in clause.cues))
    return settle(context, [(Pick(number, predicate, 0.8, None), stance, 0.9)], _model(chance), _LEXICON)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("欧拉不是新事物。", "是新事物"),
        ("泠湖集团没有芯片。", "有芯片"),
        ("泠湖集团没有出现亏损。", "出现亏损"),
        ("这笔许可与手机业务无关。", "与手机业务有关"),
        ("泠湖集团没有裁员计划。", "裁员"),
        ("泠湖集团现在获取不到芯片。", "获取到芯片"),
        ("大家想买泠湖的手机,基本上买不到。", "买泠湖的手机"),
        ("岚州工厂并未使用任何进口设备。", "使用进口设备"),
        ("尚未盈利的泠湖集团宣布扩产。", "盈利"),
    ],
)
def test_a_negation_is_read_as_the_positive_that_it_denies(text: str, denied: str) -> None:
    assert _denied(text) == [denied]


@pytest.mark.parametrize(
    "text", ["泠湖集团不断推出新品。", "泠湖集团是不是要上市?", "我们为什么不能多想一步?", "团队坚定不移地投入。", "非洲市场很大。"]
)
def test_letters_of_a_negation_alone_deny_nothing(text: str) -> None:
    assert _denied(text) == []


@pytest.mark.parametrize(
    ("text", "claim", "refuter"),
    [
        ("网传泠湖集团要裁员的消息不实。", "泠湖集团要裁员", "网传泠湖集团要裁员的消息不实"),
        ("所谓「泠湖停产」纯属谣言。", "泠湖停产", "所谓「泠湖停产」纯属谣言"),
        ("有报道称泠湖集团将进入重整程序,经核实该情况不属实。", "泠湖集团将进入重整程序", "经核实该情况不属实"),
        ("对于泠湖集团出售工厂的传闻,公司方面予以否认。", "泠湖集团出售工厂", "公司方面予以否认"),
        ("泠湖集团否认了出售工厂的传闻。", "出售工厂", "泠湖集团否认了出售工厂的传闻"),
        ("外界有关泠湖芯片的传闻全是假消息。", "泠湖芯片的传闻", "外界有关泠湖芯片的传闻全是假消息"),
        ("记者:泠湖是否得到了政府的资助?\n滕砚青:你的问题的假设是错误的。", "得到了政府的资助", "你的问题的假设是错误的"),
    ],
)
def test_a_refuter_points_to_the_claim(text: str, claim: str, refuter: str) -> None:
    (found,) = _refuted(text)
    assert found[1] == refuter
    assert claim in found[0]


@pytest.mark.parametrize(
    "text", ["公司没有否认收购计划。", "传言并非空穴来风。", "我们走这条路是错的。", "公司严厉打击假消息。", "公司不存在重大诉讼。"]
)
def test_no_claim_is_refuted(text: str) -> None:
    assert _refuted(text) == []


def test_a_relation_in_a_refuted_claim_is_denied_by_the_refuter_and_still_reported() -> None:
    found = _settled("网传泠湖集团收购桉屿汽车,公司方面予以否认。", Predicate.ACQUIRES, Stance.REPORTS)
    assert [(one.stance, one.voice) for one in found] == [(Stance.DENIES, 1), (Stance.REPORTS, 0)]


def test_a_refuted_relation_is_never_asserted() -> None:
    found = _settled("关于泠湖集团收购桉屿汽车的消息不实。", Predicate.ACQUIRES, Stance.ASSERTS)
    assert [one.stance for one in found] == [Stance.DENIES]


def test_a_refuted_claim_without_a_relation_is_a_proposition() -> None:
    context = _context("网传泠湖集团要裁员的消息不实。")
    (found,) = settle(context, [], _model(0.1), _LEXICON)
    assert (found.stance, found.pick.predicate) == (Stance.DENIES, Predicate.PROPOSITION)
    assert found.claim is not None
    assert "要裁员" in found.claim


@pytest.mark.parametrize(("chance", "claims"), [(0.9, ["是新事物"]), (0.1, [])])
def test_only_a_likely_negation_is_a_statement(chance: float, claims: list[str]) -> None:
    assert [one.claim for one in settle(_context("欧拉不是新事物。"), [], _model(chance), _LEXICON)] == claims


def test_what_a_relation_denies_is_not_denied_again_as_a_proposition() -> None:
    found = _settled("泠湖集团不会收购桉屿汽车。", Predicate.ACQUIRES, Stance.DENIES)
    assert [one.pick.predicate for one in found] == [Predicate.ACQUIRES]


def test_a_plan_in_a_list_that_no_relation_was_found_for_is_one() -> None:
    found = _settled("泠湖云没有上市计划、没有出售计划。", Predicate.DIVESTS, Stance.DENIES)
    assert sorted(one.pick.predicate for one in found) == [Predicate.DIVESTS, Predicate.LISTS]


def test_a_ban_is_a_restriction_and_no_denial() -> None:
    (found,) = _settled("总裁强调不能使用该商标。", Predicate.USES, Stance.DENIES, 0.1)
    assert (found.pick.predicate, found.stance) == (Predicate.RESTRICTS, Stance.ASSERTS)


def test_who_leaves_a_post_is_denied_to_hold_it() -> None:
    (found,) = _settled("泠湖集团副总裁苗沛已于上月离职。", Predicate.HOLDS_ROLE, Stance.ASSERTS)
    assert found.stance is Stance.DENIES
    (found,) = _settled("苗沛离职后出任泠湖集团副总裁。", Predicate.HOLDS_ROLE, Stance.ASSERTS)
    assert found.stance is Stance.ASSERTS


def test_what_follows_a_negated_condition_is_not_denied() -> None:
    (found,) = _settled("如果不需要就采用国产芯片。", Predicate.USES, Stance.DENIES, 0.1)
    assert found.stance is Stance.PLANS


def test_what_came_to_nothing_is_denied() -> None:
    found = _settled("泠湖集团曾传出收购桉屿汽车的消息,但最终以失败告终。", Predicate.ACQUIRES, Stance.REPORTS)
    assert Stance.DENIES in [one.stance for one in found]
    assert [one.stance for one in _settled("泠湖集团收购了桉屿汽车,其他收购均告吹。", Predicate.ACQUIRES, Stance.ASSERTS)] == [
        Stance.ASSERTS
    ]


def test_a_flat_no_denies_what_was_asked() -> None:
    assert _refuted("记者:泠湖集团是否在寻求进入美国市场?\n滕砚青:没有。") == [("在寻求进入美国市场", "没有")]


def test_a_gold_denial_teaches_which_negations_are_statements() -> None:
    text = "泠湖集团没有裁员计划。"
    context = _context(text)
    record = {"start": 0, "end": len(text) - 1, "stance": "denies", "predicate": "proposition", "object": "裁员"}
    document = Annotated("one", context, tuple(align(context, [record])))
    assert examples(document, _LEXICON)[1] == [1.0]
    assert examples(replace(document, records=()), _LEXICON)[1] == [0.0]
    model = fit([document, document, document], _LEXICON)
    (reading,) = readings(context, context.clauses[0], _LEXICON)
    assert model.scores([denial_features(Marks(context), reading)])[0, 0] > 0
