"""The table of filings. Nothing is changed in place or deleted: a change retires a row and adds another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Filing(models.Model):
    """One filing (备案), or a hospital's statement of an emergency, for one person and a period.

    `facility_id` is the facility that filed or where it happened (null: the county office); `target_facility_id` or
    `target_level` where the person may go. `subject` says what of a kind exists only once on a day (the disease, the
    target, the facility): an exclusion constraint holds it, in migration 0002.
    """

    person_id = models.BigIntegerField()
    region = models.IntegerField()
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=80)
    facility_id = models.IntegerField(null=True)
    target_facility_id = models.IntegerField(null=True)
    target_level = models.CharField(max_length=20, blank=True)
    disease_code = models.CharField(max_length=30, blank=True)
    third_party_bp = models.IntegerField(null=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    paper_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="valid")
    known_since = models.DateField()
    known_until = models.DateField(null=True)
    replaces = models.BigIntegerField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    entered_by = models.BigIntegerField()
    entered_at = models.DateTimeField()
    import_number = models.BigIntegerField(null=True)
    retired_by = models.BigIntegerField(null=True)
    retired_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="filing_person"),
            models.Index(
                fields=["kind", "region", "id"], name="filing_kind_region", condition=Q(state="valid")
            ),
            models.Index(fields=["facility_id", "id"], name="filing_facility", condition=Q(state="valid")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date")), name="filing_period"
            ),
            models.CheckConstraint(
                condition=Q(third_party_bp__isnull=True)
                | Q(third_party_bp__gte=0, third_party_bp__lte=10_000),
                name="filing_third_party",
            ),
            models.CheckConstraint(
                condition=Q(state="valid", known_until__isnull=True)
                | Q(state__in=["replaced", "withdrawn"], known_until__isnull=False),
                name="filing_state",
            ),
        ]
