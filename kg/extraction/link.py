"""Which entity each name stands for: the lexicon's canonical name, or the fullest form that the document itself ties it to."""

from collections.abc import Iterable, Sequence

from kg.extraction.aliases import defined_forms, honorifics, short_forms
from kg.extraction.gazetteer import gazetteer
from kg.lexicon import Lexicon
from kg.model import Document, Entity, Kind, Mention, Reference, Unresolved

_ORGANISED = frozenset((Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT))


def link(document: Document, view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> tuple[list[Reference], list[Unresolved]]:
    """Return a reference for every mention that one entity alone can be meant by, and the rest with the reason.

    A canonical name that the lexicon does not give is written as the document writes it.
    """
    full = _full_names(view, mentions, lexicon)
    references: list[Reference] = []
    unresolved: list[Unresolved] = []
    for mention in mentions:
        candidates = full.get(mention.text)
        if candidates is not None and len(candidates) > 1:
            names = "、".join(sorted(name for name, _ in candidates))
            unresolved.append(Unresolved(mention.start, mention.end, mention.text, f"may be {names}"))
            continue
        target, basis = next(iter(candidates)) if candidates else (mention.text, "exact")
        references.append(_reference(document, mention, (target, basis), lexicon))
    return references, unresolved


def _reference(document: Document, mention: Mention, target: tuple[str, str], lexicon: Lexicon) -> Reference:
    name, basis = target
    known = gazetteer(lexicon).known(name) or gazetteer(lexicon).known(_trunk(name, lexicon))
    if known:
        entity = known[0].canonical
        return Reference(mention, entity, known[0].kind, "exact" if entity == mention.text else "alias")
    if name == mention.text:
        name = document.text[mention.start : mention.end]
    return Reference(mention, name, mention.kind, basis)


def _trunk(name: str, lexicon: Lexicon) -> str:
    """Return a full company name without its legal ending, where the lexicon may know it."""
    forms = short_forms(name, lexicon)
    return forms[0] if forms else name


def _full_names(view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> dict[str, set[tuple[str, str]]]:
    """Return for each shorter form the full names it may stand for in this document, each with the basis."""
    full: dict[str, set[tuple[str, str]]] = {}
    seen = {mention.text for mention in mentions}
    defined = {form: mention.text for mention, form in defined_forms(view, mentions)}
    for form, name in defined.items():
        full[form] = {(name, "abbreviation")}
    for name in sorted({mention.text for mention in mentions if mention.kind in _ORGANISED}):
        for form in short_forms(name, lexicon):
            if form in seen and form not in defined and not gazetteer(lexicon).known(form):
                full.setdefault(form, set()).add((name, "short form"))
    persons = (mention.text for mention in mentions if mention.kind is Kind.PERSON)
    for form, person in honorifics(persons, lexicon).items():
        full.setdefault(form, {(person, "short form")})
    return full


def entities(references: Iterable[Reference]) -> list[Entity]:
    """Return the entities that references name, sorted, each with the other forms it was named by."""
    forms: dict[str, set[str]] = {}
    kinds: dict[str, Kind] = {}
    for reference in references:
        forms.setdefault(reference.entity, set()).add(reference.mention.text)
        kinds.setdefault(reference.entity, reference.kind)
    return [Entity(name, kinds[name], tuple(sorted(forms[name] - {name}))) for name in sorted(forms)]
