"""Which statements the ledger links, and which it must not."""

from typing import Any

import pytest

from kg.graph.records import Basis, LinkRecord, LinkType
from kg.graph.store import Store
from kg.model import Predicate, Stance, Taking
from tests.ledger.conftest import Ledgered
from tests.ledger.story import said, told

SALE = ("青禾科技", Predicate.DIVESTS, "青禾云")
LIN: dict[str, Any] = {"speaker": "林一舟", "on_behalf_of": "青禾科技"}
RUMOUR = told("rumour", "2021-05-06", said("外界传言青禾科技要出售青禾云", Stance.REPORTS, *SALE))


def linked(store: Store, kind: LinkType) -> list[tuple[str, str]]:
    """Return the links of a type as the quotes of the later and the earlier statement, the newest first."""
    return [(link.later.quote, link.earlier.quote) for link in links(store, kind)]


def links(store: Store, kind: LinkType) -> list[LinkRecord]:
    """Return the links of a type."""
    return store.ledger.links(type=kind).items


def test_a_denial_is_linked_to_the_rumour_it_denies(ledgered: Ledgered) -> None:
    store = ledgered(RUMOUR, told("denial", "2021-05-08", said("青禾科技没有出售青禾云的计划", Stance.DENIES, *SALE, **LIN)))
    (link,) = links(store, LinkType.DENIES_RUMOUR)
    assert (link.later.quote, link.earlier.quote) == ("青禾科技没有出售青禾云的计划", "外界传言青禾科技要出售青禾云")
    assert (link.basis, link.quantifier) == (Basis.CLAIM, None)


@pytest.mark.parametrize("day", ["2021-05-05", "2023-05-08", None])
def test_a_denial_from_before_or_long_after_is_none_of_that_rumour(ledgered: Ledgered, day: str | None) -> None:
    store = ledgered(RUMOUR, told("denial", day, said("青禾科技没有出售青禾云的计划", Stance.DENIES, *SALE, **LIN)))
    assert linked(store, LinkType.DENIES_RUMOUR) == []


def test_a_denial_of_something_else_is_none(ledgered: Ledgered) -> None:
    other = told("denial", "2021-05-08", said("青禾科技没有出售禾OS的计划", Stance.DENIES, "青禾科技", Predicate.DIVESTS, "禾OS", **LIN))
    assert linked(ledgered(RUMOUR, other), LinkType.DENIES_RUMOUR) == []


def test_objects_meet_whatever_fills_them_out(ledgered: Ledgered) -> None:
    rumour = told("rumour", "2021-05-06", said("传青禾科技放弃手机业务", Stance.REPORTS, "青禾科技", Predicate.EXITS, "手机业务"))
    denial = told("denial", "2021-05-08", said("不会放弃手机", Stance.DENIES, "青禾科技", Predicate.EXITS, "手机", **LIN))
    assert linked(ledgered(rumour, denial), LinkType.DENIES_RUMOUR) == [("不会放弃手机", "传青禾科技放弃手机业务")]


def test_a_premise_is_denied_only_in_its_own_exchange(ledgered: Ledgered) -> None:
    questions = told(
        "interview",
        "2021-05-08",
        said("会出售青禾云吗?", Stance.REPORTS, *SALE, speaker="记者"),
        said("不会出售青禾云。", Stance.DENIES, *SALE, **LIN),
        said("那会造车吗?", Stance.REPORTS, "青禾科技", Predicate.DEVELOPS, "车", speaker="记者"),
        said("我们没有出售青禾云。", Stance.DENIES, *SALE, **LIN),
        asked=[("会出售青禾云吗?", "不会出售青禾云。", Taking.REJECTS), ("那会造车吗?", "我们没有出售青禾云。", Taking.ANSWERS)],
    )
    elsewhere = told("notice", "2021-05-09", said("公司不造车", Stance.DENIES, "青禾科技", Predicate.DEVELOPS, "车", **LIN))
    assert linked(ledgered(questions, elsewhere), LinkType.DENIES_RUMOUR) == [("不会出售青禾云。", "会出售青禾云吗?")]


