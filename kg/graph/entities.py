"""From the graph back to entities: their names, what is affirmed between them, and how much there is of everything."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.folding import fold
from kg.graph.access import Access, Node, roles, text_of
from kg.graph.records import EntityRecord, Relation, Summary
from kg.graph.vocabulary import CLASSES, DCT, NO_EDGE, PREDICATES, PROV, RDF, SKOS, STANCES, TERMS
from kg.model import Kind, Predicate, Stance

_KINDS = {node: Kind(kind) for kind, node in CLASSES.items()}
_PREDICATES = {node: Predicate(predicate) for predicate, node in PREDICATES.items()}
_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}
_RANK = {node: rank for rank, node in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Entities:
    """Entities by name and by what is asked."""

    access: Access

    def named(self, name: str) -> list[Node]:
        """Return the entities of that canonical name or IRI, else those that have it as an alias in whatever capitals."""
        node = self.access.iris.entity(self.access.iris.key(name) or name)
        if any(self.access.match(node, SKOS["prefLabel"], None)):
            return [node]
        literal = ox.Literal(name.casefold())
        rows = self.access.select(
            f"SELECT DISTINCT ?e {{ ?e skos:prefLabel|skos:altLabel ?l FILTER (LCASE(STR(?l)) = {literal}) }} ORDER BY ?e"
        )
        return [row["e"] for row in rows]

    def described(self, name: str) -> bool:
        """Say whether a document describes an entity under that name."""
        return any(self.access.match(self.access.iris.entity(name), SKOS["prefLabel"], None, None))

    def entities(self) -> list[EntityRecord]:
        """Return all entities, most spoken of first, then by name."""
        said = {quad.subject: quad.object.value for quad in self.access.match(None, TERMS["saidOn"], None)}
        ends: dict[Node, list[Node]] = defaultdict(list)
        for end in ("subject", "object"):
            for quad in self.access.match(None, RDF[end], None):
                ends[quad.subject].append(quad.object)
        statements: dict[Node, set[Node]] = defaultdict(set)
        for quad in self.access.match(None, TERMS["expresses"], None):
            for entity in ends[quad.object]:
                statements[entity].add(quad.subject)
        for role in (PROV["wasAttributedTo"], TERMS["onBehalfOf"]):
            for quad in self.access.match(None, role, None):
                statements[quad.object].add(quad.subject)
        nodes = {quad.subject for quad in self.access.match(None, SKOS["prefLabel"], None)}
        found = [self._entity(node, {one: said.get(one) for one in statements[node]}) for node in nodes]
        return sorted(found, key=lambda entity: (-entity.statements, entity.name))

    def entity(self, node: Node) -> EntityRecord:
        """Return the entity of that IRI."""
        rows = self.access.select(f"SELECT ?s ?said {{ {roles(str(node))} OPTIONAL {{ ?s kg:saidOn ?said }} }}")
        return self._entity(node, {row["s"]: text_of(row["said"]) for row in rows})

    def search(self, text: str, limit: int) -> list[EntityRecord]:
        """Return entities one of whose names is, begins with or holds the text, in this order, the shortest names first."""
        sought = fold(text).casefold().strip()
        ranks: dict[Node, tuple[bool, bool, int]] = {}
        for row in self.access.select("SELECT ?e ?l { ?e skos:prefLabel|skos:altLabel ?l }") if sought else ():
            name = fold(row["l"].value).casefold()
            if sought in name:
                rank = (name != sought, not name.startswith(sought), len(name))
                ranks[row["e"]] = min(rank, ranks.get(row["e"], rank))
        best = sorted(ranks, key=lambda node: (ranks[node], node.value))[:limit]
        return [self.entity(node) for node in best]

    def relations(self, entity: Node) -> list[Relation]:
        """Return the plain edges from and to an entity, sorted, each with the names of the documents that affirm it."""
        documents: dict[tuple[str, Predicate, str], set[str]] = defaultdict(set)
        for subject, obj in (pair for node in self.access.same(entity) for pair in ((node, None), (None, node))):
            for quad in self.access.match(subject, None, obj, None):
                predicate = _PREDICATES.get(quad.predicate)
                if (
                    predicate is not None
                    and predicate not in NO_EDGE
                    and isinstance(quad.graph_name, Node)
                    and isinstance(quad.object, Node)
                ):
                    ends = [self.access.key(self.access.standing(node)) for node in (quad.subject, quad.object)]
                    documents[ends[0], predicate, ends[1]].add(self.access.key(quad.graph_name))
        return [Relation(*edge, tuple(sorted(map(self._document_name, ids)))) for edge, ids in sorted(documents.items())]

    def summary(self) -> Summary:
        """Count what there is."""
        stances = self._counts("SELECT ?x (COUNT(*) AS ?n) { ?s kg:stance ?x } GROUP BY ?x")
        predicates = self._counts("SELECT ?x (COUNT(*) AS ?n) { ?s kg:expresses/rdf:predicate ?x } GROUP BY ?x")
        kinds = self._counts("SELECT ?x (COUNT(DISTINCT ?e) AS ?n) { ?e skos:prefLabel ?l ; a ?x } GROUP BY ?x")
        return Summary(
            documents=self._size("kg:Document"),
            statements=self._size("kg:Statement"),
            propositions=self._size("kg:Proposition"),
            entities=sum(1 for _ in self.access.select("SELECT DISTINCT ?e { ?e skos:prefLabel ?l }")),
            by_stance=tuple((stance, stances.get(node, 0)) for node, stance in _STANCES.items()),
            by_predicate=tuple((predicate, predicates.get(node, 0)) for node, predicate in _PREDICATES.items()),
            by_kind=tuple((kind, kinds.get(node, 0)) for node, kind in _KINDS.items()),
        )

    def _entity(self, node: Node, statements: Mapping[Node, str | None]) -> EntityRecord:
        """Return an entity's record; `statements` are those that speak of it, with their dates."""
        name = self.access.key(node)
        typed = (quad for same in self.access.same(node) for quad in self.access.match(same, RDF["type"], None, None))
        kinds = Counter(quad.object for quad in typed if isinstance(quad.graph_name, Node))
        aliases = sorted(quad.object.value for quad in self.access.match(node, SKOS["altLabel"], None))
        dates = {date for date in statements.values() if date is not None}
        return EntityRecord(
            name=name,
            iri=node.value,
            kinds=tuple(_KINDS[kind] for kind in sorted(kinds, key=lambda kind: (-kinds[kind], _RANK[kind]))),
            aliases=tuple(aliases),
            label_en=english(name, aliases),
            statements=len(statements),
            first=min(dates, default=None),
            last=max(dates, default=None),
        )

    def _document_name(self, document: str) -> str:
        (quad,) = self.access.match(self.access.iris.document(document), DCT["identifier"], None)
        name: str = quad.object.value
        return name

    def _counts(self, sparql: str) -> dict[Node, int]:
        return {row["x"]: int(row["n"].value) for row in self.access.select(sparql)}

    def _size(self, cls: str) -> int:
        (row,) = self.access.select(f"SELECT (COUNT(*) AS ?n) {{ ?x a {cls} }}")
        return int(row["n"].value)


def english(name: str, aliases: Iterable[str]) -> str | None:
    """Return what to call an entity in English: its own name if Latin, else its longest Latin alias, else None.

    >>> english("鸿蒙", ["Harmony", "HarmonyOS", "鸿蒙系统"])
    'HarmonyOS'
    """
    latin = sorted((text for text in {name, *aliases} if text.isascii()), key=lambda text: (text != name, -len(text), text))
    return latin[0] if latin else None
