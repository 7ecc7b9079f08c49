"""Stores of a few documents, with their ledger."""

from collections.abc import Callable, Iterator

import pytest

from kg.graph.keeping import keep_ledger
from kg.graph.store import Store
from kg.model import Extraction

Ledgered = Callable[..., Store]


@pytest.fixture
def ledgered() -> Iterator[Ledgered]:
    """Return what makes a store of documents, with its ledger."""
    stores: list[Store] = []

    def make(*documents: Extraction) -> Store:
        store = Store.in_memory()
        stores.append(store)
        store.bulk_add(documents)
        keep_ledger(store)
        return store

    yield make
    for store in stores:
        store.close()
