# ruff: noqa: PLC0415 - heavy parts load inside their verb, so that `kg --help` answers at once
"""Verbs on a whole store: export, validate, verify, withdraw, backup, restore, serve."""

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import ExportFormat, StoreDirectory, TableFormat
from kg.cli.output import note, rendered, say, written
from kg.errors import QueryError
from kg.graph.records import StatementRecord
from kg.graph.selection import Projection, Selection
from kg.model import Predicate, Stance

Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; else standard output.", show_default=False)]


def export(
    store: StoreDirectory,
    form: Annotated[ExportFormat, typer.Option("--format", help="What to write.")] = ExportFormat.GEXF,
    output: Output = None,
    *,
    projection: Annotated[Projection, typer.Option(help="What the nodes of a network are.")] = Projection.ENTITIES,
    stance: Annotated[list[Stance] | None, typer.Option(help="Only statements in this stance; may be given again.")] = None,
    predicate: Annotated[list[Predicate] | None, typer.Option(help="Only statements of this relation; may be given again.")] = None,
    since: Annotated[str | None, typer.Option(metavar="ISO", help="Only what was said on that day, month or year, or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="ISO", help="Only what was said until then.")] = None,
    ego: Annotated[str | None, typer.Option(metavar="NAME", help="Only an entity and what is around it.")] = None,
    depth: Annotated[int, typer.Option(min=1, metavar="N", help="How many edges around it.")] = 1,
    min_weight: Annotated[float, typer.Option(min=0, metavar="N", help="Only edges from so many independent sources.")] = 0,
) -> None:
    """Write the graph to a file.

    GEXF, GraphML, csv-nodes and csv-edges are networks for Gephi: of entities (what is said between two of them), of entities and
    propositions (measures and claims too), of speakers and what they say, or of entities that are named together. csv is a table of all
    statements for a spreadsheet; the others are RDF.

    \b
    Examples:
      kg export --store graph --format gexf -o graph.gexf
      kg export --store graph --projection propositions --ego 华为 --depth 2 --stance denies -o denied.gexf
    """
    from kg.cli.judging import entity
    from kg.graph.network import build_network, write_edge_csv, write_gexf, write_graphml, write_node_csv
    from kg.graph.store import Store

    writers = {
        ExportFormat.GEXF: write_gexf,
        ExportFormat.GRAPHML: write_graphml,
        ExportFormat.CSV_NODES: write_node_csv,
        ExportFormat.CSV_EDGES: write_edge_csv,
    }
    selection = Selection(
        projection, frozenset(stance or ()), frozenset(predicate or ()), since, until, ego, depth=depth, least_weight=min_weight
    )
    if form not in writers and selection != Selection():
        raise QueryError(f"{form}: is always of everything; a part of the graph can be written as {', '.join(writers)}")
    with Store.open(store, read_only=True) as graph, written(output) as file:
        if form in writers:
            if ego is not None:
                selection = replace(selection, ego=entity(graph, ego))
            writers[form](build_network(graph.entities(), graph.statements(), selection), file)
        elif form is ExportFormat.CSV:
            columns = [field.name for field in fields(StatementRecord)]
            rows = [[getattr(statement, column) for column in columns] for statement in graph.statements()]
            file.write((rendered(columns, rows, TableFormat.CSV) + "\n").encode("utf-8-sig"))  # or spreadsheets take it for Latin
        else:
            file.write(graph.export(form))


def validate(store: StoreDirectory) -> None:
    """Check the graph against its shapes.

    Prints what is wrong in plain words, and then has exit status 1.

    \b
    Example:
      kg validate --store graph
    """
    from kg.graph.store import Store
    from kg.graph.validate import validate as findings_in

    with Store.open(store, read_only=True) as graph:
        findings = findings_in(graph.export("nq"))
    for finding in findings:
        say(f"{finding.node}: {finding.message}")
    if findings:
        note(f"{len(findings)} findings")
        raise typer.Exit(1)
    say("valid: the graph keeps every shape")


def verify(store: StoreDirectory) -> None:
    """Check every quote against its source.

    A quote has to stand at its offsets in the stored text, character for character; where one does not, the exit status is 1.

    \b
    Example:
      kg verify --store graph
    """
    from kg.graph.store import Store

    with Store.open(store, read_only=True) as graph:
        findings = graph.verify()
        statements = graph.summary().statements
    for finding in findings:
        say(f"{finding.node}: {finding.message}")
    if findings:
        note(f"{len(findings)} of {statements} quotes do not stand in their source")
        raise typer.Exit(1)
    say(f"verified: {statements} quotes stand in their sources")


def withdraw(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's name or id.", show_default=False)],
    store: StoreDirectory,
) -> None:
    """Take a document out of the store, with all it said.

    \b
    Example:
      kg withdraw lushan_clarification_notice --store graph
    """
    from kg.graph.keeping import keep_ledger
    from kg.graph.store import Store

    with Store.open(store) as graph:
        statements = graph.withdraw(document)
        keep_ledger(graph)
    say(f"withdrawn: {document} with {statements} statements")


def backup(
    store: Annotated[str, typer.Argument(metavar="STORE", help="A store's directory, or a remote store's address.", show_default=False)],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; there must be nothing yet.", show_default=False)],
) -> None:
    """Write a store into one file.

    The file is compressed N-Quads under a line with their number and SHA-256, whole or not there at all. The same store gives the
    same bytes.

    \b
    Example:
      kg backup graph graph-2024-05-06.nq.gz
    """
    from kg.errors import StoreError
    from kg.graph.backup import backup as write
    from kg.graph.store import Store

    if file.exists():
        raise StoreError(f"{file}: there is something already, which is not overwritten; name a new file")
    with Store.open(store, read_only=True) as graph, written(file) as output:
        quads = write(graph, output)
    say(f"backed up: {quads} quads of {store} in {file}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `kg backup` made.", show_default=False)],
    store: Annotated[str, typer.Argument(metavar="STORE", help="A new directory, or an empty remote store.", show_default=False)],
) -> None:
    """Make a store of a backup.

    What is there already is never overwritten. Its exports are the same bytes as those of the store that was backed up.

    \b
    Example:
      kg restore graph-2024-05-06.nq.gz graph
    """
    from kg.graph.backup import restore as read

    say(f"restored: {read(file, store)} quads in {store}")


