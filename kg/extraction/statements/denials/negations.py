"""What a clause denies by a word of negation, turned to the positive: `华为不造车` denies 造车."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from kg.extraction.statements.context import ClauseContext, Context
from kg.extraction.statements.denials.idle import Idle
from kg.extraction.statements.denials.wording import wordings
from kg.lexicon import Lexicon, Row, alternation

_JOINING = frozenset("和同")  # prepositions only before `无关`, `不同`: else they join two names
_OPEN_QUOTE = regex.compile("[“「『](?!.*[”」』])")
_CLOSE_QUOTE = regex.compile("[”」』]")
_PERFECT = ("了", "过")
_FLAT_WITH_ANY = frozenset("没未无并从")  # first characters of negations that deny flatly before 任何 and 发现
_SHORT = 2  # characters of a quality that says little without what it is a quality of
_VERB = 2  # characters


@dataclass(frozen=True, slots=True)
class Reading:
    """What is denied, in the positive; where the negation stands (`start`, `end`) and how far what it denies goes (`stop`).

    `flat`: the words deny a fact or an act, where somebody says them who is named.
    """

    clause: int
    start: int
    end: int
    stop: int
    word: str
    frame: str
    positive: str
    flat: bool = False


@dataclass(frozen=True, eq=False)
class _Grammar:
    rows: dict[str, Row]
    word: "regex.Pattern[str]"
    wordings: dict[str, "regex.Pattern[str]"]
    prepositions: frozenset[str]


@functools.cache
def _grammar(lexicon: Lexicon) -> _Grammar:
    rows = {row["negation"]: row for row in lexicon.table("negations")}
    return _Grammar(rows, regex.compile(alternation(rows)), wordings(lexicon), frozenset(lexicon.words("denied_phrases")))


def readings(context: Context, clause: ClauseContext, lexicon: Lexicon) -> Iterator[Reading]:
    """Yield what a clause denies, one reading a negation, in the order of the text."""
    grammar = _grammar(lexicon)
    found = list(_negations(context, clause, lexicon))
    reason = next((one for match in found if (one := grammar.wordings["because_and"].match(context.view, match.end(), clause.end))), None)
    found = [match for match in found if reason is None or not reason.start() <= match.start() < reason.end()]  # 不会因为没有…而推迟
    found = list(_without_pairs(found, context.view, grammar))
    for place, match in enumerate(found):
        until = found[place + 1].start() if place + 1 < len(found) else clause.end
        for reading in _read(context, clause, (match, until), grammar):
            row = grammar.rows[match[0]]
            emphatic = grammar.wordings["emphatic"].search(context.view, match.end(), until) is not None and match[0][0] in _FLAT_WITH_ANY
            planned = reading.frame == "plan" and row["frame"] == "noun"
            related = grammar.wordings["of_relation"].search(context.view, match.start(), until) is not None
            yield replace(reading, flat=row["flat"] == "yes" or planned or emphatic or related)


def _negations(context: Context, clause: ClauseContext, lexicon: Lexicon) -> Iterator["regex.Match[str]"]:
    """Yield the negations of a clause that deny something."""
    grammar = _grammar(lexicon)
    found = list(grammar.word.finditer(context.view, clause.start, clause.end))
    if not found:
        return  # as in most clauses
    idle = Idle(context, clause, lexicon)
    for match in found:
        row = grammar.rows[match[0]]
        if row["flat"] != "never" and not idle(match, row, first=match is found[0]):
            yield match


def _without_pairs(found: "list[regex.Match[str]]", view: str, grammar: _Grammar) -> "Iterator[regex.Match[str]]":
    """Yield negations but for two that say the positive together: `不会对用户不利`."""
    number = 0
    while number < len(found):
        match, behind = found[number], found[number + 1] if number + 1 < len(found) else None
        number += 1
        both = behind is not None and (grammar.rows[match[0]]["frame"], grammar.rows[behind[0]]["frame"]) == ("verb", "ending")
        if behind is None or not both or grammar.wordings["parted"].search(view, match.end(), behind.start()):
            yield match
        else:
            number += 1


def _quote_end(view: str, clause: ClauseContext, match: "regex.Match[str]", until: int) -> int:
    """Return where the words in quotation marks end in which a negation stands, else `until`: nothing behind them is denied."""
    opened = _OPEN_QUOTE.search(view, clause.start, match.start())
    closed = _CLOSE_QUOTE.search(view, match.end(), until)
    return closed.start() if opened and closed and closed.end() < until else until


def _read(context: Context, clause: ClauseContext, found: "tuple[regex.Match[str], int]", grammar: _Grammar) -> Iterator[Reading]:
    match, until = found
    until = _quote_end(context.view, clause, match, until)
    row = grammar.rows[match[0]]
    start, end = match.span()
    text = context.document.text
    ending = row["frame"] == "ending"
    before = _phrase_before(context, clause, start, grammar if ending else replace(grammar, prepositions=grammar.prepositions - _JOINING))
    if ending:
        yield Reading(clause.number, start, end, end, match[0], "ending", before + row["keeps"])
        return
    potential = grammar.wordings["potential"].match(context.view, max(clause.start, start - 2), until)
    if potential and potential.start("negation") == start:
        rest = text[potential.end() : _rest_end(context, potential.end(), until, grammar)]
        verb = _verb(context, clause, start)
        whole = before + verb + potential["result"] + rest
        yield Reading(
            clause.number,
            start,
            end,
            until,
            match[0],
            "potential",
            whole if rest.strip() else _earlier(context, clause, verb) or whole,
        )
        return
    stop = _rest_end(context, end, until, grammar)
    relative = grammar.wordings["relative"].match(context.view, end, stop) if not before and _opens(clause, start) else None
    stop = relative.end("act") if relative and _goes_on(clause, relative.end()) else stop
    rest = text[end:stop]
    if not rest.strip():
        return
    plan = grammar.wordings["no_plan"].fullmatch(context.view, end, stop)
    if plan:
        yield Reading(clause.number, start, end, until, match[0], "plan", before + text[plan.start("act") : plan.end("act")])
        return
    loose = grammar.wordings["any"].match(context.view, end, stop)
    rest = text[loose.end() : stop] if loose else rest
    keeps = row["keeps"]
    if row["frame"] == "noun" and (_acts(clause, loose.end() if loose else end) or context.view[stop : stop + 1] in _PERFECT):
        keeps = ""
    if not before and not keeps and len(rest) <= _SHORT:
        before = _noun_before(context, clause, start, rest)
    yield Reading(clause.number, start, end, until, match[0], row["frame"], before + keeps + rest)


def _goes_on(clause: ClauseContext, start: int) -> bool:
    """Say whether a name and then a verb follow: `…的甲公司表示`, but not `支持完整的智能手机`."""
    name = next((reference.mention for reference in clause.references if reference.mention.start >= start), None)
    return name is not None and any(token.tag[0] == "v" and token.start >= name.end for token in clause.tokens)


def _opens(clause: ClauseContext, start: int) -> bool:
    """Say whether a clause begins with the negation: `尚未上市的甲公司表示` denies of 甲公司 what stands before its 的."""
    return start <= max(clause.start, clause.attribution.content if clause.attribution.content < clause.end else clause.start)


def _acts(clause: ClauseContext, start: int) -> bool:
    """Say whether a verb phrase begins here: `没有出现问题` denies 出现问题, `没有问题` denies 有问题."""
    tags = [token.tag for token in clause.tokens if token.end > start][:2]
    return bool(tags) and (tags[0][0] in "vdpc" and tags[0] != "vn")  # c: 和 of `没有和永旺谈过`, which joins nothing there


def _rest_end(context: Context, start: int, until: int, grammar: _Grammar) -> int:
    tail = grammar.wordings["tail"].search(context.view, start, until)
    if tail is None or (tail.start() - start == 1 and context.view[tail.start()] == "过"):
        return until  # 变过 of `从来没变过`: one character alone says nothing
    return tail.start()


def _phrase_before(context: Context, clause: ClauseContext, end: int, grammar: _Grammar) -> str:
    """Return the prepositional phrase before a negation: 与手机业务 in `许可与手机业务无关`."""
    first = max(clause.start, clause.attribution.content if clause.attribution.content < end else clause.start)
    inside = [token for token in clause.tokens if first <= token.start and token.end <= end]
    while inside and (inside[-1].tag[0] == "d" or inside[-1].tag == "ad" or inside[-1].text in grammar.rows or inside[-1].text == "是"):
        inside.pop()
    for place, token in enumerate(inside):
        if token.text in grammar.prepositions and token.start >= first and place + 1 < len(inside):
            return context.document.text[token.start : inside[-1].end]
    return ""


def _verb(context: Context, clause: ClauseContext, end: int) -> str:
    """Return the verb right before a negation: 买 in `基本上买不到`."""
    token = next((token for token in clause.tokens if token.start < end <= token.end), None)
    start = token.start if token and end - token.start <= _VERB else end - 1
    return context.document.text[start:end]


def _earlier(context: Context, clause: ClauseContext, verb: str) -> str:
    """Return the verb phrase that a bare potential takes up from the clause before: `想买手机,买不到` denies 买手机."""
    if not clause.number:
        return ""
    other = context.clauses[clause.number - 1]
    place = context.view.find(verb, other.start, other.end)
    close = place >= 0 and other.sentence == clause.sentence and place + len(verb) < other.end
    return context.document.text[place : other.end] if close else ""


def _noun_before(context: Context, clause: ClauseContext, end: int, rest: str) -> str:
    """Return the noun whose quality is denied: 投入 in `投入不大`; nothing where an act is."""
    after = next((token for token in clause.tokens if token.start >= end and token.text == rest), None)
    if after is None or after.tag[0] != "a":
        return ""
    inside = [token for token in clause.tokens if token.end <= end]
    while inside and inside[-1].tag[0] in "dc":
        inside.pop()
    return inside[-1].text if inside and inside[-1].tag[0] in "nv" else ""
