"""A writer to be killed: it adds one document again and again, each time changed, until it or its store is gone."""

import os
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection

from kg.errors import KgError
from kg.graph.store import Store
from tests.graph_fixtures import TEXT, document, extraction


def main(place: str, environment: Mapping[str, str], told: "Connection[str, None]") -> None:
    """Write into the store at an address, as the environment says; `open` is told once it is open."""
    os.environ.update(environment)
    with suppress(KgError), Store.open(place) as store:
        told.send("open")
        for number in range(10_000):
            store.add(extraction(document(TEXT + f"第{number}次。\n" * 200)))
