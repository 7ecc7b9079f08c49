"""Statements as edges: between entities, from entities or speakers to what is said, or between entities that are named together.

An edge carries label, predicate, stance, edge_kind, edge_type (what keeps it apart from others between the same two: predicate, stance and
speaker), speaker, on_behalf_of, date, quote, document, value, unit, when, due, proposition and start, and as weight the number of
independent sources: documents that say the same in the same stance, those with the same words counted once. What is not known is left
out, never None.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Any

from kg.folding import fold
from kg.graph.periods import bounds
from kg.graph.records import StatementRecord
from kg.graph.selection import Projection
from kg.model import Stance

Edge = tuple[str, str, str, dict[str, Any]]  # source, target, key, attributes

EDGE_KINDS: Mapping[Stance, str] = MappingProxyType(
    {
        Stance.ASSERTS: "affirmed",
        Stance.DENIES: "denied",
        Stance.PLANS: "planned",
        Stance.AIMS: "aimed",
        Stance.PREDICTS: "predicted",
        Stance.REPORTS: "reported",
    }
)
_PROPOSITION = "proposition/"


def edges(projection: Projection, statements: Sequence[StatementRecord]) -> Iterator[Edge]:
    """Yield the edges of statements."""
    sources = _independent(statements)
    if projection is Projection.CO_MENTION:
        yield from _together(statements)
        return
    for one in statements:
        weight = float(sources[one.proposition, one.stance])
        if projection is Projection.ENTITIES:
            if one.subject is not None and one.object is not None and one.subject_kind and one.object_kind:
                yield one.subject, one.object, one.id, _edge(one, weight)
        elif projection is Projection.SPEAKERS:
            if one.speaker is not None:
                yield one.speaker, _node_of(one), one.id, _edge(one, weight)
        elif one.subject is not None and one.subject_kind:
            yield one.subject, _node_of(one), one.id, _edge(one, weight)
    if projection is Projection.PROPOSITIONS:
        yield from _objects(statements)


def proposition_labels(statements: Sequence[StatementRecord]) -> dict[str, str]:
    """Return what the node of each proposition is called: its words, whoever says them."""
    return {_node_of(one): " ".join(filter(None, (one.subject, one.predicate.value, one.object))) for one in statements}


def _node_of(statement: StatementRecord) -> str:
    return f"{_PROPOSITION}{statement.proposition}"


def _objects(statements: Sequence[StatementRecord]) -> Iterator[Edge]:
    """Yield an edge from each proposition to the entity that it is to, which says nothing of whether it holds."""
    done = set()
    for one in statements:
        if one.object is not None and one.object_kind and one.proposition not in done:
            done.add(one.proposition)
            data = {"label": "object", "edge_kind": "object", "edge_type": "object", "proposition": one.proposition, "weight": 1.0}
            yield _node_of(one), one.object, f"{one.proposition}-object", {"id": f"{one.proposition}-object", **data}


def _together(statements: Sequence[StatementRecord]) -> Iterator[Edge]:
    """Yield an edge for each two entities that statements of one document are about, weighing the documents."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in statements:
        named[one.document].update(name for name, kind in ((one.subject, one.subject_kind), (one.object, one.object_kind)) if name and kind)
    pairs = Counter(pair for names in named.values() for pair in combinations(sorted(names), 2))
    for (first, second), count in sorted(pairs.items()):
        key = f"{first}|{second}"
        data = {"id": key, "label": "named together", "edge_kind": "co-mention", "edge_type": "co-mention", "weight": float(count)}
        yield first, second, key, data


def _independent(statements: Sequence[StatementRecord]) -> dict[tuple[str, Stance], int]:
    """Return from how many independent sources each proposition comes in each stance: documents, syndicated copies counted once."""
    words: dict[tuple[str, Stance], set[str]] = defaultdict(set)
    documents: dict[tuple[str, Stance], set[str]] = defaultdict(set)
    for one in statements:
        key = one.proposition, one.stance
        words[key].add("".join(filter(str.isalnum, fold(one.quote))))
        documents[key].add(one.document)
    return {key: min(len(words[key]), len(documents[key])) for key in documents}


def _edge(statement: StatementRecord, weight: float) -> dict[str, Any]:
    kind = EDGE_KINDS[statement.stance]
    known = {
        "speaker": statement.speaker,
        "on_behalf_of": statement.on_behalf_of,
        "date": statement.said_on,
        "value": statement.value,
        "unit": statement.unit,
        "when": statement.when,
        "due": statement.due,
        "start": None if statement.said_on is None else bounds(statement.said_on)[0].isoformat(),
    }
    return {
        "id": statement.id,
        "label": statement.predicate.value if statement.stance is Stance.ASSERTS else f"{kind}: {statement.predicate.value}",
        "predicate": statement.predicate.value,
        "stance": statement.stance.value,
        "edge_kind": kind,
        "edge_type": f"{kind}: {statement.predicate.value}{f' ({statement.speaker})' if statement.speaker else ''}",
        "quote": statement.quote,
        "document": statement.document_name,
        "proposition": statement.proposition,
        "weight": weight,
        **{name: value for name, value in known.items() if value is not None},
    }
