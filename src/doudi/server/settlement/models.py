"""The tables of settlement: bills decided once, what a year has used, what is held.

A bill's decisions are a chain of versions in `Settlement`: the first when it is settled, another whenever something known
late changes it (void and replace), the last when it is reversed. A version is never changed; `superseded_at` is set once,
when the next one stands. The current version of a bill is the one without it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

KINDS = ("settled", "replaced", "reversed")
SCOPES = ("person", "household")


class Registration(models.Model):
    """就诊登记: an admission or a visit at a facility, while it is open and after. Several bills may be settled on it."""

    facility_id = models.IntegerField()
    serial = models.CharField(max_length=60)
    request_sm3 = models.CharField(max_length=64, blank=True)
    person_id = models.BigIntegerField()
    region = models.IntegerField()
    care = models.CharField(max_length=30)
    admitted_on = models.DateField()
    discharged_on = models.DateField(null=True)
    department = models.CharField(max_length=60, blank=True)
    diagnoses = ArrayField(models.CharField(max_length=20), default=list)
    state = models.CharField(max_length=12, default="open")
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField(db_default=Now())
    closed_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_id"], name="settlement_registration_whose"),
            models.Index(fields=["facility_id", "state", "-id"], name="settlement_registration_here"),
            models.Index(fields=["region", "state"], name="settlement_registration_region"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["facility_id", "serial"], name="settlement_registration_once"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "discharged", "cancelled")),
                name="settlement_registration_state",
            ),
            models.CheckConstraint(
                condition=Q(discharged_on__isnull=True) | Q(discharged_on__gte=F("admitted_on")),
                name="settlement_registration_days",
            ),
        ]


class Settlement(models.Model):
    """One version of a bill's decision. Money in fen. `region`: where the person is insured: who pays.

    `root_id` is the first version's number: the number of the settlement for people. `shares`: payer → fen; `funds`:
    [[payer, fund, fen], …]. `moved` is what this version adds to the accumulators: [[scope, name, period, fen], …].
    `reserved` is what others' holds kept back when it was judged: [[hold, scope, name, period, fen], …].

    A reversed version is worth nothing, so that sums over current versions need not ask for its kind; it keeps the record
    of what it takes back. `reversal_serial` is its own number at the facility. `cause_id` names the first of the versions
    that were written together with this one: the reversal, or the first of a re-adjudication.
    """

    kind = models.CharField(max_length=8)
    root_id = models.BigIntegerField()
    version = models.SmallIntegerField()
    replaces_id = models.BigIntegerField(null=True)
    superseded_at = models.DateTimeField(null=True)
    facility_id = models.IntegerField()
    serial = models.CharField(max_length=60)
    request_sm3 = models.CharField(max_length=64)
    registration_id = models.BigIntegerField(null=True)
    stay = models.CharField(max_length=100)
    person_id = models.BigIntegerField()
    household_id = models.BigIntegerField(null=True)
    region = models.IntegerField()
    scheme = models.CharField(max_length=40, blank=True)
    benefit_year = models.SmallIntegerField()
    posted_no = models.IntegerField()
    care = models.CharField(max_length=30)
    level = models.CharField(max_length=20, blank=True)
    admitted_on = models.DateField()
    discharged_on = models.DateField()
    settled_on = models.DateField()
    posted_on = models.DateField()
    admission = models.SmallIntegerField(null=True)
    main_diagnosis = models.CharField(max_length=20, blank=True)
    categories = ArrayField(models.CharField(max_length=60), default=list)
    total_fen = models.BigIntegerField()
    in_scope_fen = models.BigIntegerField()
    first_pay_fen = models.BigIntegerField()
    over_limit_fen = models.BigIntegerField()
    own_pay_fen = models.BigIntegerField()
    shares = models.JSONField(default=dict)
    funds = models.JSONField(default=list)
    paid_fen = models.BigIntegerField()
    hospital_fen = models.BigIntegerField()
    patient_fen = models.BigIntegerField()
    patient_in_scope_fen = models.BigIntegerField()
    moved = models.JSONField(default=list)
    reserved = models.JSONField(default=list, db_default=[])
    policy = models.CharField(max_length=120)
    policy_hash = models.CharField(max_length=64)
    decision_sha256 = models.CharField(max_length=64)
    cause = models.CharField(max_length=20)
    cause_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    reversal_serial = models.CharField(max_length=60, blank=True, db_default="")
    case_id = models.BigIntegerField(null=True)
    entry_id = models.BigIntegerField(null=True)
    settled_by = models.BigIntegerField()
    settled_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_id", "benefit_year", "posted_no"], name="settlement_person_order"),
            models.Index(
                fields=["household_id"],
                name="settlement_household_order",
                condition=Q(household_id__isnull=False),
            ),
            models.Index(
                fields=["region", "settled_on", "id"],
                name="settlement_region_day",
                condition=Q(superseded_at__isnull=True),
            ),
            models.Index(
                fields=["facility_id", "settled_on", "id"],
                name="settlement_facility_day",
                condition=Q(superseded_at__isnull=True),
            ),
            models.Index(
                fields=["registration_id"],
                name="settlement_of_registration",
                condition=Q(registration_id__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["serial", "facility_id"], condition=Q(version=1), name="settlement_once"
            ),
            models.UniqueConstraint(fields=["root_id", "version"], name="settlement_version_once"),
            models.UniqueConstraint(
                fields=["root_id"], condition=Q(kind="reversed"), name="settlement_reversed_once"
            ),
            models.UniqueConstraint(
                fields=["facility_id", "reversal_serial"],
                condition=~Q(reversal_serial=""),
                name="settlement_reversal_serial_once",
            ),
            models.UniqueConstraint(
                fields=["root_id"], condition=Q(superseded_at__isnull=True), name="settlement_one_current"
            ),
            models.UniqueConstraint(
                fields=["person_id", "benefit_year", "posted_no"],
                condition=Q(version=1),
                name="settlement_place_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="settlement_kind_known"),
            models.CheckConstraint(
                condition=Q(
                    total_fen=F("in_scope_fen") + F("first_pay_fen") + F("over_limit_fen") + F("own_pay_fen")
                ),
                name="settlement_parts_are_the_bill",
            ),
            models.CheckConstraint(
                condition=Q(total_fen=F("paid_fen") + F("hospital_fen") + F("patient_fen")),
                name="settlement_shares_are_the_bill",
            ),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, patient_fen__gte=0), name="settlement_shares_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(version=1, replaces_id__isnull=True, root_id=F("id"))
                | Q(version__gt=1, replaces_id__isnull=False),
                name="settlement_versions_follow",
            ),
        ]


class Record(models.Model):
    """What a version of a decision rests on, frozen: facts, policy, engine, answer and hash, as canonical JSON, packed.

    `head` is what the slip shows of the person, sealed; None for histories that were loaded.
    """

    settlement = models.OneToOneField(
        Settlement, on_delete=models.PROTECT, primary_key=True, db_constraint=True, related_name="record"
    )
    person_id = models.BigIntegerField()
    facility_id = models.IntegerField()
    region = models.IntegerField()
    packed = models.BinaryField()
    head = models.BinaryField(null=True)


class Subject(models.Model):
    """The mutex of a person or household: one row, locked before their bills are counted.

    `bills` is how many versions were ever posted for them: who sees fewer does not see all, and may not replay.
    """

    scope = models.CharField(max_length=9)
    subject_id = models.BigIntegerField()
    region = models.IntegerField()
    bills = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "subject_id"], name="settlement_subject_once"),
            models.CheckConstraint(condition=Q(scope__in=SCOPES), name="settlement_subject_scope"),
        ]


class Accumulator(models.Model):
    """What a person or household has used of a named sum in a period through bills settled here, in fen."""

    scope = models.CharField(max_length=9)
    subject_id = models.BigIntegerField()
    region = models.IntegerField()
    name = models.CharField(max_length=80)
    period = models.CharField(max_length=120)
    used_fen = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scope", "subject_id", "name", "period"], name="settlement_accumulator_once"
            ),
            models.CheckConstraint(condition=Q(used_fen__gte=0), name="settlement_accumulator_not_negative"),
        ]


class Hold(models.Model):
    """额度占用: an amount of a limit reserved for one facility, person and stay, until a day."""

    facility_id = models.IntegerField()
    serial = models.CharField(max_length=60)
    person_id = models.BigIntegerField()
    region = models.IntegerField()
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="holds")
    scope = models.CharField(max_length=9)
    subject_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    period = models.CharField(max_length=120)
    held_fen = models.BigIntegerField()
    posted_fen = models.BigIntegerField(default=0)
    expires_on = models.DateField()
    state = models.CharField(max_length=8, default="held")
    settlement_id = models.BigIntegerField(null=True)
    held_by = models.BigIntegerField()
    held_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["scope", "subject_id"], name="settlement_hold_open", condition=Q(state="held")
            ),
            models.Index(fields=["state", "expires_on"], name="settlement_hold_expiry"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["facility_id", "serial"], name="settlement_hold_once"),
            models.CheckConstraint(
                condition=Q(state__in=("held", "posted", "released", "expired")), name="settlement_hold_state"
            ),
            models.CheckConstraint(condition=Q(held_fen__gt=0), name="settlement_hold_positive"),
            models.CheckConstraint(
                condition=Q(posted_fen__gte=0, posted_fen__lte=F("held_fen")),
                name="settlement_hold_posted_within",
            ),
        ]


class ParkedReversal(models.Model):
    """A reversal that came before its original. It waits under the original's serial, and is applied after it.

    `region`: where the facility stands; its county sees what waits.
    """

    facility_id = models.IntegerField()
    region = models.IntegerField()
    serial = models.CharField(max_length=60)
    reversal_serial = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    parked_by = models.BigIntegerField()
    parked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=9, default="parked")
    settlement_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["facility_id", "serial"], condition=Q(state="parked"), name="settlement_parked_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("parked", "applied", "withdrawn")), name="settlement_parked_state"
            ),
        ]


class Staleness(models.Model):
    """What a look found that settling a person's bills again would change; `bills` 0: nothing. Posted by nobody yet."""

    person_id = models.BigIntegerField(unique=True)
    region = models.IntegerField()
    looked_at = models.DateTimeField()
    bills = models.IntegerField()
    refused = models.IntegerField()
    paid_delta_fen = models.BigIntegerField()
    patient_delta_fen = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region", "id"], name="settlement_stale_region", condition=Q(bills__gt=0)),
        ]


from doudi.server.settlement.models_debts import (  # noqa: E402
    Agreement,  # noqa: F401
    Debt,  # noqa: F401
    DebtAsk,  # noqa: F401
    DebtCase,  # noqa: F401
    DebtMove,  # noqa: F401
    Instalment,  # noqa: F401
)
from doudi.server.settlement.models_totals import ChangedDay, PeriodTotal  # noqa: E402, F401 - Django looks here
