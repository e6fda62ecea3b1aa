"""What was proved about a policy, by which method, and the bills that show what is wrong.

A harm is never a suspicion: `before` and `after` are settle files that `doudi settle` replays, and the amounts are
what it answered. The two files differ in one thing – a little more cost, or one more category of hardship.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from doudi.words import Words

Method = Literal["certificate", "branches", "tested", "undecided"]
Kind = Literal["patient_gains", "payers_fall", "hardship_worse", "above_left", "negative_share"]
SettleFile = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Amounts:
    """What two bills cost and who paid it, in fen: total, patient, all payers together, each payer."""

    total: tuple[int, int]
    patient: tuple[int, int]
    payers: tuple[int, int]
    each: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Harm:
    """A concrete pair of bills: what happens, where it comes from, and whether the policy admits it."""

    kind: Kind
    words: Words
    before: SettleFile
    after: SettleFile
    amounts: Amounts
    payer: str
    benefit: str | None
    path: Path
    step_fen: int


@dataclass(frozen=True)
class Accepted:
    """A benefit whose jump or fall the policy admits, with its reason; `shown` where a bill shows it.

    `idle`: it is proved that there is nothing to admit.
    """

    payer: str
    benefit: str
    reason: str
    path: Path
    shown: Harm | None
    idle: bool = False


@dataclass(frozen=True)
class PayerMethod:
    """How it is known that what a payer leaves never shrinks with more cost."""

    payer: str
    method: Method
    why: Words


@dataclass(frozen=True)
class Overflow:
    """Whether every number stays within 64 bits; else the instructions that may not."""

    safe: bool
    instructions: tuple[str, ...] = ()


@dataclass(frozen=True)
class HarmReport:
    """Everything the checker can say about no harm in one policy."""

    policy: str
    method: Method
    payers: tuple[PayerMethod, ...]
    hardship: Method
    classes: int
    vectors: int
    findings: tuple[Harm, ...]
    accepted: tuple[Accepted, ...]
    overflow: Overflow | None
    notes: tuple[Words, ...] = ()

    @property
    def harmless(self) -> bool:
        """Whether nothing undeclared was found and nothing stays undecided."""
        undecided = "undecided" in (self.method, self.hardship)
        return not self.findings and not undecided and (self.overflow is None or self.overflow.safe)
