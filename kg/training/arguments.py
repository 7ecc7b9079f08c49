"""Weights for the parts of a relation: which words are subject, object and role, and who is meant by a subject left out."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.extraction.statements.arguments import ArgumentFinder
from kg.extraction.statements.arguments.coded import features
from kg.extraction.statements.arguments.columns import CLAUSE_TEMPLATES, RELATION_TEMPLATES, clause_columns, relation_columns
from kg.extraction.statements.arguments.figures import QUANTITY_LABELS, quantity_features
from kg.extraction.statements.arguments.finder import PARTS_LEARNED
from kg.extraction.statements.arguments.object_columns import OBJECT_TEMPLATES, object_columns
from kg.extraction.statements.arguments.objects import object_candidates
from kg.extraction.statements.arguments.places import Candidate
from kg.extraction.statements.arguments.spans import LABELS, OUT
from kg.extraction.statements.arguments.subject_features import subject_rows
from kg.extraction.statements.arguments.subjects import subject_candidates
from kg.extraction.statements.arguments.wanted import Anchor, Wanted, anchors
from kg.extraction.statements.arguments.words import Rows, Words
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.linear import LinearModel, Rounding
from kg.folding import fold
from kg.lexicon import Lexicon
from kg.model import Predicate, Stance
from kg.records import Record
from kg.training.corpus import Annotated
from kg.training.fitting import fit_exclusive
from kg.training.network import fit_network
from kg.training.ranking import Group, fit_ranking

# few steps and every feature are worth more than many steps and the strong features alone
ROUNDINGS = {
    "argument_spans": Rounding(11),
    "argument_quantities": Rounding(27),
    "argument_subjects": Rounding(24),
    "argument_objects": Rounding(32, 1),
}
_LIKE = 0.6


@dataclass(frozen=True, slots=True)
class Pick:
    """A relation that gold states in a clause, with its records."""

    clause: int
    predicate: Predicate
    stance: Stance
    records: tuple[Record, ...]


def picks(document: Annotated) -> list[Pick]:
    """Return the relations of a document, each once a clause and stance, in the order of the text."""
    found: dict[tuple[int, str, str], list[Record]] = {}
    for number, record in document.records:
        found.setdefault((number, record["predicate"], record["stance"]), []).append(record)
    return [
        Pick(number, Predicate(predicate), Stance(stance), tuple(records))
        for (number, predicate, stance), records in sorted(found.items(), key=lambda item: item[0])
    ]


def by_anchor(clause: ClauseContext, pick: Pick) -> Iterator[tuple[Anchor, list[Record]]]:
    """Yield what states the relation with the records it states: for measures, those whose value is the quantity's."""
    found = anchors(clause, pick.predicate)
    if len(found) == 1:
        yield found[0], list(pick.records)
        return
    left = list(pick.records)
    for anchor, quantity in zip(found, clause.quantities, strict=True):
        mine = [record for record in left if _same_value(record["value"], quantity.value)]
        left = [record for record in left if record not in mine]
        yield anchor, mine


def _same_value(gold: str | None, found: str) -> bool:
    try:
        return float(gold or "") == float(found)
    except ValueError:
        return gold == found


def locate(name: str, clause: ClauseContext, view: str, taken: Sequence[tuple[int, int]] = ()) -> tuple[int, int] | None:
    """Return the words of a clause that say a name best, if any do well; words already taken are passed over."""
    tokens = clause.tokens
    wanted = Counter(fold(name).casefold().replace(" ", ""))
    size = wanted.total()
    best, chosen = 0.0, None
    for reference in clause.references:
        span = reference.mention.start, reference.mention.end
        if reference.entity == name and not _overlaps(span, taken):
            return span
    for first in range(len(tokens)):
        seen: Counter[str] = Counter()
        common = length = 0
        for token in tokens[first:]:
            if _overlaps((token.start, token.end), taken):
                break
            for char in token.text.casefold():
                seen[char] += 1
                common += seen[char] <= wanted[char]
            length += token.end - token.start
            if length > 2 * size + 2:
                break
            likeness = 2 * common / (length + size) - 0.002 * (first == 0)
            if likeness > best:
                best, chosen = likeness, (tokens[first].start, token.end)
    return chosen if best >= _LIKE else None


