"""The rows of background work: one a job, one a worker process.

A job is claimed for a *lease*: `attempt` counts the claims and is the fencing token: whoever writes names the attempt it
was given, and a worker whose job was taken over writes nothing any more. Payload and result hold numbers of rows and
counts, never personal data.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Job(models.Model):
    """One piece of work: waiting, running, then done, failed or cancelled."""

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=120, null=True)  # null is "no key": unique ignores it
    user_id = models.BigIntegerField()
    region = models.IntegerField(default=0)
    actor = models.JSONField()
    payload = models.JSONField()
    state = models.CharField(max_length=10, default="waiting")
    attempt = models.IntegerField(default=0)
    attempt_limit = models.IntegerField()
    enqueued_at = models.DateTimeField()
    run_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(default=0)
    progress_zh = models.CharField(max_length=200, blank=True, default="")
    progress_en = models.CharField(max_length=200, blank=True, default="")
    result = models.JSONField(null=True)
    result_paper = models.BigIntegerField(null=True)
    error_code = models.CharField(max_length=80, blank=True, default="")
    error_zh = models.CharField(max_length=400, blank=True, default="")
    error_en = models.CharField(max_length=400, blank=True, default="")
    error_reference = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "user_id", "key"], name="kernel_job_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
                name="kernel_job_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(lease_until__isnull=False),
                name="kernel_job_running_is_leased",
            ),
        ]
        indexes = [
            # Live jobs only. The lease is not in it, so that a heartbeat does not touch the index.
            models.Index(
                fields=["run_at", "id"],
                name="kernel_job_live",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["user_id", "-id"], name="kernel_job_user"),
            models.Index(fields=["region", "-id"], name="kernel_job_region"),
        ]


class Worker(models.Model):
    """One worker process and when its heart last beat."""

    name = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
