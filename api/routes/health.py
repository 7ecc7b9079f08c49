"""Whether the server answers."""

from fastapi import APIRouter

from api.deps import ContentsDep
from api.schemas import Health

router = APIRouter(tags=["server"])


@router.get("/healthz")
def health(contents: ContentsDep) -> Health:
    """Say that the server answers, and how much it serves."""
    summary = contents.summary
    return Health(status="ok", documents=summary.documents, statements=summary.statements, entities=summary.entities)
