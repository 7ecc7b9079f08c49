"""A relation that a clause states → its subject, object, value and evidence."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.extraction.statements.arguments.facts import gather
from kg.extraction.statements.arguments.figures import quantity_features
from kg.extraction.statements.arguments.grammar import passive, possible_objects, possible_subjects, whole_row, whole_subject
from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.objects import describe_object, object_candidates, plain_object, whole_list
from kg.extraction.statements.arguments.places import Candidate, Past, Place, remember
from kg.extraction.statements.arguments.ranking import total, weights
from kg.extraction.statements.arguments.spans import (
    Span,
    Wanted,
    anchors,
    clause_features,
    decode,
    leanings,
    read_spans,
    relation_features,
    sums,
)
from kg.extraction.statements.arguments.subjects import describe_subjects, subject_candidates
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.linear import LinearModel, Scores
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Quantity, Stance, Unresolved

PARTS_LEARNED = ("spans", "subjects", "objects", "quantities")


@dataclass(frozen=True, slots=True)
class Arguments:
    """Who, what and how much of one statement, and the span of text that says it."""

    start: int
    end: int
    subject: str | None
    object: str | None
    value: str | None
    unit: str | None
    subject_kind: Kind | None
    object_kind: Kind | None
    rule: str


class ArgumentFinder:
    """Finds the parts of the relations of one document; relations are asked for in the order of the text."""

    def __init__(self, context: Context, lexicon: Lexicon, models: Mapping[str, LinearModel]) -> None:
        self._context = context
        self._facts = gather(context)
        self._spans, self._quantities = models["argument_spans"], models["argument_quantities"]
        self._subjects, self._objects = weights(models["argument_subjects"]), weights(models["argument_objects"])
        self._pronouns = {row["word"]: row["refers"] for row in lexicon.table("subject_pronouns")}
        self._markers = frozenset(lexicon.words("agent_markers"))
        self.past = Past()
        self.unresolved: list[Unresolved] = []
        self._base: tuple[int, list[list[str]], Scores] | None = None

    def find(self, number: int, predicate: Predicate, stance: Stance) -> list[Arguments]:
        """Return the records of a relation that a clause states, one an item of a list and a quantity."""
        clause = self._context.clauses[number]
        if not clause.tokens:
            return []
        out: list[Arguments] = []
        for wanted, quantity in self._wanted(clause, predicate, stance):
            place = self.place(clause, wanted)
            out += self._records(place, *self.find_parts(place), quantity)
        return list(dict.fromkeys(out))

    def _wanted(self, clause: ClauseContext, predicate: Predicate, stance: Stance) -> Iterator[tuple[Wanted, Quantity | None]]:
        found = [Wanted(predicate, stance, anchor) for anchor in anchors(clause, predicate)]
        if predicate is Predicate.METRIC and clause.quantities:
            taken = [n for n, q in enumerate(clause.quantities) if self._belongs(clause, q, found[n])]
            for place in taken:
                yield found[place], clause.quantities[place]
            if not taken:
                yield found[0], None
            return
        wanted = found[0]
        taken = [n for n, q in enumerate(clause.quantities) if self._belongs(clause, q, wanted)]
        yield wanted, clause.quantities[taken[0]] if taken else None

    def _belongs(self, clause: ClauseContext, quantity: Quantity, wanted: Wanted) -> bool:
        scores = self._quantities.scores([quantity_features(clause, quantity, wanted)])[0]
        return bool(scores[1] > scores[0])

    def place(self, clause: ClauseContext, wanted: Wanted) -> Place:
        """Return a relation's place with the stretches that play a part in it, ready for the search for its subject."""
        if self._base is None or self._base[0] != clause.number:
            rows = clause_features(clause)
            self._base = clause.number, rows, sums(self._spans, rows) + self._spans.weights[-1]
        return self.place_of(clause, wanted, self._base[2] + sums(self._spans, relation_features(clause, wanted)))

    def place_of(self, clause: ClauseContext, wanted: Wanted, scores: Scores) -> Place:
        """Return the place for given scores of the words' labels."""
        spans = read_spans(clause, scores, decode(scores))
        anchor = min((start for start, _ in wanted.anchor.spans), default=clause.end)
        whom, what = leanings(scores, "subject"), leanings(scores, "object")
        return Place(
            self._context,
            self._facts,
            clause,
            wanted.predicate,
            wanted.stance,
            spans,
            anchor,
            whom,
            what,
            self._pronouns,
            self._markers,
            wanted.anchor.spans,
        )

    def find_parts(self, place: Place) -> tuple[Candidate, Candidate]:
        """Return the subject and the object of a relation, and note them for those after it."""
        parts = passive(place)
        if parts is not None:
            remember(self.past, place, parts)
            return parts
        thing = plain_object(place)
        if thing is None:
            things = object_candidates(place, self.past)
            able = possible_objects(things, place)
            scores = [total(self._objects, describe_object(one, place)) for one in able]
            thing = whole_list(things, able[scores.index(max(scores))], place)
        thing = whole_row(place, thing)
        whom = possible_subjects(subject_candidates(place, self.past), place, thing)
        scores = [total(self._subjects, row) for row in describe_subjects(whom, place)]
        subject = whole_subject(place, whom[scores.index(max(scores))])
        remember(self.past, place, (subject, thing), _sureness(scores))
        if not subject.names and place.predicate is not Predicate.PROPOSITION:
            self._note(place)
        return subject, thing

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

    def _records(self, place: Place, whom: Candidate, thing: Candidate, quantity: Quantity | None) -> Iterator[Arguments]:
        clause, subjects, objects = place.clause, whom.names, thing.names
        begins, rule = self._begins(clause, whom.clause), f"{whom.origins[0]}/{thing.origins[0]}"
        roles = [span for span in place.spans if span.part == "value"]
        value, unit = (quantity.value, quantity.unit) if quantity else (None, None)
        if place.predicate is Predicate.METRIC and quantity is not None:
            objects = tuple(sorted(objects, key=lambda name: _far(name, quantity))[:1])
        text = self._context.document.text
        if place.predicate is Predicate.HOLDS_ROLE and roles:
            for person, organisation, role in _posts(subjects, objects, roles):
                yield self._record((begins, clause.end), person, organisation, (text[role.start : role.end], None), rule)
            return
        for subject in subjects or (None,):
            for about in objects or (None,):
                yield self._record((begins, clause.end), subject, about, (value, unit), rule)

    def _record(
        self, span: tuple[int, int], subject: Named | None, thing: Named | None, value: tuple[str | None, str | None], rule: str
    ) -> Arguments:
        return Arguments(
            *span,
            subject.name if subject else None,
            thing.name if thing else None,
            *value,
            subject.kind if subject else None,
            thing.kind if thing else None,
            rule,
        )


def _sureness(scores: Sequence[float]) -> int:
    """Return how far the best candidate is ahead: 3 where it has most of the probability, 0 where it hardly stands out."""
    best = max(scores)
    share = 1 / sum(math.exp(score - best) for score in scores)
    return 3 if share > 0.85 else 2 if share > 0.6 else 1 if share > 0.35 else 0


def _far(thing: Named, quantity: Quantity) -> int:
    """Return how far a name stands from a quantity; what follows it counts as farther."""
    return quantity.start - thing.end if thing.end <= quantity.start else 2 * (thing.start - quantity.end) + 1


def _posts(
    persons: Sequence[Named], organisations: Sequence[Named], roles: Sequence[Span]
) -> Iterator[tuple[Named | None, Named | None, Span]]:
    """Yield who holds which role where: a role belongs to the next person behind it, else to the last before it."""
    for role in roles:
        behind = [person for person in persons if person.start >= role.end]
        before = [person for person in persons if person.end <= role.start]
        person = behind[0] if behind else before[-1] if before else persons[0] if persons else None
        near = [name for name in organisations if name.end <= role.start]
        yield person, near[-1] if near else organisations[0] if organisations else None, role
