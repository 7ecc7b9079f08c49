"""Other forms that a document may use for a name it has given in full: short forms, abbreviations, surname and title."""

import functools
from collections.abc import Iterable, Iterator, Mapping

import regex

from kg.expressions import compiled
from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Mention

_PARENTHESIS = compiled(r"\(\p{Han}{1,8}\)")


@functools.lru_cache(maxsize=4)
def _defined(lexicon: Lexicon) -> "regex.Pattern[str]":
    """Return what brackets that define a name look like; another word for it may follow (`(以下简称“星瀚”或“公司”)`)."""
    lead = rf"(?P<lead>{alternation(lexicon.words('name_definers'))}[:,]?)?"
    form = r"[“「\"《]?(?P<form>[^()“”「」《》\",。;:]{2,12}?)[”」\"》]?"
    more = r"(?:[或、及][“「\"][^()“”「」\"]{1,8}[”」\"])*"
    return compiled(rf" ?\({lead}{form}{more}\)")


@functools.lru_cache(maxsize=4)
def _endings(lexicon: Lexicon) -> tuple[str, ...]:
    endings = (row["suffix"] for row in lexicon.table("org_suffixes") if row["kind"] == Kind.COMPANY)
    return tuple(sorted(endings, key=lambda ending: (-len(ending), ending)))


@functools.lru_cache(maxsize=4)
def _place(lexicon: Lexicon) -> "regex.Pattern[str]":
    places = alternation(row["name"] for row in lexicon.table("names") if row["kind"] in (Kind.PLACE, Kind.STATE))
    return compiled(f"^{places}")


def _trunks(name: str, lexicon: Lexicon) -> set[str]:
    """Return what is left of a name as its endings go one by one: 集团公司 may lose 公司 alone, 有限公司 goes whole."""
    trunks: set[str] = set()
    queue = [name]
    while queue:
        form = queue.pop()
        matching = [form[: -len(ending)] for ending in _endings(lexicon) if form.endswith(ending) and len(form) > len(ending) + 1]
        shorter = {trunk for trunk in matching[1:] if trunk.endswith(_endings(lexicon))} | set(matching[:1])
        queue.extend(shorter - trunks)
        trunks |= shorter
    return trunks


@functools.lru_cache(maxsize=4096)
def short_forms(name: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return shorter forms that a text may go on with, longest first; common words are not among them.

    >>> short_forms("北京星瀚科技有限公司", Lexicon())
    ('星瀚科技有限公司', '北京星瀚科技', '北京星瀚', '星瀚科技', '星瀚')
    """
    place = _place(lexicon)
    plain = _PARENTHESIS.sub(lambda found: found[0] if place.fullmatch(found[0][1:-1]) else "", name)  # (中国) tells a subsidiary
    forms = {plain} | {trunk.rstrip() for trunk in _trunks(plain, lexicon)}
    forms |= {place.sub("", form) for form in forms}
    words = tokenizer(lexicon)
    usable = (form for form in forms - {name} if len(form) > 1 and not words.common(form) and not place.fullmatch(form))
    return tuple(sorted(usable, key=lambda form: (-len(form), form)))


def defined_forms(view: str, mentions: Iterable[Mention], lexicon: Lexicon) -> Iterator[tuple[Mention, str]]:
    """Yield each mention that brackets right behind it give another name, with that name.

    Quotation marks or a word such as 简称 show that the brackets define: `星瀚科技有限公司(以下简称“星瀚”)`. Bare brackets
    do so where what they hold is Latin and the name is not, or the other way round: `北辰(Polaris)`.
    """
    generic = frozenset(lexicon.words("generic_words"))
    for mention in mentions:
        match = _defined(lexicon).match(view, mention.end)
        if match is None or match["form"] in generic:
            continue  # `以下简称公司` names the issuer by a word that is everyone's
        form = match["form"]
        other_script = form.isascii() != mention.text.isascii()
        initials = "".join(char for char in mention.text if char.isupper()) == form
        if match["lead"] or initials or (other_script and form[0].isalpha()):
            yield mention, form


def honorifics(persons: Iterable[str], lexicon: Lexicon) -> Mapping[str, frozenset[str]]:
    """Return for each `surname + address` the persons of the document who may be meant by it.

    >>> sorted(honorifics(["徐直军", "余承东", "余大嘴"], Lexicon())["余总"])
    ['余大嘴', '余承东']
    """
    surnames = _surnames(lexicon)
    addresses = lexicon.words("person_cues")
    by_surname: dict[str, set[str]] = {}
    for person in persons:
        if person.endswith(addresses):
            continue
        surname = person[:2] if person[:2] in surnames and len(person) > 2 else person[:1]
        if surname in surnames and 1 < len(person) <= 4 and person.isalpha() and not person.isascii():
            by_surname.setdefault(surname, set()).add(person)
    return {surname + address: frozenset(people) for surname, people in by_surname.items() for address in addresses}


def addressed(form: str, lexicon: Lexicon) -> bool:
    """Say whether a form is a surname and an address, which is no name to file a person under.

    >>> addressed("徐总", Lexicon()), addressed("徐直军", Lexicon())
    (True, False)
    """
    return len(form) > 1 and form.endswith(lexicon.words("person_cues")) and len(form) <= 4 and form[0] in _surnames(lexicon)


@functools.lru_cache(maxsize=4)
def _surnames(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(lexicon.words("surnames"))
