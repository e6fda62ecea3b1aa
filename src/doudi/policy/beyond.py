"""What a policy says beyond the single bill: premiums, grants, entitlements, claims by hand, targets."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from doudi.policy.benefits import NameText
from doudi.policy.conditions import Condition
from doudi.policy.scalars import Count, Day, Name, Rate, Text, Truth
from doudi.policy.values import AmountValue, Cited, Model, OneOrMany, RateValue


class Subsidy(Cited):
    """Who pays how much of whose premium; `first_refund_later`: the person pays and is refunded (先缴后返)."""

    subsidy: Name
    people: OneOrMany[Name] | None = None
    fund: Name | None = None
    share: RateValue | None = None
    amount: AmountValue | None = None
    pay: Literal["direct", "first_refund_later"] = "direct"
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None

    @model_validator(mode="after")
    def _share_or_amount(self) -> Self:
        if (self.share is None) == (self.amount is None):
            raise PydanticCustomError("subsidy_form", "share or amount")
        return self


class Enrolment(Cited):
    """The yearly premium of a person and its subsidies."""

    premium: AmountValue
    subsidies: list[Subsidy] = []


class Grant(Cited):
    """A sum on an event."""

    grant: Name
    name: NameText
    event: Name
    when: Condition | None = None
    amount: AmountValue
    per: Literal["event", "month", "year"] = "event"
    fund: Name | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None


class Entitlement(Cited):
    """A right that is not money, such as treatment before payment."""

    entitlement: Name
    zh: Text
    en: Text | None = None
    when: Condition | None = None
    instalments: Truth = False


class Claims(Cited):
    """Reimbursement by hand: where, within how long, what stops the clock."""

    where: OneOrMany[Text]
    within_working_days: Count | None = None
    stops_clock: list[Text] = []
    papers: list[Text] = []


Measure = Literal["patient", "patient_in_scope", "total", "in_scope", "paid", "paid_in_scope"]


class Goal(Model):
    """The goal of a target."""

    at_most: Rate | None = None
    at_least: Rate | None = None
    about: Rate | None = None


class Target(Cited):
    """An indicator that is measured and never silently paid."""

    target: Name
    name: NameText
    numerator: Measure
    denominator: Measure
    when: Condition | None = None
    per: Literal["bill", "year"] = "year"
    goal: Goal
