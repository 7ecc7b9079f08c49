"""Which entity each name stands for, and what records of the document call it."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.expressions import compiled
from kg.extraction.aliases import defined_forms, honorifics, short_forms
from kg.extraction.gazetteer import Name, gazetteer
from kg.extraction.listed import RULE, share_of
from kg.extraction.tokens import tokenizer
from kg.extraction.usage import legal_endings, usual_name
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Document, Entity, Kind, Mention, Reference, Unresolved

_MODEL = compiled(r"\p{Han}+ ?(?P<model>[A-Z][A-Za-z0-9.+-]*[0-9][A-Za-z0-9.+-]*)")
_ORGANISED = frozenset((Kind.COMPANY, Kind.ORGANISATION, Kind.UNIT))
_GROUP = "集团"
_SHORTENED = frozenset((*_ORGANISED, Kind.PERSON, Kind.PRODUCT))


@dataclass(frozen=True, slots=True)
class _Local:
    """What a document says about its own names.

    `owners` holds for each shorter form the full names it may stand for, `kinds` the kind of each form by the rule that knows
    best, `defined` the forms that brackets give.
    """

    owners: Mapping[str, frozenset[str]]
    kinds: Mapping[str, Kind]
    defined: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Identified:
    """A mention and which entity it is: a canonical name of the lexicon where `known`, else the fullest name in the document."""

    mention: Mention
    identity: str
    kind: Kind
    known: bool


def link(document: Document, view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> tuple[list[Reference], list[Unresolved]]:
    """Return a reference for every mention that one entity alone can be meant by, and the rest with the reason.

    Records name an entity by its canonical name where the document uses that, else as the document itself calls it.
    """
    local = _local(view, mentions, lexicon)
    mentioned = {name.canonical for text in local.kinds if len(name_of := _canonicals(text, lexicon)) == 1 for name in name_of}
    identified: list[_Identified] = []
    unresolved: list[Unresolved] = []
    for mention in mentions:
        found = _identify(mention, local, mentioned, lexicon)
        if isinstance(found, _Identified):
            identified.append(found)
        else:
            unresolved.append(found)
    names = _names(document, identified, local.defined, lexicon)
    return [_reference(one, names[one.known, one.identity]) for one in identified], unresolved


def as_written(document: Document, mentions: Iterable[Mention], unresolved: Iterable[Unresolved]) -> list[Reference]:
    """Return a reference to nobody but its own form for every short form of an organisation that may stand for several.

    What is said of 泰禾 is said of 泰禾, whichever it is, and of nobody else.
    """
    places = {one.start for one in unresolved}
    standing = (one for one in mentions if one.start in places and one.kind in _ORGANISED and one.rule != "lexicon")
    return [Reference(one, document.text[one.start : one.end], one.kind, "exact") for one in standing]


def _identify(mention: Mention, local: _Local, mentioned: Container[str], lexicon: Lexicon) -> _Identified | Unresolved:
    """Return what a mention stands for; `mentioned` are the canonical names that the document makes clear."""
    if mention.rule == "lexicon":
        found = _canonicals(mention.text, lexicon)
        candidates = [name for name in found if name.canonical in mentioned] or found
        if len(candidates) > 1:
            return _open(mention, (name.canonical for name in candidates))
        return _Identified(mention, candidates[0].canonical, candidates[0].kind, known=True)
    full = local.owners.get(mention.text, frozenset((mention.text,)))
    if (group := mention.text + _GROUP) in full:
        full = frozenset((group,))  # 泰禾 is 泰禾集团, not 泰禾投资
    if len(full) > 1:
        return _open(mention, full)
    (name,) = full
    known = _known(name, lexicon)
    if known is not None:
        return _Identified(mention, known.canonical, known.kind, known=True)
    return _Identified(mention, name, local.kinds.get(name, mention.kind), known=False)


def _names(document: Document, identified: Iterable[_Identified], defined: Container[str], lexicon: Lexicon) -> dict[tuple[bool, str], str]:
    """Return for each entity the name that records of this document give it."""
    forms: dict[tuple[bool, str], Counter[str]] = {}
    for one in identified:
        text = document.text[one.mention.start : one.mention.end]
        forms.setdefault((one.known, one.identity), Counter())[text] += 1
    issuer = document.publisher or ""
    return {
        (known, identity): (
            usual_name(used, lexicon, canonical=identity if known else None, defined=defined)
            if known or issuer not in short_forms(identity, lexicon)
            else issuer  # the form that an issuer goes by
        )
        for (known, identity), used in forms.items()
    }


def _reference(one: _Identified, name: str) -> Reference:
    if one.known:
        basis = "exact" if one.mention.text == one.identity else "alias"
        return Reference(one.mention, name, one.kind, basis, one.identity if name != one.identity else None)
    return Reference(one.mention, name, one.kind, "exact" if one.mention.text == fold(name) else "short form")


def _open(mention: Mention, candidates: Iterable[str]) -> Unresolved:
    return Unresolved(mention.start, mention.end, mention.text, f"may be {'、'.join(sorted(candidates))}")


def _canonicals(text: str, lexicon: Lexicon) -> list[Name]:
    """Return the meanings of a form, one for each canonical name."""
    return list({name.canonical: name for name in gazetteer(lexicon).known(text)}.values())


def _known(name: str, lexicon: Lexicon) -> Name | None:
    """Return what the lexicon knows a full name by: the name itself, or the name without an ending that says no more than "company"."""
    gone = legal_endings(lexicon)
    for form in (name, *(short for short in short_forms(name, lexicon) if name.startswith(short) and name[len(short) :] in gone)):
        names = gazetteer(lexicon).known(form)
        if names and names[0].kind in _SHORTENED:
            return names[0]
    return None


def _local(view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> _Local:
    best: dict[str, Mention] = {}
    for mention in mentions:
        if mention.text not in best or best[mention.text].rule in ("lac", "echo"):
            best[mention.text] = mention  # the model and the echoes settle a kind only where nothing else speaks
    defined = frozenset(form for _, form in defined_forms(view, mentions, lexicon))
    return _Local(_owners(view, mentions, lexicon), {text: mention.kind for text, mention in best.items()}, defined)


def _owners(view: str, mentions: Sequence[Mention], lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Return for each form the fullest names it may stand for in this document; forms that stand for themselves are left out."""
    shorter: dict[str, set[str]] = {}
    for mention, form in defined_forms(view, mentions, lexicon):
        if form != mention.text and form not in shorter.get(mention.text, ()):
            shorter[form] = {mention.text}
    for mention in mentions:
        company = share_of(mention.text, (one.text for one in mentions), lexicon) if mention.rule == RULE else None
        if company is not None:
            shorter[mention.text] = {company}
    defined = frozenset(shorter)
    for name in sorted({mention.text for mention in mentions if mention.kind in _ORGANISED}):
        for form in short_forms(name, lexicon):
            if form not in defined:
                shorter.setdefault(form, set()).add(name)
    for form, name in _models(mentions):
        shorter.setdefault(form, set()).add(name)
    for form, name in _without_trades(mentions, lexicon):
        others = shorter.get(form, set())
        if all(view.count(name) > view.count(other) for other in others):
            shorter[form] = {name}
    persons = (mention.text for mention in mentions if mention.kind is Kind.PERSON)
    for form, people in honorifics(persons, lexicon).items():
        shorter.setdefault(form, set(people))
    return {form: frozenset(_fullest(names, shorter)) for form, names in shorter.items()}


