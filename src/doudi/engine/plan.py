"""What each register of a program means to a reader: the outline from which explanations are told.

The plan runs beside the instructions and never computes money; it names the registers that hold a base, a rate, a
limit, and the numbers of the law they came from. Registers are integers; None means the form was not written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from doudi.engine.program import Unit
from doudi.words import Words

Register = int
NO_WORDS = Words("", "")


@dataclass(frozen=True, eq=False, repr=False)
class Leaf:
    """One cell of the law, read where every (register, code) holds."""

    cell: Register
    label: str
    conditions: tuple[tuple[Register, int], ...] = ()
    fallback: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class NumberPlan:
    """A number: the register of its value on this bill and the cells it may come from."""

    register: Register
    unit: Unit
    leaves: tuple[Leaf, ...]
    known: Register | None = None


@dataclass(frozen=True, eq=False, repr=False)
class TestPlan:
    """A condition: a test on a fact, or `any`, `all`, `not` of others."""

    kind: str
    register: Register
    argument: str = ""
    words: Words = NO_WORDS
    parts: tuple[TestPlan, ...] = ()
    possible: Register | None = None


@dataclass(frozen=True, eq=False, repr=False)
class AdjustPlan:
    """One adjustment: did it hold, by which number, what the number was before and after."""

    change: str
    test: TestPlan | None
    holds: Register
    by: NumberPlan
    before: Register
    after: Register
    group: Literal["set", "bonus", "stack", "penalty"]
    label: str


@dataclass(frozen=True, eq=False, repr=False)
class AdjustedPlan:
    """A number with its adjustments."""

    number: NumberPlan
    adjusts: tuple[AdjustPlan, ...]
    register: Register


BaseMode = Literal["left", "whole", "less", "portion", "deductible_of"]
GuaranteeKind = Literal["raises_to", "own_at_least", "patient_at_most"]
AdjustGroup = Literal["set", "bonus", "stack", "penalty"]
ScheduleKind = Literal["marginal", "slab", "lump", "quick"]
RuleKind = Literal["move", "fixed_price"]


@dataclass(frozen=True, eq=False, repr=False)
class BasePlan:
    """What a benefit counts: parts and how they were read."""

    mode: BaseMode
    parts: tuple[tuple[str, Register], ...]
    amount: Register
    names: tuple[str, ...] = ()
    taken_out: Register | None = None
    without: str | None = None
    limit: Register | None = None
    limit_number: NumberPlan | None = None
    uncut: Register | None = None


@dataclass(frozen=True, eq=False, repr=False)
class DeductiblePlan:
    """The deductible and what of it was taken."""

    amount: AdjustedPlan
    period: str
    in_schedule: bool
    taken: Register
    used: Register | None = None
    accumulator: str | None = None
    limit: NumberPlan | None = None
    limit_used: Register | None = None


@dataclass(frozen=True, eq=False, repr=False)
class SegmentPlan:
    """One stretch of the schedule: its upper edge (None: open) and its rate, quick-deduction or lump."""

    upper: Register | None
    rate: AdjustedPlan
    plus: Register | None = None
    band: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class SchedulePlan:
    """How an amount follows from the position."""

    kind: ScheduleKind
    edges: Literal["absolute", "above_deductible"]
    segments: tuple[SegmentPlan, ...]
    start: Register
    end: Register
    rounded_start: Register
    rounded_end: Register
    paid_before: Register | None
    amount: Register
    position: str | None = None
    deductible: Register | None = None


@dataclass(frozen=True, eq=False, repr=False)
class GuaranteePlan:
    """A guarantee: what it promises and what it makes of the amount."""

    kind: GuaranteeKind
    share: NumberPlan
    parts: tuple[str, ...]
    whole: Register
    left: Register
    promised: Register
    floor: Register
    before: Register
    after: Register
    owed_before: Register | None = None
    whole_before: Register | None = None


@dataclass(frozen=True, eq=False, repr=False)
class LimitPlan:
    """A cap, or what is left of the drawn parts."""

    kind: Literal["cap", "left"]
    name: str
    period: str
    limit: Register
    used: Register | None
    available: Register
    before: Register
    after: Register
    amount: AdjustedPlan | None = None
    percent_of: Register | None = None
    of: str | None = None


@dataclass(frozen=True, eq=False, repr=False)
class FormulaPlan:
    """A formula as written, its operands by name, and its result."""

    text: str
    operands: tuple[tuple[str, Register], ...]
    amount: Register


@dataclass(frozen=True, eq=False, repr=False)
class BenefitPlan:
    """One benefit, from base to draw."""

    name: str
    label: str
    index: int
    in_force: NumberPlan | None
    test: TestPlan | None
    applies: Register
    chosen: Register
    base: BasePlan
    deductible: DeductiblePlan | None
    schedule: SchedulePlan | None
    formula: FormulaPlan | None
    offset: tuple[tuple[str, Register], ...]
    after_offset: Register | None
    guarantees: tuple[GuaranteePlan, ...]
    limits: tuple[LimitPlan, ...]
    drawn: tuple[tuple[str, Register], ...]
    amount: Register
    draw: str = "in_order"


@dataclass(frozen=True, eq=False, repr=False)
class PayerPlan:
    """One payer with its benefits."""

    name: str
    index: int
    in_force: NumberPlan | None
    test: TestPlan | None
    applies: Register
    benefits: tuple[BenefitPlan, ...]
    rule_amount: Register
    amount: Register
    drawn: tuple[tuple[str, Register], ...]
    decided: str
    given: Register | None = None
    given_known: Register | None = None
    positions: tuple[tuple[str, Register, Register], ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class RulePlan:
    """A bill rule and the parts before and after it."""

    name: str
    index: int
    test: TestPlan | None
    applies: Register
    number: NumberPlan
    kind: RuleKind
    moved: Register | None
    of: str
    to: str
    before: tuple[tuple[str, Register], ...]
    after: tuple[tuple[str, Register], ...]


@dataclass(frozen=True, eq=False, repr=False)
class BillPlan:
    """The outline of a whole bill."""

    total: Register
    parts: tuple[tuple[str, Register], ...]
    rules: tuple[RulePlan, ...]
    payers: tuple[PayerPlan, ...]
    left: tuple[tuple[str, Register], ...]
    hospital: Register
    patient: Register
    extra: dict[str, Register] = field(default_factory=dict)
