"""A process that extracts statements from one document after another; it starts slowly, so it stays.

`python -m api.jobs.extraction MEMORY` reads documents from standard input, a line of JSON each (`seconds` and the `document`),
and writes for each a `Reply` with the `Extraction` in JSON.
"""

import json
import sys

from api.jobs.frames import DOCUMENT, EXTRACTION, own_output, send
from api.jobs.limits import confine, limit_processor
from kg.errors import KgError
from kg.extraction.pipeline import Pipeline
from kg.lexicon import Lexicon


def main(memory: str) -> None:
    """Load words and weights, say so with an empty reply, and extract."""
    output = own_output()
    confine(int(memory))
    try:
        pipeline = Pipeline(Lexicon())
    except KgError as error:
        send(output, fault=str(error))
        return
    send(output)
    for line in sys.stdin.buffer:
        order = json.loads(line)
        limit_processor(order["seconds"])
        try:
            send(output, EXTRACTION.dump_json(pipeline.extract(DOCUMENT.validate_python(order["document"]))))
        except KgError as error:
            send(output, fault=str(error))
        except MemoryError:
            send(output, fault="it took more memory than extraction may; split the document")
        except Exception as error:
            sys.stderr.write(f"extraction failed: {error!r}\n")
            send(output, fault="a fault in the extraction; report the document")


if __name__ == "__main__":
    main(*sys.argv[1:])
