"""From the graph back to entities: their names, what is affirmed between them, and how much is said of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.graph.access import Access, Node
from kg.graph.counting import Counting
from kg.graph.records import EntityRecord, Link, Relation, Spoken
from kg.graph.tables.counts import Counts
from kg.graph.vocabulary import CLASSES, DCT, NO_EDGE, OWL, PREDICATES, RDF, SKOS, STANCES
from kg.model import Kind, Predicate, Stance

_KINDS = {node: Kind(kind) for kind, node in CLASSES.items()}
_PREDICATES = {node: Predicate(predicate) for predicate, node in PREDICATES.items()}
_EDGES = {node: predicate for node, predicate in _PREDICATES.items() if predicate not in NO_EDGE}
_RANK = {node: rank for rank, node in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Entities:
    """Entities by name and by what is asked."""

    access: Access
    counts: Counts | Counting

    def described(self, name: str) -> bool:
        """Say whether a document describes an entity under that name."""
        return any(self.access.match(self.access.iris.entity(name), SKOS["prefLabel"], None, None))

    def stands(self, node: Node) -> bool:
        """Say whether people who ask see an entity of that IRI."""
        return any(self.access.match(node, SKOS["prefLabel"], None))

    def entities(self) -> list[EntityRecord]:
        """Return all entities, most spoken of first, then by name."""
        found = [self._entity(node, spoken) for node, spoken in self.counts.all_spoken().items()]
        return sorted(found, key=lambda entity: (-entity.statements, entity.name))

    def leading(self, limit: int) -> list[EntityRecord]:
        """Return the entities most spoken of: those that stand in most statements in one role or another, most spoken of first."""
        return [self.entity(node) for node in self.counts.leading(limit)]

    def entity(self, node: Node) -> EntityRecord:
        """Return the entity of that IRI."""
        return self._entity(node, self.counts.spoken(node))

    def of_document(self, document: str) -> set[str]:
        """Return the names of the entities that the document of that id speaks of."""
        graph = self.access.iris.entities_graph(document)
        return {self.access.key(self.access.standing(quad.subject)) for quad in self.access.match(None, SKOS["prefLabel"], None, graph)}

    def of_kind(self, kind: Kind) -> set[str]:
        """Return the names of the entities that some document takes for that kind."""
        return {self.access.key(quad.subject) for quad in self.access.match(None, RDF["type"], CLASSES[kind])}

    def main(self, node: Node) -> Node | None:
        """Return the entity that one of this IRI was judged to be, None where it stands for itself."""
        if any(self.access.match(node, SKOS["prefLabel"], None)) or not any(self.access.match(node, OWL["sameAs"], None)):
            return None
        main = self.access.standing(node)
        return None if main == node else main

    def links(self, entity: Node, stance: Stance) -> list[Link]:
        """Return what joins an entity to others in a stance, sorted: for ASSERTS its plain edges."""
        if stance is Stance.ASSERTS:
            return [Link(edge.subject, edge.predicate, edge.object, stance, edge.documents) for edge in self.relations(entity)]
        said = f"?s kg:stance {STANCES[stance]} ; kg:expresses ?c . ?s prov:wasDerivedFrom/dct:identifier ?d"
        documents: dict[tuple[str, Predicate, str], set[str]] = defaultdict(set)
        for this, other in (("subject", "object"), ("object", "subject")):
            for row in self.access.select(
                f"SELECT ?p ?o ?d {{ ?c rdf:{this} {entity} ; rdf:predicate ?p ; rdf:{other} ?o . FILTER (isIRI(?o)) {said} }}"
            ):
                ends = self.access.key(entity), self.access.key(row["o"])
                subject, obj = ends if this == "subject" else ends[::-1]
                documents[subject, _PREDICATES[row["p"]], obj].add(row["d"].value)
        return [Link(*edge, stance, tuple(sorted(names))) for edge, names in sorted(documents.items())]

    def edges(self) -> Iterator[tuple[str, Predicate, str]]:
        """Yield all plain edges: subject, predicate, object."""
        for predicate, node in PREDICATES.items():
            if predicate not in NO_EDGE:
                for quad in self.access.match(None, node, None):
                    yield self.access.key(quad.subject), Predicate(predicate), self.access.key(quad.object)

    def relations(self, entity: Node) -> list[Relation]:
        """Return the plain edges from and to an entity, sorted, each with the names of the documents that affirm it."""
        documents: dict[tuple[str, Predicate, str], set[str]] = defaultdict(set)
        for quad in (quad for node in self.access.same(entity) for quad in self.access.edges(node, _EDGES)):
            if isinstance(quad.graph_name, Node) and isinstance(quad.object, Node):
                ends = [self.access.key(self.access.standing(node)) for node in (quad.subject, quad.object)]
                documents[ends[0], _EDGES[quad.predicate], ends[1]].add(self.access.key(quad.graph_name))
        return [Relation(*edge, tuple(sorted(map(self._document_name, ids)))) for edge, ids in sorted(documents.items())]

    def _entity(self, node: Node, spoken: Spoken) -> EntityRecord:
        name = self.access.key(node)
        typed = (quad for same in self.access.same(node) for quad in self.access.match(same, RDF["type"], None, None))
        kinds = Counter(quad.object for quad in typed if isinstance(quad.graph_name, Node))
        aliases = sorted(quad.object.value for quad in self.access.match(node, SKOS["altLabel"], None))
        return EntityRecord(
            name=name,
            iri=node.value,
            kinds=tuple(_KINDS[kind] for kind in sorted(kinds, key=lambda kind: (-kinds[kind], _RANK[kind]))),
            aliases=tuple(aliases),
            label_en=english(name, aliases),
            statements=spoken.statements,
            first=spoken.first,
            last=spoken.last,
        )

    def _document_name(self, document: str) -> str:
        (quad,) = self.access.match(self.access.iris.document(document), DCT["identifier"], None)
        name: str = quad.object.value
        return name


def english(name: str, aliases: Iterable[str]) -> str | None:
    """Return what to call an entity in English: its own name if Latin, else its longest Latin alias, else None.

    >>> english("鸿蒙", ["Harmony", "HarmonyOS", "鸿蒙系统"])
    'HarmonyOS'
    """
    latin = sorted((text for text in {name, *aliases} if text.isascii()), key=lambda text: (text != name, -len(text), text))
    return latin[0] if latin else None