def _overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def labels_of(clause: ClauseContext, records: Iterable[Record], view: str) -> list[str]:
    """Return the label of each word of a clause, as the gold records have it."""
    taken: list[tuple[int, int]] = []
    labels = [OUT] * len(clause.tokens)
    records = list(records)
    for part in ("value", "object", "subject"):
        said = [record for record in records if record[part] and (part != "value" or _in_words(record, clause))]
        for name in dict.fromkeys(record[part] for record in said):
            span = locate(name, clause, view, taken)
            if span is None:
                continue
            taken.append(span)
            begun = False
            for place, token in enumerate(clause.tokens):
                if span[0] <= token.start and token.end <= span[1]:
                    labels[place], begun = (part if begun else f"{part}+"), True
    return labels


def _in_words(record: Record, clause: ClauseContext) -> bool:
    """Say whether a record's value is a role, or a degree that is no quantity of the clause."""
    if record["predicate"] == Predicate.HOLDS_ROLE:
        return True
    return record["predicate"] == Predicate.METRIC and not clause.quantities and not any(char.isdigit() for char in record["value"])


@dataclass(frozen=True, slots=True)
class Example:
    """The words of a clause with a relation: features and labels."""

    rows: list[set[str]]
    labels: list[str]


def examples(document: Annotated) -> Iterator[Example]:
    context: Context = document.context
    words = Words(context)
    for pick in picks(document):
        clause = context.clauses[pick.clause]
        for anchor, records in by_anchor(clause, pick):
            if not records or not clause.tokens:
                continue
            rows = Rows(words, [(clause, anchor.spans)])
            columns = {**clause_columns(words, rows.lines), **relation_columns(rows, [Wanted(pick.predicate, pick.stance, anchor)])}
            made = features([*CLAUSE_TEMPLATES, *RELATION_TEMPLATES], columns)
            yield Example([set(row) for row in made], labels_of(clause, records, context.view))


def fit_spans(documents: Iterable[Annotated], l2: float = 2.0, rare: int = 7) -> LinearModel:
    found = [example for document in documents for example in examples(document)]
    rows = [row for example in found for row in example.rows]
    answers = [label for example in found for label in example.labels]
    return fit_exclusive(rows, answers, LABELS, l2, ROUNDINGS["argument_spans"], rare=rare)


def fit_quantities(documents: Iterable[Annotated]) -> LinearModel:
    rows, answers = [], []
    for document in documents:
        for pick in picks(document):
            clause = document.context.clauses[pick.clause]
            for number, anchor in enumerate(anchors(clause, pick.predicate)):
                mine = clause.quantities[number : number + 1] if pick.predicate is Predicate.METRIC else clause.quantities
                for quantity in mine:
                    rows.append(set(quantity_features(clause, quantity, Wanted(pick.predicate, pick.stance, anchor))))
                    answers.append("yes" if any(_same_value(record["value"], quantity.value) for record in pick.records) else "no")
    return fit_exclusive(rows, answers, QUANTITY_LABELS, 2.0, ROUNDINGS["argument_quantities"])


@dataclass(frozen=True, slots=True)
class Choices:
    """Candidates to choose from, of every gold record that has a right one."""

    subjects: list[Group] = field(default_factory=list)
    objects: list[Group] = field(default_factory=list)


def fit(documents: Iterable[Annotated], lexicon: Lexicon) -> dict[str, LinearModel]:
    """Return the models of the arguments.

    The rankers are learned as they will be used: over words labelled by a model that has not seen the document.
    """
    documents = list(documents)
    halves = documents[::2], documents[1::2]
    quantities = fit_quantities(documents)
    unlearned = dict.fromkeys((f"argument_{part}" for part in PARTS_LEARNED), quantities)
    choices = Choices()
    for half in (0, 1):
        models = unlearned | {"argument_spans": fit_spans(halves[1 - half])}
        for document in halves[half]:
            collect(document, ArgumentFinder(document.context, lexicon, models), choices)
    return {
        "argument_spans": fit_spans(documents),
        "argument_quantities": quantities,
        "argument_subjects": fit_network(choices.subjects, ROUNDINGS["argument_subjects"]),
        "argument_objects": fit_ranking(choices.objects, 6.0, ROUNDINGS["argument_objects"]),
    }


