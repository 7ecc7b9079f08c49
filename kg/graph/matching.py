"""Which statements meet a condition, as the graph says when it is asked: what no table holds, and all of a store that is far away."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.graph.access import Access, Node
from kg.graph.tables.order import Place

SPARSE = 1_000  # statements: a condition that so many meet finds them; one that more meet is checked document by document


@dataclass(frozen=True, slots=True)
class Matching:
    """Finds statements, and remembers which conditions too many meet; good until the next change."""

    access: Access
    _many: set[str] = field(default_factory=set)  # groups that more than SPARSE statements meet

    def found(self, group: str) -> dict[str, list[Node]] | None:
        """Return the statements that a SPARQL group binds ?s to, by document; None where they are many."""
        if group in self._many:
            return None
        rows = list(
            self.access.select(
                f"SELECT ?s ?d {{ {{ SELECT DISTINCT ?s {{ {group} }} LIMIT {SPARSE + 1} }} OPTIONAL {{ ?s prov:wasDerivedFrom ?d }} }}"
            )
        )
        if len(rows) > SPARSE:
            self._many.add(group)
            return None
        found: dict[str, list[Node]] = defaultdict(list)
        for row in rows:
            found[self.access.key(row["d"])].append(row["s"])
        return found

    def of_documents(self, places: Iterable[Place]) -> dict[str, list[Node]]:
        """Return all statements of some documents."""
        found: dict[str, list[Node]] = {place.id: [] for place in places}
        values = " ".join(str(self.access.iris.document(document)) for document in found)
        for row in self.access.select(f"SELECT ?d ?s {{ VALUES ?d {{ {values} }} OPTIONAL {{ ?s prov:wasDerivedFrom ?d }} }}"):
            if row["s"] is not None:
                found[self.access.key(row["d"])].append(row["s"])
        return found
