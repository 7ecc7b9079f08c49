"""From the graph back to documents and statements, one by one and in lists that go on where they were left.

Lists are read document by document, newest first: nothing is sorted but the documents, and what one of them says.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice, repeat
from typing import NamedTuple

import pyoxigraph as ox

from kg.graph.access import Access, Node, Properties, text_of
from kg.graph.periods import bounds
from kg.graph.records import DocumentRecord, Key, StatementRecord, Stretch
from kg.graph.vocabulary import CLASSES, DC, DCT, OA, PREDICATES, PROV, RDF, SKOS, STANCES, TERMS
from kg.graph.wanted import Wanted
from kg.model import Kind, Predicate, Stance

_KINDS = {node: Kind(kind) for kind, node in CLASSES.items()}
_PREDICATES = {node: Predicate(predicate) for predicate, node in PREDICATES.items()}
_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}


_SPARSE = 1_000  # statements: a condition that so many meet finds them; one that more meet is checked document by document
_READ = 20_000  # statements that are remembered: about 30 MB
_WINDOWS = (4, 16, 64, 256)  # documents that are read together: few for a first page, more where little is found


class Place(NamedTuple):
    """A document's place among all, newest first, and the days of its date."""

    key: Key
    id: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Statements:
    """Documents and statements by id and by what is asked; remembers documents and kinds, so make a new one after each change."""

    access: Access
    _documents: dict[Node, DocumentRecord] = field(default_factory=dict)
    _kinds: dict[tuple[Node, str], Kind] = field(default_factory=dict)
    _read: dict[Node, StatementRecord] = field(default_factory=dict)
    _places: list[Place] = field(default_factory=list)
    _many: set[str] = field(default_factory=set)  # findings that more than _SPARSE statements meet

    def documents(self) -> list[DocumentRecord]:
        """Return the documents, newest first, then by name."""
        return [self.document(place.id) for place in self.places()]

    def document_stretch(self, wanted: Wanted, publisher: str | None, after: Key, limit: int) -> Stretch[DocumentRecord]:
        """Return documents after a key, newest first, then by name: those that speak of the entity wanted, of the days wanted."""
        speaking = None if wanted.entity is None else self._speaking_of(wanted.entity)
        places = [place for place in self._after(after) if place.key > after and wanted.covers(place.id, place.first, place.last)]
        if speaking is not None:
            places = [place for place in places if place.id in speaking]
        found: list[tuple[Key, DocumentRecord]] = []
        for number, place in enumerate(places):
            if number == _SPARSE or len(found) > limit:
                break
            record = self.document(place.id)
            if publisher is None or record.publisher == publisher:
                found.append((place.key, record))
        items = [record for _, record in found[:limit]]
        if len(found) > limit:
            going_on: Key | None = found[limit - 1][0]
        else:
            going_on = places[_SPARSE - 1].key if len(places) > _SPARSE else None
        counted = len(places) if publisher is None and not after else len(items) if not after and going_on is None else None
        return Stretch(items, going_on, counted)

    def places(self) -> list[Place]:
        """Return where each document stands among all; found out once."""
        if not self._places:
            names = {quad.subject: quad.object.value for quad in self.access.match(None, DCT["identifier"], None)}
            issued = {quad.subject: quad.object.value for quad in self.access.match(None, DCT["issued"], None)}
            self._places.extend(sorted(_place(self.access.key(node), name, issued.get(node)) for node, name in names.items()))
        return self._places

    def _after(self, key: Key) -> Sequence[Place]:
        """Return the places from that of the document on whose key, or whose statement's key, was given; all for an empty key."""
        places = self.places()
        return places[bisect_left(places, key[:3], key=lambda place: place.key) :]

    def _speaking_of(self, entity: Node) -> set[str]:
        graphs = (quad.graph_name for node in self.access.same(entity) for quad in self.access.match(node, SKOS["prefLabel"], None, None))
        return {self.access.key(graph) for graph in graphs if isinstance(graph, Node)}

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
        admitted = (record for _, record in self._walk(wanted, ()) if wanted.admits(record, self.access.iris))
        return list(islice(admitted, limit))

    def stretch(self, wanted: Wanted, after: Key, limit: int) -> Stretch[StatementRecord]:
        """Return the statements asked for after a key, in the same order; not more than _SPARSE statements are looked at."""
        found: list[StatementRecord] = []
        last = end = after  # the last statement that was looked at, and that was found
        for looked, (key, record) in enumerate(self._walk(wanted, after)):
            if looked == _SPARSE:
                return Stretch(found, last, self._counted(wanted))
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
        nodes = self._found(findings[0])
        return None if nodes is None else sum(map(len, nodes.values()))

    def _walk(self, wanted: Wanted, after: Key) -> Iterator[tuple[Key, StatementRecord]]:
        """Yield the statements of the documents covered, in order, with their keys: where few meet a condition, only those."""
        places = (place for place in self._after(after) if wanted.covers(place.id, place.first, place.last))
        sparse = next((nodes for finding in wanted.findings(self.access.iris) if (nodes := self._found(finding)) is not None), None)
        if sparse is not None:
            places = (place for place in places if place.id in sparse)
        for window in _windows(places):
            nodes = self._of_documents(window) if sparse is None else {place.id: sparse[place.id] for place in window}
            records: dict[str, list[StatementRecord]] = defaultdict(list)
            for record in self.records([node for place in window for node in nodes[place.id]]):
                records[record.document].append(record)
            for place in window:
                for key, record in sorted(((*place.key, one.start, one.end, one.id), one) for one in records[place.id]):
                    if key > after:
                        yield key, record

    def _found(self, finding: str) -> dict[str, list[Node]] | None:
        """Return the statements that a SPARQL group binds ?s to, by document; None where they are many."""
        if finding in self._many:
            return None
        rows = list(
            self.access.select(
                f"SELECT ?s ?d {{ {{ SELECT DISTINCT ?s {{ {finding} }} LIMIT {_SPARSE + 1} }} OPTIONAL {{ ?s prov:wasDerivedFrom ?d }} }}"
            )
        )
        if len(rows) > _SPARSE:
            self._many.add(finding)
            return None
        found: dict[str, list[Node]] = defaultdict(list)
        for row in rows:
            found[self.access.key(row["d"])].append(row["s"])
        return found

    def _of_documents(self, places: Iterable[Place]) -> dict[str, list[Node]]:
        """Return all statements of some documents."""
        found: dict[str, list[Node]] = {place.id: [] for place in places}
        values = " ".join(str(self.access.iris.document(document)) for document in found)
        for row in self.access.select(f"SELECT ?d ?s {{ VALUES ?d {{ {values} }} OPTIONAL {{ ?s prov:wasDerivedFrom ?d }} }}"):
            if row["s"] is not None:
                found[self.access.key(row["d"])].append(row["s"])
        return found

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
        """Return an argument's name, and its kind in the given document where it is an entity."""
        if not isinstance(term, Node):
            return text_of(term), None
        if (term, document) not in self._kinds:
            graph = self.access.iris.entities_graph(document)
            kinds = (quad.object for node in (term, *self.access.same(term)) for quad in self.access.match(node, RDF["type"], None, graph))
            self._kinds[term, document] = _KINDS[next(kinds)]
        return self.access.key(term), self._kinds[term, document]


def _place(document: str, name: str, issued: str | None) -> Place:
    first, last = (None, None) if issued is None else bounds(issued)
    return Place((0 if first is None else -first.toordinal(), name, document), document, first, last)


def _windows(places: Iterator[Place]) -> Iterator[list[Place]]:
    """Yield the places in groups that grow."""
    sizes = chain(_WINDOWS, repeat(_WINDOWS[-1]))
    while window := list(islice(places, next(sizes))):
        yield window
