# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""The verb that decides what readers do not agree on: review. Decisions lie in a file of their own, and can be taken back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import ReviewsFile, StoreDirectory
from kg.cli.output import note as remark
from kg.cli.output import say, written
from kg.cli.query import described
from kg.errors import ReviewError
from kg.graph.records import StatementRecord
from kg.records import RECORD
from kg.reviews import Decision, Review, Reviews, corrected, read_reviews
from kg.reviews import written as as_file

REVIEWS = "reviews.jsonl"


def review(
    store: StoreDirectory,
    statement: Annotated[str | None, typer.Argument(metavar="ID", help="The statement to decide on.", show_default=False)] = None,
    decision: Annotated[Decision | None, typer.Argument(help="What is decided of it.", show_default=False)] = None,
    *,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="How a field should read; nothing after = for none.")
    ] = None,
    reviews: ReviewsFile = None,
    note: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was decided of the statement.")] = False,
    decided: Annotated[bool, typer.Option("--decided", help="List what was decided.")] = False,
    gold: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what was accepted or corrected, as gold for kg eval.", show_default=False)
    ] = None,
) -> None:
    """Decide on statements, first of all on those in which the rules and a model differ.

    Without an ID it lists the disputes that are open: one is settled when either of its statements is accepted or corrected, or both are
    rejected. Any other statement can be decided on as well. Statements stay as they were read; decisions are kept beside them.

    \b
    Examples:
      kg review --store graph
      kg review 3f0a9c1d2b4e5f60 accept --store graph
      kg review 3f0a9c1d2b4e5f60 correct --set stance=plans --set due=2024 --store graph
      kg review 3f0a9c1d2b4e5f60 --undo --store graph
      kg review --gold reviewed.jsonl --store graph
    """
    from kg.graph.disputes import disputes
    from kg.graph.store import Store

    path = _file(store, reviews)
    made = read_reviews(path)
    with Store.open(store, read_only=True) as graph:
        if statement is not None:
            after = made.without(statement) if undo else made.with_one(_review(graph.statement(statement), decision, changes or (), note))
            with written(path) as file:
                file.write(as_file(after).encode())
            say(f"{statement}: {'undone' if undo else decision}")
            return
        if decision is not None or changes or undo:
            raise ReviewError("of which statement? give its ID, as `kg review` lists it")
        if gold is not None:
            records = list(made.gold())
            with written(gold) as file:
                file.writelines(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)
            remark(f"{len(records)} records of {len({record['doc'] for record in records})} documents in {gold}")
            return
        if decided:
            say("\n".join(_line(one) for one in made.made) or "nothing was decided yet")
            return
        pairs = [(pair.rules, pair.model) for pair in disputes(graph)]
    still = [pair for pair in pairs if not _settled(pair, made)]
    for pair in still:
        say(
            "\n".join(f"{name} {one.id}: {one.stance}\n{described(one)}" for name, one in zip(("rules", "model"), pair, strict=True)) + "\n"
        )
    say(f"{len(still)} of {len(pairs)} disputes are open, {len(made.made)} statements were decided on")


def _file(store: str, reviews: Path | None) -> Path:
    """Return the file of decisions; ReviewError where there is none."""
    from kg.graph.database import address_of

    if reviews is None and address_of(store):
        raise ReviewError(f"{store}: a remote store has no folder for decisions; name their file with --reviews FILE")
    return reviews or Path(store) / REVIEWS


def _review(statement: StatementRecord, decision: Decision | None, changes: Sequence[str], note: str) -> Review:
    """Return what is decided of a statement; ReviewError where it is no decision."""
    if decision is None:
        raise ReviewError(f"{statement.id}: decide {', '.join(Decision)}, or take a decision back with --undo")
    if (decision is Decision.CORRECT) != bool(changes):
        raise ReviewError("a correction says how fields should read, and nothing else does; give correct --set FIELD=VALUE")
    record = {"doc": statement.document_name, **{name: getattr(statement, name) for name in RECORD[1:]}}
    review = Review(statement.id, decision, record, None, date.today().isoformat(), note)
    return replace(review, corrected=corrected(record, _pairs(changes))) if changes else review


def _pairs(changes: Sequence[str]) -> Mapping[str, str]:
    pairs = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise ReviewError(f"{change!r} is no FIELD=VALUE; give one like stance=plans")
        pairs[name] = value
    return pairs


def _settled(pair: tuple[StatementRecord, StatementRecord], reviews: Reviews) -> bool:
    decisions = [found and found.decision for found in (reviews.of(one.id) for one in pair)]
    return any(one in (Decision.ACCEPT, Decision.CORRECT) for one in decisions) or all(one is Decision.REJECT for one in decisions)


def _line(review: Review) -> str:
    record = review.gold or review.record
    claim = " ".join(str(record[name]) for name in ("subject", "stance", "predicate", "object") if record[name])
    return "  ".join(filter(None, (review.date, review.statement, review.decision, claim, f"“{record['quote']}”", review.note)))
