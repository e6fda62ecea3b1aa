"""What settling again changes: differences between versions of bills, as they cross the border. Money in fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from doudi.server.settlement.data import BillInput, Kind
from doudi.words import Words

Cause = Literal["bill", "reversal", "parked", "cascade", "readjudication"]
"""Why a version was written: the bill itself; its reversal, asked for or parked; the reversal of an earlier bill; what
became known late."""


@dataclass(frozen=True, slots=True)
class Money:
    """What a version comes to. `shares`: payer → fen; `funds`: fund → fen; zero is left out."""

    total_fen: int
    in_scope_fen: int
    first_pay_fen: int
    over_limit_fen: int
    own_pay_fen: int
    shares: dict[str, int]
    funds: dict[str, int]
    paid_fen: int
    hospital_fen: int
    patient_fen: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A bill that would be decided otherwise now. `after` None: the law refuses it now, for what `refused` says.

    `payers`, `funds`, `hospital_fen`, `patient_fen`: after less before. `why`: which facts changed. `recorded`: payers
    whose amount was decided elsewhere and stays as it is, whatever has become known since.
    """

    settlement: int
    number: str
    version: int
    person: int
    facility: int
    serial: str
    settled_on: date
    benefit_year: int
    posted_no: int
    before: Money
    after: Money | None
    payers: dict[str, int]
    funds: dict[str, int]
    hospital_fen: int
    patient_fen: int
    why: tuple[Words, ...]
    recorded: tuple[str, ...] = ()
    refused: Words | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """All differences together: by payer, by fund, the hospitals, the patients."""

    payers: dict[str, int]
    funds: dict[str, int]
    hospital_fen: int
    patient_fen: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A bill as it should have been submitted: the whole content, for the bill's old place.

    Person, facility, care, registration and benefit year stay; who needs another one of these reverses and settles again.
    """

    settlement: int
    bill: BillInput


@dataclass(frozen=True, slots=True)
class Changed:
    """A version that was written: of which settlement, what it changed. `entry` None: no money moved."""

    settlement: int
    number: str
    version: int
    kind: Kind
    entry: int | None
    payers: dict[str, int]
    funds: dict[str, int]
    hospital_fen: int
    patient_fen: int


@dataclass(frozen=True, slots=True)
class Reversed:
    """冲正: what was taken back, and what later bills got instead, in the order of posting."""

    settlement: int
    number: str
    reversed: Changed
    cascade: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class ReversedOrParked:
    """A reversal by the original's serial: done, or parked until the original comes."""

    serial: str
    parked: int | None
    done: Reversed | None


@dataclass(frozen=True, slots=True)
class ReversalPreview:
    """What a reversal would do now. `cascade`: later bills, in the order of posting; a `refused` one would stand."""

    settlement: int
    number: str
    undone: Money
    cascade: tuple[Difference, ...]
    totals: Totals
    later_bills_stand: bool


@dataclass(frozen=True, slots=True)
class Readjudication:
    """What settling a person's bills again would change, in the order of posting. `bills`: how many were looked at.

    `stopped`: why nothing can be posted (a bill that the law refuses now, a policy not confirmed). `fingerprint`: SM3 of
    what would be posted; an approval holds for this and nothing else. `region`: of the first bill; where it is proposed.
    """

    person: int
    region: int
    bills: int
    differences: tuple[Difference, ...]
    totals: Totals
    stopped: tuple[Words, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Readjudicated:
    """What was posted."""

    person: int
    fingerprint: str
    changed: tuple[Changed, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class ParkedView:
    """A reversal that waits for its original. `days`: since when, in full days."""

    parked: int
    facility: int
    region: int
    serial: str
    reversal_serial: str
    reason: str
    parked_at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class StalePerson:
    """A person whose bills would be decided otherwise now, as a look found: how many, how many refused, what it moves."""

    number: int
    person: int
    region: int
    looked_at: datetime
    bills: int
    refused: int
    paid_delta_fen: int
    patient_delta_fen: int


@dataclass(frozen=True, slots=True)
class Looked:
    """How many persons were looked at, how many are stale; after which person the next look goes on, if at all."""

    looked: int
    stale: int
    next_after: int | None


def totals_of(changes: tuple[Difference, ...] | tuple[Changed, ...]) -> Totals:
    """Added up; a refused difference moves nothing."""
    payers: dict[str, int] = {}
    funds: dict[str, int] = {}
    for one in changes:
        for found, added in ((payers, one.payers), (funds, one.funds)):
            for name, fen in added.items():
                found[name] = found.get(name, 0) + fen
    return Totals(
        {name: fen for name, fen in sorted(payers.items()) if fen},
        {name: fen for name, fen in sorted(funds.items()) if fen},
        sum(one.hospital_fen for one in changes),
        sum(one.patient_fen for one in changes),
    )
