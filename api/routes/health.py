"""Whether the server answers."""

from fastapi import APIRouter

from api.deps import StoreDep
from api.schemas import Health

router = APIRouter(tags=["server"])


@router.get("/healthz")
def health(store: StoreDep) -> Health:
    """Say that the server answers, and how much it serves."""
    summary = store.summary()
    return Health(status="ok", documents=summary.documents, statements=summary.statements, entities=summary.entities)
