"""The wordings of attribution, compiled once for a lexicon."""

import functools
from dataclasses import dataclass

import regex

from kg.lexicon import Lexicon, alternation

Regex = regex.Pattern[str]

_DATE = r"\d[\d年月日号时分点:.\-~至 ]*(?:上午|下午|晚间?|凌晨)?"

_OFFICE = r"\p{Han}{1,4}(?:部门|部|处|科|办公室|中心|分公司)(?=相关|有关|负责|经理|总监|主管|一位|一名|的|工作|人士|员|发言)"


@dataclass(frozen=True, slots=True)
class Words:
    """Regular expressions over the folded text.

    `verb` finds every speech verb, `gap` matches what may stand between a source and its verb, `opener` the phrase in it
    that ends the source; `people`, `reports`, `pronouns` and `hearsay` find their words and the dictionaries of the same
    name say what each word means.
    """

    verb: Regex
    verb_kinds: dict[str, str]
    gap: Regex
    people: Regex
    people_voices: dict[str, str]
    reports: Regex
    report_voices: dict[str, str]
    pronoun: Regex
    pronoun_refers: dict[str, str]
    hearsay: Regex
    patterns: dict[str, Regex]


@functools.lru_cache(maxsize=4)
def words(lexicon: Lexicon) -> Words:
    """Return the compiled wordings of a lexicon."""
    people = {row["noun"]: row["voice"] for row in lexicon.table("source_people")}
    reports = {row["noun"]: row["voice"] for row in lexicon.table("report_nouns")}
    pronouns = {row["word"]: row["refers"] for row in lexicon.table("source_pronouns")}
    frame = lexicon.table("frame_words")
    adverbs = [row["word"] for row in frame if row["part"] == "adverb"]
    openers = [row["word"] for row in frame if row["part"] == "opener"]
    hearsay = [row["word"] for row in lexicon.table("hearsay") if row["effect"] == "from here"]
    between = f"(?:[\\s》”」』·]|\\([^)]{{0,60}}\\)|{_DATE}|{_OFFICE}|{alternation([*adverbs, *people, *reports])})"
    return Words(
        verb=regex.compile(_verbs(lexicon)),
        verb_kinds={row["verb"]: row["kind"] for row in lexicon.table("speech_verbs")},
        gap=regex.compile(f"(?P<near>{between}*+)(?P<far>{alternation(openers)}(?:[^“「]|「[^」]{{0,30}}」|“[^”]{{0,30}}”){{0,80}})?"),
        people=regex.compile(alternation(people)),
        people_voices=people,
        reports=regex.compile(alternation(reports)),
        report_voices=reports,
        pronoun=regex.compile(rf"(?:在|而|但|对此)?(?:{between})*?(?P<word>{alternation(pronouns)})(?<!其(?=[中实他余间次]))"),
        pronoun_refers=pronouns,
        hearsay=regex.compile(alternation(hearsay)),
        patterns={pattern.name: pattern.regex for pattern in lexicon.patterns("attribution")},
    )


def _verbs(lexicon: Lexicon) -> str:
    """One alternation, longest verb first, each with the characters that may not stand beside it."""
    rows = sorted(lexicon.table("speech_verbs"), key=lambda row: (-len(row["verb"]), row["verb"]))
    parts = []
    for row in rows:
        before = f"(?<![{row['not_after']}])" if row["not_after"] else ""
        after = f"(?![{row['not_before']}])" if row["not_before"] else ""
        parts.append(f"{before}{regex.escape(row['verb'])}{after}")
    return f"(?:{'|'.join(parts)})"
