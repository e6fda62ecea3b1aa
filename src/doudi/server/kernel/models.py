"""Answers already given, by key: the same request again gets the same answer, for ever (P2, P3)."""

from __future__ import annotations

from django.db import models

from doudi.server.kernel.jobs.models import Job, Worker
from doudi.server.kernel.papers.models import StoredPaper

__all__ = ["GivenAnswer", "Job", "StoredPaper", "Worker"]


class GivenAnswer(models.Model):
    """One answered request. Inserted before the work, filled after it, in the transaction of the work."""

    user_id = models.BigIntegerField()
    operation = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    request_sm3 = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "operation", "key"], name="kernel_answer_once"),
        ]
