"""From the graph back to documents and statements."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import pyoxigraph as ox

from kg.graph.access import Access, Node, Properties, roles, text_of
from kg.graph.iris import Iris
from kg.graph.records import DocumentRecord, StatementRecord
from kg.graph.vocabulary import CLASSES, DC, DCT, OA, PREDICATES, PROV, RDF, STANCES, TERMS
from kg.model import Kind, Predicate, Stance

_KINDS = {node: Kind(kind) for kind, node in CLASSES.items()}
_PREDICATES = {node: Predicate(predicate) for predicate, node in PREDICATES.items()}
_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements are asked for; what is None does not matter."""

    entity: Node | None = None
    speaker: Node | ox.Literal | None = None
    stance: Stance | None = None
    predicate: Predicate | None = None
    since: date | None = None
    until: date | None = None
    document: str | None = None
    proposition: str | None = None


def wanted_pattern(wanted: Wanted, iris: Iris) -> str:
    """Return the SPARQL group that binds ?s to the statements asked for.

    The most telling condition finds them; the others are then looked up for each, which spares the store a scan of all.
    """
    conditions = []
    if wanted.proposition is not None:
        conditions.append(f"?s kg:expresses {iris.proposition(wanted.proposition)} .")
    if wanted.document is not None:
        conditions.append(f"?s prov:wasDerivedFrom {iris.document(wanted.document)} .")
    if wanted.entity is not None:
        conditions.append(roles(str(wanted.entity)))
    if isinstance(wanted.speaker, Node):
        conditions.append(f"{{ ?s prov:wasAttributedTo {wanted.speaker} }} UNION {{ ?s kg:onBehalfOf {wanted.speaker} }}")
    elif wanted.speaker is not None:
        conditions.append(f"?s kg:speakerText {wanted.speaker} .")
    if wanted.predicate is not None:
        conditions.append(f"?s kg:expresses/rdf:predicate {PREDICATES[wanted.predicate]} .")
    if wanted.stance is not None:
        conditions.append(f"?s kg:stance {STANCES[wanted.stance]} .")
    finding, *others = conditions or ["?s a kg:Statement ."]
    filters = [f"FILTER EXISTS {{ {condition} }}" for condition in others]
    if wanted.since is not None:
        filters.append(f'OPTIONAL {{ ?s kg:saidEnd ?saidEnd }} FILTER (?saidEnd >= "{wanted.since}"^^xsd:date)')
    if wanted.until is not None:
        filters.append(f'OPTIONAL {{ ?s kg:saidStart ?saidStart }} FILTER (?saidStart <= "{wanted.until}"^^xsd:date)')
    return "\n".join([finding, *filters])


@dataclass(frozen=True, slots=True)
class Statements:
    """Documents and statements by id and by what is asked; remembers documents and kinds, so make a new one after each change."""

    access: Access
    _documents: dict[Node, DocumentRecord] = field(default_factory=dict)
    _kinds: dict[tuple[Node, str], Kind] = field(default_factory=dict)

    def documents(self) -> list[DocumentRecord]:
        """Return the documents, newest first, then by name."""
        for quad in self.access.match(None, RDF["type"], TERMS["Document"]):
            self._document(quad.subject)
        found = sorted(self._documents.values(), key=lambda document: (document.name, document.id))
        return sorted(found, key=lambda document: document.published or "", reverse=True)

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
        # the store scans all statements for a plain join here, and looks each up for an OPTIONAL one
        found = self.access.select(
            f"SELECT DISTINCT ?s ?said ?d {{ {wanted_pattern(wanted, self.access.iris)}"
            " OPTIONAL { ?s prov:wasDerivedFrom ?d } OPTIONAL { ?s kg:saidStart ?said } }"
        )
        rows = sorted(((text_of(row["said"]) or "", row["d"].value, row["s"]) for row in found), key=lambda row: row[1])
        rows.sort(key=lambda row: row[0], reverse=True)
        records: list[StatementRecord] = []
        for _, group in groupby(rows, key=lambda row: row[:2]):
            if limit is not None and len(records) >= limit:
                break
            records.extend(sorted((self._statement(node) for *_, node in group), key=lambda record: (record.start, record.end, record.id)))
        return records[:limit]

    def statement(self, statement: str) -> StatementRecord | None:
        """Return the statement of that id, or None."""
        node = self.access.iris.statement(statement)
        known = any(self.access.match(node, RDF["type"], TERMS["Statement"]))
        return self._statement(node) if known else None

    def _statement(self, node: Node) -> StatementRecord:
        own = self.access.properties(node)
        document = self._document(own[PROV["wasDerivedFrom"]])
        proposition = self.access.properties(own[TERMS["expresses"]])
        evidence: Properties = {}
        for quad in self.access.match(own[TERMS["evidence"]], OA["hasSelector"], None):
            evidence |= self.access.properties(quad.object)
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
