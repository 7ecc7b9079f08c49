"""What a document denies, put right: refuted rumours, negated clauses, and no denial where a clause only advises or muses.

`negations` reads what a clause denies by its own words, `refutations` what is rejected as untrue, `features` says which
negations are statements. `settle` puts both together with the relations and stances found before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import family
from kg.extraction.statements.denials.features import denial_features
from kg.extraction.statements.denials.negations import Reading, readings
from kg.extraction.statements.denials.objects import put_right, unit_before
from kg.extraction.statements.denials.refutations import Refutation, refutations
from kg.extraction.statements.denials.wording import spelled_out, wordings
from kg.extraction.statements.detect import Pick
from kg.extraction.statements.linear import LinearModel, sigmoid
from kg.extraction.statements.stance.features import anchor
from kg.extraction.statements.stance.marks import Marks
from kg.extraction.statements.stance.rules import DENYING
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance

__all__ = ["Decision", "in_own_words", "put_right", "settle", "spelled_out", "unit_before", "wordings"]

LEAST = 0.3  # the probability from which on a negated clause is a statement; chosen on training documents
_ACTS = frozenset((Predicate.ACQUIRES, Predicate.INVESTS_IN, Predicate.DIVESTS, Predicate.LISTS, Predicate.PARTNERS_WITH))
_CALLED_OFF = _ACTS | {Predicate.FOUNDS}
_DONE_TO = frozenset((Predicate.EXITS, Predicate.ACQUIRES, Predicate.DIVESTS, Predicate.RESTRICTS))
_BARE_PLANS = frozenset((Predicate.DIVESTS, Predicate.LISTS))  # said of a unit without an object: `没有上市计划`
_TAKEN_FOR_GRANTED = frozenset(
    (Predicate.OWNS, Predicate.HOLDS_ROLE, Predicate.COMPETES_WITH)
)  # 甲公司母公司拟收购…: a denial is not of whose parent it is
_SINCE = ("以来", "以后", "之后", "之前", "期间")  # behind a relation's word that only says when: 自上市以来从未…
_INTENDED = ("计划", "申请", "方案", "规划")  # ends of words that say that something is still to come
_NO = frozenset("不没无毫")  # first characters of rejections that negate: 不成立 before an object is 不 and a verb
_HELD = frozenset((Stance.ASSERTS, Stance.PLANS))
_LIKELY = 0.45  # a denied relation that is less likely than this gives way to a negation that is more likely
_SURE = 0.25  # a relation in a refuted claim that is less likely gives way to the claim as a whole
_FLAT = 0.6  # the least probability of a flat denial; on annotated documents 123 of 130 are statements
_REFUTED = 0.9  # how often what a refuter points to is indeed denied, on annotated documents


@dataclass(frozen=True, slots=True)
class Decision:
    """A relation with its stance. `voice` is the clause whose speaker answers for it, and where its evidence ends.

    `claim` is what is denied, in the positive, where no other relation says it; `flatly` what is denied flatly in these words, for
    when nobody can tell what the relation is about.
    """

    pick: Pick
    stance: Stance
    certainty: float
    voice: int
    claim: str | None = None
    flatly: str | None = None


def in_own_words(decision: Decision) -> Decision:
    """Return a denied relation as what is denied flatly in the clause's own words."""
    pick = Pick(decision.pick.clause, Predicate.PROPOSITION, max(decision.pick.probability, _FLAT), decision.pick.cue)
    return replace(decision, pick=pick, claim=decision.flatly, flatly=None)


