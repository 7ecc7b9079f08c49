"""Statements into RDF: one named graph a document, one more for the entity records it gave rise to. No blank nodes.

Plain edges (`<鸿蒙> kg:openSourcedTo <开放原子开源基金会>`) are written only for what is asserted of two entities and what no
statement of the same document denies: an edge has no room to show a dispute, the statements have. What is planned, aimed
at, predicted, reported or asked never becomes one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import pyoxigraph as ox

from kg.graph.evidence import Stretch, evidence_triples
from kg.graph.exchanges import exchange_triples
from kg.graph.iris import Iris
from kg.graph.literals import Term, Triple, dated, decimal_literal, integer_literal, moment
from kg.graph.vocabulary import CLASSES, DC, DCT, NO_EDGE, PREDICATES, PROV, RDF, SKOS, STANCE_EDGES, STANCES, TERMS
from kg.model import MODEL_RULE, Document, Entity, Extraction, Kind, Stance, Statement, digest

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LETTER = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def document_quads(extraction: Extraction, iris: Iris) -> Iterator[ox.Quad]:
    """Yield all that the store holds of a document: its description, statements and entity records; some may come twice.

    ExtractionError where a quote is not in the text or a date is none.
    """
    extraction = filed(extraction)
    document = extraction.document
    graph = iris.graph(document.id)
    for triple in _document(document, iris):
        yield ox.Quad(*triple, graph)
    yield from statement_quads(extraction, iris)
    entities = iris.entities_graph(document.id)
    for entity in described(extraction):
        for triple in _entity(entity, iris):
            yield ox.Quad(*triple, entities)


def statement_quads(extraction: Extraction, iris: Iris) -> Iterator[ox.Quad]:
    """Yield statements, evidence, propositions, stance edges and plain edges, in the document's own graph."""
    graph = iris.graph(extraction.document.id)
    statements = numbered(extraction.statements)
    denied = {proposition_id(statement) for statement in statements if statement.stance is Stance.DENIES}
    disputed = {one for dispute in extraction.disputes for one in (dispute.rules, dispute.model)}
    for triple in (*_second_reading(extraction, iris), *exchange_triples(extraction, iris)):
        yield ox.Quad(*triple, graph)
    for statement in statements:
        for triple in _statement(statement, extraction.document, iris):
            yield ox.Quad(*triple, graph)
        if statement.stance is Stance.ASSERTS and statement.id not in disputed and proposition_id(statement) not in denied:
            for triple in _edge(statement, iris):
                yield ox.Quad(*triple, graph)


def nquads(extractions: Iterable[Extraction], iris: Iris | None = None) -> bytes:
    """Return sorted N-Quads, one a line: the same bytes for the same extractions in whatever order."""
    iris = iris or Iris()
    return lines({quad for extraction in extractions for quad in document_quads(extraction, iris)})


def lines(quads: Iterable[ox.Quad]) -> bytes:
    """Return quads as sorted N-Quads."""
    return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()


