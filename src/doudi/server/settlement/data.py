"""What crosses the border of settlement. Money in fen, dates inclusive unless they are called `until`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from doudi.words import Words

Care = Literal["inpatient", "outpatient", "special_outpatient", "emergency", "day_surgery", "pharmacy"]
Kind = Literal["settled", "replaced", "reversed"]
Weight = Literal["stop", "look"]


@dataclass(frozen=True, slots=True)
class LineInput:
    """One fee line as the hospital has it. Without `code` it is an item of no catalogue: own pay.

    `quantity` as text with at most four decimals; `day` None: the day of admission.
    """

    name: str
    amount_fen: int
    code: str = ""
    quantity: str = "1"
    day: date | None = None


@dataclass(frozen=True, slots=True)
class BillInput:
    """A bill as a facility submits it: either fee lines, or the four cost parts that sum to the total.

    `recorded`: what the national platform has decided for a payer, in fen; it is recorded, never judged (decision 7).
    `stay` "": the registration's, or the bill is a stay of its own.
    """

    person: int
    care: Care
    admitted_on: date
    discharged_on: date
    in_scope_fen: int = 0
    first_pay_fen: int = 0
    over_limit_fen: int = 0
    own_pay_fen: int = 0
    lines: tuple[LineInput, ...] = ()
    portions: dict[str, int] = field(default_factory=dict)
    recorded: dict[str, int] = field(default_factory=dict)
    diagnoses: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    registration: int | None = None
    department: str = ""
    assessed: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What one payer pays of a bill. `recorded`: decided elsewhere. `fund` as in the policy."""

    payer: str
    words: Words
    fund: str
    fen: int
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a clerk must see before money moves. `stop`: it cannot be settled so; `look`: it can, once seen."""

    code: str
    weight: Weight
    words: Words
    remedy: Words | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """试算: what settling would do now. Nothing is written. `explanation`: the steps of docs/settle-file.md."""

    person: int
    policy: str
    policy_hash: str
    title: Words
    total_fen: int
    in_scope_fen: int
    first_pay_fen: int
    over_limit_fen: int
    own_pay_fen: int
    shares: tuple[Share, ...]
    hospital_fen: int
    patient_fen: int
    patient_in_scope_fen: int
    benefit_year: int
    notices: tuple[Notice, ...]
    explanation: list[Any] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement as it was first posted. The same for ever, whatever becomes of it later."""

    settlement: int
    number: str
    posted_no: int
    benefit_year: int
    total_fen: int
    paid_fen: int
    hospital_fen: int
    patient_fen: int
    shares: dict[str, int]
    decision_sha256: str
    entry: int


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A settlement in a list: its current version."""

    settlement: int
    number: str
    kind: Kind
    version: int
    facility: int
    serial: str
    person: int
    region: int
    scheme: str
    benefit_year: int
    posted_no: int
    care: str
    level: str
    admitted_on: date
    discharged_on: date
    settled_on: date
    settled_at: datetime
    main_diagnosis: str
    categories: tuple[str, ...]
    total_fen: int
    in_scope_fen: int
    shares: dict[str, int]
    paid_fen: int
    hospital_fen: int
    patient_fen: int
    policy: str
    cause: str
    reason: str


@dataclass(frozen=True, slots=True)
class RegistrationMade:
    """The number of a registration: the same however often its serial is sent."""

    registration: int
    serial: str


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """就诊登记: a stay or visit at a facility. `settled`: bills settled on it that stand; `held`: holds that stand.

    `state`: `open`, `discharged` or `cancelled`.
    """

    registration: int
    facility: int
    serial: str
    person: int
    region: int
    care: str
    admitted_on: date
    discharged_on: date | None
    department: str
    diagnoses: tuple[str, ...]
    state: str
    opened_at: datetime
    close_reason: str = ""
    settled: int = 0
    held: int = 0


def number_of(settlement: int, settled_on: date) -> str:
    """The number people read: the day and the number of the row."""
    return f"{settled_on:%Y%m%d}-{settlement:08d}"