def settle(context: Context, judged: Sequence[tuple[Pick, Stance, float]], model: LinearModel, lexicon: Lexicon) -> list[Decision]:
    """Return the relations of a document with their final stances, in the order of the text."""
    marks = Marks(context)
    found = [Decision(pick, stance, certainty, pick.clause) for pick, stance, certainty in judged if not _empty(pick, context, lexicon)]
    found = [_framed(one, context, lexicon) for one in found]
    found = [one for one in found if not (one.pick.predicate is Predicate.PROPOSITION and one.stance is Stance.DENIES)]
    refuted = list(refutations(marks, lexicon))
    found = [_told_of_lies(one, refuted, marks) for one in found]
    rebutting = {one.refuter for one in refuted if one.refuter != one.claim}
    found = [one for one in found if one.pick.clause not in rebutting or one.pick.predicate not in _TAKEN_FOR_GRANTED or one.pick.cue]
    found = list(_refute(found, refuted, marks, lexicon))
    taken = {one.claim for one in refuted} | {one.refuter for one in refuted}
    told = list(_negations(marks, (model, lexicon), taken))
    read = {reading.clause for reading, _ in told}
    better = {
        one
        for one in found
        if _doubtful(one, told) or (one.pick.clause in read and _suffered(one, context, lexicon)) or _of_shares(one, found, told, lexicon)
    }
    better |= {one for one in found if one.stance in _HELD and _in_scope(one, told, context)}
    better |= {one for one in found if one.stance is Stance.DENIES and _only_told_apart(one, context, lexicon)}
    better |= {one for one in found if one.stance is Stance.DENIES and _beside_a_denial(one, found, context)}
    found = [_with_words(one, told, context) for one in found if one not in better]
    return sorted([*found, *_negate(found, told, context, lexicon)], key=lambda one: one.pick.clause)


def _empty(pick: Pick, context: Context, lexicon: Lexicon) -> bool:
    """Say whether a clause states nothing: it tells who was asked (`经向控股股东核实`), or its word is part of a phrase or a name."""
    clause = context.clauses[pick.clause]
    if wordings(lexicon)["checked"].fullmatch(context.view, clause.start, clause.end):
        return True
    cues = [cue for cue in clause.cues if pick.predicate.value in cue.points_to]
    names = [(one.mention.start, one.mention.end - 1) for one in clause.references if pick.predicate is Predicate.OWNS]
    phrases = [row["phrase"] for row in lexicon.table("fixed_phrases") if row["predicate"] == pick.predicate.value]
    view = context.view[clause.start : clause.end]
    fixed = [(clause.start + at, clause.start + at + len(one)) for one in phrases if (at := view.find(one)) >= 0]
    return bool(cues) and all(any(start <= cue.start and cue.end <= end for start, end in (*names, *fixed)) for cue in cues)


def _doubtful(decision: Decision, told: Sequence[tuple[Reading, float]]) -> bool:
    """Say whether a denied relation is less likely than that its clause denies something in its own words."""
    pick = decision.pick
    if decision.stance is not Stance.DENIES or decision.claim is not None or pick.probability >= _LIKELY:
        return False
    sure = max(pick.probability, _LIKELY)
    return any(reading.clause == pick.clause and reading.frame != "plan" and chance > sure for reading, chance in told)


def _suffered(decision: Decision, context: Context, lexicon: Lexicon) -> bool:
    """Say whether what is denied would be done by nobody named (`没有被列入实体清单`, `未被任何机关处罚`): its own words say it better."""
    clause = context.clauses[decision.pick.clause]
    if decision.stance is not Stance.DENIES or decision.claim is not None:
        return False
    starts = {cue.start for cue in clause.cues if decision.pick.predicate.value in cue.points_to}
    named = [reference.mention.start for reference in clause.references]
    agents = [token.end for token in clause.tokens if token.text in lexicon.words("agent_markers")]
    return any(agent <= start and not any(agent <= name < start for name in named) for agent in agents for start in starts)


def _of_shares(decision: Decision, found: Sequence[Decision], told: Sequence[tuple[Reading, float]], lexicon: Lexicon) -> bool:
    """Say whether a plan with the company's own shares is denied (`暂无回购计划`): its own words say it better than a deal would.

    Not where the clause before denied such an act itself (`未减持股份,也无减持计划`).
    """
    pick = decision.pick
    if decision.stance is not Stance.DENIES or decision.claim is not None:
        return False
    acts = [one.positive for one, _ in told if one.clause == pick.clause and one.frame == "plan"]
    before = [one for one in found if one.pick.clause == pick.clause - 1 and one.stance is Stance.DENIES]
    return any(act in lexicon.words("share_acts") for act in acts) and all(one.pick.predicate != pick.predicate for one in before)


def _negated(clause: ClauseContext, end: int) -> bool:
    """Say whether a clause has a word of negation before an offset."""
    return any(family(cue) == "negation" and cue.end <= end for cue in clause.stance_cues)


def _standing(decision: Decision, clause: ClauseContext) -> Decision:
    """Return what a clause says has not changed or ended: a plan (`上市计划没有改变`, `没有撤回上市申请`), else a fact."""
    intended = any(family(cue) == "intent" for cue in clause.stance_cues) or (decision.pick.cue or "").endswith(_INTENDED)
    return replace(decision, stance=Stance.PLANS if intended else Stance.ASSERTS)


