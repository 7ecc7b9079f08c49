"""Every error as a problem document (RFC 9457). One table says which exception gets which status."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from kg.errors import KgError, QueryError, StoreError, StoreUnavailable
from kg.graph.datasets import OutsideRefused
from kg.graph.sparql import ServiceRefused, UpdateRefused
from kg.graph.updating import GraphProtected, StatedElsewhere


class ServeError(KgError):
    """The server cannot start."""


class NotFound(KgError):
    """Nothing stands at this address."""


class BadRequest(KgError):
    """The request cannot be understood."""


class Unauthorized(KgError):
    """A change was asked for without the token, or with another one."""


class ReadOnly(KgError):
    """A change was asked of a server that nobody may write to."""


class NotAcceptable(KgError):
    """None of the media types asked for can be sent."""


class Conflict(KgError):
    """What is asked for cannot be done to the thing as it is now."""


class QueueFull(KgError):
    """Too many documents wait to be taken in."""


class UnsupportedMedia(KgError):
    """The body is in a media type that is not read here."""


class BodyTooLarge(KgError):
    """The body is longer than the settings allow."""


class AddressTooLong(KgError):
    """The address is longer than the settings allow."""


class QueryTooHeavy(KgError):
    """A query that took too long or too much memory; its worker was ended."""


class Busy(KgError):
    """All query workers are taken, or what a client may take of them; `retry_after` seconds later there is more."""

    def __init__(self, message: str, *, retry_after: int = 2) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BudgetSpent(Busy):
    """A client whose queries took all the time that one client may take."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is sent for an exception: `slug` ends the problem's type, `/docs#problem-SLUG`."""

    status: HTTPStatus
    slug: str
    title: str


# The most special class stands first: the first that an exception is an instance of wins.
PROBLEMS: Mapping[type[Exception], Problem] = {
    NotFound: Problem(HTTPStatus.NOT_FOUND, "not-found", "Nothing stands at this address"),
    BadRequest: Problem(HTTPStatus.BAD_REQUEST, "bad-request", "The request cannot be understood"),
    Unauthorized: Problem(HTTPStatus.UNAUTHORIZED, "unauthorized", "A change needs the token"),
    ReadOnly: Problem(HTTPStatus.FORBIDDEN, "read-only", "Nothing can be changed here"),
    NotAcceptable: Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", "None of the media types asked for can be sent"),
    Conflict: Problem(HTTPStatus.CONFLICT, "conflict", "That cannot be done now"),
    QueueFull: Problem(HTTPStatus.SERVICE_UNAVAILABLE, "queue-full", "Too many documents wait"),
    UnsupportedMedia: Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media", "The body is in a media type that is not read here"),
    BodyTooLarge: Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "The body is too long"),
    AddressTooLong: Problem(HTTPStatus.REQUEST_URI_TOO_LONG, "address-too-long", "The address is too long"),
    GraphProtected: Problem(HTTPStatus.FORBIDDEN, "graph-protected", "This graph is changed only as a whole"),
    StatedElsewhere: Problem(HTTPStatus.CONFLICT, "stated-elsewhere", "A named graph goes on stating it"),
    UpdateRefused: Problem(HTTPStatus.FORBIDDEN, "update-refused", "That cannot be carried out here"),
    OutsideRefused: Problem(HTTPStatus.FORBIDDEN, "outside-refused", "Nothing outside the store is read"),
    ServiceRefused: Problem(HTTPStatus.FORBIDDEN, "service-refused", "This server asks no other server"),
    QueryTooHeavy: Problem(HTTPStatus.SERVICE_UNAVAILABLE, "query-too-heavy", "The query took too much"),
    BudgetSpent: Problem(HTTPStatus.TOO_MANY_REQUESTS, "budget-spent", "This client has used its time"),
    Busy: Problem(HTTPStatus.TOO_MANY_REQUESTS, "busy", "All query workers are taken"),
    QueryError: Problem(HTTPStatus.BAD_REQUEST, "bad-query", "The query cannot be answered"),
    StoreUnavailable: Problem(HTTPStatus.SERVICE_UNAVAILABLE, "store-unavailable", "The store does not answer"),
    StoreError: Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "store-failed", "The store cannot be read"),
    RequestValidationError: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "bad-parameter", "A parameter has a value that it cannot have"),
}
METHOD = Problem(HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "This address does not take this method")
UNEXPECTED = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", "The server made a mistake")
PROBLEM_MEDIA = "application/problem+json"
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="writing"'}
_HEADERS: Mapping[str, Mapping[str, str]] = {
    "busy": {"Retry-After": "2"},
    "queue-full": {"Retry-After": "10"},
    "store-unavailable": {"Retry-After": "10"},
    "unauthorized": _CHALLENGE,
    "read-only": _CHALLENGE,
}


@contextmanager
def found_at(path: str) -> Iterator[None]:
    """Turn the store's "there is no …" into NotFound, which sends the reader to the list at `path`."""
    try:
        yield
    except StoreUnavailable:
        raise
    except StoreError as error:
        raise NotFound(f"{error}; the list is at {path}") from error


def problem_response(problem: Problem, detail: str, instance: str) -> Response:
    """Return a problem document; `instance` is the path that was asked for."""
    body = {
        "type": f"/docs#problem-{problem.slug}",
        "title": problem.title,
        "status": problem.status.value,
        "detail": detail,
        "instance": instance,
    }
    return JSONResponse(body, problem.status.value, _HEADERS.get(problem.slug), PROBLEM_MEDIA)


def problem_of(error: Exception) -> Problem:
    """Return the first row of the table that the exception falls under."""
    return next(problem for kind, problem in PROBLEMS.items() if isinstance(error, kind))


def answer_known(error: Exception, path: str) -> Response:
    """Return the problem document of an exception of the table, for a request of that path."""
    response = problem_response(problem_of(error), _detail(error), path)
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


async def _answer_known(request: Request, error: Exception) -> Response:
    return answer_known(error, request.url.path)


async def _answer_unknown(request: Request, _: Exception) -> Response:
    """Answer a mistake of this program; the server's log has the details."""
    return problem_response(UNEXPECTED, f"{request.method} {request.url.path}: an error in the server; report it", request.url.path)


async def _answer_http(request: Request, error: Exception) -> Response:
    """Answer what the router itself refuses: an unknown path, a method that a path does not take."""
    assert isinstance(error, HTTPException)
    problem = METHOD if error.status_code == METHOD.status else PROBLEMS[NotFound]
    detail = f"{request.method} {request.url.path}: {problem.title.lower()}; /docs has every path and what it takes"
    response = problem_response(problem, detail, request.url.path)
    response.headers.update(error.headers or {})
    if problem is METHOD:
        response.headers["Allow"] = ", ".join(_methods(request))
    return response


def _methods(request: Request) -> list[str]:
    """Return the methods that an address takes; the framework names those of the first route only."""
    routes: Sequence[APIRoute] = request.app.state.routes
    taken = {method for route in routes if route.path_regex.match(request.url.path) for method in route.methods or ()}
    return sorted(taken | ({"HEAD"} if "GET" in taken else set()))


def _detail(error: Exception) -> str:
    """Return one line: what, where, what to do."""
    if not isinstance(error, RequestValidationError):
        return str(error)
    first = error.errors()[0]
    where = " ".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}, but got {str(first.get('input'))[:80]!r}; see /docs for the values it takes"


def add_error_handlers(app: FastAPI) -> None:
    """Make the app answer every exception of the table with its problem document."""
    for kind in PROBLEMS:
        app.add_exception_handler(kind, _answer_known)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unknown)
