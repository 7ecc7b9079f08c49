"""A document's statements as standoff annotations (W3C Web Annotation): offsets count Unicode code points of its text, as there."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from starlette.responses import Response

from api.negotiation import JSON_LD
from kg.graph.records import DocumentRecord, StatementRecord
from kg.graph.vocabulary import PREDICATES, PREFIXES, STANCES

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
_PROFILE: Final = f'{JSON_LD.media}; profile="{CONTEXT}"'
_OWN: Final = {
    **{prefix: PREFIXES[prefix] for prefix in ("kg", "dct", "dc", "rdf", "prov")},
    "annotations": "@included",
}


def annotated_document(document: DocumentRecord, text: str, statements: Iterable[StatementRecord]) -> Response:
    """Return the document with its text and an annotation a statement."""
    described = {
        "dct:identifier": document.name,
        "dct:title": document.title,
        "dc:publisher": document.publisher,
        "dc:creator": document.author,
        "dct:issued": document.published,
        "dc:source": document.source,
        "kg:text": text,
    }
    annotations = [_annotation(document, statement) for statement in statements]
    return _response({"id": document.iri, "type": "kg:Document", **_known(described), "annotations": annotations})


def annotation_page(document: DocumentRecord, statements: Iterable[StatementRecord], path: str) -> Response:
    """Return the annotations alone, as the only page of a collection."""
    items = [_annotation(document, statement) for statement in statements]
    collection = {"id": f"{document.iri}#annotations", "type": "AnnotationCollection", "total": len(items)}
    return _response({"id": path, "type": "AnnotationPage", "partOf": collection, "startIndex": 0, "items": items})


def _annotation(document: DocumentRecord, statement: StatementRecord) -> dict[str, Any]:
    words = (
        statement.speaker,
        f"{statement.stance.value}:",
        statement.subject,
        statement.predicate.value,
        statement.object,
        statement.value,
    )
    return {
        "id": f"{statement.iri}#annotation",
        "type": "Annotation",
        "motivation": "describing",
        "body": [_body(statement), {"type": "TextualBody", "format": "text/plain", "value": " ".join(filter(None, words))}],
        "target": {
            "source": document.iri,
            "selector": [
                {"type": "TextPositionSelector", "start": statement.start, "end": statement.end},
                {"type": "TextQuoteSelector", "exact": statement.quote, "prefix": statement.prefix, "suffix": statement.suffix},
            ],
        },
    }


def _body(statement: StatementRecord) -> dict[str, Any]:
    said = {
        "kg:stance": {"id": STANCES[statement.stance].value},
        "rdf:predicate": {"id": PREDICATES[statement.predicate].value},
        "kg:value": statement.value,
        "kg:unit": statement.unit,
        "kg:when": statement.when,
        "kg:due": statement.due,
        "kg:saidOn": statement.said_on,
    }
    return {"id": statement.iri, "type": "kg:Statement", **_known(said)}


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _response(content: Mapping[str, Any]) -> Response:
    body = json.dumps({"@context": [CONTEXT, _OWN], **content}, ensure_ascii=False, indent=1) + "\n"
    return Response(body, media_type=_PROFILE)