def test_a_denial_of_all_covers_and_keeps_its_quantifier(ledgered: Ledgered) -> None:
    text = told(
        "round-table",
        "2021-05-08",
        said("外界传青禾科技要自建工厂", Stance.REPORTS, "青禾科技", Predicate.DEVELOPS, "工厂"),
        said("跟青禾科技有关的消息全是假的", Stance.DENIES, "青禾科技", Predicate.PROPOSITION, "跟青禾科技有关的消息", **LIN),
        said("北山汽车的产品没有问题", Stance.DENIES, "北山汽车", Predicate.PROPOSITION, "产品有问题", **LIN),
    )
    store = ledgered(text)
    (link,) = links(store, LinkType.DENIES_RUMOUR)
    assert (link.basis, link.quantifier) == (Basis.COVERED, "全是")
    assert len(store.statements()) == 3  # covered, not expanded


def test_a_party_confirms_a_rumour_and_an_outlet_does_not(ledgered: Ledgered) -> None:
    party = told("party", "2021-06-01", said("青禾科技宣布出售青禾云", Stance.PLANS, *SALE, **LIN))
    outlet = told("outlet", "2021-06-01", said("青禾科技出售青禾云", Stance.ASSERTS, *SALE))
    assert linked(ledgered(RUMOUR, party), LinkType.CONFIRMS) == [("青禾科技宣布出售青禾云", "外界传言青禾科技要出售青禾云")]
    assert linked(ledgered(RUMOUR, outlet), LinkType.CONFIRMS) == []


CAR = ("青禾科技", Predicate.DEVELOPS, "车")
NEVER = told("never", "2019-03-01", said("青禾科技不造车", Stance.DENIES, *CAR, **LIN))


def test_who_denies_and_later_does_reverses(ledgered: Ledgered) -> None:
    later = told("later", "2022-03-01", said("青禾科技正式造车", Stance.PLANS, *CAR, speaker="青禾科技"))
    assert linked(ledgered(NEVER, later), LinkType.REVERSES) == [("青禾科技正式造车", "青禾科技不造车")]


@pytest.mark.parametrize(
    "fields",
    [{"speaker": "新川日报"}, {"speaker": "记者"}, {}],
    ids=["another party", "a journalist", "the outlet"],
)
def test_only_the_party_itself_reverses(ledgered: Ledgered, fields: dict[str, Any]) -> None:
    later = told("later", "2022-03-01", said("青禾科技正式造车", Stance.ASSERTS, *CAR, **fields))
    assert linked(ledgered(NEVER, later), LinkType.REVERSES) == []


def test_the_same_day_reverses_nothing(ledgered: Ledgered) -> None:
    store = ledgered(NEVER, told("also", "2019-03-01", said("青禾科技造车", Stance.ASSERTS, *CAR, **LIN)))
    assert linked(store, LinkType.REVERSES) == []


def test_the_same_said_again_is_a_restatement(ledgered: Ledgered) -> None:
    store = ledgered(NEVER, told("again", "2020-03-01", said("再说一次,不造车", Stance.DENIES, *CAR, **LIN)))
    assert linked(store, LinkType.RESTATES) == [("再说一次,不造车", "青禾科技不造车")]


def sales(name: str, day: str, quote: str, value: str, **fields: Any) -> Any:
    """Return a document that gives a figure of sales."""
    return told(name, day, said(quote, Stance.ASSERTS, "青禾科技", Predicate.METRIC, "销量", value=value, unit="台", **fields))


def test_a_later_value_updates(ledgered: Ledgered) -> None:
    store = ledgered(
        sales("one", "2022-01-05", "去年销量100万台", "1000000", when="2021", **LIN),
        sales("two", "2023-01-05", "去年销量130万台", "1300000", when="2022", **LIN),
    )
    assert linked(store, LinkType.UPDATES) == [("去年销量130万台", "去年销量100万台")]
    assert linked(store, LinkType.CONFLICTS) == []


def test_two_figures_for_one_year_conflict_unless_they_are_one_in_round_numbers(ledgered: Ledgered) -> None:
    own = sales("own", "2022-01-05", "去年销量100万台", "1000000", when="2021", **LIN)
    other = sales("other", "2022-01-09", "青禾科技去年销量实为73万台", "730000", when="2021", speaker="新川日报")
    round_one = sales("round", "2022-01-09", "青禾科技去年销量约98万台", "980000", when="2021", speaker="新川日报")
    assert linked(ledgered(own, other), LinkType.CONFLICTS) == [("青禾科技去年销量实为73万台", "去年销量100万台")]
    assert linked(ledgered(own, round_one), LinkType.CONFLICTS) == []


