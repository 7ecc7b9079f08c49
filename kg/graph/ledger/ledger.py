"""The whole ledger of a graph, key by key: the same statements give the same lines."""

from collections.abc import Collection, Mapping
from itertools import chain

from kg.graph.access import Access, Node
from kg.graph.ledger.comparing import Comparing
from kg.graph.ledger.keys import Keys
from kg.graph.ledger.posts import BODIES, PERSONS, Post, Posts, stated
from kg.graph.ledger.reading import READ, Reading
from kg.graph.ledger.spool import Spool
from kg.graph.ledger.triples import entry_triples, related_triples
from kg.graph.vocabulary import CLASSES, DCT, RDF
from kg.lexicon import Lexicon
from kg.model import Kind


def ledger(spool: Spool, access: Access, renaming: Mapping[Node, Node], lexicon: Lexicon) -> None:
    """Compare all statements of a graph, and put what is found into a spool: the ledger but for its state.

    Statements are those of documents; one node stands for those that `renaming` names. At most what is said of one claim, or in one
    document, is in memory, and the posts that people hold.
    """
    iris, comparing = access.iris, Comparing(lexicon, access.iris)
    posts = _read(spool, access, Reading(iris, frozenset(lexicon.words("askers")), renaming), comparing.keys)
    for claim, entries in spool.by_claim():
        placed = [posts.placed(entry) for entry in entries]
        found, denied = comparing.of_claim(claim, placed)
        spool.found(chain(found, *(entry_triples(entry, iris) for entry in placed)))
        spool.deny(denied)
    for entries, exchanges, pairs in spool.by_document():
        spool.found(comparing.of_document([posts.placed(entry) for entry in entries], exchanges, pairs))
    for propositions in spool.by_relation():
        spool.found(related_triples(map(iris.proposition, propositions)))


def _read(spool: Spool, access: Access, reading: Reading, keys: Keys) -> Posts:
    """Put what documents state into a spool, document by document; return who holds which post."""
    told: list[tuple[str, Post]] = []
    documents = {access.iris.key(quad.subject.value) for quad in access.match(None, DCT["identifier"], None)} - {None}
    for document in sorted(map(str, documents)):
        entries, exchanges = reading.read(document, access.said_in(access.iris.graph(document), READ))
        spool.add(document, entries, exchanges, keys)
        told.extend(post for post in map(stated, entries) if post is not None)
    persons = _named(access, PERSONS, {person for person, _ in told})
    bodies = _named(access, BODIES, {post.organisation for _, post in told})
    return Posts((person, post) for person, post in told if person in persons and post.organisation in bodies)


def _named(access: Access, kinds: Collection[Kind], names: Collection[str]) -> set[str]:
    """Return those of some names that some document takes for one of these kinds."""
    nodes = (quad.subject for kind in kinds for quad in access.match(None, RDF["type"], CLASSES[kind])) if names else ()
    return {name for node in nodes if (name := access.iris.key(node.value)) in names and name is not None}
