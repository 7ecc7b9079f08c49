"""Who answers for the clauses of one paragraph: its frames and quotations laid over the voice that runs through it."""

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.extraction.attribution.frames import Frames
from kg.extraction.attribution.names import Names
from kg.extraction.attribution.quotations import Quotation, owner, quotations
from kg.extraction.attribution.scene import TITLE, Frame, Memory, Scene
from kg.extraction.attribution.words import Words
from kg.model import Attribution, Clause, Kind, Sentence

# Which frames go on past their sentence, by what follows in the annotated documents: speech and papers do until the
# paragraph ends; an announcement, or a medium cited, only where the next sentence leans on it (`其中…`, `该公司…`).
_GOES_ON = frozenset({"say", "pause", "hold", "report", "onward"})
_BRIEF = frozenset({"announce", "settle"})
_PERSONAL = frozenset({"say", "pause", "hold"})
_ADDRESS = 4  # characters: a word such as `致电` and a blank
_MARKS = frozenset("“「")
_SUBJECT_NEAR = 12
_SUBJECT_WITHIN = 40


@dataclass(frozen=True, slots=True)
class Base:
    """Who answers where no frame says otherwise; frames count only in a narrator's mouth, but for media cited."""

    speaker: str | None
    hearsay: bool
    asked: bool
    narrated: bool
    guest: str | None = None


