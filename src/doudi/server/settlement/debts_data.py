"""What crosses the border about debts. Money in fen; `settlement`: its number, that of the first version."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from doudi.words import Words

Channel = Literal["cash", "card", "transfer", "wechat", "alipay", "pos"]
MoveKind = Literal["paid", "written_off", "individual", "given"]
To = Literal["debt", "patient"]
AskKind = Literal["write_off", "individual"]
Bucket = Literal["not_due", "to_30", "to_90", "to_180", "over_180", "to_refund"]

CHANNELS: dict[Channel, Words] = {
    "cash": Words("现金", "cash"),
    "card": Words("一卡通", "one-card account"),
    "transfer": Words("转账", "bank transfer"),
    "wechat": Words("微信", "WeChat"),
    "alipay": Words("支付宝", "Alipay"),
    "pos": Words("银行卡", "bank card"),
}
MOVE_WORDS: dict[MoveKind, tuple[Words, Words]] = {
    "paid": (Words("付款", "paid"), Words("退款", "refunded")),
    "written_off": (Words("核销", "written off"), Words("冲回核销", "write-off taken back")),
    "individual": (
        Words("个案处理冲抵", "individual aid"),
        Words("冲回个案处理", "individual aid taken back"),
    ),
    "given": (Words("个案处理发给患者", "aid given to the patient"), Words("收回个案款", "aid returned")),
}
"""What a movement is called above zero, and below."""
BUCKETS: dict[Bucket, Words] = {
    "not_due": Words("未到期", "not yet due"),
    "to_30": Words("逾期 1–30 天", "1–30 days overdue"),
    "to_90": Words("逾期 31–90 天", "31–90 days overdue"),
    "to_180": Words("逾期 91–180 天", "91–180 days overdue"),
    "over_180": Words("逾期 180 天以上", "over 180 days overdue"),
    "to_refund": Words("应退患者", "to be refunded"),
}


@dataclass(frozen=True, slots=True)
class DuePart:
    """One part of an agreement as it is agreed."""

    due_on: date
    fen: int


@dataclass(frozen=True, slots=True)
class Guarantor:
    """担保人 as given: name, relation to the patient, phone. Never shown whole again."""

    name: str
    relation: str
    phone: str


@dataclass(frozen=True, slots=True)
class DebtMoved:
    """A payment, refund, write-off or aid that was written, and what the patient owes now."""

    move: int
    settlement: int
    sum_fen: int
    open_fen: int
    entry: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement that stands now; `replaced` the one before, None where there was none."""

    agreement: int
    settlement: int
    sum_fen: int
    instalments: int
    replaced: int | None


@dataclass(frozen=True, slots=True)
class Handled:
    """A case that was approved, with what was posted for it."""

    case: int
    settlement: int
    sum_fen: int
    entry: int


@dataclass(frozen=True, slots=True)
class PaperKept:
    """A paper of a case."""

    paper: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a hospital asked of the county, and where that stands."""

    ask: int
    state: str


@dataclass(frozen=True, slots=True)
class DebtSums:
    """A settlement's debt: `charged_fen` the share now, what met it, `open_fen` the rest (below zero: to refund)."""

    settlement: int
    charged_fen: int
    paid_fen: int
    written_off_fen: int
    individual_fen: int
    given_fen: int

    @property
    def open_fen(self) -> int:
        """What is still owed."""
        return self.charged_fen - self.paid_fen - self.written_off_fen - self.individual_fen


@dataclass(frozen=True, slots=True)
class DebtFilter:
    """`open`: only what is not settled. `region`: a 12-digit code. `person`: of one person (all their records)."""

    facility: int | None = None
    region: int | None = None
    person: int | None = None
    bucket: Bucket | None = None
    open: bool = True


