# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""Verbs that ask the ledger: links, promises, answers, trace; and ledger, which makes it again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Annotated, Any

import typer

from kg.cli.options import Format, StoreDirectory, TableFormat
from kg.cli.output import note, rendered, say
from kg.cli.query import described
from kg.errors import QueryError
from kg.graph.records import ExchangeRecord, LinkRecord, LinkType, PromiseRecord, StatementRecord, Status
from kg.model import Taking

About = Annotated[str | None, typer.Option("--about", metavar="NAME", help="Only what is about that entity, or by it.", show_default=False)]
Limit = Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first so many.", show_default=False)]
Since = Annotated[str | None, typer.Option("--since", metavar="ISO", help="From that day, month or year on.", show_default=False)]
Until = Annotated[str | None, typer.Option("--until", metavar="ISO", help="Until then.", show_default=False)]


@contextmanager
def _kept(store: str) -> Iterator[Any]:
    """Open a store for reading; say where its ledger is out of date."""
    from kg.graph.store import Store

    with Store.open(store, read_only=True) as graph:
        if graph.ledger.state != graph.ledger_state():
            note(f"kg: the ledger of {store} is older than what it holds; make it again with `kg ledger --store {store}`")
        yield graph


def _entity(graph: Any, name: str | None) -> str | None:
    from kg.cli.judging import entity

    return None if name is None else entity(graph, name)


def _day(iso: str | None, end: int) -> str | None:
    """Return the first (0) or the last (1) day of a date; QueryError where it is none."""
    from kg.errors import ExtractionError
    from kg.graph.periods import bounds

    try:
        return None if iso is None else bounds(iso)[end].isoformat()
    except ExtractionError as error:
        raise QueryError(str(error)) from error


def ledger(store: StoreDirectory) -> None:
    """Compare all statements of a store, and write down what follows.

    `kg build` and whatever else changes a store does so at its end; this is for a store that something else has changed.

    \b
    Example:
      kg ledger --store graph
    """
    from kg.graph.keeping import keep_ledger
    from kg.graph.store import Store

    with Store.open(store) as graph:
        made = keep_ledger(graph)
        links, promises, exchanges = graph.ledger.compared.counts()
    counted = ", ".join(f"{name} {count}" for name, count in links.items()) or "none"
    say(f"{'made again' if made else 'up to date'}: links {counted}; {promises} promises; {exchanges} questions")


def links(
    store: StoreDirectory,
    *,
    kind: Annotated[LinkType | None, typer.Option("--type", help="Only links of this type.", show_default=False)] = None,
    about: About = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    form: Format = TableFormat.TABLE,
) -> None:
    """Show how statements bear on each other: denied rumours, reversals, conflicts, updates.

    The newest first, each with both quotes.

    \b
    Examples:
      kg links --type deniesRumour --store graph
      kg links --about 华为 --since 2021 --store graph
    """
    with _kept(store) as graph:
        found = graph.ledger.links(
            (), limit or _ALL, type=kind, about=_entity(graph, about), since=_day(since, 0), until=_day(until, 1)
        ).items
    _print(found, form, _link)


def promises(
    store: StoreDirectory,
    *,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="ISO", help="How they stood on that day; else today.")] = None,
    status: Annotated[Status | None, typer.Option("--status", help="Only those that stand so.", show_default=False)] = None,
    about: About = None,
    due_since: Annotated[str | None, typer.Option("--due-since", metavar="ISO", help="Only those due from then on.")] = None,
    due_until: Annotated[str | None, typer.Option("--due-until", metavar="ISO", help="Only those due until then.")] = None,
    limit: Limit = None,
    form: Format = TableFormat.TABLE,
) -> None:
    """Show what was promised by when, and what came of it.

    Those due first come first. What nothing decides stays open, or due once its day has passed.

    \b
    Examples:
      kg promises --status due --as-of 2023-01-01 --store graph
      kg promises --about 华为 --due-until 2022 --store graph
    """
    day = _day(as_of, 1) or date.today().isoformat()
    with _kept(store) as graph:
        found = graph.ledger.promises(
            (),
            limit or _ALL,
            as_of=day,
            status=status,
            about=_entity(graph, about),
            due_since=_day(due_since, 0),
            due_until=_day(due_until, 1),
        ).items
    _print(found, form, _promise)


