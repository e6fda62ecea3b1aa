"""The whole policy document as typed forms."""

from typing import Literal

from pydantic import Field

from doudi.policy.benefits import Title
from doudi.policy.beyond import Claims, Enrolment, Entitlement, Grant, Target
from doudi.policy.groups import Category, Disease, People, Procedure, Programme
from doudi.policy.payers import BillRule, DateOfBill, Payer, YearRule
from doudi.policy.scalars import Day, Digits, Name, PolicyId, Region, Text, Truth, YuanOrShare
from doudi.policy.values import Cited, Model, OneOrMany, Value


class InForce(Cited):
    """From when (inclusive) until when (exclusive) the policy holds."""

    from_: Day = Field(alias="from")
    until: Day | None = None


class LawRule(Cited):
    """The date that picks the version of the law."""

    as_of: DateOfBill = "discharged"


class IdentityRule(Cited):
    """The date on which categories count, and what several of them mean."""

    as_of: DateOfBill = "admitted"
    several: Literal["best_per_payer", "best_single"] = "best_per_payer"


class RoundingRule(Cited):
    """The one rounding of every schedule."""

    to: Literal["fen", "jiao", "yuan"] = "fen"
    mode: Literal["half_up", "half_even", "down"] = "half_up"


class Source(Model):
    """Where a number of the law stands."""

    title: Text
    document: Text | None = None
    section: Text | None = None
    url: Text | None = None
    published: Day | None = None
    kind: Literal["document", "news", "software", "repository"] = "document"


class Figure(Cited):
    """A dated number of a region, such as income per head."""

    zh: Text
    en: Text | None = None
    value: Value[YuanOrShare]


class Gap(Cited):
    """Where the documents are silent, leave a thing open or contradict each other."""

    gap: Name
    kind: Literal["silent", "open", "conflict"]
    zh: Text
    en: Text | None = None


class PolicyDocument(Model):
    """A policy after inheritance. Money in fen, rates in basis points, `from` inclusive, `until` exclusive."""

    policy: PolicyId
    title: Title
    region: Region
    in_force: InForce
    extends: PolicyId | None = None
    abstract: Truth = False
    variant: Truth = False
    note: Text | None = None
    law: LawRule = Field(default_factory=LawRule)
    identity: IdentityRule = Field(default_factory=IdentityRule)
    year: YearRule = Field(default_factory=YearRule)
    rounding: RoundingRule = Field(default_factory=RoundingRule)
    reversal: Literal["replay", "stand"] = "replay"
    pooling_area: Digits | None = None
    schemes: OneOrMany[Name] | None = None
    cases: Text | None = None
    sources: dict[Name, Source] = {}
    gaps: list[Gap] = []
    figures: dict[Name, Figure] = {}
    funds: dict[Name, Title] = {}
    categories: dict[Name, Category] = {}
    people: dict[Name, People] = {}
    diseases: dict[Name, Disease] = {}
    procedures: dict[Name, Procedure] = {}
    programmes: dict[Name, Programme] = {}
    bill: list[BillRule] = []
    payers: list[Payer] = Field(min_length=1)
    order: list[Name] | None = None
    enrolment: Enrolment | None = None
    grants: list[Grant] = []
    entitlements: list[Entitlement] = []
    claims: Claims | None = None
    targets: list[Target] = []
