"""Sentence patterns of buying, selling and funding, whatever the weights say: who talks with whom, who leads a round, whose shares."""

from kg.expressions import compiled
from kg.extraction.statements.arguments.facts import ACTORS, of_reference
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import OURS, Candidate, Place, company_of
from kg.extraction.statements.arguments.rows import OWN, RAISED, given_to, row_of_actors, runs, whole_row
from kg.extraction.statements.arguments.survey import WITH, opening_name
from kg.model import Kind, Predicate

_DEALS = frozenset((Predicate.ACQUIRES, Predicate.INVESTS_IN))
_SHARES_IN = frozenset((*_DEALS, Predicate.DIVESTS))
_HOLDINGS = ("减持", "增持")
_SHARES = ("股份", "股票", "股权")
_REFUSED = compiled("(?:已|正式|断然|一致|再次|董事会|方面)*(?:拒绝|回绝|婉拒|否决|驳回)了?(?:来自)?")
_OFFER = compiled("的?(?:全面|敌意|现金|主动|\\d[\\d.亿万美元]*的?)*(?:收购|要约|并购|报价)")
_BY = "由"
_TOGETHER = frozenset(("共同", "联合", "合资"))
_OLD = ("老股东", "原股东", "现有股东")
_NAMING = ("为", "是", "包括", "有")  # between what investors are called and who they are
_SEVERAL = 2
_BEFORE = 2  # clauses in which who raises funds may be named before it is told
_OWN = 8  # characters in which 本公司的股份 ends
_NEAR = 6  # clauses back in which a round of funding is told of


