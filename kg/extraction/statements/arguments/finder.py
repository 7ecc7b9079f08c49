"""A relation that a clause states → its subject, object, value and evidence."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kg.expressions import compiled
from kg.extraction.statements.arguments.constructions import (
    acted_against,
    among_themselves,
    announced_ban,
    both,
    bought_from,
    certified,
    cleft,
    closed,
    disposed,
    founded,
    jointly,
    licensed,
    listed_abroad,
    made_by,
    measured_of,
    not_found,
    not_so,
    passive,
    related,
    replacing,
    rival_of,
    this_thing,
    topic_before,
    transferred_to,
)
from kg.extraction.statements.arguments.deals import buyer, founders, holders_plan, offered, own_shares, round_of_funding, talked_about
from kg.extraction.statements.arguments.doers import opening_doer, recipient
from kg.extraction.statements.arguments.exclusions import possible_subjects, without_doer
from kg.extraction.statements.arguments.facts import ACTORS, gather
from kg.extraction.statements.arguments.figures import belongs
from kg.extraction.statements.arguments.holdings import holding, traded
from kg.extraction.statements.arguments.measures import (
    Measures,
    caused,
    completed,
    moved,
    of_shares,
    of_the_compared,
    split_measure,
    trend,
    whose,
)
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.network import network
from kg.extraction.statements.arguments.objects import choose, object_candidates
from kg.extraction.statements.arguments.opening import opened, opens_nothing
from kg.extraction.statements.arguments.ours import meant
from kg.extraction.statements.arguments.ownership import belonging, its_shares, only_refers, possessed, possessor
from kg.extraction.statements.arguments.places import Candidate, Place
from kg.extraction.statements.arguments.posts import Post, holders, only_addressed, posts, titles
from kg.extraction.statements.arguments.respectively import shared_out
from kg.extraction.statements.arguments.rows import CLAIMS, OWN, RAISED, given_to, only_places, whole_row, whole_subject
from kg.extraction.statements.arguments.spans import Span, decode, leanings, read_spans, tagger
from kg.extraction.statements.arguments.subject_features import SUBJECT_TEMPLATES, subject_columns
from kg.extraction.statements.arguments.subjects import subject_candidates
from kg.extraction.statements.arguments.survey import Survey
from kg.extraction.statements.arguments.tidying import grammar_words, possible_objects, tidied
from kg.extraction.statements.arguments.wanted import Anchor, Wanted, anchors
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.cues import family
from kg.extraction.statements.linear import LinearModel, Scores
from kg.extraction.statements.possession import pronouns
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Quantity, Stance, Unresolved

_DEALS = frozenset((Predicate.ACQUIRES, Predicate.DIVESTS, Predicate.INVESTS_IN))
_LONGEST = 8  # characters of a measure that begins with the word for a deal: 投资回报率
_NO_LONGER = "不再"  # before the post that somebody gives up: 不再担任
_RANKED = compiled("[最首第前榜]")
PARTS_LEARNED = ("spans", "subjects", "objects", "quantities")


@dataclass(frozen=True, slots=True)
class Arguments:
    """Who, what and how much of one statement, the span of text that says it, and how sure (0 to 1) subject and object are."""

    start: int
    end: int
    subject: str | None
    object: str | None
    value: str | None
    unit: str | None
    subject_kind: Kind | None
    object_kind: Kind | None
    rule: str
    certainty: float


class ArgumentFinder:
    """Finds the parts of the relations of one document; relations are asked for in the order of the text."""

    def __init__(self, context: Context, lexicon: Lexicon, models: Mapping[str, LinearModel]) -> None:
        self._context = context
        self._tagger, self._quantities = tagger(models["argument_spans"]), models["argument_quantities"]
        self._subjects, self._objects = models["argument_subjects"], models["argument_objects"]
        self.survey = Survey(context, gather(context, lexicon))
        self._pronouns = pronouns(lexicon)
        self._lexicon, self._grammar = lexicon, grammar_words(lexicon)
        self._measures = Measures(context, lexicon, self._grammar.ends)
        self._titles = titles(lexicon)
        self.unresolved: list[Unresolved] = []

    def find(self, number: int, predicate: Predicate, stance: Stance) -> list[Arguments]:
        """Return the records of a relation that a clause states, one an item of a list and a quantity."""
        return self.find_all([(number, predicate, stance)], [True])[0]

    def find_all(self, asked: Sequence[tuple[int, Predicate, Stance]], worth: Sequence[bool]) -> list[list[Arguments]]:
        """Return the records of each relation; the relations of a document come in the order of its text.

        Nothing is returned of a relation that is not worth it; it only tells those behind it where the words of its parts stand.
        """
        clauses = self._context.clauses
        wanted = [
            (pick, clauses[number], Wanted(predicate, stance, anchor), quantity)
            for pick, (number, predicate, stance) in enumerate(asked)
            if clauses[number].tokens
            for anchor, quantity in self._measured(clauses[number], predicate, stance)
        ]
        found: list[list[Arguments]] = [[] for _ in asked]
        places = self.places([(clause, one) for _, clause, one, _ in wanted])
        sought = [number for number, (pick, *_) in enumerate(wanted) if worth[pick]]
        parts = zip(sought, self.things(places, sought), self.subjects([places[number] for number in sought]), strict=True)
        for number, (thing, share), whom in parts:
            (pick, _, _, quantity), place = wanted[number], places[number]
            subject, about, sure = self.find_parts(place, thing, whom)
            for who, what, figure in shared_out(place, subject, about, quantity):
                found[pick] += self._records(place, (who, what), figure, share * sure)
        return [list(dict.fromkeys(records)) for records in found]

    def _measured(self, clause: ClauseContext, predicate: Predicate, stance: Stance) -> Iterator[tuple[Anchor, Quantity | None]]:
        """Yield what states a relation with the quantity that belongs to it: each quantity of a measure, else the first one."""
        found = anchors(clause, predicate)
        if not clause.quantities:
            yield found[0], None
            return
        several = len(found) > 1
        taken = [
            number
            for number, quantity in enumerate(clause.quantities)
            if belongs(self._quantities, clause, quantity, Wanted(predicate, stance, found[number if several else 0]))
        ]
        for number in taken if several else taken[:1]:
            yield found[number if several else 0], clause.quantities[number]
        if not taken:
            yield found[0], None

    def places(self, asked: Sequence[tuple[ClauseContext, Wanted]]) -> list[Place]:
        """Return where the parts of each relation are looked for, with the stretches that the words' labels mark."""
        scores = self._tagger.scores(self.survey.words, asked)
        if not scores:
            return []
        ends = np.cumsum([len(own) for own in scores])[:-1]
        whom, what = (np.split(leanings(np.concatenate(scores), part), ends) for part in ("subject", "object"))
        return [
            self._place(*one, read_spans(one[0], own, path), leaning)
            for one, own, path, leaning in zip(asked, scores, decode(scores), zip(whom, what, strict=True), strict=True)
        ]

    def place(self, clause: ClauseContext, wanted: Wanted) -> Place:
        """Return the place of one relation."""
        return self.places([(clause, wanted)])[0]

    def _place(self, clause: ClauseContext, wanted: Wanted, spans: Sequence[Span], leanings: tuple[Scores, Scores]) -> Place:
        anchor = min((start for start, _ in wanted.anchor.spans), default=clause.end)
        return Place(
            self.survey,
            clause,
            wanted.predicate,
            wanted.stance,
            spans,
            anchor,
            *leanings,
            self._pronouns,
            self._grammar,
            wanted.anchor.spans,
            wanted.anchor.word,
        )

    def things(self, places: Sequence[Place], sought: Sequence[int]) -> list[tuple[Candidate, float]]:
        """Return the object of each relation that is sought, by its number, with its share of the probability."""
        offered = zip(sought, object_candidates(places, sought), strict=True)
        asked = [(places[number], without_doer(possible_objects(some, places[number]), places[number])) for number, some in offered]
        chosen = choose(self._objects, asked)
        return [
            (tidied(place, only_places(place, whole_row(place, thing))), share)
            for (place, _), (thing, share) in zip(asked, chosen, strict=True)
        ]

    def subjects(self, places: Sequence[Place]) -> list[list[tuple[Candidate, float]]]:
        """Return who may be the subject of each relation, with scores: of what the text says, not of what was decided before."""
        if not places:
            return []
        seen = [subject_candidates(place) for place in places]
        columns = subject_columns(list(zip(places, seen, strict=True)))
        scores = iter(network(self._subjects, SUBJECT_TEMPLATES).scores(columns))
        return [[(one.candidate, next(scores)) for one in some] for some in seen]

    def find_parts(self, place: Place, thing: Candidate, whom: Sequence[tuple[Candidate, float]]) -> tuple[Candidate, Candidate, float]:
        """Return the subject and the object of a relation and how sure the subject is; `whom` is who may be the subject."""
        parts = next((parts for frame in _FRAMES if (parts := frame(place)) is not None), None)
        if parts is not None:
            return tidied(place, parts[0]), tidied(place, parts[1]), 1.0
        done_to = disposed(place)
        thing = tidied(place, done_to) if done_to else talked_about(place) or own_shares(place) or listed_abroad(place) or thing
        scores_of = {id(one): score for one, score in whom}
        left = possible_subjects([one for one, _ in whom], place, thing)
        scores = [scores_of[id(one)] for one in left]
        chosen, share = left[scores.index(max(scores))], _share(scores)
        pair = both(place) or announced_ban(place, thing)
        if pair is None and _of_another_sentence(place, chosen):
            pair = among_themselves(place, thing)
        if pair is not None:
            return pair[0], pair[1] or thing, share
        chosen = (
            this_thing(place)
            or not_so(place)
            or not_found(place)
            or opened(place, chosen)
            or topic_before(place, chosen)
            or measured_of(place, chosen)
            or meant(place, chosen)
            or chosen
        )
        doer = buyer(place) or jointly(place) or opening_doer(place) or (possessor(place) if place.predicate is Predicate.OWNS else None)
        if doer is not None and doer.names[0].name in {name.name for name in thing.names}:
            other = recipient(place) or _behind(chosen, doer) or (possessed(place) if place.predicate is Predicate.OWNS else None)
            doer, thing = (doer, other) if other is not None else (None, thing)  # the two were taken for each other
        subject = tidied(place, whole_subject(place, doer or chosen))
        if not subject.names and place.predicate is not Predicate.PROPOSITION:
            self._note(place)
        return subject, thing, share

    def _note(self, place: Place) -> None:
        """Keep the pronoun of a clause, or the clause without one, that nobody could be found for."""
        clause = place.clause
        pronouns = (token for token in clause.tokens if token.text in self._pronouns and token.start >= clause.attribution.content)
        word = next(pronouns, None)
        start, end = (word.start, word.end) if word else (clause.start, clause.end)
        text = self._context.document.text[start:end]
        self.unresolved.append(Unresolved(start, end, text, f"no subject found for {place.predicate.value}"))

    def _begins(self, clause: ClauseContext, number: int) -> int:
        """Return where the evidence begins: at the clause before where the subject stands there, in the same sentence."""
        other = self._context.clauses[number]
        near = number == clause.number - 1 and other.sentence == clause.sentence
        return other.start if near else clause.start

    def _roles(self, place: Place) -> list[Post]:
        """Return the titles of a clause, else the words labelled as a role."""
        labelled = (Post(span.start, span.end, None, None) for span in place.spans if span.part == "value")
        found = posts(place, self._titles) or list(labelled)
        leaving = (cue.end for cue in place.clause.stance_cues if family(cue) == "leaving" or cue.word == _NO_LONGER)
        left = next(leaving, place.clause.end)
        given_up = [one for one in found if one.start >= left] if place.stance is Stance.DENIES else []
        return given_up or found  # 创始人甲卸任董事长: who he is stays

    def _degree(self, place: Place) -> str | None:
        """Return the words labelled as what a measure without a number comes to: `较高`, not of what is only called so (更广阔的空间)."""
        found = next((span for span in place.spans if span.part == "value" and place.predicate is Predicate.METRIC), None)
        if found is None or all(token.tag == "d" for token in place.clause.tokens if found.start <= token.start and token.end <= found.end):
            return None  # 更 says of nothing how much it is
        degree = self._context.document.text[found.start : found.end]
        called = self._context.view.startswith(OWN, found.end) and _RANKED.search(degree) is None
        return None if called else degree

    def _records(
        self, place: Place, parts: tuple[Candidate, Candidate], quantity: Quantity | None, certainty: float
    ) -> Iterator[Arguments]:
        whom, thing = parts
        clause, subjects, objects = place.clause, whom.names, thing.names
        span = self._begins(clause, whom.clause), clause.end
        basis = f"{whom.origins[0]}/{thing.origins[0]}", round(certainty, 3)
        value, unit = (quantity.value, quantity.unit) if quantity else (self._degree(place), None)
        if place.predicate is Predicate.METRIC and quantity is not None:
            subjects, objects = split_measure(place, subjects, objects)
            near = [completed(place, one, quantity) for one in sorted(objects, key=lambda name: _far(name, quantity))[:1]]
            objects = self._measures.of(clause, near, quantity)
            if not objects:
                return  # a figure of nothing
        elif place.predicate is Predicate.METRIC and value is None:
            ways = ((one, trend(place, one, self._lexicon)) for one in objects)
            objects = tuple(one._replace(name=way) for one, way in ways if way is not None)
            if not objects:
                return  # neither how much nor which way: nothing is measured
        if place.predicate is Predicate.METRIC:
            objects = tuple(of_shares(subjects, one) for one in objects if one.name not in place.grammar.unmeasured)
            if not objects:
                return
            other = of_the_compared(place, quantity) if quantity is not None else None
            subjects = (other,) if other is not None else tuple(whose(place, subjects, objects))
        if (
            _tells_of_act(place, objects)
            or _raises_funds(place, thing)
            or only_refers(place)
            or opens_nothing(place)
            or caused(place)
            or _hands_over(place, objects)
        ):
            return
        roles = self._roles(place) if place.predicate is Predicate.HOLDS_ROLE else []
        if roles:
            roles = [role for role in roles if not only_addressed(place, role)]
            text = self._context.document.text
            for person, organisation, role in holders(place, parts, roles):
                if person is not None and organisation is not None and person.name == organisation.name:
                    continue  # nobody holds a post at itself
                yield _record(span, (person, organisation), (role.former + text[role.start : role.end], None), basis)
            return
        if place.predicate is Predicate.HOLDS_ROLE:
            if place.stance is Stance.ASSERTS:
                return  # what post it is, is all that is said
            objects = tuple(one for one in objects if one.kind in ACTORS)  # 接替李明: a post, not whose
        for subject in subjects or (None,):
            for about in objects or (None,):
                if place.predicate not in CLAIMS and subject and about and _same(subject, about):
                    continue  # nobody does it to itself
                yield _record(span, (subject, about), (value, unit), basis)


