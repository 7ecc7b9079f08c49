"""Who does it, whatever the weights say: the name that a clause opens with; and whom it is done to, behind a preposition."""

from kg.extraction.statements.arguments.constructions import MADE
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.places import Candidate, Place, company_of
from kg.extraction.statements.arguments.rows import JOINTS, NO_AGENT, OWN, behind_preposition
from kg.extraction.statements.arguments.survey import first_word, undated
from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.cues import family
from kg.extraction.tokens import Token
from kg.model import Kind, Predicate, Reference

ACTS = frozenset((Predicate.ACQUIRES, Predicate.DIVESTS, Predicate.EXITS, Predicate.INVESTS_IN, Predicate.LAUNCHES, Predicate.DEVELOPS))
OF_THINGS = frozenset(
    (Predicate.USES, Predicate.SUPPORTS, Predicate.TARGETS, Predicate.REPLACES, Predicate.COMPETES_WITH, Predicate.OPERATES_IN)
)  # relations that things have, too
_OURS_TO_DO = frozenset((Predicate.PROVIDES, Predicate.USES))
_AHEAD = frozenset(("plan", "intent", "goal", "hope", "wish", "will", "decision", "forecast"))  # families of words for what is ahead
_TIME = "mq"  # the tag of 三季度
_GOES_ON = frozenset("nmqabjlsu")  # tags of words that make more of a name than the name itself: 华为手机, 苹果的
_HEARD = "hearsay"  # the family of marks that say that something is only heard
_AGREEING = frozenset(("同意", "批准"))  # what a resolution begins with, before who acts


def first(place: Place) -> Token | None:
    """Return the word that what is said begins with, but for adverbs, times, joints and that it is heard; a name's first word is one."""
    clause = place.clause
    names = {one.mention.start for one in clause.references}
    heard = {cue.start for cue in clause.stance_cues if family(cue) == _HEARD}  # 网传
    words = [
        token
        for token in undated(clause.said)
        if token.start in names or (token.tag[0] not in "tcdx" and token.text not in _AGREEING and token.start not in heard)
    ]
    return first_word(words, place.pronouns)


def opening_doer(place: Place) -> Candidate | None:
    """Return the name that a clause opens with where nothing between it and the relation's word makes another one the doer.

    In `软银目前势将向OpenAI投资` that is 软银; none in `苹果要求供应商提供`, `飞鹤获得红杉投资`.
    """
    clause = place.clause
    if place.predicate in NO_AGENT or place.predicate is Predicate.FOUNDS or not place.cues:
        return None
    opening = first(place)
    reference = next((one for one in clause.references if opening and one.mention.start == opening.start), None)
    if opening is None or (reference is None and place.predicate not in ACTS | _OURS_TO_DO):
        return None
    if reference is None:
        company = company_of(place) if place.pronouns.get(opening.text) == "company" and _acts_alone(place, opening.end) else None
        named = company is not None and any(one.entity == company.name for one in clause.references)  # 公司将…卖给了甲公司
        return None if company is None or named else Candidate((company,), clause.number, ["company"])
    doers = ACTORS | MADE if place.predicate in OF_THINGS | {Predicate.LAUNCHES} else ACTORS
    split = any(token.start < reference.mention.end < token.end for token in clause.tokens)
    if reference.kind not in doers or split or not _acts_alone(place, _row_end(clause, reference)):
        return None
    return Candidate((of_reference(reference),), clause.number, ["opening"])


def _row_end(clause: ClauseContext, reference: Reference) -> int:
    """Return where a row of names ends that begins with a reference: `甲公司、乙公司`."""
    starts = {one.mention.start: one.mention.end for one in clause.references}
    joints = {token.start: token.end for token in clause.tokens if token.text in JOINTS}
    end = reference.mention.end
    while end in joints and joints[end] in starts:
        end = starts[joints[end]]
    return end


def _acts_alone(place: Place, end: int) -> bool:
    """Say whether nothing between the word that ends there and the relation's word goes on with it, or makes another one the doer."""
    if end > place.anchor:
        return False
    between = [token for token in place.clause.tokens if end <= token.start < place.anchor]
    means = {cue.start for cue in place.clause.stance_cues if cue.points_to[0] in _AHEAD}  # 计划 of 华为计划 is no noun
    if between:
        first = between[0]
        noun = first.tag[0] in _GOES_ON or first.tag == "vn"
        if first.text in JOINTS or OWN in (first.text, between[-1].text) or (noun and first.tag != _TIME and first.start not in means):
            return False
    shifted = any(token.text in place.grammar.shifts or token.text in place.grammar.markers for token in between)
    return not shifted and not _another_doer(place, end)


def _another_doer(place: Place, start: int) -> bool:
    """Say whether another one is named, not behind a preposition, between `start` and the relation's word (`飞鹤将回购红杉持有的股份`)."""
    named = (one.mention for one in place.clause.references if one.kind in ACTORS | {Kind.PERSON})
    between = (mention for mention in named if start <= mention.start and mention.end <= place.anchor)
    return any(not behind_preposition(place, mention.start) for mention in between)


def recipient(place: Place) -> Candidate | None:
    """Return the name behind the last preposition before the relation's word (`向OpenAI投资`), None where there is none."""
    named = (one for one in reversed(place.clause.references) if one.kind in ACTORS and one.mention.end <= place.anchor)
    found = next((one for one in named if behind_preposition(place, one.mention.start)), None)
    return None if found is None else Candidate((of_reference(found),), place.clause.number, ["recipient"])
