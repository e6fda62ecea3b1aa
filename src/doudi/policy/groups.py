"""Named groups that conditions and tables speak of: categories, people, diseases, procedures, programmes."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from doudi.policy.conditions import AgeSpan, Level
from doudi.policy.scalars import CodePrefix, Count, Day, Name, Text, Truth
from doudi.policy.values import Cited, OneOrMany


class Category(Cited):
    """A category of persons and the department that vouches for it."""

    zh: Text
    en: Text | None = None
    department: Text | None = None
    basis: Text | None = None


class Keeps(Cited):
    """A category that ended still counts before this date (脱贫不脱策)."""

    after_exit_until: Day


class People(Cited):
    """A group of categories: one of `any`, every one of `all`, none of `none`."""

    zh: Text
    en: Text | None = None
    any_: OneOrMany[Name] | None = Field(None, alias="any")
    all_: OneOrMany[Name] | None = Field(None, alias="all")
    none: OneOrMany[Name] | None = None
    keeps: Keeps | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.any_ or self.all_ or self.none):
            raise PydanticCustomError("people_empty", "nobody")
        return self


class Disease(Cited):
    """Diagnoses by ICD-10 prefix or range; `anywhere` looks beyond the main diagnosis."""

    zh: Text
    en: Text | None = None
    icd10: OneOrMany[CodePrefix]
    anywhere: Truth = False
    age: AgeSpan | None = None


class Procedure(Cited):
    """Procedures by ICD-9-CM-3 prefix."""

    zh: Text
    en: Text | None = None
    icd9cm3: OneOrMany[CodePrefix]


class DiseaseList(Cited):
    """The diseases of a programme from a date on; `until` exclusive."""

    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    names: OneOrMany[Name]
    count: Count | None = None


class Routing(Cited):
    """Which levels of hospital treat which diseases of a programme; without `diseases`: all others."""

    diseases: OneOrMany[Name] | None = None
    age: AgeSpan | None = None
    levels: OneOrMany[Level]


def _dated_lists(value: object) -> object:
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return [{"names": value}]
    return value


class Programme(Cited):
    """A treatment programme: whose, for which diseases, in which hospitals."""

    zh: Text
    en: Text | None = None
    people: OneOrMany[Name] | None = None
    roster: Truth = False
    diseases: Annotated[list[DiseaseList], BeforeValidator(_dated_lists)] = []
    count: Count | None = None
    routing: list[Routing] = []
    designated: Truth = False
