"""One attribution for every clause, in order."""

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extraction.attribution.frames import Finder, Frame, Memory, Scene
from kg.extraction.attribution.quotations import owner, quotations
from kg.extraction.attribution.words import Words
from kg.model import Attribution, Clause, Kind, Sentence

# Which frames go on past their sentence, by what follows in the annotated documents: speech and papers do until the
# paragraph ends; an announcement, or a medium cited, only where the next sentence leans on it (`其中…`, `该公司…`).
_GOES_ON = frozenset({"say", "hold", "report"})


@dataclass(frozen=True, slots=True)
class Base:
    """Who answers for a stretch where no frame says otherwise."""

    speaker: str | None
    hearsay: bool
    asked: bool
    narrated: bool


@dataclass(slots=True)
class Stretch:
    """The clauses of one paragraph and turn."""

    scene: Scene
    words: Words
    base: Base
    memory: Memory
    sentences: Sequence[Sentence]

    def attributions(self, clauses: Sequence[tuple[int, Clause]]) -> Iterator[Attribution]:
        start, end = clauses[0][1].start, self.sentences[clauses[-1][1].sentence].end
        quoted = quotations(self.scene.text, self.sentences[clauses[0][1].sentence].start, end) if self.base.narrated else []
        opens = [quotation.start for quotation in quoted]
        frames = self._frames(clauses, quoted, opens)
        everything = [frame for found in frames.values() for frame in found]
        owners = [owner(self.scene.text, quotation, everything, end) for quotation in quoted]
        active: Frame | None = None
        sentence = -1
        for index, clause in clauses:
            if clause.sentence != sentence:
                sentence = clause.sentence
                active = self._carried(active, sentence, frames, clauses)
            place = bisect.bisect_right(opens, clause.start) - 1
            if place < 0 or clause.start >= quoted[place].end:
                place = place + 1 if place + 1 < len(opens) and opens[place + 1] < clause.start + 1 else -1
            if place >= 0:
                active = owners[place] or active
                yield self._said(index, clause.start, active)
                continue
            content = clause.start
            for frame in frames[index]:
                active = self._nested(active, frame, sentence)
                content = min(frame.end, clause.end)
            yield self._said(index, content, active)

    def _nested(self, outer: Frame | None, inner: Frame, sentence: int) -> Frame:
        """Return the inner frame, answered for by the outer one's source where it names none in the same sentence."""
        if inner.speaker is None and outer and outer.speaker and outer.start >= self.sentences[sentence].start:
            return Frame(inner.start, inner.end, inner.kind, outer.speaker, inner.hearsay)
        return inner

    def _carried(
        self, active: Frame | None, sentence: int, frames: dict[int, list[Frame]], clauses: Sequence[tuple[int, Clause]]
    ) -> Frame | None:
        """Return the frame that goes on into a sentence, or None where narration returns."""
        if active is None or active.speaker is None or not self.base.narrated:
            return None
        if any(frame.kind != "hearsay" for index, clause in clauses if clause.sentence == sentence for frame in frames[index]):
            return None
        if active.kind in _GOES_ON or self.words.patterns["leaning"].match(self.scene.text, self.sentences[sentence].start):
            return active
        return None

    def _frames(self, clauses, quoted, opens) -> dict[int, list[Frame]]:
        frames: dict[int, list[Frame]] = {}
        sentence = -1
        opening = 0
        for index, clause in clauses:
            if clause.sentence != sentence:
                sentence = clause.sentence
                opening = self.sentences[sentence].start
            place = bisect.bisect_right(opens, clause.start) - 1
            if place >= 0 and clause.start < quoted[place].end:
                frames[index] = []
                continue
            self._remember(opening, clause)
            finder = Finder(self.scene, self.words, self.memory)
            found = finder.frames(clause.start, clause.end, opening)
            if not self.base.narrated:
                found = [frame for frame in found if frame.kind in ("cite",) and frame.speaker]
            frames[index] = found
            for frame in found:
                if frame.speaker:
                    self.memory.speaker = frame.speaker
                    if frame.kind == "cite":
                        self.memory.outlet = frame.speaker
        return frames

    def _remember(self, opening: int, clause: Clause) -> None:
        first = True
        for reference in self.scene.between(clause.start, clause.end):
            if reference.kind is Kind.PERSON:
                self.memory.person = reference.entity
            elif first and reference.kind is not Kind.STATE and clause.start - opening < 40:
                self.memory.topic = reference.entity
                first = False

    def _said(self, index: int, content: int, frame: Frame | None) -> Attribution:
        if frame is None:
            return Attribution(index, content, self.base.speaker, self.base.hearsay, self.base.asked)
        return Attribution(index, content, frame.speaker, frame.hearsay or self.base.hearsay, self.base.asked)