def _tells_of_act(place: Place, objects: Sequence[Named]) -> bool:
    """Say whether the relation's word is part of what an act has (转让价格), or a measure that act itself (以12亿元收购)."""
    if place.predicate is Predicate.METRIC:
        deals = {cue.word: frozenset(cue.points_to) for cue in place.clause.cues if _DEALS & set(cue.points_to)}
        done = {word for word, means in deals.items() if Predicate.INVESTS_IN not in means}  # 投入 and 融资 are measured
        return any(
            any(word.startswith(one.name) for word in done) or (one.name.startswith(tuple(deals)) and len(one.name) > _LONGEST)
            for one in objects
        )
    ends = {end for _, end in place.cues}
    return place.predicate not in CLAIMS and any(token.start in ends and token.text in place.grammar.terms for token in place.clause.tokens)


def _raises_funds(place: Place, thing: Candidate) -> bool:
    """Say whether a clause only tells that funds were raised: who raises them invests in nobody named elsewhere, nor in the round."""
    if place.predicate is not Predicate.INVESTS_IN:
        return False
    round_ = any(name.kind is None and name.name.endswith(RAISED) for name in thing.names)
    return round_ or (place.word.endswith(RAISED) and thing.clause != place.clause.number)


def _of_another_sentence(place: Place, choice: Candidate) -> bool:
    """Say whether a candidate is nobody whom the sentence names."""
    return choice.origins[:1] == ["known"] or place.survey.context.clauses[choice.clause].sentence != place.clause.sentence


