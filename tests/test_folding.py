"""The folded view: as long as the text whatever is in it, half-width and simplified where the text is Chinese."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.folding import fold

CHINESE = st.text(st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF))


@given(st.text())
def test_the_view_is_as_long_as_any_text(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(CHINESE)
@example("㊠")  # a circled 項
def test_folding_a_view_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(CHINESE, CHINESE)
def test_each_character_is_folded_by_itself(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("華為否認出售雲業務", "华为否认出售云业务"),
        ("２０２５年，ＡＢＣ（５Ｇ）：１００％！", "2025年,ABC(5G):100%!"),
        ("“安屿”、《公告》「声明」。", "“安屿”、《公告》「声明」。"),
        ("等等……", "等等……"),
        ("增长①成，㎡不变", "增长1成,㎡不变"),
        ("plain ASCII, 100%", "plain ASCII, 100%"),
        ("𠀀🚗", "𠀀🚗"),
        ("", ""),
    ],
)
def test_width_and_variants_fold_and_the_rest_stays(text: str, view: str) -> None:
    assert fold(text) == view
