"""Which policy a county has put in force, what it has confirmed of it, and what a year had used before Doudi counted."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class PolicyInForce(models.Model):
    """A policy of the library holds in a region from a day on. `policy_hash`: the content that was put in force."""

    region = models.IntegerField()
    policy = models.CharField(max_length=120)
    policy_hash = models.CharField(max_length=64)
    schemes = ArrayField(models.CharField(max_length=40), default=list)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    put_by = models.BigIntegerField()
    put_at = models.DateTimeField()
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region", "from_date"], name="entitlement_in_force_region")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="entitlement_in_force_span",
            ),
        ]


class AssumptionCheck(models.Model):
    """A county officer looked at one assumed number of a policy in force: it is so here or it is not. The last counts."""

    in_force = models.ForeignKey(PolicyInForce, on_delete=models.PROTECT, related_name="checks")
    region = models.IntegerField()
    path = models.CharField(max_length=200)
    is_so = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.BigIntegerField()
    checked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["in_force", "path"], name="entitlement_check_path")]


class OpeningBalance(models.Model):
    """What a person (or, through them, their household) had used of a period before Doudi settled bills.

    `period` is the accumulator's key: `2026`, `2026-08`, `2026Q3`, `ever`. `import_number`: the import that brought it.
    """

    person_id = models.BigIntegerField()
    region = models.IntegerField()
    household_id = models.BigIntegerField(null=True)
    period = models.CharField(max_length=24)
    accumulator = models.CharField(max_length=80)
    used_fen = models.BigIntegerField()
    source = models.CharField(max_length=120)
    import_number = models.BigIntegerField(null=True)
    set_by = models.BigIntegerField()
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "period", "accumulator"],
                condition=Q(household_id__isnull=True),
                name="entitlement_opening_once",
            ),
            models.UniqueConstraint(
                fields=["household_id", "period", "accumulator"],
                condition=Q(household_id__isnull=False),
                name="entitlement_opening_household_once",
            ),
            models.CheckConstraint(condition=Q(used_fen__gte=0), name="entitlement_opening_not_negative"),
        ]
