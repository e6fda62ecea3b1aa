"""The rows of the audit trail and of its seals. Append-only by triggers and rights; no personal data but the opaque
person number.

Beside what stands here the event has a column `txid` (`xid8`, the transaction that wrote it), filled by the database
and read by the sealer: see `migrations/0002_protect.py`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F


class AuditEvent(models.Model):
    """One act or one sensitive read. `region` is the region key of what it concerned (0 where none)."""

    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    login = models.CharField(max_length=60)
    session = models.CharField(max_length=16)
    event = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10)
    region = models.IntegerField()
    county = models.GeneratedField(
        expression=F("region") / 1000, output_field=models.IntegerField(), db_persist=True
    )
    facility_id = models.IntegerField()
    person_id = models.BigIntegerField(null=True)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200)
    detail = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["county", "-id"], name="audit_event_county"),
            models.Index(fields=["person_id", "-id"], name="audit_event_person"),
            models.Index(fields=["user_id", "-id"], name="audit_event_user"),
            models.Index(fields=["event", "-id"], name="audit_event_name"),
            models.Index(fields=["at"], name="audit_event_at"),
            models.Index(
                fields=["-id"],
                name="audit_event_denied",
                condition=models.Q(outcome__in=["denied", "refused"]),
            ),
        ]


class Seal(models.Model):
    """One batch of sealing: which transactions it covers, where each chain it touched stands, and its own chain.

    `heads` is a list of [county, position, hash in hex]. `number` is dense from 1.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    day = models.DateField()
    from_txid = models.BigIntegerField()
    until_txid = models.BigIntegerField()
    events = models.BigIntegerField()
    heads = models.JSONField()
    hash = models.BinaryField(max_length=32)


class Link(models.Model):
    """One sealed event's place in the chain of its county (`region` is the county's key) and day."""

    event = models.BigIntegerField(primary_key=True)
    region = models.IntegerField()
    day = models.DateField()
    position = models.BigIntegerField()
    seal = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "region", "position"], name="audit_link_dense"),
        ]
        indexes = [models.Index(fields=["seal"], name="audit_link_seal")]


class DayHead(models.Model):
    """The head of heads of one ended day, chained to the day before."""

    day = models.DateField(primary_key=True)
    chains = models.IntegerField()
    events = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
