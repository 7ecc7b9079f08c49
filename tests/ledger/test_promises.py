"""What was promised, and what came of it as of a day."""

from typing import Any

import pytest

from kg.graph.records import PromiseRecord, Status
from kg.graph.store import Store
from kg.model import Extraction, Predicate, Stance, Taking
from tests.ledger.conftest import Ledgered
from tests.ledger.story import said, told

LIN: dict[str, Any] = {"speaker": "林一舟", "on_behalf_of": "青禾科技"}
DEVICES = ("青禾科技", Predicate.METRIC, "装机量")


def target(
    value: str = "3000000", due: str = "2022", *, day: str = "2021-09-24", name: str = "target", quote: str = "装机量将超过300万台"
) -> Extraction:
    """Return a document that promises a figure."""
    return told(name, day, said(quote, Stance.AIMS, *DEVICES, value=value, unit="台", due=due, **LIN))


def reading(value: str, day: str, when: str | None = None, quote: str = "装机量为") -> Extraction:
    """Return a document that gives a figure."""
    return told(f"reading {day}", day, said(f"{quote}{value}台", Stance.ASSERTS, *DEVICES, value=value, unit="台", when=when, **LIN))


def promise(store: Store, as_of: str) -> PromiseRecord:
    """Return the first promise of a store as it stood on a day."""
    return min(store.ledger.promises(as_of=as_of).items, key=lambda one: one.promised_on or "")


def test_a_promise_keeps_what_it_says(ledgered: Ledgered) -> None:
    found = promise(ledgered(target()), "2022-01-01")
    assert (found.value, found.unit, found.comparator, found.due, found.due_by) == ("3000000", "台", ">=", "2022", "2022-12-31")
    assert (found.commitment, found.party, found.promised_on) == (Stance.AIMS, "青禾科技", "2021-09-24")


@pytest.mark.parametrize(
    ("quote", "comparator"),
    [
        ("装机量将超过300万台", ">="),
        ("装机量不超过300万台", "<="),
        ("装机量约300万台", "~"),
        ("装机量将有300万台以上", ">="),
        ("装机量300万台", None),
    ],
)
def test_the_comparator_stands_beside_the_number(ledgered: Ledgered, quote: str, comparator: str | None) -> None:
    assert promise(ledgered(target(quote=quote)), "2022-01-01").comparator == comparator


@pytest.mark.parametrize(("as_of", "status"), [("2022-12-31", Status.OPEN), ("2023-01-01", Status.DUE)])
def test_what_nothing_decides_is_open_until_its_day_has_passed(ledgered: Ledgered, as_of: str, status: Status) -> None:
    assert promise(ledgered(target()), as_of).status is status


def test_nothing_was_promised_before_it_was(ledgered: Ledgered) -> None:
    assert ledgered(target()).ledger.promises(as_of="2021-09-23").items == []


def test_a_reading_that_reaches_the_target_meets_it(ledgered: Ledgered) -> None:
    store = ledgered(target(), reading("1200000", "2022-03-01"), reading("3100000", "2022-11-02"))
    assert promise(store, "2022-06-30").status is Status.OPEN
    assert [one.value for one in promise(store, "2022-06-30").progress] == ["1200000"]
    met = promise(store, "2022-11-02")
    assert met.status is Status.MET
    assert met.decided is not None
    assert met.decided.value == "3100000"


def test_the_figure_of_the_whole_period_misses_a_target_above_it(ledgered: Ledgered) -> None:
    missed = promise(ledgered(target(), reading("2000000", "2023-01-20", when="2022")), "2023-02-01")
    assert missed.status is Status.MISSED
    assert missed.decided is not None
    assert missed.decided.value == "2000000"


def test_a_figure_of_another_year_decides_nothing(ledgered: Ledgered) -> None:
    assert promise(ledgered(target(), reading("9000000", "2022-02-01", when="2019")), "2022-03-01").status is Status.OPEN


