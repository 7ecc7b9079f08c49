"""What a document denies, put right: refuted rumours, negated clauses, and no denial where a clause only advises or muses.

`negations` reads what a clause denies by its own words, `refutations` what is rejected as untrue, `features` says which
negations are statements, `scope` what the words around a relation make of a denial. `settle` puts all together with the relations
and stances found before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import family
from kg.extraction.statements.denials.course import growing_as_expected, on_course, unreal
from kg.extraction.statements.denials.decisions import FLAT, Decision, in_own_words
from kg.extraction.statements.denials.features import denial_features
from kg.extraction.statements.denials.negations import Reading, readings
from kg.extraction.statements.denials.objects import put_right, unit_before
from kg.extraction.statements.denials.refutations import Refutation, confirmations, refutations
from kg.extraction.statements.denials.scope import (
    ACTS,
    HELD,
    TAKEN_FOR_GRANTED,
    beside_a_denial,
    denied_with_modals,
    doubtful,
    empty,
    flatly,
    framed,
    in_scope,
    of_shares,
    only_banned,
    only_told_apart,
    other_verb_denied,
    said,
    suffered,
    taken_for_granted,
    told_of_lies,
    unreached,
)
from kg.extraction.statements.denials.wording import planned, spelled_out, wordings
from kg.extraction.statements.detect import Pick
from kg.extraction.statements.linear import LinearModel, sigmoid
from kg.extraction.statements.stance.features import anchor
from kg.extraction.statements.stance.marks import Marks
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance

__all__ = ["Decision", "in_own_words", "planned", "put_right", "settle", "spelled_out", "unit_before", "wordings"]

LEAST = 0.25  # the probability from which on a negated clause is a statement; chosen on training documents
_DONE_TO = frozenset((Predicate.EXITS, Predicate.ACQUIRES, Predicate.DIVESTS, Predicate.RESTRICTS))
_BARE_PLANS = frozenset((Predicate.DIVESTS, Predicate.LISTS))  # said of a unit without an object: `没有上市计划`
_SURE = 0.25  # a relation in a refuted claim that is less likely gives way to the claim as a whole
_AHEAD = frozenset(("will", "plan", "intent"))  # families of words for what lies ahead
_REFUTED = 0.9  # how often what a refuter points to is indeed denied, on annotated documents


def settle(context: Context, judged: Sequence[tuple[Pick, Stance, float]], model: LinearModel, lexicon: Lexicon) -> list[Decision]:
    """Return the relations of a document with their final stances, in the order of the text."""
    marks = Marks(context)
    found = [Decision(pick, stance, certainty, pick.clause) for pick, stance, certainty in judged if not empty(pick, context, lexicon)]
    found = [framed(one, context, lexicon) for one in found]
    found = [one for one in (on_course(one, context, lexicon) for one in found) if one is not None]
    found = [one for one in found if not (one.pick.predicate is Predicate.PROPOSITION and one.stance is Stance.DENIES)]
    found = growing_as_expected(found, context, lexicon)
    refuted = list(refutations(marks, lexicon))
    found = [told_of_lies(one, refuted, marks) for one in found]
    confirmed = list(_confirm(found, list(confirmations(marks, lexicon)), context))
    rebutting = {one.refuter for one in refuted if one.refuter != one.claim}
    found = [one for one in found if one.pick.clause not in rebutting or one.pick.predicate not in TAKEN_FOR_GRANTED or one.pick.cue]
    found = [*_refute(found, refuted, marks, lexicon), *confirmed]
    taken = {one.claim for one in refuted} | {one.refuter for one in refuted}
    told = list(_negations(marks, (model, lexicon), taken))
    read = {reading.clause for reading, _ in told}
    found = [denied_with_modals(one, told, context, lexicon) for one in found]
    better = {
        one
        for one in found
        if doubtful(one, told) or (one.pick.clause in read and suffered(one, context, lexicon)) or of_shares(one, found, told, lexicon)
    }
    better |= {one for one in found if one.stance in HELD and in_scope(one, told, context)}
    better |= {one for one in found if one.stance is Stance.ASSERTS and unreached(one, told, context)}
    better |= {one for one in found if one.stance is Stance.DENIES and only_told_apart(one, context, lexicon)}
    better |= {one for one in found if one.stance is Stance.DENIES and beside_a_denial(one, found, context)}
    better |= {one for one in found if one.stance is Stance.DENIES and only_banned(one, found, context)}
    better |= {one for one in found if one.pick.clause in read and other_verb_denied(one, context, lexicon)}
    found = [_with_words(one, told, context) for one in found if one not in better]
    return sorted([*found, *_negate(found, told, context, lexicon)], key=lambda one: one.pick.clause)


def _confirm(found: Sequence[Decision], confirmed: Sequence[Refutation], context: Context) -> Iterator[Decision]:
    """Yield what was heard once more as said by who confirms it: as planned where it lies ahead (`将收购`), else as a fact."""
    for one in confirmed:
        clause = context.clauses[one.claim]
        ahead = any(family(cue) in _AHEAD for cue in clause.stance_cues)
        for decision in found:
            start = anchor(clause, decision.pick.predicate.value)[0]
            told = decision.stance is Stance.REPORTS and decision.pick.predicate not in TAKEN_FOR_GRANTED | {Predicate.PROPOSITION}
            if decision.pick.clause == one.claim and told and one.start <= start < one.end:
                stance = Stance.PLANS if ahead else Stance.ASSERTS
                yield replace(decision, stance=stance, certainty=_REFUTED, voice=one.refuter)


def _refute(found: Sequence[Decision], refuted: Sequence[Refutation], marks: Marks, lexicon: Lexicon) -> Iterator[Decision]:
    """Yield the decisions, those that a refuter rejects as denials of the refuter's, and a claim where no relation states it."""
    by_claim: dict[int, list[Refutation]] = defaultdict(list)
    for one in refuted:
        by_claim[one.claim].append(one)
    clauses = marks.context.clauses
    answered: set[Refutation] = set()
    for decision in found:
        pick = decision.pick
        start, end = anchor(clauses[pick.clause], pick.predicate.value)
        rejecting = [one for one in by_claim[pick.clause] if one.start <= start and end <= one.end]
        refutation = next(iter(rejecting), None)
        beside = pick.predicate in TAKEN_FOR_GRANTED and any(
            one.pick.clause == pick.clause and one.pick.predicate not in TAKEN_FOR_GRANTED | {Predicate.PROPOSITION} for one in found
        )
        figure = (
            pick.predicate is Predicate.METRIC
            and pick.cue is None
            and any(one.pick.clause == pick.clause and one.pick.predicate in ACTS for one in found)
        )
        told_apart = wordings(lexicon)["of_a_thing"].match(marks.context.view, end, clauses[pick.clause].end) is not None
        aside = beside or told_apart or taken_for_granted(decision, clauses[pick.clause])
        if refutation is not None and (figure or (beside and not taken_for_granted(decision, clauses[pick.clause]))):
            continue  # the price of a deal that is denied, or the deal once more (参股)
        if refutation is None or aside or (not refutation.outright and pick.predicate not in ACTS):
            yield decision
        elif _rejects(refutation, decision, clauses[pick.clause], marks.context.view, lexicon):
            answered.update(rejecting)
            voices = {
                clauses[one.refuter].attribution.speaker: one.refuter for one in reversed(rejecting)
            }  # 予以否认, and then: 没有这回事
            claim = marks.context.document.text[refutation.start : refutation.end]
            for voice in sorted(voices.values()):
                yield replace(decision, stance=Stance.DENIES, certainty=_REFUTED, voice=voice, flatly=claim)
            if decision.stance is Stance.REPORTS:
                yield decision
    for one in refuted:
        if one not in answered and one.outright:
            pick = Pick(one.claim, Predicate.PROPOSITION, _REFUTED, None)
            claim = marks.context.document.text[one.start : one.end]
            yield Decision(pick, Stance.DENIES, _REFUTED, one.refuter, claim)


