"""The competency questions of the ontology, to be asked by name: the very files that its tests run."""

import re

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.answers import answer
from api.deps import PagesDep, SettingsDep, StoreDep
from api.errors import BadRequest, NotFound
from api.negotiation import HTML, JSON, RESULTS, choose
from api.query.jobs import Dataset
from api.routes.lists import Responses
from api.schemas import QuestionOut
from kg.errors import ExtractionError, QueryError
from kg.graph.questions import question, questions
from kg.graph.store import Store

router = APIRouter(tags=["questions"])
_HEADER = re.compile(r"^# .*\n", re.MULTILINE)
_ANSWERS: Responses = {200: {"content": {offer.media: {} for offer in (*RESULTS, HTML)}}}


@router.get("/questions", response_model=list[QuestionOut])
def list_questions(request: Request, pages: PagesDep) -> Response | list[QuestionOut]:
    """List the questions that can be asked by name, with their parameters and the SPARQL behind them."""
    if choose(request.headers.get("accept"), (JSON, HTML)) == HTML.media:
        return pages.render("questions", {"questions": questions().values()})
    return [QuestionOut.of(each) for each in questions().values()]


@router.get("/questions/{name}/query", response_class=HTMLResponse)
def show_query(name: str, pages: PagesDep, settings: SettingsDep) -> HTMLResponse:
    """Show the SPARQL of a question in the form, to be changed and asked."""
    if name not in questions():
        raise NotFound(f"question {name[:80]!r}: there is none of this name; the list is at /questions")
    example = _HEADER.sub("", question(name).sparql).strip()
    return pages.render("sparql", {"settings": settings, "example": example, "questions": questions().values()}, script="sparql")


@router.get("/questions/{name}", response_class=Response, responses=_ANSWERS)
async def ask_question(name: str, request: Request, store: StoreDep) -> Response:
    """Answer a question; its parameters go into the address (`?about=华为`), entities by any name. Without them it is asked of all."""
    if name not in questions():
        raise NotFound(f"question {name[:80]!r}: there is none of this name; the list is at /questions")
    given = {key: value.strip() for key, value in request.query_params.items() if value.strip()}
    return await answer(request, _bound(store, name, given), Dataset(), store.soonest)


def _bound(store: Store, name: str, given: dict[str, str]) -> str:
    """Return the question's SPARQL with the parameters in it; BadRequest for a parameter that it has not, or a date that is none."""
    asked = question(name)
    named = {key: store.entity(value) for key, value in given.items() if asked.parameters.get(key) == "entity"}
    try:
        return asked.bound({**given, **{key: record.name for key, record in named.items() if record}}, store.iris)
    except (QueryError, ExtractionError) as error:
        raise BadRequest(str(error)) from error
