"""Where a sentence hands over to a source: `徐直军表示`, `据路透社报道`, `财报显示`, `据悉`."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extraction.attribution.words import Words
from kg.model import Kind, Reference

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
    speaker: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A folded text with the references that can speak, sorted by start."""

    text: str
    references: Sequence[Reference]
    starts: Sequence[int]
    officers: dict[str, str]

    def between(self, start: int, end: int) -> Sequence[Reference]:
        """Return the references that lie wholly between two offsets."""
        first, last = bisect.bisect_left(self.starts, start), bisect.bisect_left(self.starts, end)
        return [reference for reference in self.references[first:last] if reference.mention.end <= end]


@dataclass(slots=True)
class Finder:
    """Finds the frames of one clause after another; `memory` is brought up to date by the caller."""

    scene: Scene
    words: Words
    memory: Memory

    def frames(self, start: int, end: int, opening: int) -> list[Frame]:
        """Return the frames of the clause at start:end, whose sentence begins at `opening`."""
        found = [*self._hearsay(start, end), *self._prepositions(start, end)]
        after = max((frame.end for frame in found), default=start)
        found += self._verbs(start, end, after, opening)
        found.sort(key=lambda frame: frame.start)
        return found

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
        handing = None
        for handing in patterns["handing_over"].finditer(text, found.end(), limit):
            pass
        named = self.scene.between(found.end(), handing.end() if handing else limit)
        if not handing and not (named and named[-1].mention.end == end):
            return []
        stop = handing.end() if handing else end
        speaker, hearsay = self._cited(found.end(), stop, named)
        return [Frame(found.start(), stop, "cite", speaker, hearsay)]

    def _cited(self, start: int, stop: int, named: Sequence[Reference]) -> tuple[str | None, bool]:
        """Return the source between a preposition and the word that hands over, and whether it is hearsay."""
        text = self.scene.text
        voice = self._voice(start, stop)
        people = [reference for reference in named if reference.kind is Kind.PERSON]
        if people:
            return people[-1].entity, False
        if named:
            near = "接近" in text[start:stop]
            outlet = named[0].entity
            if self.words.patterns["cited"].search(text, start, stop):
                return outlet, voice in ("secret", "media", "observer")
            if voice in ("secret", "observer"):
                return None, voice == "secret" or near
            return named[-1].entity, False
        pronoun = self.words.pronoun.match(text, start, stop)
        if pronoun:
            return self._stand_in(pronoun["word"]), False
        raw = self._raw(start, stop)
        if raw:
            return raw, False
        if voice in ("secret", "media"):
            return None, True
        if voice == "observer":
            return None, False
        phrase = self.words.patterns["cited_phrase"].match(text, start, stop)
        if phrase and not self.words.gap.fullmatch(text, *phrase.span("name")):
            return phrase["name"], False
        if voice in ("issuer", "company"):
            return self.memory.topic, False
        return None, False

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
            return memory.person or memory.speaker
        if refers == "organisation":
            return memory.topic
        return memory.outlet if refers == "outlet" else memory.speaker

    def _verbs(self, start: int, end: int, after: int, opening: int) -> list[Frame]:
        text = self.scene.text
        found: list[Frame] = []
        for verb in self.words.verb.finditer(text, after, end):
            follows = text[verb.end() : verb.end() + 1]
            kind = self.words.verb_kinds[verb.group()]
            if found and self.words.gap.fullmatch(text, found[-1].end, verb.start()):
                last = found[-1]
                found[-1] = Frame(last.start, verb.end(), last.kind, last.speaker, last.hearsay)
                continue
            if follows == "的" or (follows == "了" and kind == "say"):
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
        text = self.scene.text
        for reference in self.scene.between(start, stop):
            gap = self.words.gap.fullmatch(text, reference.mention.end, stop)
            if not gap:
                continue
            begin = reference.mention.start
            person = reference.kind is Kind.PERSON
            if kind == "wish" and not person:
                return None
            near, far = gap.span("near"), gap.span("far")
            if far[0] >= 0 and self.words.patterns["cited"].match(text, *far):
                inner = [other for other in self.scene.between(*far) if other.kind is Kind.PERSON]
                if inner:
                    return Frame(begin, stop, "cite", inner[-1].entity, False)
                return Frame(begin, stop, "cite", reference.entity, self._voice(*far) in ("secret", "media", "observer"))
            voice = self._voice(*near)
            if person or voice in (None, "company", "issuer", "owner"):
                label = "report" if kind == "report" or voice in ("issuer", "owner") else kind
                return Frame(begin, stop, label, reference.entity, False)
            if voice == "title":
                return Frame(begin, stop, kind, self._officer(near, reference.entity), False)
            return Frame(begin, stop, kind, None, voice in ("secret", "media"))
        return None

    def _officer(self, span: tuple[int, int], organisation: str) -> str:
        """Return who holds the title in the span, else the organisation."""
        title = self.scene.text[span[0] : span[1]]
        return next((person for name, person in self.scene.officers.items() if name in title), organisation)

    def _unnamed(self, start: int, stop: int, kind: str, opening: int) -> Frame | None:
        text = self.scene.text
        pronoun = self.words.pronoun.match(text, start, stop)
        if pronoun and self.words.gap.fullmatch(text, pronoun.end(), stop):
            return Frame(start, stop, kind, self._stand_in(pronoun["word"]), False)
        for pattern in ("raw_person", "raw_organisation"):
            for raw in self.words.patterns[pattern].finditer(text, start, stop):
                if self.words.gap.fullmatch(text, raw.end(), stop):
                    name = raw.group() if pattern == "raw_person" else raw["name"]
                    return Frame(start, stop, kind, name, False)
        if not self.words.gap.fullmatch(text, start, stop):
            return self._somebody(start, stop, kind) or self._phrase(start, stop, kind)
        voice = self._voice(start, stop)
        if voice in ("company", "issuer", "title"):
            label = "report" if voice == "issuer" else kind
            return Frame(start, stop, label, self.memory.topic, False)
        if voice == "owner":
            return Frame(start, stop, "report", self.memory.outlet, False)
        if voice is not None:
            return Frame(start, stop, kind, None, voice in ("secret", "media"))
        if kind in ("hold", "wish", "report"):
            return None
        earlier = self.scene.between(opening, start)
        if earlier:
            people = [reference for reference in earlier if reference.kind is Kind.PERSON]
            return Frame(start, stop, kind, (people or earlier)[0].entity, False)
        return Frame(start, stop, kind, self.memory.speaker, False) if self.memory.speaker else None

    def _somebody(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return a frame without a speaker where a people noun stands before the verb (`一位接近该公司的人士告诉记者`)."""
        for found in self.words.people.finditer(self.scene.text, start, stop):
            if self.words.gap.fullmatch(self.scene.text, found.end(), stop):
                voice = self.words.people_voices[found.group()]
                return Frame(start, stop, kind, None, voice in ("secret", "media"))
        return None

    def _phrase(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return a frame with the noun phrase that opens the clause where it can only be a name (`某某科技表示,`)."""
        text = self.scene.text
        if kind == "report":
            return Frame(start, stop, kind, None, False)
        if kind not in ("say", "announce") or not self.words.patterns["handed_over"].match(text, stop):
            return None
        phrase = self.words.patterns["opening_phrase"].match(text, start, stop)
        if phrase is None:
            return None
        for end in range(phrase.start("name") + 2, phrase.end("name") + 1):
            if self.words.gap.fullmatch(text, end, stop):
                return Frame(start, stop, kind, text[phrase.start("name") : end], False)
        return None
