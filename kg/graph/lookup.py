"""From the graph back to records. Reads the default graph, which holds every triple of the named ones once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from kg.folding import fold
from kg.graph.iris import Iris
from kg.graph.periods import bounds
from kg.graph.records import DocumentRecord, EntityRecord, Relation, StatementRecord, Summary
from kg.graph.vocabulary import CLASSES, DC, DCT, NO_EDGE, OA, PREDICATES, PREFIXES, PROV, RDF, SKOS, STANCES, TERMS
from kg.model import Kind, Predicate, Stance

_DEFAULT = ox.DefaultGraph()
_KINDS = {node: Kind(kind) for kind, node in CLASSES.items()}
_PREDICATES = {node: Predicate(predicate) for predicate, node in PREDICATES.items()}
_STANCES = {node: Stance(stance) for stance, node in STANCES.items()}
_RANK = {kind: rank for rank, kind in enumerate(Kind)}

Node = ox.NamedNode
Properties = dict[Node, Any]  # no blank nodes, no triples: the graph is our own, which the library's types cannot know


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements are asked for; what is None does not matter."""

    entity: Node | None = None
    speaker: Node | ox.Literal | None = None
    stance: Stance | None = None
    predicate: Predicate | None = None
    since: str | None = None
    until: str | None = None
    document: str | None = None
    proposition: str | None = None


def wanted_pattern(wanted: Wanted, iris: Iris) -> str:
    """Return the SPARQL group that binds ?s to the statements asked for."""
    parts = ["?s a kg:Statement ."]
    if wanted.entity is not None:
        parts.append(_roles(str(wanted.entity)))
    if isinstance(wanted.speaker, Node):
        parts.append(f"{{ ?s prov:wasAttributedTo {wanted.speaker} }} UNION {{ ?s kg:onBehalfOf {wanted.speaker} }}")
    elif wanted.speaker is not None:
        parts.append(f"?s kg:speakerText {wanted.speaker} .")
    if wanted.stance is not None:
        parts.append(f"?s kg:stance {STANCES[wanted.stance]} .")
    if wanted.predicate is not None:
        parts.append(f"?s kg:expresses/rdf:predicate {PREDICATES[wanted.predicate]} .")
    if wanted.document is not None:
        parts.append(f"?s prov:wasDerivedFrom {iris.document(wanted.document)} .")
    if wanted.proposition is not None:
        parts.append(f"?s kg:expresses {iris.proposition(wanted.proposition)} .")
    if wanted.since is not None:
        parts.append(f'?s kg:saidEnd ?saidEnd . FILTER (?saidEnd >= "{bounds(wanted.since)[0]}"^^xsd:date)')
    if wanted.until is not None:
        parts.append(f'?s kg:saidStart ?saidStart . FILTER (?saidStart <= "{bounds(wanted.until)[1]}"^^xsd:date)')
    return "\n".join(parts)


