"""How answers take questions: by their wording, and by what both state."""

import pytest

from kg.cli.options import Ner
from kg.cli.reader import pipeline
from kg.extraction.exchanges import Wordings
from kg.graph.records import ExchangeRecord
from kg.lexicon import Lexicon
from kg.model import Document, Predicate, Stance, Taking, digest
from tests.ledger.conftest import Ledgered
from tests.ledger.story import said, told

TAKINGS = [
    ("不会。我们不造车。", Taking.REJECTS),
    ("没有这个计划。", Taking.REJECTS),
    ("您好,公司目前没有相关计划。", Taking.REJECTS),
    ("是的,我们在谈。", Taking.ACCEPTS),
    ("对,价格还会降。", Taking.ACCEPTS),
    ("对于这个问题,我们分三步走。", Taking.ANSWERS),
    ("不予置评。", Taking.EVADES),
    ("尊敬的投资者您好!具体情况请以公司公告为准,感谢关注。", Taking.EVADES),
    ("这件事涉及商业秘密,不便透露。", Taking.EVADES),
    ("去年收入增长了三成。", Taking.ANSWERS),
]


@pytest.mark.parametrize(("answer", "taking"), TAKINGS)
def test_words_tell_how_an_answer_takes_a_question(answer: str, taking: Taking) -> None:
    assert Wordings(Lexicon()).taking(answer) is taking


INTERVIEW = """记者：青禾科技会不会造车？
林一舟：不会，我们不造车。
记者：公司今年的收入会是多少？
林一舟：这个现在不便透露。
"""


def test_turns_of_question_and_answer_are_exchanges() -> None:
    document = Document(digest(INTERVIEW), "interview", INTERVIEW, "interview.txt")
    found = pipeline(Ner.NONE, None).extract(document).exchanges
    assert [(one.taking, one.asker, one.answerer) for one in found] == [
        (Taking.REJECTS, "记者", "林一舟"),
        (Taking.EVADES, "记者", "林一舟"),
    ]
    assert INTERVIEW[found[0].answer_start : found[0].answer_end].strip() == "不会，我们不造车。"


def test_a_narrated_evasion_has_no_question() -> None:
    text = "北山汽车被传裁员。北山汽车有限公司对此不予置评。"
    (found,) = pipeline(Ner.NONE, None).extract(Document(digest(text), "news", text, "news.txt")).exchanges
    assert (found.question_start, found.taking, found.answerer) == (None, Taking.EVADES, "北山汽车")
    assert text[found.answer_start : found.answer_end] == "北山汽车有限公司对此不予置评。"


SALE = ("青禾科技", Predicate.DIVESTS, "青禾云")
QUESTION = "听说要出售青禾云?"


def exchange(ledgered: Ledgered, answer: str, wording: Taking, stance: Stance | None) -> ExchangeRecord:
    """Return the one exchange of an interview whose answer states the premise in a stance."""
    premise = said(QUESTION, Stance.REPORTS, *SALE, speaker="记者")
    replies = [] if stance is None else [said(answer, stance, *SALE, speaker="林一舟", on_behalf_of="青禾科技")]
    document = told("interview", "2021-05-08", premise, *replies, asked=[(QUESTION, answer, wording)])
    (found,) = ledgered(document).ledger.exchanges().items
    return found


@pytest.mark.parametrize(
    ("answer", "wording", "stance", "outcome"),
    [
        ("青禾云我们会一直做下去", Taking.ANSWERS, Stance.DENIES, Taking.REJECTS),
        ("我们正在找买家", Taking.ANSWERS, Stance.PLANS, Taking.ACCEPTS),
        ("没有什么好隐瞒的,我们在卖", Taking.REJECTS, Stance.ASSERTS, Taking.ACCEPTS),
        ("无可奉告", Taking.EVADES, None, Taking.EVADES),
        ("不会", Taking.REJECTS, None, Taking.REJECTS),
    ],
)
def test_what_both_state_decides_over_the_wording(
    ledgered: Ledgered, answer: str, wording: Taking, stance: Stance | None, outcome: Taking
) -> None:
    found = exchange(ledgered, answer, wording, stance)
    assert found.outcome is outcome
    assert [one.quote for one in found.premises] == [QUESTION]
    assert [one.quote for one in found.replies] == ([] if stance is None else [answer])


def test_answers_are_chosen_by_outcome_and_speaker(ledgered: Ledgered) -> None:
    document = told(
        "interview", "2021-05-08", said(QUESTION, Stance.REPORTS, *SALE, speaker="记者"), asked=[(QUESTION, "无可奉告", Taking.EVADES)]
    )
    ledger = ledgered(document).ledger
    assert len(ledger.exchanges(outcome=Taking.EVADES, answerer="林一舟").items) == 1
    assert ledger.exchanges(outcome=Taking.REJECTS).items == []
    assert ledger.exchanges(answerer="周雨").items == []