def numbered(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements, each with an id of its own: those that differ only in value or date are told apart by a number."""
    seen: dict[str, list[Statement]] = {}
    for statement in statements:
        alike = seen.setdefault(statement.id, [])
        if statement not in alike:
            alike.append(statement)
    return [replace(one, id=f"{one.id}-{number}") if number > 1 else one for alike in seen.values() for number, one in enumerate(alike, 1)]


def described(extraction: Extraction) -> list[Entity]:
    """Return the entities of a document, one a name: those it lists, then those that only its statements name."""
    entities = {entity.name: entity for entity in reversed(extraction.entities)}
    for statement in extraction.statements:
        for name, kind in _named(statement):
            if name not in entities:
                entities[name] = Entity(name, kind)
    return [entities[name] for name in sorted(entities)]


def filed(extraction: Extraction) -> Extraction:
    """Return what was extracted with every entity under its canonical name; what the document calls it becomes an alias.

    So an entity is one node, whether a document says 推特 or Twitter.
    """
    names = {entity.name: entity.canonical for entity in extraction.entities if entity.canonical is not None}
    if not names:
        return extraction
    entities: dict[str, Entity] = {}
    for entity in extraction.entities:
        name = names.get(entity.name, entity.name)
        known = entities.get(name, Entity(name, entity.kind))
        entities[name] = replace(known, aliases=tuple(sorted({*known.aliases, *entity.aliases, entity.name} - {name})))

    def renamed(name: str | None, kind: Kind | None) -> str | None:
        return name if name is None or kind is None else names.get(name, name)

    statements = (
        replace(
            one,
            subject=renamed(one.subject, one.subject_kind),
            object=renamed(one.object, one.object_kind),
            speaker=renamed(one.speaker, one.speaker_kind),
            on_behalf_of=renamed(one.on_behalf_of, Kind.COMPANY),
        )
        for one in extraction.statements
    )
    exchanges = tuple(replace(one, answerer=names.get(one.answerer or "", one.answerer)) for one in extraction.exchanges)
    return replace(extraction, entities=tuple(entities.values()), statements=tuple(statements), exchanges=exchanges)


def label(name: str) -> ox.Literal:
    """Return a name as a label: Chinese where a Han character is in it, else English where a letter is, else of no language.

    >>> label("华为云").language, label("MindSpore").language, label("360").language
    ('zh', 'en', None)
    """
    if _HAN.search(name):
        return ox.Literal(name, language="zh")
    return ox.Literal(name, language="en") if _LETTER.search(name) else ox.Literal(name)


def _document(document: Document, iris: Iris) -> Iterator[Triple]:
    node = iris.document(document.id)
    yield node, RDF["type"], TERMS["Document"]
    yield node, RDF["type"], PROV["Entity"]
    yield node, DCT["identifier"], ox.Literal(document.name)
    yield node, DC["source"], ox.Literal(document.source)
    yield node, TERMS["text"], ox.Literal(document.text)
    for term, text in ((DCT["title"], document.title), (DC["publisher"], document.publisher), (DC["creator"], document.author)):
        if text is not None:
            yield node, term, ox.Literal(text)
    if document.published is not None:
        yield node, DCT["issued"], moment(document.published)


def _entity(entity: Entity, iris: Iris) -> Iterator[Triple]:
    node = iris.entity(entity.name)
    yield node, RDF["type"], CLASSES[entity.kind]
    yield node, SKOS["prefLabel"], label(entity.name)
    for alias in entity.aliases:
        if alias != entity.name:
            yield node, SKOS["altLabel"], label(alias)


def _statement(statement: Statement, document: Document, iris: Iris) -> Iterator[Triple]:
    node, proposition = iris.statement(statement.id), iris.proposition(proposition_id(statement))
    yield node, RDF["type"], TERMS["Statement"]
    yield node, TERMS["stance"], STANCES[statement.stance]
    yield node, TERMS["expresses"], proposition
    yield node, PROV["wasDerivedFrom"], iris.document(document.id)
    yield node, TERMS["rule"], ox.Literal(statement.rule)
    yield node, TERMS["confidence"], decimal_literal(Decimal(repr(float(statement.confidence))))
    if statement.speaker is not None:
        speaker = _term(statement.speaker, statement.speaker_kind, iris)
        if isinstance(speaker, ox.NamedNode):
            yield node, PROV["wasAttributedTo"], speaker
            yield speaker, STANCE_EDGES[statement.stance], proposition
        else:
            yield node, TERMS["speakerText"], speaker
    if statement.on_behalf_of is not None:
        yield node, TERMS["onBehalfOf"], iris.entity(statement.on_behalf_of)
    if statement.value is not None:
        yield node, TERMS["value"], ox.Literal(statement.value)
        if _NUMBER.fullmatch(statement.value):
            yield node, TERMS["amount"], decimal_literal(Decimal(statement.value))
    if statement.unit is not None:
        yield node, TERMS["unit"], ox.Literal(statement.unit)
    yield from dated(node, "saidOn", "said", document.published)
    yield from dated(node, "when", "when", statement.when)
    yield from dated(node, "due", "due", statement.due)
    yield from _proposition(proposition, statement, iris)
    evidence = iris.evidence(document.id, statement.start, statement.end)
    yield node, TERMS["evidence"], evidence
    yield from evidence_triples(document, Stretch(statement.start, statement.end, f"statement {statement.id}", statement.quote), iris)


def _second_reading(extraction: Extraction, iris: Iris) -> Iterator[Triple]:
    """Yield what a chat model was asked about the document, which statements it made, and where it differs from the rules."""
    for dispute in extraction.disputes:
        rules, model = iris.statement(dispute.rules), iris.statement(dispute.model)
        yield rules, TERMS["disputes"], model
        yield model, TERMS["disputes"], rules
    reading = extraction.reading
    if reading is None:
        return
    node = iris.reading(extraction.document.id, reading.model, reading.prompt)
    yield node, RDF["type"], TERMS["ModelReading"]
    yield node, RDF["type"], PROV["Activity"]
    yield node, PROV["used"], iris.document(extraction.document.id)
    yield node, TERMS["model"], ox.Literal(reading.model)
    yield node, TERMS["promptDigest"], ox.Literal(reading.prompt)
    yield node, TERMS["requests"], integer_literal(reading.requests)
    yield node, TERMS["promptTokens"], integer_literal(reading.prompt_tokens)
    yield node, TERMS["answerTokens"], integer_literal(reading.answer_tokens)
    yield node, TERMS["seconds"], decimal_literal(Decimal(repr(reading.seconds)))
    yield node, TERMS["accepted"], integer_literal(reading.accepted)
    yield node, TERMS["rejected"], integer_literal(sum(count for _, count in reading.rejections))
    for cause, count in reading.rejections:
        yield node, TERMS["rejectionCause"], ox.Literal(f"{cause}: {count}")
    for statement in numbered(extraction.statements):
        if MODEL_RULE in statement.rule:
            yield iris.statement(statement.id), PROV["wasGeneratedBy"], node


def _proposition(node: ox.NamedNode, statement: Statement, iris: Iris) -> Iterator[Triple]:
    yield node, RDF["type"], TERMS["Proposition"]
    yield node, RDF["predicate"], PREDICATES[statement.predicate]
    if statement.subject is not None:
        yield node, RDF["subject"], _term(statement.subject, statement.subject_kind, iris)
    if statement.object is not None:
        yield node, RDF["object"], _term(statement.object, statement.object_kind, iris)


def _edge(statement: Statement, iris: Iris) -> Iterator[Triple]:
    """Yield the plain edge of an affirmed statement, if both ends are entities."""
    subject, obj = statement.subject, statement.object
    if statement.predicate in NO_EDGE or subject is None or obj is None or statement.subject_kind is None or statement.object_kind is None:
        return
    yield iris.entity(subject), PREDICATES[statement.predicate], iris.entity(obj)


def proposition_id(statement: Statement) -> str:
    """Return what identifies a statement's proposition, from subject, predicate and object alone: whoever says it, wherever.

    A text and an entity of the same spelling are two things.
    """

    def part(name: str | None, kind: Kind | None) -> str | None:
        return None if name is None else f"{'text' if kind is None else 'entity'} {name}"

    return digest(part(statement.subject, statement.subject_kind), statement.predicate, part(statement.object, statement.object_kind))


def _named(statement: Statement) -> Iterator[tuple[str, Kind]]:
    """Yield the entities that a statement names. Whom a speaker speaks for is a company where nothing else is known of it."""
    pairs = (
        (statement.subject, statement.subject_kind),
        (statement.object, statement.object_kind),
        (statement.speaker, statement.speaker_kind),
    )
    for name, kind in pairs:
        if name is not None and kind is not None:
            yield name, kind
    if statement.on_behalf_of is not None:
        yield statement.on_behalf_of, Kind.COMPANY


def _term(name: str, kind: Kind | None, iris: Iris) -> Term:
    return ox.Literal(name) if kind is None else iris.entity(name)
