"""What is denied, to come, heard or asked stands as no fact: frames of grammar around every main verb of the lexicon.

A frame takes each relation's verbs in turn, so that all verbs pass through all kinds of frames. Objects are of the kind a relation takes.
"""

import functools
from collections.abc import Set

import pytest

from kg.extraction.pipeline import Pipeline
from kg.lexicon import Lexicon
from kg.model import Document, Predicate, Stance, digest

_OBJECTS = {
    Predicate.ACQUIRES: "桉屿汽车",
    Predicate.COMPETES_WITH: "桉屿汽车",
    Predicate.DEVELOPS: "储能电池",
    Predicate.DIVESTS: "桉屿汽车",
    Predicate.EXITS: "印度市场",
    Predicate.FOUNDS: "海外子公司",
    Predicate.INVESTS_IN: "桉屿汽车",
    Predicate.LAUNCHES: "新款手机",
    Predicate.OPEN_SOURCES: "操作系统",
    Predicate.OPERATES_IN: "印度市场",
    Predicate.OWNS: "桉屿汽车的股份",
    Predicate.PERMITS: "经销商降价",
    Predicate.PROVIDES: "储能电池",
    Predicate.REPLACES: "进口芯片",
    Predicate.SUPPORTS: "快充协议",
    Predicate.TARGETS: "年轻消费者",
    Predicate.USES: "桉屿汽车的芯片",
}
_DENIED = """
泠湖集团不{}。 泠湖集团未{}。 泠湖集团没有{}。 泠湖集团并未{}。 泠湖集团尚未{}。 泠湖集团从未{}。
泠湖集团不会{}。 泠湖集团不再{}。 泠湖集团暂不{}。 泠湖集团目前不{}。 泠湖集团无意{}。
泠湖集团没有{}的计划。 泠湖集团不打算{}。 泠湖集团否认{}。 泠湖集团拒绝{}。 泠湖集团均未{}。
关于泠湖集团{}的传闻不属实。 泠湖集团{}是谣言。 泠湖集团绝不{}。 网传泠湖集团{}，该消息不实。
泠湖集团表示，没有{}。 泠湖集团不存在{}的情形。 泠湖集团没有考虑{}。 泠湖集团不可能{}。
泠湖集团尚无{}的计划。 泠湖集团暂无{}的安排。 泠湖集团并无{}的打算。 泠湖集团不考虑{}。
泠湖集团没有参与{}。 泠湖集团从未表示要{}。 所谓泠湖集团{}的说法纯属谣言。 泠湖集团未能{}。
泠湖集团短期内不会{}。 泠湖集团至今没有{}。 泠湖集团未就{}签署任何协议。 泠湖集团董事会否决了{}的议案。
泠湖集团否认了{}的说法。 泠湖集团辟谣称，并未{}。
"""
_STOPPED = """
泠湖集团{}的计划未获批准。 泠湖集团{}一案被商务部否决。 监管部门否决了泠湖集团{}的方案。 泠湖集团{}的申请被驳回。
泠湖集团{}的计划受阻。 泠湖集团{}的方案未获通过。 监管部门阻止泠湖集团{}。
"""
_TO_COME = """
泠湖集团将{}。 泠湖集团计划{}。 泠湖集团拟{}。 泠湖集团准备{}。 泠湖集团打算{}。 泠湖集团即将{}。
泠湖集团承诺{}。 泠湖集团希望{}。 泠湖集团争取{}。 泠湖集团正在考虑{}。 泠湖集团有意{}。
泠湖集团明年{}。 泠湖集团筹划{}。 泠湖集团董事会同意{}。 泠湖集团可能{}。 泠湖集团或将{}。
泠湖集团不排除{}。 如果条件允许，泠湖集团会{}。 泠湖集团欲{}。 泠湖集团宣布将{}。
泠湖集团计划于2025年{}。 泠湖集团未来三年将{}。 泠湖集团有望{}。 泠湖集团决定{}。
泠湖集团谋求{}。 泠湖集团正就{}进行谈判。 泠湖集团的目标是{}。 泠湖集团需要{}。 泠湖集团力争{}。
泠湖集团下半年将{}。
"""
_HEARD = """
据传泠湖集团{}。 有消息称，泠湖集团{}。 知情人士称，泠湖集团{}。 市场传闻泠湖集团{}。
网传泠湖集团将{}。 传泠湖集团{}。 有网友爆料，泠湖集团已{}。 泠湖集团被曝{}。 外界猜测泠湖集团{}。
消息人士透露，泠湖集团已经{}。
"""
_ASKED = """
泠湖集团会{}吗？ 泠湖集团是否{}？ 泠湖集团有没有{}？ 请问泠湖集团什么时候{}？ 泠湖集团为什么要{}呢？
泠湖集团何时{}？ 泠湖集团能否{}？ 泠湖集团{}了吗？ 泠湖集团会不会{}？ 泠湖集团{}是真的吗？
泠湖集团是否有{}的计划？
"""
_AGREES = "同意"
_AFFIRMED = frozenset((Stance.ASSERTS, Stance.PLANS, Stance.AIMS, Stance.PREDICTS))


@functools.cache
def _pipeline() -> Pipeline:
    return Pipeline(Lexicon(), "lac")


def _acts(number: int) -> list[str]:
    """Return what a relation's verbs and its object make, one a relation: of its verbs the one that is the frame's turn."""
    verbs: dict[str, list[str]] = {}
    for row in Lexicon().table("main_verbs"):
        verbs.setdefault(row["predicate"], []).append(row["verb"])
    return [verbs[predicate][number % len(verbs[predicate])] + thing for predicate, thing in _OBJECTS.items()]


def _granted(frame: str) -> frozenset[Predicate]:
    """Return what a frame itself states: who agrees to something permits it."""
    return frozenset({Predicate.PERMITS} if _AGREES in frame else ())


def _misread(frames: str, barred: frozenset[Stance], relations: Set[Predicate] = _OBJECTS.keys()) -> list[str]:
    """Return the sentences of which a relation is read in a stance that they bar; to leave something is one way not to have it."""
    found = []
    for number, frame in enumerate(frames.split()):
        for act in _acts(number):
            text = frame.format(act)
            statements = _pipeline().extract(Document(digest(text), "text", text, "text", published="2021-09-24")).statements
            wrong = [one for one in statements if one.stance in barred and one.predicate in relations - _granted(frame)]
            found += [f"{text} {one.predicate.value} {one.stance.value}" for one in wrong]
    return found


@pytest.mark.parametrize(
    ("frames", "barred"),
    [
        (_DENIED, _AFFIRMED),
        (_TO_COME, frozenset((Stance.ASSERTS, Stance.DENIES))),
        (_HEARD, frozenset((Stance.ASSERTS, Stance.DENIES))),
        (_ASKED, frozenset((Stance.ASSERTS, Stance.DENIES, Stance.PLANS))),
    ],
    ids=["denied", "to come", "heard", "asked"],
)
def test_no_frame_is_read_as_fact(frames: str, barred: frozenset[Stance]) -> None:
    assert _misread(frames, barred) == []


def test_what_is_not_let_through_is_no_fact() -> None:
    """But for what is so before anybody is asked: who owns whom, who competes, who permits."""
    acts = frozenset(_OBJECTS) - {Predicate.OWNS, Predicate.COMPETES_WITH, Predicate.PERMITS}
    assert _misread(_STOPPED, _AFFIRMED, acts) == []


def test_a_plain_clause_is_a_fact() -> None:
    assert len(_misread("泠湖集团已经{}。 泠湖集团去年{}。", frozenset((Stance.ASSERTS,)))) > len(_OBJECTS)
