"""A writer to be killed: it loads the pickled lists of extractions of a file one after another, in a process of its own.

It writes far more often than a `kg build` of so few documents would, so that most moments at which it is killed are in a write.
"""

import pickle
from multiprocessing.connection import Connection
from pathlib import Path

from kg.graph import writing
from kg.graph.store import Store


def main(directory: Path, batches: Path, quads: int, told: "Connection[str, None]") -> None:
    """Load all batches; then let two names be one entity, which has the store merge again after every document.

    `open` is told once the store is open, and `done` at the end.
    """
    writing._BATCH = quads
    with Store.open(directory) as store:
        told.send("open")
        extractions, changed, same = pickle.loads(batches.read_bytes())
        store.bulk_add(extractions)
        store.judge(same)
        for extraction in changed:
            store.add(extraction)
    told.send("done")