def _without_trades(mentions: Sequence[Mention], lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Yield the companies that are called by their trade or what they make elsewhere (锐翼, 锐翼无人机), with that longer name.

    Neither is one that the lexicon knows, for what it knows may have a daughter that is called so.
    """
    companies = {
        one.text for one in mentions if one.kind in (Kind.COMPANY, Kind.PRODUCT) and one.rule != "lexicon" and not one.text.isascii()
    }
    common = tokenizer(lexicon).common
    for form in sorted(one.text for one in mentions if one.kind is Kind.COMPANY and one.text in companies):
        longer = {name for name in companies if name.startswith(form) and len(name) > len(form) + 1 and common(name[len(form) :])}
        if len(longer) == 1:
            yield form, longer.pop()


def _models(mentions: Sequence[Mention]) -> Iterator[tuple[str, str]]:
    """Yield the products that go by the Latin part of their name elsewhere (T200 of 驼峰T200), with that name."""
    products = {mention.text for mention in mentions if mention.kind is Kind.PRODUCT}
    for name in products:
        model = _MODEL.fullmatch(name)
        if model is not None and model["model"] in products:
            yield model["model"], name


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
    first: dict[str, Reference] = {}
    for reference in references:
        forms.setdefault(reference.entity, set()).add(reference.mention.text)
        first.setdefault(reference.entity, reference)
    return [Entity(name, first[name].kind, tuple(sorted(forms[name] - {name})), first[name].canonical) for name in sorted(forms)]
