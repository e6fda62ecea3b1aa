"""The table of recognitions. Nothing is changed in place or deleted: a change retires a row and adds another."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Recognition(models.Model):
    """One version of "this person has this category from … until …".

    `known_since`/`known_until` say when this version was what Doudi believed; `state` says why it no longer is. Two valid
    rows of one person and category never share a day (an exclusion constraint, in migration 0002).
    """

    person_id = models.BigIntegerField()
    region = models.IntegerField()
    category = models.CharField(max_length=60)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    state = models.CharField(max_length=10, default="valid")
    known_since = models.DateField()
    known_until = models.DateField(null=True)
    replaces = models.BigIntegerField(null=True)
    household_id = models.BigIntegerField(null=True)
    source_department = models.CharField(max_length=80)
    evidence = models.CharField(max_length=200, blank=True)
    paper_id = models.BigIntegerField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    entered_by = models.BigIntegerField()
    entered_at = models.DateTimeField()
    import_number = models.BigIntegerField(null=True)
    retired_by = models.BigIntegerField(null=True)
    retired_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="recognition_person"),
            models.Index(
                fields=["category", "region", "id"],
                name="recognition_category_region",
                condition=Q(state="valid"),
            ),
            models.Index(fields=["region", "id"], name="recognition_region", condition=Q(state="valid")),
            models.Index(
                fields=["until_date"],
                name="recognition_until",
                condition=Q(state="valid", until_date__isnull=False),
            ),
            models.Index(
                fields=["import_number"],
                name="recognition_import",
                condition=Q(import_number__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gt=models.F("from_date")),
                name="recognition_period",
            ),
            models.CheckConstraint(
                condition=Q(state="valid", known_until__isnull=True)
                | Q(state__in=["replaced", "void"], known_until__isnull=False),
                name="recognition_state",
            ),
        ]
