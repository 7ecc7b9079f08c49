"""How what a clause states goes on: it ends, does not end, is put off, is lifted, or is only supposed or believed."""

from collections.abc import Sequence
from dataclasses import replace

import regex

from kg.extraction.dates.candidates import AHEAD
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import family
from kg.extraction.statements.denials.decisions import Decision
from kg.extraction.statements.denials.wording import wordings
from kg.extraction.statements.stance.features import anchor
from kg.extraction.statements.stance.rules import DENYING
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance

_LASTING = frozenset(
    (
        *(Predicate.PROVIDES, Predicate.PARTNERS_WITH, Predicate.USES, Predicate.SUPPORTS, Predicate.INVESTS_IN),
        *(Predicate.DEVELOPS, Predicate.OPERATES_IN, Predicate.LAUNCHES),
    )
)  # relations that can be stopped
_DEALS = frozenset((Predicate.ACQUIRES, Predicate.DIVESTS, Predicate.LISTS))
_CLAIMED = frozenset((Predicate.METRIC, Predicate.PROPOSITION))
_UNTOUCHED = frozenset((Predicate.EXITS, Predicate.RESTRICTS, *_CLAIMED))  # of which stopping is another thing
_AHEAD = frozenset(("will", "plan", "intent", "goal", "hope", "wish", "possible", "forecast", "need", "decision", "promise"))
_FACTS = frozenset((Stance.ASSERTS, Stance.PLANS, Stance.DENIES))
_DISPOSING = "将"
_LESS = ("减", "削", "缩")  # what words for having less of something begin with


def on_course(decision: Decision, context: Context, lexicon: Lexicon) -> Decision | None:
    """Return a decision in the stance that the course of things settles; None where nothing is stated.

    `如果退出北美` and `误以为甲公司收购了乙公司` state nothing, `已解除供货协议` denies, `没有停止供货` and `未予否认` do not.
    """
    pick, known, view = decision.pick, wordings(lexicon), context.view
    clause = context.clauses[pick.clause]
    start, end = anchor(clause, pick.predicate.value)
    if known["believed"].search(view, clause.start, start) or _supposed(decision, context, start, known["supposed"]):
        return None
    if clause.is_question:
        return decision
    if unreal(clause, context, lexicon):
        return None
    if decision.stance is Stance.DENIES and _follows(clause, context, lexicon):
        return None  # 只要用户不上传照片,平台就不会使用
    if decision.stance is Stance.DENIES and known["twice_negated"].search(view, clause.start, start):
        return replace(decision, stance=Stance.ASSERTS)
    if decision.stance is Stance.ASSERTS and known["follows_from_condition"].search(view, _sentence_start(context, clause), clause.start):
        return replace(decision, stance=Stance.PREDICTS)
    undone = known["not_agreed"].search(view, clause.start, clause.end)
    if decision.stance is Stance.ASSERTS and undone is not None and undone.start("act") <= start < undone.end("act"):
        return replace(decision, stance=Stance.DENIES)
    verb = start if start < clause.end else next((cue.end for cue in clause.stance_cues if family(cue) == "negation"), start)
    titled = pick.predicate is Predicate.HOLDS_ROLE and pick.cue is None  # 实控人甲 of `实控人甲未能拿下乙公司`
    if decision.stance is Stance.ASSERTS and not titled and known["not_able"].search(view, clause.start, verb):
        return replace(decision, stance=Stance.DENIES)
    if decision.stance is Stance.ASSERTS and known["no_part"].search(view, clause.start, start):
        return None
    if decision.stance is Stance.ASSERTS and known["not_by"].search(view, clause.start, clause.end):
        return None  # 电机不是我们做的
    if known["unrebutted"].search(view, clause.start, start):
        return replace(decision, stance=Stance.REPORTS)
    if pick.predicate is Predicate.RESTRICTS:
        return _restricted(decision, context, (start, end), lexicon)
    if pick.predicate is Predicate.METRIC and decision.stance is Stance.ASSERTS and known["at_most"].search(view, clause.start, clause.end):
        return replace(decision, stance=Stance.PREDICTS)
    if pick.predicate is Predicate.METRIC and decision.stance in AHEAD and known["same_period"].match(view, clause.start, clause.end):
        return replace(decision, stance=Stance.ASSERTS)  # 上年同期盈利1,200万元, beside what is expected of this one
    if pick.predicate is Predicate.OWNS and decision.stance is Stance.DENIES and known["less_than"].search(view, end, clause.end):
        return replace(decision, stance=Stance.ASSERTS) if _denies_once(clause) else decision
    if pick.predicate is Predicate.OWNS and decision.stance in (Stance.ASSERTS, Stance.PLANS):
        return replace(decision, stance=Stance.DENIES) if known["no_kin"].search(view, clause.start, clause.end) else decision
    if pick.predicate is Predicate.HOLDS_ROLE and decision.stance is Stance.DENIES and not _denying(clause):
        return replace(decision, stance=Stance.ASSERTS) if known["appointing"].search(view, clause.start, clause.end) else decision
    if pick.predicate is Predicate.HOLDS_ROLE and decision.stance is Stance.DENIES and known["left_for"].search(view, clause.start, end):
        return replace(decision, stance=Stance.ASSERTS)
    if pick.predicate in _UNTOUCHED or decision.stance not in _FACTS:
        return decision
    if decision.stance is Stance.DENIES and _leaves_in_attribute(clause, start, view):
        return replace(decision, stance=Stance.ASSERTS)  # 已退出北美的甲公司被收购
    if decision.stance is Stance.DENIES and known["contrast"].match(view, clause.start, clause.end) and not _denying(clause):
        return replace(decision, stance=Stance.ASSERTS)
    if known["put_off"].search(view, clause.start, start):
        return replace(decision, stance=Stance.PLANS)
    return _stopped(decision, context, (start, end), lexicon)


