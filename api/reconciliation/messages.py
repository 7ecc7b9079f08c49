"""The messages of the Reconciliation API 0.2: what clients send, and what they are answered."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from api.schemas import Schema

_LONGEST = 500  # characters of a name
_VALUES = 50
_MOST_CANDIDATES = 50
_CONDITIONS = 10

Word = Annotated[str, Field(max_length=_LONGEST)]


class Asked(BaseModel):
    """What clients send; a field that the API does not know is a mistake of theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EntityValue(Asked):
    """A value that was reconciled before."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Word
    name: Word | None = None


Value = bool | int | float | Word | EntityValue


class Condition(Asked):
    """A property of the entity that is sought, and the values that it has one of."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pid: Word = Field(examples=["owns"])
    v: Value | Annotated[list[Value], Field(max_length=_VALUES)]

    @property
    def values(self) -> list[Value]:
        """The values, also where only one was sent."""
        return self.v if isinstance(self.v, list) else [self.v]


class Strictness(StrEnum):
    """Whether an entity must be of one of the types, of all, or should be."""

    ANY = "any"
    ALL = "all"
    SHOULD = "should"


def _named(name: str) -> str:
    if not name.strip():
        raise ValueError("is blank; send a name, or only properties")
    return name.strip()


class Query(Asked):
    """An entity that is sought: by its name, by what is said of it, or both."""

    query: Annotated[Word, AfterValidator(_named)] | None = Field(None, examples=["华为技术有限公司"])
    type: Word | Annotated[list[Word], Field(max_length=_VALUES)] | None = Field(None, examples=["company"])
    limit: Annotated[int, Field(ge=1)] | None = None
    properties: Annotated[list[Condition], Field(max_length=_CONDITIONS)] = []
    type_strict: Strictness = Strictness.SHOULD

    @model_validator(mode="before")
    @classmethod
    def _something(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and not sent.get("query") and not sent.get("properties"):
            raise ValueError("a query needs a name in `query`, or `properties`")
        return sent

    @property
    def types(self) -> list[str]:
        """The types, also where only one was sent."""
        return [self.type] if isinstance(self.type, str) else self.type or []

    @property
    def most(self) -> int:
        """How many candidates are wanted."""
        return min(self.limit or 10, _MOST_CANDIDATES)


class Queries(RootModel[dict[str, Query]]):
    """A batch of queries by the ids that the client gives them."""


class WantedProperty(Asked):
    """A property that is to be fetched, and how."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Word
    settings: dict[str, Any] = {}


class Extension(Asked):
    """Entities and the properties that are to be fetched of them."""

    ids: list[Word]
    properties: Annotated[list[WantedProperty], Field(max_length=_VALUES)]


class Type(Schema):
    """A kind of entity."""

    id: str = Field(examples=["company"])
    name: str = Field(examples=["企业 · company"])
    broader: list["Type"] | None = None


class Feature(Schema):
    """One reason for a score, as a number or as true."""

    id: str = Field(examples=["alias"])
    value: bool | float


class Candidate(Schema):
    """An entity that may be the one sought. `matched` is the name by which it was found, `features` why it scores as it does."""

    id: str = Field(examples=["华为"])
    name: str
    description: str
    type: list[Type]
    score: float = Field(ge=0, le=100)
    match: bool = Field(description="Whether it can be taken without looking: named exactly so, and nothing else is")
    features: list[Feature]
    matched: str | None


class Result(Schema):
    """The candidates for one query, the best first."""

    result: list[Candidate]


class Suggestion(Schema):
    """An entity, a type or a property for who has typed the beginning of its name."""

    id: str
    name: str
    description: str
    notable: list[Type] | None = None


class Suggestions(Schema):
    """What a prefix may mean, the best first."""

    result: list[Suggestion]


class Flyout(Schema):
    """A small piece of HTML about something."""

    id: str
    html: str


class Property(Schema):
    """Something that can be asked of an entity."""

    id: str = Field(examples=["owns"])
    name: str = Field(examples=["拥有 · owns"])


class Proposals(Schema):
    """The properties that entities of a type may have."""

    type: str
    limit: int | None = None
    properties: list[Property]


Cell = dict[str, str | int | float]


class Extended(Schema):
    """The values of properties: `meta` names the columns, `rows` has them by entity and property."""

    meta: list[Property]
    rows: dict[str, dict[str, list[Cell]]]
