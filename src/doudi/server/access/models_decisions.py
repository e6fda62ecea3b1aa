"""What a second person must look at: proposals (four eyes) and broken glass."""

from __future__ import annotations

from django.db import models

DECIDED = ("approved", "refused")


class Proposal(models.Model):
    """An operation one person proposes and another approves. The content is sealed; its SM3 is what both have seen."""

    operation = models.CharField(max_length=80)
    region = models.IntegerField()
    content_sealed = models.BinaryField()
    content_sm3 = models.CharField(max_length=64)
    amount_fen = models.BigIntegerField(null=True)
    summary = models.CharField(max_length=200)
    proposed_by = models.BigIntegerField()
    proposer_login = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="proposed")
    decided_by = models.BigIntegerField(null=True)
    decider_login = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "state"], name="access_proposal_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | ~models.Q(state__in=DECIDED),
                name="access_proposal_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                | models.Q(state="withdrawn", decided_at__isnull=False)
                | models.Q(state="expired", decided_at__isnull=False)
                | models.Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True),
                name="access_proposal_states",
            ),
        ]


class Glass(models.Model):
    """One breaking of the glass: who, why, until when it must be reviewed, and what the reviewer found."""

    opening_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region = models.IntegerField()
    from_region = models.IntegerField()
    """The region key the user's own post begins with: their supervisors are told too."""
    user_id = models.BigIntegerField()
    login = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    ticket = models.CharField(max_length=60)
    broken_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    reviewed_by = models.BigIntegerField(null=True)
    reviewer_login = models.CharField(max_length=60, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "review_due_at"], name="access_glass_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("user_id")),
                name="access_glass_not_by_oneself",
            )
        ]
