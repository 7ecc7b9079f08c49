"""Relations that grammar alone gives away: a clause of a name, the main verb, and what it is done to.

The weights know real articles, whose sentences are long; of a headline of six words with names nobody has heard of they may make
nothing. In 60 annotated articles, of the clauses that are as plain as this more than eight in ten state the relation of their verb.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import regex

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import PLAIN, family
from kg.extraction.statements.detect import Pick
from kg.extraction.statements.features import Piece, pieces
from kg.extraction.statements.possession import ours, pronouns
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate

_SOLD = ("销售", "发售", "开售", "售卖")
_SURE = 0.5  # the probability of what grammar alone gives away
_VERB, _HEDGE, _NEGATION, _DISPOSAL, _PRONOUN = "VSNBO"
_PREPOSITION = "p"
_PLACES = frozenset(f"<{kind.value}>" for kind in (Kind.PLACE, Kind.STATE))
_CARRIERS = frozenset(("会", "决定", "宣布", "开始", "能", "联合", "联手", "携手", "共同"))  # verbs that carry another one
# by classes of words: times, adverbs and hedges; whoever does it; no other verb, and 的 only behind a preposition; the verb.
# Where nobody is named, what it is done to is, or the verb is negated
_LIGHT = "(?:[tcdxmSNB]|p[tm]+)*+"
_WITH_SUBJECT = regex.compile(f"{_LIGHT}[RO][R&]*+(?:[^vVu]*|[^vVu]*p[^vV]*)V")
_WITHOUT = regex.compile(f"{_LIGHT}(?:(?<=N)V|V(?=u?.{{0,2}}R))")
_ROW = regex.compile("n+(?:[c、&p]n+)*")  # all that follows a verb that may be a noun, which then is one: `生产洗衣机`
_FRAMES = frozenset((PLAIN, "condition", "effect", "purpose"))  # marks before what is not stated itself: 如果, 通过, 为了
_BEFORE_VERBS, _BEHIND_VERBS = frozenset("SNda"), frozenset("uRmxr")  # what shows that a word is a verb that may be a noun
_NO_VERB = frozenset("的者方商")  # behind a word that is then no verb: 收购方
_LIGHT_TAGS = frozenset("dtmq")  # first letters of the tags of words that say when
_NOMINAL = frozenset("nrujx")  # and of those with which something else goes to market: 甲公司的新车
_TIME_ENDS = "f"  # the class of the last word of what only says when: 收购三洋后


class _MainVerb(NamedTuple):
    predicate: Predicate
    noun: bool
    place: bool


_NONE = _MainVerb(Predicate.PROPOSITION, noun=False, place=False)
_CARRIED = 2  # characters before the verb that is carried


def with_plain(context: Context, picks: Sequence[Pick], lexicon: Lexicon) -> list[Pick]:
    """Return picks in text order, with what plain clauses state of which no relation is sure by its words."""
    picks = [_of_company(_of_thing(pick, context, lexicon), context.clauses[pick.clause]) for pick in picks]
    sure = {pick.clause for pick in picks if pick.probability >= _SURE and pick.predicate is not Predicate.PROPOSITION}
    found = {(pick.clause, pick.predicate): pick for pick in picks}
    for clause in context.clauses:
        plain = _plain(clause, lexicon) if clause.number not in sure else None
        if plain is not None:
            found[plain.clause, plain.predicate] = plain
            found.pop((plain.clause, Predicate.PROPOSITION), None)  # which is for what no relation says
        word = next((word for word, _ in ours(clause, pronouns(lexicon))), None)
        if word is not None:
            own = Pick(clause.number, Predicate.OWNS, _SURE, word)
            found[clause.number, own.predicate] = max(
                own, found.get((clause.number, own.predicate), own), key=lambda pick: pick.probability
            )
    return [found[key] for key in sorted(found)]


def _of_thing(pick: Pick, context: Context, lexicon: Lexicon) -> Pick:
    """Return a pick, that of a listing as a launch where a thing is what goes to market (`甲公司的折叠屏手机今天上市`)."""
    clause = context.clauses[pick.clause]
    cue = next((cue for cue in clause.cues if cue.word == pick.cue), None) if pick.predicate is Predicate.LISTS else None
    if cue is None or Predicate.LAUNCHES.value not in cue.points_to:
        return pick
    before = [token for token in clause.tokens if token.end <= cue.start and token.tag[0] not in _LIGHT_TAGS]
    thing = bool(before) and before[-1].text.endswith(_things(lexicon))
    sold = any(token.start == cue.end and token.text.endswith(_SOLD) for token in clause.tokens)  # 上市销售
    return replace(pick, predicate=Predicate.LAUNCHES) if thing or sold or _launched_before(context, clause) else pick


def _launched_before(context: Context, clause: ClauseContext) -> bool:
    """Say whether a clause that names no company goes on from the launch of a thing (`甲公司发布D9,6月将在泰国上市`)."""
    before = context.clauses[clause.number - 1] if clause.number else None
    if before is None or before.sentence != clause.sentence or any(one.kind is Kind.COMPANY for one in clause.references):
        return False
    launched = any(Predicate.LAUNCHES.value in one.points_to for one in before.cues)
    return launched and any(one.kind is Kind.PRODUCT for one in before.references)


def _of_company(pick: Pick, clause: ClauseContext) -> Pick:
    """Return a pick, that of a launch as a listing where a company is what goes to market, and the clause ends there (`甲公司不会上市`)."""
    cue = next((cue for cue in clause.cues if cue.word == pick.cue), None) if pick.predicate is Predicate.LAUNCHES else None
    if cue is None or Predicate.LISTS.value not in cue.points_to or any(token.start >= cue.end for token in clause.tokens):
        return pick
    company = next((one for one in reversed(clause.references) if one.mention.end <= cue.start), None)
    between = [token for token in clause.tokens if company and company.mention.end <= token.start and token.end <= cue.start]
    whole = company is not None and company.kind is Kind.COMPANY and not any(token.tag[0] in _NOMINAL for token in between)
    return replace(pick, predicate=Predicate.LISTS) if whole else pick


@functools.cache
def _compounded(lexicon: Lexicon) -> frozenset[str]:
    """Return the nouns before which the noun of an act is part of what they name: 基地 of 生产基地."""
    return frozenset(row["word"] for row in lexicon.table("object_stops") if row["place"] == "compound")


@functools.cache
def _things(lexicon: Lexicon) -> tuple[str, ...]:
    """Return what things that are sold are called: words before a product's name, and nouns that end one."""
    called = [row["word"] for row in lexicon.table("company_cues") if row["side"] == "thing"]
    return (*called, *(row["noun"] for row in lexicon.table("head_nouns") if row["kind"] == Kind.PRODUCT and row["form"] == "bare"))


