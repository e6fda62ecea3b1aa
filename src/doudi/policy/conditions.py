"""`when`: the tests of a policy on a bill, a person, a facility. All keys of one mapping must hold; forms nest."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from doudi.policy.scalars import Count, Name, Text, Truth, Yuan
from doudi.policy.values import Model, OneOrMany

Care = Literal["inpatient", "outpatient", "special_outpatient", "emergency", "day_surgery", "pharmacy"]
Level = Literal["village", "township", "county", "city", "province"]
Grade = Literal["1", "2", "3"]
Place = Literal["pooling_area", "province", "elsewhere"]
Channel = Literal["network", "by_hand"]
Part = Literal["in_scope", "first_pay", "over_limit", "own_pay"]
PARTS: tuple[str, ...] = ("in_scope", "first_pay", "over_limit", "own_pay")
PartOrTotal = Literal["in_scope", "first_pay", "over_limit", "own_pay", "total"]


class AgeSpan(Model):
    """Whole years: `at_least` inclusive, `below` exclusive."""

    at_least: Count | None = None
    below: Count | None = None


class CountSpan(Model):
    """A count: both ends inclusive."""

    at_least: Count | None = None
    at_most: Count | None = None


class AmountTest(Model):
    """A test on an amount of the bill, which makes a cliff: `above` exclusive, `reaching` inclusive (fen)."""

    of: PartOrTotal = "total"
    above: Yuan | None = None
    reaching: Yuan | None = None

    @model_validator(mode="after")
    def _one_edge(self) -> Self:
        if (self.above is None) == (self.reaching is None):
            raise PydanticCustomError("amount_test_form", "one of above, reaching")
        return self


def _list_is_all(value: Any) -> Any:
    return {"all": value} if isinstance(value, list) else value


class When(Model):
    """One condition; every key written must hold."""

    care: OneOrMany[Care] | None = None
    level: OneOrMany[Level] | None = None
    grade: OneOrMany[Grade] | None = None
    scheme: OneOrMany[Name] | None = None
    tier: OneOrMany[Text] | None = None
    channel: OneOrMany[Channel] | None = None
    place: OneOrMany[Place] | None = None
    designated: Truth | None = None
    referred: Truth | None = None
    emergency: Truth | None = None
    contract: Truth | None = None
    accident: Truth | None = None
    uninsured: Truth | None = None
    assessed: Truth | None = None
    in_pooling_area: Truth | None = None
    in_province: Truth | None = None
    people: OneOrMany[Name] | None = None
    disease: OneOrMany[Name] | None = None
    procedure: OneOrMany[Name] | None = None
    filing: OneOrMany[Name] | None = None
    programme: OneOrMany[Name] | None = None
    routed: OneOrMany[Name] | None = None
    designated_for: OneOrMany[Name] | None = None
    age: AgeSpan | None = None
    admission: CountSpan | None = None
    amount: AmountTest | None = None
    any_: list["Condition"] | None = Field(None, alias="any", min_length=1)
    all_: list["Condition"] | None = Field(None, alias="all", min_length=1)
    not_: "Condition | None" = Field(None, alias="not")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("when_empty", "empty")
        return self


Condition = Annotated[When, BeforeValidator(_list_is_all)]
