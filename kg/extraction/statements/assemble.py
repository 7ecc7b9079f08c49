"""Picks, stances, arguments and dates put together to statements."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from kg.errors import ExtractionError
from kg.extraction.dates import Claim, Timeline, choose_times, timeline
from kg.extraction.statements.arguments import PARTS_LEARNED, ArgumentFinder, Arguments
from kg.extraction.statements.arguments.survey import opening_name
from kg.extraction.statements.consistency import consistent
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.denials import Decision, in_own_words, planned, put_right, settle, spelled_out, unit_before, wordings
from kg.extraction.statements.detect import Detector, Pick, detector
from kg.extraction.statements.linear import LinearModel, model
from kg.extraction.statements.plain import with_plain
from kg.extraction.statements.stance import judge
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Role, Stance, Statement, Unresolved

_TEXT_OBJECTS = frozenset({Predicate.METRIC, Predicate.PROPOSITION})  # a measure's name, a claim: text, not things
_OPENED = frozenset({Kind.PRODUCT, Kind.TECHNOLOGY})
_RECIPIENTS = frozenset({Kind.ORGANISATION, Kind.COMPANY})
_OF_ITSELF = frozenset({Predicate.LISTS, Predicate.OPEN_SOURCES, Predicate.FOUNDS, Predicate.HOLDS_ROLE})  # that need no object
_UNNAMED = frozenset({None, Kind.CONCEPT})
_NOWHERE = frozenset({None, Kind.PLACE, Kind.STATE})  # 北美 of `北美建厂我们没有计划` plans nothing
_PUBLISHED = "发布"
_WRITTEN = ("一文", "文章", "帖子", "报道", "财报", "年报", "季报")  # what somebody publishes who launches nothing
_AHEAD = frozenset({Stance.PLANS, Stance.AIMS, Stance.PREDICTS})
_STATED = 0.4  # the confidence from which on a relation is stated, whoever it is about
_HAN = regex.compile(r"\p{Han}")  # what is written in another language is read by nobody here
_UNSURE = 0.5  # how sure it is that a speaker means whom he speaks for, where no other subject was found
_SHORT = 3  # characters of a claim that may end with 的
LEAST = 0.2  # the confidence that a statement has to have; chosen in folds for the F1 of whole statements


@dataclass(frozen=True, eq=False)
class Models:
    """The learned parts of the statement stage."""

    detector: Detector
    stance: LinearModel
    arguments: dict[str, LinearModel]
    denials: LinearModel
    dates: LinearModel


def shipped_models() -> Models:
    """Return the models of data/weights."""
    arguments = {f"argument_{part}": model(f"argument_{part}") for part in PARTS_LEARNED}
    return Models(detector(), model("stance"), arguments, model("denials"), model("dates"))


def statements(context: Context, lexicon: Lexicon, models: Models) -> tuple[list[Statement], list[Unresolved]]:
    """Return what a document states, in the order of its text, and where somebody is meant who could not be found."""
    picks = [
        pick
        for pick in with_plain(context, models.detector.detect(context), lexicon)
        if _HAN.search(context.view, context.clauses[pick.clause].start, context.clauses[pick.clause].end)
    ]
    stances = judge(context, [(pick.clause, pick.predicate) for pick in picks], models.stance, lexicon)
    judged = [(pick, *judgement) for pick, judgement in zip(picks, stances, strict=True)]
    decisions = list(settle(context, judged, models.denials, lexicon))
    assembler = _Assembler(context, lexicon, models)
    return consistent(assembler.assemble(decisions), context, lexicon), assembler.unresolved


class _Assembler:
    """Makes statements of decisions, which come in the order of the text."""

    def __init__(self, context: Context, lexicon: Lexicon, models: Models) -> None:
        self._context = context
        self._finder = ArgumentFinder(context, lexicon, models.arguments)
        self._dates = models.dates
        self._timeline: Timeline = timeline(context.view, context.document.published, lexicon)
        facts = self._finder.survey.facts
        self._employers, self._kinds, self._main = facts.employers, facts.kinds, facts.main
        self._lexicon = lexicon
        self._announcements = {row["noun"] for row in lexicon.table("report_nouns") if row["voice"] == "issuer"}
        self._negations = {word for word in lexicon.words("negations") if len(word) == 1}
        self._chosen: dict[tuple[tuple[int, int], Claim], tuple[str | None, str | None]] = {}
        self._unsure: list[Unresolved] = []

    @property
    def unresolved(self) -> list[Unresolved]:
        """Where a relation is stated of somebody who could not be found, or not be told from others."""
        return self._finder.unresolved + self._unsure

    def assemble(self, decisions: Sequence[Decision]) -> Iterator[Statement]:
        """Yield the statements of all decisions, one an item of a list or a quantity."""
        asked = [(decision.pick.clause, decision.pick.predicate, decision.stance) for decision in decisions]
        worth = [confidence(decision.pick.probability, decision.certainty, 1.0) >= LEAST for decision in decisions]
        launched = {decision.pick.clause for decision in decisions if decision.pick.predicate is Predicate.LAUNCHES}
        denied: set[int] = set()
        untold: list[tuple[Decision, list[Arguments]]] = []
        for decision, found in zip(decisions, self._finder.find_all(asked, worth), strict=True):
            for statement in self._statements(decision, found):
                if self._unfit(statement) or (_bare_listing(statement) and decision.pick.clause in launched):
                    continue
                if statement.stance is Stance.DENIES:
                    denied.add(decision.pick.clause)
                yield statement
            if decision.flatly is not None and decision.pick.clause not in denied:
                untold.append((decision, found))
        for decision, found in untold:
            if decision.pick.clause not in denied:
                denied.add(decision.pick.clause)
                whom = self._is_none(decision) or [one for one in found if one.subject] or [self._of_the_speaker(decision)]
                yield from self._statements(in_own_words(decision), whom)

    def _unfit(self, statement: Statement) -> bool:
        """Say whether a statement says nothing that could be filed."""
        return _wants_part(statement) or self._only_announces(statement) or self._says_nothing(statement) or self._awaited(statement)

    def _is_none(self, decision: Decision) -> list[Arguments]:
        """Return the company that a clause opens with, where it says what that is not (`甲公司不是乙公司的供应商`)."""
        clause = self._context.clauses[decision.pick.clause]
        opening = opening_name(clause)
        if opening is None or not wordings(self._lexicon)["of_relation"].match(self._context.view, opening.mention.end, clause.end):
            return []
        return [Arguments(clause.start, clause.end, opening.entity, None, None, None, opening.kind, None, "opening", 1.0)]

    def _of_the_speaker(self, decision: Decision) -> Arguments:
        """Return whom the speaker of a clause speaks for as its subject, for what nothing else is known of."""
        clause = self._context.clauses[decision.pick.clause]
        speaker = clause.attribution.speaker
        company = self._employers.get(speaker, self._main) if speaker else self._main
        subject = company or speaker
        kind = self._kinds.get(subject or "")
        return Arguments(clause.start, clause.end, subject, None, None, None, kind, None, "speaker", _UNSURE)

    def _only_announces(self, statement: Statement) -> bool:
        """Say whether all that is launched is an announcement (`发布声明`), which is how something is said, not what."""
        if statement.predicate is not Predicate.LAUNCHES:
            return False
        said = (statement.object or "").removeprefix(_PUBLISHED)  # 发布公告, where its verb was taken with it
        announced = said in self._announcements or said.endswith(_WRITTEN)
        quote = fold(statement.quote)
        published = max((quote.find(f"{_PUBLISHED}{noun}") for noun in self._announcements), default=-1)
        before = published >= 0 and said in quote[:published] and said not in quote[published:]
        return before or (statement.object_kind in _UNNAMED and announced)

    def _awaited(self, statement: Statement) -> bool:
        """Say whether leave is only waited for: `尚待监管部门批准` has nobody permit anything."""
        granted = statement.predicate is Predicate.PERMITS and statement.stance is not Stance.DENIES
        return granted and wordings(self._lexicon)["awaited"].search(fold(statement.quote)) is not None

    def _says_nothing(self, statement: Statement) -> bool:
        """Say whether nobody knows it (`尚不清楚`), or a claim is no answer (`不予置评`), that one will come (`第一时间告诉大家`), left
        open (`是否调价要看油价`), or only what something is done for (`以提升影响力`).
        """
        quote, known = fold(statement.quote), wordings(self._lexicon)
        if known["not_known"].search(quote):
            return True
        if statement.predicate is not Predicate.PROPOSITION or statement.object is None:
            return False
        if statement.stance in _AHEAD and known["purpose"].search(quote):
            return True
        claim = fold(statement.object)
        return any(known[name].search(claim) for name in ("no_answer", "tells_later", "left_open"))

    def _statements(self, decision: Decision, found: list[Arguments]) -> Iterator[Statement]:
        pick = decision.pick
        rule = f"{pick.predicate.value}:{pick.cue or 'wording'}"
        if pick.predicate is Predicate.OPEN_SOURCES:
            found = [_of_what_is_opened(one, self._context.clauses[pick.clause]) for one in found]
        for one in self._denied(found, decision) if decision.stance is Stance.DENIES else self._unturned(found, pick):
            arguments = self._unasked(one, pick)
            score = confidence(pick.probability, decision.certainty, arguments.certainty)
            if score >= LEAST:
                yield self._statement(decision, arguments, (f"{rule} subject:{arguments.rule}", score))
            elif decision.flatly is None and confidence(pick.probability, decision.certainty, 1.0) >= _STATED:
                text = self._context.document.text[arguments.start : arguments.end]
                reason = f"not sure whom or what {pick.predicate.value} is about"
                self._unsure.append(Unresolved(arguments.start, arguments.end, text, reason))

    def _unasked(self, arguments: Arguments, pick: Pick) -> Arguments:
        """Return arguments without the word of asking that stands between subject and verb: 是不是 of `董事长是不是要换`."""
        if arguments.subject is None or arguments.subject_kind is not None:
            return arguments
        clause = self._context.clauses[pick.clause]
        words = wordings(self._lexicon)["asking_end"]
        subject = words.sub("", arguments.subject)
        cut = f"{arguments.subject}不{arguments.subject[-1]}"  # 儿童餐会 of `儿童餐会不会取消`
        if words.search(cut) and cut in self._context.view[clause.start : clause.end]:
            subject = arguments.subject[:-1]
        return replace(arguments, subject=subject) if subject else arguments

    def _unturned(self, found: Sequence[Arguments], pick: Pick) -> Iterator[Arguments]:
        """Yield arguments with the negation that stands before a claim, where it was cut off: 不 of `不排除合作的可能`."""
        text, clause = self._context.document.text, self._context.clauses[pick.clause]
        for one in found:
            start = text.find(one.object, clause.start, clause.end) if one.object and pick.predicate is Predicate.PROPOSITION else -1
            cut_off = start > clause.start and self._context.view[start - 1] in self._negations
            double = any(cue.start < start - 1 < cue.end for cue in clause.stance_cues)  # the second 不 of 不得不
            whole = replace(one, object=f"{text[start - 1]}{one.object}") if cut_off and not double else one
            claim = whole.object if pick.predicate is Predicate.PROPOSITION else None
            yield replace(whole, object=claim[:-1]) if claim and len(claim) > _SHORT and claim.endswith("的") else whole

    def _denied(self, found: Sequence[Arguments], decision: Decision) -> list[Arguments]:
        """Return the arguments of what is denied: of a claim its words, in which 我们 is whom the speaker speaks for."""
        context = self._context
        speaker = context.clauses[decision.voice].attribution.speaker
        company = self._employers.get(speaker, self._main) if speaker else self._main
        if decision.claim is None:
            clause, owner = context.clauses[decision.pick.clause], (company, self._kinds.get(company or ""))
            right = (put_right(one, decision.pick, clause, (context.view, owner, self._lexicon)) for one in found)
            return [unit_before(one, decision.pick, context) for one in right]
        talk = wordings(self._lexicon)["heard"]
        rumoured = [one for one in found if one.subject and one.subject_kind is None and talk.search(fold(one.subject))]
        found = [replace(one, subject=company, subject_kind=self._kinds.get(company or "")) if one in rumoured else one for one in found]
        of_both = [one for one in {one.subject: one for one in found}.values() if one.rule.startswith("both")]
        clause = context.clauses[decision.pick.clause]
        said = context.view[clause.begin : clause.end]
        named = {company, *(one.subject for one in found if one.subject_kind is not None)}
        claim = planned(decision.claim, said, named, self._lexicon)
        if claim != decision.claim:  # 北美建厂我们没有计划: what it is about is what nobody plans, so that who it is is sure
            kind = self._kinds.get(company or "")
            whole = (one if one.subject_kind not in _NOWHERE else replace(one, subject=company, subject_kind=kind) for one in found)
            found = [replace(one, certainty=1.0) for one in whole]
        claims = [(one, spelled_out(claim, company, one.subject, self._lexicon)) for one in of_both or found[:1]]
        return [replace(one, object=claim, object_kind=None, value=None, unit=None) for one, claim in claims]

    def _statement(self, decision: Decision, arguments: Arguments, basis: tuple[str, float]) -> Statement:
        context = self._context
        pick, stance = decision.pick, decision.stance
        voice = context.clauses[decision.voice]
        far = voice.sentence - context.clauses[pick.clause].sentence > 1
        span = voice.start if far else arguments.start, max(arguments.end, voice.end)
        figures = (quantity.start for quantity in context.clauses[pick.clause].quantities if quantity.value == arguments.value)
        when, due = self._times(span, Claim(stance, pick.predicate, next(figures, None)))
        answered = decision.voice != pick.clause  # 程野予以否认: he does it, though the narrator says so
        speaker = None if _told_in_frame(voice, pick.predicate) and not answered else voice.attribution.speaker
        quote = context.document.text[slice(*span)]
        if not quote.strip():
            raise ExtractionError(f"{context.document.name}: no evidence at {span}; report this as a defect")
        return Statement(
            doc=context.document.name,
            start=span[0],
            end=span[1],
            quote=quote,
            speaker=speaker,
            stance=stance,
            subject=arguments.subject,
            predicate=pick.predicate,
            object=arguments.object,
            value=arguments.value,
            unit=arguments.unit,
            when=when,
            due=due,
            id="",
            subject_kind=self._kind(arguments.subject, arguments.subject_kind),
            object_kind=None if pick.predicate in _TEXT_OBJECTS else self._kind(arguments.object, arguments.object_kind),
            speaker_kind=self._speaker_kind(speaker, voice.turn.role),
            on_behalf_of=self._employers.get(speaker) if speaker else None,
            rule=basis[0],
            confidence=basis[1],
        )

    def _times(self, span: tuple[int, int], claim: Claim) -> tuple[str | None, str | None]:
        """Return when and due of a quote and a claim, which all items of a list share."""
        found = self._chosen.get((span, claim))
        if found is None:
            found = self._chosen[span, claim] = choose_times(self._timeline, span, claim, self._dates)
        return found

    def _kind(self, name: str | None, kind: Kind | None) -> Kind | None:
        """Return what a name is the name of: as the document has it, else a concept, for it is spoken of as a thing."""
        return None if name is None else kind or self._kinds.get(name, Kind.CONCEPT)

    def _speaker_kind(self, speaker: str | None, role: Role) -> Kind | None:
        if speaker is None:
            return None
        known = self._kinds.get(speaker)
        if known is None and role is not Role.NARRATION:
            return Kind.PERSON
        return known or Kind.ORGANISATION


def _bare_listing(statement: Statement) -> bool:
    """Say whether all that is said is that somebody or something is listed, which of a thing that is launched is no listing."""
    return statement.predicate is Predicate.LISTS and statement.object is None


def _wants_part(statement: Statement) -> bool:
    """Say whether a statement lacks whom it is about, or what it is to, without which it says nothing."""
    if statement.predicate is Predicate.PROPOSITION:
        return statement.object is None
    return statement.subject is None or (statement.object is None and statement.predicate not in _OF_ITSELF)


def _of_what_is_opened(arguments: Arguments, clause: ClauseContext) -> Arguments:
    """Return arguments with the product that the clause names as what is opened, and the organisation behind the cue as recipient.

    Of `把鸿蒙的基础能力捐献给开放原子开源基金会`: 鸿蒙 and the foundation.
    """
    cue = next((one for one in clause.cues if Predicate.OPEN_SOURCES.value in one.points_to), None)
    after = [one for one in clause.references if cue and one.kind in _RECIPIENTS and one.mention.start >= cue.end]
    if arguments.object is None and after:
        arguments = replace(arguments, object=after[0].entity, object_kind=after[0].kind)
    opened = [one for one in clause.references if one.kind in _OPENED and one.entity != arguments.object]
    if not opened or arguments.subject in {one.entity for one in opened}:
        return arguments
    return replace(arguments, subject=opened[0].entity, subject_kind=opened[0].kind)


def confidence(relation: float, stance: float, arguments: float) -> float:
    """Return how sure a statement is, from the probabilities of its relation, its stance and its arguments.

    The latter two count half each: who is right about the relation is mostly right about the rest.
    """
    return round(relation * math.sqrt(stance * arguments), 3)


def _told_in_frame(clause: ClauseContext, predicate: Predicate) -> bool:
    """Say whether the narrator states it himself, in the words that hand over to a source (`华为轮值董事长徐直军表示,`)."""
    content = clause.attribution.content
    in_frame = content >= clause.end or (predicate is Predicate.HOLDS_ROLE and content > clause.start)
    return in_frame and clause.turn.role is Role.NARRATION