def _goes_on(clause: ClauseContext, pick: Pick) -> bool:
    """Say whether a clause denies that what it states ends: `不会停止自研芯片` has it that chips are developed."""
    start, end = anchor(clause, pick.predicate.value)
    marks = [cue for cue in clause.stance_cues if family(cue) in ("negation", "failure")]
    if [family(cue) for cue in marks] != ["negation", "failure"]:
        return False
    return marks[1].end == start or (end <= marks[0].start and marks[0].end == marks[1].start)


def _in_scope(decision: Decision, told: Sequence[tuple[Reading, float]], context: Context) -> bool:
    """Say whether what is stated as so stands where its clause flatly denies something: the denial says it."""
    clause = context.clauses[decision.pick.clause]
    start = anchor(clause, decision.pick.predicate.value)[0]
    own = (one for one, _ in told if one.clause == clause.number and _flatly(clause, one))
    scoped = start < clause.end and any(one.end <= start < one.stop and one.frame in ("verb", "noun", "plan") for one in own)
    return scoped and not _goes_on(clause, decision.pick) and not _taken_for_granted(decision, clause)


def _only_told_apart(decision: Decision, context: Context, lexicon: Lexicon) -> bool:
    """Say whether a denied relation only tells which thing another verb is denied of, how many were given up, or what may not be.

    `从未采购涉事企业生产的疫苗` denies no making, `放弃了订造四艘船的计划` no number, `若年底前不能上市` nothing.
    """
    clause, pick = context.clauses[decision.pick.clause], decision.pick
    kinds = [family(cue) for cue in clause.stance_cues if family(cue) in DENYING]
    if pick.predicate is Predicate.METRIC:
        return bool(kinds) and set(kinds) == {"failure"} and decision.claim is None
    start, end = anchor(clause, pick.predicate.value)
    negation = next((cue for cue in clause.stance_cues if family(cue) == "negation" and cue.end <= start), None)
    if negation is not None and wordings(lexicon)["if_not"].search(context.view, clause.start, negation.start):
        return True
    if negation is None or not wordings(lexicon)["of_a_thing"].match(context.view, end, clause.end):
        return False
    return any(token.tag == "v" and negation.end <= token.start and token.end < start for token in clause.tokens)


def _in_attribute(view: str, clause: ClauseContext, pick: Pick) -> bool:
    """Say whether a relation's word only says which thing it is or since when that a later negation speaks of: `位于甲城的工厂没有停产`."""
    end = anchor(clause, pick.predicate.value)[1]
    negations = [cue.start for cue in clause.stance_cues if family(cue) == "negation"]
    if not negations or end >= negations[0]:
        return False
    return "的" in view[end : negations[0]] or view.startswith(_SINCE, end)


def _framed(decision: Decision, context: Context, lexicon: Lexicon) -> Decision:
    """Return a decision in the stance that the frame of its clause settles.

    Who leaves a post is denied to hold it, unless that is denied; a deal that is called off (`终止收购`) is denied. `强调不能使用…`
    is no denial but a restriction; in `如果不需要就采用…` the condition is negated, not what follows from it.
    """
    pick = decision.pick
    clause = context.clauses[pick.clause]
    known = wordings(lexicon)
    if pick.predicate is Predicate.HOLDS_ROLE and not clause.attribution.hearsay:
        left = known["left"].search(context.view, clause.start, clause.end)
        stays = left is not None and _negated(clause, left.start())
        if stays and decision.stance is Stance.DENIES:
            return replace(decision, stance=Stance.ASSERTS)  # 不存在辞职计划
        if left is not None and not stays and decision.stance in _HELD:
            return replace(decision, stance=Stance.DENIES)
    if pick.predicate in _CALLED_OFF and decision.stance in _HELD:
        start = anchor(clause, pick.predicate.value)[0]
        off = known["called_off"].search(context.view, clause.start, start)
        if off and not _negated(clause, off.start()):
            return replace(decision, stance=Stance.DENIES)
    if pick.predicate is Predicate.OWNS and decision.stance is Stance.PLANS:
        held = context.view.startswith("的", anchor(clause, pick.predicate.value)[1])  # 将持有的股权转让: it is held now
        return replace(decision, stance=Stance.ASSERTS) if held else decision
    if pick.predicate in _CALLED_OFF and decision.stance in _HELD:
        end = anchor(clause, pick.predicate.value)[1]
        failed = known["failed"].search(context.view, end, clause.end)  # 上市失败, 冲击港交所未果
        return replace(decision, stance=Stance.DENIES) if failed else decision
    if decision.stance is not Stance.DENIES or pick.predicate is Predicate.PROPOSITION:
        return decision
    if wordings(lexicon)["unchanged"].match(context.view, anchor(clause, pick.predicate.value)[1], clause.end):
        return _standing(decision, clause)
    if _goes_on(clause, pick):
        return _standing(decision, clause)
    if _in_attribute(context.view, clause, pick):
        return replace(decision, stance=Stance.ASSERTS)
    start = anchor(clause, pick.predicate.value)[0]
    if known["decree"].search(context.view, clause.start, start):
        return replace(decision, pick=replace(pick, predicate=Predicate.RESTRICTS), stance=Stance.ASSERTS)
    if known["otherwise"].search(context.view, clause.start, start):
        return replace(decision, stance=Stance.PLANS)
    return decision


