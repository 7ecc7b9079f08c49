"""What was counted: of everything, of each entity, year by year."""

from dataclasses import dataclass

from kg.graph.access import Node
from kg.graph.records import Spoken, Summary
from kg.graph.tables.rows import Nodes
from kg.graph.tables.tables import Tables
from kg.graph.vocabulary import CLASSES, PREDICATES, STANCES
from kg.model import Kind, Predicate, Stance


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a graph, looked up."""

    tables: Tables
    nodes: Nodes

    def summary(self) -> Summary:
        """Count what there is."""
        counted = {(what, key): n for what, key, n in self.tables.rows("SELECT * FROM counted WHERE what <> 'year'")}
        return Summary(
            documents=counted.get(("document", ""), 0),
            statements=counted.get(("statement", ""), 0),
            propositions=counted.get(("proposition", ""), 0),
            entities=counted.get(("entity", ""), 0),
            by_stance=tuple((Stance(stance), counted.get(("stance", stance), 0)) for stance in STANCES),
            by_predicate=tuple((Predicate(predicate), counted.get(("predicate", predicate), 0)) for predicate in PREDICATES),
            by_kind=tuple((Kind(kind), counted.get(("kind", node.value), 0)) for kind, node in CLASSES.items()),
        )

    def stances(self) -> int:
        """Count the statements that have a stance."""
        return int(self.tables.value("SELECT COALESCE(SUM(n), 0) FROM counted WHERE what = 'stance'"))

    def years(self, entity: Node | None = None) -> dict[tuple[int, Stance], int]:
        """Count statements by the year they were said in and by stance: all, or those about an entity or by it."""
        if entity is None:
            rows = [(*key.split(), n) for key, n in self.tables.rows("SELECT key, n FROM counted WHERE what = 'year' AND n > 0")]
        else:
            sql = (
                "SELECT substr(start, 1, 4), stance, COUNT(*) FROM mention CROSS JOIN statement ON n = statement"
                " WHERE entity = (SELECT n FROM entity WHERE node = ?) AND start IS NOT NULL AND stance IS NOT NULL GROUP BY 1, 2"
            )
            rows = self.tables.rows(sql, self.nodes.short(entity))
        return {(int(year), Stance(stance)): n for year, stance, n in rows}

    def leading(self, limit: int) -> list[Node]:
        """Return the entities that stand in most statements, those first, then by name."""
        rows = self.tables.rows("SELECT node FROM entity WHERE statements > 0 ORDER BY statements DESC, name LIMIT ?", limit)
        return [self.nodes.node(short) for (short,) in rows]

    def spoken(self, entity: Node) -> Spoken:
        """Return how often an entity is spoken of."""
        row = next(iter(self.tables.rows(f"SELECT {_SPOKEN} FROM entity WHERE node = ?", self.nodes.short(entity))), (0, None, None))
        return Spoken(*row)

    def all_spoken(self) -> dict[Node, Spoken]:
        """Return how often each entity that has a name is spoken of."""
        rows = self.tables.rows(f"SELECT node, {_SPOKEN} FROM entity WHERE kinds IS NOT NULL")
        return {self.nodes.node(short): Spoken(*spoken) for short, *spoken in rows}


_DATED = "FROM mention WHERE entity = n AND said <> ''"
_SPOKEN = f"statements, (SELECT MIN(said) {_DATED}), (SELECT MAX(said) {_DATED})"
