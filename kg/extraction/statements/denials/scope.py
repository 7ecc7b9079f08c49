"""What the words around a relation make of a denial: how far a negation reaches, what only tells which thing is meant, what goes on."""

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

import regex

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import family
from kg.extraction.statements.denials.decisions import Decision
from kg.extraction.statements.denials.idle import tells_which
from kg.extraction.statements.denials.negations import Reading
from kg.extraction.statements.denials.refutations import Refutation
from kg.extraction.statements.denials.wording import wordings
from kg.extraction.statements.detect import Pick
from kg.extraction.statements.stance.features import anchor
from kg.extraction.statements.stance.marks import Marks
from kg.extraction.statements.stance.rules import DENYING
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance

ACTS = frozenset((Predicate.ACQUIRES, Predicate.INVESTS_IN, Predicate.DIVESTS, Predicate.LISTS, Predicate.PARTNERS_WITH))
_CALLED_OFF = ACTS | {Predicate.FOUNDS}
# 甲公司母公司拟收购…: a denial is not of whose parent it is
TAKEN_FOR_GRANTED = frozenset((Predicate.OWNS, Predicate.HOLDS_ROLE, Predicate.COMPETES_WITH))
_SINCE = ("以来", "以后", "之后", "之前", "期间")  # behind a relation's word that only says when: 自上市以来从未…
_INTENDED = ("计划", "申请", "方案", "规划")  # ends of words that say that something is still to come
_NO = frozenset("不没无毫")  # first characters of rejections that negate: 不成立 before an object is 不 and a verb
HELD = frozenset((Stance.ASSERTS, Stance.PLANS))
_NEVER_APPROVED = TAKEN_FOR_GRANTED | {Predicate.METRIC, Predicate.PROPOSITION, Predicate.RESTRICTS}
_OPEN = frozenset(("negation", "possible", "forecast", "will", "hope", "wish", "purpose"))
_NOT_YET = frozenset((Stance.REPORTS, Stance.PLANS, Stance.AIMS, Stance.PREDICTS))
_COPULAS = ("是", "非", "任", "当", "有")  # ends of the words by which somebody is said to hold no post
_HELD_NOW = "所持"  # 将所持股权转让 and 将持有的股权转让: it is held now
_BANS = ("禁", "严禁")  # what words for a ban begin with
_SPENDING = "研发投入"
_LIKELY = 0.45  # a denied relation that is less likely than this gives way to a negation that is more likely


def empty(pick: Pick, context: Context, lexicon: Lexicon) -> bool:
    """Say whether a clause states nothing: it tells who was asked (`经向控股股东核实`), or its word is part of a name or a phrase."""
    clause = context.clauses[pick.clause]
    if wordings(lexicon)["checked"].fullmatch(context.view, clause.start, clause.end):
        return True
    cues = [cue for cue in clause.cues if pick.predicate.value in cue.points_to]
    begin = anchor(clause, pick.predicate.value)[0]
    if wordings(lexicon)["unreal"].search(context.view, clause.start, begin) and pick.predicate not in TAKEN_FOR_GRANTED:
        return True  # 差点收购了甲公司
    rejected = any(family(one) == "rejection" and one.start < begin < one.end for one in clause.stance_cues)
    if pick.predicate is Predicate.FOUNDS and rejected and not context.view[anchor(clause, pick.predicate.value)[1] : clause.end].strip():
        return True  # 前提就不成立
    if pick.predicate is Predicate.REPLACES and wordings(lexicon)["renamed"].search(context.view, clause.start, clause.end):
        return True  # 更名为甲公司: it is the same
    if pick.predicate is Predicate.ACQUIRES and wordings(lexicon)["orders"].search(context.view, begin, clause.end):
        return True  # 拿下甲公司的订单
    names = [(one.mention.start, one.mention.end - 1) for one in clause.references if pick.predicate is Predicate.OWNS]
    view = context.view[clause.start : clause.end]
    phrases = _phrases(lexicon).get(pick.predicate.value, ())
    fixed = [(clause.start + at, clause.start + at + len(one)) for one in phrases if (at := view.find(one)) >= 0]
    fixed += [(cue.start, cue.end) for cue in cues if clause.quantities and cue.word == _SPENDING]  # 研发投入5.6亿元 is a measure
    return bool(cues) and all(any(start <= cue.start and cue.end <= end for start, end in (*names, *fixed)) for cue in cues)


