"""A denied claim in the words of its record: names for 我们, and its subject not said twice."""

import functools
from collections.abc import Collection

import regex

from kg.lexicon import Lexicon, alternation

_QUOTES = regex.compile("[“”「」『』]")
_STRIP = " \t\u3000\"'“”‘’「」『』,:;。、"


@functools.cache
def _ours(lexicon: Lexicon) -> "regex.Pattern[str]":
    words = [row["word"] for row in lexicon.table("subject_pronouns") if row["refers"] in ("we", "you") and len(row["word"]) > 1]
    return regex.compile(f"{alternation(words)}(?:公司)?(?=\\p{{Han}}|$)")


@functools.cache
def wordings(lexicon: Lexicon) -> dict[str, "regex.Pattern[str]"]:
    """Return the patterns of data/patterns/denials.yaml by their names."""
    return {pattern.name: pattern.regex for pattern in lexicon.patterns("denials")}


def planned(claim: str, said: str, names: Collection[str | None], lexicon: Lexicon) -> str:
    """Return what it is that nobody plans, where a claim has no more than that: what is `said` begins with it, if not with one of `names`.

    >>> planned("有计划", "北美建厂我们没有计划", ["泠湖集团"], Lexicon())
    '北美建厂'
    >>> planned("有计划", "泠湖集团目前没有计划", ["泠湖集团"], Lexicon())
    '有计划'
    """
    topic = wordings(lexicon)["plan_for"].match(said) if wordings(lexicon)["only_plan"].fullmatch(claim) else None
    return topic["what"] if topic and topic["what"] not in names else claim


def spelled_out(claim: str, company: str | None, subject: str | None, lexicon: Lexicon) -> str:
    """Return a claim with the company's name for 我们, without the subject that the record names anyway.

    >>> spelled_out("对我们有影响", "泠湖集团", "涨价", Lexicon())
    '对泠湖集团有影响'
    >>> spelled_out("泠湖集团将进入破产程序", "泠湖集团", "泠湖集团", Lexicon())
    '进入破产程序'
    >>> spelled_out("考虑过出售公司", None, None, Lexicon())
    '出售公司'
    """
    if company:
        claim = _ours(lexicon).sub(lambda match: company, claim)
    claim = wordings(lexicon)["thought_of"].sub("", wordings(lexicon)["whatever"].sub("", claim))
    claim = wordings(lexicon)["joint"].sub("", " ".join(claim.strip(_STRIP).split()))
    if subject and claim.startswith(subject) and len(claim) > len(subject) + 1:
        claim = claim[len(subject) :]
        opening = wordings(lexicon)["opening"].match(claim)
        claim = claim[opening.end() :] if opening and opening.end() + 1 < len(claim) else claim
    claim = claim.strip(_STRIP)
    marks = _QUOTES.findall(claim)
    return _QUOTES.sub("", claim) if len(marks) % 2 else claim
