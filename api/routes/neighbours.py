"""What stands next to an entity in the graph, and the ways from one to another."""

from collections import defaultdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import ContentsDep, PageDep, StoreDep
from api.errors import NotFound
from api.pages import path_to
from api.routes.entities import MOVED, Named, moved
from api.routes.lists import UNCHANGED, next_path
from api.schemas import LinkOut, Name, NeighbourList, NeighbourOut, PathOut, StepOut, WayOut
from kg.graph.records import EntityRecord, Link
from kg.graph.store import Store
from kg.model import Predicate, Stance

router = APIRouter(tags=["entities"])
_LONGEST = 12  # hops
_WAYS = 20


@router.get("/entities/{name:path}/neighbours", response_model=NeighbourList, responses={**UNCHANGED, **MOVED})
def neighbours(
    *,
    name: Named,
    request: Request,
    store: StoreDep,
    page: PageDep,
    predicate: Annotated[Predicate | None, Query(description="Joined by this relation", examples=["owns"])] = None,
    stance: Annotated[
        Stance,
        Query(description="`asserts`: what is affirmed; else what was said in that stance", examples=["denies"]),
    ] = Stance.ASSERTS,
) -> Response | NeighbourList:
    """List the entities next to one, by name, each with what joins the two.

    Only what is affirmed makes neighbours, unless another stance is asked for: a denial does not join two companies.
    """
    record = _known(store, name)
    if record.name != name:
        return moved(store, name, record.name, f"{path_to('entities', record.name)}/neighbours")
    links: dict[str, list[Link]] = defaultdict(list)
    for link in store.neighbours(record.name, stance):
        if predicate in (None, link.predicate):
            links[link.object if link.subject == record.name else link.subject].append(link)
    after = page.after(str)
    rest = sorted(other for other in links if not after or other > str(after[0]))
    chosen = rest[: page.limit]
    items = [NeighbourOut(id=other, url=path_to("entities", other), edges=[LinkOut.of(link) for link in links[other]]) for other in chosen]
    following = next_path(request, (chosen[-1],) if len(rest) > page.limit else None)
    return NeighbourList(entity=record.name, stance=stance, items=items, total=len(links), next=following)


@router.get("/path", response_model=PathOut, responses=UNCHANGED)
def path(
    *,
    store: StoreDep,
    contents: ContentsDep,
    source: Annotated[Name, Query(alias="from", description="Where the way begins, by any name", examples=["华为"])],
    target: Annotated[Name, Query(alias="to", description="Where it ends, by any name", examples=["开放原子开源基金会"])],
    directed: Annotated[bool, Query(description="Walk edges from subject to object only", examples=[False])] = False,
    longest: Annotated[int, Query(ge=1, le=_LONGEST, description="How many hops at most", examples=[4])] = 6,
    limit: Annotated[int, Query(ge=1, le=_WAYS, description="How many ways of the same length", examples=[3])] = 1,
) -> PathOut:
    """Find the shortest ways from one entity to another along what is affirmed; what is denied, planned or rumoured leads nowhere."""
    ends = _known(store, source).name, _known(store, target).name
    ways = contents.paths.shortest(*ends, directed=directed, longest=longest, limit=limit)
    return PathOut(
        source=ends[0],
        target=ends[1],
        length=len(ways[0].hops) if ways else None,
        ways=[
            WayOut(
                entities=list(way.entities),
                hops=[[StepOut(subject=step[0], predicate=step[1], object=step[2]) for step in hop] for hop in way.hops],
            )
            for way in ways
        ],
    )


def _known(store: Store, name: str) -> EntityRecord:
    record = store.entity(name)
    if record is None:
        raise NotFound(f"entity {name[:200]!r}: no entity has this name, or more than one has it; search for it at /entities?q=")
    return record