def _told_of_lies(decision: Decision, refuted: Sequence[Refutation], marks: Marks) -> Decision:
    """Return a decision as an assertion where its clause tells that somebody lies (`拍摄并编造文字`), and nothing is called a lie."""
    clause = marks.context.clauses[decision.pick.clause]
    if decision.stance is not Stance.DENIES or clause.attribution.hearsay:
        return decision
    denying = [mark for mark in marks.of(clause.number) if family(mark) in DENYING]
    if not denying or any(family(mark) != "rejection" or mark.word[0] in _NO for mark in denying):
        return decision
    rejected = any(clause.number in (one.claim, one.refuter) for one in refuted)
    return decision if rejected else replace(decision, stance=Stance.ASSERTS)


def _refute(found: Sequence[Decision], refuted: Sequence[Refutation], marks: Marks, lexicon: Lexicon) -> Iterator[Decision]:
    """Yield the decisions, those that a refuter rejects as denials of the refuter's, and a claim where no relation states it."""
    by_claim: dict[int, list[Refutation]] = defaultdict(list)
    for one in refuted:
        by_claim[one.claim].append(one)
    clauses = marks.context.clauses
    said: set[Refutation] = set()
    for decision in found:
        pick = decision.pick
        start, end = anchor(clauses[pick.clause], pick.predicate.value)
        rejecting = [one for one in by_claim[pick.clause] if one.start <= start and end <= one.end]
        refutation = next(iter(rejecting), None)
        beside = pick.predicate in _TAKEN_FOR_GRANTED and any(
            one.pick.clause == pick.clause and one.pick.predicate not in _TAKEN_FOR_GRANTED | {Predicate.PROPOSITION} for one in found
        )
        figure = (
            pick.predicate is Predicate.METRIC
            and pick.cue is None
            and any(one.pick.clause == pick.clause and one.pick.predicate in _ACTS for one in found)
        )
        told_apart = wordings(lexicon)["of_a_thing"].match(marks.context.view, end, clauses[pick.clause].end) is not None
        aside = beside or told_apart or _taken_for_granted(decision, clauses[pick.clause])
        if refutation is not None and figure:
            continue  # the price of a deal that is denied
        if refutation is None or aside or (not refutation.outright and pick.predicate not in _ACTS):
            yield decision
        elif _rejects(refutation, decision, clauses[pick.clause], marks.context.view, lexicon):
            said.update(rejecting)
            voices = {
                clauses[one.refuter].attribution.speaker: one.refuter for one in reversed(rejecting)
            }  # 予以否认, and then: 没有这回事
            claim = marks.context.document.text[refutation.start : refutation.end]
            for voice in sorted(voices.values()):
                yield replace(decision, stance=Stance.DENIES, certainty=_REFUTED, voice=voice, flatly=claim)
            if decision.stance is Stance.REPORTS:
                yield decision
    for one in refuted:
        if one not in said and one.outright:
            pick = Pick(one.claim, Predicate.PROPOSITION, _REFUTED, None)
            claim = marks.context.document.text[one.start : one.end]
            yield Decision(pick, Stance.DENIES, _REFUTED, one.refuter, claim)


