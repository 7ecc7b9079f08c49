"""A process that reads one document and ends, so that a file made to exhaust or to break its reader takes nothing with it.

`python -m api.jobs.reading` reads a line of JSON (`Order`) and the bytes of the document from standard input, and writes a `Reply` with the
`Document` in JSON. It may use so much memory and processor time, and writes no file.
"""

import json
import sys
from dataclasses import replace

from api.jobs.frames import DOCUMENT, Order, own_output, send
from api.jobs.limits import confine, limit_processor, write_nothing
from kg.errors import KgError, ReadError
from kg.model import Document, digest
from kg.reading import Form, Metadata, read_stream

_UNNAMED = "upload"
_FAULT = "a fault in the reader; save the document in another form"


def read(data: bytes, order: Order) -> Document:
    """Return the document; ReadError where it cannot be read, or is longer than it may be.

    One without a source goes by its text: the same text is the same document, and no other replaces it.
    """
    form = None if order.form is None else Form(order.form)
    document = read_stream(data, order.source or _UNNAMED, Metadata(**order.known), form=form, charset=order.charset)
    if len(document.text) > order.characters:
        raise ReadError(f"{document.source}: has {len(document.text)} characters, {order.characters} are read; split it")
    if order.source is None:
        source = f"{_UNNAMED}-{digest(document.text)}"
        return replace(document, id=digest(document.text, source), source=source, name=source)
    return document


def main() -> None:
    """Read the order and the document, and reply."""
    output = own_output()
    order = Order(**json.loads(sys.stdin.buffer.readline()))
    confine(order.memory)
    write_nothing()
    limit_processor(order.seconds)
    try:
        send(output, DOCUMENT.dump_json(read(sys.stdin.buffer.read(), order)))
    except KgError as error:
        send(output, fault=str(error))
    except MemoryError:
        send(output, fault="it took more memory than reading may; save it in a simpler form, or as text")
    except Exception as error:  # what a stranger's file does to the libraries that read it is its sender's to know, and in the log
        sys.stderr.write(f"reading failed: {error!r}\n")
        send(output, fault=_FAULT)


if __name__ == "__main__":
    main()