def offered(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who would have bought whom, where an offer was refused (`甲公司拒绝了乙公司的收购要约`); None elsewhere."""
    clause, opening = place.clause, opening_name(place.clause)
    if place.predicate is not Predicate.ACQUIRES or opening is None or opening.kind not in ACTORS:
        return None
    for one in clause.references:
        before = _REFUSED.match(place.survey.context.view, opening.mention.end, one.mention.start)
        offer = _OFFER.match(place.survey.context.view, one.mention.end, clause.end)
        if before is not None and before.end() == one.mention.start and offer is not None and one.kind in ACTORS:
            whom, what = (Candidate((of_reference(each),), clause.number, ["offered"]) for each in (one, opening))
            return whom, what
    return None


def talked_about(place: Place) -> Candidate | None:
    """Return whom talks are held with about a deal (`与甲公司就收购事项进行接触`), None elsewhere."""
    clause = place.clause
    if place.predicate not in _DEALS:
        return None
    over = {token.start for token in clause.tokens if token.text == "就" and token.end <= place.anchor}
    begins = {token.end for token in clause.tokens if token.text in WITH}
    named = (one for one in clause.references if one.mention.start in begins and one.mention.end in over and one.kind in ACTORS)
    other = next(named, None)
    return None if other is None else Candidate((of_reference(other),), clause.number, ["talks"])


def buyer(place: Place) -> Candidate | None:
    """Return who buys where somebody sells: the name right behind 给 in `把仿制药业务卖给了岫东制药`; None elsewhere."""
    if place.predicate is not Predicate.ACQUIRES or not any(Predicate.DIVESTS in cue.points_to for cue in place.clause.cues):
        return None
    named = given_to(place)
    return None if named is None else Candidate((named,), place.clause.number, ["buyer"])


def own_shares(place: Place) -> Candidate | None:
    """Return the company whose shares are dealt in, where a clause calls it 公司 (`减持本公司股份`), None elsewhere.

    An organisation that is not what the document is about holds them: 公司 in its mouth is not itself.
    """
    if place.predicate not in _SHARES_IN or not place.cues:
        return None
    end = max(end for _, end in place.cues)
    behind = place.survey.context.view[end : min(end + _OWN, place.clause.end)]
    ours = (word for word, refers in place.pronouns.items() if refers in OURS and behind.startswith(word))
    called = any(behind[len(word) :].removeprefix(OWN).startswith(_SHARES) for word in ours)
    facts, speaker = place.survey.facts, place.clause.attribution.speaker
    holder = speaker if speaker not in (facts.main, facts.titled) and facts.kinds.get(speaker or "") in ACTORS else None
    company = company_of(place, holder) if called else None
    return None if company is None else Candidate((company,), place.clause.number, ["own"])


def holders_plan(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return whose plan it is to sell or buy shares, and the company's: 甲集团 of `公司未收到控股股东甲集团的减持计划`; None elsewhere."""
    clause = place.clause
    if place.predicate not in _SHARES_IN or not place.word.startswith(_HOLDINGS):
        return None
    own = next((token.start for token in clause.tokens if token.text == OWN and token.end == place.anchor), None)
    holder = next((of_reference(one) for one in clause.references if one.mention.end == own and one.kind in ACTORS | {Kind.PERSON}), None)
    company = company_of(place, holder.name) if holder is not None else None
    if holder is None or company is None:
        return None
    return Candidate((holder,), clause.number, ["holder"]), Candidate((company,), clause.number, ["holder"])


def round_of_funding(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who leads or joins a round, and who raised it: whom the clause before that tells of it names (`本轮由甲领投,乙跟投`)."""
    clause = place.clause
    if place.predicate is not Predicate.INVESTS_IN:
        return None
    raiser = _raiser(place)
    called = _called_investor(place, raiser) if raiser is not None else None
    if raiser is not None and called is not None:
        return Candidate(tuple(called), clause.number, ["round"]), Candidate((raiser,), clause.number, ["round"])
    if not any(token.text in place.grammar.rounds for token in clause.tokens):
        return None
    end = next(token.start for token in clause.tokens if token.text in place.grammar.rounds)
    stretches = [span for span in runs(place) if clause.begin <= span[0] and span[1] <= end]
    if raiser is None or not stretches:
        return None
    investors = whole_row(place, Candidate((_investor(place, stretches[-1]),), clause.number, ["round"]))
    names = tuple(name for name in investors.names if name.name != raiser.name)
    return (Candidate(names, clause.number, ["round"]), Candidate((raiser,), clause.number, ["round"])) if names else None


def founders(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who founds or funds together, and what: the name that the clause before opens with (`甲公司成立于…,由乙与丙共同出资设立`).

    Where it is asked who works with whom, the first of them and the others.
    """
    clause, clauses = place.clause, place.survey.context.clauses
    by = next((token.end for token in clause.tokens if token.text == _BY), None)
    row = row_of_actors(place.clause, by) if by is not None else []
    together = next((token.start for token in clause.tokens if token.text in _TOGETHER), None)
    if len(row) < _SEVERAL or together is None or row[-1].end > together:
        return None
    if place.predicate is Predicate.PARTNERS_WITH:
        return Candidate((row[0],), clause.number, ["founders"]), Candidate(tuple(row[1:]), clause.number, ["founders"])
    if place.predicate not in (Predicate.FOUNDS, Predicate.INVESTS_IN):
        return None
    before = clauses[clause.number - 1] if clause.number and clauses[clause.number - 1].sentence == clause.sentence else None
    whole = next((of_reference(one) for one in (before or clause).references if one.kind in ACTORS), None)
    if whole is None or whole.start >= row[0].start:
        return None
    return Candidate(tuple(row), clause.number, ["founders"]), Candidate((whole,), clause.number, ["founders"])


def _raiser(place: Place) -> Named | None:
    """Return the company that the nearest clause that tells of raised funds names, or calls 我们, in this sentence or those before it."""
    clause, clauses = place.clause, place.survey.context.clauses
    for number in range(clause.number, max(-1, clause.number - 1 - _NEAR), -1):
        other = clauses[number]
        if other.block < clause.block - 1:
            break
        if any(token.text.endswith(RAISED) for token in other.tokens):
            ours = any(place.pronouns.get(token.text) in OURS for token in other.tokens)
            named = _first_actor(place, number) or (company_of(place) if ours else None)
            if named is not None:
                return named
    return None


def _first_actor(place: Place, number: int) -> Named | None:
    """Return the company that a clause, or one of the two before it in its sentence, names first; in the place's own, before its word."""
    clauses = place.survey.context.clauses
    for back in range(number, max(-1, number - 1 - _BEFORE), -1):
        named = (one for one in clauses[back].references if one.kind in ACTORS)
        first = next(named, None) if clauses[back].sentence == clauses[number].sentence else None
        if first is not None and (back != place.clause.number or first.mention.end <= place.anchor):
            return of_reference(first)
    return None


def _called_investor(place: Place, raiser: Named) -> list[Named] | None:
    """Return whom a clause names as the investors of a round (`投资方为甲资本`), None where it names nobody so."""
    view, clause = place.survey.context.view, place.clause
    called = (f"{noun}{link}" for noun in place.grammar.investors for link in _NAMING)
    ends = (at + len(words) for words in called if (at := view.find(words, clause.start, clause.end)) >= 0)
    row = next((row for end in ends if (row := row_of_actors(clause, end))), [])
    return [name for name in row if name.name != raiser.name] or None


def _investor(place: Place, span: tuple[int, int]) -> Named:
    """Return who invests, without what kind of shareholder it is (`老股东九合资本`)."""
    text = place.survey.context.view
    start = next((span[0] + len(word) for word in _OLD if text.startswith(word, span[0])), span[0])
    return place.survey.named(place.clause, start, span[1])
