"""Names in a document: those of the lexicon, those that wording gives away, those a model sees, and every later echo of them.

The longest name wins; of two that are as long or that cross, the one whose rule stands first in `_TRUST`.
"""

import functools
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

import regex

from kg.extraction.aliases import defined_forms, honorifics, short_forms
from kg.extraction.gazetteer import Gazetteer, Hit, Name, gazetteer, stands_alone
from kg.extraction.naming import FINDERS
from kg.extraction.ner import Named, Ner
from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon, alternation
from kg.model import BlockKind, Kind, Layout, Mention

_TRUST = ("lexicon", "title", "suffix", "head noun", "latin", "subject", "lac", "echo")
_LABEL_KINDS = {"PER": Kind.PERSON, "ORG": Kind.COMPANY, "LOC": Kind.PLACE, "nz": Kind.PRODUCT, "nw": Kind.PRODUCT}


def mentions(view: str, layout: Layout, lexicon: Lexicon, ner: Ner | None = None) -> list[Mention]:
    """Return the names in a folded text, sorted, none overlapping another.

    Without a model, names come from the lexicon, from wording, and from what the document itself introduces.
    """
    found = list(known(view, lexicon))
    for finder in FINDERS:
        found.extend(finder(view, layout, lexicon))
    if ner is not None:
        found.extend(_modelled(view, layout, lexicon, ner))
    first = _longest(found)
    return _outside_furniture(_longest([*first, *_echoes(view, first, lexicon)]), layout)


def known(view: str, lexicon: Lexicon) -> Iterator[Mention]:
    """Yield the lexicon's names; a risky one only where it is a word of its own, or a longer form stands in the document."""
    risky = _risky(lexicon)
    hits = list(gazetteer(lexicon).find(view))
    forms: dict[str, set[str]] = {}
    for hit in hits:
        forms.setdefault(hit.names[0].canonical, set()).add(hit.names[0].form)
    for hit in hits:
        name = hit.names[0]
        needs = risky.get(name.form)
        if needs == "seen" and len(forms[name.canonical]) == 1:
            continue
        if needs is not None and not stands_alone(view, hit, lexicon):
            continue
        yield _mention(view, hit, "lexicon")


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


_TRIMMED = regex.compile(r"^[^\w《]+|[^\w》)+]+$")


def _credible(view: str, named: Named, lexicon: Lexicon) -> Mention | None:
    """Return the model's name as a mention; None where it holds punctuation, is a common word, or is Latin (which has its own finder)."""
    start, end = named.start, named.end
    text = view[start:end]
    trimmed = _TRIMMED.sub("", text)
    start += text.find(trimmed)
    end = start + len(trimmed)
    if len(trimmed) < 2 or trimmed.isascii() or regex.search(r"[,。:;!?、“”「」\n]", trimmed):
        return None
    if trimmed in _stops(lexicon) or (named.label != "LOC" and tokenizer(lexicon).common(trimmed)):
        return None
    if named.label in ("nz", "nw") and not any(char.isascii() and char.isalnum() for char in trimmed):
        return None  # the model's other proper names in Chinese are mostly terms
    kind = _kind_by_ending(trimmed, lexicon) or _LABEL_KINDS[named.label]
    return Mention(start, end, trimmed, Kind.PERSON if named.label == "PER" else kind, "lac")


@functools.lru_cache(maxsize=4)
def _stops(lexicon: Lexicon) -> frozenset[str]:
    names = ("name_stops", "job_titles", "latin_stops", "subject_verbs")
    return frozenset(word for name in names for word in lexicon.words(name))


@functools.lru_cache(maxsize=4)
def _kinds_by_ending(lexicon: Lexicon) -> "tuple[regex.Pattern[str], dict[str, Kind]]":
    kinds = {row["noun"]: Kind(row["kind"]) for row in lexicon.table("head_nouns")}
    kinds |= {row["suffix"]: Kind(row["kind"]) for row in lexicon.table("org_suffixes")}
    return regex.compile(f"{alternation(kinds)}$"), kinds


def _kind_by_ending(text: str, lexicon: Lexicon) -> Kind | None:
    pattern, kinds = _kinds_by_ending(lexicon)
    match = pattern.search(text)
    return kinds[match[0]] if match else None


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
    names: dict[str, Name] = {}
    for mention in found:
        if mention.rule == "lexicon":
            continue
        if mention.rule != "latin" and not _echoable(mention):
            continue
        names.setdefault(mention.text, Name(mention.text, mention.kind, mention.text))
    shortened: dict[str, set[str]] = {}
    for name in list(names.values()):
        if name.kind in (Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT):
            for form in short_forms(name.form, lexicon):
                shortened.setdefault(form, set()).add(name.form)
    for form, owners in shortened.items():
        owner = names[min(owners, key=len)]
        names.setdefault(form, Name(form, owner.kind, owner.form))
    for mention, form in defined_forms(view, found):
        names[form] = Name(form, mention.kind, mention.text)
    persons = (mention.text for mention in found if mention.kind is Kind.PERSON)
    for form, person in honorifics(persons, lexicon).items():
        names.setdefault(form, Name(form, Kind.PERSON, person))
    if names:
        for hit in Gazetteer(names.values()).find(view):
            if len(hit.names[0].form) > 2 or stands_alone(view, hit, lexicon):
                yield _mention(view, hit, "echo")


def _echoable(mention: Mention) -> bool:
    return len(mention.text) > 1


def _outside_furniture(found: Sequence[Mention], layout: Layout) -> list[Mention]:
    furniture = [block for block in layout.blocks if block.kind is BlockKind.FURNITURE]
    return [one for one in found if not any(block.start <= one.start < block.end for block in furniture)]
