"""From the graph back to documents and statements, one by one and in lists that go on where they were left.

Lists are read newest first, and no further than they are asked for: as the tables have them in order, and where there are none, document by
document, each sorted by itself.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import pyoxigraph as ox

from kg.graph.access import Access, Node, Properties, text_of
from kg.graph.matching import SPARSE, Matching
from kg.graph.records import DocumentRecord, Key, StatementRecord, Stretch
from kg.graph.tables.listed import Line, Listed
from kg.graph.tables.order import Order
from kg.graph.vocabulary import CLASSES, DC, DCT, OA, PREDICATES, PROV, RDF, SKOS, STANCES, TERMS
from kg.graph.wanted import Wanted
from kg.model import Kind, Predicate, Stance

_KINDS = {node: Kind(kind) for kind, node in CLASSES.items()}
_PREDICATES = {node: Predicate(predicate) for predicate, node in PREDICATES.items()}
_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}


_WINDOW = SPARSE // 100  # a group of documents in which nothing is found counts as so many statements that were looked at
_AT_ONCE = 64  # statements that are read together, where no number is wanted
_READ = 20_000  # statements that are remembered: about 30 MB


@dataclass(frozen=True, slots=True)
class Statements:
    """Documents and statements by id and by what is asked; remembers documents and kinds, so make a new one after each change."""

    access: Access
    order: Order
    matching: Matching
    listed: Listed | None  # None where no table has them in order
    _documents: dict[Node, DocumentRecord] = field(default_factory=dict)
    _kinds: dict[tuple[Node, str], Kind] = field(default_factory=dict)
    _read: dict[Node, StatementRecord] = field(default_factory=dict)

    def documents(self) -> list[DocumentRecord]:
        """Return the documents, newest first, then by name."""
        return [self.document(place.id) for window in self.order.windows(Wanted(), ()) for place in window]

    def document_stretch(self, wanted: Wanted, publisher: str | None, after: Key, limit: int) -> Stretch[DocumentRecord]:
        """Return documents after a key, newest first, then by name: those that speak of the entity wanted, of the days wanted."""
        speaking = None if wanted.entity is None else self._speaking_of(wanted.entity)
        found: list[DocumentRecord] = []
        last = end = after  # the last document that was looked at, and that was found
        going_on: Key | None = None
        places = (place for window in self.order.windows(wanted, after, speaking) for place in window if place.key > after)
        for looked, place in enumerate(places):
            record = self.document(place.id)
            fits = publisher is None or record.publisher == publisher
            if looked == SPARSE or (fits and len(found) == limit):
                going_on = last if looked == SPARSE else end
                break
            if fits:
                found.append(record)
                end = place.key
            last = place.key
        whole = self.order.count(wanted, speaking) if publisher is None else len(found) if going_on is None else None
        return Stretch(found, going_on, None if after else whole)

    def _speaking_of(self, entity: Node) -> set[str]:
        graphs = (quad.graph_name for node in self.access.same(entity) for quad in self.access.match(node, SKOS["prefLabel"], None, None))
        return {key for graph in graphs if isinstance(graph, Node) and (key := self.access.iris.key(graph.value))}

    def document_ids(self, key: str) -> list[str]:
        """Return the ids of the documents whose id, IRI or name is `key`."""
        node = self.access.iris.document(self.access.iris.key(key) or key)
        if any(self.access.match(node, RDF["type"], TERMS["Document"])):
            return [self.access.key(node)]
        return sorted(self.access.key(quad.subject) for quad in self.access.match(None, DCT["identifier"], ox.Literal(key)))

    def document(self, document: str) -> DocumentRecord:
        """Return the document of that id."""
        return self._document(self.access.iris.document(document))

    def text(self, document: str) -> str:
        """Return the text of the document of that id."""
        text: str = self.access.properties(self.access.iris.document(document))[TERMS["text"]].value
        return text

    def statements(self, wanted: Wanted, limit: int | None = None) -> list[StatementRecord]:
        """Return the statements asked for, newest first, then document by document in the order of the text."""
        walk = self._walk(wanted, (), _AT_ONCE if limit is None else limit)
        admitted = (record for _, record in walk if record is not None and wanted.admits(record, self.access.iris))
        return list(islice(admitted, limit))

    def stretch(self, wanted: Wanted, after: Key, limit: int) -> Stretch[StatementRecord]:
        """Return the statements asked for after a key, in the same order; not more than SPARSE statements are looked at."""
        found: list[StatementRecord] = []
        last = end = after  # the last place that was looked at, and the last statement that was found
        looked = 0
        for key, record in self._walk(wanted, after, limit + 1):
            if looked >= SPARSE:
                return Stretch(found, last, self._counted(wanted))
            if record is None:
                looked += _WINDOW
            else:
                looked += 1
                if wanted.admits(record, self.access.iris):
                    if len(found) == limit:
                        return Stretch(found, end, self._counted(wanted))
                    found.append(record)
                    end = key
            last = key
        return Stretch(found, None, self._counted(wanted) if after else len(found))

    def _counted(self, wanted: Wanted) -> int | None:
        """Return how many statements are wanted where one condition alone, which few meet, says so."""
        findings = list(wanted.findings(self.access.iris))
        if len(findings) != 1 or not wanted.undated:
            return None
        if self.listed is not None and not any(wanted.in_roles(self.access.iris)):
            return self.listed.count(wanted, SPARSE)
        nodes = self.matching.found(findings[0])
        return None if nodes is None else sum(map(len, nodes.values()))

    def _walk(self, wanted: Wanted, after: Key, most: int) -> Iterator[tuple[Key, StatementRecord | None]]:
        """Yield what may be wanted, in order, with its keys; None after each group of documents. So many are read together at most."""
        if self.listed is None:
            yield from self._walk_documents(wanted, after)
            return
        found = (self.matching.found(group) for group in wanted.in_roles(self.access.iris))
        few = next((nodes for nodes in found if nodes is not None), None)
        lines = self.listed.lines(wanted, after, None if few is None else [*chain.from_iterable(few.values())])
        while chunk := [*_together(lines, most)]:
            records = self.records([line.node for line in chunk if line.node is not None])
            yield from ((line.key, None if line.node is None else next(records)) for line in chunk)

    def _walk_documents(self, wanted: Wanted, after: Key) -> Iterator[tuple[Key, StatementRecord | None]]:
        """Yield the same out of the graph: all that the documents say, or those that meet a condition, where few do."""
        found = (self.matching.found(group) for group in wanted.findings(self.access.iris))
        sparse = next((nodes for nodes in found if nodes is not None), None)
        for window in self.order.windows(wanted, after, sparse):
            nodes = self.matching.of_documents(window) if sparse is None else {place.id: sparse[place.id] for place in window}
            records: dict[str, list[StatementRecord]] = defaultdict(list)
            for record in self.records([node for place in window for node in nodes[place.id]]):
                records[record.document].append(record)
            for place in window:
                for key, record in sorted(((*place.key, one.start, one.end, one.id), one) for one in records[place.id]):
                    if key > after:
                        yield key, record
            yield window[-1].end, None

    def statement(self, statement: str) -> StatementRecord | None:
        """Return the statement of that id, or None."""
        node = self.access.iris.statement(statement)
        known = any(self.access.match(node, RDF["type"], TERMS["Statement"]))
        return next(self.records([node])) if known else None

    def records(self, nodes: Sequence[Node]) -> Iterator[StatementRecord]:
        """Yield the statements of these IRIs, in this order; those read lately are remembered."""
        if len(self._read) > _READ:
            self._read.clear()
        read = {node: record for node in nodes if (record := self._read.get(node)) is not None}
        own = self.access.described(node for node in nodes if node not in read)
        propositions = self.access.described({one[TERMS["expresses"]] for one in own.values()})
        places = {one[TERMS["evidence"]]: self.access.iris.selectors(one[TERMS["evidence"]]) for one in own.values()}
        selectors = self.access.described(selector for pair in places.values() for selector in pair)
        for node, one in own.items():
            quote, position = places[one[TERMS["evidence"]]]
            read[node] = self._read[node] = self._record(
                node, one, propositions[one[TERMS["expresses"]]], selectors[quote] | selectors[position]
            )
        yield from (read[node] for node in nodes)

    def _record(self, node: Node, own: Properties, proposition: Properties, evidence: Properties) -> StatementRecord:
        document = self._document(own[PROV["wasDerivedFrom"]])
        speaker, speaker_kind = self._name(own.get(PROV["wasAttributedTo"], own.get(TERMS["speakerText"])), document.id)
        subject, subject_kind = self._name(proposition.get(RDF["subject"]), document.id)
        obj, object_kind = self._name(proposition.get(RDF["object"]), document.id)
        return StatementRecord(
            id=self.access.key(node),
            iri=node.value,
            document=document.id,
            document_name=document.name,
            document_title=document.title,
            start=int(evidence[OA["start"]].value),
            end=int(evidence[OA["end"]].value),
            quote=evidence[OA["exact"]].value,
            prefix=evidence[OA["prefix"]].value,
            suffix=evidence[OA["suffix"]].value,
            speaker=speaker,
            speaker_kind=speaker_kind,
            on_behalf_of=self._name(own.get(TERMS["onBehalfOf"]), document.id)[0],
            stance=_STANCES[own[TERMS["stance"]]],
            subject=subject,
            subject_kind=subject_kind,
            predicate=_PREDICATES[proposition[RDF["predicate"]]],
            object=obj,
            object_kind=object_kind,
            value=text_of(own.get(TERMS["value"])),
            unit=text_of(own.get(TERMS["unit"])),
            when=text_of(own.get(TERMS["when"])),
            due=text_of(own.get(TERMS["due"])),
            said_on=text_of(own.get(TERMS["saidOn"])),
            proposition=self.access.key(own[TERMS["expresses"]]),
            rule=own[TERMS["rule"]].value,
            confidence=float(own[TERMS["confidence"]].value),
        )

    def _document(self, node: Node) -> DocumentRecord:
        if node not in self._documents:
            own = self.access.properties(node)
            self._documents[node] = DocumentRecord(
                id=self.access.key(node),
                iri=node.value,
                name=own[DCT["identifier"]].value,
                source=own[DC["source"]].value,
                title=text_of(own.get(DCT["title"])),
                publisher=text_of(own.get(DC["publisher"])),
                published=text_of(own.get(DCT["issued"])),
                author=text_of(own.get(DC["creator"])),
                statements=sum(1 for quad in self.access.match(None, PROV["wasDerivedFrom"], node)),
            )
        return self._documents[node]

    def _name(self, term: Node | ox.Literal | None, document: str) -> tuple[str | None, Kind | None]:
        """Return an argument's name, and its kind in the given document where it is an entity.

        Who writes graphs of their own may say of a statement what its document does not; then the kind is what any graph says.
        """
        if not isinstance(term, Node):
            return text_of(term), None
        if (term, document) not in self._kinds:
            graph = self.access.iris.entities_graph(document)
            own = (self.access.match(node, RDF["type"], None, graph) for node in (term, *self.access.same(term)))
            said = chain(chain.from_iterable(own), self.access.match(term, RDF["type"], None))
            kinds = (_KINDS[quad.object] for quad in said if quad.object in _KINDS)
            self._kinds[term, document] = next(kinds, Kind.CONCEPT)
        return self.access.key(term), self._kinds[term, document]


def _together(lines: Iterator[Line], most: int) -> Iterator[Line]:
    """Yield the next lines, until there are so many statements among them."""
    found = 0
    while found < most and (line := next(lines, None)) is not None:
        yield line
        found += line.node is not None
