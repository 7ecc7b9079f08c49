"""Subject and object of a denied relation where the negation hides them: of `没有出售计划` the unit, not the plan, is sold."""

from dataclasses import replace
from typing import TypeAlias

from kg.extraction.statements.arguments import Arguments
from kg.extraction.statements.arguments.survey import opening_name
from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.denials.wording import wordings
from kg.extraction.statements.detect import Pick
from kg.extraction.tokens import tokenizer
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate

Owner: TypeAlias = tuple[str | None, Kind | None]
_SOLD = frozenset((Kind.UNIT, Kind.COMPANY, Kind.PRODUCT, Kind.ORGANISATION))
_OF_AN_OWNER = frozenset((Predicate.DIVESTS, Predicate.EXITS))


def put_right(arguments: Arguments, pick: Pick, clause: ClauseContext, about: tuple[str, Owner, Lexicon]) -> Arguments:
    """Return the arguments of a denied relation; `about` is the folded text, whom the speaker speaks for, the lexicon."""
    view, (company, kind), lexicon = about
    thing = arguments.object
    if thing and pick.cue and pick.cue in thing and arguments.object_kind is None:
        tail = thing.rpartition(pick.cue)[2] or (_made(pick.cue, lexicon) if pick.predicate is Predicate.DEVELOPS else "")  # of 不造车: 车
        arguments = replace(arguments, object=tail or None, object_kind=None) if tail else arguments
    plan = wordings(lexicon)["bare_plan"].search(view, clause.start, clause.end)
    of_plan = thing is not None and wordings(lexicon)["plan_noun"].fullmatch(thing) is not None
    hidden = of_plan or thing is None or thing not in view[clause.start : clause.end]
    owned = arguments.subject and arguments.subject_kind is not Kind.PERSON
    if plan and hidden and pick.predicate in _OF_AN_OWNER and owned and company and arguments.subject != company:
        return replace(arguments, subject=company, subject_kind=kind, object=arguments.subject, object_kind=arguments.subject_kind)
    if plan and of_plan:
        return replace(arguments, object=None, object_kind=None)  # nobody sells a plan
    return arguments


def _made(cue: str, lexicon: Lexicon) -> str:
    """Return what a verb that no dictionary has ends with: 车 of 造车, nothing of 研发."""
    words = tokenizer(lexicon)
    last = words.tokenize(cue[1:]) if len(cue) == 2 and not words.common(cue) else []
    return cue[1:] if last and last[0].tag[0] in "nz" else ""  # zg is a ragbag without verbs


def unit_before(arguments: Arguments, pick: Pick, context: Context) -> Arguments:
    """Return the arguments of a denied sale with what the sentence spoke of before, where they name nothing that is sold.

    In `泠湖云没有上市计划,没有出售计划` that is 泠湖云, unless it is who sells.
    """
    clauses, number = context.clauses, pick.clause
    if arguments.object is not None or pick.predicate not in _OF_AN_OWNER:
        return arguments
    while number and clauses[number - 1].sentence == clauses[pick.clause].sentence:
        number -= 1
        opening = opening_name(clauses[number])
        if opening is not None and opening.kind in _SOLD and opening.entity != arguments.subject:
            return replace(arguments, object=opening.entity, object_kind=opening.kind)
    return arguments
