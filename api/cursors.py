"""Where in a list a reader is, as one opaque word in the address: the key of the last item seen, which no write can move."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence

from api.errors import BadRequest
from kg.graph.records import Key

_LARGEST = 2**53  # what every JSON reader keeps exactly


def cursor_of(key: Key) -> str:
    """Return the word for a key.

    >>> cursor_of(("华为", 3))
    'WyLljY7kuLoiLDNd'
    """
    return urlsafe_b64encode(json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode()).decode().rstrip("=")


def key_of(cursor: str, shape: Sequence[type]) -> Key:
    """Return the key that a word stands for; BadRequest where it is of no list of this shape.

    >>> key_of("WyLljY7kuLoiLDNd", (str, int))
    ('华为', 3)
    """
    try:
        key = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (Error, ValueError, RecursionError) as error:
        raise _foreign(cursor) from error
    if not isinstance(key, list) or [type(part) for part in key] != list(shape):
        raise _foreign(cursor)
    if any(abs(part) > _LARGEST for part in key if isinstance(part, int)):
        raise _foreign(cursor)
    return tuple(key)


def _foreign(cursor: str) -> BadRequest:
    return BadRequest(f"cursor={cursor[:80]}: no place in this list; take `next` of a page as it is, or begin again without a cursor")
