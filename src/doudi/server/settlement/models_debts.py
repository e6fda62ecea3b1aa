"""The tables of what patients owe: what was paid on it, agreed about it, written off and given for it.

What a patient owes of a bill is the share of its current version less what met it since: payments, write-offs and aid
decided for the case. Each of these is one row of `DebtMove`, which is only added, with its entry in the ledger. `Debt` is
that sum, one row a bill, kept by triggers alone (`migrations/0004_protect_debts.py`): lists of what is open and overdue
are read from an index and not added up. `prove_debts` holds it against the rows and against the ledger.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

MOVES = ("paid", "written_off", "individual", "given")
"""Money from the patient; a debt given up; aid that meets the debt; aid handed to the patient, which meets no debt."""


class Debt(models.Model):
    """What a bill's patient owes, in fen. `root_id`: the number of the settlement; `current_id`: its current version.

    `due_on`: when the oldest part that is open is due: the day of settling, or the instalment agreed.
    """

    root_id = models.BigIntegerField(primary_key=True)
    current_id = models.BigIntegerField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    person_id = models.BigIntegerField()
    settled_on = models.DateField()
    charged_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    written_off_fen = models.BigIntegerField(default=0)
    individual_fen = models.BigIntegerField(default=0)
    given_fen = models.BigIntegerField(default=0)
    open_fen = models.GeneratedField(
        expression=F("charged_fen") - F("paid_fen") - F("written_off_fen") - F("individual_fen"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    due_on = models.DateField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["facility_id", "due_on", "root_id"],
                name="settlement_debt_here",
                condition=~Q(open_fen=0),
            ),
            models.Index(
                fields=["region", "due_on", "root_id"],
                name="settlement_debt_region",
                condition=~Q(open_fen=0),
            ),
            models.Index(fields=["person_id"], name="settlement_debt_whose"),
        ]


class Agreement(models.Model):
    """先诊疗后付费、分期: what was agreed about an open debt. A new one replaces it; `ended_at` says since when.

    `entitled`: the policy gave the right (by its name); "" where the hospital granted it of its own will, for `reason`.
    `guarantor_sealed`: name, relation and phone, sealed.
    """

    root_id = models.BigIntegerField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    person_id = models.BigIntegerField()
    fen = models.BigIntegerField()
    entitled = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    guarantor_sealed = models.BinaryField(null=True)
    paper_number = models.CharField(max_length=60, blank=True)
    made_on = models.DateField()
    made_by = models.BigIntegerField()
    made_login = models.CharField(max_length=60)
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["root_id"], condition=Q(ended_at__isnull=True), name="settlement_agreement_one"
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="settlement_agreement_positive"),
        ]


class Instalment(models.Model):
    """One part of an agreement. The oldest are met first; nothing is written here when they are."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="instalments")
    root_id = models.BigIntegerField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    person_id = models.BigIntegerField()
    position = models.SmallIntegerField()
    due_on = models.DateField()
    fen = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["root_id"], name="settlement_instalment_of")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "position"], name="settlement_instalment_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="settlement_instalment_positive"),
        ]


class DebtMove(models.Model):
    """What met a debt (above zero) or was taken back (below), with its entry. `serial`: the facility's own number.

    `open_after_fen`: what the receipt says was owed after it.
    """

    root_id = models.BigIntegerField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    fen = models.BigIntegerField()
    channel = models.CharField(max_length=12, blank=True)
    serial = models.CharField(max_length=60, blank=True)
    request_sm3 = models.CharField(max_length=64, blank=True)
    fund = models.CharField(max_length=60, blank=True)
    case_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    open_after_fen = models.BigIntegerField(db_default=0)
    moved_on = models.DateField()
    entry_id = models.BigIntegerField()
    by_user = models.BigIntegerField()
    by_login = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["root_id"], name="settlement_move_of"),
            models.Index(fields=["facility_id", "moved_on"], name="settlement_move_here"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["facility_id", "serial"], condition=~Q(serial=""), name="settlement_move_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=MOVES), name="settlement_move_known"),
            models.CheckConstraint(condition=~Q(fen=0), name="settlement_move_not_zero"),
            models.CheckConstraint(
                condition=Q(kind="paid") ^ Q(channel="", serial=""), name="settlement_move_paid_by"
            ),
        ]


class DebtCase(models.Model):
    """个案处理 that was approved: so much of a fund for one bill, why, on which papers. Its entry stands on its move.

    `payer`: of the policy, decided case by case; "" where the county gave from a fund beside the policy.
    """

    root_id = models.BigIntegerField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    person_id = models.BigIntegerField()
    benefit_year = models.SmallIntegerField()
    payer = models.CharField(max_length=60, blank=True)
    fund = models.CharField(max_length=60)
    to = models.CharField(max_length=8)
    fen = models.BigIntegerField()
    reason = models.CharField(max_length=400)
    papers = ArrayField(models.BigIntegerField(), default=list)
    approved_on = models.DateField()
    approved_by = models.BigIntegerField()
    approved_login = models.CharField(max_length=60)
    approved_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region", "-id"], name="settlement_case_region"),
            models.Index(fields=["root_id"], name="settlement_case_of"),
            models.Index(fields=["person_id", "benefit_year"], name="settlement_case_whose"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to__in=("debt", "patient")), name="settlement_case_to"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="settlement_case_positive"),
        ]


class DebtAsk(models.Model):
    """A hospital asks the county to write a debt off, or to handle the case. The county proposes it, or declines."""

    root_id = models.BigIntegerField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    fen = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="asked")
    answer = models.CharField(max_length=200, blank=True)
    asked_by = models.BigIntegerField()
    asked_login = models.CharField(max_length=60)
    asked_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region", "id"], name="settlement_ask_waiting", condition=Q(state="asked")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["root_id", "kind"], condition=Q(state="asked"), name="settlement_ask_one"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("write_off", "individual")), name="settlement_ask_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "granted", "declined", "withdrawn")),
                name="settlement_ask_state",
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="settlement_ask_positive"),
        ]
