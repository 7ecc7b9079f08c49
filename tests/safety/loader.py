"""A writer to be killed: `python -m tests.safety.loader STORE PICKLE` loads the pickled lists of extractions one after another.

It writes far more often than a `kg build` of so few documents would, so that most moments at which it is killed are in a write.
It prints `open` once the store is open, and `done` at the end.
"""

import pickle
import sys
from pathlib import Path

from kg.graph import writing
from kg.graph.store import Store


def say(word: str) -> None:
    """Print a word at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(directory: str, batches: str, quads: str) -> None:
    """Load all batches; then let two names be one entity, which has the store merge again after every document."""
    writing._BATCH = int(quads)
    with Store.open(Path(directory)) as store:
        say("open")
        extractions, changed, same = pickle.loads(Path(batches).read_bytes())
        store.bulk_add(extractions)
        store.judge(same)
        for extraction in changed:
            store.add(extraction)
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