def _rejects(refutation: Refutation, decision: Decision, clause: ClauseContext, view: str, lexicon: Lexicon) -> bool:
    """Say whether a refuter denies this relation, not the claim as a whole, which may be about its reason or its end."""
    pick = decision.pick
    if pick.predicate is Predicate.PROPOSITION or pick.probability < _SURE:
        return False
    if refutation.verb and pick.cue and refutation.verb not in pick.cue and pick.cue not in refutation.verb:
        return False
    start = anchor(clause, pick.predicate.value)[0]
    if any(family(cue) == "negation" and refutation.start <= cue.start and cue.end <= start for cue in clause.stance_cues):
        return False  # 否认了不会收购甲公司的说法
    if any(family(cue) == "failure" and refutation.start <= cue.start and cue.end <= start for cue in clause.stance_cues):
        return False
    left = pick.predicate is Predicate.HOLDS_ROLE and wordings(lexicon)["left"].search(view, refutation.start, refutation.end)
    return (
        not left
        and not _of_nothing(decision, refutation, clause, lexicon)
        and not wordings(lexicon)["reason"].match(view, refutation.start, refutation.end)
    )


def _of_nothing(decision: Decision, refutation: Refutation, clause: ClauseContext, lexicon: Lexicon) -> bool:
    """Say whether a refuted claim ends with a verb that needs something it is done to, and has nothing (`甲公司将倒闭`)."""
    if decision.pick.predicate not in _DONE_TO or anchor(clause, decision.pick.predicate.value)[1] != refutation.end:
        return False
    markers = {*lexicon.words("agent_markers"), *lexicon.words("denied_phrases")}
    disposing = {row["word"] for row in lexicon.table("disposal_markers")} - {"将"}
    return not any(token.text in markers | disposing and refutation.start <= token.start < refutation.end for token in clause.tokens)