@dataclass(slots=True)
class Stretch:
    """The numbered clauses of one paragraph and turn.

    `active` is the frame in force, at first that of the paragraph before; `frames` are those of each clause, `members` the
    clauses of each sentence; `silent` tells that somebody refused to say more.
    """

    scene: Scene
    words: Words
    base: Base
    memory: Memory
    sentences: Sequence[Sentence]
    clauses: Sequence[tuple[int, Clause]]
    active: Frame | None = None
    said_before: str | None = None
    quoted: list[Quotation] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)
    frames: dict[int, list[Frame]] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    silent: bool = False

    def attributions(self) -> Iterator[Attribution]:
        """Yield one attribution a clause."""
        self.said_before = self.memory.speaker
        first, last = self.sentences[self.clauses[0][1].sentence], self.sentences[self.clauses[-1][1].sentence]
        quoted = quotations(self.scene.text, first.start, last.end, self.words) if self.base.narrated else []
        opens = [quotation.start for quotation in quoted]
        self.quoted, self.opens = quoted, opens
        if self.words.patterns["somebody"].search(self.scene.text, first.start, opens[0] if opens else first.start):
            self.said_before = self.memory.talker or self.said_before  # 他 is a person, whoever spoke last
        self._find_frames(quoted, opens)
        found = [frame for frames in self.frames.values() for frame in frames]
        owners = [owner(self.scene.text, quotation, found, last.end) for quotation in quoted]
        framed = {clause.sentence for index, clause in self.clauses if any(frame.kind != "hearsay" for frame in self.frames[index])}
        sentence = -1
        for index, clause in self.clauses:
            if clause.sentence != sentence:
                sentence = clause.sentence
                self._enter(sentence, framed)
                self.active = self._trailing(sentence) or self.active
            place = _inside(clause.start, quoted, opens)
            if place >= 0:
                self.active = owners[place] or self.active or self._just_spoken(index) or self._before()
                yield self._said(index, clause.start, False)
                continue
            content = clause.start
            self._break_off(clause)
            self.silent = self.silent or self.words.patterns["silence"].search(self.scene.text, clause.start, clause.end) is not None
            for frame in self.frames[index]:
                self.active = self._nested(frame, sentence)
                content = self._content(frame, clause)
            rumour = self.active is None and self.words.patterns["rumour"].search(self.scene.text, clause.start, clause.end)
            yield self._said(index, content, rumour is not None and self.base.narrated)
            if self.base.asked and self.active and self.active.speaker == self.base.guest and content < clause.end:
                self.active = None  # what the guest said is given back in one clause; the question goes on

    def _break_off(self, clause: Clause) -> None:
        """End an announcement where the narrator comments on it in the same sentence (`,这是其…`) or after a semicolon."""
        if self.active is not None and self.active.kind in _BRIEF:
            before = self.scene.text[max(0, clause.start - 2) : clause.start].rstrip()
            if (before.endswith(";") and not self._notice(self.active)) or self.words.patterns["narrator"].match(
                self.scene.text, clause.start
            ):
                self.active = None

    def _guest_cited(self, clause: Clause) -> list[Frame]:
        """Return the frame of a question that gives the guest's own words back (`您之前提到…`)."""
        found = self.words.patterns["guest_cited"].search(self.scene.text, clause.start, clause.end)
        if found is None or not self.base.asked or self.base.guest is None:
            return []
        return [Frame(found.start(), found.end(), "cite", self.base.guest, True)]

    def _content(self, frame: Frame, clause: Clause) -> int:
        """Return where the words begin behind a frame; a bare `对此予以否认` is itself what is said."""
        if frame.kind in _BRIEF and frame.end >= clause.end and self.scene.text[clause.end : clause.end + 1] in ("。", ""):
            return clause.start
        return min(frame.end, clause.end)

    def _nested(self, inner: Frame, sentence: int) -> Frame:
        """Return the inner frame, answered for by the outer one's source where it names none in the same sentence."""
        outer = self.active
        here = outer is not None and outer.start >= self.sentences[sentence].start
        if inner.speaker is None and outer and outer.speaker and (here or (inner.kind == "hearsay" and outer.kind == "onward")):
            return Frame(inner.start, inner.end, inner.kind, outer.speaker, inner.hearsay)
        return inner

    def _enter(self, sentence: int, framed: set[int]) -> None:
        """Let the frame in force go on into a sentence, or narration return."""
        frame = self.active
        start, end = self.sentences[sentence].start, self.sentences[sentence].end
        silent, self.silent = self.silent, False
        if silent:
            self.active = None
            return
        if frame is None:
            if self.base.narrated and sentence not in framed and self.words.patterns["first_person"].search(self.scene.text, start, end):
                self.active = self._before()
            return
        earlier = frame.start < self.sentences[self.clauses[0][1].sentence].start and frame.kind != "onward"
        leaning = self.words.patterns["figures_go_on" if earlier else "leaning"].match(self.scene.text, start) is not None
        notice = self._notice(frame)
        leans = leaning or notice or (frame.kind in _GOES_ON and not earlier)
        narrates = frame.speaker not in self.scene.people and self.words.patterns["narrator"].match(self.scene.text, start) is not None
        nobody = frame.speaker is None and not (frame.hearsay and frame.kind == "onward")
        checked = frame.hearsay and self.words.patterns["checked"].match(self.scene.text, start) is not None
        ends = nobody or not self.base.narrated or sentence in framed or narrates or not leans or checked
        if ends or (not earlier and not notice and frame.kind != "onward" and self._narrated_again(frame, sentence)):
            self.active = None

    def _notice(self, frame: Frame) -> bool:
        """Return whether a frame opens this paragraph with what an organisation puts out: all of a short news item is from there."""
        opens = self.clauses[0][1].start <= frame.start and frame.end <= self.clauses[0][1].end
        by_nobody = frame.speaker is None or frame.speaker in self.scene.people
        return opens and not by_nobody and self.words.patterns["notice"].search(self.scene.text, frame.start, frame.end) is not None

    def _narrated_again(self, frame: Frame, sentence: int) -> bool:
        """Return whether narration returns in a sentence without saying so: behind a closed quotation, or with a new subject."""
        start, end = self.sentences[sentence].start, self.sentences[sentence].end
        place = bisect.bisect_left(self.opens, end) - 1
        if place >= 0 and self.quoted[place].end > start:
            return False
        if place >= 0 and self.quoted[place].end >= self.sentences[sentence - 1].end - 1:
            return True
        named = self.scene.between(start, start + _SUBJECT_NEAR)
        subject = named[0] if named and named[0].kind is not Kind.STATE else None
        if subject and subject.entity == frame.speaker:
            return False
        if subject and subject.kind is Kind.PERSON:
            return True
        if any(self.words.patterns[name].match(self.scene.text, start) for name in ("leaning", "figures_go_on")):
            return False
        opens = frame.start < self.sentences[self.clauses[0][1].sentence].end
        return frame.kind == "pause" or (not opens and (frame.speaker not in self.scene.people or subject is not None))

    def _trailing(self, sentence: int) -> Frame | None:
        """Return the frame that closes a sentence behind all it says (`…不会停产,公司发言人说。`), or None."""
        indexes = self.members[sentence]
        found = [frame for index in indexes for frame in self.frames[index]]
        if len(indexes) < 2 or len(found) != 1 or found[0].kind not in ("say", "pause"):
            return None
        stop = self.scene.text[found[0].end : found[0].end + 1]
        return found[0] if self.frames[indexes[-1]] == found and stop == "。" else None

    def _just_spoken(self, index: int) -> Frame | None:
        """Return a frame for the person who spoke last in this paragraph before a clause (`王小明否认了收购。“…”`)."""
        spoken = (frame for number, _ in self.clauses if number < index for frame in self.frames[number])
        people = [frame for frame in spoken if frame.speaker in self.scene.people]
        return Frame(people[-1].start, people[-1].end, "say", people[-1].speaker, False) if people else None

    def _before(self) -> Frame | None:
        """Return a frame for whoever spoke last before this paragraph: `我` and an unclaimed quotation are theirs."""
        speaker = self.said_before
        return Frame(0, 0, "onward", speaker, False) if speaker else None

    def _find_frames(self, quoted: Sequence[Quotation], opens: Sequence[int]) -> None:
        finder = Frames(Names(self.scene, self.words, self.memory))
        spoken = -1  # the sentence in which an organisation speaks: whom it names there is not who is spoken of from then on
        for index, clause in self.clauses:
            opening = self.sentences[clause.sentence].start
            self.members.setdefault(clause.sentence, []).append(index)
            if _inside(clause.start, quoted, opens) >= 0:
                self.frames[index] = []
                continue
            self._remember(opening, clause, spoken == clause.sentence)
            found = finder.find(clause.start, clause.end, opening)
            if not self.base.narrated:
                told = [frame for frame in found if frame.kind == "cite" and frame.hearsay and frame.speaker is None]
                found = [*(frame for frame in found if frame.speaker and self._counts(frame)), *(() if self.base.asked else told)]
                found += self._guest_cited(clause)
            self.frames[index] = found
            if any(frame.speaker and frame.speaker not in self.scene.people for frame in found):
                spoken = clause.sentence
            for frame in found:
                if frame.speaker or frame.kind in _PERSONAL:
                    self.memory.speaker, self.memory.spoken_at = frame.speaker, frame.start
                if frame.speaker in self.scene.people:
                    self.memory.talker, self.memory.talked_at = frame.speaker, frame.start
                if frame.speaker and self.words.patterns["puts_out"].search(self.scene.text, frame.start, frame.end):
                    self.memory.announcer = frame.speaker
                if frame.kind in ("cite", "report") and frame.speaker:
                    self.memory.outlet = frame.speaker

    def _counts(self, frame: Frame) -> bool:
        """Return whether a frame counts in a turn: a medium or paper cited, and in a question whoever it names as saying so."""
        if frame.kind in ("cite", "report"):
            return True
        named = self.scene.between(frame.start, frame.end)
        names = bool(named) and named[0].mention.start == frame.start
        pauses = self.words.patterns["pause"].match(self.scene.text, frame.end) is not None
        return self.base.asked and frame.kind in _PERSONAL and names and pauses

    def _remember(self, opening: int, clause: Clause, told: bool) -> None:
        pronoun = self.words.pronoun.match(self.scene.text, clause.start, clause.end)
        pointing = pronoun is not None and self.words.pronoun_refers[pronoun["word"]] == "organisation"
        if clause.start - opening >= _SUBJECT_WITHIN or pointing:
            return  # 公司称已获得甲公司定点: who 公司 is was named before
        first = not self.scene.between(opening, clause.start)
        named = self.scene.between(clause.start, clause.end)
        person = next((reference for reference in named if reference.kind is Kind.PERSON), None)
        if first and person and person.mention.start - named[0].mention.end <= TITLE:
            self.memory.person, self.memory.named_at = person.entity, person.mention.start
        organisations = [reference for reference in named if reference.kind not in (Kind.PERSON, Kind.STATE)]
        own = self.words.patterns["of_the_company"].match(self.scene.text, clause.start, clause.end) is not None  # 公司审计师德勤
        if organisations and not own and not told and not self._addressed(clause.start, organisations[0].mention.start):
            self.memory.topic = organisations[0].entity

    def _addressed(self, start: int, begin: int) -> bool:
        """Return whether whoever is named at an offset is spoken to, or named in marks: the text goes on about somebody else."""
        text = self.scene.text
        near = max(start, begin - _ADDRESS)
        return text[begin - 1 : begin] in _MARKS or self.words.patterns["addressed"].search(text, near, begin) is not None

    def _said(self, index: int, content: int, rumour: bool) -> Attribution:
        frame = self.active
        if frame is None:
            return Attribution(index, content, self.base.speaker, self.base.hearsay or rumour, self.base.asked)
        return Attribution(index, content, frame.speaker, frame.hearsay or self.base.hearsay, self.base.asked)


def _inside(offset: int, quoted: Sequence[Quotation], opens: Sequence[int]) -> int:
    """Return the number of the quotation an offset lies in, its opening mark included, else -1."""
    place = bisect.bisect_right(opens, offset) - 1
    return place if place >= 0 and offset < quoted[place].end else -1
