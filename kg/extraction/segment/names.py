"""What a label says: a known word, a person, an outlet; and who is interviewed where the label does not say."""

import functools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import regex

from kg.expressions import compiled
from kg.lexicon import Lexicon, alternation
from kg.model import Role

QUESTION, ANSWER = "Q", "A"  # the rows of turn_labels that stand for a question or an answer without a label
_LATIN_NAME = compiled(r"\p{Lu}[\p{Latin}'’.-]*(?: \p{Lu}[\p{Latin}'’.-]*){0,3}")
_TRANSCRIBED_NAME = compiled(r"\p{Han}{1,6}(?:[·•・]\p{Han}{1,8}){1,3}")
_NAME_ENDS = r"[\s:,。、;|(“《]|$"
_EDGES = " \t\u3000\xa0*_[]【】"


@dataclass(frozen=True, slots=True)
class Known:
    """A row of turn_labels; a speaker is None where the label leaves open who answers."""

    role: Role
    speaker: str | None
    on_platform: str | None


@dataclass(frozen=True, slots=True)
class Names:
    """The tables by which a label is told from other words before a colon, compiled once."""

    known: Mapping[str, Known]
    stops: frozenset[str]
    persons: frozenset[str]
    others: frozenset[str]
    verb_end: "regex.Pattern[str]"
    verb_start: "regex.Pattern[str]"
    title: "regex.Pattern[str]"
    person: "regex.Pattern[str]"
    outlet: "regex.Pattern[str]"
    introduced: "regex.Pattern[str]"
    introduced_by_chance: "regex.Pattern[str]"
    asker: "regex.Pattern[str]"
    inline_answer: "regex.Pattern[str]"
    answerer: "regex.Pattern[str]"
    attendance: "regex.Pattern[str]"

    def is_name(self, label: str) -> bool:
        """Whether a label may be a person's or an outlet's name, with or without a title beside it."""
        name = self.name(label)
        if name in self.others:
            return bool(self.outlet.fullmatch(name))
        return self.is_person(name) or bool(self.outlet.fullmatch(name))

    def is_description(self, words: str) -> bool:
        """Whether words after a name say who that is: a title, an outlet, `CNN`."""
        return bool(self.title.match(words + ".") or self.outlet.fullmatch(words) or _LATIN_NAME.fullmatch(words))

    def name(self, label: str) -> str:
        """Split the name off a label: `某公司董事长王小明` gives `王小明`, `Ann Lee,某社记者` gives `Ann Lee`.

        The label is returned whole where what is left is no name.
        """
        label = label.strip(_EDGES)
        first: str = regex.split(r"[,(/]", label, maxsplit=1)[0].strip(_EDGES)
        for rest in (first, *self._after(self.title, first), *self._after(self.outlet, first), *reversed(first.split())):
            if self.is_person(rest):
                return rest
        return first or label

    def interviewee(self, head: str, text: str, askers: Iterable[str]) -> str | None:
        """Return the one person whom a document's headline and introduction present, None if several or none.

        A name is as long as it is used elsewhere in the text: `李明说` is `李明`.
        """
        found: Counter[str] = Counter()
        for shape in (self.introduced, self.introduced_by_chance):
            for match in shape.finditer(head, overlapped=True):
                name = self._cut_name(match["name"], head[match.end() :], text)
                if name not in askers and name not in self.others:
                    found[name] = text.count(name)
            if found:
                break
        ranked = found.most_common(2)
        if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
            return None
        return ranked[0][0]

    def _cut_name(self, longest: str, following: str, text: str) -> str:
        if longest in self.persons or len(longest) < 3 or regex.match(r"\p{Lu}", longest):
            return longest
        short = longest[:-1]
        if short in self.persons or self.verb_start.match(longest[-1] + following):
            return short
        return longest if text.count(longest) * 10 >= text.count(short) * 7 else short

    def is_person(self, name: str) -> bool:
        """Whether a name has the form of a person's."""
        if name in self.persons:
            return True
        return any(shape.fullmatch(name) for shape in (self.person, _LATIN_NAME, _TRANSCRIBED_NAME))

    @staticmethod
    def _after(pattern: "regex.Pattern[str]", label: str) -> list[str]:
        match = pattern.match(label)
        return [label[match.end() :].strip(_EDGES)] if match and match.end() < len(label) else []


@functools.cache
def names(lexicon: Lexicon) -> Names:
    """Return the tables of a lexicon, compiled once."""
    surname = alternation(lexicon.words("surnames"))
    title = alternation(lexicon.words("job_titles"))
    verbs = alternation(lexicon.words("label_verbs"))
    followers = alternation(lexicon.words("name_followers"))
    cues = alternation(lexicon.words("interview_cues"))
    name = rf"(?P<name>{surname}\p{{Han}}{{1,2}}|\p{{Lu}}[\p{{L}}'’.-]*(?: \p{{Lu}}[\p{{L}}'’.-]*){{1,2}})"
    before = rf"(?:{title}|{cues}(?:[^,。:!?、\n]{{0,16}}?))\s*"
    known = {
        row["label"]: Known(Role(row["role"]), row["speaker"] or None, row["on_platform"] or None) for row in lexicon.table("turn_labels")
    }
    answers = alternation(label for label, row in known.items() if row.role is Role.ANSWER)
    askers = alternation(label for label, row in known.items() if row.role is Role.QUESTION and len(label) > 1)
    return Names(
        known=known,
        stops=frozenset(lexicon.words("label_stops")),
        persons=frozenset(row["name"] for row in lexicon.table("names") if row["kind"] == "person"),
        others=frozenset(row["name"] for row in lexicon.table("names") if row["kind"] != "person"),
        verb_end=compiled(verbs + "$"),
        verb_start=compiled(f"{verbs}|{followers}"),
        title=compiled(rf".*{title}\s*(?=\S)"),
        person=compiled(rf"{surname}\p{{Han}}{{1,2}}"),
        outlet=compiled(rf"《[^《》]+》|.*{alternation(lexicon.words('outlet_endings'))}"),
        introduced=compiled(f"{before}{name}(?={_NAME_ENDS}|{verbs}|{followers})"),
        introduced_by_chance=compiled(f"{before}{name}"),
        asker=compiled(rf"{askers}(?={name}?$)"),
        answerer=compiled(rf"{answers}\s*\((?P<name>[^(),:]{{2,24}})(?:,[^()]*)?\)"),
        attendance=compiled("|".join(f"(?:{pattern.regex.pattern})" for pattern in lexicon.patterns("attendance"))),
        inline_answer=compiled(rf"(?<=[\s。?!])(?P<key>{answers})\s*:\s*"),
    )
