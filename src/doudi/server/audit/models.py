"""The rows of the audit trail. Append-only by triggers and rights; no personal data but the opaque person number."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """One act or one sensitive read. `region` is the region key of what it concerned (0 where none)."""

    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    login = models.CharField(max_length=60)
    session = models.CharField(max_length=16)
    event = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10)
    region = models.IntegerField()
    facility_id = models.IntegerField()
    person_id = models.BigIntegerField(null=True)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200)
    detail = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["region", "-id"], name="audit_event_region"),
            models.Index(fields=["person_id", "-id"], name="audit_event_person"),
            models.Index(fields=["user_id", "-id"], name="audit_event_user"),
        ]
