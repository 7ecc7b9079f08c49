"""The W3C Entity Reconciliation API 0.2 at /reconcile, so that OpenRefine and others match their tables with the entities here."""

import html
import time
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from api.deps import PagesDep, SettingsDep, StoreDep
from api.errors import BadRequest, BodyTooLarge, NotFound, UnsupportedMedia
from api.reconciliation.candidates import Reconciler, described, in_time
from api.reconciliation.exchange import ELSEWHERE, limit_of, read, sent
from api.reconciliation.labels import kind_type, kinds_of
from api.reconciliation.manifest import BATCH, manifest
from api.reconciliation.messages import Extended, Extension, Flyout, Proposals, Queries, Result, Suggestion, Suggestions
from api.reconciliation.properties import Asked, properties
from api.reconciliation.scoring import OTHER_FEATURES, WEIGHTS, compared
from api.routes.lists import Responses
from kg.graph.records import EntityRecord
from kg.graph.store import Store
from kg.model import Kind

router = APIRouter(prefix="/reconcile", tags=["reconciliation"])
Callback = Annotated[str | None, Query(description="A function that the answer is wrapped into (JSONP)", max_length=200)]
Prefix = Annotated[str, Query(description="What was typed", examples=["华"], max_length=200)]
Cursor = Annotated[int, Query(ge=0, le=10_000, description="How many suggestions to pass over")]
Identifier = Annotated[str, Query(description="The id of what is to be shown", max_length=500)]

_FORM: Final = "application/x-www-form-urlencoded"
_SUGGESTED = 20
_IDS = 500  # entities that are extended at once
_PREVIEWED = 4
_EMBEDDED = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_QUERIES = {
    "type": "string",
    "description": "A batch of queries, as JSON",
    "example": '{"q0": {"query": "华为技术有限公司", "type": "company"}}',
}
_EXTEND = {
    "type": "string",
    "description": "What is to be fetched, as JSON",
    "example": '{"ids": ["华为"], "properties": [{"id": "owns"}]}',
}
_ANSWERS: Responses = {
    200: {
        "description": "The candidates for each query; the values of properties; without either, what this service offers",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/javascript": {"schema": {"type": "string"}},
        },
    }
}
_PARAMETERS = [
    {"name": name, "in": "query", "required": False, "schema": schema}
    for name, schema in (("queries", _QUERIES), ("extend", _EXTEND), ("callback", {"type": "string"}))
]
_BODY = {"content": {_FORM: {"schema": {"type": "object", "properties": {"queries": _QUERIES, "extend": _EXTEND}}}}}


@router.get("", response_class=Response, responses=_ANSWERS, openapi_extra={"parameters": _PARAMETERS})
async def reconcile_by_get(request: Request, store: StoreDep, settings: SettingsDep) -> Response:
    """Describe the service; with `queries`, reconcile names with entities; with `extend`, fetch properties of entities.

    Candidates have a score from 0 to 100, with its reasons as features; `match` is true where one can be taken without looking.
    """
    return await _answer(request, store, settings.query_seconds, parse_qsl(request.url.query, keep_blank_values=True))


