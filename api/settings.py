"""Everything about the server that can be set, in one place."""

from dataclasses import dataclass, field

from kg.graph.database import Place

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What `create_app` needs to know. Times are in seconds, sizes in bytes."""

    store: Place  # a directory, or the address of a remote store
    write_token: str | None = field(default=None, repr=False)  # or `sha256:` and its digest; None: nobody may write

    # A query from outside: how many run at once, and how far each may go.
    query_workers: int = 2
    query_length: int = 100_000  # characters
    update_length: int = 1_000_000
    query_seconds: float = 10.0
    query_patience: float = 2.0  # how long a query waits for a free worker before it is turned away
    query_rows: int = 1_000_000  # rows or triples; answers are sent as they are found, so this costs time, not memory
    query_bytes: int = 256 * MEBIBYTE
    shown_rows: int = 1_000  # of which a page shows so many
    query_memory: int = 2048 * MEBIBYTE  # address space of one worker
    client_seconds: float = 60.0  # of query time that one client may take
    client_window: float = 60.0  # in so many seconds

    # Look-ups in a store of this process at once: threads that want one interpreter wait for each other longer than for the store.
    lookup_threads: int = 2

    # Answers that are kept until the store changes.
    kept_bytes: int = 64 * MEBIBYTE
    kept_each: int = 256 * 1024

    # A connection.
    connections: int = 512
    head_bytes: int = 64 * 1024  # the request line and headers together
    head_seconds: float = 10.0  # in which they have to be here
    body_seconds: float = 60.0  # in which a body has to be here
    stalled_seconds: float = 30.0  # how long a client may read nothing of its answer

    # A request.
    url_bytes: int = 16 * 1024
    body_bytes: int = MEBIBYTE

    # A document that is sent in: how much of it is taken, how many wait, and how far its reading and its extraction may go.
    upload_bytes: int = 16 * MEBIBYTE
    upload_characters: int = 200_000  # of its text: some 10,000 statements, which take half a minute to write
    jobs_waiting: int = 16
    jobs_waiting_bytes: int = 64 * MEBIBYTE
    jobs_kept: int = 1000  # that have ended
    reading_seconds: float = 60.0
    reading_memory: int = 1024 * MEBIBYTE  # address space of one process, as the next
    extraction_seconds: float = 300.0
    extraction_memory: int = 4096 * MEBIBYTE

    # How often a server that does not write looks whether another process has, and any server whether a store at an address has changed;
    # and how long what is remembered of such a store holds at most, for not every change shows at a look.
    watch_seconds: float = 1.0
    remote_watch_seconds: float = 5.0
    remote_memory_seconds: float = 60.0

    # How long nothing must have changed before statements are compared again.
    ledger_seconds: float = 2.0

    # A page of a list.
    page_size: int = 50
    page_limit: int = 500
