"""Every competency question, asked of a small world: the rows that it must find, and no other."""

from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest

from kg.graph.keeping import keep_ledger
from kg.graph.questions import questions
from kg.graph.store import Store
from kg.model import Extraction, Predicate, Stance, Taking
from tests.ledger.story import said, told

LIN: dict[str, Any] = {"speaker": "林一舟", "on_behalf_of": "青禾科技"}
SALE = ("青禾科技", Predicate.DIVESTS, "青禾云")
CAR = ("青禾科技", Predicate.DEVELOPS, "车")
SALES = ("青禾科技", Predicate.METRIC, "销量")
LAUNCH = ("青禾科技", Predicate.LAUNCHES, "禾OS")
POST = ("林一舟", Predicate.HOLDS_ROLE, "青禾科技")
QUESTION, ANSWER = "会把青禾云上市吗?", "不会让青禾云上市。"
DODGED, DODGE = "禾OS会在2022年6月卖到北山汽车吗?", "不便透露。"


def world() -> list[Extraction]:
    """Return documents in which everything happens once."""
    return [
        told(
            "never",
            "2019-03-01",
            said("青禾科技不造车", Stance.DENIES, *CAR, **LIN),
            said("董事长林一舟", Stance.ASSERTS, *POST, value="董事长"),
        ),
        told(
            "rumours",
            "2021-05-06",
            said("外界传青禾科技出售青禾云", Stance.REPORTS, *SALE),
            said("路透社称北山汽车要收购青禾云", Stance.REPORTS, "北山汽车", Predicate.ACQUIRES, "青禾云", speaker="路透社"),
            said("传青禾科技开源禾OS", Stance.REPORTS, "禾OS", Predicate.OPEN_SOURCES, "开放源码基金会"),
        ),
        told(
            "interview",
            "2021-05-08",
            said("没有出售青禾云的计划", Stance.DENIES, *SALE, **LIN),
            said(QUESTION, Stance.REPORTS, "青禾云", Predicate.LISTS, None, speaker="记者"),
            said(ANSWER, Stance.DENIES, "青禾云", Predicate.LISTS, None, **LIN),
            said(DODGED, Stance.REPORTS, "北山汽车", Predicate.USES, "禾OS", speaker="记者", due="2022-06"),
            said("禾OS将于2021年底前发布", Stance.PLANS, *LAUNCH, due="2021-12", **LIN),
            said("全年销量将超过100万台", Stance.AIMS, *SALES, value="1000000", unit="台", due="2021", **LIN),
            said("禾OS2023年装进服务器", Stance.PLANS, "禾OS", Predicate.SUPPORTS, "服务器", due="2023", **LIN),
            asked=[(QUESTION, ANSWER, Taking.REJECTS), (DODGED, DODGE, Taking.EVADES)],
        ),
        told("less", "2021-08-01", said("全年销量改为80万台", Stance.AIMS, *SALES, value="800000", unit="台", due="2021", **LIN)),
        told(
            "year",
            "2022-01-10",
            said("禾OS上月发布", Stance.ASSERTS, *LAUNCH, when="2021-12", **LIN),
            said("去年销量60万台", Stance.ASSERTS, *SALES, value="600000", unit="台", when="2021", **LIN),
            said("禾OS捐给开放源码基金会", Stance.ASSERTS, "禾OS", Predicate.OPEN_SOURCES, "开放源码基金会", speaker="开放源码基金会"),
            said("青禾科技旗下有青禾云", Stance.ASSERTS, "青禾科技", Predicate.OWNS, "青禾云"),
        ),
        told(
            "evening",
            "2022-01-11",
            said("青禾科技去年只卖了45万台", Stance.ASSERTS, *SALES, value="450000", unit="台", when="2021", speaker="北山汽车"),
            said("监管机构处罚了青禾云", Stance.ASSERTS, "监管机构", Predicate.RESTRICTS, "青禾云"),
            said("禾OS面向服务器", Stance.ASSERTS, "禾OS", Predicate.TARGETS, "服务器"),
            said("旗下青禾云归青禾科技", Stance.ASSERTS, "青禾科技", Predicate.OWNS, "青禾云", speaker="北山汽车"),
            publisher="北山晚报",
        ),
        told("turn", "2022-03-01", said("青禾科技正式造车", Stance.PLANS, *CAR, **LIN)),
    ]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """The world, with its ledger."""
    with Store.in_memory() as filled:
        filled.bulk_add(world())
        keep_ledger(filled)
        yield filled


