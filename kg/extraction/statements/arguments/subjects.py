"""Who may be meant as the subject: names and phrases of the clause and before it, and whoever the document is about."""

from dataclasses import dataclass

from kg.extraction.statements.arguments.names import Named, named
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.arguments.survey import Survey, side
from kg.model import Role

_BACK = 8
_MOST = 7
_NEAR = 3
NEVER = 99
_SENTENCE = 2


@dataclass(slots=True)
class Seen:
    """A candidate and where it was seen.

    In the clause: `span` (how well its words suit the label), `lean`, `top` and `object_lean` (how much its words look like a
    subject, and like an object), `ahead` of the cue by `distance` words, `left` and `right` of it, `taken` by another part,
    `order` among the names, `phrase`. Before it: `back` clauses, the `step`-th name passed, `level` (2 the same sentence, 1 the
    same paragraph); `topic`: its sentence opens with it. Otherwise: its place in the `heading`, and in the question that was `asked`.
    """

    candidate: Candidate
    span: float | None = None
    joint: bool = False
    inside: bool = False
    named: bool = False
    lean: float = 0.0
    top: float = 0.0
    object_lean: float = 0.0
    ahead: bool = False
    distance: int = 0
    left: str = ""
    right: str = ""
    taken: bool = False
    framed: bool = False
    first: bool = False
    order: int = NEVER
    again: bool = False
    phrase: int = 0
    opening: int = NEVER
    words: tuple[int, int] = (0, 0)
    back: int = NEVER
    level: int = 0
    back_order: int = NEVER
    back_left: str = ""
    back_right: str = ""
    back_framed: bool = False
    step: int = 0
    heading: int = NEVER
    block: bool = False
    asked: int = NEVER
    topic: bool = False
    speaker: bool = False
    employer: bool = False

    @property
    def where(self) -> str:
        """Return where the candidate was seen best."""
        if not self.candidate.names:
            return "nobody"
        if self.span is not None:
            return "span"
        if self.inside:
            return ("ahead" if self.ahead else "behind") + (" name" if self.named else " text")
        if self.back != NEVER:
            return "sentence" if self.level == _SENTENCE else "before"
        return "known" if self.opening == NEVER else "opening"


def subject_candidates(place: Place, survey: Survey) -> list[Seen]:
    """Return whoever may be the subject, each once with everywhere it was seen; nobody is the last one."""
    gathering = _Gathering(place, survey)
    gathering.within()
    gathering.before()
    gathering.known()
    return gathering.all()


