"""A benefit: when it applies, what it draws on, how much it pays. The meaning of each key: docs/policy-language.md."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from doudi.policy.conditions import Condition, Part, PartOrTotal
from doudi.policy.scalars import AnyRate, Day, Name, SignedYuan, Text, Truth, Yuan, YuanOrShare
from doudi.policy.values import AmountValue, Cited, FactorValue, Model, OneOrMany, RateValue, Value

Period = Literal["bill", "stay", "day", "month", "quarter", "year", "household_year", "lifetime"]


class Title(Model):
    """A name in Chinese and, where there is one, English."""

    zh: Text
    en: Text | None = None


def _title(value: Any) -> Any:
    return {"zh": value} if isinstance(value, str) else value


NameText = Annotated[Title, BeforeValidator(_title)]


class Accepted(Cited):
    """A cliff or a fall that the law really has: who says so and why it stays."""

    reason: Text


class YearlyLimit(AmountValue):
    """`at_most` of a deductible: no more than this is taken within `per`."""

    per: Period = "year"
    as_: Name | None = Field(None, alias="as")


class Deductible(AmountValue):
    """What is taken off before a benefit pays; `per` is its scope."""

    per: Period | None = None
    as_: Name | None = Field(None, alias="as")
    at_most: YearlyLimit | None = None
    across_year: Literal["old", "difference", "new"] = "difference"
    counts_again: Truth = False


class Cap(AmountValue):
    """The most that may be paid within `per`."""

    per: Period = "bill"
    each: Literal["disease"] | None = None
    as_: Name | None = Field(None, alias="as")


class Cumulative(Model):
    """The accumulator that is the position of a benefit on its schedule."""

    per: Period = "year"
    as_: Name | None = Field(None, alias="as")
    when: Condition | None = None


def _period_only(value: Any) -> Any:
    return {"per": value} if isinstance(value, str) else value


class Within(Model):
    """A stretch of the schedule, from `above` to `up_to` (yuan)."""

    above: Yuan = 0
    up_to: Yuan | None = None


class _Adjust(Cited):
    when: Condition | None = None
    stack: Truth = False
    penalty: Truth = False

    def change(self) -> str:
        """The one key that says how the number changes."""
        found = [key for key in _CHANGES if getattr(self, key, None) is not None]
        return found[0]

    @model_validator(mode="after")
    def _one_change(self) -> Self:
        if sum(getattr(self, key, None) is not None for key in _CHANGES) != 1:
            raise PydanticCustomError("adjust_form", "one change")
        return self


_CHANGES = ("set", "points", "times", "plus", "at_least", "at_most")


class RateAdjust(_Adjust):
    """A change to a rate."""

    number: Literal["rate"]
    set: RateValue | None = None
    points: RateValue | None = None
    times: FactorValue | None = None
    at_least: RateValue | None = None
    within: Within | None = None


class AmountAdjust(_Adjust):
    """A change to a deductible or to the caps written in the benefit."""

    number: Literal["deductible", "cap"]
    set: AmountValue | None = None
    times: FactorValue | None = None
    plus: Value[SignedYuan] | None = None
    at_least: AmountValue | None = None
    at_most: AmountValue | None = None


def _adjust_kind(value: Any) -> str:
    number = value.get("number") if isinstance(value, dict) else None
    return "amount" if number in ("deductible", "cap") else "rate"


Adjust = Annotated[
    Annotated[RateAdjust, Tag("rate")] | Annotated[AmountAdjust, Tag("amount")], Discriminator(_adjust_kind)
]


class Band(Cited):
    """One band of a schedule: from its edge to the next one's."""

    above: Yuan | None = None
    reaching: Yuan | None = None
    up_to: Yuan | None = None
    rate: RateValue | None = None
    plus: SignedYuan | None = None
    lump: Yuan | None = None

    @property
    def edge(self) -> int:
        """Where the band begins, in fen; 0 for the first."""
        return self.above if self.above is not None else (self.reaching or 0)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.above is not None and self.reaching is not None:
            raise PydanticCustomError("band_two_edges", "two edges")
        if (self.rate is None) == (self.lump is None) or (self.plus is not None and self.rate is None):
            raise PydanticCustomError("band_form", "rate or lump")
        return self


class Guarantee(Cited):
    """A promised share of parts of the bill."""

    share: RateValue
    of: OneOrMany[PartOrTotal]
    per: Literal["bill", "year"] = "bill"


class PayerCovers(Cited):
    """What payer and benefit have in common."""

    name: NameText | None = None
    when: Condition | None = None
    fund: Name | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    covers: OneOrMany[PartOrTotal] | None = None
    cap: Annotated[list[Name | Cap], BeforeValidator(lambda v: v if isinstance(v, list) else [v])] = []


class Benefit(PayerCovers):
    """One benefit of a payer."""

    benefit: Name
    whole: Truth = False
    less: OneOrMany[Name] | None = None
    portion: Text | None = None
    without: Text | None = None
    counts_at_most: YuanOrShare | None = None
    deductible: Deductible | None = None
    rate: RateValue | None = None
    bands: list[Band] | None = Field(None, min_length=1)
    edges: Literal["absolute", "above_deductible"] = "absolute"
    schedule: Literal["marginal", "slab", "lump", "quick"] | None = None
    cumulative: Annotated[Cumulative, BeforeValidator(_period_only)] | None = None
    pays: Literal["difference", "catch_up"] = "difference"
    adjust: list[Adjust] = []
    offset: OneOrMany[Name] | None = None
    raises_to: Guarantee | None = None
    own_at_least: Guarantee | None = None
    patient_at_most: Guarantee | None = None
    draw: Literal["in_order", "pro_rata"] | None = None
    accepted: Accepted | None = None
    formula: Text | None = None

    @model_validator(mode="after")
    def _pays_one_way(self) -> Self:
        ways = sum(way is not None for way in (self.rate, self.bands, self.formula))
        if ways > 1:
            raise PydanticCustomError("benefit_two_ways", "rate, bands or formula")
        if ways == 0 and not (self.raises_to or self.own_at_least or self.patient_at_most):
            raise PydanticCustomError("benefit_pays_nothing", "no way to pay")
        return self

    @property
    def kind(self) -> Literal["marginal", "slab", "lump", "quick"]:
        """How the schedule reads: as written, else from what its bands hold."""
        if self.schedule is not None:
            return self.schedule
        bands = self.bands or []
        if any(band.lump is not None for band in bands):
            return "lump"
        return "quick" if any(band.plus is not None for band in bands) else "marginal"


__all__ = ["Adjust", "AmountAdjust", "AnyRate", "Band", "Benefit", "Cap", "Deductible", "Part", "RateAdjust"]