def answers(
    store: StoreDirectory,
    *,
    outcome: Annotated[Taking | None, typer.Option("--outcome", help="Only answers that take the question so.", show_default=False)] = None,
    speaker: Annotated[str | None, typer.Option("--speaker", metavar="NAME", help="Only answers of theirs.", show_default=False)] = None,
    document: Annotated[str | None, typer.Option("--document", metavar="NAME", help="Only in that document.", show_default=False)] = None,
    limit: Limit = None,
    form: Format = TableFormat.TABLE,
) -> None:
    """Show what was asked, and whether the answer accepts, rejects or evades it.

    \b
    Example:
      kg answers --outcome evades --store graph
    """
    with _kept(store) as graph:
        within = None if document is None else graph.document(document).id
        found = graph.ledger.exchanges((), limit or _ALL, outcome=outcome, answerer=speaker, document=within).items
    _print(found, form, _exchange)


def trace(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A proposition's id, or a statement's.", show_default=False)],
    store: StoreDirectory,
) -> None:
    """Show the life of a claim: every statement about it in the order of time.

    Who said it first, how many independent sources it has, and through whom each statement comes.

    \b
    Example:
      kg trace 7f3a9c1d2b4e5f60 --store graph
    """
    with _kept(store) as graph:
        known = graph.statements(proposition=identifier)
        proposition = identifier if known else graph.statement(identifier).proposition
        statements = sorted(known or graph.statements(proposition=proposition), key=_in_time)
        sources = graph.ledger.sources(proposition)
        bearing = graph.ledger.bearing([statement.id for statement in statements])
        chains = {statement.id: graph.ledger.attribution(statement.id) for statement in statements}
    first = statements[0]
    say(" ".join(filter(None, (first.subject, first.predicate, first.object))))
    say(f"  {len(statements)} statements, {sources.independent} independent sources; proposition {proposition}")
    for statement in statements:
        chain = chains[statement.id]
        voices = " ← ".join(filter(None, (chain.publisher, chain.author, chain.speaker, chain.role, chain.organisation)))
        marks = ["said first"] if statement.id == sources.first else []
        marks += [f"a copy of {chain.copy_of}"] if chain.copy_of else []
        say(f"\n{statement.stance}{f' ({marks[0]})' if marks else ''}")
        say(described(statement))
        say(f"    heard through {voices or 'the document alone'}; depth {chain.depth}")
        for link in bearing:
            if link.later.id == statement.id:
                say(f"    {link.type} {link.earlier.said_on or 'undated'} “{link.earlier.quote}”")
    for related in sources.related:
        say(f"\nrelated: proposition {related}")


_ALL = 1_000_000_000


def _in_time(statement: StatementRecord) -> tuple[bool, str, str, int]:
    return statement.said_on is None, statement.said_on or "", statement.document_name, statement.start


def _print(found: list[Any], form: TableFormat, text: Any) -> None:
    """Print records: as text, as JSON, or as a table of their plain fields as CSV."""
    if form is TableFormat.TABLE:
        say("\n\n".join(map(text, found)) or "nothing found")
    elif form is TableFormat.JSON:
        say(json.dumps([asdict(record) for record in found], ensure_ascii=False, indent=1))
    else:
        rows = [_flat(asdict(record)) for record in found]
        columns = list(dict.fromkeys(column for row in rows for column in row))
        say(rendered(columns, [[row.get(column) for column in columns] for row in rows], form))


def _flat(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the fields of a record with those of the records in it (`later.quote`); of several records, their ids."""
    row: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            row |= _flat(value, f"{prefix}{name}.")
        elif isinstance(value, tuple | list):
            row[prefix + name] = " ".join(str(one["id"]) for one in value)
        else:
            row[prefix + name] = value
    return row


def _link(link: LinkRecord) -> str:
    covered = f", by “{link.quantifier}”" if link.quantifier else ""
    return f"{link.type} ({link.basis}{covered})\n{described(link.later)}\n  of\n{described(link.earlier)}"


def _promise(promise: PromiseRecord) -> str:
    target = "".join(filter(None, (promise.comparator, promise.value, promise.unit)))
    due = f"due {promise.due}" if promise.due else "no date"
    head = ", ".join(filter(None, (promise.status, due, target, promise.commitment, promise.party)))
    lines = [head, described(promise.statement)]
    for reading in islice(promise.progress, 3):
        lines += ["  read later", described(reading)]
    if promise.decided is not None:
        lines += ["  decided by", described(promise.decided)]
    return "\n".join(lines)


def _exchange(exchange: ExchangeRecord) -> str:
    who = exchange.answerer or "nobody named"
    question = f"  {exchange.asker or 'question'}: “{exchange.question}”\n" if exchange.question else ""
    return f"{exchange.outcome}, {who}, {exchange.document_name} {exchange.said_on or ''}\n{question}  {who}: “{exchange.answer}”"
