"""Jobs: how far a document that was sent in has come, as it is now and as it happens (server-sent events), and how to end it."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Header
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from api.deps import JobsDep, PageDep, WriterDep
from api.errors import BadRequest
from api.jobs.job import Event, Job, Result, State
from api.jobs.queue import Jobs
from api.pages import path_to
from api.routes.lists import Responses
from api.schemas import Schema
from kg.graph.records import Change

router = APIRouter(tags=["jobs"])
EVENT_STREAM = "text/event-stream"
_RECONNECT_MILLISECONDS = 2000
_HEARTBEAT_SECONDS = 15.0
_LAST = "The `id` of the last event that was received; those after it are sent"
_EVENTS: Responses = {
    200: {"description": "The events of the job", "content": {EVENT_STREAM: {"schema": {"type": "string"}}}},
    204: {"description": "The job has ended, and all its events were received"},
}


class ResultOut(Schema):
    """What a job did: the document is added, replaces an earlier state of its source, or was there already, unchanged."""

    change: Change = Field(examples=["added"])
    document: str = Field(description="The document's id")
    document_url: str
    statements: int

    @classmethod
    def of(cls, result: Result) -> Self:
        """Return what was done with its link."""
        url = path_to("documents", result.document)
        return cls(change=result.change, document=result.document, document_url=url, statements=result.statements)


class JobOut(Schema):
    """A document on its way into the store."""

    id: str
    url: str
    events_url: str = Field(description="The same as server-sent events")
    state: State = Field(examples=["extracting"])
    detail: str = Field(description="What is being done, what was done, or why it failed", examples=["4213 characters"])
    ahead: int = Field(description="How many documents wait before it")
    submitted: datetime
    changed: datetime
    result: ResultOut | None = Field(description="Set once it is done")

    @classmethod
    def of(cls, job: Job, jobs: Jobs) -> Self:
        """Return a job with its links."""
        last = job.events[-1]
        submitted = next(event.at for event in reversed(job.events) if event.state is State.QUEUED)
        return cls(
            id=job.id,
            url=path_to("jobs", job.id),
            events_url=path_to("jobs", job.id) + "/events",
            state=last.state,
            detail=last.detail,
            ahead=jobs.ahead(job),
            submitted=submitted,
            changed=last.at,
            result=None if job.result is None else ResultOut.of(job.result),
        )


class JobList(Schema):
    """A page of jobs, the last submitted first; `next` is the path of the page after it."""

    items: list[JobOut]
    total: int
    next: str | None


@router.get("/jobs")
async def list_jobs(jobs: JobsDep, page: PageDep, _: WriterDep) -> JobList:
    """List the jobs since the server was started, the last submitted first; needs the token."""
    found = jobs.jobs()
    items, cursor = page.of(found, lambda job: job.id)
    following = f"/jobs?limit={page.limit}&cursor={cursor}" if cursor else None
    return JobList(items=[JobOut.of(job, jobs) for job in items], total=len(found), next=following)


@router.get("/jobs/{identifier}")
async def show_job(identifier: str, jobs: JobsDep) -> JobOut:
    """Show how far a job is. Who knows its id needs no token."""
    return JobOut.of(jobs.job(identifier), jobs)


@router.delete("/jobs/{identifier}")
async def cancel_job(identifier: str, jobs: JobsDep, _: WriterDep) -> JobOut:
    """End a job before anything of it is written; one that has ended stays as it is. Needs the token."""
    return JobOut.of(await jobs.cancel(identifier), jobs)


@router.get("/jobs/{identifier}/events", response_class=Response, responses=_EVENTS)
async def follow_job(
    identifier: str,
    jobs: JobsDep,
    last: Annotated[str | None, Header(alias="Last-Event-ID", description=_LAST)] = None,
) -> Response:
    """Follow a job as server-sent events: `event` is the state it came into, `data` that in JSON. The stream ends with the job.

    A client that was cut off goes on where it was, by `Last-Event-ID`, as browsers do by themselves.
    """
    job = jobs.job(identifier)
    if last and not (last.isascii() and last.isdigit() and len(last) < 10):
        raise BadRequest(f"Last-Event-ID: {last[:40]!r} is the id of no event; send the last one that was received, or none")
    after = int(last or 0)
    if after == len(job.events) and job.state.ended:
        return Response(status_code=204)  # which keeps browsers from coming back
    stream = _stream(job, after if after <= len(job.events) else 0)  # more than there are: of a server before this
    return StreamingResponse(stream, media_type=EVENT_STREAM, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def _stream(job: Job, after: int) -> AsyncIterator[str]:
    yield f"retry: {_RECONNECT_MILLISECONDS}\n\n"
    async for event in job.follow(after, _HEARTBEAT_SECONDS):
        yield ": nothing new yet\n\n" if event is None else _written(event)


def _written(event: Event) -> str:
    data = {"state": event.state, "detail": event.detail, "at": event.at.isoformat()}
    return f"id: {event.number}\nevent: {event.state}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
