# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""Verbs that judge names: same, different. Judgements lie in a file of their own, and can be taken back."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import Format, JudgementsFile, StoreDirectory, TableFormat
from kg.cli.output import rendered, say, written
from kg.errors import JudgementError
from kg.judgements import Verdict, judgement, read_judgements
from kg.judgements import written as as_file

JUDGEMENTS = "judgements.tsv"

Undo = Annotated[bool, typer.Option("--undo", help="Take the judgement back.")]
Note = Annotated[str, typer.Option(help="Why, in a few words.")]


def judgements_of(store: str, judgements: Path | None) -> Path | None:
    """Return the file of judgements: the one named, else the one in the store's directory; None where the store has no directory."""
    from kg.graph.database import address_of

    return judgements or (None if address_of(store) else Path(store) / JUDGEMENTS)


def _file(store: str, judgements: Path | None) -> Path:
    """Return the file of judgements; JudgementError where there is none."""
    path = judgements_of(store, judgements)
    if path is None:
        raise JudgementError(f"{store}: a remote store has no folder for judgements; name their file with --judgements FILE")
    return path


def same(
    store: StoreDirectory,
    first: Annotated[str | None, typer.Argument(metavar="NAME", help="The name to go by.", show_default=False)] = None,
    second: Annotated[str | None, typer.Argument(metavar="OTHER", help="Another name of the same entity.", show_default=False)] = None,
    *,
    judgements: JudgementsFile = None,
    note: Note = "",
    undo: Undo = False,
    form: Format = TableFormat.TABLE,
) -> None:
    """Judge two names to be one entity.

    What is asked and shown then knows one, by the first name. Without names, it lists pairs that may be one entity and that
    nobody has judged.

    \b
    Examples:
      kg same --store graph
      kg same 阿里巴巴 阿里 --store graph --note 'its short name'
      kg same 阿里巴巴 阿里 --store graph --undo
    """
    if first is not None:
        _judge(Verdict.SAME, (first, second), _file(store, judgements), store, note=note, undo=undo)
        return
    from kg.cli.proposals import proposals
    from kg.graph.store import Store

    judged = read_judgements(_file(store, judgements))
    with Store.open(store, read_only=True) as graph:
        pairs = proposals(graph.entities(), judged)
    say(rendered(["name", "other", "because"], [[pair.first, pair.second, pair.reason] for pair in pairs], form))


def different(
    first: Annotated[str, typer.Argument(metavar="NAME", help="A name.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="OTHER", help="A name of something else.", show_default=False)],
    store: StoreDirectory,
    *,
    judgements: JudgementsFile = None,
    note: Note = "",
    undo: Undo = False,
) -> None:
    """Judge two names to be two entities.

    They are never proposed as one again.

    \b
    Example:
      kg different 海尔电器 海尔电器集团 --store graph
    """
    _judge(Verdict.DIFFERENT, (first, second), _file(store, judgements), store, note=note, undo=undo)


def _judge(verdict: Verdict, names: tuple[str, str | None], path: Path, store: str, *, note: str, undo: bool) -> None:
    """Write a judgement into the file, or take it out, and let the store follow; nothing is written that contradicts another."""
    from kg.cli.judging import apply, entity
    from kg.graph.store import Store

    first, second = names
    if second is None:
        raise JudgementError(f"{first}: the same as what? give two names, or none to see which may be one entity")
    before = read_judgements(path)
    with Store.open(store, read_only=True) as graph:
        known = (first, second) if undo else (entity(graph, first), entity(graph, second))
    if known[0] == known[1] and first != second:
        raise JudgementError(f"{first} and {second} are one entity of the documents already, {known[0]}; a judgement is about two")
    asked = judgement(verdict, known, date.today().isoformat(), note)
    after = before.without(verdict, asked.first, asked.second) if undo else before.with_one(asked)
    with Store.open(store) as graph, written(path) as file:
        apply(graph, after)
        file.write(as_file(after).encode())
    verb = "undone" if undo else "judged already" if after == before else "judged"
    say(f"{verb}: {asked.first} and {asked.second} are {'one' if verdict is Verdict.SAME else 'two'}")
