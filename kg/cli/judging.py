"""What a store is told of judgements, and which entity a judgement is about. Loads slowly."""

from kg.errors import QueryError
from kg.graph.keeping import keep_ledger
from kg.graph.store import Store
from kg.judgements import Judgements, Verdict


def apply(graph: Store, judgements: Judgements, *, ledger: bool = True) -> None:
    """Let a store show what was judged, and nothing that was judged before, also in its ledger unless told otherwise."""
    graph.judge(judgements.entities, [(one.first, one.second) for one in judgements.made if one.verdict is Verdict.DIFFERENT])
    if ledger:
        keep_ledger(graph)


def entity(graph: Store, name: str) -> str:
    """Return the entity of that name; QueryError if there is none."""
    found = graph.named(name)
    if found is None:
        near = "、".join(record.name for record in graph.search(name, limit=5))
        raise QueryError(f"{name!r} is no entity of the store; " + (f"near it are {near}" if near else "nothing is like it"))
    return found
