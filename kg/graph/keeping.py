"""The ledger of a store kept up to date. Apart from the store, for comparing statements takes libraries that asking does not."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from kg.graph.access import Access
from kg.graph.ledger.ledger import ledger
from kg.graph.store import Store
from kg.lexicon import Lexicon


def keep_ledger(store: Store) -> bool:
    """Make the ledger again where the store has changed since it was made, in one transaction; say whether it had to be.

    What changes the store leaves the ledger as it was: whoever makes several changes compares statements once, after the last.
    """
    state = store.ledger_state()
    if store.ledger.state == state:
        return False
    with _uncollected():
        store.put_ledger(ledger(Access(store.graph, store.iris), Lexicon(), state))
    return True


@contextmanager
def _uncollected() -> Iterator[None]:
    """Search for no garbage meanwhile: a million records that are all in use would be walked through again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
