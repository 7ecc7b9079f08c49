"""Companies that no ending of their own gives away, by what stands beside them: a post, answers, a board, what they are."""

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import regex

from kg.expressions import compiled
from kg.extraction.aliases import short_forms
from kg.extraction.naming import CLOSED_CLASSES, OFTEN, begins_in_pieces, in_pieces, kind_by_ending, stops
from kg.extraction.tokens import tokenizer
from kg.folding import fold
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Layout, Mention, Role

_REACH = 30  # characters before a person in which the post and the employer stand
_LABEL = 30  # characters before a turn within which its label stands
_HAN_LABEL = compiled(r"\p{Han}{3,8}")
_THINGS = frozenset(("n", "nz", "vn"))
_DOUBTFUL = frozenset((Kind.PERSON, Kind.PRODUCT, Kind.PLACE))
_MARKED = {"“": "”", "「": "」", '"': '"'}
_HELD = "旗下"
_MODELLED = "lac"
_BY_NOUN = frozenset(("head noun", "product-called", "product-quoted"))


@functools.lru_cache(maxsize=4)
def _posted(lexicon: Lexicon) -> "tuple[regex.Pattern[str], regex.Pattern[str]]":
    """Return what stands right before a person: a name with the ending of a company, or any few characters, then titles."""
    endings = alternation(row["suffix"] for row in lexicon.table("org_suffixes") if row["kind"] == Kind.COMPANY)
    titles = alternation(lexicon.words("job_titles"))
    posts = rf"(?:{titles}(?:兼任?|、|及|,)?)+[ :]?$"
    begins = r"(?<![\p{Han}A-Za-z0-9])(?P<name>"
    return compiled(rf"{begins}\p{{Han}}{{1,6}}{endings}){posts}"), compiled(rf"{begins}\p{{Han}}{{2,4}}?){posts}")


