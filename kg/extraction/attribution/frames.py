"""Where a clause hands over to a source: its word of hearsay, its preposition, its verbs."""

from dataclasses import dataclass, replace
from operator import attrgetter

from kg.extraction.attribution.citations import Citations
from kg.extraction.attribution.names import Names
from kg.extraction.attribution.scene import TITLE, Frame
from kg.extraction.attribution.sources import Sources
from kg.model import Kind

_ONE, _TOLD = "一", "说"  # 一说 is what is told
_RELATIVE = "所"  # makes of a verb what it is done to: 媒体所称的
_BRACKET = 80
_STOPS = ",。;:!?“”「」\n"
_start = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Frames:
    """Finds the frames of one clause after another; the caller keeps the memory in `names` up to date."""

    names: Names

    def find(self, start: int, end: int, opening: int) -> list[Frame]:
        """Return the frames of the clause at start:end, in order; its sentence begins at `opening`."""
        text, words = self.names.scene.text, self.names.words
        if words.patterns["dispatched_by"].search(text, start, end):
            return []  # 记者王小明报道: who writes is nobody's source
        if text[end : end + 1] == ":" and words.patterns["allegation"].fullmatch(text, start, end):
            return [Frame(start, end, "cite", None, True)]
        start = self._reopened(start, end)
        refuted = words.patterns["refuted_there"].search(text, start, end)  # 网传消息不实: who says so passes nothing on
        heard = () if refuted else words.hearsay.finditer(text, start, end)
        found = [Frame(m.start(), m.end(), "hearsay", None, True) for m in heard]
        paper = words.patterns["paper_says"].match(text, start, end)
        if paper and not found:
            memory = self.names.memory
            return [Frame(start, paper.end(), "cite", memory.outlet if memory.outlet == memory.speaker else None, True)]
        cited = Citations(self.names).frame(start, end)
        if cited:
            found.append(cited)
        found += self._verbs(max((frame.end for frame in found), default=start), start, end, opening)
        if any(frame.kind == "hearsay" for frame in found):
            found = [frame for frame in found if frame.speaker or frame.hearsay]  # 网传截图显示: nobody's paper, still hearsay
        issues = None if found else words.patterns["issues"].search(text, start, end)
        if issues:
            source = Sources(self.names).of(start, issues.start(), "announce", opening)
            found += [Frame(source.start, end, "announce", source.speaker, source.hearsay)] if source else []
        if not found and text[end : end + 1] == ":":
            found += self._colon(start, end)
        return sorted(map(self._passed_on, found), key=_start) if found else []

    def _passed_on(self, frame: Frame) -> Frame:
        """Return the frame as hearsay where a medium reports (`据《江城晚报》报道`, `《江城晚报》称`): it passes on what others say."""
        scene = self.names.scene
        if frame.hearsay or frame.speaker in scene.people:
            return frame
        reported = self.names.words.patterns["reported"].search(scene.text, frame.start, frame.end)
        return replace(frame, hearsay=True) if reported or frame.speaker in scene.papers else frame

    def _colon(self, start: int, end: int) -> list[Frame]:
        """Return the frame of a clause that leads in somebody's words without a verb of speech (`王小明把话说得很直白:`)."""
        text, patterns = self.names.scene.text, self.names.words.patterns
        named = self.names.scene.between(start, end)
        person = next((one for one in named if one.kind is Kind.PERSON), None)
        if person is None and len(named) == 1 and (named[0].mention.start, named[0].mention.end) == (start, end):
            return [Frame(start, end, "pause", named[0].entity, False)]  # 蓝湾汽车:拟收购…
        if person and person.mention.start - named[0].mention.end <= TITLE:
            begin, behind, speaker = person.mention.start, person.mention.end, person.entity
        elif someone := patterns["somebody"].match(text, start, end):
            begin, behind, speaker = start, someone.end(), self.names.pronoun(someone.group(), "say") or ""
        else:
            return []
        silent = patterns["about_somebody"].search(text, start, begin) or patterns["of_somebody"].match(text, behind, end)
        return [] if silent or not speaker else [Frame(begin, end, "pause", speaker, False)]

    def _reopened(self, start: int, end: int) -> int:
        """Return where the words before a bracket begin, if the clause at start:end goes on behind its closing mark."""
        text = self.names.scene.text
        close = start - 1 if text[start - 1 : start] == ")" else text.find(")", start, end)
        opened = text.rfind("(", max(0, close - _BRACKET), close) if close >= 0 else -1
        if opened < 0 or opened >= start:
            return start
        return max(text.rfind(mark, 0, opened) for mark in _STOPS) + 1

    def _ends_name(self, offset: int) -> bool:
        """Return whether a name ends there: 交易所 of `交易所称`."""
        return any(one.mention.end == offset for one in self.names.scene.between(max(0, offset - _BRACKET), offset))

    def _verbs(self, after: int, start: int, end: int, opening: int) -> list[Frame]:
        """Return the frames of the verbs between `after` and `end`; verbs that follow each other are one (`回应称`)."""
        text, words = self.names.scene.text, self.names.words
        found: list[Frame] = []
        for verb in words.verb.finditer(text, after, end):
            kind = words.verb_kinds[verb.group()]
            if self.names.scene.covers(verb.start()):
                continue
            told = bool(found) and words.patterns["addressed"].search(text, start, found[-1].end) is not None  # 回复交易所表示
            if found and (told or words.gap.fullmatch(text, found[-1].end, verb.start())):
                last = found[-1]
                found[-1] = Frame(last.start, verb.end(), last.kind, last.speaker, last.hearsay)
                continue
            if text[verb.start() - 1 : verb.start()] == _RELATIVE and not self._ends_name(verb.start()):
                continue  # 媒体所称的 is what they say
            if text[verb.start() - 1 : verb.start()] == _ONE and verb.group() == _TOLD:
                continue  # “…”一说系捏造
            if kind == "pause" and not words.patterns["pause"].match(text, verb.end()):
                continue
            if words.patterns["attributive"].match(text, verb.end()) or words.patterns["denied_frame"].search(text, start, verb.start()):
                continue
            if kind != "settle" and words.patterns["done"].match(text, verb.end()):
                continue
            source = Sources(self.names).of(found[-1].end if found else start, verb.start(), kind, opening)
            if source is not None:
                found.append(Frame(source.start, verb.end(), source.kind, source.speaker, source.hearsay))
        return found