def test_another_value_for_the_same_date_revises(ledgered: Ledgered) -> None:
    store = ledgered(target(), target("2000000", day="2022-05-01", name="less", quote="装机量将超过200万台"))
    assert promise(store, "2022-04-30").status is Status.OPEN
    revised = promise(store, "2022-05-01")
    assert revised.status is Status.REVISED
    (successor,) = [one for one in store.ledger.promises(as_of="2022-05-01").items if one.id == revised.revised_to]
    assert (successor.value, successor.status) == ("2000000", Status.OPEN)


LAUNCH = ("青禾科技", Predicate.LAUNCHES, "禾OS")


def launch(name: str, day: str, stance: Stance, quote: str, **fields: Any) -> Extraction:
    """Return a document about a launch."""
    return told(name, day, said(quote, stance, *LAUNCH, **LIN, **fields))


PLAN = launch("plan", "2021-09-24", Stance.PLANS, "禾OS将于2022年6月发布", due="2022-06")


def test_the_day_of_an_announcement_is_no_date_to_keep(ledgered: Ledgered) -> None:
    store = ledgered(launch("today", "2022-06-15", Stance.PLANS, "公司今天宣布将发布禾OS", due="2022-06-15"))
    assert store.ledger.promises(as_of="2022-07-01").items == []


def test_an_act_is_met_by_being_done(ledgered: Ledgered) -> None:
    met = promise(ledgered(PLAN, launch("done", "2022-06-15", Stance.ASSERTS, "禾OS今天发布")), "2022-07-01")
    assert met.status is Status.MET


def test_an_act_put_off_is_revised(ledgered: Ledgered) -> None:
    store = ledgered(PLAN, launch("later", "2022-05-01", Stance.PLANS, "禾OS推迟到2023年发布", due="2023"))
    assert promise(store, "2022-07-01").status is Status.REVISED


def test_who_takes_it_back_withdraws_and_whoever_says_it_never_came_finds_it_missed(ledgered: Ledgered) -> None:
    taken_back = launch("no", "2022-03-01", Stance.DENIES, "我们不再发布禾OS")
    never_came = told("late", "2022-09-01", said("禾OS至今没有发布", Stance.DENIES, *LAUNCH))
    assert promise(ledgered(PLAN, taken_back), "2022-07-01").status is Status.WITHDRAWN
    assert promise(ledgered(PLAN, never_came), "2022-10-01").status is Status.MISSED


def test_said_twice_it_is_one_promise(ledgered: Ledgered) -> None:
    store = ledgered(PLAN, launch("again", "2021-12-01", Stance.PLANS, "再说一次,禾OS2022年6月发布", due="2022-06"))
    (found,) = store.ledger.promises(as_of="2022-01-01").items
    assert (found.statements, found.promised_on) == (2, "2021-09-24")


def test_what_was_only_asked_about_is_no_commitment(ledgered: Ledgered) -> None:
    question, answer = "禾OS会在2022年6月发布吗?", "到时候再说。"
    asked = said(question, Stance.REPORTS, *LAUNCH, speaker="记者", due="2022-06")
    exchange = [(question, answer, Taking.EVADES)]
    (found,) = ledgered(told("asked", "2021-09-24", asked, asked=exchange)).ledger.promises(as_of="2022-01-01").items
    assert (found.status, found.commitment) == (Status.ASKED, Stance.REPORTS)
    confirmed = said(answer, Stance.PLANS, *LAUNCH, due="2022-06", **LIN)
    (found,) = ledgered(told("answered", "2021-09-24", asked, confirmed, asked=exchange)).ledger.promises(as_of="2022-01-01").items
    assert found.status is Status.OPEN


def test_promises_are_chosen_by_what_they_are_about_and_when_they_fall_due(ledgered: Ledgered) -> None:
    ledger = ledgered(PLAN, target()).ledger
    assert [one.due for one in ledger.promises(as_of="2022-01-01", about="禾OS").items] == ["2022-06"]
    assert [one.due for one in ledger.promises(as_of="2022-01-01", due_until="2022-07-01").items] == ["2022-06"]
    assert [one.due for one in ledger.promises(as_of="2022-01-01").items] == ["2022-06", "2022"]
    first = ledger.promises((), 1, as_of="2022-01-01")
    assert first.after is not None
    assert [one.due for one in ledger.promises(first.after, 1, as_of="2022-01-01").items] == ["2022"]