def employers(view: str, found: Iterable[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """Yield what stands between the beginning of a phrase and the title of one of the persons that were found."""
    for person in found:
        if person.kind is not Kind.PERSON:
            continue
        built, coined = (pattern.search(view, max(0, person.start - _REACH), person.start) for pattern in _posted(lexicon))
        if built is not None and _is_name(built["name"], lexicon):
            yield Mention(*built.span("name"), built["name"], Kind.COMPANY, "employer")
        elif coined is not None and _coined_name(view, coined["name"], lexicon):
            yield Mention(*coined.span("name"), coined["name"], Kind.COMPANY, "employer")


def _coined_name(view: str, name: str, lexicon: Lexicon) -> bool:
    """Say whether a text calls something by a name of single characters often, or more than once by one that begins with two of them."""
    times = view.count(name)
    return (times >= OFTEN and in_pieces(name, lexicon)) or (times > 1 and begins_in_pieces(name, lexicon))


def answering(view: str, layout: Layout, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield who answers questions, where that is a name but no person's (`浮岛游戏:您好,…`)."""
    surnames = frozenset(lexicon.words("surnames"))
    for turn in layout.turns:
        name = fold(turn.speaker or "") if turn.role is Role.ANSWER else ""
        person = name[:1] in surnames or name[:2] in surnames
        if not _HAN_LABEL.fullmatch(name) or person or tokenizer(lexicon).common(name) or not _is_name(name, lexicon):
            continue
        start = view.rfind(name, max(0, turn.start - _LABEL), turn.start)
        if start >= 0:
            yield Mention(start, start + len(name), name, Kind.COMPANY, "answers")


def retyped(view: str, found: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """Return names with the kind that what stands beside one of them shows all that are called so to have.

    What a model takes for a person, or a noun makes a product, is a company where it has a board or a chief or is called a company
    (`功率器件厂昱芯`, `锐翼无人机创始人`); what a model finds, and nothing built like a company, is a product where it is called one, or
    is quoted behind a noun (`新药瑞澹宁`, `酸奶“沐原”`). What it takes for a place is the company that goes by a longer name (祁川汽车).
    """
    short = {form for one in found if one.kind is Kind.COMPANY and one.rule != _MODELLED for form in short_forms(one.text, lexicon)}
    kinds: dict[str, Kind | None] = {}
    for mention in found:
        if mention.text not in kinds:
            misplaced = mention.kind is Kind.PLACE and mention.rule == _MODELLED and mention.text in short
            kinds[mention.text] = Kind.COMPANY if misplaced else _shown(view, mention, lexicon)
    return [
        replace(one, kind=kind) if (kind := kinds[one.text]) and (one.kind in _DOUBTFUL or _coined(one, lexicon)) else one for one in found
    ]


def _coined(mention: Mention, lexicon: Lexicon) -> bool:
    """Say whether a model found a company that does not end like one."""
    return mention.rule == _MODELLED and mention.kind is Kind.COMPANY and kind_by_ending(mention.text, lexicon) is None


def _shown(view: str, mention: Mention, lexicon: Lexicon) -> Kind | None:
    """Return the kind that what stands beside a name shows it to have, wherever the text has it; None where that shows none."""
    person = mention.rule == _MODELLED and mention.kind is Kind.PERSON and "·" not in mention.text
    product = mention.kind is Kind.PRODUCT and mention.rule in _BY_NOUN
    coined = _coined(mention, lexicon)
    if not person and not product and not coined:
        return None
    organs, chiefs, called, things = _cues(lexicon)
    owner = person and mention.text.startswith(lexicon.words("surnames"))
    for start in _starts(view, mention.text):
        end = start + len(mention.text)
        if owner and view.startswith(_HELD, end):
            continue  # 姚振华旗下 is what a person owns
        if organs.match(view, end) or (product and chiefs.match(view, end)):
            return Kind.COMPANY
        if not product and called.search(view, max(0, start - _REACH), start):
            return Kind.COMPANY
        if not product and things.search(view, max(0, start - _REACH), start):
            return Kind.PRODUCT
    return Kind.PRODUCT if not product and _quoted_behind_noun(view, mention, lexicon) else None


def _starts(view: str, text: str) -> Iterator[int]:
    start = view.find(text)
    while start >= 0:
        yield start
        start = view.find(text, start + len(text))


def _quoted_behind_noun(view: str, mention: Mention, lexicon: Lexicon) -> bool:
    """Say whether a name stands in quotation marks behind a noun that is no person's (`低温酸奶“沐原”`)."""
    before = view[mention.start - 1 : mention.start]
    if before not in _MARKED or not view.startswith(_MARKED[before], mention.end):
        return False
    words = tokenizer(lexicon).tokenize(view[max(0, mention.start - _REACH) : mention.start - 1])
    last = words[-1] if words else None
    return last is not None and last.tag in _THINGS and not last.text.endswith(lexicon.words("job_titles"))


@functools.lru_cache(maxsize=4)
def _cues(lexicon: Lexicon) -> "tuple[regex.Pattern[str], ...]":
    """Return what stands behind a company and no person, what behind either, and what a company and a product are called, right before."""
    rows = lexicon.table("company_cues")
    organs, called, things = (alternation(row["word"] for row in rows if row["side"] == side) for side in ("behind", "before", "thing"))
    chiefs = alternation(lexicon.words("job_titles"))
    behind, before = (
        (compiled(rf"[”」\"]?{words}") for words in (organs, chiefs)),
        (compiled(rf"{words}[“「\"]?$") for words in (called, things)),
    )
    return (*behind, *before)


def _is_name(text: str, lexicon: Lexicon) -> bool:
    """Say whether a stretch is no phrase: none of its words is one of grammar or one that no name holds (`该公司`, `某汽车企业`)."""
    words = tokenizer(lexicon).tokenize(text)
    return all(word.tag not in CLOSED_CLASSES and word.text not in stops(lexicon) for word in words)
