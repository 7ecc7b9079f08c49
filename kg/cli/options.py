"""The options that several verbs share, and the closed lists of what they take."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Ner(StrEnum):
    """What finds names that no lexicon holds."""

    LAC = "lac"
    NONE = "none"


class ReaderChoice(StrEnum):
    """What reads statements out of documents: the rules and what they learned, a chat model of the user's, or both."""

    RULES = "rules"
    LLM = "llm"
    BOTH = "both"


class Engine(StrEnum):
    """What carries a build out."""

    LOCAL = "local"
    SPARK = "spark"


class TableFormat(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class ExportFormat(StrEnum):
    """What a graph is written as; `csv` has a row a statement, `csv-nodes` and `csv-edges` are for Gephi's import."""

    GEXF = "gexf"
    GRAPHML = "graphml"
    TTL = "ttl"
    NQ = "nq"
    JSONLD = "jsonld"
    CSV = "csv"
    CSV_NODES = "csv-nodes"
    CSV_EDGES = "csv-edges"
    TRIG = "trig"
    NT = "nt"


Paths = Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, folders, or - for standard input.", show_default=False)]
EngineChoice = Annotated[Engine, typer.Option("--engine", help="Processes of this machine, or Apache Spark: see docs/scale.md.")]
Master = Annotated[str, typer.Option("--master", metavar="URL", envvar="KG_SPARK_MASTER", help="Where Spark runs.")]
Date = Annotated[str | None, typer.Option(metavar="ISO", help="When it was published: 2021, 2021-09 or 2021-09-24.")]
Title = Annotated[str | None, typer.Option(help="Its title.")]
Publisher = Annotated[str | None, typer.Option(help="Who published it.")]
Author = Annotated[str | None, typer.Option(help="Who wrote it.")]
Index = Annotated[
    Path | None,
    typer.Option(metavar="TSV", help="Dates and publishers of documents by name; else the index.tsv beside them.", show_default=False),
]
NerChoice = Annotated[Ner, typer.Option("--ner", help="What finds names that are in no lexicon.")]
ReaderOption = Annotated[
    ReaderChoice, typer.Option("--reader", help="What reads: the rules, a chat model (KG_LLM_URL, KG_LLM_MODEL), or both.")
]
MaxTokens = Annotated[
    int | None, typer.Option("--max-tokens", min=1, metavar="N", help="Ask a model only as long as N tokens cover it.", show_default=False)
]
MaxCost = Annotated[
    float | None,
    typer.Option(
        "--max-cost", min=0, metavar="X", help="Ask a model only as long as this covers it, at KG_LLM_PRICES.", show_default=False
    ),
]
LexiconFile = Annotated[Path | None, typer.Option("--lexicon", metavar="TSV", help="More names, as a table like data/lexicon/names.tsv.")]
JudgementsFile = Annotated[
    Path | None,
    typer.Option(
        "--judgements",
        metavar="TSV",
        envvar="KG_JUDGEMENTS",
        help="Which names are one entity and which are not; else the judgements.tsv in the store's directory.",
        show_default=False,
    ),
]
ReviewsFile = Annotated[
    Path | None,
    typer.Option(
        "--reviews",
        metavar="FILE",
        envvar="KG_REVIEWS",
        help="What was decided of statements; else the reviews.jsonl in the store's directory.",
        show_default=False,
    ),
]
StoreDirectory = Annotated[
    str,
    typer.Option(
        "--store", metavar="STORE", envvar="KG_STORE", help="The store's directory, or a remote store's address.", show_default=False
    ),
]
Format = Annotated[TableFormat, typer.Option("--format", help="How to print.")]
