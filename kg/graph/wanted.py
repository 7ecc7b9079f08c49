"""Which statements are asked for: what narrows them down in the store, and whether one of them meets all conditions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from kg.graph.access import Node, roles
from kg.graph.iris import Iris
from kg.graph.names import compared
from kg.graph.periods import bounds
from kg.graph.records import StatementRecord
from kg.graph.vocabulary import PREDICATES, STANCES
from kg.model import Kind, Predicate, Stance

Argument = Node | ox.Literal  # an entity, or words that no entity is known by


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements are asked for; what is None does not matter. Dates are days: a period counts where it overlaps."""

    entity: Node | None = None
    subject: Argument | None = None
    object: Argument | None = None
    speaker: Argument | None = None  # or whom the speaker speaks for
    principal: Node | None = None
    stance: Stance | None = None
    predicate: Predicate | None = None
    kind: Kind | None = None  # of subject or object
    since: date | None = None
    until: date | None = None
    due_since: date | None = None
    due_until: date | None = None
    document: str | None = None
    proposition: str | None = None
    words: tuple[str, ...] = ()  # that its quote holds, all of them, as they are compared

    def findings(self, iris: Iris) -> Iterator[str]:
        """Yield SPARQL groups that bind ?s to statements, each for one condition, the one that most likely leaves fewest first."""
        yield from self.in_roles(iris)
        if self.entity is not None:
            yield roles(str(self.entity))
        if self.due_since is not None or self.due_until is not None:
            first = "" if self.due_since is None else f'?s kg:dueEnd ?last FILTER (?last >= "{self.due_since}"^^xsd:date) '
            yield first + ("" if self.due_until is None else f'?s kg:dueStart ?first FILTER (?first <= "{self.due_until}"^^xsd:date)')
        if self.predicate is not None:
            yield f"?s kg:expresses/rdf:predicate {PREDICATES[self.predicate]}"
        if self.stance is not None:
            yield f"?s kg:stance {STANCES[self.stance]}"

    def in_roles(self, iris: Iris) -> Iterator[str]:
        """Yield of these groups those for what no table holds: who or what stands in which role, and in which proposition."""
        if self.proposition is not None:
            yield f"?s kg:expresses {iris.proposition(self.proposition)}"
        for end, argument in (("subject", self.subject), ("object", self.object)):
            if argument is not None:
                yield f"?s kg:expresses/rdf:{end} {argument}"
        if isinstance(self.speaker, Node):
            yield f"{{ ?s prov:wasAttributedTo {self.speaker} }} UNION {{ ?s kg:onBehalfOf {self.speaker} }}"
        elif self.speaker is not None:
            yield f"?s kg:speakerText {self.speaker}"
        if self.principal is not None:
            yield f"?s kg:onBehalfOf {self.principal}"

    @property
    def undated(self) -> bool:
        """Whether only conditions that find something are set: none on the document, its date, the kinds or words."""
        return not self.words and self.document is None and self.since is None and self.until is None and self.kind is None

    def admits(self, record: StatementRecord, iris: Iris) -> bool:
        """Say whether a statement of a document that is covered meets all other conditions."""
        principal = None if record.on_behalf_of is None else iris.entity(record.on_behalf_of)
        speaker, subject, obj = (
            _argument(name, kind, iris)
            for name, kind in (
                (record.speaker, record.speaker_kind),
                (record.subject, record.subject_kind),
                (record.object, record.object_kind),
            )
        )
        return (
            self.proposition in (None, record.proposition)
            and self.stance in (None, record.stance)
            and self.predicate in (None, record.predicate)
            and self.principal in (None, principal)
            and self.subject in (None, subject)
            and self.object in (None, obj)
            and (self.speaker is None or self.speaker in (speaker, principal))
            and (self.entity is None or self.entity in (subject, obj, speaker, principal))
            and (self.kind is None or self.kind in (record.subject_kind, record.object_kind))
            and self._due(record.due)
            and (not self.words or self._holds(compared(record.quote)))
        )

    def _holds(self, quote: str) -> bool:
        return all(word in quote for word in self.words)

    def _due(self, due: str | None) -> bool:
        if self.due_since is None and self.due_until is None:
            return True
        if due is None:
            return False
        first, last = bounds(due)
        return (self.due_since is None or last >= self.due_since) and (self.due_until is None or first <= self.due_until)


def _argument(name: str | None, kind: Kind | None, iris: Iris) -> Argument | None:
    if name is None:
        return None
    return ox.Literal(name) if kind is None else iris.entity(name)
