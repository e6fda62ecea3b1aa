"""Money after the bills: patients pay at the window, funds pay hospitals a month later, departments fill their floats.

Shares are assumptions that fill the screens; what stays open are the bills of the last months and a few that never pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from doudi.server.kernel.actor import SYSTEM
from doudi.server.ledger.data import Amount, Posting
from doudi.server.settlement.models_debts import DebtMove
from doudi.server.site.demo.writing import Table
from doudi.server.site.demo.years.history import Written

NEVER = 0.004
"""Bills whose patients never paid."""
LATER = 0.06
"""Bills of the last two months that are paid later."""
CHANNELS = ("cash", "card", "wechat")
PAID_AFTER = 2
"""A month is paid to the hospitals when so many months have begun since."""

Month = tuple[int, int]


@dataclass(slots=True)
class Dues:
    """What each fund owes each hospital of each month, as bills are loaded."""

    sums: dict[tuple[Month, str, int], int] = field(default_factory=dict)

    def add(self, one: Written) -> None:
        """Another bill."""
        day = one.posting.posted_on
        for amount in one.posting.amounts:
            if amount.column == "share":
                place = (day.year, day.month), amount.fund, one.posting.facility
                self.sums[place] = self.sums.get(place, 0) + amount.fen

    def payments(self, region: int, today: date, floats: frozenset[str]) -> Iterator[Posting]:
        """What was paid to the hospitals by now; `floats`: funds that pay from a float."""
        for (month, fund, facility), fen in sorted(self.sums.items()):
            day = paid_on(month)
            if day < today:
                column = "from_float" if fund in floats else "from_fund"
                yield Posting(day, region, "hospital_paid", [Amount(column, fund, fen)], facility)

    def by_month(self, fund: str, today: date) -> Iterator[tuple[date, int]]:
        """When a fund paid how much in all."""
        found: dict[Month, int] = {}
        for (month, of, _), fen in self.sums.items():
            if of == fund:
                found[month] = found.get(month, 0) + fen
        for month, fen in sorted(found.items()):
            if paid_on(month) < today:
                yield paid_on(month), fen


def paid_on(month: Month) -> date:
    """The day on which a month's dues are paid."""
    months = month[0] * 12 + month[1] - 1 + PAID_AFTER
    return date(months // 12, months % 12 + 1, 10)


def patients_pay(rows: Sequence[Written], today: date, chance: Random) -> list[tuple[Written, str]]:
    """The bills whose patients paid at the window, and by what."""
    lately = today - timedelta(days=60)
    found = []
    for one in rows:
        left = NEVER + (LATER if one.row["settled_on"] >= lately else 0)
        if one.row["patient_fen"] and chance.random() >= left:
            found.append((one, CHANNELS[min(2, int(chance.random() * 4))]))
    return found


def payment(one: Written) -> Posting:
    """Its entry."""
    whose, fen = one.posting, one.row["patient_fen"]
    return Posting(
        whose.posted_on, whose.region, "patient_paid", [Amount("paid", "", fen)], whose.facility, whose.person,
        "settlement", one.row["id"],
    )  # fmt: skip


class Payments:
    """The table of what patients paid."""

    def __init__(self) -> None:
        """Columns are named once."""
        self.table = Table(
            DebtMove, "root_id", "region", "facility_id", "person_id", "fen", "channel", "serial", "moved_on",
            "entry_id", "at",
            constant={"kind": "paid", "request_sm3": "", "fund": "", "reason": "", "open_after_fen": 0,
                      "by_user": 0, "by_login": SYSTEM.login},
        )  # fmt: skip

    def write(self, paid: Sequence[tuple[Written, str]], entries: Sequence[int]) -> None:
        """With the entries that were posted for them."""
        self.table.add(
            [
                (
                    one.row["id"], one.row["region"], one.row["facility_id"], one.row["person_id"],
                    one.row["patient_fen"], channel, f"P{one.row['serial']}", one.row["settled_on"], entry,
                    one.row["settled_at"],
                )
                for (one, channel), entry in zip(paid, entries, strict=True)
            ]
        )  # fmt: skip