def _plain(clause: ClauseContext, lexicon: Lexicon) -> Pick | None:
    verbs, disposals, pronouns = _words(lexicon)
    if not any(_verb_of(token.text, verbs) for token in clause.tokens):
        return None
    row = [piece for piece in pieces(clause) if piece.start >= clause.attribution.content]
    hedges = {place: family(cue) for cue in clause.stance_cues for place in range(cue.start, cue.end)}

    def letter(piece: Piece) -> str:
        if _verb_of(piece.form, verbs) is not None:
            return _VERB
        if piece.form in disposals:
            return _DISPOSAL
        if piece.form in pronouns:
            return _PRONOUN
        hedge = hedges.get(piece.start, PLAIN)
        if hedge in _FRAMES:
            return _HEDGE if piece.form in _CARRIERS else piece.word_class or "x"
        return _NEGATION if hedge == "negation" else _HEDGE

    shape = "".join(map(letter, row))
    found = _WITH_SUBJECT.match(shape) or _WITHOUT.match(shape)
    if found is None:
        return None
    place = found.end() - 1
    verb, rest = _verb_of(row[place].form, verbs) or _NONE, row[place + 1 :]
    if rest and (rest[0].form in _NO_VERB or rest[-1].word_class == _TIME_ENDS):
        return None
    disposed = _DISPOSAL in shape[:place]
    if not rest and not disposed:
        return None
    shown = disposed or shape[place - 1 : place] in _BEFORE_VERBS or shape[place + 1 : place + 2] in _BEHIND_VERBS
    row_behind = _ROW.fullmatch(shape, place + 1) is not None and _PREPOSITION not in shape[:place]  # 对开源版本收费
    if verb.noun and not (shown or (row_behind and rest[0].form not in _compounded(lexicon))):
        return None
    if verb.place and not (any(piece.form in _PLACES for piece in rest) or _pointed_to(clause, verb.predicate, row[place].end)):
        return None
    return Pick(clause.number, verb.predicate, _SURE, row[place].form)


def _verb_of(word: str, verbs: Mapping[str, _MainVerb]) -> _MainVerb | None:
    """Return what a word says as a main verb, also with one that carries it in the same word: 联合推出."""
    return verbs.get(word) or (verbs.get(word[_CARRIED:]) if word[:_CARRIED] in _CARRIERS else None)


def _pointed_to(clause: ClauseContext, predicate: Predicate, start: int) -> bool:
    """Say whether something behind `start` points to the relation, too: 市场, 领域."""
    return any(cue.start >= start and predicate.value in cue.points_to for cue in clause.cues)


@functools.cache
def _words(lexicon: Lexicon) -> tuple[dict[str, _MainVerb], frozenset[str], frozenset[str]]:
    """Return the main verbs, the words before what something is done to, and those that stand for a subject."""
    rows = lexicon.table("main_verbs")
    verbs = {row["verb"]: _MainVerb(Predicate(row["predicate"]), row["noun"] == "yes", row["object"] == "place") for row in rows}
    disposals = frozenset(row["word"] for row in lexicon.table("disposal_markers") if row["before"] == "thing")
    return verbs, disposals, frozenset(lexicon.words("subject_pronouns"))
