"""The notation of the marked sentences: what it says, and that a slip is refused with its line."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from kg.model import Predicate, Stance, Statement
from tests.judge import complaints
from tests.marked import Expected, Marked, MarkedError, Silent, parse, read_marked

HEAD = "# phenomenon: 试\n# floor: 0/{}\n# date: 2021-09-24\n\n"
FILES = sorted(Path(__file__).with_name("phenomena").glob("*.txt"))


def test_marks_become_one_statement_for_each_pair() -> None:
    (sentence,) = parse(HEAD.format(1) + "<鸿蒙>和<欧拉=openEuler>{面向}[终端]。\n  → asserts targets when=2021\n", "x").sentences
    assert sentence.text == "鸿蒙和欧拉面向终端。"
    fields = (("when", "2021"),)
    assert sentence.expected == (
        Expected(Stance.ASSERTS, Predicate.TARGETS, "鸿蒙", "终端", (5, 7), fields),
        Expected(Stance.ASSERTS, Predicate.TARGETS, "openEuler", "终端", (5, 7), fields),
    )


def test_fields_replace_marks_and_the_second_arrow_takes_the_second_cue() -> None:
    source = "<华为>{开源}欧拉，{推出}[Mate 60]。\n  → asserts open_sources subject=欧拉 object=-\n  → asserts launches\n"
    (sentence,) = parse(HEAD.format(1) + source, "x").sentences
    first, second = sentence.expected
    assert (first.subject, first.object, first.cue) == ("欧拉", None, (2, 4))
    assert (second.subject, second.object, second.cue) == ("华为", "Mate 60", (7, 9))


def test_silence_line_breaks_and_dates() -> None:
    source = "@ 2023-05\n// 一句旁注\n记者：好。¶徐直军：谢谢。\n  × other\n  × denies exits speaker=徐直军\n"
    (sentence,) = parse(HEAD.format(1) + source, "x").sentences
    assert sentence.text == "记者：好。\n徐直军：谢谢。"
    assert (sentence.date, sentence.line) == ("2023-05", 7)
    assert sentence.silent == (Silent(other=True), Silent(Stance.DENIES, Predicate.EXITS, (("speaker", "徐直军"),)))


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("<华为>不{造}[车]。\n  → denys develops\n", "x:6: 'denys' is no stance"),
        ("<华为>不{造}[车]。\n  → denies makes\n", "x:6: 'makes' is no predicate"),
        ("<华为>不{造}[车]。\n  → denies\n", "x:6: 'denies'; write"),
        ("<华为>不{造}[车。\n  → denies develops\n", "x:5: a bracket without its partner"),
        ("不{造}[车]。\n  → denies develops\n", "x:6: no subject"),
        ("<华为>不{造}车。\n  → denies develops\n", "x:6: no object"),
        ("<华为>不{造}[车]。\n  → denies develops when=\n", "x:6: 'when='; give"),
        ("<华为>不{造}[车]。\n  denies develops\n", "x:6: begins with 'd'"),
        ("<华为>不{造}[车]。\n", "x:5: nothing is expected"),
        ("<华为>不{造}[车]。\n  × asserts\n", "x:5: marks but no arrow"),
        ("华为不造车。\n  × asserts plans\n", "x:6: 'asserts plans'; write"),
        ("  × asserts\n", "x:5: stands before the first sentence"),
        ("@ 昨天\n华为不造车。\n  × asserts\n", "x:5: '昨天' is no date"),
    ],
)
def test_a_slip_is_refused_with_its_line(block: str, complaint: str) -> None:
    with pytest.raises(MarkedError) as caught:
        parse(HEAD.format(1) + block, "x")
    assert str(caught.value).startswith(complaint)


def test_a_header_that_miscounts_is_refused() -> None:
    with pytest.raises(MarkedError, match="floor 0/2, but 1 sentences"):
        parse(HEAD.format(2) + "谢谢。\n  × other\n", "x")
    with pytest.raises(MarkedError, match="stands twice"):
        parse(HEAD.format(2) + "谢谢。\n  × other\n谢谢。\n  × asserts\n", "x")
    with pytest.raises(MarkedError, match="the header needs"):
        parse("# phenomenon: 试\n", "x")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_phenomenon_shows_both_what_fires_and_what_stays_silent(path: Path) -> None:
    sentences = read_marked(path).sentences
    assert sum(bool(sentence.expected) for sentence in sentences) >= 10
    assert sum(bool(sentence.silent) for sentence in sentences) >= 5


def perfect(marked: Marked) -> tuple[Statement, ...]:
    """Return the statements that the arrows of a sentence name, each with the whole sentence as its evidence."""
    return tuple(statement(marked.text, expected) for expected in marked.expected)


def statement(text: str, expected: Expected) -> Statement:
    given = dict.fromkeys(("speaker", "value", "unit", "when", "due")) | dict(expected.fields)
    return Statement(
        doc="sentence",
        start=0,
        end=len(text),
        quote=text,
        stance=expected.stance,
        subject=expected.subject,
        predicate=expected.predicate,
        object=expected.object,
        id="0",
        subject_kind=None,
        object_kind=None,
        speaker_kind=None,
        on_behalf_of=None,
        rule="test",
        confidence=1.0,
        **given,
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_asked_of_a_sentence_can_be_met_and_missed(path: Path) -> None:
    for sentence in read_marked(path).sentences:
        assert not list(complaints(sentence, perfect(sentence))), f"{path.name}:{sentence.line} contradicts itself"
        missing = [complaint for complaint in complaints(sentence, ()) if complaint.startswith("missing")]
        assert len(missing) == len(sentence.expected)


def test_the_judge_wants_stance_arguments_cue_and_fields_and_sees_what_is_too_much() -> None:
    source = "<华为>不会{放弃}[手机业务]。\n  → denies exits speaker=徐直军\n  × asserts\n"
    (sentence,) = parse(HEAD.format(1) + source, "x").sentences
    (good,) = perfect(sentence)
    assert not list(complaints(sentence, (good,)))
    wrong: dict[str, Any] = {"stance": Stance.PLANS, "subject": "美国", "object": None, "speaker": None, "end": 3}
    for name, other in wrong.items():
        assert list(complaints(sentence, (dataclasses.replace(good, **{name: other}),))), name
    too_much = dataclasses.replace(good, stance=Stance.ASSERTS)
    assert [line[:8] for line in complaints(sentence, (good, too_much))] == ["too much"]
