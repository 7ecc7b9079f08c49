"""The ledger of a store kept up to date. Apart from the store, for comparing statements takes libraries that asking does not."""

from kg.graph.access import Access
from kg.graph.ledger.ledger import ledger
from kg.graph.ledger.spool import Spool
from kg.graph.merging import Merging
from kg.graph.store import Store
from kg.graph.vocabulary import TERMS
from kg.lexicon import Lexicon


def keep_ledger(store: Store) -> bool:
    """Make the ledger again where the store has changed since it was made; say whether it had to be.

    What changes the store leaves the ledger as it was: whoever makes several changes compares statements once, after the last. The ledger
    is written in several transactions; where that is interrupted it is out of date, and is made again like any other.
    """
    state, access = store.ledger_state(), Access(store.graph, store.iris)
    if store.ledger.state == state:
        return False
    with Spool.temporary(store.iris) as spool:
        ledger(spool, access, Merging(access).renaming(), Lexicon())
        former = access.match(None, None, None, store.iris.ledger)
        spool.known((quad.subject, quad.predicate, quad.object) for quad in former if quad.predicate != TERMS["ledgerState"])
        store.put_ledger(spool.changes(), state)
    return True
