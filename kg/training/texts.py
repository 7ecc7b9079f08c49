"""Texts that training records are of but that others wrote: put together again from the public repositories where they lie.

`python -m kg.training.texts data/training/public/texts REPOSITORIES OUT` writes them into OUT, with their dates in its index.tsv.
REPOSITORIES holds a clone of each repository as OWNER/NAME; `sources.tsv` names them, with the commit and the file of each source.
`texts.jsonl` says of each document which characters of which source it is made of, and what its bytes hash to: what comes out is what
was annotated, or nothing.
"""

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from kg.errors import ReadError


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a public repository, as it was at a commit."""

    repository: str  # owner/name
    commit: str
    path: str


def read_sources(path: Path) -> dict[str, Source]:
    """Read `sources.tsv`: the name by which texts refer to a source, its repository, commit and path."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: Source(row["repository"], row["commit"], row["path"]) for row in csv.DictReader(lines, delimiter="\t")}


def texts(folder: Path, repositories: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the name, date and text of each document that `texts.jsonl` describes; ReadError where one does not come out as annotated."""
    sources = read_sources(folder / "sources.tsv")
    with (folder / "texts.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            described = json.loads(line)
            text = _joined(described["parts"], sources, repositories)
            if hashlib.sha256(text.encode()).hexdigest() != described["sha256"]:
                raise ReadError(
                    f"{described['doc']}: the repositories have another text than was annotated; clone them whole, with all commits"
                )
            yield described["doc"], described["date"], text


def _joined(parts: Sequence[Any], sources: Mapping[str, Source], repositories: Path) -> str:
    """Return parts in a row: characters as they are, or runs `[start, end, start, end, …]` of what stands at a place in a source."""
    pieces = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        name, place, bounds = part
        found = _content(sources[name], repositories)
        for step in place:
            found = found[step]
        pieces += [found[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    return "".join(pieces)


@cache
def _content(source: Source, repositories: Path) -> Any:
    """Return a source as it is read: the value of a JSON file, the rows of a CSV file, the characters of any other."""
    clone = repositories / source.repository
    command = ["git", "-C", str(clone), "show", f"{source.commit}:{source.path}"]
    shown = subprocess.run(command, capture_output=True, check=False)
    if shown.returncode:
        raise ReadError(
            f"{clone}: {shown.stderr.decode(errors='replace').strip()}; clone the repository {source.repository} there, with all commits"
        )
    characters = shown.stdout.decode("utf-8-sig")
    if source.path.endswith(".json"):
        return json.loads(characters)
    if source.path.endswith(".csv"):
        return list(csv.DictReader(StringIO(characters)))
    return characters


def main(folder: str, repositories: str, out: str) -> None:
    """Write the texts into a folder, with their dates."""
    target = Path(out)
    target.mkdir(parents=True, exist_ok=True)
    index = ["name\tdate"]
    for name, date, text in texts(Path(folder), Path(repositories)):
        (target / f"{name}.txt").write_text(text, encoding="utf-8")
        index.append(f"{name}\t{date}")
    (target / "index.tsv").write_text("\n".join(index) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ReadError as error:
        sys.exit(f"error: {error}")
