"""Users, what they are granted, their sessions and tokens, and which persons a facility or a user has opened.

Accounts are never shared and never deleted, only closed. A *grant* is a role at one place while it is valid; who is
signed in acts in one of their grants, their *post* (岗位). No table here has personal data of insured persons but their
opaque number; a proposal's content, which may have, is sealed (`Proposal` is in `models_decisions`).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now

from doudi.server.access.models_decisions import Glass, Proposal


class User(AbstractBaseUser):
    """A person who works with Doudi, or a machine that has tokens and no password."""

    login = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    phone_sealed = models.BinaryField(null=True)
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=2, default="zh")
    created_at = models.DateTimeField(db_default=Now())

    password_changed_at = models.DateTimeField(null=True)
    activation_hash = models.CharField(max_length=128, blank=True)
    activation_until_at = models.DateTimeField(null=True)

    totp_sealed = models.BinaryField(null=True)
    totp_pending_sealed = models.BinaryField(null=True)
    totp_step = models.BigIntegerField(default=0)
    """The time step of the last accepted code: a code is good once."""

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects = BaseUserManager["User"]()


class OldPassword(models.Model):
    """The hash of a password a user has had: for "not one of the last five"."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField()


class Grant(models.Model):
    """A role at one place while it is valid.

    `region_code` (12 digits; 0 is the whole country) is the region the role reaches, or, for a facility's role, where
    the facility lies.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    region_code = models.BigIntegerField()
    facility_id = models.IntegerField(null=True)
    place_name = models.CharField(max_length=100, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    granted_by = models.BigIntegerField()
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "from_date"], name="access_grant_user")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="window", facility_id__isnull=False)
                | (~models.Q(role="window") & models.Q(facility_id__isnull=True)),
                name="access_grant_window_at_facility",
            ),
            models.CheckConstraint(
                condition=~models.Q(granted_by=models.F("user")), name="access_grant_not_by_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(until_date__isnull=True) | models.Q(until_date__gte=models.F("from_date")),
                name="access_grant_ends_after_it_begins",
            ),
        ]


class Session(models.Model):
    """One sign-in: asked at each request, so that whatever ends it ends it at once. The cookie is Django's."""

    reference = models.CharField(max_length=16, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=45, blank=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["user"], condition=models.Q(ended_at__isnull=True), name="access_session_open"
            )
        ]


class Token(models.Model):
    """What a machine shows instead of a password: one post, an end, and only the SM3 of the secret kept."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    secret_sm3 = models.CharField(max_length=64, unique=True)
    issued_by = models.BigIntegerField()
    issued_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    last_used_at = models.DateTimeField(null=True)


class Attempt(models.Model):
    """Failed sign-ins of one account name or one address, known or not; only the SM3 of either is kept."""

    subject_sm3 = models.CharField(max_length=64, unique=True)
    failures = models.IntegerField(default=0)
    window_at = models.DateTimeField()
    locked_until_at = models.DateTimeField(null=True)


class Opening(models.Model):
    """A person opened outside the region scope: by a facility (exact number, card), or by a user who broke the glass."""

    person_id = models.BigIntegerField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["facility_id", "until_at"], name="access_opening_facility"),
            models.Index(fields=["user_id", "until_at"], name="access_opening_user"),
            models.Index(fields=["person_id"], name="access_opening_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="break_glass", facility_id=0)
                | (~models.Q(kind="break_glass") & models.Q(facility_id__gt=0)),
                name="access_opening_by_facility_or_glass",
            )
        ]


class Spent(models.Model):
    """How much of a budget a user has used in one window of time."""

    user_id = models.BigIntegerField()
    budget = models.CharField(max_length=60)
    seconds = models.IntegerField()
    window_at = models.DateTimeField()
    used = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "budget", "seconds", "window_at"], name="access_spent_once"
            )
        ]


__all__ = [
    "Attempt",
    "Glass",
    "Grant",
    "OldPassword",
    "Opening",
    "Proposal",
    "Session",
    "Spent",
    "Token",
    "User",
]