@functools.cache
def _phrases(lexicon: Lexicon) -> Mapping[str, tuple[str, ...]]:
    """Return the set phrases that hold the word of each predicate and do not state it."""
    rows = lexicon.table("fixed_phrases")
    return {name: tuple(row["phrase"] for row in rows if row["predicate"] == name) for name in {row["predicate"] for row in rows}}


def doubtful(decision: Decision, told: Sequence[tuple[Reading, float]]) -> bool:
    """Say whether a denied relation is less likely than that its clause denies something in its own words."""
    pick = decision.pick
    if decision.stance is not Stance.DENIES or decision.claim is not None or pick.probability >= _LIKELY:
        return False
    sure = max(pick.probability, _LIKELY)
    return any(reading.clause == pick.clause and reading.frame != "plan" and chance > sure for reading, chance in told)


def suffered(decision: Decision, context: Context, lexicon: Lexicon) -> bool:
    """Say whether what is denied would be done by nobody named (`没有被列入实体清单`, `未被任何机关处罚`): its own words say it better."""
    clause = context.clauses[decision.pick.clause]
    if decision.stance is not Stance.DENIES or decision.claim is not None:
        return False
    starts = {cue.start for cue in clause.cues if decision.pick.predicate.value in cue.points_to}
    named = [reference.mention.start for reference in clause.references]
    agents = [token.end for token in clause.tokens if token.text in lexicon.words("agent_markers")]
    return any(agent <= start and not any(agent <= name < start for name in named) for agent in agents for start in starts)


def of_shares(decision: Decision, found: Sequence[Decision], told: Sequence[tuple[Reading, float]], lexicon: Lexicon) -> bool:
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


def in_scope(decision: Decision, told: Sequence[tuple[Reading, float]], context: Context) -> bool:
    """Say whether what is stated as so stands where its clause flatly denies something: the denial says it."""
    clause = context.clauses[decision.pick.clause]
    start = anchor(clause, decision.pick.predicate.value)[0]
    own = (one for one, _ in told if one.clause == clause.number and flatly(clause, one))
    scoped = start < clause.end and any(one.end <= start < one.stop and one.frame in ("verb", "noun", "plan") for one in own)
    return scoped and not _goes_on(clause, decision.pick) and not taken_for_granted(decision, clause)


def unreached(decision: Decision, told: Sequence[tuple[Reading, float]], context: Context) -> bool:
    """Say whether a measure without a figure is what its clause denies: 盈利 of `尚未实现盈利`."""
    clause, pick = context.clauses[decision.pick.clause], decision.pick
    if pick.predicate is not Predicate.METRIC or clause.quantities:
        return False
    start = anchor(clause, pick.predicate.value)[0]
    return any(one.clause == clause.number and one.frame in ("verb", "noun") and one.end <= start < one.stop for one, _ in told)


def only_told_apart(decision: Decision, context: Context, lexicon: Lexicon) -> bool:
    """Say whether a denied relation only tells which thing another verb is denied of, how many were given up, or what may not be.

    `从未采购涉事企业生产的疫苗` denies no making, `放弃了订造四艘船的计划` no number, `若年底前不能上市` nothing.
    """
    clause, pick = context.clauses[decision.pick.clause], decision.pick
    kinds = [family(cue) for cue in clause.stance_cues if family(cue) in DENYING]
    if pick.predicate is Predicate.METRIC:
        return bool(kinds) and set(kinds) == {"failure"} and decision.claim is None
    start, end = anchor(clause, pick.predicate.value)
    negation = next((cue for cue in clause.stance_cues if family(cue) == "negation" and cue.end <= start), None)
    known = wordings(lexicon)
    if negation is not None and known["if_not"].search(context.view, clause.start, negation.start):
        return True
    if negation is None or not known["of_a_thing"].match(context.view, end, clause.end):
        return False
    return any(token.tag == "v" and negation.end <= token.start and token.end < start for token in clause.tokens)