def collect(document: Annotated, finder: ArgumentFinder, into: Choices) -> None:
    """Add the candidates of a document's gold records."""
    asked = [
        (clause, Wanted(pick.predicate, pick.stance, anchor), records)
        for pick in picks(document)
        for clause in (document.context.clauses[pick.clause],)
        for anchor, records in by_anchor(clause, pick)
        if records and clause.tokens
    ]
    places = finder.places([(clause, wanted) for clause, wanted, _ in asked])
    called = surfaces(document.context)
    for place, things, (_, _, records) in zip(places, object_candidates(places, range(len(places))), asked, strict=True):
        seen = subject_candidates(place)
        rows = features(OBJECT_TEMPLATES, object_columns([(place, things)]))
        _add(into.objects, rows, _best(things, {record["object"] for record in records}))
        _add(
            into.subjects,
            subject_rows(place, seen),
            _right([one.candidate for one in seen], {called.get(record["subject"], record["subject"]) for record in records}),
        )


def surfaces(context: Context) -> dict[str, str]:
    """Return the entity that each wording in the text stands for: gold may call it by the wording, a candidate is the entity."""
    entities = {reference.entity for reference in context.references}
    words = {context.document.text[r.mention.start : r.mention.end]: r.entity for r in context.references}
    return {word: entity for word, entity in words.items() if word not in entities}


def _add(groups: list[Group], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> None:
    if any(right):
        groups.append(Group([tuple(map(sys.intern, row)) for row in rows], right))


def _right(choices: Sequence[Candidate], gold: set[str | None]) -> list[bool]:
    """Say of each candidate whether gold means it: those of the very name if there are any, else those alike."""
    exact = [bool(choice.names) and all(name.name in gold for name in choice.names) for choice in choices]
    alike = [suits(choice, gold) for choice in choices]
    both = [one and other for one, other in zip(exact, alike, strict=True)]
    return both if any(both) else alike


_AS_GOOD = 0.05


def _best(choices: Sequence[Candidate], gold: set[str | None]) -> list[bool]:
    """Say of each candidate whether hardly any other says as much of what gold holds."""
    worths = [worth(choice, gold) for choice in choices]
    return [value > 0 and value >= max(worths) - _AS_GOOD for value in worths]


def worth(candidate: Candidate, gold: set[str | None]) -> float:
    """Return how much of gold a candidate says, 0 to 1: the share of gold's names times that of its own, less for mere likeness."""
    wanted = [name for name in gold if name]
    if not candidate.names or not wanted:
        return float(not candidate.names and None in gold)
    table = [[likeness(other, name.name) for name in candidate.names] for other in wanted]
    found = sum(max(row) > 0 for row in table) / len(gold)
    fitting = sum(any(column) for column in zip(*table, strict=True)) / len(candidate.names)
    close = sum(max(row) for row in table) / len(gold)
    return fitting * (0.7 * found + 0.3 * close)


def suits(candidate: Candidate, gold: set[str | None]) -> bool:
    if not candidate.names:
        return None in gold
    names = [name.name for name in candidate.names]
    return all(any(alike(name, other) for other in gold if other) for name in names) and len(names) >= min(len(gold), 2)


def alike(name: str, other: str) -> bool:
    return likeness(name, other) > 0


def likeness(name: str, other: str) -> float:
    """Return 1 for the same name, less for one that shares most characters or lies in the other, 0 for another one."""
    left, right = (fold(text).casefold().replace(" ", "") for text in (name, other))
    if left == right:
        return 1.0
    common = (Counter(left) & Counter(right)).total()
    shared = 2 * common / (len(left) + len(right))
    inside = min(len(left), len(right)) > 1 and (left in right or right in left)
    return max(shared if shared >= _LIKE else 0.0, 0.7 if inside else 0.0)
