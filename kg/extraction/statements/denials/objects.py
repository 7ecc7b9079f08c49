"""Subject and object of a denied relation where the negation hides them: of `没有出售计划` the unit, not the plan, is sold."""

from dataclasses import replace
from typing import TypeAlias

from kg.extraction.statements.arguments import Arguments
from kg.extraction.statements.context import ClauseContext
from kg.extraction.statements.denials.wording import wordings
from kg.extraction.statements.detect import Pick
from kg.lexicon import Lexicon
from kg.model import Kind, Predicate

Owner: TypeAlias = tuple[str | None, Kind | None]
_OF_AN_OWNER = frozenset((Predicate.DIVESTS, Predicate.EXITS))


def put_right(arguments: Arguments, pick: Pick, clause: ClauseContext, about: tuple[str, Owner, Lexicon]) -> Arguments:
    """Return the arguments of a denied relation; `about` is the folded text, whom the speaker speaks for, the lexicon."""
    view, (company, kind), lexicon = about
    thing = arguments.object
    if thing and pick.cue and pick.cue in thing:
        tail = thing.rpartition(pick.cue)[2] or (pick.cue[1:] if thing != pick.cue else "")  # of 不造车 in a quotation: 车
        arguments = replace(arguments, object=tail or None, object_kind=None) if tail else arguments
    plan = wordings(lexicon)["bare_plan"].search(view, clause.start, clause.end)
    hidden = thing is None or thing not in view[clause.start : clause.end] or wordings(lexicon)["plan_noun"].fullmatch(thing)
    if plan and hidden and pick.predicate in _OF_AN_OWNER and arguments.subject and company and arguments.subject != company:
        return replace(arguments, subject=company, subject_kind=kind, object=arguments.subject, object_kind=arguments.subject_kind)
    return arguments
