"""Exchange records: their fields, and records of documents that may not be handed on, which leave the words out."""

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]

RECORD = ("doc", "start", "end", "quote", "speaker", "stance", "subject", "predicate", "object", "value", "unit", "when", "due")
NAMES = ("subject", "object", "speaker")


def filled(record: Record, text: str) -> Record:
    """Return a record with its words: `quote` is what stands at its offsets, and a name given as `[start, end]` what stands there.

    >>> filled({"start": 0, "end": 5, "subject": [0, 2], "object": "云"}, "甲公司建云")
    {'start': 0, 'end': 5, 'subject': '甲公', 'object': '云', 'quote': '甲公司建云'}
    """
    names = {field: text[name[0] : name[1]] for field in NAMES if isinstance(name := record.get(field), list)}
    return {**record, **names, "quote": record.get("quote", text[record["start"] : record["end"]])}
