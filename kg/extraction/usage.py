"""What records of a document call an entity, of all the forms that the document uses for it."""

import functools
from collections import Counter
from collections.abc import Container, Mapping

from kg.extraction.aliases import addressed
from kg.lexicon import Lexicon
from kg.model import Kind

# How many times as often another form may be used: than the canonical name, than one with the trade, than one with 集团
_SELDOM = 4
_WITH_TRADE = 8
_WITH_GROUP = 2


def usual_name(used: Counter[str], lexicon: Lexicon, *, canonical: str | None = None, defined: Container[str] = ()) -> str:
    """Return the name for an entity whose forms in the text are counted in `used`; `defined` are forms that brackets give.

    The canonical name, if the text uses it more than seldom or has nothing but a full legal form of it; else what the text
    writes most (of two the one in Chinese characters, or the longer one), and with its trade (`南屿航空` before `南屿`) if that is
    not seldom and the text has not defined the shorter (`以下简称“南屿”`). A legal form or a `surname + address` makes way for any
    other.

    >>> usual_name(Counter({"南屿": 9, "南屿航空": 3, "南屿航空股份有限公司": 1}), Lexicon())
    '南屿航空'
    >>> usual_name(Counter({"Twitter": 2}), Lexicon(), canonical="推特"), usual_name(Counter({"IT 之家": 1}), Lexicon(), canonical="IT之家")
    ('Twitter', 'IT之家')
    """
    if canonical is not None and set(used) == {canonical}:
        return canonical
    plain = [form for form in used if not form.endswith(legal_endings(lexicon)) and not addressed(form, lexicon)]
    if canonical is not None and not plain:
        return canonical
    most = max(plain or used, key=lambda form: (used[form], not form.isascii(), len(form), form))
    spelt = sum(count for form, count in used.items() if canonical is not None and _is_spelt(canonical, form, lexicon))
    if canonical is not None and _SELDOM * spelt >= used[most]:
        return canonical
    if most in defined:
        return most
    fuller = [
        form for form in plain if form.startswith(most) and _endings(lexicon).get(form[len(most) :].strip(), 0) * used[form] >= used[most]
    ]
    return max(fuller or [most], key=lambda form: (used[form], -len(form), form))


def _is_spelt(name: str, form: str, lexicon: Lexicon) -> bool:
    """Say whether a form is the name but for capitals and spaces, or the name and the kind of thing it is (`鸿蒙操作系统`)."""
    spelt, written = ("".join(text.split()).casefold() for text in (name, form))
    return written == spelt or (written.startswith(spelt) and written[len(spelt) :] in lexicon.words("head_nouns"))


@functools.lru_cache(maxsize=4)
def legal_endings(lexicon: Lexicon) -> tuple[str, ...]:
    """Return the endings that say that a company is one, and nothing else of it: 有限公司, 股份有限公司."""
    bare = tuple(row["suffix"] for row in lexicon.table("org_suffixes") if row["form"] == "legal")
    return tuple(ending for ending in lexicon.words("org_suffixes") if ending.endswith(bare))


@functools.lru_cache(maxsize=4)
def _endings(lexicon: Lexicon) -> Mapping[str, int]:
    """Return for each ending of a company how many times as often the name without it may be used."""
    rows = [row for row in lexicon.table("org_suffixes") if row["kind"] == Kind.COMPANY]
    return {row["suffix"]: _WITH_GROUP if row["form"] == "group" else _WITH_TRADE for row in rows}