def serve(
    store: StoreDirectory,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    *,
    query_workers: Annotated[int | None, typer.Option(min=1, help="How many queries run at once; else 2.", show_default=False)] = None,
    query_seconds: Annotated[float | None, typer.Option(min=0.1, help="How long each may take; else 10.", show_default=False)] = None,
    query_rows: Annotated[int | None, typer.Option(min=1, help="How many rows each may find; else a million.", show_default=False)] = None,
    client_seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Query time that one client may take in a minute; else 60.", show_default=False)
    ] = None,
) -> None:
    """Serve a store over HTTP.

    REST, SPARQL and exports; /docs describes them. Where the environment has KG_WRITE_TOKEN, whoever sends that token may write:
    the token itself, or `sha256:` and its digest in hexadecimal. Without it the server only reads.

    \b
    Examples:
      kg serve --store graph --port 8000
      KG_WRITE_TOKEN=$(openssl rand -hex 32) kg serve --store graph
      kg serve --store http://127.0.0.1:7878/query
    """
    from api.server import serve as run
    from kg.graph.store import Store

    token = os.environ.pop("KG_WRITE_TOKEN", None) or None  # popped: no process that is started here inherits it
    if token is None:  # a server that writes makes the ledger itself
        with Store.open(store, read_only=True) as graph:
            if graph.ledger.state != graph.ledger_state():
                note(f"kg: the ledger of {store} is older than what it holds; make it again with `kg ledger --store {store}`")
    limits = {"query_workers": query_workers, "query_seconds": query_seconds, "query_rows": query_rows, "client_seconds": client_seconds}
    run(store, host, port, token, **limits)
