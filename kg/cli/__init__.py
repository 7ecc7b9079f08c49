"""The command line: a verb a function; a user's mistake is one line on standard error and exit status 2."""

import io
import os
import signal
import sys

import typer

from kg.cli.build import build
from kg.cli.diff import diff
from kg.cli.distil import distil
from kg.cli.evaluate import evaluate
from kg.cli.extract import explain, extract
from kg.cli.graph import backup, export, restore, serve, validate, verify, withdraw
from kg.cli.judge import different, same
from kg.cli.ledger import answers, ledger, links, promises, trace
from kg.cli.load import load
from kg.cli.plot import plot
from kg.cli.query import ask, find, show
from kg.cli.review import review
from kg.cli.speed import speed
from kg.cli.train import train
from kg.errors import KgError

app = typer.Typer(
    help="Read Chinese corporate statements into a graph: who said what, about what, when, in which words.",
    epilog="Example: kg build --store graph data/samples",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for _verb in (
    extract,
    explain,
    build,
    withdraw,
    ask,
    show,
    find,
    links,
    promises,
    answers,
    trace,
    same,
    different,
    review,
    export,
    plot,
    ledger,
    validate,
    verify,
    backup,
    restore,
    load,
    serve,
    train,
):
    app.command()(_verb)
app.command()(distil)
app.command()(speed)
app.command()(diff)
app.command("eval")(evaluate)


_INTERRUPTED = 128 + signal.SIGINT


def main() -> None:
    """Run the verb that the arguments name."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processes are what shares out work; and sums come out the same everywhere
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # what goes in and out is UTF-8, whatever the locale
    try:
        status = app(sys.argv[1:] or ["--help"], prog_name="kg", standalone_mode=False)
        sys.stdout.flush()
        if status == _INTERRUPTED:
            sys.stderr.write("kg: interrupted; nothing that was stored is lost, and the same command goes on\n")
    except typer.TyperException as error:
        sys.exit(_refuse(error.format_message()))
    except KgError as error:
        sys.exit(_refuse(str(error)))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to complain at exit
        sys.exit(1)
    sys.exit(status)


def _refuse(message: str) -> int:
    sys.stderr.write(f"kg: {' '.join(message.split())}\n")
    return 2
