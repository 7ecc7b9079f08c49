"""Names in a document: those of the lexicon, those that wording gives away, those a model sees, and every later echo of them.

The longest name wins; of two that are as long or that cross, the one whose rule stands first in `_TRUST`.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter

import regex

from kg.extraction import listed
from kg.extraction.aliases import defined_forms, honorifics, short_forms
from kg.extraction.companies import answering, employers, retyped
from kg.extraction.compounds import compounds, ends_name
from kg.extraction.designations import designated
from kg.extraction.gazetteer import Gazetteer, Hit, Name, gazetteer, stands_alone
from kg.extraction.latin import latin
from kg.extraction.naming import characters, kind_by_ending, own_end, stops, suffixed, trading, trimmed_left, trimmed_right
from kg.extraction.ner import Named, Ner
from kg.extraction.persons import appointed, called_like_a_person, spans_words, speakers, titled, trimmed_person
from kg.extraction.tokens import tokenizer
from kg.extraction.unread import senders
from kg.extraction.wording import announcing, headed, subjects, worded
from kg.lexicon import Lexicon
from kg.model import BlockKind, Kind, Layout, Mention, Role

Finder = Callable[[str, Layout, Lexicon], Iterator[Mention]]
_FINDERS: tuple[Finder, ...] = (
    *(suffixed, headed, titled, appointed, speakers, subjects, worded, latin),
    *(listed.shares, listed.coded, answering),
)
_WITH = "同"
_TRUST = (listed.RULE, "lexicon", "code", "title", "suffix", "head noun", "lac", "latin", "subject", "echo")
_WINDOW = 6  # characters on each side of a name in which words are cut
_SHORTEST = 2  # characters of names that two words can have in common
_LABEL_KINDS = {"ORG": Kind.COMPANY, "LOC": Kind.PLACE, "PER": Kind.COMPANY}  # PER: a brand that the model takes for a person


def mentions(view: str, layout: Layout, lexicon: Lexicon, ner: Ner | None = None) -> list[Mention]:
    """Return the names in a folded text, sorted, none overlapping another.

    Without a model, names come from the lexicon, from wording, and from what the document itself introduces.
    """
    found = list(known(view, lexicon))
    companies = [one for one in found if one.kind is Kind.COMPANY]
    found.extend(one for one in trading(view, companies, lexicon) if ends_name(view, one.end, lexicon))  # not 阿里云计算业务
    for finder in _FINDERS:
        found.extend(finder(view, layout, lexicon))
    if ner is not None:
        modelled = list(_modelled(view, layout, lexicon, ner))
        found.extend((*modelled, *trading(view, modelled, lexicon)))
    first = retyped(view, _longest(found), lexicon)
    first = _longest([*first, *employers(view, first, lexicon)])
    first = _longest([*first, *designated(view, first, lexicon), *compounds(view, first, lexicon)])
    echoed = _longest([*first, *_echoes(view, first, lexicon)])
    echoed = _longest([*echoed, *designated(view, echoed, lexicon)])  # 蓝湾S1 behind 蓝湾汽车
    return _of_no_asker(_outside_furniture(_of_the_text(echoed, view, lexicon), layout), view, layout)


def known(view: str, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the lexicon's names; a risky one only where it is a word of its own.

    The riskiest also need a longer form of theirs in the document, or an act of announcing right behind (`菜鸟否认`). None is what two
    words have in common wherever it stands: 含光 in 包含光刻机.
    """
    risky = _risky(lexicon)
    hits = list(gazetteer(lexicon).find(view))
    forms: dict[str, set[str]] = {}
    for hit in hits:
        forms.setdefault(hit.names[0].canonical, set()).add(hit.names[0].form)
    short = [hit for hit in hits if len(hit.names[0].form) == _SHORTEST and hit.names[0].kind is not Kind.STATE]
    doubtful = {hit.names[0].form for hit in short} - {hit.names[0].form for hit in short if not _straddles(view, hit, lexicon)}
    for hit in hits:
        name = hit.names[0]
        needs = risky.get(name.form)
        if needs is not None and not stands_alone(view, hit, lexicon):
            continue
        if needs == "seen" and len(forms[name.canonical]) == 1 and not announcing(view, hit.end, lexicon):
            continue
        if name.form in doubtful and _straddles(view, hit, lexicon):
            continue
        yield _mention(view, hit, "lexicon")