def other_verb_denied(decision: Decision, context: Context, lexicon: Lexicon) -> bool:
    """Say whether the relation's word stands before all that negates, and what is negated is another verb: `使用甲公司服务不会带来风险`.

    Verbs that say whether the thing itself comes about are none (`收购尚未完成`, `该计划不存在`).
    """
    clause, pick = context.clauses[decision.pick.clause], decision.pick
    if decision.stance is not Stance.DENIES or decision.claim is not None or pick.predicate in TAKEN_FOR_GRANTED | {Predicate.METRIC}:
        return False
    end = anchor(clause, pick.predicate.value)[1]
    marks = [cue for cue in clause.stance_cues if family(cue) in DENYING]
    if not marks or any(family(mark) != "negation" or mark.start < end for mark in marks):
        return False
    own = any(cue.start >= marks[0].end and pick.predicate.value in cue.points_to for cue in clause.cues)
    verb = next((token for token in clause.tokens if token.start >= marks[0].end and token.tag[0] == "v" and token.tag != "vn"), None)
    return not own and verb is not None and verb.text not in lexicon.words("occurrence_verbs")


def _in_attribute(view: str, clause: ClauseContext, pick: Pick) -> bool:
    """Say whether a relation's word only says which thing it is or since when that a later negation speaks of: `位于甲城的工厂没有停产`."""
    end = anchor(clause, pick.predicate.value)[1]
    negations = [cue.start for cue in clause.stance_cues if family(cue) == "negation"]
    if not negations or end >= negations[0]:
        return False
    return "的" in view[end : negations[0]] or view.startswith(_SINCE, end)


def only_banned(decision: Decision, found: Sequence[Decision], context: Context) -> bool:
    """Say whether a clause tells of a ban of what the decision denies, and denies nothing else: `宣布禁止使用该应用`."""
    pick, clause = decision.pick, context.clauses[decision.pick.clause]
    others = (one for one in found if one.pick.clause == pick.clause and one.pick.predicate is Predicate.RESTRICTS and one is not decision)
    denying = [cue for cue in clause.stance_cues if family(cue) in DENYING]
    banned = bool(denying) and all(cue.word.startswith(_BANS) for cue in denying)
    return banned and any(one.stance is not Stance.DENIES for one in others)


def beside_a_denial(decision: Decision, found: Sequence[Decision], context: Context) -> bool:
    """Say whether a clause denies something else and only mentions this with a noun (大股东 of `没有出售给大股东的计划`)."""
    number = decision.pick.clause
    others = (one for one in found if one.pick.clause == number and one.stance is Stance.DENIES and one is not decision)
    taken = taken_for_granted(decision, context.clauses[number])
    return taken and any(one.pick.predicate not in TAKEN_FOR_GRANTED for one in others)


def taken_for_granted(decision: Decision, clause: ClauseContext) -> bool:
    """Say whether a claim only mentions whose something is or who holds which post, with a noun: `主席王小明将离任`."""
    start = anchor(clause, decision.pick.predicate.value)[0]
    verb = any(token.start <= start < token.end and token.tag[0] == "v" for token in clause.tokens)
    return decision.pick.predicate in TAKEN_FOR_GRANTED and not verb


def flatly(clause: ClauseContext, reading: Reading) -> bool:
    """Say whether something is denied flatly, and nobody only asks it or passes it on."""
    return reading.flat and not clause.attribution.hearsay and not clause.is_question


def said(clause: ClauseContext, reading: Reading, denied: set[str]) -> bool:
    """Say whether a relation that is denied already has its word where a negation denies something."""
    places = [cue.start for cue in clause.cues if denied.intersection(cue.points_to)]
    if reading.frame in ("ending", "potential"):
        return any(place < reading.end for place in places)
    return any(reading.start <= place < reading.stop for place in places) or bool(denied and not places)


