"""Sources before a verb: `徐直军在会上表示`, `该公司相关负责人透露`, `财报显示`, `知情人士称`."""

from dataclasses import dataclass

import regex

from kg.extraction.attribution.citations import Citations
from kg.extraction.attribution.names import BESIDE, HIDDEN, Names
from kg.extraction.attribution.scene import Frame
from kg.model import Kind, Reference

_NEAR = 14
_ACT = 8  # characters; what an organisation does before it speaks (`公司昨日复牌并公告`)
_NAMED_BY_FORM = frozenset({"say", "pause", "announce", "settle"})
_FORECAST = "预计"
_REPORTING = frozenset({"issuer", "owner"})


@dataclass(frozen=True, slots=True)
class Sources:
    """Finds who a verb belongs to. `start` is where its clause begins, `stop` where the verb does; frames end at the verb."""

    names: Names

    def of(self, start: int, stop: int, kind: str, opening: int) -> Frame | None:
        """Return the frame of the verb at `stop` in the sentence that begins at `opening`, or None where nobody is named."""
        return self._named(start, stop, kind) or self._unnamed(start, stop, kind) or self._continued(start, stop, kind, opening)

    def _named(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return the frame of the first reference that only frame words part from the verb."""
        text, patterns = self.names.scene.text, self.names.words.patterns
        for reference in self.names.scene.between(start, stop):
            begin, person = reference.mention.start, reference.kind is Kind.PERSON
            gap = self.names.words.gap.fullmatch(text, reference.mention.end, stop)
            if not gap or text[begin - 1 : begin] == "(" or patterns["addressed"].search(text, start, begin):
                continue
            if not person and patterns["placed"].search(text, start, begin):
                continue
            if kind == "wish" and not person:
                return None
            if reference.kind is Kind.UNIT and text.startswith(_FORECAST, stop):
                return None  # 苏州工厂预计年底投产
            if gap["far"] and patterns["cited"].match(text, *gap.span("far")):
                return Citations(self.names).citing(reference, gap.start("far"), stop)
            voice = self.names.voice(*gap.span("near"))
            if voice in ("company", "insider") and patterns["some"].search(text, start, begin):
                voice = "observer"
            if person or voice is None or voice in BESIDE:
                return Frame(begin, stop, "report" if voice in _REPORTING else kind, reference.entity, False)
            return Frame(begin, stop, kind, None, voice in HIDDEN)
        return None

    def _unnamed(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return the frame of a pronoun, a name by its form, or people and papers without a name."""
        text, words = self.names.scene.text, self.names.words
        pronoun = words.pronoun.match(text, start, stop)
        if pronoun and words.gap.fullmatch(text, pronoun.end(), stop):
            return Frame(start, stop, kind, self.names.pronoun(pronoun["word"], kind), False)
        officer = self._officer(start, stop)
        if officer:
            return Frame(start, stop, kind, officer, False)
        for person in words.patterns["raw_person"].finditer(text, start, stop):
            if words.gap.fullmatch(text, person.end(), stop):
                return Frame(start, stop, kind, self.names.called(*person.span()), False)
        viewer = words.patterns["in_view"].match(text, start, stop) if kind == "hold" else None
        if viewer:
            return Frame(start, stop, kind, self.names.called(*viewer.span("name")), False)
        organisation = words.patterns["raw_organisation"].match(text, start, stop)
        if organisation and words.gap.fullmatch(text, organisation.end(), stop):
            return Frame(start, stop, kind, self.names.called(*organisation.span("name")), False)
        if words.gap.fullmatch(text, start, stop):
            voice = self.names.voice(start, stop)
            return self._spoken_for(start, stop, kind, voice) if voice else None
        near = pronoun is not None and stop - pronoun.end() <= _ACT and not self.names.voice(pronoun.end(), stop)
        if pronoun and near and words.pronoun_refers[pronoun["word"]] == "organisation" and words.patterns["handed_over"].match(text, stop):
            return Frame(start, stop, kind, self.names.pronoun(pronoun["word"], kind), False)
        return self._phrase(start, stop, kind) or self._somebody(start, stop, kind)

    def _officer(self, start: int, stop: int) -> str | None:
        """Return the name of two or three characters that stands behind a title and right before a verb (`总经理王小明昨日表示`)."""
        text, words = self.names.scene.text, self.names.words
        for officer in words.officer.finditer(text, start, stop):
            begin, longest = officer.span("name")
            for end in range(longest, begin + 1, -1):
                if words.gap.fullmatch(text, end, stop) and text[begin:end] not in words.common:
                    return text[begin:end]
        return None

    def _continued(self, start: int, stop: int, kind: str, opening: int) -> Frame | None:
        """Return the frame of a verb without a subject: the sentence's, else whoever spoke last (`他到场,并称`)."""
        if kind == "report" or not self.names.words.gap.fullmatch(self.names.scene.text, start, stop):
            return None
        memory = self.names.memory
        subject = self._subject(opening, start)
        if self._unnamed_media(opening, subject.mention.start if subject else start) and memory.spoken_at < opening:
            return Frame(start, stop, kind, None, True)  # 有自媒体发文称甲公司拟出售乙,并称…
        if memory.speaker and memory.spoken_at >= opening and kind not in ("hold", "wish"):
            return Frame(start, stop, kind, memory.speaker, False)
        if kind in ("hold", "wish") and not (subject and subject.kind is Kind.PERSON):
            return None
        speaker = subject.entity if subject else memory.speaker
        return Frame(start, stop, kind, speaker, False) if speaker else None

    def _subject(self, opening: int, start: int) -> Reference | None:
        """Return the first reference that can be a sentence's subject: no owner, no employer of a title, nobody in 《》 or addressed."""
        text, words = self.names.scene.text, self.names.words
        for reference in self.names.scene.between(opening, start):
            title = words.people.match(text, reference.mention.end)
            owner = words.patterns["owner_of"].match(text, reference.mention.end)
            if self._in_title(opening, reference.mention.start) or owner or (title and words.people_voices[title.group()] == "title"):
                continue
            if not words.patterns["addressed"].search(text, opening, reference.mention.start):
                return reference
        return None

    def _in_title(self, opening: int, start: int) -> bool:
        """Return whether 《 is open at `start`."""
        text = self.names.scene.text
        return text.rfind("《", opening, start) > text.rfind("》", opening, start)

    def _unnamed_media(self, opening: int, start: int) -> bool:
        """Return whether the sentence so far tells of media that it does not name (`有媒体发布题为《…》的文章,称…`)."""
        words = self.names.words
        found = words.people.finditer(self.names.scene.text, opening, start)
        return any(words.people_voices[one.group()] == "media" for one in found)

    def _spoken_for(self, start: int, stop: int, kind: str, voice: str) -> Frame:
        """Return the frame of an unnamed speaker or paper: `发言人` and `公告` are the company's, `独立董事` a body, `知情人士` nobody."""
        if voice == "body":
            body = self.names.words.people.search(self.names.scene.text, start, stop)
            return Frame(start, stop, kind, body.group() if body else None, False)
        if voice == "title":
            return Frame(start, stop, kind, self.names.officer(start, stop), False)
        if voice == "issuer":
            return Frame(start, stop, "report", self._told_of(stop) or self.names.memory.announcer or self.names.memory.topic, False)
        if voice == "company":
            return Frame(start, stop, kind, self.names.memory.issuer or self.names.memory.topic, False)
        return Frame(start, stop, kind, None, voice in HIDDEN)

    def _told_of(self, stop: int) -> str | None:
        """Return the company that what a paper says begins with (`财报显示,今年一季度甲公司…`): the paper is its own."""
        text, words = self.names.scene.text, self.names.words
        verb = words.verb.match(text, stop)
        if verb is None:
            return None
        period = words.patterns["period"].match(text, verb.end())
        begin = period.end() if period else verb.end()
        company = next((one for one in self.names.scene.between(begin, begin + _NEAR) if one.mention.start == begin), None)
        return company.entity if company and company.kind is Kind.COMPANY else None

    def _phrase(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return the frame of the noun phrase that opens a clause where it can only be a name (`某某科技表示,`)."""
        text, words = self.names.scene.text, self.names.words
        if kind not in _NAMED_BY_FORM or not words.patterns["handed_over"].match(text, stop):
            return None
        phrase = words.patterns["opening_phrase"].match(text, start, stop)
        if phrase is None:
            return None
        begin = phrase.start("name")
        for end in range(begin + 2, phrase.end("name") + 1):
            if words.gap.fullmatch(text, end, stop):
                voice = self.names.voice(end, stop)
                known = voice is None or (voice in BESIDE and voice != "title")
                return Frame(start, stop, kind, self.names.called(begin, end) if known else None, voice in HIDDEN)
        return None

    def _somebody(self, start: int, stop: int, kind: str) -> Frame | None:
        """Return the frame of people or a paper right before the verb (`一位接近该公司的人士告诉`, `最新一季财报显示`)."""
        text, words = self.names.scene.text, self.names.words
        for nouns in (words.people, words.reports):
            for noun in nouns.finditer(text, start, stop):
                if words.gap.fullmatch(text, noun.end(), stop):
                    return self._belonging(start, stop, kind, noun)
        return Frame(start, stop, kind, None, False) if kind == "report" else None

    def _belonging(self, start: int, stop: int, kind: str, noun: "regex.Match[str]") -> Frame:
        """Return the frame of the people or paper that a noun names: the words before it say whose they are."""
        text, words, patterns = self.names.scene.text, self.names.words, self.names.words.patterns
        voice = words.people_voices.get(noun.group()) or words.report_voices[noun.group()]
        if voice not in BESIDE:
            return self._spoken_for(start, stop, kind, voice)
        before = self.names.scene.between(start, noun.start())
        named = [reference for reference in before if noun.start() - reference.mention.end <= _NEAR]
        if named:
            return Frame(start, stop, "report" if voice in _REPORTING else kind, named[0].entity, False)
        if voice == "issuer":
            return self._spoken_for(start, stop, kind, voice)
        if patterns["said_before"].match(text, start, stop):
            return Frame(start, stop, kind, self.names.memory.topic, False)
        phrase = patterns["opening_phrase"].fullmatch(text, start, noun.start())
        return Frame(start, stop, kind, self.names.called(*phrase.span("name")) if phrase else None, False)