def _beside_a_denial(decision: Decision, found: Sequence[Decision], context: Context) -> bool:
    """Say whether a clause denies something else and only mentions this with a noun (大股东 of `没有出售给大股东的计划`)."""
    number = decision.pick.clause
    others = (one for one in found if one.pick.clause == number and one.stance is Stance.DENIES and one is not decision)
    taken = _taken_for_granted(decision, context.clauses[number])
    return taken and any(one.pick.predicate not in _TAKEN_FOR_GRANTED for one in others)


def _taken_for_granted(decision: Decision, clause: ClauseContext) -> bool:
    """Say whether a claim only mentions whose something is or who holds which post, with a noun: `主席王小明将离任`."""
    start = anchor(clause, decision.pick.predicate.value)[0]
    verb = any(token.start <= start < token.end and token.tag[0] == "v" for token in clause.tokens)
    return decision.pick.predicate in _TAKEN_FOR_GRANTED and not verb


def _rejects(refutation: Refutation, decision: Decision, clause: ClauseContext, view: str, lexicon: Lexicon) -> bool:
    """Say whether a refuter denies this relation, not the claim as a whole, which may be about its reason or its end."""
    pick = decision.pick
    if pick.predicate is Predicate.PROPOSITION or pick.probability < _SURE:
        return False
    if refutation.verb and pick.cue and refutation.verb not in pick.cue and pick.cue not in refutation.verb:
        return False
    start = anchor(clause, pick.predicate.value)[0]
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
        if clause.number not in taken and clause.tokens:
            found += (
                one
                for one in readings(context, clause, lexicon)
                if len(one.positive.strip()) > 1 and not evasion.search(fold(one.positive))
            )
    if found:
        chances = sigmoid(model.scores([denial_features(marks, one) for one in found]))[:, 0]
        yield from zip(found, map(float, chances), strict=True)


def _flatly(clause: ClauseContext, reading: Reading) -> bool:
    """Say whether something is denied flatly, and nobody only asks it or passes it on."""
    return reading.flat and not clause.attribution.hearsay and not clause.is_question


def _negate(found: Sequence[Decision], told: Sequence[tuple[Reading, float]], context: Context, lexicon: Lexicon) -> Iterator[Decision]:
    """Yield what clauses deny that no other relation denies already, where it is likely a statement."""
    shares = lexicon.words("share_acts")
    denied: dict[int, set[str]] = defaultdict(set)
    for decision in found:
        if decision.stance is Stance.DENIES:
            denied[decision.pick.clause].add(decision.pick.predicate.value)
    for reading, chance in told:
        clause = context.clauses[reading.clause]
        sure = max(chance, _FLAT) if _flatly(clause, reading) else chance
        if sure >= LEAST and not _said(clause, reading, denied[reading.clause]):
            predicate = _planned(clause, reading, shares) if reading.frame == "plan" else None
            pick = Pick(reading.clause, predicate or Predicate.PROPOSITION, sure, reading.word)
            yield Decision(pick, Stance.DENIES, 1.0, reading.clause, None if predicate else reading.positive)


def _with_words(decision: Decision, told: Sequence[tuple[Reading, float]], context: Context) -> Decision:
    """Return a denied relation with what its clause denies flatly in its own words."""
    clause = context.clauses[decision.pick.clause]
    if decision.stance is not Stance.DENIES or decision.claim is not None:
        return decision
    own = (one for one, _ in told if one.clause == clause.number and _flatly(clause, one))
    reading = next((one for one in own if _said(clause, one, {decision.pick.predicate.value})), None)
    return replace(decision, flatly=reading.positive) if reading else decision


def _said(clause: ClauseContext, reading: Reading, denied: set[str]) -> bool:
    """Say whether a relation that is denied already has its word where a negation denies something."""
    places = [cue.start for cue in clause.cues if denied.intersection(cue.points_to)]
    if reading.frame in ("ending", "potential"):
        return any(place < reading.end for place in places)
    return any(reading.start <= place < reading.stop for place in places) or bool(denied and not places)


def _planned(clause: ClauseContext, reading: Reading, shares: Collection[str]) -> Predicate | None:
    """Return the relation that a plan is about: divests for `没有出售计划`."""
    if reading.positive in shares:
        return None
    cue = next((cue for cue in clause.cues if cue.start >= reading.end and cue.word.startswith(reading.positive)), None)
    return next((predicate for predicate in _BARE_PLANS if cue and predicate in cue.points_to), None)