def _hands_over(place: Place, objects: Sequence[Named]) -> bool:
    """Say whether what seems to be bought or owned is who gets it: 乙公司 of `甲公司拟将其股份转让给乙公司`."""
    if place.predicate is Predicate.OWNS and (receiver := given_to(place)) is not None:
        return any(one.name == receiver.name for one in objects)  # nobody owns whom shares are sold to
    view = place.survey.context.view
    given = (view.endswith(place.grammar.gives, place.clause.start, one.start) for one in objects if one.end > one.start)
    return place.predicate is Predicate.ACQUIRES and any(given)


def _same(one: Named, other: Named) -> bool:
    """Say whether two names are the same, or one that is of no known kind is how the other begins: 朔方 and 朔方科技."""
    if one.name == other.name:
        return True
    short, whole = sorted((one, other), key=lambda name: len(name.name))
    return short.kind is None and len(short.name) > 1 and whole.kind in ACTORS and whole.name.startswith(short.name)


def _behind(chosen: Candidate, doer: Candidate) -> Candidate | None:
    """Return what was chosen where it stands behind the doer in its clause."""
    return chosen if chosen.clause == doer.clause and chosen.names and chosen.names[0].start >= doer.names[0].end else None


def _record(
    span: tuple[int, int], parts: tuple[Named | None, Named | None], value: tuple[str | None, str | None], basis: tuple[str, float]
) -> Arguments:
    subject, thing = parts
    return Arguments(
        *span,
        subject.name if subject else None,
        thing.name if thing else None,
        *value,
        subject.kind if subject else None,
        thing.kind if thing else None,
        *basis,
    )


def _share(scores: Sequence[float]) -> float:
    """Return the best candidate's share of the probability."""
    best = max(scores)
    return 1 / sum(math.exp(score - best) for score in scores)


def _far(thing: Named, quantity: Quantity) -> int:
    """Return how far a name stands from a quantity; what follows it counts as farther."""
    return quantity.start - thing.end if thing.end <= quantity.start else 2 * (thing.start - quantity.end) + 1


def _sold_shares(place: Place) -> tuple[Candidate, Candidate] | None:
    """Return who sells shares that a clause calls 其所持, and whose they are; None of any other relation."""
    return its_shares(place) if place.predicate is Predicate.DIVESTS else None


# frames of grammar that name both parts, whatever the weights say; the first that fits counts
_FRAMES: tuple[Callable[[Place], tuple[Candidate, Candidate] | None], ...] = (
    round_of_funding,
    holders_plan,
    offered,
    founders,
    made_by,
    bought_from,
    passive,
    holding,
    belonging,
    traded,
    _sold_shares,
    founded,
    related,
    replacing,
    closed,
    moved,
    licensed,
    cleft,
    acted_against,
    certified,
    rival_of,
    transferred_to,
)
