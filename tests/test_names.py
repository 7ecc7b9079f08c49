"""Names to be searched: what finds an entity, why, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.names import Lexical, Reason, compared
from kg.graph.tables.named import Names
from kg.lexicon import Lexicon
from kg.pinyin import spelling, squeezed

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
NAMES = Names.of(LABELS, Lexical(Lexicon().table("names")))


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


ROWS = [
    {"name": "甲", "canonical": "甲公司", "en": "Alpha"},
    {"name": "甲公司", "canonical": "甲公司", "en": ""},
    {"name": "乙", "canonical": "乙", "en": "Be"},
    {"name": "aB", "canonical": "丙", "en": "Ce"},
]


def _plainly(labels: list[tuple[str, str]], text: str) -> list[tuple[str, str, str]]:
    """Search by going through all names, those of the lexicon too."""
    there = {entity for entity, _ in labels}
    names = {pair: Reason.NAME if pair[0] == pair[1] else Reason.ALIAS for pair in labels}
    for row in ROWS:
        for other in ROWS:
            if other["canonical"] == row["canonical"]:
                for entity in there & {row["name"], row["canonical"]}:
                    for alias in filter(None, other.values()):
                        names.setdefault((entity, alias), Reason.LEXICON)
    sought = compared(text)
    letters = squeezed(sought)
    order, found = [*Reason], {}
    for (entity, name), origin in names.items() if sought else ():
        key, spelled = compared(name), spelling(name)
        reasons = [(origin, "")] if key == sought else [(Reason.PREFIX, "")] if key.startswith(sought) else []
        reasons += [(Reason.INNER, "")] if sought in key else []
        if spelled and len(letters) > 1 and letters.isascii():
            reasons += [(Reason.PINYIN, "")] if spelled.whole == letters else []
            reasons += [(Reason.PINYIN_PREFIX, spelled.whole)] if spelled.whole.startswith(letters) else []
            reasons += [(Reason.INITIALS, "")] if spelled.initials == letters else []
        for reason, first in reasons:
            rank = order.index(reason), len(name), first, name
            found[entity] = min(found.get(entity, rank), rank)
    return [(entity, rank[3], order[rank[0]]) for entity, rank in sorted(found.items(), key=lambda one: (*one[1][:2], one[0]))]


@given(
    labels=st.lists(
        st.tuples(st.sampled_from(["甲", "乙", "丙", "甲公司", "aB"]), st.text("甲乙aB c", min_size=1, max_size=4)), max_size=12
    ),
    text=st.sampled_from(["jia", "yi", "jy", "a", "ab", "c", "be", "ji", "jiag", "甲", "乙", "公", "甲公司", "B", "ALPHA", "p", " "]),
)
def test_a_search_finds_what_going_through_all_names_would(labels: list[tuple[str, str]], text: str) -> None:
    labels = [*{*labels, *((entity, entity) for entity, _ in labels)}]
    names = Names.of(labels, Lexical(ROWS))
    assert [(match.entity, match.name, match.reason) for match in names.search(text)] == _plainly(labels, text)
    keys = {entity for entity, name in labels if compared(name) == compared(text)}
    assert names.called(text, lexicon=False) == sorted(keys)
    assert {entity for entity, _, _ in names.forms} == {entity for entity, _ in labels}


@given(
    labels=st.lists(st.tuples(st.sampled_from("甲乙丙"), st.text("甲乙aB c\n", min_size=1, max_size=5)), max_size=12),
    text=st.text("甲乙aB c\n", max_size=3),
)
def test_every_name_that_holds_the_text_is_found(labels: list[tuple[str, str]], text: str) -> None:
    names = Names.of(labels, Lexical())
    sought = " ".join(text.casefold().split())
    holding = {entity for entity, label in labels if sought and sought in " ".join(label.casefold().split())}
    found = names.search(text)
    assert holding <= {match.entity for match in found}
    assert [match.rank for match in found] == sorted(match.rank for match in found)
    assert all((match.entity, match.name) in labels for match in found)
