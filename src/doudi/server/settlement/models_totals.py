"""Sums of settlements by day and month, so that oversight reads a year of three million bills in a moment.

They are derived from the current versions alone and hold no person. A day that a version was written for is *changed*
until the sums are made anew: whoever reads takes changed days from the rows themselves, and so never sees an old figure.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

GRAINS = ("day", "day_light", "month", "month_light", "disease", "disease_light")


class PeriodTotal(models.Model):
    """The sums of the settlements of one day or month that share where, who and how. Money in fen.

    `grain`: `day` and `month` without disease, `disease` a month with it (the first three characters of ICD-10); the
    `light` ones by region and care alone, for what is not narrowed further (`disease_light` by county, care and disease).
    A month is the sum of its days, always.
    `categories`: the whole set of a person, so that nobody is counted twice. `others`: payers without a column of their
    own → fen. `*_square`, `own_by_total`: sums of products in whole yuan², for the confidence of a share; inpatient
    bills alone.
    """

    grain = models.CharField(max_length=13)
    begins_on = models.DateField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    care = models.CharField(max_length=30)
    level = models.CharField(max_length=20, blank=True)
    categories = ArrayField(models.CharField(max_length=60), default=list)
    disease = models.CharField(max_length=3, blank=True)
    bills = models.IntegerField()
    reversed = models.IntegerField()
    readjudicated = models.IntegerField()
    total_fen = models.BigIntegerField()
    in_scope_fen = models.BigIntegerField()
    hospital_fen = models.BigIntegerField()
    patient_fen = models.BigIntegerField()
    patient_in_scope_fen = models.BigIntegerField()
    basic_fen = models.BigIntegerField()
    catastrophic_fen = models.BigIntegerField()
    supplement_fen = models.BigIntegerField()
    inclined_aid_fen = models.BigIntegerField()
    assistance_fen = models.BigIntegerField()
    last_resort_fen = models.BigIntegerField()
    others = models.JSONField(null=True)
    own_square = models.BigIntegerField()
    total_square = models.BigIntegerField()
    own_by_total = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["grain", "begins_on", "region"], name="settlement_total_period"),
            models.Index(
                fields=["begins_on", "disease", "region"],
                name="settlement_total_disease",
                condition=Q(grain="disease"),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(grain__in=GRAINS), name="settlement_total_grain"),
        ]


class ChangedDay(models.Model):
    """A mark: a version was written for a bill of this day and region. Several of one day are one change."""

    region = models.IntegerField()
    changed_on = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["changed_on", "region"], name="settlement_changed_day")]
