"""A relation that a clause states → its subject, object, value and evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.extraction.statements.arguments.facts import gather
from kg.extraction.statements.arguments.figures import quantity_features
from kg.extraction.statements.arguments.names import Named, named
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
from kg.extraction.statements.arguments.subjects import Past, Place, candidates, describe, remember
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.linear import LinearModel, Scores
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate, Quantity, Stance

_MAY_LACK_OBJECT = frozenset((Predicate.LISTS, Predicate.OPEN_SOURCES, Predicate.RESTRICTS, Predicate.PERMITS))
_SURE = 2.0


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
        self._spans, self._subjects, self._quantities = (models[f"argument_{part}"] for part in ("spans", "subjects", "quantities"))
        self._pronouns = {row["word"]: row["refers"] for row in lexicon.table("subject_pronouns")}
        self._past = Past()
        self._base: tuple[int, list[list[str]], Scores] | None = None

    def find(self, number: int, predicate: Predicate, stance: Stance) -> list[Arguments]:
        """Return the records of a relation that a clause states, one an item of a list and a quantity."""
        clause = self._context.clauses[number]
        if not clause.tokens:
            return []
        out: list[Arguments] = []
        for wanted, quantity in self._wanted(clause, predicate, stance):
            place = self.place(clause, wanted)
            subjects, rule, begins = self._subject(place)
            out += self._records(clause, wanted, place.spans, (subjects, rule, begins, quantity))
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
        path = decode(scores, None if wanted.predicate in _MAY_LACK_OBJECT else "object")
        spans = read_spans(clause, scores, path)
        anchor = min((start for start, _ in wanted.anchor.spans), default=clause.end)
        objects = frozenset(
            named(self._context, clause, span.start, span.end).name for span in spans if span.part == "object" and span.score > _SURE
        )
        return Place(
            self._context, self._facts, clause, wanted.predicate, wanted.stance, spans, anchor, leanings(scores), self._pronouns, objects
        )

    def _subject(self, place: Place) -> tuple[tuple[Named, ...], str, int]:
        clause = place.clause
        choices = candidates(place, self._past)
        scores = self._subjects.scores([describe(choice, place) for choice in choices])
        best = choices[int(scores[:, 0].argmax())]
        remember(self._past, place, best.names)
        begins = clause.start
        if best.clause == clause.number - 1 and self._context.clauses[best.clause].sentence == clause.sentence:
            begins = self._context.clauses[best.clause].start
        return best.names, best.origins[0], begins

    @property
    def past(self) -> Past:
        """The statements found so far."""
        return self._past

    def _records(
        self, clause: ClauseContext, wanted: Wanted, spans: Sequence[Span], rest: tuple[tuple[Named, ...], str, int, Quantity | None]
    ) -> Iterator[Arguments]:
        subjects, rule, begins, quantity = rest
        objects = [named(self._context, clause, span.start, span.end) for span in spans if span.part == "object"]
        roles = [span for span in spans if span.part == "value"]
        value, unit = (quantity.value, quantity.unit) if quantity else (None, None)
        if wanted.predicate is Predicate.METRIC and quantity is not None:
            objects = sorted(objects, key=lambda o: _far(o, quantity))[:1]
        text = self._context.document.text
        if wanted.predicate is Predicate.HOLDS_ROLE and roles:
            for n, role in enumerate(roles):
                person = subjects[min(n, len(subjects) - 1)] if subjects else None
                where = objects[min(n, len(objects) - 1)] if objects else None
                yield self._record((begins, clause.end), person, where, (text[role.start : role.end], None), rule)
            return
        for subject in subjects or (None,):
            for thing in objects or (None,):
                yield self._record((begins, clause.end), subject, thing, (value, unit), rule)

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


def _far(thing: Named, quantity: Quantity) -> int:
    """Return how far a name stands from a quantity; what follows it counts as farther."""
    return quantity.start - thing.end if thing.end <= quantity.start else 2 * (thing.start - quantity.end) + 1
