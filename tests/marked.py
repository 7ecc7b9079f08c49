"""Reads sentences marked with what must, and what must not, be read out of them.

A file under tests/phenomena/ holds one phenomenon. Its header, then one block a sentence:

    # phenomenon: what the sentences are about, in a line
    # floor: 31/40
    # date: 2021-09-24

    <华为>不会{放弃}[手机业务]。
        → denies exits speaker=徐直军
        × asserts

`floor` is how many of how many sentences pass today; fewer fail the test. `date` is the date of the documents, until a
line `@ 2023-05-18` sets another. Lines that begin with `//` are remarks; blank lines part nothing.

In the sentence, which is the whole document:
    <…>   a subject; several make one statement each
    […]   an object; several make one statement each
    {…}   words that the evidence must cover: the first for the first arrow, the second for the second, …
    ¶     a line break
    <我们=华为>, [Harmony OS=鸿蒙]   what follows `=` is the name to be found, what stands before it is the text

Under it, indented:
    → stance predicate   a statement that must be found, with the marked subjects and objects; then, where they matter,
                         subject= object= speaker= value= unit= when= due=. `subject=` and `object=` take the place of the
                         marks, and may list names with `、`; `-` stands for none. Without a mark or a field the object is none.
    × word …             nothing may be found that fits all the words: stances, predicates, or fields as above;
                         `× other`: nothing may be found but what the arrows say
"""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from kg.model import Predicate, Stance

FIELDS = ("subject", "object", "speaker", "value", "unit", "when", "due")
_MAY_LACK_OBJECT = {Predicate.LISTS, Predicate.OPEN_SOURCES, Predicate.FOUNDS, Predicate.RESTRICTS, Predicate.PERMITS}
_HEADER = ("phenomenon", "floor", "date")
_MARK = re.compile(r"<(?P<subject>[^<>\[\]{}=]+)(?:=(?P<subject_name>[^<>\[\]{}=]+))?>"
                   r"|\[(?P<object>[^<>\[\]{}=]+)(?:=(?P<object_name>[^<>\[\]{}=]+))?\]"
                   r"|\{(?P<cue>[^<>\[\]{}=]+)\}")  # fmt: skip
_STRAY = re.compile(r"[<>\[\]{}]")
_FIELD = re.compile(rf"\s+(?=(?:{'|'.join(FIELDS)})=)")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_FLOOR = re.compile(r"(\d+)/(\d+)")


class MarkedError(ValueError):
    """A marked file is malformed; the text says in which line, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A statement that must be found. `cue` is the span that its evidence must cover; `fields` are those that matter."""

    stance: Stance
    predicate: Predicate
    subject: str | None
    object: str | None
    cue: tuple[int, int] | None
    fields: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Silent:
    """What must not be found: any statement that fits everything given here. `other`: any that no arrow names."""

    stance: Stance | None = None
    predicate: Predicate | None = None
    fields: tuple[tuple[str, str | None], ...] = ()
    other: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence (or short document) without its marks, the date it is read under, and what is expected of it."""

    line: int
    text: str
    date: str
    expected: tuple[Expected, ...]
    silent: tuple[Silent, ...]


@dataclass(frozen=True, slots=True)
class Phenomenon:
    """A marked file: its name, what it is about, the floor (`passed` of `total`), its sentences."""

    name: str
    about: str
    passed: int
    total: int
    sentences: tuple[Marked, ...]


def read_marked(path: Path) -> Phenomenon:
    """Read a marked file; raise MarkedError with the line's number where it is malformed."""
    return parse(path.read_text("utf-8"), path.stem)


def parse(source: str, name: str) -> Phenomenon:
    """Read the text of a marked file.

    >>> found = parse("# phenomenon: 否认\\n# floor: 0/1\\n# date: 2021\\n\\n<华为>不{造}[车]。\\n  → denies develops\\n", "demo")
    >>> found.sentences[0].text, found.sentences[0].expected[0].object, found.sentences[0].expected[0].cue
    ('华为不造车。', '车', (3, 4))
    """
    lines = source.splitlines()
    header: dict[str, str] = {}
    while lines and lines[0].startswith("# "):
        key, _, value = lines.pop(0)[2:].partition(":")
        header[key.strip()] = value.strip()
    if set(header) != set(_HEADER):
        raise MarkedError(f"{name}:1: the header needs exactly {', '.join(_HEADER)}, each as '# name: value'")
    floor = _FLOOR.fullmatch(header["floor"])
    if not floor:
        raise MarkedError(f"{name}: floor {header['floor']!r}; write passed/total, such as 31/40")
    date = _date(header["date"], f"{name}:{len(header)}")
    blocks: list[tuple[int, str, str, list[tuple[str, str]]]] = []
    for number, line in enumerate(lines, len(header) + 1):
        where = f"{name}:{number}"
        if not line.strip() or line.startswith("//"):
            continue
        if line.startswith("@"):
            date = _date(line[1:].strip(), where)
        elif not line[0].isspace():
            blocks.append((number, line.rstrip(), date, []))
        elif not blocks:
            raise MarkedError(f"{where}: stands before the first sentence; begin the sentence at the margin")
        else:
            blocks[-1][3].append((where, line.strip()))
    sentences = tuple(_sentence(f"{name}:{number}", line, day, rules) for number, line, day, rules in blocks)
    if len(sentences) != int(floor[2]) or int(floor[1]) > int(floor[2]):
        raise MarkedError(f"{name}: floor {header['floor']}, but {len(sentences)} sentences; correct the header")
    texts = [sentence.text for sentence in sentences]
    twice = next((sentence for sentence in sentences if texts.count(sentence.text) > 1), None)
    if twice:
        raise MarkedError(f"{name}:{twice.line}: the sentence stands twice; join its lines")
    return Phenomenon(name, header["phenomenon"], int(floor[1]), int(floor[2]), sentences)


