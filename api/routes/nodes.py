"""The paths of the graph's own IRIs: `/entity/华为` leads to `/entities/华为`, whatever host the IRI names."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse

from api.pages import path_to
from kg.graph.iris import unsegment

router = APIRouter(tags=["linked data"])
_COLLECTIONS = {"entity": "entities", "statement": "statements", "document": "documents", "proposition": "propositions"}


def _add_route(kind: str, collection: str) -> None:
    def dereference(key: str, request: Request) -> RedirectResponse:
        # the path as it was sent: an IRI tells `_`, which is a space, from `%5F`, and `/` from `%2F`
        sent = request.scope["raw_path"].decode("ascii").removeprefix(f"/{kind}/")
        return RedirectResponse(path_to(collection, unsegment(sent) if kind == "entity" else key), 303)

    router.add_api_route(
        f"/{kind}/{{key:path}}",
        dereference,
        name=kind,
        summary=f"The IRI of one of the {collection}: see /{collection}/…",
        status_code=303,
        response_class=RedirectResponse,
    )


for _kind, _collection in _COLLECTIONS.items():
    _add_route(_kind, _collection)
