"""A writer on a full disk: `python -m tests.safety.filler DIRECTORY PICKLE HOW` leaves itself no room, goes on, and makes room again.

`disk` fills the file system that the directory lies in, `limit` lets no file grow. It prints what it met as JSON.
"""

import json
import pickle
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import StoreError
from kg.graph.store import Store
from kg.model import Extraction

_PIECES = (64 << 10, 4096, 1)


@contextmanager
def full_disk(place: Path) -> Iterator[None]:
    """Have a file take all the room there is."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in _PIECES:
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    yield
    ballast.unlink()


@contextmanager
def limited_files(place: Path) -> Iterator[None]:
    """Let no file grow past the log of the store as it is."""
    size = max(file.stat().st_size for file in (place / "store").glob("*.log"))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def said(action: Callable[[], object]) -> str | None:
    """Return what a StoreError says of an action, None where all went well."""
    try:
        action()
    except StoreError as error:
        return str(error)
    return None


def main(directory: str, pickled: str, how: str) -> None:
    """Write, have no room, write in both ways, read, open again, have room, write."""
    place = Path(directory)
    extractions: list[Extraction] = pickle.loads(Path(pickled).read_bytes())[0]
    report: dict[str, object] = {}
    store = Store.open(place / "store")
    store.add(extractions[0])
    with {"disk": full_disk, "limit": limited_files}[how](place):
        report["one by one"] = [said(lambda one=one: store.add(one)) for one in extractions[1:]]
        report["in bulk"] = said(lambda: store.bulk_add(extractions[1:]))
        report["withdrawn"] = said(lambda: store.withdraw(extractions[0].document.id))
        report["still there"] = [record.id for record in store.documents()]
        report["findings"] = [finding.message for finding in store.verify()]
        store.close()
    with Store.open(place / "store") as again:
        report["there again"] = [record.id for record in again.documents()]
        report["with room"] = said(lambda: again.bulk_add(extractions))
    sys.stdout.write(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
