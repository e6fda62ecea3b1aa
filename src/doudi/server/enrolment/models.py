"""The table of enrolments. Nothing is changed in place or deleted: a change retires a row and adds another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Enrolment(models.Model):
    """One version of "this person is enrolled in this scheme for this year".

    `region` follows the person; `insured_region` (region key of the county whose scheme it is) stays where it was: the
    policy of the place of insurance applies. Sums are fen: `premium_fen` is the whole personal premium, `subsidy_fen`
    the part of it that `subsidy_source` pays.
    """

    person_id = models.BigIntegerField()
    region = models.IntegerField()
    insured_region = models.IntegerField()
    scheme = models.CharField(max_length=40)
    basic = models.BooleanField()
    tier = models.CharField(max_length=40, blank=True)
    year = models.SmallIntegerField()
    from_date = models.DateField()
    until_date = models.DateField()
    status = models.CharField(max_length=10)
    premium_fen = models.BigIntegerField(default=0)
    subsidy_fen = models.BigIntegerField(default=0)
    subsidy_source = models.CharField(max_length=60, blank=True)
    subsidy_category = models.CharField(max_length=60, blank=True)
    paid_on = models.DateField(null=True)
    evidence = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="valid")
    known_since = models.DateField()
    known_until = models.DateField(null=True)
    replaces = models.BigIntegerField(null=True)
    changed_reason = models.CharField(max_length=200, blank=True)
    entered_by = models.BigIntegerField()
    entered_at = models.DateTimeField()
    import_number = models.BigIntegerField(null=True)
    retired_by = models.BigIntegerField(null=True)
    retired_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="enrolment_person"),
            models.Index(
                fields=["year", "region", "status", "scheme", "person_id"],
                include=["premium_fen", "subsidy_fen"],
                name="enrolment_year_region",
                condition=Q(state="valid"),
            ),
            models.Index(
                fields=["year", "status", "region", "person_id"],
                name="enrolment_not_insured",
                condition=Q(state="valid") & ~Q(status="insured"),
            ),
            models.Index(
                fields=["import_number"],
                name="enrolment_import",
                condition=Q(import_number__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "scheme", "year"],
                condition=Q(state="valid") & ~Q(status="refunded"),
                name="enrolment_once_a_year",
            ),
            models.CheckConstraint(condition=Q(until_date__gt=F("from_date")), name="enrolment_period"),
            models.CheckConstraint(
                condition=Q(premium_fen__gte=0, subsidy_fen__gte=0, subsidy_fen__lte=F("premium_fen")),
                name="enrolment_money",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["insured", "unpaid", "lapsed", "refunded"]), name="enrolment_status"
            ),
            models.CheckConstraint(
                condition=Q(state="valid", known_until__isnull=True)
                | Q(state__in=["replaced", "void"], known_until__isnull=False),
                name="enrolment_state",
            ),
        ]
