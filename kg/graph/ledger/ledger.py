"""The whole ledger of a graph as quads, in a graph of its own: the same statements give the same quads."""

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from kg.graph.access import Access
from kg.graph.ledger.answers import Pair
from kg.graph.ledger.comparing import Comparing
from kg.graph.ledger.entries import Answered, Entry, read_entries
from kg.graph.ledger.keys import Key, groups
from kg.graph.ledger.posts import Posts, posts
from kg.graph.ledger.triples import entry_triples, related_triples
from kg.graph.literals import Triple
from kg.graph.vocabulary import TERMS
from kg.lexicon import Lexicon


def ledger(access: Access, lexicon: Lexicon, state: str) -> set[ox.Quad]:
    """Return the ledger of a graph; `state` is the digest of what it is made of, and is written with it."""
    iris = access.iris
    read = read_entries(access, lexicon.words("askers"))
    held = Posts(posts(read.entries, read.persons, read.bodies))
    entries = [held.placed(entry) for entry in read.entries]
    triples: list[Triple] = [(iris.ledger, TERMS["ledgerState"], ox.Literal(state))]
    for entry in entries:
        triples.extend(entry_triples(entry, iris))
    triples.extend(_compared(entries, read.exchanges, Comparing(lexicon, iris)))
    return {ox.Quad(*triple, iris.ledger) for triple in triples}


def _compared(entries: list[Entry], exchanges: tuple[Answered, ...], comparing: Comparing) -> Iterator[Triple]:
    """Yield what is found, key by key."""
    keys = comparing.keys
    denied: dict[str, list[Pair]] = defaultdict(list)
    for claim, group in groups((keys.claim(entry), entry) for entry in entries).items():
        triples, pairs = comparing.of_claim(claim, group)
        yield from triples
        for document, pair in pairs:
            denied[document].append(pair)
    answered: dict[str, list[Answered]] = defaultdict(list)
    for exchange in exchanges:
        answered[exchange.document].append(exchange)
    by_document = groups(((entry.document,), entry) for entry in entries)
    for document in {*answered, *(document for (document,) in by_document)}:
        yield from comparing.of_document(by_document.get((document,), []), answered[document], denied[document])
    related: dict[Key, set[ox.NamedNode]] = defaultdict(set)
    for entry in entries:
        key = keys.related(entry)
        if key is not None:
            related[key].add(entry.proposition)
    for nodes in related.values():
        yield from related_triples(nodes)
