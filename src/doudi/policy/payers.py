"""Payers in their order, and the rules that change a bill before the first of them."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from doudi.policy.benefits import Benefit, Cap, PayerCovers
from doudi.policy.conditions import Condition, Part
from doudi.policy.scalars import Day, MonthDay, Name, Text, Yuan
from doudi.policy.values import AmountValue, Cited, RateValue

DateOfBill = Literal["admitted", "discharged", "settled"]


class YearRule(Cited):
    """Which benefit year a bill belongs to."""

    begins: MonthDay | None = None
    as_of: DateOfBill | None = None
    across: Literal["whole", "split"] | None = None


class Clearing(Cited):
    """How this payer's money reaches the hospital."""

    advanced_by: Text | None = None
    float_: Yuan | None = Field(None, alias="float")
    repaid: Literal["at_once", "monthly", "quarterly", "yearly"] | None = None


class BillRule(Cited):
    """Changes the parts of a bill before any payer sees it: moves a share, or puts a fixed price in their place."""

    rule: Name
    name: Text | None = None
    when: Condition | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    move: RateValue | None = None
    of: Part | None = None
    to: Part | None = None
    fixed_price: AmountValue | None = None
    below: Literal["actual", "price"] = "actual"

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        moves = self.move is not None and self.of is not None and self.to is not None and self.of != self.to
        if moves == (self.fixed_price is not None) or (not moves and (self.move or self.of or self.to)):
            raise PydanticCustomError("bill_rule_form", "move or fixed_price")
        return self


class Payer(PayerCovers):
    """One payer with its benefits; what it leaves passes on to the next."""

    payer: Name
    decided: Literal["here", "elsewhere", "case_by_case"] = "here"
    approver: Text | None = None
    settled: Literal["bill", "year_end"] = "bill"
    for_: Literal["person", "household"] = Field("person", alias="for")
    choose: Literal["first", "best", "all"] = "first"
    year: YearRule | None = None
    caps: dict[Name, Cap] = {}
    clearing: Clearing | None = None
    benefits: list[Benefit] = []

    @model_validator(mode="after")
    def _can_pay(self) -> Self:
        if self.decided == "here" and not self.benefits:
            raise PydanticCustomError("payer_without_benefits", "no benefit")
        if self.decided == "case_by_case" and self.approver is None:
            raise PydanticCustomError("approver_missing", "approver")
        return self
