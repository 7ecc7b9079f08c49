"""The records that pass from stage to stage. Frozen; offsets are half-open code points into `Document.text`."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MODEL_RULE = "model:"  # in the rule of every statement that a chat model made, before its name
STANDARD_INPUT = "stdin"  # the source of a piped text; it says nothing about which text, so none replaces another


class Stance(StrEnum):
    """What the speaker does with the proposition."""

    ASSERTS = "asserts"
    DENIES = "denies"
    PLANS = "plans"
    AIMS = "aims"
    PREDICTS = "predicts"
    REPORTS = "reports"


class Predicate(StrEnum):
    """The closed list of relations."""

    OWNS = "owns"
    DEVELOPS = "develops"
    LAUNCHES = "launches"
    OPEN_SOURCES = "open_sources"
    TARGETS = "targets"
    PARTNERS_WITH = "partners_with"
    PROVIDES = "provides"
    USES = "uses"
    SUPPORTS = "supports"
    REPLACES = "replaces"
    COMPETES_WITH = "competes_with"
    ACQUIRES = "acquires"
    INVESTS_IN = "invests_in"
    DIVESTS = "divests"
    LISTS = "lists"
    EXITS = "exits"
    FOUNDS = "founds"
    RESTRICTS = "restricts"
    PERMITS = "permits"
    HOLDS_ROLE = "holds_role"
    OPERATES_IN = "operates_in"
    METRIC = "metric"
    PROPOSITION = "proposition"


class Kind(StrEnum):
    """What an entity is. `CONCEPT` is whatever else a statement can be about: a market, a scenario, a user group."""

    COMPANY = "company"
    UNIT = "unit"
    PRODUCT = "product"
    TECHNOLOGY = "technology"
    PERSON = "person"
    ORGANISATION = "organisation"
    STATE = "state"
    PLACE = "place"
    EVENT = "event"
    CONCEPT = "concept"


class BlockKind(StrEnum):
    """What a line or paragraph of a document is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    NOTE = "note"  # an editor's note, a source line, a caption
    FURNITURE = "furniture"  # log-in bars, share buttons, ICP lines, advertisements


class Role(StrEnum):
    """What a turn does in the conversation."""

    QUESTION = "question"
    ANSWER = "answer"
    NARRATION = "narration"


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read. `text` never changes; `name` is the file's name without its ending.

    `published` is ISO 8601 as coarse as known (`2021-09-24`, `2020`), or None.
    """

    id: str
    name: str
    text: str
    source: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A line or paragraph, and what it is. Blocks do not overlap; blank space lies between them."""

    start: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of text that one voice answers for.

    `speaker` is the name in the label (`徐直军`, `记者`), None in narration. The span leaves the label out.
    """

    start: int
    end: int
    role: Role
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; `turn` and `block` are indexes into the layout."""

    start: int
    end: int
    turn: int
    block: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: the stretch between two of the marks that end one, without the marks; `sentence` is an index."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A document cut up. Each sequence is sorted by start; furniture, titles and headings hold no sentences."""

    blocks: tuple[Block, ...]
    turns: tuple[Turn, ...]
    sentences: tuple[Sentence, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text; `rule` says what found it (`lexicon`, `lac`, a pattern's name, …)."""

    start: int
    end: int
    text: str
    kind: Kind
    rule: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention and the one entity it names; `basis` is exact, alias or short form.

    `entity` is what records of this document call it. `canonical` is the lexicon's name for it, where the document uses others only.
    """

    mention: Mention
    entity: str
    kind: Kind
    basis: str
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A mention or pronoun that more than one entity, or none, could be meant by; kept and counted."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `value` is in digits with 万/亿 multiplied out, or a rank as written; `unit` only if written."""

    start: int
    end: int
    value: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A date or period, resolved to ISO 8601 as coarse as the text (`2022-12`, `2021-H1`, `2021-Q2`).

    `deadline` is true where the wording itself says "by then" (`到2030年`, `年底前`).
    """

    start: int
    end: int
    iso: str
    deadline: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who answers for a clause. `content` is where what is said begins, past the frame (`徐直军表示,`).

    `hearsay` is true where the speaker passes on what others say (rumours, `据报道`, a question's premise).
    """

    clause: int
    content: int
    speaker: str | None
    hearsay: bool
    asked: bool


class Taking(StrEnum):
    """How an answer takes a question, as far as its wording tells."""

    ACCEPTS = "accepts"
    REJECTS = "rejects"
    EVADES = "evades"
    ANSWERS = "answers"  # neither a yes nor a no nor an evasion opens it


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer; without a question where a narrator tells that somebody evades.

    `asker` and `answerer` are names as the document has them, None where it names nobody.
    """

    question_start: int | None
    question_end: int | None
    answer_start: int
    answer_end: int
    asker: str | None
    answerer: str | None
    taking: Taking


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that statements are about, with every form it was named by; in a graph it goes by its canonical name, if it has another."""

    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what, about what, when, in which words. The first fourteen fields are the exchange record.

    `subject`, `object` and `speaker` are canonical entity names where the kind beside them is set, else free text.
    `id` digests document, span, speaker, stance, subject, predicate, object.
    """

    doc: str
    start: int
    end: int
    quote: str
    speaker: str | None
    stance: Stance
    subject: str | None
    predicate: Predicate
    object: str | None
    value: str | None
    unit: str | None
    when: str | None
    due: str | None
    id: str
    subject_kind: Kind | None
    object_kind: Kind | None
    speaker_kind: Kind | None
    on_behalf_of: str | None
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What a chat model was asked about one document, and what became of its answers.

    `prompt` is the digest of the guideline it was given. Tokens and `seconds` are those of the requests that were answered, whether now or
    in an earlier run. `rejections` counts the proposed statements that the text did not bear out, by cause.
    """

    model: str
    prompt: str
    requests: int
    prompt_tokens: int
    answer_tokens: int
    seconds: float
    accepted: int
    rejections: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two statements, by id, in which two readers give the same claim on the same evidence another stance."""

    rules: str
    model: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read out of one document; `disputes` and `reading` where a chat model read it, too; `exchanges` where somebody asked."""

    document: Document
    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]
    unresolved: tuple[Unresolved, ...]
    disputes: tuple[Dispute, ...] = ()
    reading: ModelReading | None = None
    exchanges: tuple[Exchange, ...] = ()


def digest(*parts: str | None) -> str:
    """Sixteen hexadecimal digits that stand for the parts, the same on every machine.

    >>> digest("华为", None) == digest("华为", None), digest("华为", None) == digest("华为", "")
    (True, False)
    """
    joined = "\x1f".join("\x00" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def digest_of(parts: Iterable[str]) -> str:
    """Return the digest of parts that come one by one, too many to be held.

    >>> digest_of(iter(["华为", "云"])) == digest("华为", "云")
    True
    """
    whole = hashlib.sha256()
    for number, part in enumerate(parts):
        whole.update(f"\x1f{part}".encode() if number else part.encode())
    return whole.hexdigest()[:16]