def _date(written: str, where: str) -> str:
    if not _DATE.fullmatch(written):
        raise MarkedError(f"{where}: {written!r} is no date; write 2021, 2021-09 or 2021-09-24")
    return written


def _sentence(where: str, line: str, date: str, rules: list[tuple[str, str]]) -> Marked:
    text, marks = _unmark(line, where)
    expected: list[Expected] = []
    silent: list[Silent] = []
    arrows = 0
    for place, rule in rules:
        sign, body = rule[0], rule[1:].strip()
        if sign == "→":
            expected.extend(_expected(body, marks, arrows, place))
            arrows += 1
        elif sign == "×":
            silent.append(_silent(body, place))
        else:
            raise MarkedError(f"{place}: begins with {sign!r}; begin with → (must be found) or × (must not be)")
    if not rules:
        raise MarkedError(f"{where}: nothing is expected of the sentence; add a line with → or ×")
    if not expected and any(marks.values()):
        raise MarkedError(f"{where}: marks but no arrow; take the marks out or add '→ stance predicate'")
    return Marked(int(where.rpartition(":")[2]), text, date, tuple(expected), tuple(silent))


_Marks = dict[str, list[tuple[str, int, int]]]


def _unmark(line: str, where: str) -> tuple[str, _Marks]:
    """Return the sentence without marks, and per kind of mark its names with their spans in that sentence."""
    line = line.replace("¶", "\n")
    marks: _Marks = {"subject": [], "object": [], "cue": []}
    text, last = "", 0
    for match in _MARK.finditer(line):
        kind = next(kind for kind in marks if match[kind])
        text += line[last : match.start()]
        name = match.groupdict().get(f"{kind}_name") or match[kind]
        marks[kind].append((name, len(text), len(text) + len(match[kind])))
        text, last = text + match[kind], match.end()
    text += line[last:]
    if _STRAY.search(text):
        raise MarkedError(f"{where}: a bracket without its partner, or marks within marks, in {text!r}")
    return text, marks


def _expected(body: str, marks: _Marks, arrow: int, where: str) -> list[Expected]:
    words, fields = _fields(body, where)
    if len(words) != 2:
        raise MarkedError(f"{where}: {body!r}; write '→ stance predicate', then fields")
    stance, predicate = _stance(words[0], where), _predicate(words[1], where)
    subjects, objects = (_names(fields.pop(kind, ""), marks[kind]) for kind in ("subject", "object"))
    if not subjects and predicate is not Predicate.PROPOSITION:
        raise MarkedError(f"{where}: no subject; mark it as <…> or add subject=")
    if not objects and predicate not in _MAY_LACK_OBJECT:
        raise MarkedError(f"{where}: no object; mark it as […] or add object=")
    cues = marks["cue"]
    cue = cues[arrow][1:] if arrow < len(cues) else None
    rest = tuple(fields.items())
    pairs = itertools.product(subjects or (None,), objects or (None,))
    return [Expected(stance, predicate, subject, thing, cue, rest) for subject, thing in pairs]


def _names(field: str | None, marks: list[tuple[str, int, int]]) -> list[str]:
    """Return the names a field lists (None is `-`, no name), else the marked ones."""
    return [] if field is None else field.split("、") if field else [name for name, _, _ in marks]


def _silent(body: str, where: str) -> Silent:
    if body == "other":
        return Silent(other=True)
    words, fields = _fields(body, where)
    stances = [_stance(word, where) for word in words if word in set(Stance)]
    predicates = [_predicate(word, where) for word in words if word not in set(Stance)]
    if len(stances) > 1 or len(predicates) > 1 or not (words or fields):
        raise MarkedError(f"{where}: {body!r}; write at most one stance and one predicate, or 'other', a line")
    return Silent(next(iter(stances), None), next(iter(predicates), None), tuple(fields.items()))


def _fields(body: str, where: str) -> tuple[list[str], dict[str, str | None]]:
    """Split `denies exits when=2021` into the words before the first field and the fields."""
    parts = _FIELD.split(f" {body}")
    words = parts.pop(0).split()
    fields: dict[str, str | None] = {}
    for part in parts:
        key, _, value = part.partition("=")
        if not value.strip() or key in fields:
            raise MarkedError(f"{where}: {part!r}; give each field once, with a value (- for none)")
        fields[key] = None if value.strip() == "-" else value.strip()
    return words, fields


def _stance(word: str, where: str) -> Stance:
    if word not in set(Stance):
        raise MarkedError(f"{where}: {word!r} is no stance; one of {', '.join(Stance)}")
    return Stance(word)


def _predicate(word: str, where: str) -> Predicate:
    if word not in set(Predicate):
        raise MarkedError(f"{where}: {word!r} is no predicate; one of {', '.join(Predicate)}")
    return Predicate(word)
