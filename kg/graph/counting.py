"""How much there is of everything, counted by a store that is far away: it does so sooner than all of it could be fetched."""

from collections import defaultdict
from dataclasses import dataclass

from kg.graph.access import ROLES, Access, Node, roles, text_of
from kg.graph.records import Spoken, Summary
from kg.graph.vocabulary import CLASSES, PREDICATES, PROV, RDF, SKOS, STANCES, TERMS
from kg.model import Kind, Predicate, Stance

_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts of a graph, each made when it is asked for; otherwise as `tables.Counts`."""

    access: Access

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
            by_stance=tuple((Stance(stance), stances.get(node, 0)) for stance, node in STANCES.items()),
            by_predicate=tuple((Predicate(predicate), predicates.get(node, 0)) for predicate, node in PREDICATES.items()),
            by_kind=tuple((Kind(kind), kinds.get(node, 0)) for kind, node in CLASSES.items()),
        )

    def stances(self) -> int:
        """Count the statements that have a stance."""
        (count,) = self.access.select("SELECT (COUNT(*) AS ?n) { ?statement kg:stance ?stance }")
        return int(count["n"].value)

    def years(self, entity: Node | None = None) -> dict[tuple[int, Stance], int]:
        """Count statements by the year they were said in and by stance: all, or those about an entity or by it."""
        about = "" if entity is None else f"{{ SELECT DISTINCT ?s {{ {roles(str(entity))} }} }} "
        rows = self.access.select(
            f"SELECT ?year ?stance (COUNT(*) AS ?n) {{ {about}?s kg:saidStart ?day ; kg:stance ?stance"
            " BIND (SUBSTR(STR(?day), 1, 4) AS ?year) } GROUP BY ?year ?stance"
        )
        return {(int(row["year"].value), _STANCES[row["stance"]]): int(row["n"].value) for row in rows}

    def leading(self, limit: int) -> list[Node]:
        """Return the entities that stand in most statements, those first, then by name: out of those that do in one role or another."""
        nodes: set[Node] = set()
        for role in ROLES:
            grouped = f"SELECT ?e (COUNT(*) AS ?n) {{ ?s {role} ?e FILTER (isIRI(?e)) }} GROUP BY ?e ORDER BY DESC(?n) ?e LIMIT {limit}"
            nodes.update(row["e"] for row in self.access.select(grouped))
        return sorted(nodes, key=lambda node: (-self.spoken(node).statements, self.access.key(node)))[:limit]

    def spoken(self, entity: Node) -> Spoken:
        """Return how often an entity is spoken of."""
        dated = "OPTIONAL { ?s kg:saidOn ?on BIND (STR(?on) AS ?said) }"
        counts = "(COUNT(DISTINCT ?s) AS ?n) (MIN(?said) AS ?first) (MAX(?said) AS ?last)"
        (row,) = self.access.select(f"SELECT {counts} {{ {roles(str(entity))} {dated} }}")
        return Spoken(int(row["n"].value), text_of(row["first"]), text_of(row["last"]))

    def all_spoken(self) -> dict[Node, Spoken]:
        """Return how often each entity that has a name is spoken of."""
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
        found = {}
        for node in {quad.subject for quad in self.access.match(None, SKOS["prefLabel"], None)}:
            dates = [said[one] for one in statements[node] if one in said]
            found[node] = Spoken(len(statements[node]), min(dates, default=None), max(dates, default=None))
        return found

    def _counts(self, sparql: str) -> dict[Node, int]:
        return {row["x"]: int(row["n"].value) for row in self.access.select(sparql)}

    def _size(self, cls: str) -> int:
        (row,) = self.access.select(f"SELECT (COUNT(*) AS ?n) {{ ?x a {cls} }}")
        return int(row["n"].value)
