"""Who may be meant as the subject: names and phrases of the clause and before it, and whoever the document is about."""

from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.model import Role

_BACK = 8
_MOST = 7
_NEAR = 3
NEVER = 99
_SENTENCE = 2


class Seen:
    """A candidate and where it was seen.

    In the clause: the `stretch` it was first seen as, `ahead` of the cue or not, `named` there, its `order` among the names; `span`: how
    well words labelled as subject suit, `joint`: with others; `phrase`. Before it: `back` clauses, the `step`-th name passed, `level` (2
    the same sentence, 1 the same paragraph); `topic`: its sentence opens with it. Otherwise: its place in the `heading`, and in the
    question that was `asked`.
    """

    stretch: tuple[int, int] | None = None
    span: float | None = None
    joint = named = ahead = again = False
    order = opening = NEVER
    phrase = 0
    back = back_order = NEVER
    level = step = 0
    back_left = back_right = ""
    back_framed = False
    heading = asked = NEVER
    block = topic = speaker = employer = False

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate

    @property
    def where(self) -> str:
        """Return where the candidate was seen best."""
        if not self.candidate.names:
            return "nobody"
        if self.span is not None:
            return "span"
        if self.stretch is not None:
            return ("ahead" if self.ahead else "behind") + (" name" if self.named else " text")
        if self.back != NEVER:
            return "sentence" if self.level == _SENTENCE else "before"
        return "known" if self.opening == NEVER else "opening"


def subject_candidates(place: Place) -> list[Seen]:
    """Return whoever may be the subject, each once with everywhere it was seen; nobody is the last one."""
    gathering = _Gathering(place)
    gathering.within()
    gathering.before()
    gathering.known()
    return gathering.all()


class _Gathering:
    """Collects what was seen for one place."""

    def __init__(self, place: Place) -> None:
        self._place, self._survey, self._facts = place, place.survey, place.survey.facts
        self._clause, self._number = place.clause, place.clause.number
        self._pronouns = place.pronouns.keys()
        self._found: dict[str | tuple[str, ...], Seen] = {}  # by the name, by all names of joint ones

    def all(self) -> list[Seen]:
        every = [*self._found.values(), Seen(Candidate((), self._number, []))]
        for seen in every:
            seen.candidate.origins.append(seen.where)
        return every

    def within(self) -> None:
        """Names and phrases in the clause itself."""
        clause, survey = self._clause, self._survey
        spans = [span for span in self._place.spans if span.part == "subject"]
        if spans:
            named = [survey.named(clause, span.start, span.end) for span in spans]
            names = tuple({name.name: name for name in named}.values())
            if seen := self._see_together(names):
                seen.span = min(span.score for span in spans)
                self._look(seen, spans[0].start, spans[0].end)
            for span, name in zip(spans, named, strict=True) if len(names) > 1 else ():
                if seen := self._see(name, self._number):
                    seen.span, seen.joint = span.score, True
                    self._look(seen, span.start, span.end)
        order = 0
        for stand in survey.stands(self._number):
            if seen := self._see(stand.name, self._number):
                if seen.named:
                    seen.again = True
                    continue
                seen.named, seen.order = True, order
                order += 1
                self._look(seen, stand.name.start, stand.name.end)
        for start, _, form, name in survey.phrases(self._number):
            if form != "wide" and start >= clause.attribution.content and (seen := self._see(name, self._number)):
                seen.phrase = 2 if form == "full" else 1
                self._look(seen, name.start, name.end)
        opening = survey.opening(self._number)
        if opening and opening.end <= self._place.anchor and (seen := self._see(opening, self._number)):
            seen.opening = 0
            self._look(seen, opening.start, opening.end)

    def before(self) -> None:
        """Names in the clauses before, near ones first."""
        clause, clauses, number = self._clause, self._survey.context.clauses, self._number
        step = 0
        for back in range(number - 1, max(-1, number - 1 - _BACK), -1):
            other = clauses[back]
            same = other.sentence == clause.sentence
            if not same and other.block < clause.block - 1:
                break
            topic = same and (back == 0 or clauses[back - 1].sentence != clause.sentence)
            if same and (topic or number - back <= _NEAR):
                opening = self._survey.opening(back)
                if opening and (seen := self._see(opening, back)):
                    seen.opening, seen.topic = min(seen.opening, number - back), topic
            for order, stand in enumerate(self._survey.stands(back)):
                seen = self._see(stand.name, back)
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
            self._see(facts.entity(name, start), self._number)
        for order, headed in enumerate(facts.heading(start)[:3]):
            if seen := self._see(headed, self._number):
                seen.heading = order
        opening = facts.openings.get(clause.block)
        if opening and opening.start < start and (seen := self._see(opening, self._number)):
            seen.block = True
        if clause.turn.role is Role.ANSWER:
            for order, asked in enumerate(facts.question(start)[:4]):
                if seen := self._see(asked, self._number):
                    seen.asked = order
        speaker = clause.attribution.speaker
        if speaker:
            if seen := self._see(facts.entity(speaker, start), self._number, spoken=True):
                seen.speaker = True
            employer = facts.employers.get(speaker)
            if employer and (seen := self._see(facts.entity(employer, start), self._number)):
                seen.employer = True

    def _see(self, name: Named, clause: int, *, spoken: bool = False) -> Seen | None:
        """Return what was seen of a candidate, a new one where nothing was yet; no blanks or numbers, `公司` only as who speaks."""
        key = name.name
        seen = self._found.get(key)
        if seen is None and key and not key.isdigit() and (spoken or key not in self._pronouns):
            seen = self._found[key] = Seen(Candidate((name,), clause, []))
        return seen

    def _see_together(self, names: tuple[Named, ...]) -> Seen | None:
        """Return what was seen of those whom the words labelled as subject name, as one candidate."""
        key = tuple([name.name for name in names])
        if len(key) == 1:
            return self._see(names[0], self._number)
        if not all(key) or not self._pronouns.isdisjoint(key):
            return None
        seen = self._found[key] = Seen(Candidate(names, self._number, []))
        return seen

    def _look(self, seen: Seen, start: int, end: int) -> None:
        """Note which stretch of the clause says it, unless another one was noted already."""
        if seen.stretch is None:
            seen.stretch, seen.ahead = (start, end), end <= self._place.anchor