def _unapproved(decision: Decision, context: Context, lexicon: Lexicon) -> Stance | None:
    """Return the stance of what was not let through (`收购甲公司的交易未获批准`, `阻止甲公司收购`), None of anything else.

    It is still to come where that is not so yet or need not be so: `尚未获批`, `可能受阻`, `没有被否决`. Of `甲公司研发的药物未获批准` the
    medicine was developed.
    """
    clause, predicate, known = context.clauses[decision.pick.clause], decision.pick.predicate, wordings(lexicon)
    if clause.is_question or predicate in _NEVER_APPROVED or decision.stance not in HELD | {Stance.DENIES}:
        return None
    permits = predicate is Predicate.PERMITS
    start = min((cue.start for cue in clause.cues if predicate.value in cue.points_to and not permits), default=clause.start)
    hindered = known["hindered"].search(context.view, clause.start, start)
    if hindered is not None and not _negated(clause, hindered.start()):
        return Stance.PLANS if _left_open(clause, clause.start, hindered.start()) else Stance.DENIES
    found = known["unapproved"].search(context.view, start, clause.end)
    if found is None or (not permits and known["of_no_plan"].search(context.view, start, found.start())):
        return None
    if permits:
        return None if _left_open(clause, clause.start, found.start()) else Stance.DENIES
    return Stance.PLANS if found["yet"] or _left_open(clause, start, found.start()) else Stance.DENIES


def _given_up(clause: ClauseContext, context: Context, pattern: "regex.Pattern[str]") -> bool:
    """Say whether a later clause of the sentence tells that something was given up."""
    rest = itertools.takewhile(lambda one: one.sentence == clause.sentence, context.clauses[clause.number + 1 :])
    return any(pattern.search(context.view, one.start, one.end) for one in rest)


def denied_with_modals(decision: Decision, told: Sequence[tuple[Reading, float]], context: Context, lexicon: Lexicon) -> Decision:
    """Return what is stated as so right behind a negation, with no more than modal words between, as denied: `并不想收购甲公司`."""
    clause, pick = context.clauses[decision.pick.clause], decision.pick
    if (
        decision.stance not in HELD | {Stance.AIMS}
        or pick.predicate in TAKEN_FOR_GRANTED | {Predicate.METRIC, Predicate.PROPOSITION}
        or clause.is_question
    ):
        return decision
    start = anchor(clause, pick.predicate.value)[0]
    own = (one for one, _ in told if one.clause == clause.number and one.frame == "verb" and one.end <= start < one.stop)
    modal = wordings(lexicon)["modal"]
    denied = any(modal.fullmatch(context.view, one.end, start) for one in own)
    return replace(decision, stance=Stance.DENIES) if denied and not _goes_on(clause, pick) else decision


def _left_open(clause: ClauseContext, start: int, end: int) -> bool:
    """Say whether words of a stretch, or a condition before it, leave open or deny what follows: `可能`, `若`, `没有`."""
    marks = [cue for cue in clause.stance_cues if cue.end <= end]
    return any(family(cue) == "condition" or (family(cue) in _OPEN and start <= cue.start) for cue in marks)