# name, what is given, the columns looked at, the rows
ROWS: list[tuple[str, dict[str, str], tuple[str, ...], list[tuple[str | None, ...]]]] = [
    ("accounts-that-differ", {}, ("oneQuote", "otherQuote"), [("去年销量60万台", "青禾科技去年只卖了45万台")]),
    ("asked-not-committed", {}, ("due", "quote"), [("2022-06", DODGED)]),
    (
        "denied-between",
        {"who": "青禾科技", "since": "2021", "until": "2021-12"},
        ("quote", "rumour"),
        [("没有出售青禾云的计划", "外界传青禾科技出售青禾云"), (ANSWER, QUESTION)],
    ),
    ("denied-then-done", {}, ("party", "first", "then"), [("青禾科技", "青禾科技不造车", "青禾科技正式造车")]),
    (
        "figures-over-time",
        {"about": "青禾科技"},
        ("time", "value", "speaker"),
        [("2021", "450000", "北山汽车"), ("2021", "600000", "林一舟")],
    ),
    ("heard-through-others", {}, ("depth", "quote"), [("2", "路透社称北山汽车要收购青禾云"), ("2", QUESTION), ("2", DODGED)]),
    ("opened-to-whom", {"thing": "禾OS"}, ("recipient", "quote"), [("开放源码基金会", "禾OS捐给开放源码基金会")]),
    ("premises-rejected", {}, ("premise", "reply"), [(QUESTION, ANSWER)]),
    ("promised-by-when", {"by": "2021-11"}, ("due", "quote"), []),
    ("promises-broken", {}, ("outcome", "quote", "decision"), [("missed", "全年销量改为80万台", "去年销量60万台")]),
    ("promises-met", {}, ("quote", "decision"), [("禾OS将于2021年底前发布", "禾OS上月发布")]),
    ("promises-open", {"by": "2023"}, ("due", "quote"), [("2023", "禾OS2023年装进服务器")]),
    ("restricted-by-whom", {}, ("subject", "object"), [("监管机构", "青禾云")]),
    ("rumours-confirmed", {}, ("rumour", "quote"), [("传青禾科技开源禾OS", "禾OS捐给开放源码基金会")]),
    ("rumours-denied", {}, ("rumour", "quote"), [("外界传青禾科技出售青禾云", "没有出售青禾云的计划"), (QUESTION, ANSWER)]),
    ("rumours-unanswered", {}, ("quote",), [("路透社称北山汽车要收购青禾云",)]),
    ("targets-revised", {}, ("value", "newValue"), [("1000000", "800000")]),
    ("told-by-several", {"about": "青禾云"}, ("sources", "quote"), [("2", "青禾科技旗下有青禾云")]),
    ("what-it-owns", {"owner": "青禾科技"}, ("owned", "speaker"), [("青禾云", None), ("青禾云", "北山汽车")]),
    ("what-it-targets", {}, ("name", "target"), [("禾OS", "服务器")]),
    (
        "who-denied-what",
        {"about": "青禾云"},
        ("quote",),
        [("没有出售青禾云的计划",), (ANSWER,)],
    ),
    ("who-evades", {"who": "林一舟"}, ("answerer", "question", "answer"), [("林一舟", DODGED, DODGE)]),
    ("who-holds-which-post", {"at": "青禾科技"}, ("person", "post"), [("林一舟", "董事长")]),
    (
        "who-said-it-first",
        {"about": "北山汽车"},
        ("saidOn", "quote"),
        [("2021-05-06", "路透社称北山汽车要收购青禾云"), ("2021-05-08", DODGED)],
    ),
]


def test_there_are_twenty_and_every_one_is_tried() -> None:
    assert {name for name, *_ in ROWS} == set(questions())
    assert len(ROWS) >= 20


@pytest.mark.parametrize(("name", "given", "columns", "expected"), ROWS, ids=[name for name, *_ in ROWS])
def test_a_question_finds_these_rows(
    store: Store, name: str, given: dict[str, str], columns: tuple[str, ...], expected: list[tuple[str | None, ...]]
) -> None:
    answer = store.ask(name, **given)
    assert isinstance(answer, ox.QuerySolutions)
    found = [tuple(None if solution[column] is None else solution[column].value for column in columns) for solution in answer]
    assert sorted(found, key=str) == sorted(expected, key=str)
