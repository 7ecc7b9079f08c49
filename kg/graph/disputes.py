"""Where two readers differ about the same evidence."""

from dataclasses import dataclass

import pyoxigraph as ox

from kg.graph.records import StatementRecord
from kg.graph.store import Store
from kg.model import MODEL_RULE

_DISPUTES = """
SELECT DISTINCT ?rules ?model {
  ?rules kg:disputes ?model .
  ?rules kg:rule ?rulesRule .
  ?model kg:rule ?modelRule .
  FILTER (STRSTARTS(?modelRule, "MODEL_RULE") && !STRSTARTS(?rulesRule, "MODEL_RULE"))
}
""".replace("MODEL_RULE", MODEL_RULE)


@dataclass(frozen=True, slots=True)
class Disputed:
    """The same claim on the same evidence, as the rules read it and as a model did."""

    rules: StatementRecord
    model: StatementRecord


def disputes(store: Store) -> list[Disputed]:
    """Return all disputes of a store, in the order of documents and their text."""
    solutions = store.query(_DISPUTES)
    assert isinstance(solutions, ox.QuerySolutions)
    pairs = [
        [store.statement(store.iris.key(term.value) or "") for term in (solution["rules"], solution["model"])] for solution in solutions
    ]
    found = [Disputed(rules, model) for rules, model in pairs]
    return sorted(found, key=lambda one: (one.rules.document_name, one.rules.start, one.rules.id, one.model.id))