@dataclass(frozen=True, slots=True)
class DebtRow:
    """A debt in a list. `name` and `number` are masked, "" where the settlement was loaded without its slip."""

    id: int
    number: str
    region: int
    facility: int
    person: int
    name: str
    masked_number: str
    settled_on: date
    charged_fen: int
    met_fen: int
    open_fen: int
    due_on: date
    days_overdue: int
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class BucketSum:
    """How many debts of how much are in a bucket."""

    bucket: Bucket
    count: int
    fen: int


@dataclass(frozen=True, slots=True)
class FacilityDebts:
    """One hospital's debts by bucket."""

    facility: int
    buckets: tuple[BucketSum, ...]

    @property
    def count(self) -> int:
        """How many are owed, those to refund apart."""
        return sum(one.count for one in self.buckets if one.bucket != "to_refund")

    @property
    def fen(self) -> int:
        """How much is owed."""
        return sum(one.fen for one in self.buckets if one.bucket != "to_refund")

    @property
    def overdue_fen(self) -> int:
        """How much of it is overdue."""
        return sum(one.fen for one in self.buckets if one.bucket not in ("to_refund", "not_due"))


@dataclass(frozen=True, slots=True)
class InstalmentView:
    """A part of an agreement: how much of it is met."""

    position: int
    due_on: date
    fen: int
    met_fen: int

    @property
    def open_fen(self) -> int:
        """What is missing."""
        return self.fen - self.met_fen


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement. The guarantor is masked."""

    id: int
    made_on: date
    made_login: str
    fen: int
    entitled: str
    reason: str
    paper_number: str
    guarantor_name: str
    guarantor_relation: str
    guarantor_phone: str
    ended_at: datetime | None
    instalments: tuple[InstalmentView, ...]


@dataclass(frozen=True, slots=True)
class MoveView:
    """One movement of a debt."""

    id: int
    kind: MoveKind
    words: Words
    fen: int
    channel: Words | None
    serial: str
    fund: str
    case: int | None
    reason: str
    moved_on: date
    at: datetime
    by_login: str
    entry: int
    open_after_fen: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """An approved case."""

    id: int
    settlement: int
    number: str
    region: int
    facility: int
    person: int
    payer: str
    fund: str
    to: To
    fen: int
    reason: str
    papers: tuple[int, ...]
    approved_on: date
    approved_login: str


@dataclass(frozen=True, slots=True)
class AskView:
    """What a hospital asked."""

    id: int
    settlement: int
    number: str
    region: int
    facility: int
    person: int
    kind: AskKind
    fen: int
    reason: str
    state: str
    answer: str
    asked_login: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Right:
    """A right of the policy to treatment before payment, in its own words. `instalments`: to pay in parts."""

    name: str
    words: Words
    instalments: bool


@dataclass(frozen=True, slots=True)
class CaseLimit:
    """From what a case of this bill may be paid, at most. `payer` "" and `approver` "": a fund beside the policy."""

    payer: str
    words: Words
    fund: str
    approver: str
    at_most_fen: int
    given_fen: int

    @property
    def left_fen(self) -> int:
        """What may still be given."""
        return max(0, self.at_most_fen - self.given_fen)


@dataclass(frozen=True, slots=True)
class DebtView:
    """A debt with its history. `rights`: what the policy gives; None where it is not installed as it was."""

    row: DebtRow
    sums: DebtSums
    reversed: bool
    rights: tuple[Right, ...] | None
    agreement: AgreementView | None
    earlier: tuple[AgreementView, ...]
    moves: tuple[MoveView, ...]
    cases: tuple[CaseView, ...]
    asks: tuple[AskView, ...]
    refundable_fen: int = 0


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases: by facility, fund, year of approval."""

    facility: int | None = None
    fund: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class CaseSum:
    """What a fund of a county (`region`, its key) gave by cases that a filter finds."""

    region: int
    fund: str
    count: int
    fen: int


@dataclass(frozen=True, slots=True)
class DebtProof:
    """Σ of a county: what patients owe by the journal, by the bills, by the list. `broken`: facilities that differ."""

    region: int
    facilities: int
    debts: int
    ledger_fen: int
    bills_fen: int
    listed_fen: int
    broken: tuple[int, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.broken
