"""RDF that a client sends, read without fetching anything: no context of JSON-LD from elsewhere, no entities of XML."""

from email import policy
from email.message import Message
from email.parser import BytesParser
from xml.parsers import expat

import pyoxigraph as ox

from api.errors import BadRequest, UnsupportedMedia

_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
READ = tuple(_FORMATS)
MULTIPART = "multipart/form-data"


def triples_in(body: bytes, content_type: str | None, base: str) -> list[ox.Quad]:
    """Return the triples that a body holds, all files of a form together; relative IRIs begin with `base`.

    UnsupportedMedia where it is in another media type, BadRequest where it is malformed, has graphs of its own or would have to fetch.
    """
    said = Message()
    said["Content-Type"] = content_type or "text/turtle"
    media = said.get_content_type() if content_type and "/" in content_type else content_type or "text/turtle"
    if media == MULTIPART:
        form = BytesParser(policy=policy.HTTP).parsebytes(b"Content-Type: " + (content_type or "").encode() + b"\r\n\r\n" + body)
        parts = [part for part in form.iter_parts() if part.get_filename() is not None] if form.is_multipart() else []
        if not parts:
            raise BadRequest("the form holds no file; send each graph as a file with its media type")
        sent = ((part.get_payload(decode=True), part.get("Content-Type")) for part in parts)
        return [quad for data, kind in sent if isinstance(data, bytes) for quad in triples_in(data, kind, base)]
    syntax = _FORMATS.get(media)
    if syntax is None:
        raise UnsupportedMedia(f"Content-Type: {media[:80]}: RDF is read from {', '.join(READ)}; send one of these")
    if syntax == ox.RdfFormat.RDF_XML:
        _refuse_entities(body)
    try:
        return list(ox.parse(body, syntax, base_iri=base, without_named_graphs=True, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as error:
        hint = "nothing is fetched: write the context out" if "remote context" in str(error).lower() else "correct it at that place"
        raise BadRequest(f"the body is no {media}: {' '.join(str(error).split())[:300]}; {hint}") from error


def _refuse_entities(body: bytes) -> None:
    """Raise BadRequest where XML declares entities, which would be expanded or fetched; a malformed body is left to its parser."""

    def refuse(*_: object) -> int:
        raise BadRequest("the XML declares entities, which are not expanded here; write out what they stand for")

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise BadRequest(f"the body is no XML: {error}; correct it at that place") from error