@router.post("", response_class=Response, responses=_ANSWERS, openapi_extra={"requestBody": _BODY})
async def reconcile_by_post(request: Request, store: StoreDep, settings: SettingsDep) -> Response:
    """Reconcile, or fetch properties, as a form sends it: for batches that are too long for an address."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != _FORM:
        raise UnsupportedMedia(f"Content-Type: {media[:80] or 'none'}: send a form ({_FORM}) with the field queries or extend")
    try:
        fields = parse_qsl((await request.body()).decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise BadRequest("the form is not UTF-8, or has too many fields; send queries or extend, encoded as UTF-8") from error
    return await _answer(request, store, settings.query_seconds, fields)


async def _answer(request: Request, store: Store, seconds: float, fields: Iterable[tuple[str, str]]) -> Response:
    given, until = dict(fields), time.monotonic() + seconds
    reconciler: Reconciler = request.app.state.reconciler
    wrapped = given.get("callback")
    if "queries" in given and "extend" in given:
        raise BadRequest("both queries and extend were sent; send one of them")
    if "queries" in given:
        queries = read(Queries, "queries", given["queries"])
        if len(queries.root) > BATCH:
            raise BodyTooLarge(f"queries: {len(queries.root)} in a batch, {BATCH} are allowed; send several batches")
        return sent(await run_in_threadpool(_results, reconciler, queries, until), wrapped)
    if "extend" in given:
        extension = read(Extension, "extend", given["extend"])
        if len(extension.ids) > _IDS:
            raise BodyTooLarge(f"extend: {len(extension.ids)} ids, {_IDS} are allowed; send several requests")
        return sent(await run_in_threadpool(_extended, store, extension, until), wrapped)
    return sent(manifest(str(request.base_url).rstrip("/"), store.iris.base), wrapped)


@router.get("/suggest/entity", response_model=Suggestions)
def suggest_entity(store: StoreDep, prefix: Prefix = "", cursor: Cursor = 0, callback: Callback = None) -> Response:
    """Suggest entities one of whose names begins with, holds or is spelled like what was typed."""
    exact = store.entity(prefix) if prefix else None
    matches = store.names.search(prefix)[: cursor + _SUGGESTED]
    records = [*([exact] if exact else ()), *(record for record in store.found(matches) if exact is None or record.name != exact.name)]
    return sent(Suggestions(result=[_suggested(record) for record in records[cursor : cursor + _SUGGESTED]]), callback)


@router.get("/suggest/type", response_model=Suggestions)
def suggest_type(prefix: Prefix = "", cursor: Cursor = 0, callback: Callback = None) -> Response:
    """Suggest types."""
    types = [Suggestion(id=kind.value, name=kind_type(kind).name, description=_type_description(kind)) for kind in Kind]
    return sent(_beginning(types, prefix, cursor), callback)


@router.get("/suggest/property", response_model=Suggestions)
def suggest_property(prefix: Prefix = "", cursor: Cursor = 0, callback: Callback = None) -> Response:
    """Suggest properties."""
    known = [Suggestion(id=each.id, name=each.name, description=_property_description(each.id)) for each in properties().values()]
    return sent(_beginning(known, prefix, cursor), callback)


@router.get("/flyout/entity", response_model=Flyout)
def fly_out_entity(store: StoreDep, id: Identifier, callback: Callback = None) -> Response:
    """Describe an entity in a piece of HTML."""
    record = _entity(store, id)
    return sent(_flyout(id, record.name, described(record)), callback)


@router.get("/flyout/type", response_model=Flyout)
def fly_out_type(id: Identifier, callback: Callback = None) -> Response:
    """Describe a type in a piece of HTML."""
    if id not in {*Kind}:
        raise NotFound(f"type {id[:80]!r}: there is none; /reconcile/suggest/type has them")
    return sent(_flyout(id, kind_type(Kind(id)).name, _type_description(Kind(id))), callback)


@router.get("/flyout/property", response_model=Flyout)
def fly_out_property(id: Identifier, callback: Callback = None) -> Response:
    """Describe a property in a piece of HTML."""
    if id not in properties():
        raise NotFound(f"property {id[:80]!r}: there is none; /reconcile/suggest/property has them")
    return sent(_flyout(id, properties()[id].name, _property_description(id)), callback)


@router.get("/properties", response_model=Proposals)
def propose_properties(
    type: Annotated[str, Query(description="The type of the entities", examples=["company"], max_length=200)] = "",
    limit: Annotated[int | None, Query(ge=1, le=1000, description="How many to propose")] = None,
    callback: Callback = None,
) -> Response:
    """Propose properties that can be fetched of entities; every kind may have any of them."""
    if type and not kinds_of(type):
        raise NotFound(f"type {type[:80]!r}: there is none; /reconcile/suggest/type has them")
    proposed = [each.described for each in properties().values()][:limit]
    return sent(Proposals(type=type, limit=limit, properties=proposed), callback)


@router.get("/preview", response_class=Response, responses={200: {"content": {"text/html": {}}}})
def preview(store: StoreDep, pages: PagesDep, id: Identifier) -> Response:
    """Show an entity on a small page that may stand in others."""
    record = _entity(store, id)
    shown = {
        "entity": record,
        "described": described(record),
        "relations": store.relations(record.name)[:_PREVIEWED],
        "statements": store.statements(entity=record.name, limit=_PREVIEWED),
    }
    page = pages.render("preview", shown)
    page.headers.update({"Content-Security-Policy": _EMBEDDED, **ELSEWHERE})
    return page


@router.get("/features/{identifier}", response_class=PlainTextResponse)
def explain_feature(identifier: str) -> PlainTextResponse:
    """Say what a feature of a candidate means."""
    weights = {basis.value: weight for basis, weight in WEIGHTS.items()}
    if (weight := weights.get(identifier)) is not None:
        part = f", and {weight.more:g} more times similarity or coverage" if weight.more else ""
        return PlainTextResponse(f"{identifier}: {weight.meaning}; a score of {weight.least:g}{part}\n")
    name = identifier.partition(":")[0]
    if name not in OTHER_FEATURES:
        raise NotFound(f"feature {identifier[:80]!r}: there is none; there are {', '.join([*weights, *OTHER_FEATURES])}")
    return PlainTextResponse(f"{identifier}: {OTHER_FEATURES[name]}\n")


def _results(reconciler: Reconciler, queries: Queries, until: float) -> dict[str, Any]:
    return {key: Result(result=reconciler.candidates(query, until)).model_dump(exclude_none=True) for key, query in queries.root.items()}


def _extended(store: Store, extension: Extension, until: float) -> Extended:
    """Return the values wanted; BadRequest for a property that there is none of, an empty row for an entity that there is none of."""
    unknown = [wanted.id for wanted in extension.properties if wanted.id not in properties()]
    if unknown:
        raise BadRequest(f"property {unknown[0][:80]!r}: there is none; /reconcile/properties has them")
    limits = [limit_of(wanted.settings.get("limit")) for wanted in extension.properties]
    rows: dict[str, dict[str, Any]] = {}
    for identifier in extension.ids:
        record = store.entity(identifier)
        asked = None if record is None else Asked(store, record)
        row = rows.setdefault(identifier, {})
        for wanted, limit in zip(extension.properties, limits, strict=True):
            in_time(until)
            row[wanted.id] = [] if asked is None else list(properties()[wanted.id].values(asked, limit))
    return Extended(meta=[properties()[wanted.id].described for wanted in extension.properties], rows=rows)


def _entity(store: Store, identifier: str) -> EntityRecord:
    record = store.entity(identifier)
    if record is None:
        raise NotFound(f"entity {identifier[:80]!r}: no entity has this name, or more than one has it; search at /reconcile/suggest/entity")
    return record


def _suggested(record: EntityRecord) -> Suggestion:
    types = [kind_type(kind) for kind in record.kinds]
    return Suggestion(id=record.name, name=record.name, description=described(record), notable=types)


def _beginning(things: Iterable[Suggestion], prefix: str, cursor: int) -> Suggestions:
    """Return the things whose id or name, or a word of it, begins so."""
    sought = compared(prefix)
    held: Callable[[Suggestion], bool] = lambda thing: any(  # noqa: E731
        part.startswith(sought) for part in (thing.id, compared(thing.name), *compared(thing.name).split())
    )
    found = [thing for thing in things if held(thing)]
    return Suggestions(result=found[cursor : cursor + _SUGGESTED])


def _type_description(kind: Kind) -> str:
    broader = kind_type(kind).broader or []
    return f"实体的类型 · kind of entity{''.join(f'，属于 {each.name}' for each in broader)}"


def _property_description(identifier: str) -> str:
    if identifier.startswith("quotes:"):
        return "与该实体有关的原话 · what was said of it, newest first"
    if identifier.startswith("inverse:"):
        return "反向的肯定关系 · an affirmed relation, seen from its other end"
    return "实体的属性或肯定的关系 · an attribute, or an affirmed relation"


def _flyout(identifier: str, name: str, text: str) -> Flyout:
    return Flyout(id=identifier, html=f"<p><strong>{html.escape(name)}</strong></p><p>{html.escape(text)}</p>")
