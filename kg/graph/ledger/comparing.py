"""Statements compared key by key: of one claim, of one document, of nearly equal claims. Whoever brings together what has a key calls it.

No key needs to know of another, so that one process may do all keys in turn, or many machines each its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kg.graph.iris import Iris
from kg.graph.ledger.answers import taken
from kg.graph.ledger.entries import Answered, Entry, Pair
from kg.graph.ledger.keys import Key, Keys
from kg.graph.ledger.links import Link, Links
from kg.graph.ledger.measures import Comparators
from kg.graph.ledger.promises import Promises
from kg.graph.ledger.sources import copies, sources
from kg.graph.ledger.triples import link_triples, promise_triples, source_triples, taken_triples
from kg.graph.literals import Triple
from kg.graph.records import LinkType
from kg.lexicon import Lexicon


class Comparing:
    """What is found among statements that have a key in common. They are given in the order of time, with the posts of who speaks."""

    def __init__(self, lexicon: Lexicon, iris: Iris) -> None:
        self.keys = Keys(lexicon)
        self._iris = iris
        self._links = Links(lexicon, self.keys)
        self._comparators = Comparators(lexicon)

    def of_claim(self, claim: Key, entries: Sequence[Entry]) -> tuple[Iterator[Triple], list[tuple[str, Pair]]]:
        """Return what is found among the statements of a claim, and for each document which of its rumours it denies.

        Found are links, copies, promises, and where each proposition comes from.
        """
        links, copied = self._links.of_claim(claim, entries), list(copies(entries))
        denied = [(link.later.document, pair) for link in links if (pair := _denied_within(link)) is not None]
        return self._triples(claim, entries, links, copied), denied

    def _triples(self, claim: Key, entries: Sequence[Entry], links: Iterable[Link], copied: Sequence[Link]) -> Iterator[Triple]:
        for link in (*links, *copied):
            yield from link_triples(link, self._iris)
        for promise in Promises(claim, self._comparators).of(entries):
            yield from promise_triples(promise, self._iris)
        propositions: dict[object, list[Entry]] = defaultdict(list)
        for entry in entries:
            propositions[entry.proposition].append(entry)
        several = [group for group in propositions.values() if len(group) > 1]  # of one statement there is nothing to compare
        for source in sources(several, copied):
            yield from source_triples(source)

    def of_document(self, entries: Sequence[Entry], exchanges: Iterable[Answered], denied: Iterable[Pair]) -> Iterator[Triple]:
        """Yield what is found in a document: rumours that a denial of another claim denies, and how answers take questions.

        `denied` are the rumours that its statements of the same claim deny.
        """
        found = set(denied)
        for link in self._links.of_document(entries):
            pair = link.earlier.id, link.later.id
            if pair not in found:
                found.add(pair)
                yield from link_triples(link, self._iris)
        for one in taken(entries, exchanges, found, self.keys):
            yield from taken_triples(one)


def _denied_within(link: Link) -> Pair | None:
    """Return the rumour and the denial of a link within a document, None for every other link."""
    within = link.type is LinkType.DENIES_RUMOUR and link.later.document == link.earlier.document
    return (link.earlier.id, link.later.id) if within else None