def framed(decision: Decision, context: Context, lexicon: Lexicon) -> Decision:
    """Return a decision in the stance that the frame of its clause settles.

    Who leaves a post is denied to hold it, unless that is denied; a deal that is called off (`终止收购`) is denied. `强调不能使用…`
    is no denial but a restriction; in `如果不需要就采用…` the condition is negated, not what follows from it.
    """
    pick = decision.pick
    clause, view = context.clauses[pick.clause], context.view
    known = wordings(lexicon)
    if pick.predicate is Predicate.HOLDS_ROLE and not clause.attribution.hearsay:
        left = known["left"].search(context.view, clause.start, clause.end)
        stays = left is not None and _negated(clause, left.start())
        if stays and decision.stance is Stance.DENIES:
            return replace(decision, stance=Stance.ASSERTS)  # 不存在辞职计划
        if left is not None and not stays and decision.stance in HELD:
            return replace(decision, stance=Stance.DENIES)
        if left is None and decision.stance is Stance.DENIES and _only_titled(decision, clause):
            return replace(decision, stance=Stance.ASSERTS)  # 首席执行官甲宣布搁置该计划
        known_title = left is None and taken_for_granted(decision, clause) and not known["appointed"].search(view, clause.start, clause.end)
        if known_title and decision.stance in _NOT_YET and not clause.is_question:
            return replace(decision, stance=Stance.ASSERTS)  # 首席执行官甲要求尽快上线
    if (unapproved := _unapproved(decision, context, lexicon)) is not None:
        return replace(decision, stance=unapproved)
    if pick.predicate in _CALLED_OFF and decision.stance in HELD:
        start = anchor(clause, pick.predicate.value)[0]
        off = known["called_off"].search(context.view, clause.start, start) or known["refused"].search(context.view, clause.start, start)
        if off and not _negated(clause, off.start()):
            return replace(decision, stance=Stance.DENIES)
        if known["lapsed"].search(context.view, clause.start, start) and _given_up(clause, context, known["given_up"]):
            return replace(decision, stance=Stance.DENIES)
    if pick.predicate is Predicate.OWNS and decision.stance is Stance.PLANS:
        held = context.view.startswith("的", anchor(clause, pick.predicate.value)[1]) or (pick.cue or "").startswith(_HELD_NOW)
        return replace(decision, stance=Stance.ASSERTS) if held else decision
    if pick.predicate in _CALLED_OFF and decision.stance in HELD:
        end = anchor(clause, pick.predicate.value)[1]
        failed = known["failed"].search(context.view, end, clause.end)  # 上市失败, 冲击港交所未果
        return replace(decision, stance=Stance.DENIES) if failed else decision
    if decision.stance is not Stance.DENIES or pick.predicate is Predicate.PROPOSITION:
        return decision
    if wordings(lexicon)["unchanged"].match(context.view, anchor(clause, pick.predicate.value)[1], clause.end):
        return _standing(decision, clause)
    if _goes_on(clause, pick):
        return _standing(decision, clause)
    denying = [cue for cue in clause.stance_cues if family(cue) in DENYING]
    apart = denying and all(tells_which(context.view, clause, one.start, known["of_which_kind"]) for one in denying)
    if apart or _in_attribute(context.view, clause, pick):
        return replace(decision, stance=Stance.ASSERTS)
    start = anchor(clause, pick.predicate.value)[0]
    if known["decree"].search(context.view, clause.start, start):
        return replace(decision, pick=replace(pick, predicate=Predicate.RESTRICTS), stance=Stance.ASSERTS)
    if known["otherwise"].search(context.view, clause.start, start):
        return replace(decision, stance=Stance.PLANS)
    return decision


def _only_titled(decision: Decision, clause: ClauseContext) -> bool:
    """Say whether a clause gives somebody's post as a title, and what it denies is another thing, not who that is."""
    denying = [cue for cue in clause.stance_cues if family(cue) in DENYING]
    return taken_for_granted(decision, clause) and not any(cue.word.endswith(_COPULAS) or family(cue) == "leaving" for cue in denying)


def told_of_lies(decision: Decision, refuted: Sequence[Refutation], marks: Marks) -> Decision:
    """Return a decision as an assertion where its clause tells that somebody lies (`拍摄并编造文字`), and nothing is called a lie."""
    clause = marks.context.clauses[decision.pick.clause]
    if decision.stance is not Stance.DENIES or clause.attribution.hearsay:
        return decision
    denying = [mark for mark in marks.of(clause.number) if family(mark) in DENYING]
    if not denying or any(family(mark) != "rejection" or mark.word[0] in _NO for mark in denying):
        return decision
    rejected = any(clause.number in (one.claim, one.refuter) for one in refuted)
    return decision if rejected else replace(decision, stance=Stance.ASSERTS)
