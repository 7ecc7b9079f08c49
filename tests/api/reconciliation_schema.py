"""What the Reconciliation API 0.2 lets a service answer, as strict models: read off the specification, and apart from the server's own."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, model_validator


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


Id = Annotated[str, StringConstraints(min_length=1)]
Template = Annotated[str, StringConstraints(pattern=r"^https?://.*\{\{id\}\}")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+$")]


class Type(Strict):
    id: Id
    name: Id
    broader: list["Type"] | None = None


class Feature(Strict):
    id: Id
    value: bool | int | float


class Candidate(BaseModel):
    """Further fields are not forbidden by the specification."""

    model_config = ConfigDict(strict=True)

    id: Id
    name: Id
    description: str = ""
    score: int | float
    features: list[Feature] = []
    match: bool = False
    type: list[Type] = []

    @model_validator(mode="after")
    def _features_are_unique(self) -> "Candidate":
        assert len({feature.id for feature in self.features}) == len(self.features)
        return self


class Result(Strict):
    result: list[Candidate]

    @model_validator(mode="after")
    def _best_first(self) -> "Result":
        scores = [candidate.score for candidate in self.result]
        assert scores == sorted(scores, reverse=True)
        return self


class Results(RootModel[dict[str, Result]]):
    pass


class View(Strict):
    url: Template


class Preview(View):
    width: int
    height: int


class Service(Strict):
    service_url: Address
    service_path: Annotated[str, StringConstraints(pattern="^/")]


class Suggest(Service):
    flyout_service_url: Address
    flyout_service_path: Annotated[str, StringConstraints(pattern=r"^/.*\$\{id\}")]


class Suggests(Strict):
    entity: Suggest
    type: Suggest
    property: Suggest


class Setting(Strict):
    name: Id
    label: Id
    type: Annotated[str, StringConstraints(pattern="^(number|text|checkbox|select)$")]
    default: Any
    help_text: str


class Extend(Strict):
    propose_properties: Service
    property_settings: list[Setting]


class Manifest(Strict):
    versions: list[str]
    name: Id
    identifierSpace: Annotated[str, StringConstraints(pattern="^https?://")]
    schemaSpace: Annotated[str, StringConstraints(pattern="^https?://")]
    defaultTypes: list[Type]
    documentation: str
    serviceVersion: str
    view: View
    feature_view: View
    preview: Preview
    suggest: Suggests
    extend: Extend
    batchSize: Annotated[int, Field(gt=0)]


class Suggestion(Strict):
    id: Id
    name: Id
    description: str = ""
    notable: list[Type] = []


class Suggestions(Strict):
    result: list[Suggestion]


class Flyout(Strict):
    id: Id
    html: Id


class Property(Strict):
    id: Id
    name: Id


class Proposals(Strict):
    type: str
    limit: int | None = None
    properties: list[Property]


class EntityCell(Strict):
    id: Id
    name: Id


class TextCell(Strict):
    str: str


class NumberCell(Strict):
    int: int


class DateCell(Strict):
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$")]


class Extended(Strict):
    meta: list[Property]
    rows: dict[str, dict[str, list[EntityCell | TextCell | NumberCell | DateCell]]]

    @model_validator(mode="after")
    def _every_row_has_every_column(self) -> "Extended":
        columns = {each.id for each in self.meta}
        assert all(set(row) == columns for row in self.rows.values())
        return self
