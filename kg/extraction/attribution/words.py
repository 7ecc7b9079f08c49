"""The wordings of attribution, compiled once for a lexicon."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import regex

from kg.expressions import compiled
from kg.lexicon import Lexicon, Row, alternation

Regex = regex.Pattern[str]


@dataclass(frozen=True, slots=True)
class Words:
    """Regular expressions over the folded text.

    `verb` finds every verb of speech. `gap` matches what may stand between a source and its verb: words that are `near`
    (adverbs, dates, `发言人`), then one opener with the phrase it leads (`far`: `在会上`, `对记者`). `people`, `reports`,
    `pronoun` and `hearsay` find their words, `standing_name` a person's name that stands by itself in a line, `officer` one
    behind a title; the dictionaries beside them say what each word means. `common` holds all these words: none of them alone
    is a name. `prepositions` are those before whom something is done to or with.
    """

    lexicon: Lexicon
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
    standing_name: Regex
    officer: Regex
    patterns: dict[str, Regex]
    common: frozenset[str]
    prepositions: tuple[str, ...]


@functools.lru_cache(maxsize=4)
def words(lexicon: Lexicon) -> Words:
    """Return the compiled wordings of a lexicon."""
    patterns = {pattern.name: pattern.regex for pattern in lexicon.patterns("attribution")}
    people = {row["noun"]: row["voice"] for row in lexicon.table("source_people")}
    reports = {row["noun"]: row["voice"] for row in lexicon.table("report_nouns")}
    adverbs = [row["word"] for row in lexicon.table("frame_words") if row["part"] == "adverb"]
    openers = [row["word"] for row in lexicon.table("frame_words") if row["part"] == "opener"]
    polite = [word for word in lexicon.words("person_cues") if len(word) > 1]
    date, office = patterns["date"].pattern, patterns["office"].pattern
    between = f"(?:[\\s》”」』·]|\\([^)]{{0,60}}\\)|{date}|{office}|{alternation([*adverbs, *people, *reports, *polite])})"
    phrase = "(?:[^“「]|「[^」]{0,30}」|“[^”]{0,30}”){0,80}"
    pronouns = _guarded(lexicon.table("source_pronouns"), "word")
    surnames = alternation(lexicon.words("surnames"))
    name = f"(?:{surnames}\\p{{Han}}{{1,2}}|\\p{{Han}}{{1,6}}·\\p{{Han}}{{1,8}})"
    titles = alternation(lexicon.words("job_titles"))
    return Words(
        lexicon=lexicon,
        verb=compiled(_guarded(lexicon.table("speech_verbs"), "verb")),
        verb_kinds={row["verb"]: row["kind"] for row in lexicon.table("speech_verbs")},
        gap=compiled(f"(?P<near>{between}*+)(?P<far>{alternation(openers)}{phrase})?"),
        people=compiled(alternation(people)),
        people_voices=people,
        reports=compiled(alternation(reports)),
        report_voices=reports,
        pronoun=compiled(f"(?:{alternation(openers)})?{between}*?(?P<word>{pronouns})"),
        pronoun_refers={row["word"]: row["refers"] for row in lexicon.table("source_pronouns")},
        hearsay=compiled(f"{alternation(lexicon.words('hearsay'))}|{patterns['heard'].pattern}"),
        standing_name=compiled(
            f"(?:(?<=^|[\\s*#]|{titles}){name}|(?<={titles}\\s+)\\p{{Han}}{{2,4}})(?=\\s|$)|{name}(?={patterns['speaks_there'].pattern})",
            regex.MULTILINE,
        ),
        officer=compiled(f"{titles}\\s?(?P<name>{surnames}\\p{{Han}}{{1,2}})"),
        patterns=patterns,
        prepositions=(*lexicon.words("object_prepositions"), *lexicon.words("denied_phrases")),
        common=frozenset([*people, *reports, *adverbs, *lexicon.words("speech_verbs"), *lexicon.words("source_pronouns")]),
    )


def _guarded(rows: Iterable[Row], column: str) -> str:
    """Return an alternation of a column, longest first; characters of `not_after`, `not_before` may not stand beside a word."""
    parts = []
    for row in sorted(rows, key=lambda row: (-len(row[column]), row[column])):
        before = f"(?<![{row['not_after']}])" if row.get("not_after") else ""
        after = f"(?![{row['not_before']}])" if row.get("not_before") else ""
        parts.append(f"{before}{regex.escape(row[column])}{after}")
    return f"(?:{'|'.join(parts)})"
