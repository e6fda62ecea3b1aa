"""How a policy writes a number: a scalar, a table by attributes, or a list of dated readings – always with its source.

`Value[T]` is one number of the law in any of these forms, normalised: `dated` holds the readings in order of date,
or there is a single undated one in `value` or `by`/`rows`.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from doudi.policy.scalars import AnyRate, Day, Rate, Text, YuanOrShare

T = TypeVar("T")


class Model(BaseModel):
    """Base of all forms: unknown keys are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, defer_build=True)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class _OrOne:
    """In the JSON Schema: what is a list may be written as its only item."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        listed: dict[str, Any] = handler(core)
        return {"anyOf": [listed["items"], listed]}


OneOrMany = Annotated[list[T], BeforeValidator(_as_list), Field(min_length=1), _OrOne()]


class Cite(BaseModel):
    """One citation: a key of `sources`, and the passage word for word when it is quoted."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    source: str
    passage: str | None = None


def _read_cites(value: Any) -> list[Cite]:
    cites: list[Cite] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            cites.append(Cite(source=item.strip()))
        elif isinstance(item, dict) and item and all(isinstance(text, str) for text in item.values()):
            cites += [Cite(source=key, passage=text) for key, text in item.items()]
        else:
            raise PydanticCustomError("cite_form", "citation")
    return cites


_CITE_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
    ]
}
Cites = Annotated[list[Cite], PlainValidator(_read_cites), WithJsonSchema(_CITE_SCHEMA)]


class Cited(Model):
    """Anything that may carry its source: `cite` names documents, `assumed` gives the reason where none exists."""

    cite: Cites = []
    assumed: Text | None = None
    note: Text | None = None


Attribute = Literal[
    "level", "grade", "care", "scheme", "tier", "place", "channel", "admission", "people", "disease"
]


def _leaf_or_rows(value: Any) -> str:
    return "rows" if isinstance(value, dict) else "leaf"


class Reading(Cited, Generic[T]):
    """One reading of a number: plain or as a table; `from` inclusive, `until` exclusive (law date)."""

    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    value: T | None = None
    by: (
        Annotated[list[Attribute], BeforeValidator(_as_list), Field(min_length=1, max_length=2), _OrOne()]
        | None
    ) = None
    rows: (
        dict[
            str,
            Annotated[
                Annotated[T, Tag("leaf")] | Annotated[dict[str, T], Tag("rows")], Discriminator(_leaf_or_rows)
            ],
        ]
        | None
    ) = Field(None, min_length=1)
    default: T | None = None
    range: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _amount_is_value(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "amount" not in data:
            return data
        if "value" in data:
            raise PydanticCustomError("value_and_amount", "synonyms", {"at": ("amount",)})
        return {("value" if key == "amount" else key): item for key, item in data.items()}

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.by is None) != (self.rows is None):
            raise PydanticCustomError("table_form", "by and rows belong together")
        if self._forms() != 1:
            raise PydanticCustomError("value_form", "one of value, by/rows")
        return self

    def _forms(self) -> int:
        return (self.value is not None) + (self.rows is not None)


class Bound(Cited, Generic[T]):
    """What a child policy may not cross (不低于, 不超过)."""

    at_least: T | None = None
    at_most: T | None = None


class Value(Reading[T], Generic[T]):
    """A number of the law in any form; `dated` when it changes with the law date."""

    dated: list[Reading[T]] | None = Field(None, min_length=1)
    bound: Bound[T] | None = None

    @model_validator(mode="before")
    @classmethod
    def _normalise(cls, data: Any) -> Any:
        if isinstance(data, list):
            return {"dated": data}
        if not isinstance(data, dict):
            return {"value": data}
        if isinstance(data.get("amount", data.get("value")), list) and not {"amount", "value"} <= data.keys():
            return {("dated" if key in ("amount", "value") else key): item for key, item in data.items()}
        return data

    def _forms(self) -> int:
        return super()._forms() + (self.dated is not None)

    def readings(self) -> list[Reading[T]]:
        """The readings in the order written; a single undated one unless the number is dated."""
        return list(self.dated) if self.dated is not None else [self]

    @model_validator(mode="after")
    def _dates_ascend(self) -> Self:
        last: date | None = None
        for index, reading in enumerate(self.dated or []):
            at = ("dated", index, "from")
            if reading.from_ is None:
                raise PydanticCustomError("dated_without_from", "from missing", {"at": at})
            if last is not None and reading.from_ <= last:
                raise PydanticCustomError(
                    "dated_not_ascending", "order", {"text": str(reading.from_), "at": at}
                )
            if reading.until is not None and reading.until <= reading.from_:
                raise PydanticCustomError("dated_empty", "empty", {"text": str(reading.from_), "at": at})
            last = reading.from_ if reading.until is None else reading.until - timedelta(days=1)
        return self


RateValue = Value[Rate]
FactorValue = Value[AnyRate]
AmountValue = Value[YuanOrShare]
