"""The journal: accounts, entries and their lines; what is counted from them; the periods and the floats.

Everything here is added and never changed (`migrations/0002_protect.py`). An entry and all its lines come in one
statement, so an entry is whole and sums to zero or is not there. No balance is kept in a row of its own that all
settlements of a county would wait for: a balance is what was counted up to an entry (`DaySum`, up to `Count`) and the
lines since (`balances.py`).

`region` of an account, a sum, a period is the county's key; of an entry and its lines the key as it was posted, which
row-level security goes by. Lines name no constraint to their entry and account: the trigger compares them all at once,
and neither can ever go away.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Account(models.Model):
    """One account: a kind in a county, of a fund ("" none) and a facility (0 none). Opened by the first entry."""

    region = models.IntegerField()
    kind = models.CharField(max_length=20)
    fund = models.CharField(max_length=60, blank=True)
    facility = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region", "kind", "fund", "facility"], name="ledger_account_once"
            ),
            models.CheckConstraint(
                condition=Q(region__gte=0) & Q(region=F("region") / 1000 * 1000),
                name="ledger_account_of_county",
            ),
        ]


class Entry(models.Model):
    """One posting: what it is for, of whom, and how many lines it has. `back`: the entry it takes back or corrects."""

    region = models.IntegerField()
    posted_on = models.DateField()
    template = models.CharField(max_length=40)
    facility = models.IntegerField(default=0)
    person_id = models.BigIntegerField(null=True)
    source_kind = models.CharField(max_length=40, blank=True)
    source_id = models.BigIntegerField(default=0)
    back = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    line_count = models.SmallIntegerField()
    by_user = models.BigIntegerField()
    posted_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["source_kind", "source_id"], name="ledger_entry_source"),
            models.Index(fields=["back"], name="ledger_entry_back", condition=Q(back__isnull=False)),
        ]


class Line(models.Model):
    """One line: so many fen on an account, debit above zero. Facility, person and day are those of its entry."""

    pk = models.CompositePrimaryKey("entry", "position")
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="lines"
    )
    position = models.SmallIntegerField()
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="lines"
    )
    region = models.IntegerField()
    facility = models.IntegerField(default=0)
    person_id = models.BigIntegerField(null=True)
    posted_on = models.DateField()
    fen = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["account", "posted_on", "entry"], include=["fen"], name="ledger_line_account"
            ),
        ]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(fen=0), name="ledger_line_not_zero")]


class Count(models.Model):
    """The journal was counted into `DaySum` up to an entry (inclusive)."""

    until_entry = models.BigIntegerField(unique=True)
    lines = models.BigIntegerField()
    at = models.DateTimeField()


class DaySum(models.Model):
    """What one count found on an account for one day of posting; a day that got late lines has several."""

    count = models.ForeignKey(Count, on_delete=models.PROTECT, db_index=False, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, related_name="+")
    region = models.IntegerField()
    facility = models.IntegerField(default=0)
    posted_on = models.DateField()
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["account", "posted_on"],
                include=["debit_fen", "credit_fen"],
                name="ledger_daysum_account",
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["count", "account", "posted_on"], name="ledger_daysum_once"),
            models.CheckConstraint(
                condition=Q(debit_fen__gte=0, credit_fen__gte=0), name="ledger_daysum_sides"
            ),
        ]


class Period(models.Model):
    """The books of a county begin with a month, or a month was closed. `month` is its first day."""

    region = models.IntegerField()
    month = models.DateField()
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by_user = models.BigIntegerField()
    by_login = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region", "month"], condition=Q(state="closed"), name="ledger_period_closed_once"
            ),
            models.UniqueConstraint(
                fields=["region"], condition=Q(state="begun"), name="ledger_period_begun_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("begun", "closed"), month__day=1), name="ledger_period_known"
            ),
        ]


class Closing(models.Model):
    """What an account stood at when its month was closed: the trial balance of the month, for ever."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, db_index=False, related_name="closings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, related_name="+")
    region = models.IntegerField()
    facility = models.IntegerField(default=0)
    opening_fen = models.BigIntegerField()
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "account"], name="ledger_closing_once"),
        ]


class FloatLevel(models.Model):
    """What a department has agreed to keep as a float for its fund, and below what it is warned. The last row holds."""

    region = models.IntegerField()
    fund = models.CharField(max_length=60)
    agreed_fen = models.BigIntegerField()
    warning_fen = models.BigIntegerField()
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_user = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region", "fund", "-id"], name="ledger_float_level")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(agreed_fen__gte=0, warning_fen__gte=0, warning_fen__lte=F("agreed_fen")),
                name="ledger_float_in_order",
            ),
        ]


class FloatMovement(models.Model):
    """Money a department paid in, or was paid back (below zero), with the number of its bank paper: an entry's source."""

    region = models.IntegerField()
    fund = models.CharField(max_length=60)
    on_date = models.DateField()
    fen = models.BigIntegerField()
    voucher = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_user = models.BigIntegerField()
    by_login = models.CharField(max_length=60)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region", "fund", "on_date"], name="ledger_float_movement")]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(fen=0), name="ledger_movement_not_zero")]


class Proof(models.Model):
    """What a nightly proof found in the books of a county: how much it looked at, and what did not agree."""

    region = models.IntegerField()
    at = models.DateTimeField()
    entries = models.BigIntegerField()
    lines = models.BigIntegerField()
    holds = models.BooleanField()
    found = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region", "-id"], name="ledger_proof_region")]