def _roles(entity: str) -> str:
    roles = ("kg:expresses/rdf:subject", "kg:expresses/rdf:object", "prov:wasAttributedTo", "kg:onBehalfOf")
    return " UNION ".join(f"{{ ?s {role} {entity} }}" for role in roles)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Look-ups in one graph; remembers the documents and kinds it has read, so make a new one after each change."""

    graph: ox.Store
    iris: Iris
    _documents: dict[Node, DocumentRecord] = field(default_factory=dict)
    _kinds: dict[tuple[Node, str], Kind] = field(default_factory=dict)

    def documents(self) -> list[DocumentRecord]:
        """Return the documents, newest first, then by name."""
        for quad in self._match(None, RDF["type"], TERMS["Document"]):
            self._document(quad.subject)
        found = sorted(self._documents.values(), key=lambda document: (document.name, document.id))
        return sorted(found, key=lambda document: document.published or "", reverse=True)

    def document_ids(self, key: str) -> list[str]:
        """Return the ids of the documents whose id, IRI or name is `key`."""
        node = self.iris.document(self.iris.key(key) or key)
        if any(self._match(node, RDF["type"], TERMS["Document"])):
            return [self._key(node)]
        return sorted(self._key(quad.subject) for quad in self._match(None, DCT["identifier"], ox.Literal(key)))

    def document(self, document: str) -> DocumentRecord:
        """Return the document of that id."""
        return self._document(self.iris.document(document))

    def text(self, document: str) -> str:
        """Return the text of the document of that id."""
        text: str = self._properties(self.iris.document(document))[TERMS["text"]].value
        return text

    def statements(self, wanted: Wanted, limit: int | None = None) -> list[StatementRecord]:
        """Return the statements asked for, newest first, then in the order of the text."""
        rows = self._select(
            f"SELECT DISTINCT ?s ?said ?d ?start {{ {wanted_pattern(wanted, self.iris)}"
            " ?s prov:wasDerivedFrom ?d ; kg:evidence/oa:hasSelector/oa:start ?start ."
            f" OPTIONAL {{ ?s kg:saidStart ?said }} }} ORDER BY DESC(?said) ?d ?start ?s" + ("" if limit is None else f" LIMIT {limit}")
        )
        return [self._statement(row["s"]) for row in rows]

    def statement(self, statement: str) -> StatementRecord | None:
        """Return the statement of that id, or None."""
        node = self.iris.statement(statement)
        known = any(self._match(node, RDF["type"], TERMS["Statement"]))
        return self._statement(node) if known else None

    def named(self, name: str) -> list[Node]:
        """Return the entities of that canonical name or IRI, else those that have it as an alias in whatever capitals."""
        node = self.iris.entity(self.iris.key(name) or name)
        if any(self._match(node, SKOS["prefLabel"], None)):
            return [node]
        literal = ox.Literal(name.casefold())
        rows = self._select(f"SELECT DISTINCT ?e {{ ?e skos:prefLabel|skos:altLabel ?l FILTER (LCASE(STR(?l)) = {literal}) }} ORDER BY ?e")
        return [row["e"] for row in rows]

    def entities(self, among: Iterable[Node] | None = None) -> list[EntityRecord]:
        """Return entities (all, or those among the given), most spoken of first, then by name."""
        only = "" if among is None else f"VALUES ?e {{ {' '.join(map(str, among))} }}"
        kinds: dict[Node, Counter[Kind]] = defaultdict(Counter)
        aliases: dict[Node, set[str]] = defaultdict(set)
        statements: dict[Node, set[Node]] = defaultdict(set)
        dates: dict[Node, set[str]] = defaultdict(set)
        for row in self._select(f"SELECT ?e ?kind {{ {only} GRAPH ?g {{ ?e skos:prefLabel ?l ; a ?kind }} }}"):
            kinds[row["e"]][_KINDS[row["kind"]]] += 1
        for row in self._select(f"SELECT ?e ?l {{ {only} ?e skos:altLabel ?l }}"):
            aliases[row["e"]].add(row["l"].value)
        for row in self._select(f"SELECT ?e ?s ?said {{ {only} {_roles('?e')} OPTIONAL {{ ?s kg:saidOn ?said }} }}"):
            statements[row["e"]].add(row["s"])
            if row["said"] is not None:
                dates[row["e"]].add(row["said"].value)
        found = [
            EntityRecord(
                name=self._key(node),
                iri=node.value,
                kinds=tuple(sorted(count, key=lambda kind, count=count: (-count[kind], _RANK[kind]))),  # type: ignore[misc]
                aliases=tuple(sorted(aliases[node])),
                label_en=english(self._key(node), aliases[node]),
                statements=len(statements[node]),
                first=min(dates[node], default=None),
                last=max(dates[node], default=None),
            )
            for node, count in kinds.items()
        ]
        return sorted(found, key=lambda entity: (-entity.statements, entity.name))

    def search(self, text: str, limit: int) -> list[EntityRecord]:
        """Return entities one of whose names is, begins with or holds the text, in this order, the shortest names first."""
        sought = fold(text).casefold().strip()
        ranks: dict[Node, tuple[bool, bool, int]] = {}
        for row in self._select("SELECT ?e ?l { ?e skos:prefLabel|skos:altLabel ?l }") if sought else ():
            name = fold(row["l"].value).casefold()
            if sought in name:
                rank = (name != sought, not name.startswith(sought), len(name))
                ranks[row["e"]] = min(rank, ranks.get(row["e"], rank))
        best = sorted(ranks, key=lambda node: (ranks[node], node.value))[:limit]
        found = {entity.iri: entity for entity in self.entities(best)} if best else {}
        return [found[node.value] for node in best]

    def relations(self, entity: Node) -> list[Relation]:
        """Return the plain edges from and to an entity, sorted, each with the names of the documents that affirm it."""
        documents: dict[tuple[str, Predicate, str], set[str]] = defaultdict(set)
        for subject, obj in ((entity, None), (None, entity)):
            for quad in self._match(subject, None, obj, None):
                predicate = _PREDICATES.get(quad.predicate)
                if (
                    predicate is not None
                    and predicate not in NO_EDGE
                    and isinstance(quad.graph_name, Node)
                    and isinstance(quad.object, Node)
                ):
                    documents[self._key(quad.subject), predicate, self._key(quad.object)].add(self._key(quad.graph_name))
        return [Relation(*edge, tuple(sorted(self.document(document).name for document in ids))) for edge, ids in sorted(documents.items())]

    def summary(self) -> Summary:
        """Count what there is."""
        stances = self._counts("SELECT ?x (COUNT(*) AS ?n) { ?s kg:stance ?x } GROUP BY ?x")
        predicates = self._counts("SELECT ?x (COUNT(*) AS ?n) { ?s kg:expresses/rdf:predicate ?x } GROUP BY ?x")
        kinds = self._counts("SELECT ?x (COUNT(DISTINCT ?e) AS ?n) { ?e skos:prefLabel ?l ; a ?x } GROUP BY ?x")
        return Summary(
            documents=self._size("kg:Document"),
            statements=self._size("kg:Statement"),
            propositions=self._size("kg:Proposition"),
            entities=sum(1 for _ in self._select("SELECT DISTINCT ?e { ?e skos:prefLabel ?l }")),
            by_stance=tuple((stance, stances.get(node, 0)) for node, stance in _STANCES.items()),
            by_predicate=tuple((predicate, predicates.get(node, 0)) for node, predicate in _PREDICATES.items()),
            by_kind=tuple((kind, kinds.get(node, 0)) for node, kind in _KINDS.items()),
        )

    def _statement(self, node: Node) -> StatementRecord:
        own = self._properties(node)
        document = self._document(own[PROV["wasDerivedFrom"]])
        proposition = self._properties(own[TERMS["expresses"]])
        evidence: Properties = {}
        for quad in self._match(own[TERMS["evidence"]], OA["hasSelector"], None):
            evidence |= self._properties(quad.object)
        speaker, speaker_kind = self._name(own.get(PROV["wasAttributedTo"], own.get(TERMS["speakerText"])), document.id)
        subject, subject_kind = self._name(proposition.get(RDF["subject"]), document.id)
        obj, object_kind = self._name(proposition.get(RDF["object"]), document.id)
        return StatementRecord(
            id=self._key(node),
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
            value=_text(own.get(TERMS["value"])),
            unit=_text(own.get(TERMS["unit"])),
            when=_text(own.get(TERMS["when"])),
            due=_text(own.get(TERMS["due"])),
            said_on=_text(own.get(TERMS["saidOn"])),
            proposition=self._key(own[TERMS["expresses"]]),
            rule=own[TERMS["rule"]].value,
            confidence=float(own[TERMS["confidence"]].value),
        )

    def _document(self, node: Node) -> DocumentRecord:
        if node not in self._documents:
            own = self._properties(node)
            self._documents[node] = DocumentRecord(
                id=self._key(node),
                iri=node.value,
                name=own[DCT["identifier"]].value,
                source=own[DC["source"]].value,
                title=_text(own.get(DCT["title"])),
                publisher=_text(own.get(DC["publisher"])),
                published=_text(own.get(DCT["issued"])),
                author=_text(own.get(DC["creator"])),
                statements=sum(1 for quad in self._match(None, PROV["wasDerivedFrom"], node)),
            )
        return self._documents[node]

    def _name(self, term: Node | ox.Literal | None, document: str) -> tuple[str | None, Kind | None]:
        """Return an argument's name, and its kind in the given document where it is an entity."""
        if not isinstance(term, Node):
            return _text(term), None
        if (term, document) not in self._kinds:
            (quad,) = self._match(term, RDF["type"], None, self.iris.entities_graph(document))
            self._kinds[term, document] = _KINDS[quad.object]
        return self._key(term), self._kinds[term, document]

    def _properties(self, node: Node) -> Properties:
        return {quad.predicate: quad.object for quad in self._match(node, None, None)}

    def _match(self, subject: Node | None, predicate: Node | None, obj: Node | ox.Literal | None, graph: Any = _DEFAULT) -> Iterator[Any]:
        return self.graph.quads_for_pattern(subject, predicate, obj, graph)

    def _select(self, sparql: str) -> ox.QuerySolutions:
        answer = self.graph.query(sparql, prefixes=PREFIXES)
        assert isinstance(answer, ox.QuerySolutions)
        return answer

    def _counts(self, sparql: str) -> dict[Node, int]:
        return {row["x"]: int(row["n"].value) for row in self._select(sparql)}

    def _size(self, cls: str) -> int:
        (row,) = self._select(f"SELECT (COUNT(*) AS ?n) {{ ?x a {cls} }}")
        return int(row["n"].value)

    def _key(self, node: Node) -> str:
        key = self.iris.key(node.value)
        assert key is not None, node
        return key


def english(name: str, aliases: Iterable[str]) -> str | None:
    """Return what to call an entity in English: its own name if Latin, else its longest Latin alias, else None.

    >>> english("鸿蒙", ["Harmony", "HarmonyOS", "鸿蒙系统"])
    'HarmonyOS'
    """
    latin = sorted((text for text in {name, *aliases} if text.isascii()), key=lambda text: (text != name, -len(text), text))
    return latin[0] if latin else None


def _text(term: Node | ox.Literal | None) -> str | None:
    return None if term is None else term.value