class _Gathering:
    """Collects what was seen for one place."""

    def __init__(self, place: Place, survey: Survey) -> None:
        self._place, self._survey = place, survey
        self._clause, self._facts = place.clause, place.facts
        self._number = place.clause.number
        self._sheet = survey.sheet(self._number)
        self._begin = max(place.clause.start, place.clause.attribution.content)
        self._found: dict[tuple[str, ...], Seen] = {}

    def all(self) -> list[Seen]:
        every = [*self._found.values(), Seen(Candidate((), self._number, []))]
        for seen in every:
            seen.candidate.origins.append(seen.where)
        return every

    def within(self) -> None:
        """Names and phrases in the clause itself."""
        clause, context = self._clause, self._place.context
        spans = [span for span in self._place.spans if span.part == "subject"]
        if spans:
            names = tuple({name.name: name for name in (named(context, clause, span.start, span.end) for span in spans)}.values())
            if seen := self._see(names, self._number):
                seen.span = min(span.score for span in spans)
                self._look(seen, spans[0].start, spans[0].end)
            for span in spans if len(names) > 1 else ():
                if seen := self._see((named(context, clause, span.start, span.end),), self._number):
                    seen.span, seen.joint = span.score, True
                    self._look(seen, span.start, span.end)
        order = 0
        for stand in self._sheet.stands:
            if seen := self._see((stand.name,), self._number):
                if seen.named:
                    seen.again = True
                    continue
                seen.named, seen.order = True, order
                order += 1
                self._look(seen, stand.name.start, stand.name.end)
        for name, full in self._sheet.phrases:
            if seen := self._see((name,), self._number):
                seen.phrase = 2 if full else 1
                self._look(seen, name.start, name.end)
        opening = self._sheet.opening
        if opening and opening.end <= self._place.anchor and (seen := self._see((opening,), self._number)):
            seen.opening = 0
            self._look(seen, opening.start, opening.end)

    def before(self) -> None:
        """Names in the clauses before, near ones first."""
        clause, clauses, number = self._clause, self._place.context.clauses, self._number
        step = 0
        for back in range(number - 1, max(-1, number - 1 - _BACK), -1):
            other, sheet = clauses[back], self._survey.sheet(back)
            same = other.sentence == clause.sentence
            if not same and other.block < clause.block - 1:
                break
            topic = same and (back == 0 or clauses[back - 1].sentence != clause.sentence)
            if same and (topic or number - back <= _NEAR) and sheet.opening and (seen := self._see((sheet.opening,), back)):
                seen.opening, seen.topic = min(seen.opening, number - back), topic
            for order, stand in enumerate(sheet.stands):
                seen = self._see((stand.name,), back)
                if seen is None:
                    continue
                step += 1
                if seen.back == NEVER:
                    seen.back, seen.back_order, seen.step = number - back, order, step
                    seen.level = _SENTENCE if same else 1 if other.block == clause.block else 0
                    seen.back_left, seen.back_right, seen.back_framed = stand.left, stand.right, stand.framed
            if step >= _MOST:
                break

    def known(self) -> None:
        """Whoever the document is about, the heading and the question name, and the speaker stands for."""
        clause, facts, start = self._clause, self._facts, self._clause.start
        for name in [*facts.ranked[:3], *([facts.main] if facts.main else [])]:
            self._see((facts.entity(name, start),), self._number)
        for order, headed in enumerate(facts.heading(start)[:3]):
            if seen := self._see((headed,), self._number):
                seen.heading = order
        opening = facts.openings.get(clause.block)
        if opening and opening.start < start and (seen := self._see((opening,), self._number)):
            seen.block = True
        if clause.turn.role is Role.ANSWER:
            for order, asked in enumerate(facts.question(start)[:4]):
                if seen := self._see((asked,), self._number):
                    seen.asked = order
        speaker = clause.attribution.speaker
        if speaker:
            if seen := self._see((facts.entity(speaker, start),), self._number, spoken=True):
                seen.speaker = True
            employer = facts.employers.get(speaker)
            if employer and (seen := self._see((facts.entity(employer, start),), self._number)):
                seen.employer = True

    def _see(self, names: tuple[Named, ...], clause: int, *, spoken: bool = False) -> Seen | None:
        """Return what was seen of a candidate, a new one where nothing was yet; blanks are none, pronouns only who speaks (`公司`)."""
        key = tuple([name.name for name in names])
        seen = self._found.get(key)
        if seen is None:
            if not all(key) or not (spoken or self._place.pronouns.keys().isdisjoint(key)):
                return None
            seen = self._found[key] = Seen(Candidate(names, clause, []))
        return seen

    def _look(self, seen: Seen, start: int, end: int) -> None:
        """Note how a stretch of the clause stands, unless the candidate was seen there already."""
        if seen.inside:
            return
        place, tokens = self._place, self._clause.tokens
        first, after = self._sheet.words(start, end)
        if first >= after:
            return
        leanings = place.leanings[first:after]
        seen.inside, seen.words = True, (first, after)
        seen.lean, seen.top = sum(leanings) / len(leanings), max(leanings)
        seen.object_lean = max(place.object_leanings[first:after])
        seen.first = tokens[first].start <= self._begin
        seen.left = "<" if seen.first or not first else side(tokens[first - 1].tag, tokens[first - 1].text)
        seen.right = side(tokens[after].tag, tokens[after].text) if after < len(tokens) else ">"
        seen.ahead = end <= place.anchor
        cue = self._sheet.words(place.anchor, place.anchor + 1)[0] if place.anchor < self._clause.end else len(tokens)
        seen.distance = cue - after if seen.ahead else cue - first
        seen.taken = any(span.part != "subject" and span.start < end and start < span.end for span in place.spans)
        seen.framed = end <= self._clause.attribution.content