def growing_as_expected(found: Sequence[Decision], context: Context, lexicon: Lexicon) -> list[Decision]:
    """Return decisions, where how much more an expected figure is, is expected, too (`预计营收10亿元,同比增长20%`)."""
    expected = {one.pick.clause: one.stance for one in found if one.pick.predicate is Predicate.METRIC and one.stance in AHEAD}
    compares, clauses = wordings(lexicon)["compares"], context.clauses

    def told(one: Decision) -> Decision:
        number, clause = one.pick.clause, clauses[one.pick.clause]
        if one.pick.predicate is not Predicate.METRIC or one.stance is not Stance.ASSERTS or number - 1 not in expected:
            return one
        near = clauses[number - 1].sentence == clause.sentence and compares.match(context.view, clause.start, clause.end) is not None
        return replace(one, stance=expected[number - 1]) if near else one

    return [told(one) for one in found]


def unreal(clause: ClauseContext, context: Context, lexicon: Lexicon) -> bool:
    """Say whether a clause only tells what would be had something been otherwise: `如果当时收购了乙公司,今天就是第一`."""
    return wordings(lexicon)["follows_from_unreal"].search(context.view, _sentence_start(context, clause), clause.start) is not None


def _denying(clause: ClauseContext) -> bool:
    """Say whether anything in a clause denies."""
    return any(family(cue) in DENYING for cue in clause.stance_cues)


def _denies_once(clause: ClauseContext) -> bool:
    """Say whether there is one mark alone in a clause that denies."""
    return sum(family(cue) in DENYING for cue in clause.stance_cues) == 1


def _leaves_in_attribute(clause: ClauseContext, start: int, view: str) -> bool:
    """Say whether all that denies before a relation's word only says which company it is that left something."""
    denying = [cue for cue in clause.stance_cues if family(cue) in DENYING]
    named = {one.mention.start for one in clause.references if one.mention.end <= start}
    apart = (any(view.startswith("的", at - 1) for at in named if cue.end < at) for cue in denying)
    return bool(denying) and all(family(cue) == "leaving" for cue in denying) and all(apart)


