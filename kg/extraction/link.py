"""Which entity each name stands for: the lexicon's canonical name, or the fullest form that the document itself ties it to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kg.extraction.aliases import defined_forms, honorifics, short_forms
from kg.extraction.gazetteer import Name, gazetteer
from kg.lexicon import Lexicon
from kg.model import Document, Entity, Kind, Mention, Reference, Unresolved

_ORGANISED = frozenset((Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT))


def link(document: Document, view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> tuple[list[Reference], list[Unresolved]]:
    """Return a reference for every mention that one entity alone can be meant by, and the rest with the reason.

    A name that the lexicon does not have is written in the form that the document uses most, the fullest of several.
    """
    owners = _owners(view, mentions, lexicon)
    usual = _usual_forms(mentions, owners)
    references: list[Reference] = []
    unresolved: list[Unresolved] = []
    for mention in mentions:
        known = gazetteer(lexicon).known(mention.text) if mention.rule == "lexicon" else ()
        if known:
            basis = "exact" if known[0].canonical == mention.text else "alias"
            references.append(Reference(mention, known[0].canonical, known[0].kind, basis))
            continue
        full = owners.get(mention.text, frozenset((mention.text,)))
        if len(full) > 1:
            unresolved.append(Unresolved(mention.start, mention.end, mention.text, f"may be {'、'.join(sorted(full))}"))
            continue
        references.append(_reference(document, mention, (next(iter(full)), usual), lexicon))
    return references, unresolved


def _reference(document: Document, mention: Mention, target: tuple[str, Mapping[str, Mention]], lexicon: Lexicon) -> Reference:
    name, usual = target
    known = _known(name, lexicon)
    if known is not None:
        return Reference(mention, known.canonical, known.kind, "alias")
    form = usual.get(name, mention)
    entity = document.text[form.start : form.end]
    return Reference(mention, entity, form.kind, "exact" if form.text == mention.text else "short form")


def _known(name: str, lexicon: Lexicon) -> Name | None:
    """Return what the lexicon knows a full name by: the name, or the name without its legal ending and place."""
    for form in (name, *(short for short in short_forms(name, lexicon) if name.startswith(short))):
        names = gazetteer(lexicon).known(form)
        if names and names[0].kind in (*_ORGANISED, Kind.PERSON, Kind.PRODUCT):
            return names[0]
    return None


def _owners(view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Return for each form the fullest names it may stand for in this document; forms that stand for themselves are left out."""
    shorter: dict[str, set[str]] = {}
    defined = {form: mention.text for mention, form in defined_forms(view, mentions, lexicon) if form != mention.text}
    for form, name in defined.items():
        shorter[form] = {name}
    for name in {mention.text for mention in mentions if mention.kind in _ORGANISED}:
        for form in short_forms(name, lexicon):
            if form not in defined:
                shorter.setdefault(form, set()).add(name)
    persons = (mention.text for mention in mentions if mention.kind is Kind.PERSON)
    for form, person in honorifics(persons, lexicon).items():
        shorter.setdefault(form, {person})
    # A full name that another shortens to (德恒律师事务所 of 北京德恒律师事务所) is no rival of it.
    return {form: frozenset(name for name in names if not shorter.get(name, set()) & names) for form, names in shorter.items()}


def _usual_forms(mentions: Sequence[Mention], owners: Mapping[str, frozenset[str]]) -> dict[str, Mention]:
    """Return for each full name the mention whose wording the document uses most for it; of two as frequent, the longer."""
    counts: dict[str, Counter[str]] = {}
    first: dict[str, Mention] = {}
    for mention in mentions:
        if mention.text not in first or first[mention.text].rule == "lac":
            first[mention.text] = mention  # the model has the last word on a kind only where nothing else speaks
        if mention.kind is Kind.PERSON and mention.text in owners:
            continue  # 徐总 is no name to file a person under
        for full in owners.get(mention.text, frozenset((mention.text,))):
            counts.setdefault(full, Counter())[mention.text] += 1
    return {full: first[max(forms, key=lambda form: (forms[form], len(form), form))] for full, forms in counts.items()}


def entities(references: Iterable[Reference]) -> list[Entity]:
    """Return the entities that references name, sorted, each with the other forms it was named by."""
    forms: dict[str, set[str]] = {}
    kinds: dict[str, Kind] = {}
    for reference in references:
        forms.setdefault(reference.entity, set()).add(reference.mention.text)
        kinds.setdefault(reference.entity, reference.kind)
    return [Entity(name, kinds[name], tuple(sorted(forms[name] - {name}))) for name in sorted(forms)]
