"""Everything about the server that can be set, in one place."""

from dataclasses import dataclass, field
from pathlib import Path

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What `create_app` needs to know. Times are in seconds, sizes in bytes."""

    store: Path
    write_token: str | None = field(default=None, repr=False)  # or `sha256:` and its digest; None: nobody may write

    # A query from outside: how many run at once, and how far each may go.
    query_workers: int = 2
    query_length: int = 100_000  # characters
    query_seconds: float = 10.0
    query_patience: float = 2.0  # how long a query waits for a free worker before it is turned away
    query_rows: int = 10_000
    query_bytes: int = 16 * MEBIBYTE
    query_memory: int = 2048 * MEBIBYTE  # address space of one worker

    # A request.
    url_bytes: int = 16 * 1024
    body_bytes: int = MEBIBYTE

    # A page of a list.
    page_size: int = 50
    page_limit: int = 500
    search_limit: int = 500  # matches of a name that are ranked