def _ahead(clause: ClauseContext, end: int) -> bool:
    """Say whether what stands before an offset looks ahead; 将 right before a name is none of it, which has something done to it."""
    named = {one.mention.start for one in clause.references}
    return any(family(cue) in _AHEAD and cue.end <= end and not (cue.word == _DISPOSING and cue.end in named) for cue in clause.stance_cues)


def _follows(clause: ClauseContext, context: Context, lexicon: Lexicon) -> bool:
    """Say whether what a clause denies only follows from a condition before it."""
    known, view = wordings(lexicon), context.view
    if known["follows_from_condition"].search(view, _sentence_start(context, clause), clause.start) is None:
        return False
    negations = (cue.start for cue in clause.stance_cues if family(cue) == "negation")
    return any(known["then_not"].search(view, clause.start, start) is not None for start in negations)


def _sentence_start(context: Context, clause: ClauseContext) -> int:
    return context.layout.sentences[clause.sentence].start


def _supposed(decision: Decision, context: Context, start: int, condition: "regex.Pattern[str]") -> bool:
    """Say whether a relation that is told as a fact stands in a condition: of 190 such clauses in annotated documents 4 assert."""
    clause = context.clauses[decision.pick.clause]
    figure = decision.pick.predicate is Predicate.METRIC and decision.stance is Stance.PLANS  # 如果价格继续回落
    told = figure or (decision.stance is Stance.ASSERTS and decision.pick.predicate is not Predicate.PROPOSITION)
    return told and condition.search(context.view, clause.start, start) is not None


def _restricted(decision: Decision, context: Context, span: tuple[int, int], lexicon: Lexicon) -> Decision:
    """Return a restriction as denied where it is lifted (`解除制裁`), as a fact where only its own word denies (`拒绝批准`)."""
    clause, view = context.clauses[decision.pick.clause], context.view
    lifted = wordings(lexicon)["lifted"].search(view, clause.start, span[0])
    denying = [cue for cue in clause.stance_cues if family(cue) in DENYING]
    if lifted is not None and decision.stance is Stance.ASSERTS and not any(cue.end <= lifted.start() for cue in denying):
        return decision if _ahead(clause, lifted.start()) else replace(decision, stance=Stance.DENIES)
    own = all(span[0] <= cue.start and cue.end <= span[1] for cue in denying)
    return replace(decision, stance=Stance.ASSERTS) if decision.stance is Stance.DENIES and denying and own else decision


def _stopped(decision: Decision, context: Context, span: tuple[int, int], lexicon: Lexicon) -> Decision | None:
    """Return what was stopped as denied, what was not as it stands; None where it is still to be stopped, or there is only less of it."""
    pick, clause, view, known = decision.pick, context.clauses[decision.pick.clause], context.view, wordings(lexicon)
    ended = known["ended"].match(view, span[1], clause.end)
    if ended is not None and pick.predicate in _LASTING:
        return None if ended["yet"] else replace(decision, stance=Stance.DENIES)
    places = {span[0], *(cue.start for cue in clause.cues if pick.predicate.value in cue.points_to)}  # 自建 and 产线 of 放弃自建产线
    found = next((one for place in sorted(places) if (one := known["stopping"].search(view, clause.start, place))), None)
    if found is None or pick.predicate not in _LASTING | _DEALS:
        return decision
    less = found["stop"].startswith(_LESS)
    if found["not"]:
        stands = Stance.PLANS if pick.predicate in _DEALS else Stance.ASSERTS
        return None if less else replace(decision, stance=stands) if decision.stance is not Stance.PLANS else decision
    if less:
        return None if decision.stance is Stance.DENIES else decision
    if pick.predicate in _DEALS:
        return decision
    return None if _ahead(clause, found.start("stop")) else replace(decision, stance=Stance.DENIES)
