"""The API's description made complete: every parameter with what it means and a value to try, every problem in its own media type."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from fastapi import FastAPI

from api.errors import PROBLEM_MEDIA
from api.settings import Settings

_Described = dict[str, Any]
_GRAPH: Final = "https://w3id.org/corporate-statement-kg/graph/00f2b0f3a1c4d5e6"

# A value to try, and what is meant, where the parameter itself does not say so; by its name.
_TRIED: Final[Mapping[str, tuple[Any, str]]] = {
    "author": ("王晓宇", "Who wrote it"),
    "callback": ("显示", "The function of JSONP to wrap the answer in"),
    "cursor": ("WyLljY7kuLoiXQ", "Where to go on"),
    "date": ("2021-09-24", "When it was published"),
    "default": ("", "The default graph"),
    "default-graph-uri": ([_GRAPH], "A graph to ask of"),
    "extend": ('{"ids": ["华为"], "properties": [{"id": "owns"}]}', "Which properties of which entities, as JSON"),
    "graph": (_GRAPH, "The IRI of a graph"),
    "id": ("华为", "The id of an entity"),
    "identifier": ("00f2b0f3a1c4d5e6", "Its id"),
    "key": ("华为", "The last part of the IRI"),
    "Last-Event-ID": ("3", "The last event that was seen"),
    "limit": (20, "How many"),
    "name": ("who-denied-what", "The name of a question"),
    "named-graph-uri": ([_GRAPH], "A graph that GRAPH may name"),
    "path": ("graph/00f2b0f3a1c4d5e6", "The last part of the graph's IRI"),
    "publisher": ("上海证券交易所", "Who published it"),
    "queries": ('{"q0": {"query": "华为云"}}', "Several queries, as JSON"),
    "source": ("https://example.org/公告.html", "Where it was read"),
    "title": ("华为轮值董事长徐直军答记者问", "Its headline"),
    "url": ("https://example.org/公告.html", "Where it was read"),
    "using-graph-uri": ([_GRAPH], "A graph for WHERE to ask of"),
    "using-named-graph-uri": ([_GRAPH], "A graph that GRAPH may name in WHERE"),
}


def complete(app: FastAPI) -> None:
    """Complete the description of an app whose routes are all there."""
    described = app.openapi()
    described["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "The token of KG_WRITE_TOKEN"}
    }
    for operation in operations(described):
        (problem,) = operation["responses"]["default"]["content"].values()  # FastAPI gives every model the media type of the answer
        operation["responses"]["default"]["content"] = {PROBLEM_MEDIA: problem}
        operation.setdefault("description", f"{operation['summary']}.")
        for parameter in operation.get("parameters", ()):
            _explain(parameter)


def operations(described: _Described) -> Iterator[_Described]:
    """Yield the operations of a description."""
    for methods in described["paths"].values():
        yield from methods.values()


def limits(settings: Settings) -> str:
    """Return the limits that the settings set, in one sentence each, for the description of the API."""
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return " ".join(text.format(**values) for text in _LIMITS)


_LIMITS: Final = (
    "Limits: an address has at most {url_bytes} bytes, a body {body_bytes}, a document {upload_bytes} and {upload_characters} characters.",
    "A page of a list has {page_size} items unless asked otherwise, and never more than {page_limit}.",
    "A query has at most {query_length} characters and takes {query_seconds:g} seconds, of {query_workers} at once;",
    "its answer is cut after {query_rows} rows or {query_bytes} bytes, and says so in the header `KG-Truncated` and at its end.",
    "A client has {client_seconds:g} seconds of query time in any {client_window:g}; past that it is told when to ask again (429).",
)


def _explain(parameter: _Described) -> None:
    """Give a parameter a meaning and a value to try, where it has none."""
    schema = parameter.setdefault("schema", {})
    value, meaning = _TRIED.get(parameter["name"], (None, None))
    if meaning is not None:
        parameter.setdefault("description", meaning)
    if value is not None and not {"example", "examples"} & {*parameter, *schema}:
        parameter["example"] = value
