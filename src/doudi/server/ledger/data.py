"""What crosses the border of the ledger: amounts to be posted, and what its queries answer. Money is whole fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from doudi.server.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of a posting: a column of its template, the fund where the column is of a fund, and fen.

    Negative fen take back; zero is left out.
    """

    column: str
    fund: str
    fen: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to be written: as the words of `post`."""

    posted_on: date
    region: int
    template: str
    amounts: Sequence[Amount]
    facility: int = 0
    person: int | None = None
    source_kind: str = ""
    source_id: int = 0
    back: int | None = None


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account: a kind in a county (`region`, its key), of a fund ("" none) and a facility (0 none)."""

    id: int
    region: int
    kind: str
    fund: str
    facility: int


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account in a month: what it stood at before, what moved on each side. Debit is above zero."""

    account: AccountView
    opening_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def closing_fen(self) -> int:
        """What it stands at after the month."""
        return self.opening_fen + self.debit_fen - self.credit_fen


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts of a county in a month, by kind, fund and facility. Openings sum to zero; debits equal credits."""

    region: int
    month: date
    closed: bool
    lines: tuple[TrialLine, ...]
    debit_fen: int
    credit_fen: int

    @property
    def balances(self) -> bool:
        """Whether it sums to zero, before the month and in it."""
        return self.debit_fen == self.credit_fen and sum(line.opening_fen for line in self.lines) == 0


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of an account with its entry; `balance_fen`: what the account stands at after it."""

    entry: int
    position: int
    region: int
    posted_on: date
    template: str
    facility: int
    person: int | None
    source_kind: str
    source_id: int
    back: int | None
    fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class AccountLines:
    """A page of the lines of an account, in the order of days; `opening_fen` before the first day asked for."""

    account: AccountView
    opening_fen: int
    page: Page[LineView]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of an entry."""

    account: AccountView
    fen: int

    @property
    def debit_fen(self) -> int:
        """What stands on the left."""
        return max(self.fen, 0)

    @property
    def credit_fen(self) -> int:
        """What stands on the right."""
        return max(-self.fen, 0)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its lines. `taken_back_by`: entries that take it back or correct it."""

    id: int
    region: int
    posted_on: date
    posted_at: datetime
    template: str
    facility: int
    person: int | None
    source_kind: str
    source_id: int
    back: int | None
    taken_back_by: tuple[int, ...]
    by_user: int
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What a fund of a county came to owe a facility in a month, and paid it. `region`: the county's key.

    `account`: the number of the account of what is due, whose lines are the bills and payments.
    """

    region: int
    fund: str
    account: int
    month: date
    owed_fen: int
    paid_fen: int

    @property
    def open_fen(self) -> int:
        """What of it is not paid; paid in another month than owed, it is below zero there."""
        return self.owed_fen - self.paid_fen


@dataclass(frozen=True, slots=True)
class FloatView:
    """A department's float for its fund on a day.

    `available_fen` is the balance without what the fund owes to facilities already. `use_fen` is what it used up in a
    full month, on the average of `months` of them; `exhausted` the month in which nothing is left at that pace (None:
    not within five years).
    """

    region: int
    fund: str
    agreed_fen: int
    warning_fen: int
    balance_fen: int
    outstanding_fen: int
    use_fen: int
    months: int
    exhausted: date | None
    source: str

    @property
    def available_fen(self) -> int:
        """What can still be promised."""
        return self.balance_fen - self.outstanding_fen

    @property
    def low(self) -> bool:
        """Whether the department must be asked for money."""
        return self.available_fen < self.warning_fen


@dataclass(frozen=True, slots=True)
class FloatMoved:
    """A deposit or a return that was written: its own number and the number of its entry."""

    movement: int
    entry: int


@dataclass(frozen=True, slots=True)
class MovementView:
    """A deposit, or below zero a return."""

    movement: int
    region: int
    fund: str
    on_date: date
    fen: int
    voucher: str
    by_login: str


@dataclass(frozen=True, slots=True)
class LevelSet:
    """The levels of a float as they hold now."""

    region: int
    fund: str
    agreed_fen: int
    warning_fen: int


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A month of the books of a county, by its first day."""

    region: int
    month: date
    closed: bool
    at: datetime | None
    by_login: str


@dataclass(frozen=True, slots=True)
class Periods:
    """The months of a county, the last first; with which month the books begin; which month is next to be closed."""

    region: int
    begun: date | None
    months: tuple[PeriodView, ...]
    next_to_close: date | None
    proof: ProofView | None


@dataclass(frozen=True, slots=True)
class PeriodSet:
    """A month that was opened or closed; how many accounts its closing holds."""

    region: int
    month: date
    accounts: int


@dataclass(frozen=True, slots=True)
class Summed:
    """How far the journal is counted now, and how many lines that added. `waiting`: a long posting is under way."""

    until_entry: int
    lines: int
    waiting: bool


@dataclass(frozen=True, slots=True)
class ProofView:
    """What the last proof of a county's books found: nothing, or which rows do not agree."""

    region: int
    at: datetime
    entries: int
    lines: int
    holds: bool
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proved:
    """A run of the proof over all counties."""

    counties: int
    entries: int
    lines: int
    broken: tuple[int, ...]