def _straddles(view: str, hit: Hit, lexicon: Lexicon) -> bool:
    """Say whether no word begins or ends where the name does (宇通 of 环宇通讯), or its characters belong to two.

    Of 生成都是 the first one of 成都 ends a word, and the last one begins another or is a particle.
    """
    common, start, end = tokenizer(lexicon).common, hit.start, hit.end
    window = max(0, start - _WINDOW)
    tokens = tokenizer(lexicon).tokenize(view[window : end + _WINDOW], window)
    if all(token.start != start and token.end != end for token in tokens):
        return True
    before = (view[max(0, start - length) : start + 1] for length in (1, 2))
    if not any(word.isalpha() and len(word) > 1 and common(word) for word in before):
        return False
    return view[end - 1] in characters(lexicon, "never") or common(view[end - 1 : end + 1])


@functools.lru_cache(maxsize=4)
def _risky(lexicon: Lexicon) -> dict[str, str]:
    return {row["name"]: row["needs"] for row in lexicon.table("risky_names")}


def _mention(view: str, hit: Hit, rule: str) -> Mention:
    return Mention(hit.start, hit.end, view[hit.start : hit.end], hit.names[0].kind, rule)


def _modelled(view: str, layout: Layout, lexicon: Lexicon, ner: Ner) -> Iterator[Mention]:
    """Yield what the model takes for names in the sentences, cut down to what can be one and typed by how it ends."""
    spans = [(sentence.start, sentence.end) for sentence in layout.sentences]
    for (offset, _), named in zip(spans, ner.names([view[start:end] for start, end in spans]), strict=True):
        for name in named:
            mention = _credible(view, Named(offset + name.start, offset + name.end, name.label), lexicon)
            if mention is not None:
                yield mention


_EDGES = regex.compile(r"^[^\w《]+|[^\w》)+]+$")
_BROKEN = regex.compile(r"[,。:;!?、“”「」\n]|[和与及或]|[合共总累]计")


def _credible(view: str, named: Named, lexicon: Lexicon) -> Mention | None:
    """Return the model's name as a mention; None where it holds punctuation, is a common word, or spoils a known name."""
    text = _EDGES.sub("", view[named.start : named.end])
    start = view.find(text, named.start)
    person = named.label == "PER" and called_like_a_person(text, lexicon)
    if len(text) < 2 or _BROKEN.search(text) or text in stops(lexicon) or _two_names(text, lexicon):
        return None
    if text.isascii():
        spelt_out = " " in text and named.label in ("PER", "ORG")
        return Mention(start, start + len(text), text, Kind.PERSON if person else Kind.COMPANY, "lac") if spelt_out else None
    if named.label in ("nz", "nw"):  # in Chinese characters these are mostly terms
        return None
    cut = trimmed_left(view, start, start + len(text), lexicon)
    start, text = cut, text[cut - start :]
    text = (
        trimmed_person(text, view, lexicon)
        if person
        else trimmed_right(view[start : own_end(view, start, start + len(text), lexicon)], lexicon)
    )
    if person:
        if not (2 <= len(text) <= 4 or "·" in text) or text.endswith(lexicon.words("job_titles")):
            return None
        if spans_words(text, lexicon):
            return None
    words = [text] if person else [token.text for token in tokenizer(lexicon).tokenize(text)]
    if all(tokenizer(lexicon).common(word) for word in words):
        return None
    kind = kind_by_ending(text, lexicon)
    if kind is None and not person:
        text = _without_noun(text, lexicon)
        kind = kind_by_ending(text, lexicon)
    opening = next((hit for hit in gazetteer(lexicon).find(text) if hit.start == 0 and hit.end < len(text)), None)
    if opening is not None:
        rest = text[opening.end :]
        if named.label == "LOC" and not tokenizer(lexicon).common(rest):
            start, text = start + opening.end, rest
        if len(rest) < 2 or not rest.isalpha() or rest.isascii() or (named.label != "LOC" and kind is None):
            return None
    return Mention(start, start + len(text), text, Kind.PERSON if person else kind or _LABEL_KINDS[named.label], "lac")