def test_what_one_asserts_and_another_denies_conflicts(ledgered: Ledgered) -> None:
    one = told("one", "2022-01-05", said("北山汽车使用禾OS", Stance.ASSERTS, "北山汽车", Predicate.USES, "禾OS", speaker="北山汽车"))
    two = told("two", "2022-01-06", said("北山汽车没有使用禾OS", Stance.DENIES, "北山汽车", Predicate.USES, "禾OS", **LIN))
    assert linked(ledgered(one, two), LinkType.CONFLICTS) == [("北山汽车没有使用禾OS", "北山汽车使用禾OS")]


COPIED = "青禾科技周一宣布,旗下的禾OS已经装在超过三百万台服务器上"


def test_copies_are_no_sources_of_their_own(ledgered: Ledgered) -> None:
    claim = ("禾OS", Predicate.SUPPORTS, "服务器")
    store = ledgered(
        told("one", "2022-01-05", said(COPIED, Stance.ASSERTS, *claim), publisher="新川日报"),
        told("two", "2022-01-06", said(COPIED.replace("周一", "昨日"), Stance.ASSERTS, *claim), publisher="转载网"),
        told("three", "2022-01-07", said("记者在机房看到,服务器都能跑禾OS", Stance.ASSERTS, *claim), publisher="北山晚报"),
    )
    assert [(later, earlier) for later, earlier in linked(store, LinkType.COPIES)] == [(COPIED.replace("周一", "昨日"), COPIED)]
    (proposition,) = {statement.proposition for statement in store.statements()}
    sources = store.ledger.sources(proposition)
    assert (store.statement(sources.first or "").quote, sources.independent) == (COPIED, 2)


def test_a_sentence_that_says_two_things_is_copied_with_both(ledgered: Ledgered) -> None:
    claims = [("禾OS", Predicate.SUPPORTS, thing) for thing in ("服务器", "手机")]
    copy = COPIED.replace("周一", "昨日")
    store = ledgered(
        told("one", "2022-01-05", *(said(COPIED, Stance.ASSERTS, *claim) for claim in claims)),
        told("two", "2022-01-06", *(said(copy, Stance.ASSERTS, *claim) for claim in claims)),
    )
    assert linked(store, LinkType.COPIES) == [(copy, COPIED)] * 2


def test_one_voice_in_two_outlets_is_one_source(ledgered: Ledgered) -> None:
    store = ledgered(
        told("one", "2022-01-05", said("林一舟说不造车", Stance.DENIES, *CAR, **LIN), publisher="新川日报"),
        told("two", "2022-01-06", said("他告诉我们公司绝不碰整车", Stance.DENIES, *CAR, **LIN), publisher="北山晚报"),
    )
    (proposition,) = {statement.proposition for statement in store.statements()}
    assert store.ledger.sources(proposition).independent == 1


def test_nearly_equal_propositions_are_related_and_not_merged(ledgered: Ledgered) -> None:
    store = ledgered(NEVER, told("whole", "2020-03-01", said("不做整车", Stance.DENIES, "青禾科技", Predicate.DEVELOPS, "整车", **LIN)))
    one, other = sorted({statement.proposition for statement in store.statements()})
    assert store.ledger.sources(one).related == (other,)


def test_the_chain_of_attribution_has_the_post_of_that_day(ledgered: Ledgered) -> None:
    posts = ("林一舟", Predicate.HOLDS_ROLE, "青禾科技")
    store = ledgered(
        told("2018", "2018-01-01", said("青禾科技副总裁林一舟", Stance.ASSERTS, *posts, value="副总裁")),
        told("2021", "2021-01-01", said("青禾科技董事长林一舟", Stance.ASSERTS, *posts, value="董事长")),
        told("early", "2019-03-01", said("林一舟说不造车", Stance.DENIES, *CAR, speaker="林一舟")),
        told("late", "2022-03-01", said("林一舟说要造车", Stance.REPORTS, *CAR, speaker="林一舟")),
    )
    chains = {one.document_name: store.ledger.attribution(one.id) for one in store.statements() if one.predicate is Predicate.DEVELOPS}
    assert [(chains[name].role, chains[name].organisation, chains[name].depth) for name in ("early", "late")] == [
        ("副总裁", "青禾科技", 1),
        ("董事长", "青禾科技", 2),
    ]
    assert chains["early"].publisher == "新川日报"
