"""Which entity each name stands for: the lexicon's canonical name, or the form that the document itself uses most for it."""

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.extraction.aliases import defined_forms, honorifics, short_forms
from kg.extraction.gazetteer import Name, gazetteer
from kg.lexicon import Lexicon
from kg.model import Document, Entity, Kind, Mention, Reference, Unresolved

_ORGANISED = frozenset((Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT))
_SHORTENED = frozenset((*_ORGANISED, Kind.PERSON, Kind.PRODUCT))


@dataclass(frozen=True, slots=True)
class _Local:
    """What a document says about its own names.

    `owners` holds for each shorter form the full names it may stand for, `usual` for each full name the mention that is
    written most, `kinds` the kind of each form by the rule that knows best.
    """

    owners: Mapping[str, frozenset[str]]
    usual: Mapping[str, Mention]
    kinds: Mapping[str, Kind]


def link(document: Document, view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> tuple[list[Reference], list[Unresolved]]:
    """Return a reference for every mention that one entity alone can be meant by, and the rest with the reason.

    A name that the lexicon does not have is written in the form that the document uses most, the fullest of several; the
    publisher's own name in the form in which it publishes.
    """
    local = _local(view, mentions, lexicon)
    mentioned = {name.canonical for text in local.kinds if len(name_of := _canonicals(text, lexicon)) == 1 for name in name_of}
    references: list[Reference] = []
    unresolved: list[Unresolved] = []
    for mention in mentions:
        if mention.rule == "lexicon":
            found = _canonicals(mention.text, lexicon)
            meant = [name for name in found if name.canonical in mentioned] if len(found) > 1 else found
            candidates = meant or found
            if len(candidates) == 1:
                name = candidates[0]
                references.append(Reference(mention, name.canonical, name.kind, "exact" if name.canonical == mention.text else "alias"))
            else:
                unresolved.append(_open(mention, (name.canonical for name in candidates)))
            continue
        full = local.owners.get(mention.text, frozenset((mention.text,)))
        if len(full) == 1:
            references.append(_reference(document, mention, local, lexicon))
        else:
            unresolved.append(_open(mention, full))
    return references, unresolved


def _open(mention: Mention, candidates: Iterable[str]) -> Unresolved:
    return Unresolved(mention.start, mention.end, mention.text, f"may be {'、'.join(sorted(candidates))}")


def _canonicals(text: str, lexicon: Lexicon) -> list[Name]:
    """Return the meanings of a form, one for each canonical name."""
    return list({name.canonical: name for name in gazetteer(lexicon).known(text)}.values())


def _reference(document: Document, mention: Mention, local: _Local, lexicon: Lexicon) -> Reference:
    name = next(iter(local.owners.get(mention.text, (mention.text,))))
    known = _known(name, lexicon)
    if known is not None:
        return Reference(mention, known.canonical, known.kind, "alias")
    form = local.usual.get(name, mention)
    entity = document.text[form.start : form.end]
    if document.publisher in short_forms(name, lexicon):
        entity = document.publisher  # the form that an issuer goes by
    kind = local.kinds.get(name, mention.kind)
    return Reference(mention, entity, kind, "exact" if form.text == mention.text else "short form")


@functools.lru_cache(maxsize=4)
def _legal(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(row["suffix"] for row in lexicon.table("org_suffixes") if row["form"] in ("formal", "legal"))


def _known(name: str, lexicon: Lexicon) -> Name | None:
    """Return what the lexicon knows a full name by: the name itself, or the name without an ending that says no more than "company"."""
    gone = _legal(lexicon)
    for form in (name, *(short for short in short_forms(name, lexicon) if name.startswith(short) and name[len(short) :] in gone)):
        names = gazetteer(lexicon).known(form)
        if names and names[0].kind in _SHORTENED:
            return names[0]
    return None


def _local(view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> _Local:
    owners = _owners(view, mentions, lexicon)
    counts: dict[str, Counter[str]] = {}
    best: dict[str, Mention] = {}
    for mention in mentions:
        if mention.text not in best or best[mention.text].rule in ("lac", "echo"):
            best[mention.text] = mention  # the model and the echoes settle a kind only where nothing else speaks
        if mention.kind is Kind.PERSON and mention.text in owners:
            continue  # 徐总 is no name to file a person under
        for full in owners.get(mention.text, frozenset((mention.text,))):
            counts.setdefault(full, Counter())[mention.text] += 1
    usual = {full: best[max(forms, key=lambda form: (forms[form], len(form), form))] for full, forms in counts.items()}
    return _Local(owners, usual, {text: mention.kind for text, mention in best.items()})


def _owners(view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Return for each form the fullest names it may stand for in this document; forms that stand for themselves are left out."""
    shorter: dict[str, set[str]] = {}
    for mention, form in defined_forms(view, mentions, lexicon):
        if form != mention.text and form not in shorter.get(mention.text, ()):
            shorter[form] = {mention.text}
    defined = frozenset(shorter)
    for name in sorted({mention.text for mention in mentions if mention.kind in _ORGANISED}):
        for form in short_forms(name, lexicon):
            if form not in defined:
                shorter.setdefault(form, set()).add(name)
    persons = (mention.text for mention in mentions if mention.kind is Kind.PERSON)
    for form, people in honorifics(persons, lexicon).items():
        shorter.setdefault(form, set(people))
    return {form: frozenset(_fullest(names, shorter)) for form, names in shorter.items()}


def _fullest(names: set[str], shorter: Mapping[str, set[str]]) -> set[str]:
    """Return the names without those that another of them shortens to, each followed to the end (C → B → A gives A)."""
    roots = {name for name in names if not shorter.get(name, set()) & names}
    if len(roots) == 1:
        (root,) = roots
        seen = {root}
        while len(above := shorter.get(root, set())) == 1 and not above & seen:
            (root,) = above
            seen.add(root)
        return {root}
    return roots or names


def entities(references: Iterable[Reference]) -> list[Entity]:
    """Return the entities that references name, sorted, each with the other forms it was named by."""
    forms: dict[str, set[str]] = {}
    kinds: dict[str, Kind] = {}
    for reference in references:
        forms.setdefault(reference.entity, set()).add(reference.mention.text)
        kinds.setdefault(reference.entity, reference.kind)
    return [Entity(name, kinds[name], tuple(sorted(forms[name] - {name}))) for name in sorted(forms)]