def _two_names(text: str, lexicon: Lexicon) -> bool:
    """Say whether 同 joins two names in what a model took for one: `鹭渡智行同霁川科技`."""
    left, joint, right = text.partition(_WITH)
    return bool(joint) and kind_by_ending(left, lexicon) is not None and kind_by_ending(right, lexicon) is not None


def _without_noun(text: str, lexicon: Lexicon) -> str:
    """Return a name that a model found without the noun behind its ending: 粤海航空 of `粤海航空机队`."""
    common = tokenizer(lexicon).common
    cuts = (
        end for end in range(len(text) - 2, _SHORTEST, -1) if common(text[end:]) and kind_by_ending(text[:end], lexicon) is Kind.COMPANY
    )
    return text[: next(cuts, len(text))]


def _longest(found: Iterable[Mention]) -> list[Mention]:
    """Return a sorted selection without overlaps: longest first, then by trust, then by place."""
    trust = {rule: rank for rank, rule in enumerate(_TRUST)}
    middle = len(_TRUST) // 2
    taken: list[Mention] = []
    occupied: set[int] = set()
    for mention in sorted(found, key=lambda one: (one.start - one.end, trust.get(one.rule, middle), one.start)):
        if occupied.isdisjoint(range(mention.start, mention.end)):
            occupied.update(range(mention.start, mention.end))
            taken.append(mention)
    return sorted(taken, key=attrgetter("start"))


def _echoes(view: str, found: Sequence[Mention], lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the other places where the document uses a name it has introduced, whole, shortened or by surname and address."""
    kinds: dict[str, Kind] = {}
    for mention in found:
        if mention.rule not in ("lexicon", "branch"):
            kinds.setdefault(mention.text, mention.kind)
    for text, kind in list(kinds.items()):
        if kind in (Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT):
            own, bracket, _ = text.partition("(")  # 砺芯科创(苏州)有限公司 has a parent, or is it
            for form in (*short_forms(text, lexicon), *((own,) if bracket and len(own) > 2 else ())):
                kinds.setdefault(form, kind)
    kinds |= {form: mention.kind for mention, form in defined_forms(view, found, lexicon)}
    addressed = honorifics((mention.text for mention in found if mention.kind is Kind.PERSON), lexicon)
    kinds |= dict.fromkeys(addressed, Kind.PERSON)
    if not kinds:
        return
    words = tokenizer(lexicon)
    for hit in Gazetteer(Name(form, kind, form) for form, kind in kinds.items()).find(view):
        form = view[hit.start : hit.end]
        cut = words.common(view[hit.end - 1 : hit.end + 1])  # 李总是 is not 李总
        whole = not cut if form in addressed else len(form) > 2 or stands_alone(view, hit, lexicon)
        if whole:
            yield _mention(view, hit, "echo")


def _of_the_text(found: Sequence[Mention], view: str, lexicon: Lexicon) -> list[Mention]:
    """Leave out the outlet that a dateline opens with (`江城网8月1日讯`), and what is the code of a share."""
    unnamed = [*senders(view, lexicon), *listed.codes(view)]
    return [one for one in found if not any(start <= one.start < end for start, end in unnamed)]


def _outside_furniture(found: Sequence[Mention], layout: Layout) -> list[Mention]:
    furniture = [block for block in layout.blocks if block.kind is BlockKind.FURNITURE]
    return [one for one in found if one.rule == listed.RULE or not any(block.start <= one.start < block.end for block in furniture)]


def _of_no_asker(found: Sequence[Mention], view: str, layout: Layout) -> list[Mention]:
    """Leave out what labels a question and is no person (`甲周刊:贵公司…?`): who asks is not spoken of."""
    starts = (turn.start for turn in layout.turns if turn.role is Role.QUESTION)
    labels = [(view.rfind("\n", 0, start) + 1, start) for start in starts]
    return [one for one in found if one.kind is Kind.PERSON or not any(start <= one.start and one.end <= end for start, end in labels)]
