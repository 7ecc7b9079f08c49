"""Which entity a name stands for: `text → entity`, in the order of the text."""

import dataclasses
from types import MappingProxyType

import pytest

from kg.extraction.link import entities, link
from kg.extraction.mentions import mentions
from kg.extraction.segment import segment
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Document, Kind, Reference, Unresolved

LEXICON = Lexicon()


def read(text: str, lexicon: Lexicon = LEXICON) -> tuple[list[Reference], list[Unresolved]]:
    document = Document("0", "sample", text, "sample.txt")
    view = fold(text)
    return link(document, view, mentions(view, segment(document, lexicon), lexicon, None), lexicon)


def linked(text: str) -> list[tuple[str, str]]:
    return [(one.mention.text, one.entity) for one in read(text)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Harmony OS就是鸿蒙操作系统。", [("Harmony OS", "鸿蒙"), ("鸿蒙操作系统", "鸿蒙")]),
        ("华为技术有限公司否认。", [("华为技术有限公司", "华为")]),
        ("openEuler就是欧拉。", [("openEuler", "欧拉"), ("欧拉", "欧拉")]),
        ("IT 之家报道。", [("IT 之家", "IT之家")]),
        ("宇树科技股份有限公司公告。", [("宇树科技股份有限公司", "宇树科技")]),
    ],
)
def test_the_lexicon_gives_the_canonical_name(text: str, expected: list[tuple[str, str]]) -> None:
    assert linked(text) == expected


def test_a_document_that_never_uses_the_canonical_name_keeps_its_own_and_the_entity_both() -> None:
    references, _ = read("openEuler由社区维护,华为支持openEuler。")
    assert [(one.entity, one.canonical) for one in references] == [("openEuler", "欧拉"), ("华为", None), ("openEuler", "欧拉")]
    assert [(one.name, one.canonical) for one in entities(references)] == [("openEuler", "欧拉"), ("华为", None)]


def test_a_canonical_name_that_the_text_hardly_uses_makes_way() -> None:
    text = "海尔集团公告。" * 5
    assert {entity for _, entity in linked(text + "海尔盈利。")} == {"海尔集团"}
    assert {entity for _, entity in linked(text + "海尔盈利。海尔增资。")} == {"海尔"}


def test_a_name_outside_the_lexicon_is_written_as_the_text_writes_it_most() -> None:
    text = "星瀚科技有限公司公告。星瀚科技盈利,星瀚科技增资,股东看好星瀚。"
    assert {entity for _, entity in linked(text)} == {"星瀚科技"}


def test_a_legal_form_makes_way_for_any_other_and_a_bare_name_for_one_with_its_trade() -> None:
    assert {entity for _, entity in linked("星瀚科技有限公司公告。星瀚科技有限公司盈利。")} == {"星瀚科技有限公司"}
    assert {entity for _, entity in linked("星瀚科技有限公司公告。星瀚盈利。")} == {"星瀚"}
    assert {entity for _, entity in linked("星瀚科技公告。星瀚盈利。星瀚增资。")} == {"星瀚科技"}


def test_an_issuer_goes_by_the_name_it_publishes_under() -> None:
    text = "星瀚科技有限公司公告。"
    document = Document("0", "sample", text, "sample.txt", publisher="星瀚科技")
    references, _ = link(document, text, mentions(text, segment(document, LEXICON), LEXICON, None), LEXICON)
    assert [one.entity for one in references] == ["星瀚科技"]


def test_an_abbreviation_is_the_name_it_was_given_to() -> None:
    text = "霁川新材料有限公司(以下简称“川材”)公告称,川材没有重组计划。"
    (full, *_), _ = read(text)
    references, _ = read(text)
    assert {one.entity for one in references} == {"川材"}
    assert full.kind is Kind.COMPANY


@pytest.mark.parametrize("brackets", ["以下简称“川材”或“公司”", "下称“川材”", "证券简称：川材", "简称川材"])
def test_a_form_that_brackets_define_is_what_the_document_calls_it(brackets: str) -> None:
    references, _ = read(f"霁川新材料股份有限公司({brackets})公告。川材没有重组计划。")
    assert {one.entity for one in references} == {"川材"}


def test_a_word_that_is_everyones_defines_nothing() -> None:
    assert {entity for _, entity in linked("霁川新材料股份有限公司(以下简称“标的公司”)公告。标的公司盈利。")} == {"霁川新材料股份有限公司"}


def test_surname_and_address_are_the_person() -> None:
    assert linked("董事长李明远发言。李总没有回答,李总走了。")[1:] == [("李总", "李明远"), ("李总", "李明远")]


def test_an_address_that_two_persons_share_stays_unresolved() -> None:
    _, unresolved = read("董事长李明远和总经理李静发言,李总没有回答。")
    assert [(one.text, one.reason) for one in unresolved] == [("李总", "may be 李明远、李静")]


def test_a_subsidiary_is_not_its_parent() -> None:
    assert linked("海尔电器(泰国)有限公司成立。") == [("海尔电器(泰国)有限公司", "海尔电器(泰国)有限公司")]


def test_two_companies_of_one_short_name_stay_unresolved() -> None:
    references, unresolved = read("星瀚科技有限公司与星瀚生物有限公司都公告了,星瀚没有回应。")
    assert "星瀚" not in {one.mention.text for one in references}
    assert [(one.text, one.reason) for one in unresolved] == [("星瀚", "may be 星瀚生物有限公司、星瀚科技有限公司")]


def test_a_full_name_with_and_without_its_place_is_one() -> None:
    assert len({entity for _, entity in linked("北京星瀚科技有限公司公告。星瀚科技有限公司盈利,星瀚上市。")}) == 1


def test_a_form_with_two_meanings_in_the_lexicon_needs_the_document_to_decide() -> None:
    rows = [
        {"name": "辰光", "kind": "company", "canonical": "辰光电子", "en": ""},
        {"name": "辰光", "kind": "company", "canonical": "辰光药业", "en": ""},
        {"name": "辰光药业", "kind": "company", "canonical": "辰光药业", "en": ""},
    ]
    lexicon = dataclasses.replace(LEXICON, names=tuple(MappingProxyType(row) for row in rows))
    _, unresolved = read("辰光公告。", lexicon)
    assert [one.reason for one in unresolved] == ["may be 辰光电子、辰光药业"]
    references, unresolved = read("辰光药业公告,辰光盈利。", lexicon)
    assert [one.entity for one in references] == ["辰光药业", "辰光药业"]
    assert unresolved == []


def test_the_text_s_own_characters_make_the_name() -> None:
    assert linked("檀嶼科技有限公司公告。")[0][1] == "檀嶼科技有限公司"


def test_every_mention_is_linked_or_kept() -> None:
    text = "华为与星瀚科技有限公司、星瀚生物有限公司签约,星瀚和徐直军到场。"
    view = fold(text)
    found = mentions(view, segment(Document("0", "sample", text, "sample.txt"), LEXICON), LEXICON, None)
    references, unresolved = read(text)
    assert sorted([one.mention.start for one in references] + [one.start for one in unresolved]) == [one.start for one in found]


def test_entities_gather_the_forms() -> None:
    references, _ = read("Harmony OS就是鸿蒙,徐直军说。")
    assert [(one.name, one.kind, one.aliases) for one in entities(references)] == [
        ("徐直军", Kind.PERSON, ()),
        ("鸿蒙", Kind.PRODUCT, ("Harmony OS",)),
    ]
