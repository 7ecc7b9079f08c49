# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that compares two extractions, or two stores: diff."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.output import Cell, say, shortened, table
from kg.errors import ReadError
from kg.evaluation import Change, Claim, differences, read_claims

_MARKS = {"gained": "+", "lost": "-", "changed": "~"}
_QUOTE = 60  # columns of the terminal that a quote takes


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Statements as JSON Lines, or a store's directory.", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same, later.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line for each statement that differs.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with status 1 where anything differs.")] = False,
) -> None:
    """Show which statements appeared, vanished or changed between two extractions or stores.

    Grouped by document: + gained, - lost, ~ changed, with each field that changed from what to what. A statement changed where
    the same predicate is found in the same words. Then counts by field and by predicate.

    \b
    Examples:
      kg diff before.jsonl after.jsonl
      kg diff graph-of-may graph-of-june --json
    """
    before, after = _claims(old), _claims(new)
    changes = differences(before, after)
    if as_json:
        for change in changes:
            say(json.dumps({"change": change.kind, **_record(change)}, ensure_ascii=False))
    else:
        _print(before, after, changes)
    if exit_code and changes:
        raise typer.Exit(1)


def _print(before: Sequence[Claim], after: Sequence[Claim], changes: Sequence[Change]) -> None:
    """Print what differs document by document, and the counts."""
    for name, group in groupby(changes, key=lambda change: change.claim.doc):
        of_document = list(group)
        say(f"{name}: {_counted(of_document)}")
        for change in of_document:
            say("\n".join(_lines(change)))
        say()
    documents = {claim.doc for claim in (*before, *after)}
    touched = {change.claim.doc for change in changes}
    say(f"{len(before)} statements before, {len(after)} after: {_counted(changes)}, in {len(touched)} of {len(documents)} documents")
    if changes:
        say("\n" + "\n\n".join(_summary(changes)))


def _claims(path: Path) -> list[Claim]:
    """Read the statements of a JSON Lines file or of a store."""
    if path.is_dir():
        from kg.graph.store import Store

        with Store.open(path, read_only=True) as graph:
            names = [field.name for field in fields(Claim) if field.name not in ("doc", "core")]
            return [Claim(doc=one.document_name, **{name: getattr(one, name) for name in names}) for one in graph.statements()]
    if not path.exists():
        raise ReadError(f"{path}: there is no such file or store; give statements of `kg extract`, or a store of `kg build`")
    return read_claims(path)


def _record(change: Change) -> dict[str, object]:
    """Return the statement before and after, as far as it was there, and what changed."""
    return {
        "fields": list(change.fields),
        "old": change.old and _exchanged(change.old),
        "new": change.new and _exchanged(change.new),
    }


def _exchanged(claim: Claim) -> dict[str, object]:
    return {name: value for name, value in asdict(claim).items() if name != "core"}


def _counted(changes: Sequence[Change]) -> str:
    """Return how many statements were gained, lost and changed.

    >>> _counted([])
    'nothing'
    """
    kinds = Counter(change.kind for change in changes)
    return ", ".join(f"{kinds[kind]} {kind}" for kind in _MARKS if kinds[kind]) or "nothing"


def _lines(change: Change) -> Iterator[str]:
    claim = change.claim
    amount = "".join(filter(None, (claim.value, claim.unit)))
    times = [f"{label} {time}" for label, time in (("when", claim.when), ("due", claim.due)) if time]
    stated = " | ".join([claim.stance, claim.subject or "-", claim.predicate, claim.object or "-", *filter(None, (amount, *times))])
    yield f"  {_MARKS[change.kind]} {stated}  ({claim.speaker or 'nobody'}, {claim.start}) “{shortened(claim.quote, _QUOTE)}”"
    for field in change.fields:
        was, becomes = (shortened(str(getattr(one, field) or "-"), _QUOTE) for one in (change.old, change.new))
        yield f"      {field}: {was} → {becomes}"


def _summary(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a table of the fields that changed, and one of what happened to the statements of each predicate."""
    by_field = Counter(field for change in changes for field in change.fields)
    if by_field:
        yield table(["field", "changed"], [[field, count] for field, count in by_field.most_common()])
    by_predicate: dict[str, Counter[str]] = {}
    for change in changes:
        by_predicate.setdefault(change.claim.predicate, Counter())[change.kind] += 1
    ranked = sorted(by_predicate.items(), key=lambda item: (-item[1].total(), item[0]))
    rows: list[list[Cell]] = [[name, *(kinds[kind] for kind in _MARKS)] for name, kinds in ranked]
    yield table(["predicate", *_MARKS], rows)
