"""Where a sentence hands over to a source: `徐直军表示`, `据路透社报道`, `财报显示`, `据悉`."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extraction.attribution.words import Words
from kg.model import Kind, Reference

_NEAR = 14
_BRACKET = 80
SPEAKERS = frozenset({Kind.PERSON, Kind.COMPANY, Kind.UNIT, Kind.ORGANISATION, Kind.STATE})


@dataclass(frozen=True, slots=True)
class Frame:
    """A hand-over: it stands at `start`, what is said begins at `end`; `kind` is the verb's, or cite or hearsay."""

    start: int
    end: int
    kind: str
    speaker: str | None
    hearsay: bool


@dataclass(slots=True)
class Memory:
    """Who was named so far: what pronouns, `公告` and `该负责人` fall back on."""

    topic: str | None = None
    person: str | None = None
    talker: str | None = None
    speaker: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A folded text with the references that can speak, sorted by start."""

    text: str
    references: Sequence[Reference]
    starts: Sequence[int]
    officers: dict[str, str]
    people: frozenset[str]

    def between(self, start: int, end: int) -> Sequence[Reference]:
        """Return the references that lie wholly between two offsets."""
        first, last = bisect.bisect_left(self.starts, start), bisect.bisect_left(self.starts, end)
        return [reference for reference in self.references[first:last] if reference.mention.end <= end]

    def covers(self, offset: int) -> bool:
        """Return whether a reference holds the character at an offset: no verb stands inside a name."""
        place = bisect.bisect_right(self.starts, offset) - 1
        return place >= 0 and offset < self.references[place].mention.end and self.references[place].kind is not Kind.PERSON


@dataclass(slots=True)
class Finder:
    """Finds the frames of one clause after another; `memory` is brought up to date by the caller."""

    scene: Scene
    words: Words
    memory: Memory

    def frames(self, start: int, end: int, opening: int) -> list[Frame]:
        """Return the frames of the clause at start:end, whose sentence begins at `opening`."""
        start = self._reopened(start, end)
        found = [*self._hearsay(start, end), *self._prepositions(start, end)]
        after = max((frame.end for frame in found), default=start)
        found += self._verbs(start, end, after, opening)
        issues = None if found else self.words.patterns["issues"].search(self.scene.text, start, end)
        if issues:
            source = self._source(start, issues.start(), "announce", opening)
            found += [Frame(source.start, end, "announce", source.speaker, source.hearsay)] if source else []
        found.sort(key=lambda frame: frame.start)
        return found

    def _reopened(self, start: int, end: int) -> int:
        """Return where the words before a bracket begin, if the clause at start:end goes on behind its closing mark."""
        text = self.scene.text
        close = start - 1 if text[start - 1 : start] == ")" else text.find(")", start, end)
        opened = text.rfind("(", max(0, close - _BRACKET), close) if close >= 0 else -1
        if opened < 0 or opened >= start:
            return start
        return max((text.rfind(mark, 0, opened) for mark in ",。;:!?“”「」\n"), default=-1) + 1

    def _hearsay(self, start: int, end: int) -> list[Frame]:
        return [Frame(m.start(), m.end(), "hearsay", None, True) for m in self.words.hearsay.finditer(self.scene.text, start, end)]

    def _prepositions(self, start: int, end: int) -> list[Frame]:
        text, patterns = self.scene.text, self.words.patterns
        found = patterns["preposition"].search(text, start, end + 1)
        if not found or not self.words.gap.fullmatch(text, start, found.start()):
            return []
        if self.words.hearsay.match(text, found.start(), end):
            return []
        limit = min(end, found.end() + 60)
        handing = next(iter(reversed(list(patterns["handing_over"].finditer(text, found.end(), limit)))), None)
        named = self.scene.between(found.end(), handing.end() if handing else limit)
        if not handing and not (named and named[-1].mention.end == end):
            return []
        stop = handing.end() if handing else end
        speaker, hearsay = self._cited(found.end(), stop, named)
        kind = "report" if self.words.patterns["data"].search(text, found.end(), stop) else "cite"
        return [Frame(found.start(), stop, kind, speaker, hearsay)]

    def _cited(self, start: int, stop: int, named: Sequence[Reference]) -> tuple[str | None, bool]:
        """Return the source between a preposition and the word that hands over, and whether it is hearsay."""
        text = self.scene.text
        voice = self._voice(named[-1].mention.end if named else start, stop)
        people = [reference for reference in named if reference.kind is Kind.PERSON]
        if people:
            return people[-1].entity, False
        if named and named[-1].kind is Kind.STATE:
            behind = self._raw(named[-1].mention.end, stop) or self._medium(named[-1].mention.end, stop)
            if behind:
                return behind, False
        if named:
            if self.words.patterns["cited"].search(text, start, stop):
                return named[0].entity, voice in ("secret", "media", "observer")
            if voice in ("secret", "observer"):
                return None, voice == "secret"
            return named[-1].entity, False
        pronoun = self.words.pronoun.match(text, start, stop)
        if pronoun:
            return self._stand_in(pronoun["word"]), False
        raw = self._raw(start, stop)
        if raw:
            return raw, False
        citing = self.words.patterns["citing_phrase"].match(text, start, stop)
        if citing and not self.words.gap.fullmatch(text, *citing.span("name")):
            return citing["name"], voice in ("secret", "media", "observer", "insider")
        if voice in ("secret", "media", "observer"):
            return None, voice != "observer"
        medium = self._medium(start, stop)
        if medium:
            return medium, False
        introduced = self.words.patterns["introduced_by_itself"].match(text, start, stop)
        if voice in ("issuer", "company") or introduced:
            return self.memory.topic, False
        return None, False

    def _medium(self, start: int, stop: int) -> str | None:
        """Return the noun phrase before the word that hands over (`据海关统计`)."""
        phrase = self.words.patterns["cited_phrase"].match(self.scene.text, start, stop)
        if phrase and not self.words.gap.fullmatch(self.scene.text, *phrase.span("name")):
            return str(phrase["name"])
        return None

    def _voice(self, start: int, stop: int) -> str | None:
        """Return what the last people noun says of its speaker, else the last report noun."""
        voice = None
        for found in self.words.people.finditer(self.scene.text, start, stop):
            voice = self.words.people_voices[found.group()]
        if voice is None:
            for found in self.words.reports.finditer(self.scene.text, start, stop):
                voice = self.words.report_voices[found.group()]
        return voice

    def _raw(self, start: int, stop: int) -> str | None:
        """Return a name that no reference covers but whose form gives it away."""
        text, patterns = self.scene.text, self.words.patterns
        person = patterns["raw_person"].search(text, start, stop)
        if person:
            return person.group()
        organisation = patterns["raw_organisation"].match(text, start, stop)
        return organisation["name"] if organisation else None

    def _stand_in(self, word: str) -> str | None:
        refers = self.words.pronoun_refers[word]
        memory = self.memory
        if refers == "person":
            return memory.talker or memory.person or memory.speaker
        if refers == "organisation":
            return memory.topic
        if refers == "paper":
            return memory.outlet or memory.topic
        return memory.outlet if refers == "outlet" else memory.speaker

    def _verbs(self, start: int, end: int, after: int, opening: int) -> list[Frame]:
        text = self.scene.text
        found: list[Frame] = []
        for verb in self.words.verb.finditer(text, after, end):
            follows = text[verb.end() : verb.end() + 1]
            kind = self.words.verb_kinds[verb.group()]
            if self.scene.covers(verb.start()):
                continue
            if found and self.words.gap.fullmatch(text, found[-1].end, verb.start()):
                last = found[-1]
                found[-1] = Frame(last.start, verb.end(), last.kind, last.speaker, last.hearsay)
                continue
            if kind == "pause" and not self.words.patterns["pause"].match(text, verb.end()):
                continue
            if (follows == "的" and text[verb.end() + 1 : verb.end() + 2] != ",") or (follows == "了" and not verb.group().endswith("到")):
                continue
            if self.words.patterns["denied_frame"].search(text, start, verb.start()):
                continue
            source = self._source(start if not found else found[-1].end, verb.start(), kind, opening)
            if source is not None:
                found.append(Frame(source.start, verb.end(), source.kind, source.speaker, source.hearsay))
        return found

    def _source(self, start: int, stop: int, kind: str, opening: int) -> Frame | None:
        """Return a frame with the source of the verb at `stop`, or None where nobody is named."""
        return self._named(start, stop, kind) or self._unnamed(start, stop, kind, opening)

    def _named(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return the frame of the first reference that only frame words part from the verb."""
        text = self.scene.text
        for reference in self.scene.between(start, stop):
            begin, end = reference.mention.start, reference.mention.end
            gap = self.words.gap.fullmatch(text, end, stop)
            person = reference.kind is Kind.PERSON
            if not gap or self.words.patterns["addressed"].search(text, start, begin):
                continue
            if not person and self.words.patterns["placed"].search(text, start, begin):
                continue
            if kind == "wish" and not person:
                return None
            if gap["far"] and self.words.patterns["cited"].match(text, *gap.span("far")):
                return self._citing(reference, gap.start("far"), stop)
            voice = self._voice(*gap.span("near"))
            if voice in ("company", "insider") and self.words.patterns["some"].search(text, start, begin):
                voice = "observer"
            if person or voice in (None, "company", "insider", "issuer", "owner", "title"):
                label = "report" if kind == "report" or voice in ("issuer", "owner") else kind
                return Frame(begin, stop, label, reference.entity, False)
            return Frame(begin, stop, kind, None, voice in ("secret", "media"))
        return None

    def _citing(self, outlet: Reference, start: int, stop: int) -> Frame:
        """Return the frame of a medium that cites somebody: the one it names, else the medium itself."""
        inner = self.scene.between(start, stop)
        voice = self._voice(inner[-1].mention.end if inner else start, stop)
        if inner and (inner[-1].kind is Kind.PERSON or voice in (None, "owner")):
            return Frame(outlet.mention.start, stop, "cite", inner[-1].entity, False)
        return Frame(outlet.mention.start, stop, "cite", outlet.entity, voice in ("secret", "media", "observer", "company"))

    def _officer(self, start: int, stop: int) -> str | None:
        """Return who holds the title between two offsets, else the company spoken of."""
        named = self.words.people.search(self.scene.text, start, stop)
        return self.scene.officers.get(named.group(), self.memory.topic) if named else self.memory.topic

    def _unnamed(self, start: int, stop: int, kind: str, opening: int) -> Frame | None:
        text = self.scene.text
        pronoun = self.words.pronoun.match(text, start, stop)
        if pronoun and self.words.gap.fullmatch(text, pronoun.end(), stop):
            return Frame(start, stop, kind, self._stand_in(pronoun["word"]), False)
        for raw in self.words.patterns["raw_person"].finditer(text, start, stop):
            if self.words.gap.fullmatch(text, raw.end(), stop):
                return Frame(start, stop, kind, raw.group(), False)
        organisation = self.words.patterns["raw_organisation"].match(text, start, stop)
        if organisation and self.words.gap.fullmatch(text, organisation.end(), stop):
            return Frame(start, stop, kind, organisation["name"], False)
        if not self.words.gap.fullmatch(text, start, stop):
            return self._phrase(start, stop, kind) or self._somebody(start, stop, kind) or self._paper(start, stop, kind)
        voice = self._voice(start, stop)
        if voice is not None:
            return self._spoken_for(start, stop, kind, voice)
        subject = self._subject(opening, start)
        if kind == "report" or (kind in ("hold", "wish") and not (subject and subject.kind is Kind.PERSON)):
            return None
        if subject:
            return Frame(start, stop, kind, subject.entity, False)
        return Frame(start, stop, kind, self.memory.speaker, False) if self.memory.speaker else None

    def _subject(self, opening: int, start: int) -> Reference | None:
        """Return the reference that can be the subject of a sentence so far: no owner, no holder of a title, nobody addressed."""
        text = self.scene.text
        for reference in self.scene.between(opening, start):
            follows = reference.mention.end
            title = self.words.people.match(text, follows)
            attribute = self.words.patterns["owner_of"].match(text, follows) or (title and self.words.people_voices[title.group()] == "title")
            if not attribute and not self.words.patterns["addressed"].search(text, opening, reference.mention.start):
                return reference
        return None

    def _spoken_for(self, start: int, stop: int, kind: str, voice: str) -> Frame:
        """Return the frame of an unnamed speaker or paper: `发言人` and `公告` are the company's, `知情人士` nobody's."""
        if voice == "title":
            return Frame(start, stop, kind, self._officer(start, stop), False)
        if voice in ("company", "issuer"):
            return Frame(start, stop, "report" if voice == "issuer" else kind, self.memory.topic, False)
        return Frame(start, stop, kind, None, voice in ("secret", "media"))

    def _somebody(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return a frame for the people or paper right before the verb (`一位接近该公司的人士告诉`, `最新一季财报显示`)."""
        for nouns, voices in ((self.words.people, self.words.people_voices), (self.words.reports, self.words.report_voices)):
            for found in nouns.finditer(self.scene.text, start, stop):
                if self.words.gap.fullmatch(self.scene.text, found.end(), stop):
                    return self._belonging(start, found.start(), stop, kind, voices[found.group()])
        return None

    def _belonging(self, start: int, noun: int, stop: int, kind: str, voice: str) -> Frame:
        """Return the frame of a speaker or paper that some words stand before: whose it is, they say."""
        text = self.scene.text
        if voice in ("company", "insider", "title", "issuer", "owner"):
            named = [reference for reference in self.scene.between(start, noun) if noun - reference.mention.end <= _NEAR]
            if named:
                return Frame(start, stop, "report" if voice in ("issuer", "owner") else kind, named[0].entity, False)
            if voice == "insider" and self.words.patterns["said_before"].match(text, start, stop):
                return Frame(start, stop, kind, self.memory.topic, False)
            if voice != "issuer" and not self.words.patterns["said_before"].match(text, start, stop):
                phrase = self.words.patterns["opening_phrase"].fullmatch(text, start, noun)
                return Frame(start, stop, kind, phrase["name"].rstrip("的") if phrase else None, False)
        return self._spoken_for(start, stop, kind, voice)

    def _phrase(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return a frame with the noun phrase that opens the clause where it can only be a name (`某某科技表示,`)."""
        text = self.scene.text
        if kind not in ("say", "announce", "pause") or not self.words.patterns["handed_over"].match(text, stop):
            return None
        phrase = self.words.patterns["opening_phrase"].match(text, start, stop)
        if phrase is None:
            return None
        for end in range(phrase.start("name") + 2, phrase.end("name") + 1):
            if self.words.gap.fullmatch(text, end, stop):
                known = self._voice(end, stop) in (None, "company", "insider", "issuer", "owner")
                return Frame(start, stop, kind, text[phrase.start("name") : end].strip() if known else None, False)
        return None

    def _paper(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return a frame without a speaker for what only shows something (`测试显示`)."""
        return Frame(start, stop, kind, None, False) if kind == "report" else None
