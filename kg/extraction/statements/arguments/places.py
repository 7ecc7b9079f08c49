"""A relation looked at in its clause, and whoever may play a part in it."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.expressions import compiled
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.spans import Span
from kg.extraction.statements.arguments.survey import Survey
from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.cues import family
from kg.extraction.statements.linear import Scores
from kg.model import Kind, Predicate, Role, Stance

_POINTED = compiled("该(?:公司|企业|集团)")
_GOALS = ("至", "到", "在", "于", "从", "向", "往")  # before where something goes: GitHub of 上传至GitHub
_FARTHEST = 40  # clauses that a question may have
_REFUTES = "rejection"  # the family of marks that say that something is not so
OURS = frozenset(("company", "we"))  # what pronouns refer to, in subject_pronouns.tsv


class Candidate(NamedTuple):
    """Something that may play a part: its names (several are joint), where it stands, and why it is thought of."""

    names: tuple[Named, ...]
    clause: int
    origins: list[str]


@dataclass(frozen=True, slots=True)
class GrammarWords:
    """Words of the lexicon that say who does it, and where names begin and end."""

    markers: frozenset[str]  # before a doer: 由, 被
    disposals: frozenset[str]  # before what is done to: 把, 将
    gives: tuple[str, ...]  # what words before a receiver end with: 给
    owners: frozenset[str]  # nouns for who owns a company: 控股股东
    prepositions: frozenset[str]  # before what is never a doer: 向, 对
    shifts: frozenset[str]  # verbs that make another one the doer: 要求
    receipts: frozenset[str]  # of these, those by which the first gets what the other one gives: 获得
    researchers: tuple[str, ...]  # what the names of those end in who count others: 研究院
    bodies: frozenset[str]  # nouns for what a body calls itself: 俱乐部
    fields: frozenset[str]  # nouns for a field or market: 领域
    things: tuple[str, ...]  # nouns for what is made: 平台
    whole: frozenset[str]  # verbs that hold what is done to: 关店
    investors: frozenset[str]  # what those are called who fund: 投资方
    rounds: frozenset[str]  # verbs of leading and joining a round of funding: 领投
    makers: tuple[str, ...]  # what makes something, and is made itself: 研发中心
    begins: frozenset[str]  # words that no name begins with
    ends: frozenset[str]  # words that no name ends with
    pairs: Mapping[str, str]  # words for the two named last: 双方
    abroad: Mapping[str, tuple[str, Kind]]  # places by the one character behind 赴: 港
    nothings: frozenset[str]  # nouns that name nothing alone: 情况
    unmeasured: frozenset[str]  # words that alone name no measure: 提升, 约合
    terms: frozenset[str]  # what an act has: 价格


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where the parts of a relation are looked for.

    `anchor` is where the relation's cue stands; the leanings are how much each word looks like a subject or an object;
    `cues` where the relation's cues stand, and `word` the last of them.
    """

    survey: Survey
    clause: ClauseContext
    predicate: Predicate
    stance: Stance
    spans: Sequence[Span]
    anchor: int
    leanings: Scores
    object_leanings: Scores
    pronouns: Mapping[str, str]
    grammar: GrammarWords
    cues: Sequence[tuple[int, int]]
    word: str


def refutes(place: Place, name: Named) -> bool:
    """Say whether words hold some by which something is said not to be so: 纯属谣言."""
    own = name.kind is None and place.clause.start <= name.start
    return own and any(family(cue) == _REFUTES and name.start <= cue.start < name.end for cue in place.clause.stance_cues)


def pronoun(clause: ClauseContext, pronouns: Mapping[str, str]) -> str:
    """Return what kind of thing the first pronoun of what is said refers to, `-` without one."""
    for token in clause.tokens:
        if token.start >= clause.attribution.content and (refers := pronouns.get(token.text)):
            return refers
    return "-"


def company_of(place: Place, besides: str | None = None) -> Named | None:
    """Return whom 公司 means: the organisation that speaks or answers, that the speaker belongs to, or that the document is about.

    `besides` is somebody whom it cannot mean (`公司控股股东星瀚集团承诺`); nor is it who is named beside 我们.
    """
    facts = place.survey.facts
    if (pointed := _pointed_at(place, besides)) is not None:
        return pointed
    speaker = answerer(place) if place.clause.asked else place.clause.attribution.speaker
    if speaker is not None and speaker in place.pronouns:
        return facts.entity(speaker, place.clause.start) if place.pronouns[speaker] == "company" and speaker != besides else None
    asked = facts.asked_of.get(speaker or "")
    of_speaker = speaker if speaker and facts.kinds.get(speaker) in ACTORS else facts.employers.get(speaker or "", asked)
    if place.clause.attribution.hearsay:
        of_speaker = None  # a paper does not mean itself
    opening = facts.openings.get(place.clause.block)
    about = [facts.titled] if facts.titled else [opening.name] if opening is not None and opening.kind is Kind.COMPANY else []
    spoken_of = _in_item(place) if facts.digest else (*about, *facts.ranked)
    if facts.headed_items:
        spoken_of = [name for name in spoken_of if place.survey.in_item(place.clause.start, name)]
    named = (name for name in spoken_of if facts.kinds[name] in ACTORS - {Kind.STATE} and name not in {besides, *facts.partners})
    company = of_speaker if of_speaker and of_speaker != besides else next(named, None)
    return facts.entity(company, place.clause.start) if company else None


def _in_item(place: Place) -> Sequence[str]:
    """Return who is named in the paragraph of a clause, companies first, in the order of the text."""
    block = place.survey.context.layout.blocks[place.clause.block]
    named = [one for one in place.survey.context.references if block.start <= one.mention.start < block.end]
    return [one.entity for one in sorted(named, key=lambda one: one.kind is not Kind.COMPANY)]


def _pointed_at(place: Place, besides: str | None) -> Named | None:
    """Return the company named last in the paragraph before `该公司`, not as where something goes; None without such a word."""
    clause, context = place.clause, place.survey.context
    pointing = _POINTED.search(context.view, clause.start, clause.end)
    if pointing is None:
        return None
    begin = context.layout.blocks[clause.block].start
    near = (one for one in reversed(context.references) if begin <= one.mention.start and one.mention.end <= pointing.start())
    named = [one for one in near if one.kind is Kind.COMPANY and one.entity != besides]
    acting = (one for one in named if not context.view.endswith(_GOALS, begin, one.mention.start))
    return next(map(of_reference, itertools.chain(acting, named)), None)


def answerer(place: Place) -> str | None:
    """Return who answers the question that a clause stands in."""
    clauses, number = place.survey.context.clauses, place.clause.number
    answer = next((one for one in clauses[number + 1 : number + _FARTHEST] if one.turn.role is Role.ANSWER), None)
    return answer.attribution.speaker if answer else None