def _negations(marks: Marks, knowledge: tuple[LinearModel, Lexicon], taken: set[int]) -> Iterator[tuple[Reading, float]]:
    """Yield what clauses deny by a word of negation, with how likely it is a statement; `taken` clauses are left out."""
    model, lexicon = knowledge
    context = marks.context
    found: list[Reading] = []
    evasion = wordings(lexicon)["evasion"]
    for clause in context.clauses:
        if clause.number not in taken and clause.tokens and not unreal(clause, context, lexicon):
            found += (
                one
                for one in readings(context, clause, lexicon)
                if len(one.positive.strip()) > 1 and not evasion.search(fold(one.positive))
            )
    if found:
        chances = sigmoid(model.scores([denial_features(marks, one) for one in found]))[:, 0]
        yield from zip(found, map(float, chances), strict=True)


def _negate(found: Sequence[Decision], told: Sequence[tuple[Reading, float]], context: Context, lexicon: Lexicon) -> Iterator[Decision]:
    """Yield what clauses deny that no other relation denies already, where it is likely a statement."""
    shares = lexicon.words("share_acts")
    denied: dict[int, set[str]] = defaultdict(set)
    for decision in found:
        if decision.stance is Stance.DENIES:
            denied[decision.pick.clause].add(decision.pick.predicate.value)
    for reading, chance in told:
        clause = context.clauses[reading.clause]
        sure = max(chance, FLAT) if flatly(clause, reading) else chance
        if sure >= LEAST and not said(clause, reading, denied[reading.clause]):
            predicate = _planned(clause, reading, shares) if reading.frame == "plan" else None
            pick = Pick(reading.clause, predicate or Predicate.PROPOSITION, sure, reading.word)
            yield Decision(pick, Stance.DENIES, 1.0, reading.clause, None if predicate else reading.positive)


def _with_words(decision: Decision, told: Sequence[tuple[Reading, float]], context: Context) -> Decision:
    """Return a denied relation with what its clause denies flatly in its own words."""
    clause = context.clauses[decision.pick.clause]
    if decision.stance is not Stance.DENIES or decision.claim is not None:
        return decision
    own = (one for one, _ in told if one.clause == clause.number and flatly(clause, one))
    reading = next((one for one in own if said(clause, one, {decision.pick.predicate.value})), None)
    return replace(decision, flatly=reading.positive) if reading else decision


def _planned(clause: ClauseContext, reading: Reading, shares: Collection[str]) -> Predicate | None:
    """Return the relation that a plan is about: divests for `没有出售计划`."""
    if reading.positive in shares:
        return None
    cue = next((cue for cue in clause.cues if cue.start >= reading.end and cue.word.startswith(reading.positive)), None)
    return next((predicate for predicate in _BARE_PLANS if cue and predicate in cue.points_to), None)
