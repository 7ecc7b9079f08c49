"""Names to be searched: what finds an entity, why, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.names import Names, Reason
from kg.lexicon import Lexicon

LABELS = [
    ("鸿蒙", "鸿蒙"),
    ("华为", "华为"),
    ("华为云", "华为云"),
    ("重庆长安", "重庆长安"),
    ("Meta", "Meta"),
    ("甲公司", "甲公司"),
    ("甲公司", "阿尔法"),
    ("乙公司", "乙公司"),
    ("乙公司", "阿尔法"),
]
NAMES = Names.of(LABELS, Lexicon().table("names"))


@pytest.mark.parametrize(
    ("text", "entity", "reason"),
    [
        ("鸿蒙", "鸿蒙", Reason.NAME),
        ("鴻蒙", "鸿蒙", Reason.NAME),  # traditional characters
        ("harmonyos", "鸿蒙", Reason.LEXICON),
        ("Huawei", "华为", Reason.LEXICON),
        ("hong meng", "鸿蒙", Reason.PINYIN),
        ("hongmeng", "鸿蒙", Reason.PINYIN),
        ("hm", "鸿蒙", Reason.INITIALS),
        ("chongqingchangan", "重庆长安", Reason.PINYIN),  # not zhongqing, though 重 alone is zhong
        ("huaweiy", "华为云", Reason.PINYIN_PREFIX),
        ("庆长", "重庆长安", Reason.INNER),
        ("META", "Meta", Reason.NAME),
    ],
)
def test_what_finds_an_entity_and_why(text: str, entity: str, reason: Reason) -> None:
    first = NAMES.search(text)[0]
    assert (first.entity, first.reason) == (entity, reason)


def test_the_whole_name_stands_before_its_beginning_and_each_entity_once() -> None:
    found = [match.entity for match in NAMES.search("华为")]
    assert found[:2] == ["华为", "华为云"]
    assert len(found) == len(set(found))


def test_a_name_that_two_have_names_neither_alone() -> None:
    assert NAMES.called("阿尔法") == ["乙公司", "甲公司"]
    assert NAMES.called("harmonyos") == ["鸿蒙"]
    assert NAMES.called("harmonyos", lexicon=False) == []


@pytest.mark.parametrize("text", ["", "  ", "\n", "无此名字", "zzzz", "'", "%"])
def test_what_finds_nothing(text: str) -> None:
    assert NAMES.search(text) == []


@given(
    labels=st.lists(st.tuples(st.sampled_from("甲乙丙"), st.text("甲乙aB c\n", min_size=1, max_size=5)), max_size=12),
    text=st.text("甲乙aB c\n", max_size=3),
)
def test_every_name_that_holds_the_text_is_found(labels: list[tuple[str, str]], text: str) -> None:
    names = Names.of(labels)
    sought = " ".join(text.casefold().split())
    holding = {entity for entity, label in labels if sought and sought in " ".join(label.casefold().split())}
    found = names.search(text)
    assert holding <= {match.entity for match in found}
    assert [match.rank for match in found] == sorted(match.rank for match in found)
    assert all((match.entity, match.name) in labels for match in found)
