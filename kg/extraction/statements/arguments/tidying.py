"""What was chosen as a subject or object, made presentable: no words cut along with a name, the direction in which a measure changed."""

import functools
from collections.abc import Sequence

import regex

from kg.extraction.statements.arguments.names import Named
from kg.extraction.statements.arguments.places import Candidate, GrammarWords, Place
from kg.folding import fold
from kg.lexicon import Lexicon, alternation
from kg.model import Kind, Predicate, Quantity

_CUT_ALONG = frozenset(("u", "y", "c", "d", "p"))  # first letters of the tags of words that no name ends with
_OUR_COMPANY = frozenset(("company", "we"))  # what pronouns refer to, in subject_pronouns.tsv
_NOT_DONE_TO_PEOPLE = frozenset(
    (
        *(Predicate.ACQUIRES, Predicate.DEVELOPS, Predicate.DIVESTS, Predicate.EXITS, Predicate.FOUNDS, Predicate.INVESTS_IN),
        *(Predicate.LAUNCHES, Predicate.LISTS, Predicate.OPERATES_IN, Predicate.OWNS, Predicate.SUPPORTS, Predicate.USES),
    )
)


@functools.cache
def grammar_words(lexicon: Lexicon) -> GrammarWords:
    """Return the words of the lexicon that say who does it, and where names begin and end."""
    rows = lexicon.table("phrase_edges")
    begins, ends = (frozenset(row["word"] for row in rows if row["edge"] in (edge, "both")) for edge in ("begin", "end"))
    return GrammarWords(
        markers=frozenset(lexicon.words("agent_markers")),
        prepositions=frozenset(lexicon.words("object_prepositions")),
        shifts=frozenset(lexicon.words("subject_shifts")),
        receipts=frozenset(row["word"] for row in lexicon.table("subject_shifts") if row["shift"] == "receives"),
        begins=begins,
        ends=ends,
        pairs={row["word"]: row["whom"] for row in lexicon.table("pair_words")},
    )


def possible_objects(candidates: Sequence[Candidate], predicate: Predicate) -> list[Candidate]:
    """Leave out people where the relation is to things: nobody invests in, launches or uses a person."""
    if predicate not in _NOT_DONE_TO_PEOPLE:
        return list(candidates)
    return [one for one in candidates if not one.names or any(name.kind is not Kind.PERSON for name in one.names)]


def tidied(place: Place, thing: Candidate) -> Candidate:
    """Return an object without what was cut along with its name (`泠光` of `有泠光`), and by its name where it is called 公司."""
    if place.predicate is Predicate.PROPOSITION or thing.clause != place.clause.number:
        return thing
    return thing._replace(names=tuple(_called(place, _trimmed(place, name)) if name.kind is None else name for name in thing.names))


def _called(place: Place, name: Named) -> Named:
    """Return the company that 公司 or 集团 means: whom the speaker speaks for, else whom the document is about."""
    if place.pronouns.get(name.name) not in _OUR_COMPANY:
        return name
    facts, speaker = place.survey.facts, place.clause.attribution.speaker
    company = facts.employers.get(speaker, facts.main) if speaker else facts.main
    return name if company is None else facts.entity(company, name.start)


def _trimmed(place: Place, name: Named) -> Named:
    tokens = [token for token in place.clause.tokens if name.start <= token.start and token.end <= name.end]
    begin, end = 0, len(tokens)
    tags = frozenset() if place.predicate is Predicate.METRIC else _CUT_ALONG  # 占比 is cut into 占 and 比
    while begin < end - 1 and tokens[begin].text in place.grammar.begins:
        begin += 1
    while end - 1 > begin and (tokens[end - 1].tag[0] in tags or tokens[end - 1].text in place.grammar.ends):
        end -= 1
    if not tokens or end - begin == len(tokens):
        return name
    start = tokens[begin].start if begin else name.start
    stop = tokens[end - 1].end if end < len(tokens) else name.end
    found = place.survey.named(place.clause, start, stop)
    return found if found.name else name


@functools.cache
def _changes(lexicon: Lexicon) -> tuple["regex.Pattern[str]", "regex.Pattern[str]"]:
    """Return the patterns of a change right before a number, and of one that ends a measure's name."""
    rows = lexicon.table("change_words")
    change, between = (alternation(row["word"] for row in rows if row["role"] == role) for role in ("change", "between"))
    return regex.compile(rf"(?P<change>{change}){between}*$"), regex.compile(rf"{change}$")


def of_change(view: str, start: int, quantity: Quantity, lexicon: Lexicon) -> str | None:
    """Return the word that says which way a measure has changed by a quantity, None where it says no change.

    `view` is the folded text, `start` where the clause begins.

    >>> of_change("研发费用同比下降了4%", 0, Quantity(9, 11, "4", "%"), Lexicon())
    '下降'
    >>> of_change("升至4%", 0, Quantity(2, 4, "4", "%"), Lexicon())
    """
    found = _changes(lexicon)[0].search(view, start, quantity.start)
    return found["change"] if found else None


def changed(measure: str | None, change: str, before: str | None, lexicon: Lexicon) -> str:
    """Return a measure's name with the direction in which it changed; `before` is what was measured last, if the clause names nothing.

    >>> changed("营业收入", "下降", None, Lexicon()), changed(None, "下降", "销量增长", Lexicon())
    ('营业收入下降', '销量下降')
    """
    ending = _changes(lexicon)[1]
    plain = next((name[: len(kept)] for name in (measure, before) if name and (kept := ending.sub("", fold(name)))), "")
    return plain + change
