# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""Verbs that ask a store something: ask, show, find."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import Format, StoreDirectory, TableFormat
from kg.cli.output import rendered, say, written
from kg.errors import QueryError, ReadError
from kg.graph.records import EntityRecord, Relation, StatementRecord
from kg.model import Stance


def _list_questions(wanted: bool) -> None:
    if wanted:
        from kg.graph.questions import questions

        for question in questions().values():
            say(" ".join([question.name, *(f"[{name}=…]" for name in question.parameters)]))
            say(f"    {question.meaning}\n    {question.meaning_zh}")
        raise typer.Exit


def ask(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="SPARQL, a file, a question's name, or - for standard input.", show_default=False)
    ],
    store: StoreDirectory,
    given: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE", help="What a question is to be about.", show_default=False)
    ] = None,
    form: Format = TableFormat.TABLE,
    _listed: Annotated[bool, typer.Option("--list", is_eager=True, callback=_list_questions, help="Print the questions.")] = False,
) -> None:
    """Ask the graph in SPARQL.

    The questions that come with the ontology go by their names. A table shortens IRIs to their last part; CSV and JSON are
    the formats of the SPARQL standard and keep them whole. What CONSTRUCT and DESCRIBE find is printed as N-Triples.

    \b
    Examples:
      kg ask who-denied-what about=华为 --store graph
      kg ask 'SELECT ?who ?what WHERE { ?who kg:denies ?what }' --store graph --format csv
    """
    import pyoxigraph as ox

    from kg.graph.iris import unsegment
    from kg.graph.questions import questions
    from kg.graph.store import Store

    def cell(term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple | None) -> str | None:
        if isinstance(term, ox.NamedNode):
            return unsegment(term.value.rpartition("#" if "#" in term.value else "/")[2])
        return term.value if isinstance(term, ox.Literal) else None if term is None else str(term)

    values = dict(map(_pair, given or ()))
    sparql = None if query in questions() else _sparql(query, questions())
    if sparql is not None and values:
        raise QueryError(f"{', '.join(values)}: only a question by name takes values; write them into the query")
    with Store.open(store, read_only=True) as graph:
        answer = graph.ask(query, **values) if sparql is None else graph.query(sparql)
        if isinstance(answer, ox.QueryBoolean):
            say(rendered(["answer"], [["true" if answer else "false"]], form))
        elif isinstance(answer, ox.QueryTriples):
            with written(None) as file:
                answer.serialize(file, format=ox.RdfFormat.N_TRIPLES)
        elif form is TableFormat.TABLE:
            columns = [variable.value for variable in answer.variables]
            say(rendered(columns, [[cell(term) for term in solution] for solution in answer], form))
        else:
            results = ox.QueryResultsFormat.CSV if form is TableFormat.CSV else ox.QueryResultsFormat.JSON
            with written(None) as file:
                answer.serialize(file, format=results)


def _pair(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not value:
        raise QueryError(f"{given!r} is no NAME=VALUE; a question and what it is about, as kg ask --list shows")
    return name, value


def _sparql(query: str, questions: Iterable[str]) -> str:
    """Return the query that the argument holds or names; QueryError if it does neither."""
    if query == "-":
        return sys.stdin.read()
    if any(char in query for char in "{\n"):
        return query
    path = Path(query)
    if not path.is_file():
        raise QueryError(f"{query!r} is neither SPARQL nor a file nor a question; there are: {', '.join(questions)}")
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot be read ({error}); give SPARQL in UTF-8") from error


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An entity, by any of its names.", show_default=False)],
    store: StoreDirectory,
) -> None:
    """Show what was said about an entity, or by it.

    Its statements are grouped by stance, the newest first, each with its words.

    \b
    Example:
      kg show 华为 --store graph
    """
    from kg.graph.store import Store

    with Store.open(store, read_only=True) as graph:
        entity = graph.entity(name)
        if entity is None:
            near = "、".join(record.name for record in graph.search(name, limit=5))
            raise QueryError(f"{name!r} is no entity of {store}; " + (f"near it are {near}" if near else "nothing is like it"))
        relations = graph.relations(entity.name)
        statements = graph.statements(entity=entity.name)
    say("\n".join(_portrait(entity, relations)))
    for stance in Stance:
        group = [statement for statement in statements if statement.stance is stance]
        if group:
            say(f"\n{stance} ({len(group)})")
            say("\n".join(map(described, group)))


def find(
    words: Annotated[list[str], typer.Argument(metavar="WORD…", help="Words that a quote holds, all of them.", show_default=False)],
    store: StoreDirectory,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first so many.", show_default=False)] = None,
) -> None:
    """Find statements by words of their quotes, the newest first.

    Simplified and traditional characters, widths and capitals count as one.

    \b
    Example:
      kg find 手机 出售 --store graph
    """
    from kg.graph.store import Store

    with Store.open(store, read_only=True) as graph:
        statements = graph.statements(words=" ".join(words), limit=limit)
    if statements:
        say("\n".join(map(described, statements)))


def _portrait(entity: EntityRecord, relations: Sequence[Relation]) -> list[str]:
    lines = [f"{entity.name} ({', '.join(entity.kinds)})"]
    if entity.aliases:
        lines.append(f"  also called {'、'.join(entity.aliases)}")
    if entity.first:
        lines.append(f"  spoken of from {entity.first} to {entity.last}")
    lines.extend(f"  {relation.subject} {relation.predicate} {relation.object}" for relation in relations)
    return lines


def described(statement: StatementRecord) -> str:
    """Return a statement in three lines: what is claimed, the words, and who said it where.

    A field that the statement lacks is left out.
    """
    amount = "".join(filter(None, (statement.value, statement.unit)))
    claim = " ".join(filter(None, (statement.subject, statement.predicate, statement.object, amount)))
    times = [f"{label} {time}" for label, time in (("when", statement.when), ("due", statement.due)) if time]
    source = [statement.speaker, statement.on_behalf_of and f"for {statement.on_behalf_of}", statement.document_name]
    return "\n".join(
        [
            f"  {statement.said_on or 'undated'}  {'; '.join([claim, *times])}",
            f"    “{statement.quote}”",
            f"    {', '.join(filter(None, source))}",
        ]
    )
